//! `/public/feed.atom`: verdicts and corrections as they were published, and what is new in the figures of
//! incidents, newest first. `?language=uk` says it in another language of the interface; what people wrote
//! stays as they wrote it.

use super::Server;
use super::problem::Trouble;
use app::{language, paths};
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person, Text};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SubsecRound as _, Utc};
use desk::{FeedEntry, LedgerEntry, NewsEntry};
use domain::identity::Identity;
use domain::language::Language;
use domain::ledger_news::LedgerStep;
use domain::phrase::{Phrase, Speaker};
use domain::publication::PublicationKind;
use domain::words::well_formed;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};
use phrase::phrase;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How many entries readers get: a busy day of the largest desk.
const ENTRIES: i64 = 100;
/// How long anybody may keep what is for everybody, before asking again.
pub const KEPT: &str = "public, max-age=60";

#[derive(Deserialize)]
pub struct Asked {
    /// English where it is not said: who subscribes asks without a reader's cookies.
    language: Option<Language>,
}

pub async fn atom(
    State(server): State<Server>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let Ok(Query(asked)) = asked else {
        return Err(Trouble::invalid("language", "Choose one of the languages."));
    };
    let language = asked.language.unwrap_or(Language::English);
    let entries = server.desk.newest_news(ENTRIES).await?;
    let policy = server.desk.policy().await?;
    let newest = entries.first().map(NewsEntry::at);
    let written = feed(&entries, server.settings.own_address(), &policy.body.identity, language);
    let written = well_formed(written.to_string());
    let tag = tag_of(&written);
    let modified = newest.map(http_date).unwrap_or_default();
    let known = [
        (CONTENT_TYPE, "application/atom+xml; charset=utf-8".to_owned()),
        (CACHE_CONTROL, KEPT.to_owned()),
        (ETAG, tag.clone()),
    ];
    let is_known = has_newest(&headers, &tag, newest);
    let mut response = if is_known {
        (StatusCode::NOT_MODIFIED, known).into_response()
    } else {
        (known, written).into_response()
    };
    if let Ok(modified) = modified.parse() {
        response.headers_mut().insert(LAST_MODIFIED, modified);
    }
    Ok(response)
}

/// The entity tag of what was written: its hash.
pub fn tag_of(written: impl AsRef<[u8]>) -> String {
    let hash: String = Sha256::digest(written).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}\"")
}

/// IMF-fixdate, RFC 9110 section 5.6.7.
fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whether the client has what there is: its tag decides, and its date only where it sent no tag
/// (RFC 9110, section 13.2.2).
pub fn has_newest(headers: &HeaderMap, tag: &str, newest: Option<DateTime<Utc>>) -> bool {
    if let Some(tags) = headers.get(IF_NONE_MATCH) {
        let opaque = |one: &str| one.trim().trim_start_matches("W/").to_owned();
        return tags
            .to_str()
            .is_ok_and(|tags| tags.split(',').any(|one| one.trim() == "*" || opaque(one) == tag));
    }
    let since = headers.get(IF_MODIFIED_SINCE).and_then(|since| since.to_str().ok());
    let since = since.and_then(|since| DateTime::parse_from_rfc2822(since).ok());
    matches!((since, newest), (Some(since), Some(newest)) if newest.trunc_subsecs(0) <= since)
}

fn feed(entries: &[NewsEntry], own: &str, desk: &Identity, language: Language) -> Feed {
    let say = language::speaker(language);
    let this = format!("{own}{}", paths::feed(language));
    let updated = entries.first().map_or(DateTime::UNIX_EPOCH, NewsEntry::at);
    let mut feed = Feed::default();
    feed.set_lang(language.word().to_owned());
    feed.set_title(Text::plain(phrase!("{}: verdicts, corrections and figures", desk.known_as()).say(say)));
    feed.set_id(this.clone());
    feed.set_updated(fixed(updated));
    feed.set_authors(vec![person(desk, own)]);
    let mut links = vec![
        link("self", this, "application/atom+xml"),
        link("alternate", format!("{own}{}", paths::PUBLIC), "text/html"),
        link("related", format!("{own}{}", paths::ABOUT), "text/html"),
    ];
    // The same news in the other languages.
    links.extend(Language::ALL.iter().filter(|other| **other != language).map(|other| {
        let mut link = link("alternate", format!("{own}{}", paths::feed(*other)), "application/atom+xml");
        link.set_hreflang(other.word().to_owned());
        link
    }));
    feed.set_links(links);
    feed.set_entries(entries.iter().map(|one| entry(one, own, say)).collect::<Vec<_>>());
    feed
}

fn entry(of: &NewsEntry, own: &str, say: &dyn Speaker) -> Entry {
    match of {
        NewsEntry::Claim(claim) => of_claim(claim, own, say),
        NewsEntry::Ledger(ledger) => of_ledger(ledger, own, say),
    }
}

fn of_claim(of: &FeedEntry, own: &str, say: &dyn Speaker) -> Entry {
    let publication = &of.publication;
    let body = &of.body;
    // It is read alone, away from its article.
    let claim = body.statement.as_ref().unwrap_or(&body.claim);
    let rating = Phrase::stored(body.rating.name.clone());
    let title = match publication.kind {
        PublicationKind::Published => phrase!("{rating}: {claim}"),
        PublicationKind::Corrected => phrase!("Correction, {rating}: {claim}"),
        PublicationKind::Withdrawn => phrase!("Withdrawn: {claim}"),
        PublicationKind::Reinstated => phrase!("Published again, {rating}: {claim}"),
    };
    let mut told: Vec<Phrase> = publication.note.clone().map(Phrase::verbatim).into_iter().collect();
    if publication.body.is_some() {
        told.push(phrase!("{rating}. {}", body.rationale));
        told.extend(body.figure.as_ref().map(|figure| phrase!("The evidence supports: {figure}.")));
        told.extend(body.media.iter().map(|one| one.phrase()));
    }
    let kind = (publication.kind.word(), publication.kind.label());
    let page = format!("{own}{}", paths::public_claim(&of.slug));
    written(publication.id.0, &title, publication.at, page, kind, &told, say)
}

fn of_ledger(of: &LedgerEntry, own: &str, say: &dyn Speaker) -> Entry {
    let (publication, incident) = (&of.publication, &of.title);
    let title = match publication.step {
        LedgerStep::Published => phrase!("Figures by source: {incident}"),
        LedgerStep::Changed => phrase!("Figures changed: {incident}"),
        LedgerStep::Withdrawn => phrase!("Figures withdrawn: {incident}"),
        LedgerStep::Reinstated => phrase!("Figures published again: {incident}"),
    };
    let mut told: Vec<Phrase> = publication.note.clone().map(Phrase::verbatim).into_iter().collect();
    told.extend(publication.news.iter().map(|one| one.phrase()));
    // What changed says it all; where figures come to be public, this is what they say.
    if matches!(publication.step, LedgerStep::Published | LedgerStep::Reinstated) {
        let held = publication.told.iter().flat_map(|told| &told.figures);
        let held = held.filter_map(|held| {
            let of = held.of.clone().unwrap_or_default();
            Some((held.indicator.label(), of.counting(held.holds?.phrase())))
        });
        told.extend(held.map(|(of, figure)| {
            let of = Phrase::label(of);
            phrase!("{of}: the desk holds {figure}.")
        }));
    }
    let kind = (publication.step.word(), publication.step.label());
    let page = format!("{own}{}", paths::public_incident(&of.slug));
    written(publication.id.0, &title, publication.at, page, kind, &told, say)
}

fn written(
    id: Uuid,
    title: &Phrase,
    at: DateTime<Utc>,
    page: String,
    (term, label): (&str, &'static str),
    told: &[Phrase],
    say: &dyn Speaker,
) -> Entry {
    let mut entry = Entry::default();
    entry.set_id(format!("urn:uuid:{id}"));
    entry.set_title(Text::plain(title.say(say)));
    entry.set_published(Some(fixed(at)));
    entry.set_updated(fixed(at));
    entry.set_links(vec![link("alternate", page, "text/html")]);
    entry.set_categories(vec![Category {
        term: term.to_owned(),
        label: Some(Phrase::label(label).say(say)),
        ..Category::default()
    }]);
    let mut content = Content::default();
    content.set_content_type("text".to_owned());
    let told: Vec<String> = told.iter().map(|one| one.say(say)).collect();
    content.set_value(told.join("\n\n"));
    entry.set_content(content);
    entry
}

/// Whoever publishes, as far as the desk has said it.
fn person(desk: &Identity, own: &str) -> Person {
    let mut person = Person::default();
    person.set_name(desk.known_as());
    person.set_uri(desk.address.clone().unwrap_or_else(|| own.to_owned()));
    person.set_email(desk.contact.clone().filter(|contact| !contact.contains("://")));
    person
}

fn link(rel: &str, href: String, kind: &str) -> Link {
    let mut link = Link::default();
    link.set_rel(rel);
    link.set_href(href);
    link.set_mime_type(kind.to_owned());
    link
}

fn fixed(at: DateTime<Utc>) -> FixedDateTime {
    at.fixed_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(name: http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().expect("a header"))])
    }

    #[test]
    fn a_reader_who_has_the_newest_is_told_so() {
        let at = DateTime::UNIX_EPOCH + chrono::TimeDelta::milliseconds(1_500);
        let known = |headers: HeaderMap| has_newest(&headers, "\"a\"", Some(at));
        assert!(known(asking(IF_NONE_MATCH, "\"b\", W/\"a\"")));
        assert!(!known(asking(IF_NONE_MATCH, "\"b\"")));
        assert!(known(asking(IF_MODIFIED_SINCE, "Thu, 01 Jan 1970 00:00:01 GMT")));
        assert!(!known(asking(IF_MODIFIED_SINCE, "Thu, 01 Jan 1970 00:00:00 GMT")));
        assert!(!known(asking(IF_MODIFIED_SINCE, "yesterday")));
        assert_eq!(http_date(at), "Thu, 01 Jan 1970 00:00:01 GMT");
    }
}

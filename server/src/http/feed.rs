//! `/public/feed.atom`: verdicts and corrections as they were published, and what is new in the figures of
//! incidents, newest first.

use super::Server;
use super::problem::Trouble;
use app::paths;
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person, Text};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SubsecRound as _, Utc};
use desk::{FeedEntry, LedgerEntry, NewsEntry};
use domain::identity::Identity;
use domain::ledger_news::LedgerStep;
use domain::publication::PublicationKind;
use domain::words::well_formed;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How many entries readers get: a busy day of the largest desk.
const ENTRIES: i64 = 100;
/// How long anybody may keep what is for everybody, before asking again.
pub const KEPT: &str = "public, max-age=60";

pub async fn atom(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Trouble> {
    let entries = server.desk.newest_news(ENTRIES).await?;
    let policy = server.desk.policy().await?;
    let newest = entries.first().map(NewsEntry::at);
    let written = feed(&entries, server.settings.own_address(), &policy.body.identity);
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

fn feed(entries: &[NewsEntry], own: &str, desk: &Identity) -> Feed {
    let this = format!("{own}{}", paths::FEED);
    let updated = entries.first().map_or(DateTime::UNIX_EPOCH, NewsEntry::at);
    let mut feed = Feed::default();
    feed.set_title(Text::plain(format!("{}: verdicts, corrections and figures", desk.known_as())));
    feed.set_id(this.clone());
    feed.set_updated(fixed(updated));
    feed.set_authors(vec![person(desk, own)]);
    feed.set_links(vec![
        link("self", this, "application/atom+xml"),
        link("alternate", format!("{own}{}", paths::PUBLIC), "text/html"),
        link("related", format!("{own}{}", paths::ABOUT), "text/html"),
    ]);
    feed.set_entries(entries.iter().map(|one| entry(one, own)).collect::<Vec<_>>());
    feed
}

fn entry(of: &NewsEntry, own: &str) -> Entry {
    match of {
        NewsEntry::Claim(claim) => of_claim(claim, own),
        NewsEntry::Ledger(ledger) => of_ledger(ledger, own),
    }
}

fn of_claim(of: &FeedEntry, own: &str) -> Entry {
    let publication = &of.publication;
    let (body, claim) = (&of.body, &of.body.claim);
    let title = match publication.kind {
        PublicationKind::Published => format!("{}: {claim}", body.rating.name),
        PublicationKind::Corrected => format!("Correction, {}: {claim}", body.rating.name),
        PublicationKind::Withdrawn => format!("Withdrawn: {claim}"),
        PublicationKind::Reinstated => format!("Published again, {}: {claim}", body.rating.name),
    };
    let mut told: Vec<String> = publication.note.iter().cloned().collect();
    if publication.body.is_some() {
        told.push(format!("{}. {}", body.rating.name, body.rationale));
        told.extend(body.figure.iter().map(|figure| format!("The evidence supports: {figure}.")));
        told.extend(body.media.iter().map(|one| one.phrase().to_string()));
    }
    let kind = (publication.kind.word(), publication.kind.label());
    let page = format!("{own}{}", paths::public_claim(&of.slug));
    written(publication.id.0, title, publication.at, page, kind, &told)
}

fn of_ledger(of: &LedgerEntry, own: &str) -> Entry {
    let (publication, incident) = (&of.publication, &of.title);
    let title = match publication.step {
        LedgerStep::Published => format!("Figures by source: {incident}"),
        LedgerStep::Changed => format!("Figures changed: {incident}"),
        LedgerStep::Withdrawn => format!("Figures withdrawn: {incident}"),
        LedgerStep::Reinstated => format!("Figures published again: {incident}"),
    };
    let mut told: Vec<String> = publication.note.iter().cloned().collect();
    told.extend(publication.news.iter().map(|one| one.phrase().to_string()));
    // What changed says it all; where figures come to be public, this is what they say.
    if matches!(publication.step, LedgerStep::Published | LedgerStep::Reinstated) {
        let held = publication.told.iter().flat_map(|told| &told.figures);
        let held = held.filter_map(|held| Some((held.indicator.label(), held.holds?.in_words())));
        told.extend(held.map(|(of, figure)| format!("{of}: the desk holds {figure}.")));
    }
    let kind = (publication.step.word(), publication.step.label());
    let page = format!("{own}{}", paths::public_incident(&of.slug));
    written(publication.id.0, title, publication.at, page, kind, &told)
}

fn written(
    id: Uuid,
    title: String,
    at: DateTime<Utc>,
    page: String,
    (term, label): (&str, &str),
    told: &[String],
) -> Entry {
    let mut entry = Entry::default();
    entry.set_id(format!("urn:uuid:{id}"));
    entry.set_title(Text::plain(title));
    entry.set_published(Some(fixed(at)));
    entry.set_updated(fixed(at));
    entry.set_links(vec![link("alternate", page, "text/html")]);
    entry.set_categories(vec![Category {
        term: term.to_owned(),
        label: Some(label.to_owned()),
        ..Category::default()
    }]);
    let mut content = Content::default();
    content.set_content_type("text".to_owned());
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

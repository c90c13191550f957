//! Every address as a function: nobody formats one by hand.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use desk::{
    Came, ClaimFilter, Cursor, DayRange, Due, IncidentFilter, NotificationFilter, PERIODS, Scope, Sort,
};
use domain::id::{AccountId, ArticleId, ClaimId, CommentId, CopyId, IncidentId, SourceId};
use domain::language::Language;
use domain::measure::Indicator;
use domain::track::Outcome;
use domain::workflow::Stage;
use url::form_urlencoded::Serializer;

pub const DESK: &str = "/";
pub const CLAIMS: &str = "/claims";
pub const ASSIGN: &str = "/claims/assign";
pub const ARTICLES: &str = "/articles";
pub const INTAKE: &str = "/intake";
pub const INCIDENTS: &str = "/incidents";
pub const DASHBOARD: &str = "/dashboard";
pub const ACCOUNT: &str = "/account";
pub const SECOND_FACTOR: &str = "/account/second-factor";
pub const ADMIN: &str = "/admin";
pub const ACCOUNTS: &str = "/admin/accounts";
pub const AGREEMENT: &str = "/agreement";
pub const AGREEMENT_CSV: &str = "/agreement.csv";
pub const IDENTITY: &str = "/admin/identity";
pub const POLICY: &str = "/admin/policy";
pub const COPIES: &str = "/admin/copies";
pub const HISTORY: &str = "/admin/history";
pub const HISTORY_HEAD: &str = "/admin/history/head.json";
pub const RECEIVERS: &str = "/admin/receivers";
pub const SCALES: &str = "/admin/scales";
pub const FIND: &str = "/find";
pub const LOGIN: &str = "/login";
pub const MAIL: &str = "/admin/mail";
pub const NOTIFICATIONS: &str = "/notifications";
pub const PUBLIC: &str = "/public";
pub const ABOUT: &str = "/public/about";
pub const FEED: &str = "/public/feed.atom";
/// What a public claim is called for programs, below its address.
pub const CLAIM_REVIEW: &str = "claimreview.json";
pub const LOGIN_CODE: &str = "/login/code";
pub const ELSEWHERE: &str = "/login/elsewhere";
pub const ELSEWHERE_CALLBACK: &str = "/login/elsewhere/callback";

pub fn claim(id: ClaimId) -> String {
    format!("/claims/{id}")
}

/// What readers would see of a claim, and the button that lets them.
pub fn publish(id: ClaimId) -> String {
    format!("/claims/{id}/publish")
}

/// The workbench with a scale to judge by.
pub fn claim_on_scale(id: ClaimId, scale: &str) -> String {
    format!("{}#verdict", with(&claim(id), "scale", scale))
}

/// A scale and its versions.
pub fn scale(key: &str) -> String {
    format!("{SCALES}/{key}")
}

/// One version of a scale.
pub fn scale_version(key: &str, version: i32) -> String {
    format!("{SCALES}/{key}#version-{version}")
}

/// A source: who it is and how reliable.
pub fn source(id: SourceId) -> String {
    format!("/sources/{id}")
}

/// The form that makes a source another name of one, with that one's name in it.
pub fn name_source(id: SourceId, of: &str) -> String {
    with(&format!("{}#names", source(id)), "of", of)
}

/// The workbench with the claim in view.
pub fn claim_in_text(id: ClaimId) -> String {
    format!("/claims/{id}#claim")
}

/// A public claim for programs.
pub fn public_claim_review(slug: &str) -> String {
    format!("{}/{CLAIM_REVIEW}", public_claim(slug))
}

/// A part of the workbench, by the id that it has on the page.
pub fn claim_part(id: ClaimId, part: &str) -> String {
    format!("/claims/{id}#{part}")
}

/// A comment where it stands.
pub fn comment(claim: ClaimId, id: CommentId) -> String {
    format!("/claims/{claim}#comment-{id}")
}

pub fn article(id: ArticleId) -> String {
    format!("/articles/{id}")
}

/// An event in the world, with its ledgers.
pub fn incident(id: IncidentId) -> String {
    format!("{INCIDENTS}/{id}")
}

/// The figures of one indicator of an incident.
pub fn ledger(id: IncidentId, indicator: Indicator) -> String {
    with(&incident(id), "of", indicator.word())
}

/// The same as a drawing or for a spreadsheet: `svg` or `csv`.
pub fn ledger_file(id: IncidentId, indicator: Indicator, format: &str) -> String {
    format!("{INCIDENTS}/{id}/{}.{format}", indicator.word())
}

/// The claims about an incident, as a list.
pub fn claims_about(id: IncidentId) -> String {
    claims(&ClaimFilter { incident: Some(id), ..ClaimFilter::default() }, Sort::Priority, None)
}

/// The incidents with a filter.
pub fn incidents(filter: &IncidentFilter, cursor: Option<Cursor>) -> String {
    let mut query = Serializer::new(String::new());
    if let Some(q) = filter.q.as_deref().filter(|q| !q.is_empty()) {
        query.append_pair("q", q);
    }
    for (name, wanted) in [("contradictory", filter.contradictory), ("open", filter.open)] {
        if wanted {
            query.append_pair(name, "1");
        }
    }
    if let Some(cursor) = cursor {
        query.append_pair("cursor", &cursor.to_string());
    }
    with_query(INCIDENTS, &query.finish())
}

/// Claims of which a person must say whether they belong to an incident.
pub fn proposals() -> String {
    with(INCIDENTS, "show", "proposals")
}

/// What stands of an article, for paper.
pub fn report(id: ArticleId) -> String {
    format!("/articles/{id}/report")
}

/// The form that corrects a claim's verdict.
pub fn correct_verdict(id: ClaimId) -> String {
    format!("/claims/{id}/correct-verdict")
}

/// What depends on the verdict, with what was typed there.
pub fn check_correction(id: ClaimId) -> String {
    format!("/claims/{id}/correct-verdict?step=check")
}

/// The feed in a language.
pub fn feed(language: Language) -> String {
    match language {
        Language::English => FEED.to_owned(),
        other => format!("{FEED}?language={other}"),
    }
}

/// A claim's page for readers.
pub fn public_claim(slug: &str) -> String {
    format!("/public/claims/{slug}")
}

/// An incident's figures for readers.
pub fn public_incident(slug: &str) -> String {
    format!("{PUBLIC_INCIDENTS}{slug}")
}

/// One indicator on that page.
pub fn public_ledger(slug: &str, indicator: Indicator) -> String {
    format!("{}#{}", public_incident(slug), indicator.word())
}

/// A chart with a short table, for other sites to show in a frame.
pub fn embed(slug: &str) -> String {
    format!("{}{EMBED}", public_incident(slug))
}

/// The same of one indicator.
pub fn ledger_embed(slug: &str, indicator: Indicator) -> String {
    with(&embed(slug), "of", indicator.word())
}

/// The figures of one indicator for readers to take along: `svg` or `csv`.
pub fn public_ledger_file(slug: &str, indicator: Indicator, format: &str) -> String {
    format!("{}/{}.{format}", public_incident(slug), indicator.word())
}

/// The file beside them that has all of it for programs.
pub const FIGURES_JSON: &str = "figures.json";

const PUBLIC_INCIDENTS: &str = "/public/incidents/";
const EMBED: &str = "/embed";

/// Whether other sites may show what is at an address in a frame: the embedded figures and nothing else.
/// Nobody is signed in there, and nothing can be pressed but links.
pub fn may_be_framed(path: &str) -> bool {
    path.strip_prefix(PUBLIC_INCIDENTS)
        .and_then(|rest| rest.strip_suffix(EMBED))
        .is_some_and(|slug| !slug.is_empty() && !slug.contains('/'))
}

/// Where a reader's language is chosen.
pub const LANGUAGE: &str = "/language";

/// Whether anybody may see what is at an address.
pub fn is_public(path: &str) -> bool {
    path == PUBLIC || path.starts_with("/public/")
}

/// The list behind a number.
pub fn claims_in(stage: Stage) -> String {
    claims(&ClaimFilter { stage: Some(stage), ..ClaimFilter::default() }, Sort::Priority, None)
}

pub fn claims_by(reviewer: AccountId) -> String {
    claims(&ClaimFilter { reviewer: Some(reviewer), ..ClaimFilter::default() }, Sort::Newest, None)
}

/// Claims of a scope with a verdict of these days, by one person or by anybody.
pub fn claims_judged(reviewer: Option<AccountId>, days: DayRange, scope: Scope) -> String {
    let (judged_from, judged_to) = (Some(days.from), Some(days.to));
    let filter = ClaimFilter { reviewer, judged_from, judged_to, ..scope.filter() };
    claims(&filter, Sort::Judged, None)
}

/// Claims of a scope of which this came in these days.
pub fn claims_that_came(came: Came, days: DayRange, scope: Scope) -> String {
    let (came_from, came_to) = (Some(days.from), Some(days.to));
    let filter = ClaimFilter { came: Some(came), came_from, came_to, ..scope.filter() };
    claims(&filter, Sort::Newest, None)
}

/// Claims with evidence from a source.
pub fn claims_with_evidence_from(source: SourceId) -> String {
    claims(&ClaimFilter { evidence_from: Some(source), ..ClaimFilter::default() }, Sort::Newest, None)
}

pub fn claims_held_by(assignee: AccountId) -> String {
    claims(&ClaimFilter { assignee: Some(assignee), ..ClaimFilter::default() }, Sort::Priority, None)
}

pub fn claims_of(article: ArticleId, stage: Option<Stage>) -> String {
    claims(&ClaimFilter { article: Some(article), stage, ..ClaimFilter::default() }, Sort::Priority, None)
}

/// What a source said, all its names together, by what came of it.
pub fn claims_that(source: SourceId, outcome: Outcome) -> String {
    let filter = ClaimFilter { source: Some(source), outcome: Some(outcome), ..ClaimFilter::default() };
    claims(&filter, Sort::Newest, None)
}

/// Handing out all that fits a filter.
pub fn assign(filter: &ClaimFilter, sort: Sort) -> String {
    claims(filter, sort, None).replacen(CLAIMS, ASSIGN, 1)
}

/// Articles that are due.
pub fn articles_due(due: Due, cursor: Option<Cursor>) -> String {
    let address = with(ARTICLES, "due", due.word());
    cursor.map_or(address.clone(), |cursor| with(&address, "cursor", &cursor.to_string()))
}

/// The claims list with a filter.
pub fn claims(filter: &ClaimFilter, sort: Sort, cursor: Option<Cursor>) -> String {
    let mut query = Serializer::new(String::new());
    let mut pair = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            query.append_pair(name, &value);
        }
    };
    pair("stage", filter.stage.map(|stage| stage.to_string()));
    pair("rating", filter.rating.clone());
    pair("outcome", filter.outcome.map(|outcome| outcome.to_string()));
    pair("kind", filter.kind.map(|kind| kind.to_string()));
    pair("indicator", filter.indicator.map(|indicator| indicator.to_string()));
    pair("source", filter.source.map(|id| id.to_string()));
    pair("article", filter.article.map(|id| id.to_string()));
    pair("incident", filter.incident.map(|id| id.to_string()));
    pair("assignee", filter.assignee.map(|id| id.to_string()));
    pair("reviewer", filter.reviewer.map(|id| id.to_string()));
    pair("judged_from", filter.judged_from.map(|day| day.to_string()));
    pair("judged_to", filter.judged_to.map(|day| day.to_string()));
    pair("came", filter.came.map(|came| came.to_string()));
    pair("came_from", filter.came_from.map(|day| day.to_string()));
    pair("came_to", filter.came_to.map(|day| day.to_string()));
    pair("scale", filter.scale.clone());
    pair("judge", filter.judge.map(|id| id.to_string()));
    pair("other_judge", filter.other_judge.map(|id| id.to_string()));
    pair("evidence_from", filter.evidence_from.map(|id| id.to_string()));
    pair("since_before", filter.since_before.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true)));
    pair("q", filter.q.clone());
    pair("sort", (sort != Sort::Priority).then(|| sort.to_string()));
    pair("cursor", cursor.map(|cursor| cursor.to_string()));
    with_query(CLAIMS, &query.finish())
}

/// Everything with these words in its text or name.
pub fn find(words: &str) -> String {
    if words.is_empty() { FIND.to_owned() } else { with(FIND, "q", words) }
}

/// The dashboard over some days, of all claims or of some.
pub fn dashboard(scope: Scope, days: DayRange, today: NaiveDate) -> String {
    over(&flow_of(scope), days, today)
}

/// The dashboard of some claims.
pub fn flow_of(scope: Scope) -> String {
    of(DASHBOARD, scope)
}

/// The sources by track record, for a spreadsheet: of all time, whatever period is shown.
pub const SOURCES_CSV: &str = "/dashboard/sources.csv";

/// The articles and whether they can run, and those with a deadline, for a spreadsheet.
pub const RUNS_CSV: &str = "/dashboard/runs.csv";
pub const DEADLINES_CSV: &str = "/dashboard/deadlines.csv";

/// A card of the dashboard for a spreadsheet: `stages`, `stalled`, `throughput`, `ratings` or `reviewers`.
pub fn dashboard_csv(card: &str, scope: Scope, days: DayRange, today: NaiveDate) -> String {
    over(&of(&format!("{DASHBOARD}/{card}.csv"), scope), days, today)
}

fn of(address: &str, scope: Scope) -> String {
    let article = scope.article.map(|id| ("article", id.to_string()));
    let incident = scope.incident.map(|id| ("incident", id.to_string()));
    [article, incident]
        .into_iter()
        .flatten()
        .fold(address.to_owned(), |address, (name, id)| with(&address, name, &id))
}

/// How far reviewers agreed in some days.
pub fn agreement(days: DayRange) -> String {
    with(&with(AGREEMENT, "from", &days.from.to_string()), "to", &days.to.to_string())
}

fn over(address: &str, days: DayRange, today: NaiveDate) -> String {
    match PERIODS.into_iter().find(|n| DayRange::last(*n, today) == days) {
        Some(n) => with(address, "days", &n.to_string()),
        None => with(&with(address, "from", &days.from.to_string()), "to", &days.to.to_string()),
    }
}

/// What has been in a stage longest, first; since before a moment, where one is given.
pub fn claims_waiting_in(stage: Stage, since_before: Option<DateTime<Utc>>, scope: Scope) -> String {
    claims(&ClaimFilter { stage: Some(stage), since_before, ..scope.filter() }, Sort::Waiting, None)
}

/// The content of a copy, to be looked at where that is safe.
pub fn copy_content(id: CopyId) -> String {
    format!("/copies/{id}/content")
}

/// The content of a copy, to be saved.
pub fn copy_to_save(id: CopyId) -> String {
    with(&copy_content(id), "save", "1")
}

/// Where a copy stands beside its claim.
pub fn copy_of(claim: ClaimId, id: CopyId) -> String {
    format!("/claims/{claim}#copy-{id}")
}

pub fn broken_copies(cursor: Cursor) -> String {
    format!("{COPIES}?cursor={cursor}")
}

pub fn articles(cursor: Cursor) -> String {
    format!("{ARTICLES}?cursor={cursor}")
}

/// A page of what receivers were told.
pub fn receivers(cursor: Cursor) -> String {
    format!("{RECEIVERS}?cursor={cursor}#deliveries")
}

/// A page of checkpoints.
pub fn history(cursor: Cursor) -> String {
    format!("{HISTORY}?cursor={cursor}")
}

/// The list of notifications with a filter.
pub fn notifications(filter: NotificationFilter, cursor: Option<Cursor>) -> String {
    let mut query = Serializer::new(String::new());
    if filter.unread {
        query.append_pair("show", "unread");
    }
    if let Some(occasion) = filter.occasion {
        query.append_pair("of", occasion.word());
    }
    if let Some(cursor) = cursor {
        query.append_pair("cursor", &cursor.to_string());
    }
    with_query(NOTIFICATIONS, &query.finish())
}

/// An address with one more word in its query; a fragment stays at the end.
pub fn with(address: &str, name: &str, value: &str) -> String {
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (address, String::new()),
    };
    let pair = Serializer::new(String::new()).append_pair(name, value).finish();
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{pair}{fragment}")
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_search_for_is_escaped_in_the_address() {
        let filter = ClaimFilter { q: Some("12 & <more>".into()), ..ClaimFilter::default() };
        assert_eq!(claims(&filter, Sort::Newest, None), "/claims?q=12+%26+%3Cmore%3E&sort=newest");
    }

    #[test]
    fn nothing_but_embedded_figures_may_be_framed() {
        let embed = ledger_embed("darum-56789abcdef0", Indicator::Killed);
        assert_eq!(embed, "/public/incidents/darum-56789abcdef0/embed?of=killed");
        assert!(may_be_framed("/public/incidents/darum-56789abcdef0/embed"));
        for path in [
            "/",
            "/public",
            "/public/incidents/darum",
            "/public/incidents/embed",
            "/public/incidents//embed",
            "/public/incidents/a/b/embed",
            "/public/incidents/darum/embed/",
            "/public/incidents/darum/killed.svg",
            "/public/claims/darum/embed",
            "/incidents/darum/embed",
        ] {
            assert!(!may_be_framed(path), "{path}");
        }
    }

    #[test]
    fn a_fragment_stays_at_the_end() {
        assert_eq!(with("/claims/1#claim", "done", "saved"), "/claims/1?done=saved#claim");
    }
}

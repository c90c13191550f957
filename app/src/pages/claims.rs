//! `/claims`: every claim, by filters that stand in the address.

use super::{Notice, query, signed_in};
use crate::actions::VIEW_FORM;
use crate::language::t;
use crate::ui::{Draft, Frame, age, capital, field, frame, select, standing_tag, tick, unchecked_tag};
use crate::{paths, request};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use desk::{Came, ClaimFilter, ClaimRow, Cursor, Error, Page, Sort, Times, ViewRow};
use domain::claim::ClaimKind;
use domain::id::ClaimId;
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::scale::Scales;
use domain::track::Outcome;
use domain::words::Invalid;
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, tn, view};
use std::collections::HashMap;
use std::str::FromStr;
use url::form_urlencoded;

const PER_PAGE: i64 = 40;

pub fn page() -> AnyView {
    let asked = read_query();
    signed_in(
        |desk, actor| async move {
            let (filter, sort, cursor) = asked?;
            let page = desk.claims(&actor, &filter, sort, cursor, PER_PAGE).await?;
            let listed: Vec<ClaimId> = page.rows.iter().map(|row| row.id).collect();
            let times = desk.times(&actor, &filter, &listed).await?;
            let views = desk.views(&actor).await?;
            let draft = Draft::of(desk.draft(&actor, VIEW_FORM).await?);
            let seen = (page, times, views, draft);
            Ok(((filter, sort, cursor.is_some()), seen, desk.scales().await?, desk.clock().now()))
        },
        |(asked, seen, scales, now), actor, notice| view(asked, seen, &scales, now, &actor, notice),
    )
}

/// What the address asks for. A word that is not known is an error that names it: showing
/// everything instead would answer another question.
fn read_query() -> Result<(ClaimFilter, Sort, Option<Cursor>), Error> {
    let address = request::address();
    let (filter, sort) = read_filter(address.split_once('?').map_or("", |(_, query)| query))?;
    let cursor = query("cursor").map(|text| {
        text.parse::<Cursor>().map_err(|invalid| Invalid::new("cursor", t!("cursor: {}", invalid.fix)))
    });
    Ok((filter, sort, cursor.transpose()?))
}

/// The filter and the order that a query has; other words of it are left to others.
///
/// # Errors
/// `Invalid` for a word that is not known, by its name.
pub fn read_filter(query: &str) -> Result<(ClaimFilter, Sort), Error> {
    let query = query.rsplit('?').next().unwrap_or_default();
    let mut words: HashMap<String, String> = HashMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
        if !value.is_empty() {
            words.insert(name, value);
        }
    }
    fn word<T: FromStr>(
        words: &HashMap<String, String>,
        name: &'static str,
        known: impl Fn(&T::Err) -> String,
    ) -> Result<Option<T>, Error> {
        words
            .get(name)
            .map(|text| {
                text.parse()
                    .map_err(|error| Error::from(Invalid::new(name, format!("{name}: {}", known(&error)))))
            })
            .transpose()
    }
    let filter = ClaimFilter {
        stage: word::<Stage>(&words, "stage", ToString::to_string)?,
        rating: words.get("rating").cloned(),
        outcome: word::<Outcome>(&words, "outcome", ToString::to_string)?,
        kind: word::<ClaimKind>(&words, "kind", ToString::to_string)?,
        indicator: word::<Indicator>(&words, "indicator", ToString::to_string)?,
        source: word(&words, "source", |_| t!("this is not an id").to_owned())?,
        article: word(&words, "article", |_| t!("this is not an id").to_owned())?,
        incident: word(&words, "incident", |_| t!("this is not an id").to_owned())?,
        assignee: word(&words, "assignee", |_| t!("this is not an id").to_owned())?,
        reviewer: word(&words, "reviewer", |_| t!("this is not an id").to_owned())?,
        judged_from: word(&words, "judged_from", |_| t!("Write the day as 2026-03-12.").to_owned())?,
        judged_to: word(&words, "judged_to", |_| t!("Write the day as 2026-03-12.").to_owned())?,
        came: word::<Came>(&words, "came", ToString::to_string)?,
        came_from: word(&words, "came_from", |_| t!("Write the day as 2026-03-12.").to_owned())?,
        came_to: word(&words, "came_to", |_| t!("Write the day as 2026-03-12.").to_owned())?,
        scale: words.get("scale").cloned(),
        judge: word(&words, "judge", |_| t!("this is not an id").to_owned())?,
        other_judge: word(&words, "other_judge", |_| t!("this is not an id").to_owned())?,
        evidence_from: word(&words, "evidence_from", |_| t!("this is not an id").to_owned())?,
        since_before: words
            .get("since_before")
            .map(|text| domain::words::moment("since_before", text))
            .transpose()?,
        q: words.get("q").map(|q| q.chars().take(300).collect()),
    };
    Ok((filter, word::<Sort>(&words, "sort", ToString::to_string)?.unwrap_or(Sort::Priority)))
}

fn view(
    (filter, sort, paged): (ClaimFilter, Sort, bool),
    (page, times, views, draft): (Page<ClaimRow>, HashMap<ClaimId, Times>, Vec<ViewRow>, Draft),
    scales: &Scales,
    now: DateTime<Utc>,
    actor: &Actor,
    notice: Notice,
) -> AnyView {
    let adds = actor.role >= Role::Reviewer;
    let any = |label: &str| vec![(String::new(), label.to_owned())];
    let mut stages = any(t!("any stage"));
    stages.extend(Stage::ALL.iter().map(|s| (s.word().to_owned(), t(s.label()).to_owned())));
    let mut ratings = any(t!("any rating"));
    ratings.extend(
        scales.ratings().into_iter().map(|r| (r.key.clone(), crate::language::label(&r.name).to_lowercase())),
    );
    let mut kinds = any(t!("any kind"));
    kinds.extend(ClaimKind::ALL.iter().map(|k| (k.word().to_owned(), t(k.label()).to_owned())));
    let mut indicators = any(t!("anything counted"));
    indicators.extend(Indicator::ALL.iter().map(|i| (i.word().to_owned(), t(i.label()).to_owned())));
    let sorts = Sort::ALL.iter().map(|s| (s.word().to_owned(), t(s.label()).to_owned())).collect();
    // Narrowings that only links set stay while the others change.
    let kept = [
        ("source", filter.source.map(|id| id.to_string()), t!("one source")),
        ("article", filter.article.map(|id| id.to_string()), t!("one article")),
        (
            "outcome",
            filter.outcome.map(|one| one.to_string()),
            filter.outcome.map_or("", |one| t(one.label())),
        ),
        ("incident", filter.incident.map(|id| id.to_string()), t!("one incident")),
        ("assignee", filter.assignee.map(|id| id.to_string()), t!("for one person")),
        ("reviewer", filter.reviewer.map(|id| id.to_string()), t!("verdicts by one person")),
        ("came", filter.came.map(|one| one.to_string()), filter.came.map_or("", |one| t(one.label()))),
        ("judge", filter.judge.map(|id| id.to_string()), t!("one person was one of the two")),
        ("other_judge", filter.other_judge.map(|id| id.to_string()), t!("and another one the other")),
        ("evidence_from", filter.evidence_from.map(|id| id.to_string()), t!("evidence from one source")),
    ]
    .map(|(name, value, words)| (name, value, words.to_owned()));
    let said = |day: Option<NaiveDate>| day.map(crate::language::day).unwrap_or_default();
    let (from, to) = (filter.judged_from, filter.judged_to);
    let (came_from, came_to) = (filter.came_from, filter.came_to);
    let on_scale = filter.scale.as_deref().map(|scale| scale.replace('_', " ")).unwrap_or_default();
    let moment = filter.since_before.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true));
    let of_days = [
        ("judged_from", from.map(|day| day.to_string()), t!("judged from {}", said(from))),
        ("judged_to", to.map(|day| day.to_string()), t!("judged up to {}", said(to))),
        ("came_from", came_from.map(|day| day.to_string()), t!("from {}", said(came_from))),
        ("came_to", came_to.map(|day| day.to_string()), t!("up to {}", said(came_to))),
        ("scale", filter.scale.clone(), t!("on the scale {}", crate::language::label(&capital(&on_scale)))),
        (
            "since_before",
            moment,
            t!("there since before {}", filter.since_before.map(crate::language::moment).unwrap_or_default()),
        ),
    ];
    let kept: Vec<_> = kept.into_iter().chain(of_days).collect();
    let hidden = kept
        .iter()
        .filter_map(|(name, value, _)| Some((*name, value.clone()?)))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let only = kept
        .iter()
        .filter(|(_, value, _)| value.is_some())
        .map(|(_, _, words)| view! { <span class="tag">{words.clone()}</span> })
        .collect_view();
    let filtered = filter != ClaimFilter::default();
    let next = page.next.map(|cursor| {
        view! {
            <a class="btn" rel="next" href=paths::claims(&filter, sort, Some(cursor)) data-key="j" data-says="Next page">
                "Next page " <kbd>"J"</kbd>
            </a>
        }
    });
    let first =
        paged.then(|| view! { <a class="btn" href=paths::claims(&filter, sort, None)>"First page"</a> });
    let list = if page.rows.is_empty() {
        view! {
            <div class="card empty">
                <h2>{if filtered { t!("No claim fits") } else { t!("No claims yet") }}</h2>
                {if filtered {
                    view! { <p><a href=paths::CLAIMS>"Show all claims"</a>" or loosen a filter."</p> }.into_any()
                } else {
                    view! { <p>"Claims are lifted out of articles. "
                        {adds.then(|| view! { <a href=paths::INTAKE>"Add an article."</a> })}</p> }.into_any()
                }}
            </div>
        }
        .into_any()
    } else {
        let tickable = adds && page.rows.iter().any(|row| row.stage.is_in_work());
        let rows = page
            .rows
            .into_iter()
            .map(|row| {
                let counted = times.get(&row.id).copied();
                item(row, counted, now, adds)
            })
            .collect_view();
        let once = (!times.is_empty()).then(|| view! { <p class="small quiet" id="once">"Each claim stands here once; where it counts more than once, it says so."</p> });
        let list = view! { {once} <div class="card flush"><ol class="claims">{rows}</ol></div> }.into_any();
        if tickable {
            view! {
                <form method="get" action=paths::ASSIGN>
                    <input type="hidden" name="ticked" value="yes" />
                    {list}
                    <div class="row hand-out"><button class="btn" data-key="o" data-says="Hand out the ticked claims">"Hand out the ticked " <kbd>"O"</kbd></button>
                        <a class="small" href=paths::assign(&filter, sort)>"Hand out all that are listed, up to 200"</a></div>
                </form>
            }
            .into_any()
        } else {
            list
        }
    };
    frame(
        Frame { title: t!("Claims"), here: paths::CLAIMS, live: Some((String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"Claims"</h1> <div class="chips">{only}</div></div>
                <form class="filters" method="get" action=paths::CLAIMS aria-label="Filters">
                    {hidden}
                    <div class="field grow">
                        <label for="q">"Words"</label>
                        <input id="q" name="q" type="search" value=filter.q.clone().unwrap_or_default()
                            placeholder="words, “a phrase”, -without" />
                    </div>
                    {select("stage", "stage", t!("Stage"), stages, filter.stage.map_or("", Stage::word))}
                    {select("rating", "rating", t!("Rating"), ratings, filter.rating.as_deref().unwrap_or(""))}
                    {select("kind", "kind", t!("Kind"), kinds, filter.kind.map_or("", ClaimKind::word))}
                    {select("indicator", "indicator", t!("Counted"), indicators, filter.indicator.map_or("", Indicator::word))}
                    {select("sort", "sort", t!("Order"), sorts, sort.word())}
                    <div class="field end"><button class="btn">"Show"</button>
                        {filtered.then(|| view! { <a class="small" href=paths::CLAIMS>"Show all"</a> })}</div>
                </form>
                {saved(&views, &draft, &filter, sort, actor)}
                <div id="claims-list" data-live="true">{list}</div>
                <div class="row pages">{first} {next}</div>
            </div>
        }
        .into_any(),
    )
}

/// The views that are saved, and what can be done with them.
fn saved(views: &[ViewRow], draft: &Draft, filter: &ClaimFilter, sort: Sort, actor: &Actor) -> AnyView {
    let here = paths::claims(filter, sort, None);
    let shown = |view: &ViewRow| view.filter == *filter && view.sort == sort;
    let links = views
        .iter()
        .map(|view| {
            let by = (!view.is_own).then(|| view! { <span class="quiet small">{format!(" {}", view.owner)}</span> });
            view! {
                <li><a class="tag" href=paths::claims(&view.filter, view.sort, None) aria-current=shown(view).then_some("page")>{view.name.clone()} {by}</a></li>
            }
        })
        .collect_view();
    let query = here.split_once('?').map_or("", |(_, query)| query).to_owned();
    let plain = *filter == ClaimFilter::default() && sort == Sort::Priority;
    let known = views.iter().any(shown);
    let query_again = query.clone();
    let save = (!plain && !known).then(|| {
        view! {
            <form method="post" action="/actions/views/save" class="form" data-draft=VIEW_FORM>
                <input type="hidden" name="query" value=query_again />
                {draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> })}
                <div class="filters">
                    {field("view-name", "name", "text", t!("Save what is listed as"), "", draft.typed("name").unwrap_or_default(), true, draft.wrong("name"))}
                    <div class="end">{tick("view-shared", "shared", t!("for the whole desk"), draft.typed("shared").is_some_and(|word| !word.is_empty()))}
                        <button class="btn">"Save"</button></div>
                </div>
            </form>
        }
    });
    let changes = views
        .iter()
        .filter(|view| view.is_changed_by(actor))
        .map(|view| {
            let (id, name) = (view.id.to_string(), format!("name-{}", view.id));
            let (shared, query, query_too) = (format!("shared-{}", view.id), query.clone(), query.clone());
            view! {
                <li>
                    <form method="post" action="/actions/views/change" class="inline">
                        <input type="hidden" name="view" value=id.clone() /> <input type="hidden" name="query" value=query />
                        <label class="hidden" for=name.clone()>{t!("Name of the view {}", view.name)}</label>
                        <input id=name name="name" value=view.name.clone() required maxlength="80" />
                        {view.is_own.then(|| view! { <span class="choice small"><input type="checkbox" id=shared.clone() name="shared" value="yes" checked=view.shared />
                            <label for=shared.clone()>"for the desk"</label></span> })}
                        <button class="btn small" aria-label=t!("Change the view {}", view.name)>"Change"</button>
                    </form>
                    <form method="post" action="/actions/views/delete" class="inline">
                        <input type="hidden" name="view" value=id /> <input type="hidden" name="query" value=query_too />
                        <button class="btn small" aria-label=t!("Delete the view {}", view.name)>"Delete"</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let any = views.iter().any(|view| view.is_changed_by(actor));
    let manage = (save.is_some() || any).then(|| {
        view! {
            <details open=!draft.is_empty()>
                <summary class="small">{if save.is_some() { t!("Save or change views") } else { t!("Change views") }}</summary>
                {save}
                <ul class="views-own">{changes}</ul>
            </details>
        }
    });
    let is_empty = views.is_empty() && manage.is_none();
    view! {
        <div id="views" class="views" class:empty-part=is_empty>
            <nav aria-label="Saved views"><ul class="chips">{links}</ul></nav>
            {manage}
        </div>
    }
    .into_any()
}

fn item(row: ClaimRow, counted: Option<Times>, now: DateTime<Utc>, ticks: bool) -> AnyView {
    let ticked = (ticks && row.stage.is_in_work()).then(|| {
        view! { <input type="checkbox" name="claim" value=row.id.to_string() data-pick="true" aria-label=t!("Choose: {}", row.text) /> }
    });
    let assignee = row
        .assignee
        .clone()
        .filter(|name| row.holder.as_ref() != Some(name))
        .map(|name| view! { <span class="quiet small">{t!("for {name}")}</span> });
    let figures = row
        .measures
        .iter()
        .take(3)
        .map(|m| view! { <span class="tag num">{format!("{} {}", crate::language::say(&m.phrase()), t(m.indicator.label()))}</span> })
        .collect_view();
    let who = row.source.clone().zip(row.source_id).map(|(name, id)| {
        let href =
            paths::claims(&ClaimFilter { source: Some(id), ..ClaimFilter::default() }, Sort::Priority, None);
        view! { <a href=href>{name}</a> " · " }
    });
    let holder =
        row.holder.clone().map(|name| view! { <span class="quiet small">{t!("with {name}")}</span> });
    let counted = counted.map(|times| {
        [
            (times.verdicts > 1).then(|| tn!(times.verdicts, "one verdict", "{n} verdicts")),
            (times.came > 1).then(|| tn!(times.came, "once", "{n} times")),
            (times.evidence > 1)
                .then(|| tn!(times.evidence, "one piece of evidence", "{n} pieces of evidence")),
        ]
        .into_iter()
        .flatten()
        .map(|words| view! { <span class="tag num counts">{words}</span> })
        .collect_view()
    });
    view! {
        <li class="claim-item">
            <span class="num priority" title="Priority, 0 to 100">{ticked} {row.priority}</span>
            <div>
                <a class="says" href=paths::claim_in_text(row.id)>{row.text.clone()}</a>
                <p class="quiet small">
                    {who}
                    <a href=paths::article(row.article)>{row.article_title.clone()}</a>
                    {row.outlet.as_deref().map(|outlet| format!(" · {}", crate::language::apart(outlet)))}
                    " · " {age(row.stage_since, now)}
                </p>
                <div class="chips">{counted} {figures}</div>
            </div>
            <div class="standing">{standing_tag(row.stage, row.mark.as_deref())} {unchecked_tag(row.runs_unchecked)} {holder} {assignee}</div>
        </li>
    }
    .into_any()
}

//! `/sources/{id}`: who says things, and how reliable people have found them.

use super::{Notice, id, query, signed_in};
use crate::actions::{grade_form, name_form};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, Frame, capital, field, frame, moment, rating_tag, select_of, tone};
use desk::{Alias, ClaimFilter, Sort, SourceView};
use domain::grade::Reliability;
use domain::id::SourceId;
use domain::policy::{Actor, Role};
use domain::track::Outcome;
use leptos::prelude::*;
use phrase::{t, tn, view};

pub fn page() -> AnyView {
    let wanted = id::<SourceId>();
    let of = query("of");
    signed_in(
        |desk, actor| async move {
            let source = desk.source(&actor, wanted?).await?;
            let draft = Draft::of(desk.draft(&actor, &grade_form(source.id)).await?);
            let naming = Draft::of(desk.draft(&actor, &name_form(source.id)).await?);
            Ok((source, draft, naming))
        },
        move |(source, draft, naming), actor, notice| {
            view(&source, (&draft, &naming), of.as_deref(), &actor, notice)
        },
    )
}

fn view(
    source: &SourceView,
    (draft, naming): (&Draft, &Draft),
    of: Option<&str>,
    actor: &Actor,
    notice: Notice,
) -> AnyView {
    let grade = source.reliability();
    let about: Vec<String> = [
        Some(capital(t(source.kind.label()))),
        source.role.clone(),
        source.organisation.clone().map(|organisation| t!("speaks for {organisation}")),
        (!source.parties.is_empty()).then(|| t!("party to the conflict: {}", source.parties.join(", "))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let filter = ClaimFilter { source: Some(source.id), ..ClaimFilter::default() };
    let evidence = t!("Pieces of evidence that come from it: {}", many(source.evidence));
    let evidence = if source.evidence == 0 {
        evidence.into_any()
    } else {
        view! { <a href=paths::claims_with_evidence_from(source.id)>{evidence}</a> }.into_any()
    };
    let history = source
        .grades
        .iter()
        .map(|given| {
            view! {
                <li><b>{given.by.clone()}</b> " graded it " <b>{given.grade.word()}</b> {format!(", {}: ", t(given.grade.label()))}
                    {given.reason.clone()} <span class="quiet small block">{moment(given.at)}</span></li>
            }
        })
        .collect_view();
    let never = source.grades.is_empty().then(|| {
        view! { <p class="quiet">"Nobody has graded it yet; F says that nothing is known, not that it is bad."</p> }
    });
    let graded = match &source.same_as {
        Some((id, name)) => view! { <p>"It counts with the grade of " <a href=format!("{}#grade", paths::source(*id))>{name.clone()}</a> "."</p> }.into_any(),
        None => {
            let form = (actor.role >= Role::Reviewer).then(|| grade_again(source, draft));
            view! {
                <p class="grade"><b class="letter">{grade.word()}</b> <span><b>{capital(t(grade.label()))}</b><br /><span class="quiet">{t(grade.meaning())}</span></span></p>
                {never}
                <ol class="history">{history}</ol>
                {form}
            }
            .into_any()
        }
    };
    let other_name = source.same_as.as_ref().map(|(id, name)| {
        view! { <p class="notice">"This is another name of " <a href=paths::source(*id)>{name.clone()}</a> ". What it says counts as that source’s."</p> }
    });
    frame(
        Frame { title: &source.name, here: "", live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <header>
                    <h1>{source.name.clone()}</h1>
                    <p class="quiet">{about.join(" · ")}</p>
                </header>
                {other_name}
                <section class="card" id="grade">
                    <h2>"How reliable it is"</h2>
                    {graded}
                </section>
                {track_record(source)}
                <section class="card">
                    <h2>"What the desk has of it"</h2>
                    <p><a href=paths::claims(&filter, Sort::Priority, None)>{t!("Claims it makes or denies: {}", many(source.claims))}</a></p>
                    <p>{evidence}</p>
                </section>
                {names(source, naming, of, actor)}
            </div>
        }
        .into_any(),
    )
}

/// A number that is counted no further than this.
fn many(n: i64) -> String {
    if n >= 1_000 { t!("1,000 or more").to_owned() } else { n.to_string() }
}

fn grade_again(source: &SourceView, draft: &Draft) -> AnyView {
    let grades: Vec<(String, String)> = Reliability::ALL
        .iter()
        .map(|grade| (grade.word().to_owned(), format!("{grade}: {}", t(grade.label()))))
        .collect();
    let meanings = Reliability::ALL
        .iter()
        .map(|grade| view! { <dt>{format!("{grade}, {}", t(grade.label()))}</dt><dd class="quiet">{t(grade.meaning())}</dd> })
        .collect_view();
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let form = grade_form(source.id);
    view! {
        <form method="post" action="/actions/sources/grade" class="form" data-draft=form>
            <input type="hidden" name="source" value=source.id.to_string() />
            {refused}
            {select_of("grade-now", "grade", t!("Grade"), grades, &draft.or("grade", source.reliability().word()), draft.wrong("grade"))}
            {field("grade-reason", "reason", "text", t!("Why"), t!("What it got right or wrong."), draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
            <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"Set the grade"</button></div>
        </form>
        <details class="small"><summary>"What the grades mean"</summary><dl class="meanings">{meanings}</dl></details>
    }
    .into_any()
}

/// The claims of a source that are settled or published, of one rating or of all.
fn settled(source: &SourceView, rating: Option<&str>) -> String {
    let filter = ClaimFilter {
        source: Some(source.id),
        outcome: Some(Outcome::Settled),
        rating: rating.map(ToOwned::to_owned),
        ..ClaimFilter::default()
    };
    paths::claims(&filter, Sort::Newest, None)
}

/// How what it said held up: counted, beside what people think of it.
fn track_record(source: &SourceView) -> AnyView {
    let all = source.settled();
    if all == 0 {
        return view! {
            <section class="card" id="track"><h2>"Track record"</h2>
                <p class="quiet">"None of its claims is settled yet."</p></section>
        }
        .into_any();
    }
    let rows = source
        .track
        .iter()
        .map(|(rating, n)| {
            let share = *n as f64 / all as f64 * 100.0;
            let list = settled(source, Some(&rating.key));
            view! {
                <tr>
                    <th scope="row">{rating_tag(rating)}</th>
                    <td class="num"><a href=list>{*n}</a></td>
                    <td class="num">{format!("{share:.0} %")}</td>
                    <td class="wide"><svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class=tone(Some(rating.tone)) x="0" y="0" width=format!("{share:.2}") height="8" /></svg></td>
                </tr>
            }
        })
        .collect_view();
    let few =
        (all < 10).then(|| view! { <p class="small quiet">"Of so few claims the shares say little."</p> });
    view! {
        <section class="card" id="track">
            <h2><span>"Track record"</span> <a class="small num" href=settled(source, None)>{tn!(all, "one settled claim", "{n} settled claims")}</a></h2>
            <table><thead class="hidden"><tr><th scope="col">"Rating"</th><th scope="col">"Claims"</th><th scope="col">"Share"</th><th scope="col">"Bar"</th></tr></thead>
                <tbody>{rows}</tbody></table>
            {few}
            <p class="small quiet">"Counted from settled and published claims, all names together; what it denies or does not confirm is none of its claims. It does not change the grade, which is people’s judgement."</p>
        </section>
    }
    .into_any()
}

/// What else it is called, and the forms that say so.
fn names(source: &SourceView, draft: &Draft, of: Option<&str>, actor: &Actor) -> AnyView {
    let decides = actor.role >= Role::Editor;
    if source.aliases.is_empty() && !decides {
        return ().into_any();
    }
    let aliases = source
        .aliases
        .iter()
        .map(|alias| view! { <li><a href=paths::source(alias.id)>{alias.name.clone()}</a> " " <span class="quiet small">{t(alias.kind.label())}</span></li> })
        .collect_view();
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let reason = |says: &'static str| {
        field(
            "name-reason",
            "reason",
            "text",
            t!("Why"),
            says,
            draft.typed("reason").unwrap_or_default(),
            true,
            draft.wrong("reason"),
        )
    };
    let form = decides.then(|| match &source.same_as {
        Some((_, name)) => view! {
            <form method="post" action="/actions/sources/part" class="form">
                <input type="hidden" name="source" value=source.id.to_string() />
                {refused}
                {reason(t!("What tells them apart."))}
                <div class="row"><span></span><button class="btn">{t!("It is not {name}")}</button></div>
            </form>
        }
        .into_any(),
        None if source.aliases.is_empty() => view! {
            <details class="adding" open=draft.typed("of").is_some() || of.is_some()>
                <summary>"It is another name of …"</summary>
                <form method="post" action="/actions/sources/name" class="form" data-draft=name_form(source.id)>
                    <input type="hidden" name="source" value=source.id.to_string() />
                    {refused}
                    <datalist id="alike">{source.alike.iter().map(|alias: &Alias| view! { <option value=alias.name.clone()></option> }).collect_view()}</datalist>
                    <div class="field"><label for="name-of">"The source it is"</label>
                        <input id="name-of" name="of" list="alike" required=true autocomplete="off" value=draft.or("of", of.unwrap_or_default()) aria-describedby="name-of-help" />
                        <p id="name-of-help" class="small quiet">"Its name as it stands on its page. Claims of both count as one source’s from then on; it can be taken back."</p></div>
                    {of.map(|of| view! { <p class="notice" id="what-changes">{t!("Claims that would count as those of {of} from then on: {}", many(source.claims))}</p> })}
                    {reason(t!("How you know that they are one."))}
                    <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"They are one source"</button></div>
                </form>
            </details>
        }
        .into_any(),
        None => ().into_any(),
    });
    view! {
        <section class="card" id="names">
            <h2>"Names"</h2>
            {(!source.aliases.is_empty()).then(|| view! { <p>"Also called:"</p> <ul class="plain">{aliases}</ul> })}
            {decides.then(|| proposed(source))}
            {form}
        </section>
    }
    .into_any()
}

/// Which sources may be this one, and of which somebody said that they are not.
fn proposed(source: &SourceView) -> AnyView {
    let proposals = source
        .proposals
        .iter()
        .map(|other| {
            let name = other.name.clone();
            // What has other names itself is what the other is made a name of.
            let make = if source.can_be_named {
                Some(paths::name_source(source.id, &other.name))
            } else {
                other.can_be_named.then(|| paths::name_source(other.id, &source.name))
            };
            let make = make.map(|href| view! { <a class="btn small" href=href>{t!("Make {name} and this one source")}</a> });
            view! {
                <li><a href=paths::source(other.id)>{other.name.clone()}</a> " " <span class="quiet small">{t(other.why.label())}</span>
                    <div class="row">{make}
                        <form method="post" action="/actions/sources/apart" class="inline">
                            <input type="hidden" name="source" value=source.id.to_string() />
                            <input type="hidden" name="other" value=other.id.to_string() />
                            <button class="btn small" aria-label=t!("{name} is not the same source")>"Not the same"</button>
                        </form></div></li>
            }
        })
        .collect_view();
    let apart = source
        .apart
        .iter()
        .map(|other| {
            let name = other.name.clone();
            view! {
                <li><a href=paths::source(other.id)>{other.name.clone()}</a> " " <span class="quiet small">{other.by.clone()} ", " {moment(other.at)}</span>
                    <form method="post" action="/actions/sources/ask-again" class="inline">
                        <input type="hidden" name="source" value=source.id.to_string() />
                        <input type="hidden" name="other" value=other.id.to_string() />
                        <button class="btn small" aria-label=t!("Take back that {name} is not the same source")>"Take back"</button>
                    </form></li>
            }
        })
        .collect_view();
    view! {
        {(!source.proposals.is_empty()).then(|| view! { <div id="proposals"><p>"May be one source with:"</p> <ul class="plain">{proposals}</ul></div> })}
        {(!source.apart.is_empty()).then(|| view! { <div id="apart"><p>"Not the same source as:"</p> <ul class="plain">{apart}</ul></div> })}
    }
    .into_any()
}

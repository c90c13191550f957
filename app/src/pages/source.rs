//! `/sources/{id}`: who says things, and how reliable people have found them.

use super::{Notice, id, signed_in};
use crate::actions::grade_form;
use crate::paths;
use crate::ui::{Draft, Frame, capital, field, frame, moment, select_of};
use desk::{ClaimFilter, Sort, SourceView};
use domain::grade::Reliability;
use domain::id::SourceId;
use domain::policy::{Actor, Role};
use leptos::prelude::*;

pub fn page() -> AnyView {
    let wanted = id::<SourceId>();
    signed_in(
        |desk, actor| async move {
            let source = desk.source(&actor, wanted?).await?;
            let draft = Draft::of(desk.draft(&actor, &grade_form(source.id)).await?);
            Ok((source, draft))
        },
        |(source, draft), actor, notice| view(&source, &draft, &actor, notice),
    )
}

fn view(source: &SourceView, draft: &Draft, actor: &Actor, notice: Notice) -> AnyView {
    let grade = source.reliability();
    let about: Vec<String> = [
        Some(capital(source.kind.label())),
        source.role.clone(),
        source.organisation.clone().map(|organisation| format!("speaks for {organisation}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let filter = ClaimFilter { source: Some(source.id), ..ClaimFilter::default() };
    let many = |n: i64| if n >= 1_000 { "1,000 or more".to_owned() } else { n.to_string() };
    let history = source
        .grades
        .iter()
        .map(|given| {
            view! {
                <li><b>{given.by.clone()}</b> " graded it " <b>{given.grade.word()}</b> {format!(", {}: ", given.grade.label())}
                    {given.reason.clone()} <span class="quiet small block">{moment(given.at)}</span></li>
            }
        })
        .collect_view();
    let never = source.grades.is_empty().then(|| {
        view! { <p class="quiet">"Nobody has graded it yet; F says that nothing is known, not that it is bad."</p> }
    });
    let form = (actor.role >= Role::Reviewer).then(|| grade_again(source, draft));
    frame(
        Frame { title: &source.name, here: "", live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <header>
                    <h1>{source.name.clone()}</h1>
                    <p class="quiet">{about.join(" · ")}</p>
                </header>
                <section class="card" id="grade">
                    <h2>"How reliable it is"</h2>
                    <p class="grade"><b class="letter">{grade.word()}</b> <span><b>{capital(grade.label())}</b><br /><span class="quiet">{grade.meaning()}</span></span></p>
                    {never}
                    <ol class="history">{history}</ol>
                    {form}
                </section>
                <section class="card">
                    <h2>"What the desk has of it"</h2>
                    <p><a href=paths::claims(&filter, Sort::Priority, None)>{format!("Claims it makes: {}", many(source.claims))}</a></p>
                    <p>{format!("Pieces of evidence that come from it: {}", many(source.evidence))}</p>
                </section>
            </div>
        }
        .into_any(),
    )
}

fn grade_again(source: &SourceView, draft: &Draft) -> AnyView {
    let grades: Vec<(String, String)> = Reliability::ALL
        .iter()
        .map(|grade| (grade.word().to_owned(), format!("{grade}: {}", grade.label())))
        .collect();
    let meanings = Reliability::ALL
        .iter()
        .map(|grade| view! { <dt>{format!("{grade}, {}", grade.label())}</dt><dd class="quiet">{grade.meaning()}</dd> })
        .collect_view();
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let form = grade_form(source.id);
    view! {
        <form method="post" action="/actions/sources/grade" class="form" data-draft=form>
            <input type="hidden" name="source" value=source.id.to_string() />
            {refused}
            {select_of("grade-now", "grade", "Grade", grades, &draft.or("grade", source.reliability().word()), draft.wrong("grade"))}
            {field("grade-reason", "reason", "text", "Why", "What it got right or wrong.", draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
            <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"Set the grade"</button></div>
        </form>
        <details class="small"><summary>"What the grades mean"</summary><dl class="meanings">{meanings}</dl></details>
    }
    .into_any()
}

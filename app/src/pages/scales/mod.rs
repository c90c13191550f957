//! `/admin/scales`: what claims are judged by.

mod form;

use self::form::{change_form, new_form};
use super::{Notice, query_key, signed_in};
use crate::actions::{NEW_SCALE, scale_form};
use crate::language::{self, label};
use crate::paths;
use crate::ui::{Draft, Frame, frame, moment, rating_tag};
use desk::ScaleVersion;
use domain::policy::{Actor, Role};
use domain::scale::{DEFAULT, Rating, Scale, Scales};
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    signed_in(
        |desk, actor| async move {
            let scales = desk.scales().await?;
            Ok((scales, Draft::of(desk.draft(&actor, NEW_SCALE).await?)))
        },
        |(scales, draft), actor, notice| list(&scales, &draft, &actor, notice),
    )
}

fn list(scales: &Scales, draft: &Draft, actor: &Actor, notice: Notice) -> AnyView {
    let form = (actor.role >= Role::Admin).then(|| {
        view! {
            <section class="card" id="new">
                <details open=!draft.is_empty()>
                    <summary data-key="e" data-says="Make a scale" data-then="scale-key"><b>"Make a scale"</b>" of the desk’s own " <kbd>"E"</kbd></summary>
                    {new_form(draft)}
                </details>
            </section>
        }
    });
    let cards = scales
        .current()
        .map(|scale| {
            let tags = scale.ratings.iter().map(|rating| rating_tag(rating)).collect_view();
            let default = (scale.key == DEFAULT).then(|| view! { <span class="small">"what claims are judged by at first"</span> });
            view! {
                <section class="card scale-card">
                    <h2><a href=paths::scale(&scale.key)>{label(&scale.name)}</a> {default}</h2>
                    <p>{label(&scale.about)}</p>
                    <p class="tags">{tags}</p>
                    <p class="small quiet">{t!("Version {} · key ", scale.version)} <code>{scale.key.clone()}</code></p>
                </section>
            }
        })
        .collect_view();
    frame(
        Frame { title: t!("Scales"), here: paths::SCALES, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <h1>"Scales"</h1>
                <p>"A verdict keeps the version of the scale it was given under: what a rating is called later changes nothing that was said."</p>
                <div class="stack-of-cards">{cards} {form}</div>
            </div>
        }
        .into_any(),
    )
}

/// `/admin/scales/{key}`: one scale, its versions, and the form that makes a new one.
pub fn one() -> AnyView {
    let key = query_key();
    signed_in(
        |desk, actor| async move {
            let versions = desk.scale_versions(&actor, &key).await?;
            Ok((versions, Draft::of(desk.draft(&actor, &scale_form(&key)).await?)))
        },
        |(versions, draft), actor, notice| detail(&versions, &draft, &actor, notice),
    )
}

fn detail(versions: &[ScaleVersion], draft: &Draft, actor: &Actor, notice: Notice) -> AnyView {
    let Some((current, earlier)) = versions.split_first() else { return ().into_any() };
    let scale = &current.scale;
    let form = (actor.role >= Role::Admin).then(|| {
        view! {
            <section class="card" id="change">
                <details open=!draft.is_empty()>
                    <summary data-key="e" data-says="Change the scale" data-then="scale-name"><b>"Change it"</b>" into a new version " <kbd>"E"</kbd></summary>
                    {change_form(scale, draft)}
                </details>
            </section>
        }
    });
    let older = earlier
        .iter()
        .map(|version| {
            view! {
                <details class="part" id=format!("version-{}", version.scale.version)>
                    <summary>{t!("Version {}", version.scale.version)} {made(version)}</summary>
                    <p>{label(&version.scale.about)}</p>
                    {rating_list(&version.scale)}
                </details>
            }
        })
        .collect_view();
    let history = (!earlier.is_empty())
        .then(|| view! { <section class="card"><h2>"Earlier versions"</h2>{older}</section> });
    frame(
        Frame { title: &label(&scale.name), here: paths::SCALES, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <header>
                    <h1>{label(&scale.name)}</h1>
                    <p>{label(&scale.about)}</p>
                    <p class="small quiet" id=format!("version-{}", scale.version)>{t!("Version {}", scale.version)} {made(current)}</p>
                </header>
                <section class="card"><h2>"Ratings"</h2>{rating_list(scale)}</section>
                {form}
                {history}
            </div>
        }
        .into_any(),
    )
}

fn made(version: &ScaleVersion) -> AnyView {
    match (&version.by, &version.reason) {
        (Some(by), Some(reason)) => {
            view! { <span class="quiet small">{format!(" · {by}, ")} {moment(version.at)} {format!(": {reason}")}</span> }.into_any()
        }
        _ => view! { <span class="quiet small">" · came with the program"</span> }.into_any(),
    }
}

fn rating_list(scale: &Scale) -> AnyView {
    let one = |rating: &Rating| {
        let needs: Vec<String> =
            rating.needs.iter().map(|need| crate::language::say(&need.phrase())).collect();
        let needs = (!needs.is_empty())
            .then(|| view! { <p class="small">{t!("Needs {}.", language::together(&needs))}</p> });
        let asserts = rating.asserts_figure.then(|| {
            view! { <p class="small">"Asserts the claim’s figure: supporting evidence must have it."</p> }
        });
        let facts: Vec<String> = [
            rating.shortcut.map(|key| t!("key {}", key.to_ascii_uppercase())),
            rating.claim_review.map(|number| t!("ClaimReview {number}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        view! {
            <li class="given">
                <p class="row">{rating_tag(rating)} <span class="small quiet">{facts.join(" · ")}</span></p>
                <p>{label(&rating.meaning)}</p> {needs} {asserts}
            </li>
        }
    };
    let ratings = scale.ratings.iter().map(|rating| one(rating)).collect_view();
    view! { <ol class="ratings-list">{ratings}</ol> }.into_any()
}

//! `/claims/{id}/correct-verdict`: first the form, then everything that depends on the verdict, then
//! one button. Nothing changes before it.

use super::claim::{differences, refusal};
use super::{Notice, id, query, signed_in};
use crate::actions::{WITHDRAW, correct_verdict_form, typed_correction};
use crate::language::{label, t};
use crate::paths;
use crate::ui::{
    Draft, Frame, capital, clearance_tag, field, frame, moment, rating_icon, rating_tag, standing_tag,
    text_area, tone,
};
use desk::{
    ClaimView, Correction, DependantArticle, DependantClaim, DependantFetch, DependantMedia, DependantPage,
    DependantReceiver, Dependants,
};
use domain::id::ClaimId;
use domain::media::Authenticity;
use domain::policy::{self, Actor, Review, Role};
use domain::scale::{DEFAULT, Scale, Scales};
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, tn, view};
use std::collections::BTreeSet;
use std::sync::Arc;

struct Loaded {
    view: ClaimView,
    scales: Arc<Scales>,
    draft: Draft,
    /// What was typed, and what depends on it; `None` while it is being typed.
    checked: Option<(Correction, Dependants)>,
}

impl Loaded {
    /// The scale that the standing verdict was given by, in its newest version.
    fn scale(&self) -> Option<&Arc<Scale>> {
        let key = self.view.verdicts.first().map_or(DEFAULT, |verdict| verdict.scale.as_str());
        self.scales.find(key).or_else(|| self.scales.current().next())
    }
}

pub fn page() -> AnyView {
    let wanted = id::<ClaimId>();
    let checking = query("step").is_some_and(|step| step == "check");
    signed_in(
        move |desk, actor| async move {
            let _: policy::Permit<Review> = policy::permit(&actor)?;
            let id = wanted?;
            let view = desk.claim(&actor, id).await?;
            let fields = desk.draft(&actor, &correct_verdict_form(id)).await?;
            let correction =
                typed_correction(&fields).ok().filter(|_| checking && view.claim.stage.is_decided());
            let checked = match correction {
                Some(correction) => {
                    let change = desk.change_by(&actor, id, &correction).await?;
                    Some((correction, desk.dependants(&actor, id, &change).await?))
                }
                None => None,
            };
            let scales = desk.scales().await?;
            Ok(Loaded { view, scales, draft: Draft::of(fields), checked })
        },
        |loaded, actor, notice| draw(&loaded, &actor, notice),
    )
}

fn draw(loaded: &Loaded, actor: &Actor, notice: Notice) -> AnyView {
    let claim = &loaded.view.claim;
    let is_public = claim.stage == Stage::Published;
    let content = if !claim.stage.is_decided() {
        view! { <p>{t!("This claim is {}: there is no verdict to correct. Give it one on its page.", t(claim.stage.label()))}</p> }
            .into_any()
    } else if is_public && actor.role < Role::Editor {
        view! { <p>"This claim is published. An editor can correct its verdict."</p> }.into_any()
    } else {
        match &loaded.checked {
            Some((correction, dependants)) => check(loaded, correction, dependants),
            None => form(loaded),
        }
    };
    frame(
        Frame { title: t!("Correct the verdict"), here: paths::CLAIMS, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <p class="small"><a href=paths::claim(claim.id)>"Back to the claim"</a></p>
                <h1>"Correct the verdict"</h1>
                <p class="say">{claim.text.clone()}</p>
                <p class="small tags">{standing_tag(claim.stage, claim.mark.as_deref())} <span>{claim.article_title.clone()}</span></p>
                {content}
            </div>
        }
        .into_any(),
    )
}

/// What becomes of the verdict.
fn form(loaded: &Loaded) -> AnyView {
    let (view, draft) = (&loaded.view, &loaded.draft);
    let claim = &view.claim;
    let is_public = claim.stage == Stage::Published;
    let standing = view.verdicts.first();
    let chosen = draft.or("rating", claim.rating.as_deref().unwrap_or_default());
    let withdraws = draft.typed("outcome").is_some_and(|outcome| outcome == WITHDRAW);
    let Some(scale) = loaded.scale() else {
        return view! { <p class="notice bad">"The desk has no scale to judge by."</p> }.into_any();
    };
    let grounds = view.grounds();
    let ratings = scale
        .ratings
        .iter()
        .map(|rating| {
            let id = format!("rating-{}", rating.key);
            let class = tone(Some(rating.tone));
            let missing = grounds.missing_for(rating).sentences();
            let lacks = (!missing.is_empty()).then(|| view! { <span class="hidden">{missing.iter().map(crate::language::say).collect::<Vec<_>>().join(" ")}</span> });
            view! {
                <span class=format!("rate-one {class}") class:lacks=!missing.is_empty()>
                    <input type="radio" name="rating" id=id.clone() value=rating.key.clone() checked={chosen == rating.key} />
                    <label for=id title=label(&rating.meaning)>{rating_icon(rating.icon)} <span>{label(&rating.name)}</span> {lacks}</label>
                </span>
            }
        })
        .collect_view();
    let wrong_rating = draft.wrong("rating").map(|words| view! { <p class="wrong">{words}</p> });
    let outcome = is_public.then(|| {
        view! {
            <fieldset class="field">
                <legend>"What becomes of it"</legend>
                <div class="choices lines">
                    <span class="choice">
                        <input type="radio" name="outcome" id="outcome-correct" value="correct" checked=!withdraws />
                        <label for="outcome-correct">"Correct it: another verdict takes its place in public"</label>
                    </span>
                    <span class="choice">
                        <input type="radio" name="outcome" id="outcome-withdraw" value=WITHDRAW checked=withdraws />
                        <label for="outcome-withdraw">"Withdraw it: back into the queue, without a verdict; only the note below is needed"</label>
                    </span>
                </div>
            </fieldset>
        }
    });
    let note = is_public.then(|| {
        text_area("note", "note", t!("What readers are told"),
            t!("What was wrong, what is right, and since when you know. It stands at the top of the public page and in the feed."),
            4, &draft.typed("note").unwrap_or_default(), draft.wrong("note"))
    });
    let rationale = draft.or("rationale", standing.map_or("", |verdict| verdict.rationale.as_str()));
    let figure =
        draft.or("figure", standing.and_then(|verdict| verdict.figure.as_deref()).unwrap_or_default());
    view! {
        <form method="post" action="/actions/claims/preview-correction" class="form card" id="correction"
            data-draft=correct_verdict_form(claim.id)>
            <input type="hidden" name="claim" value=claim.id.to_string() />
            {refusal(draft)}
            {outcome}
            <fieldset class="rate"><legend class="hidden">"Rating"</legend>{ratings}</fieldset>
            {wrong_rating}
            {text_area("rationale", "rationale", t!("Why"), "", 4, &rationale, draft.wrong("rationale"))}
            {field("figure", "figure", "text", t!("Figure the evidence supports"), "", figure, false, draft.wrong("figure"))}
            {note}
            <div class="row">
                <span class="small quiet"><span data-draft-state="true" role="status"></span></span>
                <button class="btn go">"See what depends on it"</button>
            </div>
            <p class="hint">"Nothing changes yet."</p>
        </form>
    }
    .into_any()
}

/// What depends on it, and the button that does it.
fn check(loaded: &Loaded, correction: &Correction, dependants: &Dependants) -> AnyView {
    let (view, draft) = (&loaded.view, &loaded.draft);
    let claim = &view.claim;
    let keys = dependants.keys();
    let seen: Option<BTreeSet<String>> =
        draft.typed("seen").map(|seen| seen.lines().map(str::to_owned).collect());
    let new = |key: &str| {
        let is_new = seen.as_ref().is_some_and(|seen| !seen.contains(key));
        is_new.then(|| view! { " " <span class="tag new">"new"</span> })
    };
    let hidden = ["outcome", "rating", "rationale", "figure", "note"]
        .map(|name| {
            let typed = draft.typed(name).unwrap_or_default();
            view! { <input type="hidden" name=name value=typed /> }
        })
        .into_iter()
        .collect_view();
    let withdraws = matches!(correction, Correction::Withdrawal);
    let waiting = dependants.claims.iter().filter(|claim| claim.becomes().is_some()).count();
    let all = keys.into_iter().collect::<Vec<_>>().join("\n");
    let nothing = dependants.is_empty().then(|| view! { <p>"Nothing else depends on this verdict."</p> });
    view! {
        <section id="change" class="card">{change(loaded, correction)}</section>
        {refusal(draft)} {differences(draft)}
        <section id="dependants" class="depends">
            <h2>"What depends on it"</h2>
            {nothing}
            {group(t!("Claims that rest on it"), dependants.claims.iter().map(|one| resting(one, new(&one.key()))).collect())}
            {group(t!("Held right now; they keep the claim and are told"), dependants.held().filter_map(|one| {
                Some(held(one, new(&one.holder_key()?)))
            }).collect())}
            {group(t!("Articles that change"), dependants.articles.iter().map(|one| article(one, new(&one.key()))).collect())}
            {group(t!("Public pages"), dependants.pages.iter().map(|one| public(one, new(&one.key()))).collect())}
            {group(t!("Pictures, videos and recordings of which readers are told something else"), dependants.media.iter().map(|one| media(one, new(&one.key()))).collect())}
            {group(t!("Fetched since the verdict"), dependants.fetches.iter().map(|one| fetch(one, new(&one.key()))).collect())}
            {group(t!("Receivers that were told"), dependants.receivers.iter().map(|one| receiver(one, new(&one.key()))).collect())}
        </section>
        <form method="post" action="/actions/claims/correct-verdict" class="form" id="confirm">
            <input type="hidden" name="claim" value=claim.id.to_string() />
            <input type="hidden" name="version" value=claim.version />
            <input type="hidden" name="digest" value=dependants.digest() />
            <input type="hidden" name="seen" value=all />
            {hidden}
            <div class="row">
                <a href=paths::correct_verdict(claim.id)>"Change what I wrote"</a>
                <button class="btn go big">{match (withdraws, waiting) {
                    (true, 0) => t!("Withdraw it").to_owned(),
                    (true, n) => t!("Withdraw it and put {n} back into the queue"),
                    (false, 0) => t!("Correct it").to_owned(),
                    (false, n) => t!("Correct it and put {n} back into the queue"),
                }}</button>
            </div>
        </form>
    }
    .into_any()
}

/// What stands, and what will.
fn change(loaded: &Loaded, correction: &Correction) -> AnyView {
    let (view, draft, scale) = (&loaded.view, &loaded.draft, loaded.scale());
    let standing = view.verdicts.first();
    let before = view.claim.mark.as_deref().map(rating_tag);
    let figure = |figure: Option<&str>| match figure.map(str::trim).filter(|figure| !figure.is_empty()) {
        Some(figure) => view! { <span class="num">{figure.to_owned()}</span> }.into_any(),
        None => view! { <span class="quiet">"none"</span> }.into_any(),
    };
    let note =
        draft.typed("note").filter(|note| !note.trim().is_empty() && view.claim.stage == Stage::Published);
    let note = note.map(|note| view! { <h2>"What readers are told"</h2><p class="rationale">{note}</p> });
    let verdict = match correction {
        Correction::Withdrawal => {
            view! { <p>{before} " is withdrawn from publication. The claim goes back into the queue; its page stays and says so."</p> }.into_any()
        }
        Correction::Verdict { rating, rationale, figure: new, .. } => {
            let why = standing.map(|verdict| verdict.rationale.clone()).unwrap_or_default();
            view! {
                <div class="scroll"><table class="differs">
                    <thead><tr><th scope="col"></th><th scope="col">"Stands"</th><th scope="col">"Will stand"</th></tr></thead>
                    <tbody>
                        <tr><th scope="row">"Rating"</th><td>{before}</td><td>{scale.and_then(|scale| scale.rating(rating)).map(|rating| rating_tag(rating))}</td></tr>
                        <tr><th scope="row">"Figure"</th><td>{figure(standing.and_then(|verdict| verdict.figure.as_deref()))}</td><td>{figure(new.as_deref())}</td></tr>
                        <tr><th scope="row">"Why"</th><td class="rationale">{why}</td><td class="rationale">{rationale.as_str().to_owned()}</td></tr>
                    </tbody>
                </table></div>
            }
            .into_any()
        }
    };
    view! { {verdict} {note} }.into_any()
}

fn group(title: &'static str, items: Vec<AnyView>) -> AnyView {
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="card">
            <h3>{title} " " <span class="num quiet">{items.len()}</span></h3>
            <ul>{items}</ul>
        </div>
    }
    .into_any()
}

fn resting(one: &DependantClaim, new: impl IntoView) -> AnyView {
    let becomes = match (one.becomes(), &one.holder) {
        (Some(stage), _) => format!("{} → {}", t(one.stage.label()), t(stage.label())),
        (None, _) => t!("{}, stays there", t(one.stage.label())),
    };
    view! {
        <li><a href=paths::claim(one.id)>{one.text.clone()}</a> {new}
            <span class="small quiet block">{capital(t(one.how.label()))} " it · " {becomes} " · " {one.article_title.clone()}</span></li>
    }
    .into_any()
}

fn held(one: &DependantClaim, new: impl IntoView) -> AnyView {
    let name = one.holder.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    view! { <li><b>{name}</b> " is checking " <a href=paths::claim(one.id)>{one.text.clone()}</a> {new}</li> }
        .into_any()
}

fn article(one: &DependantArticle, new: impl IntoView) -> AnyView {
    view! {
        <li><a href=paths::article(one.id)>{one.title.clone()}</a> {new}
            <span class="small block">{clearance_tag(one.before)} " → " {clearance_tag(one.after)}</span></li>
    }
    .into_any()
}

fn public(one: &DependantPage, new: impl IntoView) -> AnyView {
    let says = if one.own {
        t!("says what is corrected, at the top")
    } else {
        t!("says that the claim is under review")
    };
    view! {
        <li><a href=paths::public_claim(&one.slug)>{one.text.clone()}</a> {new} <span class="small quiet block">{says}</span></li>
    }
    .into_any()
}

fn media(one: &DependantMedia, new: impl IntoView) -> AnyView {
    let said = |categories: &[Authenticity]| match categories {
        [] => t!("nothing").to_owned(),
        some => crate::language::say(&domain::media::named(some)),
    };
    let becomes = format!("{} → {}", said(&one.before), said(&one.after));
    view! {
        <li>{capital(t(one.medium.label()))} " " <b>{one.title.clone()}</b> {new} <span class="small quiet block">{becomes}</span></li>
    }
    .into_any()
}

fn fetch(one: &DependantFetch, new: impl IntoView) -> AnyView {
    let by = one.by.clone().unwrap_or_else(|| t!("somebody at the command line").to_owned());
    let token = one.token.clone().map(|token| t!(" with the token “{token}”"));
    let times = tn!(one.times, "once", "{n} times");
    view! {
        <li>{capital(t(one.what.label()))} " by " <b>{by}</b> {token} {new}
            <span class="small quiet block">{times} ", last " {moment(one.last)}</span></li>
    }
    .into_any()
}

fn receiver(one: &DependantReceiver, new: impl IntoView) -> AnyView {
    let then = if one.is_disabled { t!("disabled; will not be told") } else { t!("will be told of this") };
    view! {
        <li><b>{one.name.clone()}</b> {new} <span class="small quiet block">"told last " {moment(one.last)} "; " {then}</span></li>
    }
    .into_any()
}

//! The forms that make a scale and a new version of one: one fieldset a rating.

use crate::actions::{NEW_SCALE, NeedTyped, RatingTyped, ScaleTyped, scale_form};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, field, select_of, text_area, tick};
use domain::grounds::Need;
use domain::scale::{Icon, MAX_NEEDS, RATINGS, Scale, Tone};
use leptos::prelude::*;
use phrase::{t, view};

/// The form that makes a new version of a scale; `draft` is what was typed and not saved.
pub(super) fn change_form(scale: &Scale, draft: &Draft) -> AnyView {
    let typed =
        if draft.is_empty() { ScaleTyped::of(scale) } else { ScaleTyped::from_fields(draft.fields()) };
    let version = draft.current().unwrap_or(scale.version);
    let own = view! {
        <input type="hidden" name="scale" value=scale.key.clone() />
        <input type="hidden" name="version" value=version />
    };
    scale_fields(
        Form {
            action: "/actions/scales/change",
            draft: scale_form(&scale.key),
            page: paths::scale(&scale.key),
            why: t!("Why it is changed"),
            save: t!("Make version {}", scale.version + 1),
        },
        own.into_any(),
        &typed,
        draft,
    )
}

/// The form that makes a scale of the desk's own.
pub(super) fn new_form(draft: &Draft) -> AnyView {
    let typed = if draft.is_empty() { ScaleTyped::blank() } else { ScaleTyped::from_fields(draft.fields()) };
    let key = field(
        "scale-key",
        "key",
        "text",
        t!("Key"),
        t!("For the API and addresses: small letters, digits and _. It stays for good."),
        typed.key.clone(),
        true,
        draft.wrong("key"),
    );
    scale_fields(
        Form {
            action: "/actions/scales/create",
            draft: NEW_SCALE.to_owned(),
            page: paths::SCALES.to_owned(),
            why: t!("Why the desk needs it"),
            save: t!("Make the scale").to_owned(),
        },
        key.into_any(),
        &typed,
        draft,
    )
}

/// What the two forms differ in.
struct Form {
    action: &'static str,
    /// The name of its draft.
    draft: String,
    /// Where it stands.
    page: String,
    why: &'static str,
    save: String,
}

/// `own` are the fields that only one of the forms has.
fn scale_fields(form: Form, own: AnyView, typed: &ScaleTyped, draft: &Draft) -> AnyView {
    let Form { action, draft: name, page, why, save } = form;
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let elsewhere: &[&str] = if name == NEW_SCALE { &["ratings"] } else { &["ratings", "scale", "key"] };
    let wrong = elsewhere.iter().find_map(|name| draft.wrong(name));
    let wrong = wrong.map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let mended = draft.wrong_field().filter(|name| name.starts_with("ratings[")).map(|_| {
        view! { <p class="notice bad" role="alert">"A rating has something to mend; it is said beside its field."</p> }
    });
    let last = typed.ratings.len().saturating_sub(1);
    let ratings = typed
        .ratings
        .iter()
        .enumerate()
        .map(|(at, rating)| rating_fields(at, last, rating, draft))
        .collect_view();
    let add = (typed.ratings.len() < *RATINGS.end()).then(|| {
        view! { <button class="btn" name="then" value="add" formnovalidate>"Add a rating"</button> }
    });
    let discard = (!draft.is_empty()).then(|| {
        view! { <button class="link" form="discard-scale" formnovalidate>"Discard the draft"</button> }
    });
    view! {
        <form method="post" action="/actions/drafts/discard" id="discard-scale" hidden>
            <input type="hidden" name="form" value=name.clone() />
            <input type="hidden" name="page" value=page />
        </form>
        <form method="post" action=action class="form scale-form" data-draft=name>
            // Enter saves: without this, it would press the first button of the form.
            <button class="hidden" name="then" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            {refused} {super::super::claim::differences(draft)} {wrong} {mended}
            {own}
            {field("scale-name", "name", "text", t!("Name"), "", typed.name.clone(), true, draft.wrong("name"))}
            {text_area("scale-about", "about", t!("What it is for"), "", 2, &typed.about, draft.wrong("about"))}
            {ratings}
            <div class="row"><span></span>{add}</div>
            {field("scale-reason", "reason", "text", why, t!("Kept with the version."), typed.reason.clone(), true, draft.wrong("reason"))}
            <div class="row">
                <span class="small quiet"><span data-draft-state="true" role="status"></span> {discard}</span>
                <button class="btn go" name="then" value="save">{save}</button>
            </div>
        </form>
    }
    .into_any()
}

fn rating_fields(at: usize, last: usize, rating: &RatingTyped, draft: &Draft) -> AnyView {
    let name = |field: &str| format!("ratings[{at}][{field}]");
    let id = |field: &str| format!("rating-{at}-{field}");
    let text = |of: &str, label: &'static str, hint: &'static str, value: &str, required: bool| {
        field(&id(of), &name(of), "text", label, hint, value.to_owned(), required, draft.wrong(&name(of)))
    };
    let tones = Tone::ALL.iter().map(|tone| (tone.word().to_owned(), t(tone.label()).to_owned())).collect();
    let icons = Icon::ALL.iter().map(|icon| (icon.word().to_owned(), t(icon.label()).to_owned())).collect();
    let mut numbers = vec![(String::new(), t!("no number").to_owned())];
    numbers.extend((1..=5).map(|number| (number.to_string(), number.to_string())));
    let wrong_needs = draft.wrong(&name("needs")).map(|words| view! { <p class="wrong">{words}</p> });
    let rows = (rating.needs.len() + 2).min(MAX_NEEDS);
    let needs = (0..rows)
        .map(|row| need_fields(at, row, &rating.needs.get(row).cloned().unwrap_or_default(), draft))
        .collect_view();
    let called = if rating.name.is_empty() { t!("rating {}", at + 1) } else { rating.name.clone() };
    let up = (at > 0).then(|| {
        view! { <button class="btn small" name="then" value=format!("up-{at}") formnovalidate aria-label=t!("Move {called} up")>"Move up"</button> }
    });
    let out = (last >= *RATINGS.start()).then(|| {
        view! { <button class="btn small" name="then" value=format!("remove-{at}") formnovalidate aria-label=t!("Take {called} out")>"Take it out"</button> }
    });
    view! {
        <fieldset class="rating-fields" id=format!("rating-{at}")>
            <legend>{format!("{}. {}", at + 1, if rating.name.is_empty() { t!("New rating") } else { &rating.name })}</legend>
            <div class="two-fields">
                {text("name", t!("Name"), "", &rating.name, true)}
                {text("key", t!("Key"), t!("For the API and addresses; verdicts are found by it."), &rating.key, true)}
            </div>
            {text("meaning", t!("When to give it"), "", &rating.meaning, true)}
            <div class="pairs">
                {select_of(&id("tone"), &name("tone"), t!("It says that the claim"), tones, &rating.tone, draft.wrong(&name("tone")))}
                {select_of(&id("icon"), &name("icon"), t!("Drawing"), icons, &rating.icon, draft.wrong(&name("icon")))}
                {text("shortcut", t!("Key on the keyboard"), "", &rating.shortcut, false)}
                {select_of(&id("claim-review"), &name("claim_review"), t!("Number in a ClaimReview"), numbers, &rating.claim_review, draft.wrong(&name("claim_review")))}
            </div>
            {tick(&id("asserts"), &name("asserts_figure"), t!("It says that the claim’s figure is right"), !rating.asserts_figure.is_empty())}
            <fieldset class="needs"><legend>"It needs at least"</legend>{wrong_needs} {needs}</fieldset>
            <div class="chips">{up} {out}</div>
        </fieldset>
    }
    .into_any()
}

fn need_fields(at: usize, row: usize, need: &NeedTyped, draft: &Draft) -> AnyView {
    let name = |field: &str| format!("ratings[{at}][needs][{row}][{field}]");
    let id = |field: &str| format!("rating-{at}-need-{row}-{field}");
    let wrong = draft.wrong(&name("least")).or_else(|| draft.wrong(&name("kind")));
    let described = wrong.is_some().then(|| id("wrong"));
    let wrong_id = id("wrong");
    let options = std::iter::once(("", t!("nothing")))
        .chain(Need::ALL.iter().map(|kind| (kind.word(), t(kind.label()))))
        .map(|(word, label)| view! { <option value=word selected={word == need.kind}>{label}</option> })
        .collect_view();
    view! {
        <div class="need">
            <label class="hidden" for=id("least")>{t!("How many, precondition {}", row + 1)}</label>
            <input id=id("least") name=name("least") type="text" inputmode="numeric" size="2" value=need.least.clone()
                aria-invalid=wrong.is_some().then_some("true") aria-describedby=described />
            <label class="hidden" for=id("kind")>{t!("Of what, precondition {}", row + 1)}</label>
            <select id=id("kind") name=name("kind")>{options}</select>
            {wrong.map(|words| view! { <p class="wrong" id=wrong_id>{words}</p> })}
        </div>
    }
    .into_any()
}

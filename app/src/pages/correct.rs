//! The part of the workbench where a person corrects what was found: each part of the claim has a
//! form of its own, shut until it is wanted, open again where what was typed could not be taken.

use super::claim::{differences, refusal};
use crate::actions::{MERGED, kind_form, measure_form, merge_form, source_form, split_form, words_form};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, capital, field, select_of, text_area};
use desk::{ClaimView, Neighbour};
use domain::claim::{ClaimKind, SourceKind};
use domain::correction::{MAX_PARTS, THE_ARTICLE};
use domain::id::ClaimId;
use domain::ledger::counts_only_some;
use domain::measure::{Class, Confirmation, Indicator, Measure, Reading};
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, view};
use std::collections::HashMap;

/// What was typed into these forms before, by form.
pub type Drafts = HashMap<String, Draft>;

/// The names of the forms of a claim.
pub fn forms(view: &ClaimView) -> Vec<String> {
    let id = view.claim.id;
    let mut forms = vec![
        words_form(id),
        kind_form(id),
        source_form(id),
        split_form(id),
        merge_form(id),
        measure_form(id, None),
    ];
    forms.extend(positions(view).map(|(of, _)| measure_form(id, Some(of))));
    forms
}

fn positions(view: &ClaimView) -> impl Iterator<Item = (u32, &Measure)> {
    (0u32..).zip(&view.claim.measures)
}

/// All forms. `just_done` keeps them in sight for the next correction.
pub fn section(view: &ClaimView, drafts: &Drafts, just_done: bool) -> AnyView {
    let claim = &view.claim;
    if !claim.stage.is_in_work() || claim.stage == Stage::Disagreed {
        return view! {
            <section id="correct">
                <p class="small quiet">"What was found can be corrected once the claim is back in the queue."</p>
            </section>
        }
        .into_any();
    }
    let none = Draft::default();
    let draft = |form: String| drafts.get(&form).unwrap_or(&none);
    let id = claim.id;
    let text = view.statement.as_deref().unwrap_or(&claim.text);
    let figures = positions(view)
        .map(|(of, measure)| {
            let draft = draft(measure_form(id, Some(of)));
            part(
                view,
                measure_form(id, Some(of)),
                "measure",
                t!("Figure: {}", measure.description()),
                draft,
                measure_fields(&format!("measure-{of}"), text, Some((of, measure)), draft),
            )
        })
        .collect_view();
    let said = view.attributions.first().and_then(|hop| hop.name.clone().or(Some(hop.mention.clone())));
    let said = said.unwrap_or_else(|| t(THE_ARTICLE).to_owned());
    let is_open = just_done || drafts.values().any(|draft| !draft.is_empty());
    let words = draft(words_form(id));
    let kind = draft(kind_form(id));
    let source = draft(source_form(id));
    let new = draft(measure_form(id, None));
    let split = draft(split_form(id));
    view! {
        <section id="correct">
            <details class="adding" open=is_open>
                <summary data-key="c" data-says="Correct what was found" data-then="correct-words">"Correct what was found " <kbd>"C"</kbd></summary>
                <div class="parts">
                    {part(view, words_form(id), "words", t!("The words").to_owned(), words, words_fields(view, words))}
                    {part(view, kind_form(id), "kind", t!("Kind: {}", t(claim.kind.label())), kind, kind_fields(view, kind))}
                    {part(view, source_form(id), "source", t!("Who says so: {said}"), source, source_fields(view, source))}
                    {figures}
                    {part(view, measure_form(id, None), "measure", t!("Add a figure").to_owned(), new, measure_fields("measure-new", "", None, new))}
                    {part(view, split_form(id), "split", t!("Split into several claims").to_owned(), split, split_fields(view, split))}
                    {merge(view, draft(merge_form(id)))}
                </div>
            </details>
        </section>
    }
    .into_any()
}

/// One part of a claim: its form, shut unless something was typed in it.
fn part(
    view: &ClaimView,
    form: String,
    action: &'static str,
    title: String,
    draft: &Draft,
    fields: AnyView,
) -> AnyView {
    let claim = view.claim.id;
    let version = draft.current().unwrap_or(view.claim.version);
    let is_new = form == measure_form(claim, None);
    let words = match action {
        "split" => t!("Split it"),
        "merge" => t!("Merge them"),
        _ if is_new => t!("Add it"),
        _ => t!("Correct it"),
    };
    view! {
        <details class="part" open=!draft.is_empty()>
            <summary class="small">{title}</summary>
            {discard_form(claim, &form, draft)}
            <form method="post" action=format!("/actions/claims/{action}") class="form" data-draft=form.clone()>
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="version" value=version />
                {refusal(draft)} {differences(draft)}
                {fields}
                <div class="row">
                    <span class="small quiet"><span data-draft-state="true" role="status"></span> {discard_button(&form, draft)}</span>
                    <span class="chips">
                        {(action == "measure" && !is_new).then(|| view! {
                            <button class="btn" name="then" value="remove" formnovalidate>"Remove it"</button>
                        })}
                        <button class="btn go">{words}</button>
                    </span>
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn discard_id(form: &str) -> String {
    format!("discard-{}", form.replace(':', "-"))
}

fn discard_form(claim: ClaimId, form: &str, draft: &Draft) -> AnyView {
    (!draft.is_empty())
        .then(|| {
            view! {
                <form method="post" action="/actions/drafts/discard" id=discard_id(form) hidden>
                    <input type="hidden" name="form" value=form.to_owned() />
                    <input type="hidden" name="page" value=format!("{}#correct", paths::claim(claim)) />
                </form>
            }
        })
        .into_any()
}

fn discard_button(form: &str, draft: &Draft) -> AnyView {
    (!draft.is_empty())
        .then(|| view! { <button class="link" form=discard_id(form) formnovalidate>"Discard the draft"</button> })
        .into_any()
}

fn words_fields(view: &ClaimView, draft: &Draft) -> AnyView {
    let words = text_area(
        "correct-words",
        "words",
        t!("The claim’s words"),
        t!("As they stand in the article, without a gap. They are looked up near where the claim is now."),
        4,
        &draft.or("words", &view.claim.text),
        draft.wrong("words"),
    );
    view! {
        {words}
        <p><button type="button" class="btn small" data-fill="correct-words" hidden>"Use the words selected in the article"</button></p>
    }
    .into_any()
}

fn kind_fields(view: &ClaimView, draft: &Draft) -> AnyView {
    let kinds =
        ClaimKind::ALL.iter().map(|kind| (kind.word().to_owned(), t(kind.label()).to_owned())).collect();
    let chosen = draft.or("kind", view.claim.kind.word());
    select_of("correct-kind", "kind", t!("Kind"), kinds, &chosen, draft.wrong("kind"))
}

fn source_fields(view: &ClaimView, draft: &Draft) -> AnyView {
    let there = view.attributions.first();
    let says = draft.or("says", if there.is_some() { "named" } else { "article" });
    let kinds =
        SourceKind::ALL.iter().map(|kind| (kind.word().to_owned(), t(kind.label()).to_owned())).collect();
    let kind = there.and_then(|hop| hop.kind).unwrap_or(SourceKind::Person);
    let or = |name: &str, there: Option<String>| draft.or(name, &there.unwrap_or_default());
    let option = |value: &'static str, words: &'static str| {
        let id = format!("source-says-{value}");
        view! {
            <span class="choice">
                <input type="radio" id=id.clone() name="says" value=value checked={says == value} required />
                <label for=id>{words}</label>
            </span>
        }
    };
    let wrong = draft.wrong("says").map(|wrong| view! { <p class="wrong">{wrong}</p> });
    view! {
        <fieldset class="field">
            <legend>"Who says so"</legend>
            <div class="choices">{option("named", t!("Somebody else:"))} {option("article", t!("The article itself"))}</div>
            {wrong}
        </fieldset>
        <div class="pairs">
            {field("source-name", "name", "text", t!("Name"), "", or("name", there.and_then(|hop| hop.name.clone())), false, draft.wrong("name"))}
            {select_of("source-kind", "kind", t!("Is a"), kinds, &draft.or("kind", kind.word()), draft.wrong("kind"))}
            {field("source-role", "role", "text", t!("Role"), "", or("role", there.and_then(|hop| hop.role.clone())), false, draft.wrong("role"))}
            {field("source-organisation", "organisation", "text", t!("Organisation"), "", or("organisation", there.and_then(|hop| hop.organisation.clone())), false, draft.wrong("organisation"))}
        </div>
    }
    .into_any()
}

fn measure_fields(form: &str, text: &str, there: Option<(u32, &Measure)>, draft: &Draft) -> AnyView {
    let measure = there.map(|(_, measure)| measure);
    let typed = |name: &str, there: Option<&str>| draft.or(name, there.unwrap_or_default());
    let words = |name: &'static str, label: &'static str, hint: &'static str, value: String| {
        field(
            &format!("{form}-{name}"),
            name,
            "text",
            label,
            hint,
            value,
            name == "figure",
            draft.wrong(name),
        )
    };
    let list = |name: &'static str, label: &'static str, options: Vec<(String, String)>, there: &str| {
        let id = format!("{form}-{name}");
        select_of(&id, name, label, options, &draft.or(name, there), draft.wrong(name))
    };
    macro_rules! of {
        ($set:ty) => {
            <$set>::ALL.iter().map(|one| (one.word().to_owned(), t(one.label()).to_owned())).collect()
        };
    }
    // What is not ticked is not sent, so that nothing typed is no answer.
    let denied = match draft.is_empty() {
        true => measure.is_some_and(|measure| measure.denied),
        false => draft.typed("denied").is_some_and(|denied| !denied.is_empty()),
    };
    let denied_id = format!("{form}-denied");
    let earlier = match draft.is_empty() {
        true => measure.is_some_and(|measure| measure.past.is_some()),
        false => draft.typed("earlier").is_some_and(|earlier| !earlier.is_empty()),
    };
    let earlier_id = format!("{form}-earlier");
    let some_before = measure.is_some_and(|measure| counts_only_some(measure, text));
    let some = match draft.is_empty() {
        true => some_before,
        false => draft.typed("some").is_some_and(|some| !some.is_empty()),
    };
    let some_id = format!("{form}-some");
    view! {
        <input type="hidden" name="of" value=there.map(|(of, _)| of.to_string()).unwrap_or_default() />
        <div class="pairs">
            {words("figure", t!("How many"), t!("“at least 12”, “38-44”, “dozens”"), typed("figure", measure.map(|m| m.text.as_str())))}
            {list("indicator", t!("Of what"), of!(Indicator), measure.map_or(Indicator::Killed, |m| m.indicator).word())}
            {words("counts", t!("Who or what is counted"), "", typed("counts", measure.and_then(|m| m.counts.as_deref())))}
            {words("side", t!("Whose side"), "", typed("side", measure.and_then(|m| m.side.as_deref())))}
            {list("class", t!("Civilians or combatants"), of!(Class), measure.map_or(Class::Unknown, |m| m.class).word())}
            {list("confirmation", t!("How it is known"), of!(Confirmation), measure.map_or(Confirmation::Unknown, |m| m.confirmation).word())}
            {list("reading", t!("New, or a total"), of!(Reading), measure.map_or(Reading::Unknown, |m| m.reading).word())}
            {words("unit", t!("Unit"), "", typed("unit", measure.and_then(|m| m.unit.as_deref())))}
        </div>
        <span class="choice">
            <input type="checkbox" id=denied_id.clone() name="denied" value="yes" checked=denied />
            <label for=denied_id>"The text denies it"</label>
        </span>
        <span class="choice">
            <input type="checkbox" id=earlier_id.clone() name="earlier" value="yes" checked=earlier />
            <label for=earlier_id>"The text tells it as an earlier count, or as one taken back"</label>
        </span>
        <span class="choice">
            <input type="hidden" name="some_before" value=if some_before { "yes" } else { "" } />
            <input type="checkbox" id=some_id.clone() name="some" value="yes" checked=some />
            <label for=some_id>"It counts only some of a total: a part, one place of several"</label>
        </span>
    }
    .into_any()
}

fn split_fields(view: &ClaimView, draft: &Draft) -> AnyView {
    view! {
        {text_area("split-parts", "parts", t!("The parts"), t!("Put an empty line between one part and the next. Each part has words of the article, without a gap."), 6,
            &draft.or("parts", &view.claim.text), draft.wrong("parts"))}
        <p class="hint">{t!("Two to {MAX_PARTS} parts. Each becomes a claim of its own; this one is set aside and leads to them.")}</p>
    }
    .into_any()
}

/// The claims next to this one that can go into it.
fn merge(view: &ClaimView, draft: &Draft) -> AnyView {
    let is_free = |other: &&Neighbour| other.stage.is_waiting();
    let half = MERGED.len() / 2;
    let free: Vec<&Neighbour> = view.neighbours.iter().filter(is_free).collect();
    let after = free.partition_point(|other| other.span.start < view.span.start);
    let near: Vec<&Neighbour> =
        free.iter().skip(after.saturating_sub(half)).take(half.min(after) + half).copied().collect();
    if near.is_empty() {
        return ().into_any();
    }
    let choices = MERGED
        .iter()
        .zip(near)
        .map(|(name, other)| {
            let value = format!("{}:{}", other.id, other.version);
            let chosen = MERGED
                .iter()
                .filter_map(|name| draft.typed(name))
                .any(|typed| typed.starts_with(&other.id.to_string()));
            let id = format!("merge-{name}");
            view! {
                <span class="choice">
                    <input type="checkbox" id=id.clone() name=*name value=value checked=chosen />
                    <label for=id>{other.text.clone()}</label>
                </span>
            }
        })
        .collect_view();
    let wrong = draft.wrong("with").map(|wrong| view! { <p class="wrong">{wrong}</p> });
    let fields = view! {
        <fieldset class="field">
            <legend>{capital(t!("claims that go into this one"))}</legend>
            <div class="lines">{choices}</div>
            {wrong}
            <p class="hint">"This claim will reach from the first of their words to the last. They are set aside and lead here."</p>
        </fieldset>
    }
    .into_any();
    part(
        view,
        merge_form(view.claim.id),
        "merge",
        t!("Merge with a claim next to it").to_owned(),
        draft,
        fields,
    )
}

//! Corrections of what was found, each part of a claim with a form of its own.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, fields, go_done, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::{CorrectionForm, Desk, Error, Fields, MeasuresGiven, MergeForm, SpanGiven, SplitForm};
use domain::claim::{ClaimKind, SourceKind};
use domain::correction::{FigureGiven, MeasureGiven, NamedSource, SourceGiven};
use domain::id::ClaimId;
use domain::measure::{Class, Confirmation, Indicator, Reading};
use domain::policy::{Actor, Correct};
use domain::words::{ClaimWords, Invalid, Organisation, SourceName, SourceRole};
use leptos::prelude::*;
use phrase::t;
use std::str::FromStr;

/// The form whose draft a claim's corrected words are.
pub fn words_form(claim: ClaimId) -> String {
    format!("words:{claim}")
}

/// The form whose draft a claim's corrected kind is.
pub fn kind_form(claim: ClaimId) -> String {
    format!("kind:{claim}")
}

/// The form whose draft a claim's corrected source is.
pub fn source_form(claim: ClaimId) -> String {
    format!("source:{claim}")
}

/// The form whose draft a corrected figure is; `None` for one to add.
pub fn measure_form(claim: ClaimId, of: Option<u32>) -> String {
    match of {
        Some(of) => format!("measure:{claim}:{of}"),
        None => format!("measure:{claim}:new"),
    }
}

/// The form whose draft the parts of a claim are.
pub fn split_form(claim: ClaimId) -> String {
    format!("split:{claim}")
}

/// The form whose draft the choice of claims to merge is.
pub fn merge_form(claim: ClaimId) -> String {
    format!("merge:{claim}")
}

#[server(prefix = "/actions", endpoint = "claims/words")]
pub async fn correct_words(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] words: String,
) -> Result<(), Problem> {
    let asked = asked::<Correct>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let given = ClaimWords::parse(&words).map(|words| CorrectionForm {
        version: seen(&version),
        span: Some(SpanGiven::Words(words)),
        ..CorrectionForm::default()
    });
    let typed = fields([("words", &words)]);
    answer(asked, claim, given.map_err(Into::into), "words", (words_form(claim), typed)).await
}

#[server(prefix = "/actions", endpoint = "claims/kind")]
pub async fn correct_kind(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] kind: String,
) -> Result<(), Problem> {
    let asked = asked::<Correct>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let given = word::<ClaimKind>("kind", &kind).map(|kind| CorrectionForm {
        version: seen(&version),
        kind,
        ..CorrectionForm::default()
    });
    answer(asked, claim, given, "kind", (kind_form(claim), fields([("kind", &kind)]))).await
}

/// `says` is `named` or `article`.
#[server(prefix = "/actions", endpoint = "claims/source")]
pub async fn correct_source(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] says: String,
    #[server(default)] name: String,
    #[server(default)] kind: String,
    #[server(default)] role: String,
    #[server(default)] organisation: String,
) -> Result<(), Problem> {
    let asked = asked::<Correct>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let given = source(&says, &name, &kind, &role, &organisation).map(|source| CorrectionForm {
        version: seen(&version),
        source: Some(source),
        ..CorrectionForm::default()
    });
    let typed = fields([
        ("says", &says),
        ("name", &name),
        ("kind", &kind),
        ("role", &role),
        ("organisation", &organisation),
    ]);
    answer(asked, claim, given, "name", (source_form(claim), typed)).await
}

fn source(says: &str, name: &str, kind: &str, role: &str, organisation: &str) -> Result<SourceGiven, Error> {
    match says {
        "article" => Ok(SourceGiven::Article),
        "named" => Ok(SourceGiven::Named(NamedSource {
            name: SourceName::parse(name)?,
            kind: word::<SourceKind>("kind", kind)?.unwrap_or(SourceKind::Person),
            role: SourceRole::optional(role)?,
            organisation: Organisation::optional(organisation)?,
        })),
        _ => Err(Invalid::new("says", t!("Say who says so.")).into()),
    }
}

/// Corrects a figure, adds one where `of` is blank, or takes it away with `then = "remove"`.
#[server(prefix = "/actions", endpoint = "claims/measure")]
pub async fn correct_measure(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] of: String,
    #[server(default)] figure: String,
    #[server(default)] indicator: String,
    #[server(default)] counts: String,
    #[server(default)] unit: String,
    #[server(default)] class: String,
    #[server(default)] side: String,
    #[server(default)] denied: String,
    #[server(default)] earlier: String,
    #[server(default)] some: String,
    #[server(default)] some_before: String,
    #[server(default)] reading: String,
    #[server(default)] confirmation: String,
    #[server(default)] then: String,
) -> Result<(), Problem> {
    let asked = asked::<Correct>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let position: Option<u32> = if of.is_empty() { None } else { Some(id("figure", &of)?) };
    let measure = || -> Result<MeasureGiven, Error> {
        Ok(MeasureGiven {
            of: position,
            indicator: word::<Indicator>("indicator", &indicator)?,
            figure: Some(FigureGiven::Words(figure.clone())),
            counts: Some(counts.clone()),
            unit: Some(unit.clone()),
            class: word::<Class>("class", &class)?,
            side: Some(side.clone()),
            denied: Some(!denied.is_empty()),
            earlier: Some(!earlier.is_empty()),
            // What was read from the text stays as it was read, unless somebody changes it.
            only_some: (some != some_before).then_some(!some.is_empty()),
            reading: word::<Reading>("reading", &reading)?,
            confirmation: word::<Confirmation>("confirmation", &confirmation)?,
        })
    };
    let measures = match position.filter(|_| then == "remove") {
        Some(gone) => Ok(MeasuresGiven::Without(gone)),
        None => measure().map(MeasuresGiven::One),
    };
    let given = measures.map(|measures| CorrectionForm {
        version: seen(&version),
        measures: Some(measures),
        ..CorrectionForm::default()
    });
    let typed = fields([
        ("figure", &figure),
        ("indicator", &indicator),
        ("counts", &counts),
        ("unit", &unit),
        ("class", &class),
        ("side", &side),
        ("denied", &denied),
        ("earlier", &earlier),
        ("some", &some),
        ("reading", &reading),
        ("confirmation", &confirmation),
    ]);
    answer(asked, claim, given, "figure", (measure_form(claim, position), typed)).await
}

/// Splits a claim; an empty line stands between the words of one part and the next.
#[server(prefix = "/actions", endpoint = "claims/split")]
pub async fn split_claim(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] parts: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Correct>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = split_form(claim);
    let split = async {
        let parts = paragraphs(&parts)
            .iter()
            .map(|part| ClaimWords::parse(part).map(SpanGiven::Words))
            .collect::<Result<Vec<_>, _>>()?;
        desk.split(&actor, claim, SplitForm { version: seen(&version), parts }, None).await
    }
    .await;
    match split {
        Ok(new) => {
            forget(&desk, &actor, &form).await;
            let first = new.first().copied().unwrap_or(claim);
            go_done(&paths::claim_in_text(first), Done::Split);
            Ok(())
        }
        Err(error) => {
            let error = at(error, &["parts"], "parts");
            back(&desk, &actor, error, &page(claim), Some((&form, fields([("parts", &parts)])))).await
        }
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    let lines = text.replace("\r\n", "\n");
    let mut parts = vec![String::new()];
    for line in lines.split('\n') {
        match parts.last_mut() {
            Some(part) if !line.trim().is_empty() => {
                part.push_str(line);
                part.push('\n');
            }
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The fields of the form that merges claims, each with a neighbour's id and version.
pub const MERGED: [&str; 6] = ["with_0", "with_1", "with_2", "with_3", "with_4", "with_5"];

#[server(prefix = "/actions", endpoint = "claims/merge")]
pub async fn merge_claims(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] with_0: String,
    #[server(default)] with_1: String,
    #[server(default)] with_2: String,
    #[server(default)] with_3: String,
    #[server(default)] with_4: String,
    #[server(default)] with_5: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Correct>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let chosen = [with_0, with_1, with_2, with_3, with_4, with_5];
    let mut with = Vec::new();
    for one in chosen.iter().filter(|one| !one.is_empty()) {
        let (other, seen) = one.split_once(':').unwrap_or((one, ""));
        with.push((id::<ClaimId>("with", other)?, self::seen(seen)));
    }
    let form = merge_form(claim);
    if let Err(error) = desk.merge(&actor, claim, MergeForm { version: seen(&version), with }, None).await {
        let typed: Fields = MERGED
            .iter()
            .zip(&chosen)
            .filter(|(_, chosen)| !chosen.is_empty())
            .map(|(name, chosen)| ((*name).to_owned(), chosen.clone()))
            .collect();
        let error = at(error, &["with"], "with");
        return back(&desk, &actor, error, &page(claim), Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&found(claim), Done::Merged);
    Ok(())
}

/// Corrects a claim and goes back to it, or back to the form with what was typed.
async fn answer(
    (desk, actor): (Desk, Actor),
    claim: ClaimId,
    given: Result<CorrectionForm, Error>,
    field: &'static str,
    (form, typed): (String, Fields),
) -> Result<(), Problem> {
    let corrected = match given {
        Ok(given) => desk.correct(&actor, claim, given).await,
        Err(error) => Err(error),
    };
    let changed = match corrected {
        Ok(changed) => changed,
        Err(error) => {
            let known: Vec<&str> = typed.keys().map(String::as_str).collect();
            let error = at(error, &known, field);
            return back(&desk, &actor, error, &page(claim), Some((&form, typed))).await;
        }
    };
    forget(&desk, &actor, &form).await;
    go_done(&found(claim), if changed { Done::Corrected } else { Done::Unchanged });
    Ok(())
}

/// Puts an error beside the field that the form has for it.
fn at(error: Error, known: &[&str], field: &'static str) -> Error {
    match error {
        Error::Invalid(invalid) if !known.contains(&invalid.field) => Invalid { field, ..invalid }.into(),
        error => error,
    }
}

/// Where the forms are.
fn page(claim: ClaimId) -> String {
    format!("{}#correct", paths::claim(claim))
}

/// Where what was found is shown.
fn found(claim: ClaimId) -> String {
    format!("{}#claim-head", paths::claim(claim))
}

fn seen(version: &str) -> i32 {
    version.parse().unwrap_or_default()
}

/// A word of a closed set, `None` where nothing was chosen.
fn word<T: FromStr>(field: &'static str, word: &str) -> Result<Option<T>, Error> {
    if word.is_empty() {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|_| Invalid::new(field, t!("Choose one of the list.")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_stands_between_parts() {
        assert_eq!(
            paragraphs("Two fell\r\nin the east\r\n \r\n\r\nten fled\r\n"),
            ["Two fell\nin the east\n", "ten fled\n"]
        );
        assert!(paragraphs(" \n\n").is_empty());
    }
}

//! What the picture, the video or the recording of a piece of evidence is found to be.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, fields, go_done, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::Error;
use domain::id::{ClaimId, EvidenceId};
use domain::media::{Assessment, Authenticity, Given, Medium};
use domain::policy::Review;
use domain::words::{Invalid, OriginalContext, Reason, WebAddress};
use leptos::prelude::*;
use phrase::t;
use std::collections::BTreeMap;

/// The form whose draft an assessment of a piece of evidence is.
pub fn media_form(evidence: EvidenceId) -> String {
    format!("media:{evidence}")
}

/// The form whose draft says why such an assessment is taken back.
pub fn take_back_form(evidence: EvidenceId) -> String {
    format!("take-back:{evidence}")
}

/// The name of the box for a category.
pub fn category_field(category: Authenticity) -> String {
    format!("categories[{category}]")
}

#[server(prefix = "/actions", endpoint = "evidence/assess")]
pub async fn assess_media(
    #[server(default)] claim: String,
    #[server(default)] evidence_id: String,
    #[server(default)] medium: String,
    #[server(default)] categories: BTreeMap<String, String>,
    #[server(default)] address: String,
    #[server(default)] copy: String,
    #[server(default)] context: String,
    #[server(default)] original: String,
    #[server(default)] version: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let evidence: EvidenceId = id("evidence", &evidence_id)?;
    let form = media_form(evidence);
    let read = || -> Result<Assessment, Error> {
        let medium: Medium = medium.parse().map_err(|_| {
            Invalid::new("medium", t!("Say whether it is a picture, a video or a recording."))
        })?;
        let categories = categories
            .iter()
            .filter(|(_, ticked)| !ticked.is_empty())
            .map(|(word, _)| word.parse::<Authenticity>())
            .collect::<Result<_, _>>()
            .map_err(|_| Invalid::new("categories", t!("Choose what it is found to be.")))?;
        let copy = match copy.trim() {
            "" => None,
            text => Some(
                text.parse()
                    .map_err(|_| Invalid::new("copy", t!("Choose a copy of this piece of evidence.")))?,
            ),
        };
        Ok(Assessment::of(Given {
            medium,
            categories,
            address: WebAddress::optional("address", &address)?,
            copy,
            context: OriginalContext::optional(&context)?,
            original: WebAddress::optional("original", &original)?,
        })?)
    };
    let done = match read() {
        Ok(assessment) => {
            let seen = version.parse().unwrap_or_default();
            desk.assess_media(&actor, evidence, &assessment, seen, None).await
        }
        Err(error) => Err(error),
    };
    let page = paths::claim_part(claim, "evidence");
    if let Err(error) = done {
        let mut typed = fields([
            ("medium", &medium),
            ("address", &address),
            ("copy", &copy),
            ("context", &context),
            ("original", &original),
        ]);
        typed.extend(categories.into_iter().map(|(word, ticked)| (format!("categories[{word}]"), ticked)));
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::Assessed);
    Ok(())
}

/// Takes back what a medium was found to be, without another word in its place.
#[server(prefix = "/actions", endpoint = "evidence/take-back-assessment")]
pub async fn take_back_assessment(
    #[server(default)] claim: String,
    #[server(default)] evidence_id: String,
    #[server(default)] version: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let evidence: EvidenceId = id("evidence", &evidence_id)?;
    let form = take_back_form(evidence);
    let done = match Reason::parse(&reason) {
        Ok(reason) => {
            let seen = version.parse().unwrap_or_default();
            desk.take_back_assessment(&actor, evidence, seen, reason, None).await
        }
        Err(invalid) => Err(invalid.into()),
    };
    let page = paths::claim_part(claim, "evidence");
    if let Err(error) = done {
        return back(&desk, &actor, error, &page, Some((&form, fields([("reason", &reason)])))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::AssessmentTakenBack);
    Ok(())
}

//! Which claims are about one event, what it is called, and what the desk holds of its figures.

use super::answer::{Done, asked, back, fields, go, go_done, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::{Error, EstimateForm, SplitTo};
use domain::id::{ChangeId, ClaimId, IncidentId};
use domain::measure::Indicator;
use domain::policy::{Curate, Gather, PublishFigures, Review};
use domain::words::{CorrectionNote, Invalid, Reason, Title};
use leptos::prelude::*;
use phrase::t;

/// The form whose draft an incident's change is.
pub fn incident_form(incident: IncidentId) -> String {
    format!("incident:{incident}")
}

/// The form whose draft the desk's own figure is.
pub fn estimate_form(incident: IncidentId, indicator: Indicator) -> String {
    format!("estimate:{incident}:{indicator}")
}

/// The form whose draft says why figures were not published.
pub fn publish_ledger_form(incident: IncidentId) -> String {
    format!("publish-ledger:{incident}")
}

/// The form whose draft the note to readers of withdrawn figures is.
pub fn withdraw_ledger_form(incident: IncidentId) -> String {
    format!("withdraw-ledger:{incident}")
}

/// The form whose draft the incident is into which a claim is to be put.
pub fn join_form(claim: ClaimId) -> String {
    format!("join:{claim}")
}

/// An incident that its id or an address of its page at the desk names.
fn incident_in(pasted: &str) -> Option<IncidentId> {
    let pasted = pasted.trim();
    if let Ok(id) = pasted.parse() {
        return Some(id);
    }
    let (site, rest) = pasted.split_once("/incidents/")?;
    let id = rest.split(['/', '?', '#']).next()?;
    if site.contains(['?', '#']) { None } else { id.parse().ok() }
}

/// Whether somebody pasted an address, and wrote no words.
fn is_address(typed: &str) -> bool {
    let typed = typed.trim();
    typed.starts_with('/') || typed.contains("://") && !typed.contains(char::is_whitespace)
}

/// Where a form of a claim or of an incident leads back to.
fn page(incident: IncidentId, from: &str) -> String {
    match from.parse::<ClaimId>() {
        Ok(claim) => paths::claim_part(claim, "incident"),
        Err(_) if from == "proposals" => paths::proposals(),
        Err(_) => format!("{}#members", paths::incident(incident)),
    }
}

#[server(prefix = "/actions", endpoint = "incidents/confirm")]
pub async fn confirm_in_incident(
    #[server(default)] incident: String,
    #[server(default)] claim: String,
    #[server(default)] from: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Gather>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let claim: ClaimId = id("claim", &claim)?;
    let page = page(incident, &from);
    match desk.confirm_in_incident(&actor, incident, claim, None).await {
        Ok(()) => go_done(&page, Done::Gathered),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "incidents/reject")]
pub async fn reject_from_incident(
    #[server(default)] incident: String,
    #[server(default)] claim: String,
    #[server(default)] from: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Gather>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let claim: ClaimId = id("claim", &claim)?;
    let page = page(incident, &from);
    match desk.reject_from_incident(&actor, incident, claim, None, None).await {
        Ok(()) => go_done(&page, Done::NotGathered),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

/// Puts a claim into the incident whose address is pasted.
#[server(prefix = "/actions", endpoint = "incidents/join")]
pub async fn join_incident(
    #[server(default)] claim: String,
    #[server(default)] incident: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Gather>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let page = paths::claim_part(claim, "incident");
    let form = join_form(claim);
    let done = async {
        let incident = incident_in(&incident)
            .ok_or_else(|| Invalid::new("incident", t!("Paste the address of the incident’s page.")))?;
        match desk.confirm_in_incident(&actor, incident, claim, None).await {
            Err(Error::NotFound("incident")) => {
                Err(Invalid::new("incident", t!("There is no incident with this address.")).into())
            }
            done => done,
        }
    }
    .await;
    if let Err(error) = done {
        let typed = fields([("incident", &incident)]);
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::Gathered);
    Ok(())
}

#[server(prefix = "/actions", endpoint = "incidents/rename")]
pub async fn rename_incident(
    #[server(default)] incident: String,
    #[server(default)] version: String,
    #[server(default)] title: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Curate>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let done = async {
        desk.rename_incident(
            &actor,
            incident,
            version.parse().unwrap_or_default(),
            Title::parse(&title)?,
            None,
        )
        .await
    }
    .await;
    let form = incident_form(incident);
    let page = paths::incident(incident);
    if let Err(error) = done {
        return back(
            &desk,
            &actor,
            error,
            &format!("{page}#change"),
            Some((&form, fields([("title", &title)]))),
        )
        .await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::Incident);
    Ok(())
}

#[server(prefix = "/actions", endpoint = "incidents/merge")]
pub async fn merge_incidents(
    #[server(default)] incident: String,
    #[server(default)] version: String,
    #[server(default)] into: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Curate>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let done = async {
        let into = incident_in(&into)
            .ok_or_else(|| Invalid::new("into", t!("Paste the address of the other incident’s page.")))?;
        desk.merge_incidents(&actor, incident, version.parse().unwrap_or_default(), into, None).await?;
        Ok::<_, Error>(into)
    }
    .await;
    let form = incident_form(incident);
    match done {
        Ok(into) => {
            forget(&desk, &actor, &form).await;
            go_done(&paths::incident(into), Done::IncidentsMerged);
        }
        Err(error) => {
            let page = format!("{}#change", paths::incident(incident));
            return back(&desk, &actor, error, &page, Some((&form, fields([("into", &into)])))).await;
        }
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "incidents/split")]
pub async fn split_incident(
    #[server(default)] incident: String,
    #[server(default)] version: String,
    #[server(default)] claims: Vec<String>,
    #[server(default)] title: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Curate>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let done = async {
        let chosen = claims
            .iter()
            .map(|claim| claim.parse::<ClaimId>())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| Invalid::new("claims", t!("Choose claims of the list.")))?;
        let to = match incident_in(&title) {
            // The address of another incident, instead of a title for a new one.
            Some(other) => SplitTo::Known(other),
            None if is_address(&title) => {
                let words = t!("Paste the address of the other incident’s page.");
                return Err(Invalid::new("to", words).into());
            }
            None => SplitTo::New(Title::parse(&title)?),
        };
        desk.split_incident(&actor, incident, version.parse().unwrap_or_default(), &chosen, to, None).await
    }
    .await;
    let form = incident_form(incident);
    match done {
        Ok(to) => {
            forget(&desk, &actor, &form).await;
            go_done(&paths::incident(to), Done::IncidentSplit);
        }
        Err(error) => {
            let page = format!("{}#members", paths::incident(incident));
            let mut typed = fields([("split_title", &title)]);
            for claim in &claims {
                typed.insert(format!("chosen:{claim}"), "1".to_owned());
            }
            return back(&desk, &actor, error, &page, Some((&form, typed))).await;
        }
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "incidents/estimate")]
pub async fn set_estimate(
    #[server(default)] incident: String,
    #[server(default)] indicator: String,
    #[server(default)] figure: String,
    #[server(default)] basis: String,
    #[server(default)] seen: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Curate>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let of: Indicator = id("indicator", &indicator)?;
    let done = async {
        let basis = Reason::parse(&basis)?;
        let own = EstimateForm { figure: Some(figure.clone()), basis, seen: seen.parse().ok() };
        desk.set_estimate(&actor, incident, of, own, None).await
    }
    .await;
    let form = estimate_form(incident, of);
    let page = paths::ledger(incident, of);
    if let Err(error) = done {
        let typed = fields([("figure", &figure), ("basis", &basis)]);
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::Estimate);
    Ok(())
}

/// Makes the figures of an incident public, once somebody says to have looked at what readers will see.
#[server(prefix = "/actions", endpoint = "incidents/publish")]
pub async fn publish_ledger(
    #[server(default)] incident: String,
    #[server(default)] version: String,
    #[server(default)] confirm: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<PublishFigures>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let done = async {
        if confirm != "yes" {
            let words = t!("Look at what readers will see, and say so with the box below.");
            return Err(Error::from(Invalid::new("confirm", words)));
        }
        desk.publish_ledger(&actor, incident, version.parse().unwrap_or_default(), None).await
    }
    .await;
    let form = publish_ledger_form(incident);
    let page = format!("{}#publish", paths::incident(incident));
    if let Err(error) = done {
        return back(&desk, &actor, error, &page, Some((&form, fields([])))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::LedgerPublished);
    Ok(())
}

/// Takes them back, with a note to readers.
#[server(prefix = "/actions", endpoint = "incidents/withdraw")]
pub async fn withdraw_ledger(
    #[server(default)] incident: String,
    #[server(default)] version: String,
    #[server(default)] note: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<PublishFigures>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let done = match CorrectionNote::parse(&note) {
        Ok(note) => {
            let seen = version.parse().unwrap_or_default();
            desk.withdraw_ledger(&actor, incident, seen, note, None).await
        }
        Err(invalid) => Err(invalid.into()),
    };
    let form = withdraw_ledger_form(incident);
    let page = format!("{}#publish", paths::incident(incident));
    if let Err(error) = done {
        return back(&desk, &actor, error, &page, Some((&form, fields([("note", &note)])))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&paths::incident(incident), Done::LedgerWithdrawn);
    Ok(())
}

/// Takes back what somebody did with incidents.
#[server(prefix = "/actions", endpoint = "incidents/undo")]
pub async fn undo_incident_change(
    #[server(default)] incident: String,
    #[server(default)] change: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Gather>()?;
    let incident: IncidentId = id("incident", &incident)?;
    let change: ChangeId = id("change", &change)?;
    let page = format!("{}#changes", paths::incident(incident));
    match desk.undo_incident_change(&actor, incident, change, None).await {
        Ok(()) => go_done(&page, Done::IncidentUndone),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

/// Gives a claim the verdict of one that says the same.
#[server(prefix = "/actions", endpoint = "claims/reuse")]
pub async fn reuse_verdict(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] of: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let of: ClaimId = id("of", &of)?;
    let done = desk.reuse_verdict(&actor, claim, of, version.parse().unwrap_or_default(), None).await;
    if let Err(error) = done {
        return back(&desk, &actor, error, &paths::claim_part(claim, "incident"), None).await;
    }
    go(&crate::paths::with(&paths::claim(claim), "done", Done::Settled.word()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01934f6e-0000-7000-8000-000000000000";

    #[test]
    fn an_incident_is_named_by_its_id_and_by_addresses_of_its_page() {
        for pasted in [
            ID.to_owned(),
            format!(" https://desk.example/incidents/{ID}?of=killed#killed "),
            format!("/incidents/{ID}"),
            format!("desk.example/incidents/{ID}/"),
        ] {
            assert_eq!(incident_in(&pasted).map(|id| id.to_string()).as_deref(), Some(ID), "{pasted}");
        }
    }

    #[test]
    fn the_address_of_anything_else_names_no_incident() {
        for pasted in [
            format!("https://desk.example/claims/{ID}"),
            format!("/articles/{ID}#claim-{ID}"),
            format!("/claims?q=/incidents/{ID}"),
            format!("/public/incidents/market-{ID}"),
            format!("Flood in {ID}"),
            "https://desk.example/incidents".to_owned(),
        ] {
            assert_eq!(incident_in(&pasted), None, "{pasted}");
        }
        assert!(is_address("https://desk.example/claims/1") && is_address("/claims/1"));
        assert!(!is_address("Ferry fire off Orla, 3/4 March"));
    }
}

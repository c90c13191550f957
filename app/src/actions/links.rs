//! Links between claims.

use super::answer::{Done, asked, back, fields, go_done, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use domain::id::{ClaimId, LinkId};
use domain::link::LinkKind;
use domain::policy::Review;
use domain::words::{Invalid, Reason};
use leptos::prelude::*;
use phrase::t;

/// The form whose draft a claim's new link is.
pub fn link_form(claim: ClaimId) -> String {
    format!("link:{claim}")
}

/// The form whose draft is which claim says the same as one that is set aside.
pub fn duplicate_form(claim: ClaimId) -> String {
    format!("duplicate:{claim}")
}

/// The claim that an address or an id names, wherever it stands in what was pasted.
pub(super) fn claim_in(pasted: &str) -> Option<ClaimId> {
    pasted
        .split(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .filter_map(|part| part.parse().ok())
        .next_back()
}

/// The claim that was chosen from the list, or else the one whose address was pasted.
///
/// # Errors
/// `Invalid` where neither names one.
pub(super) fn chosen(candidate: &str, pasted: &str) -> Result<ClaimId, Invalid> {
    let named = if pasted.trim().is_empty() { candidate } else { pasted };
    claim_in(named)
        .ok_or_else(|| Invalid::new("other", t!("Choose a claim, or paste the address of its page.")))
}

#[server(prefix = "/actions", endpoint = "claims/link")]
pub async fn link_claims(
    #[server(default)] claim: String,
    #[server(default)] kind: String,
    #[server(default)] candidate: String,
    #[server(default)] other: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = link_form(claim);
    let done = async {
        let kind: LinkKind =
            kind.parse().map_err(|_| Invalid::new("kind", t!("Say what this claim is to the other.")))?;
        let other = chosen(&candidate, &other)?;
        desk.link(&actor, claim, other, kind, Reason::optional(&reason)?).await
    }
    .await;
    let page = format!("{}#links", paths::claim(claim));
    if let Err(error) = done {
        let typed =
            fields([("kind", &kind), ("candidate", &candidate), ("other", &other), ("reason", &reason)]);
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::Linked);
    Ok(())
}

#[server(prefix = "/actions", endpoint = "claims/unlink")]
pub async fn unlink_claims(
    #[server(default)] claim: String,
    #[server(default)] link: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let link: LinkId = id("link", &link)?;
    let done = match Reason::parse(&reason) {
        Ok(reason) => desk.end_link(&actor, link, reason).await,
        Err(invalid) => Err(invalid.into()),
    };
    let page = format!("{}#links", paths::claim(claim));
    match done {
        Ok(()) => go_done(&page, Done::LinkEnded),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

/// Sets a claim aside because it says the same as another.
#[server(prefix = "/actions", endpoint = "claims/duplicate")]
pub async fn dismiss_as_duplicate(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] candidate: String,
    #[server(default)] other: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let done = match chosen(&candidate, &other) {
        Ok(of) => {
            desk.dismiss_as_duplicate(&actor, claim, version.parse().unwrap_or_default(), of, None).await
        }
        Err(invalid) => Err(invalid.into()),
    };
    let form = duplicate_form(claim);
    if let Err(error) = done {
        let page = format!("{}#more", paths::claim(claim));
        let typed = fields([("candidate", &candidate), ("other", &other)]);
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(paths::DESK, Done::Duplicate);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_named_by_its_address_or_its_id() {
        let id = "01934f6e-0000-7000-8000-000000000000";
        for pasted in [
            id.to_owned(),
            format!(" https://desk.example/claims/{id}?done=taken#claim "),
            format!("/claims/{id}"),
        ] {
            assert_eq!(claim_in(&pasted).map(|claim| claim.to_string()).as_deref(), Some(id), "{pasted}");
        }
        assert_eq!(claim_in("https://desk.example/claims"), None);
    }
}

//! What happened: every change leaves one of these, for ever.

use crate::claim::Stance;
use serde::{Deserialize, Serialize};

/// One entry of the history, as it is stored. Fields hold what is needed to say it in words years
/// later, so names are kept beside ids. Variants and fields are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    ArticleAdded { title: String, claims: u32 },
    SnapshotTaken { number: i32, carried: u32, added: u32, lost: u32 },
    ClaimExtracted { extractor: String },
    ClaimCarried { snapshot: i32 },
    ClaimLost { snapshot: i32 },
    Taken { until: String },
    Released,
    Expired { holder: String },
    EvidenceAdded { title: String, stance: Stance },
    EvidenceCorrected { title: String, before: String, after: String },
    EvidenceWithdrawn { title: String, reason: String },
    VerdictGiven { number: i32, rating: String, rationale: String, supersedes: Option<String> },
    Published,
    Reopened { reason: String },
    Dismissed { reason: String },
    AccountCreated { name: String, role: String },
    AccountDisabled { name: String },
    AccountEnabled { name: String },
    RoleChanged { name: String, before: String, after: String },
    PasswordChanged,
    SessionsEnded,
    TokenCreated { name: String },
    TokenRevoked { name: String },
}

impl Event {
    /// The name stored in its own column, to filter by.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ArticleAdded { .. } => "article_added",
            Self::SnapshotTaken { .. } => "snapshot_taken",
            Self::ClaimExtracted { .. } => "claim_extracted",
            Self::ClaimCarried { .. } => "claim_carried",
            Self::ClaimLost { .. } => "claim_lost",
            Self::Taken { .. } => "taken",
            Self::Released => "released",
            Self::Expired { .. } => "expired",
            Self::EvidenceAdded { .. } => "evidence_added",
            Self::EvidenceCorrected { .. } => "evidence_corrected",
            Self::EvidenceWithdrawn { .. } => "evidence_withdrawn",
            Self::VerdictGiven { .. } => "verdict_given",
            Self::Published => "published",
            Self::Reopened { .. } => "reopened",
            Self::Dismissed { .. } => "dismissed",
            Self::AccountCreated { .. } => "account_created",
            Self::AccountDisabled { .. } => "account_disabled",
            Self::AccountEnabled { .. } => "account_enabled",
            Self::RoleChanged { .. } => "role_changed",
            Self::PasswordChanged => "password_changed",
            Self::SessionsEnded => "sessions_ended",
            Self::TokenCreated { .. } => "token_created",
            Self::TokenRevoked { .. } => "token_revoked",
        }
    }

    /// What happened, to follow the name of who did it: "Noor A. gave the verdict …".
    pub fn in_words(&self) -> String {
        match self {
            Self::ArticleAdded { title, claims } => format!("added “{title}”; {claims} claims were found"),
            Self::SnapshotTaken { number, carried, added, lost } => format!(
                "added version {number} of the text: {carried} claims carried over, {added} new, {lost} no longer in it"
            ),
            Self::ClaimExtracted { extractor } => {
                format!("added the article, and this claim was found ({extractor})")
            }
            Self::ClaimCarried { snapshot } => {
                format!("added version {snapshot} of the text; the claim still stands in it")
            }
            Self::ClaimLost { snapshot } => {
                format!("added version {snapshot} of the text; the claim’s wording is no longer in it")
            }
            Self::Taken { .. } => "took it for review".to_owned(),
            Self::Released => "released it".to_owned(),
            Self::Expired { holder } => format!("gave it back to the queue: {holder} had left it"),
            Self::EvidenceAdded { title, stance } => {
                format!("added evidence that {}: “{title}”", stance.label())
            }
            Self::EvidenceCorrected { title, before, after } => {
                format!("corrected the evidence “{title}”: {before} became {after}")
            }
            Self::EvidenceWithdrawn { title, reason } => format!("withdrew the evidence “{title}”: {reason}"),
            Self::VerdictGiven { number, rating, rationale, supersedes } => match supersedes {
                Some(old) => format!("gave verdict {number}, {rating}, in place of {old}: {rationale}"),
                None => format!("gave the verdict {rating}: {rationale}"),
            },
            Self::Published => "published it".to_owned(),
            Self::Reopened { reason } => format!("reopened it: {reason}"),
            Self::Dismissed { reason } => format!("dismissed it: {reason}"),
            Self::AccountCreated { name, role } => format!("created the account of {name}, {role}"),
            Self::AccountDisabled { name } => format!("disabled the account of {name}"),
            Self::AccountEnabled { name } => format!("enabled the account of {name}"),
            Self::RoleChanged { name, before, after } => format!("made {name} {after} (was {before})"),
            Self::PasswordChanged => "changed the password".to_owned(),
            Self::SessionsEnded => "signed out everywhere".to_owned(),
            Self::TokenCreated { name } => format!("made the API token “{name}”"),
            Self::TokenRevoked { name } => format!("revoked the API token “{name}”"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_kind_is_the_tag_of_the_body() {
        let events = [
            Event::Released,
            Event::Published,
            Event::VerdictGiven {
                number: 2,
                rating: "False".into(),
                rationale: "r".into(),
                supersedes: None,
            },
            Event::EvidenceAdded { title: "t".into(), stance: Stance::Refutes },
        ];
        for event in events {
            let body = serde_json::to_value(&event).expect("serialises");
            assert_eq!(body["kind"], event.kind());
            assert_eq!(serde_json::from_value::<Event>(body).expect("reads back"), event);
        }
    }
}

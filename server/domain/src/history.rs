//! What happened: every change leaves one of these, for ever.

use crate::claim::{ClaimKind, Stance};
use crate::copy::{MediaType, Outcome, size_in_words};
use crate::desk_policy::Change;
use crate::grade::Reliability;
use crate::id::{AccountId, ClaimId, CommentId, IncidentId};
use crate::measure::Indicator;
use crate::media::{Authenticity, Medium, named};
use crate::notification::{Channel, Level, Occasion};
use crate::phrase::{Phrase, Value};
use phrase::{phrase, plural};
use serde::{Deserialize, Serialize};

/// One entry of the history, as it is stored. Fields hold what is needed to say it in words years
/// later, so names are kept beside ids. Variants and fields are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    ArticleAdded {
        title: String,
        claims: u32,
    },
    SnapshotTaken {
        number: i32,
        carried: u32,
        added: u32,
        lost: u32,
    },
    ClaimExtracted {
        extractor: String,
    },
    ClaimCarried {
        snapshot: i32,
    },
    ClaimLost {
        snapshot: i32,
    },
    Taken {
        until: String,
    },
    Released,
    Expired {
        holder: String,
    },
    EvidenceAdded {
        title: String,
        stance: Stance,
    },
    EvidenceCorrected {
        title: String,
        before: String,
        after: String,
    },
    EvidenceWithdrawn {
        title: String,
        reason: String,
    },
    /// What was said of a picture, a video or a recording no longer stands, and nothing else does.
    AssessmentTakenBack {
        title: String,
        medium: Medium,
        categories: Vec<Authenticity>,
        reason: String,
    },
    /// What a picture, a video or a recording was found to be.
    MediaAssessed {
        title: String,
        medium: Medium,
        categories: Vec<Authenticity>,
        /// What was said of it before.
        instead_of: Option<Vec<Authenticity>>,
        context: Option<String>,
        original: Option<String>,
    },
    Commented(Said),
    CommentChanged {
        comment: CommentId,
        called: Vec<Called>,
    },
    CommentWithdrawn {
        comment: CommentId,
        author: String,
    },
    CommentResolved {
        comment: CommentId,
        author: String,
    },
    CommentTakenUp {
        comment: CommentId,
        author: String,
    },
    CopyAdded {
        title: String,
        media_type: MediaType,
        bytes: u64,
        sha256: String,
    },
    CopyChecked {
        title: String,
        sha256: String,
        outcome: Outcome,
        found_sha256: Option<String>,
    },
    CopiesCheckAsked,
    CopiesChecked {
        checked: u64,
        broken: u64,
    },
    VerdictGiven {
        number: i32,
        rating: String,
        rationale: String,
        supersedes: Option<String>,
    },
    Overrode {
        unmet: Vec<String>,
        reason: String,
    },
    FirstVerdictGiven {
        number: i32,
        because: String,
    },
    FirstVerdictShown(ShownVerdict),
    SecondVerdictGiven {
        number: i32,
        rating: String,
        rationale: String,
        agrees: bool,
    },
    Adjudicated {
        number: i32,
        rating: String,
        reason: String,
        first: String,
        second: String,
    },
    VerdictUndone {
        number: i32,
    },
    TakenOver {
        until: String,
        from: String,
        reason: String,
    },
    Published,
    PageMade {
        slug: String,
    },
    PublishedAgain {
        number: i32,
        what: String,
        note: String,
    },
    Withdrawn {
        note: String,
    },
    Reopened {
        reason: String,
    },
    Dismissed {
        reason: String,
        /// Readers still see it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_public: bool,
    },
    SpanCorrected {
        before: String,
        after: String,
    },
    KindCorrected {
        before: ClaimKind,
        after: ClaimKind,
    },
    SourceCorrected {
        before: String,
        after: String,
    },
    MeasureCorrected {
        before: String,
        after: String,
    },
    MeasureAdded {
        measure: String,
    },
    MeasureRemoved {
        measure: String,
    },
    LinkMade {
        what: String,
        other: ClaimId,
        words: String,
    },
    LinkEnded {
        what: String,
        other: ClaimId,
        words: String,
        reason: String,
    },
    BasisMoved {
        of: ClaimId,
        words: String,
        what: String,
    },
    ClaimSplit {
        into: Vec<ClaimId>,
        words: Vec<String>,
        /// Readers still see it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_public: bool,
    },
    ClaimSplitOff {
        from: ClaimId,
        words: String,
    },
    ClaimMerged {
        into: ClaimId,
        words: String,
        /// Readers still see it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_public: bool,
    },
    ClaimTookIn {
        from: Vec<ClaimId>,
        words: Vec<String>,
    },
    Followed {
        claim: ClaimId,
        level: Level,
    },
    NotificationsChosen {
        choices: Vec<(Occasion, Channel)>,
    },
    MailStopped,
    MailTriedAgain {
        name: String,
    },
    MailDropped {
        name: String,
    },
    PolicyChanged {
        version: i32,
        changes: Vec<Change>,
        reason: String,
    },
    ScaleAdded {
        scale: String,
    },
    ScaleChanged {
        scale: String,
        version: i32,
        changes: String,
        reason: String,
    },
    SourceGraded {
        source: String,
        before: Reliability,
        after: Reliability,
        reason: String,
    },
    SourceNamed {
        name: String,
        source: String,
        reason: String,
    },
    SourceParted {
        name: String,
        source: String,
        reason: String,
    },
    /// Two sources whose names are alike are two.
    SourcesToldApart {
        name: String,
        other: String,
    },
    /// Nothing is said any more of whether they are.
    SourcesAskedAgain {
        name: String,
        other: String,
    },
    AccountCreated {
        name: String,
        role: String,
    },
    AccountDisabled {
        name: String,
    },
    AccountEnabled {
        name: String,
    },
    RoleChanged {
        name: String,
        before: String,
        after: String,
    },
    PasswordChanged,
    SessionsEnded,
    SignedIn {
        how: String,
    },
    IdentityLinked {
        provider: String,
    },
    IdentityUnlinked {
        provider: String,
    },
    SecondFactorOn,
    SecondFactorOff,
    SecondFactorReset {
        name: String,
        reason: String,
    },
    RecoveryCodesRenewed,
    RecoveryCodeUsed {
        left: i64,
    },
    TokenCreated {
        name: String,
    },
    TokenRevoked {
        name: String,
    },
    RecordBegan,
    RecordRenewed,
    ReceiverAdded {
        name: String,
    },
    ReceiverDisabled {
        name: String,
    },
    ReceiverEnabled {
        name: String,
    },
    ReceiverTested {
        name: String,
    },
    DeliveryReplayed {
        name: String,
    },
    /// The rules found claims about an event that the desk did not know.
    IncidentBegan {
        title: String,
        claims: u32,
    },
    /// The rules added claims, or proposed them to people.
    IncidentGathered {
        confirmed: u32,
        proposed: u32,
        left: u32,
    },
    /// A person said that a claim is about it.
    IncidentConfirmed {
        claim: ClaimId,
        words: String,
    },
    /// A person said that a claim is not.
    IncidentRejected {
        claim: ClaimId,
        words: String,
        reason: Option<String>,
    },
    IncidentMerged {
        into: IncidentId,
        title: String,
        claims: u32,
    },
    IncidentTookIn {
        from: IncidentId,
        title: String,
        claims: u32,
        /// The desk held figures of both, and those of the one that is left stay.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        keeps_own: bool,
    },
    IncidentSplit {
        into: IncidentId,
        title: String,
        claims: u32,
    },
    IncidentSplitOff {
        from: IncidentId,
        title: String,
        claims: u32,
    },
    IncidentRenamed {
        before: String,
        after: String,
    },
    IncidentEstimated {
        indicator: Indicator,
        before: Option<String>,
        after: Option<String>,
        basis: String,
    },
    IncidentUndone {
        /// What was taken back, in English; where it is known as an event, `done` tells it.
        what: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        done: Option<Box<Event>>,
    },
    /// Readers see its figures from now on.
    LedgerPublished {
        slug: String,
        /// They had seen them before.
        again: bool,
    },
    LedgerWithdrawn {
        note: String,
    },
    /// Readers were told what is new in them; nothing where it was only taken down what they see.
    LedgerChanged {
        news: Vec<String>,
    },
    /// Of a claim: a person said what it is about.
    JoinedIncident {
        incident: IncidentId,
        title: String,
    },
    LeftIncident {
        incident: IncidentId,
        title: String,
    },
    Contradicted {
        incident: IncidentId,
        why: String,
    },
    ContradictionEnded {
        incident: IncidentId,
    },
    VerdictReused {
        of: ClaimId,
        words: String,
    },
    DeadlineSet {
        deadline: String,
        before: Option<String>,
    },
    DeadlineCleared {
        before: String,
    },
    DeadlineCame {
        deadline: String,
        overdue: bool,
    },
    PriorityChanged {
        before: i16,
        after: i16,
        because: String,
    },
    Escalated {
        deadline: String,
        overdue: bool,
        before: i16,
        after: i16,
    },
    Assigned {
        to: String,
        before: Option<String>,
    },
    Unassigned {
        from: String,
    },
    ViewSaved {
        name: String,
        shared: bool,
    },
    ViewChanged {
        name: String,
        before: String,
        shared: bool,
    },
    ViewDeleted {
        name: String,
    },
}

/// A first verdict, once the second one is in. Until then the history says only that there is one:
/// what it says stays between its author and the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownVerdict {
    pub number: i32,
    pub by: String,
    pub rating: String,
    pub rationale: String,
    pub figure: Option<String>,
}

/// A comment was made. Its words stay with the comment, so that they can be withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub comment: CommentId,
    pub answers: Option<Answered>,
    /// The words of the article that it is about.
    pub on: Option<String>,
    pub called: Vec<Called>,
}

/// Somebody who was called with an @.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    pub id: AccountId,
    pub name: String,
}

/// The comment that begins a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub comment: CommentId,
    pub author: String,
}

/// Entries of an incident's history after which its public page may say something else. What the rules
/// only propose is none of them: see [`crate::publication`].
pub const CHANGES_OF_LEDGER: [&str; 11] = [
    "incident_began",
    "incident_gathered",
    "incident_confirmed",
    "incident_rejected",
    "incident_took_in",
    "incident_split",
    "incident_split_off",
    "incident_renamed",
    "incident_estimated",
    "incident_undone",
    "ledger_published",
];
/// The same in the histories of its claims. A verdict is none of them before it is published.
pub const CHANGES_OF_FIGURES: [&str; 15] = [
    "claim_carried",
    "span_corrected",
    "source_corrected",
    "measure_corrected",
    "measure_added",
    "measure_removed",
    "claim_split",
    "claim_split_off",
    "claim_merged",
    "claim_took_in",
    "dismissed",
    "published",
    "page_made",
    "published_again",
    "withdrawn",
];

/// More after which the estimate may be another one, though the page says nothing of it by itself: a
/// verdict that is looked at again no longer counts for it.
const MAY_CHANGE_FIGURES: [&str; 2] = ["incident_merged", "reopened"];

impl Event {
    /// Whether readers of an incident's public figures may see something else after it.
    pub fn may_change_figures(&self) -> bool {
        let kind = self.kind();
        [&CHANGES_OF_LEDGER[..], &CHANGES_OF_FIGURES, &MAY_CHANGE_FIGURES]
            .iter()
            .any(|all| all.contains(&kind))
    }

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
            Self::AssessmentTakenBack { .. } => "assessment_taken_back",
            Self::MediaAssessed { .. } => "media_assessed",
            Self::Commented(_) => "commented",
            Self::CommentChanged { .. } => "comment_changed",
            Self::CommentWithdrawn { .. } => "comment_withdrawn",
            Self::CommentResolved { .. } => "comment_resolved",
            Self::CommentTakenUp { .. } => "comment_taken_up",
            Self::CopyAdded { .. } => "copy_added",
            Self::CopyChecked { .. } => "copy_checked",
            Self::CopiesCheckAsked => "copies_check_asked",
            Self::CopiesChecked { .. } => "copies_checked",
            Self::VerdictGiven { .. } => "verdict_given",
            Self::Overrode { .. } => "overrode",
            Self::FirstVerdictGiven { .. } => "first_verdict_given",
            Self::FirstVerdictShown(_) => "first_verdict_shown",
            Self::SecondVerdictGiven { .. } => "second_verdict_given",
            Self::Adjudicated { .. } => "adjudicated",
            Self::VerdictUndone { .. } => "verdict_undone",
            Self::TakenOver { .. } => "taken_over",
            Self::Published => "published",
            Self::PageMade { .. } => "page_made",
            Self::PublishedAgain { .. } => "published_again",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Reopened { .. } => "reopened",
            Self::Dismissed { .. } => "dismissed",
            Self::SpanCorrected { .. } => "span_corrected",
            Self::KindCorrected { .. } => "kind_corrected",
            Self::SourceCorrected { .. } => "source_corrected",
            Self::MeasureCorrected { .. } => "measure_corrected",
            Self::MeasureAdded { .. } => "measure_added",
            Self::MeasureRemoved { .. } => "measure_removed",
            Self::LinkMade { .. } => "link_made",
            Self::LinkEnded { .. } => "link_ended",
            Self::BasisMoved { .. } => "basis_moved",
            Self::ClaimSplit { .. } => "claim_split",
            Self::ClaimSplitOff { .. } => "claim_split_off",
            Self::ClaimMerged { .. } => "claim_merged",
            Self::ClaimTookIn { .. } => "claim_took_in",
            Self::Followed { .. } => "followed",
            Self::NotificationsChosen { .. } => "notifications_chosen",
            Self::MailStopped => "mail_stopped",
            Self::MailTriedAgain { .. } => "mail_tried_again",
            Self::MailDropped { .. } => "mail_dropped",
            Self::PolicyChanged { .. } => "policy_changed",
            Self::ScaleAdded { .. } => "scale_added",
            Self::ScaleChanged { .. } => "scale_changed",
            Self::SourceGraded { .. } => "source_graded",
            Self::SourceNamed { .. } => "source_named",
            Self::SourceParted { .. } => "source_parted",
            Self::SourcesToldApart { .. } => "sources_told_apart",
            Self::SourcesAskedAgain { .. } => "sources_asked_again",
            Self::AccountCreated { .. } => "account_created",
            Self::AccountDisabled { .. } => "account_disabled",
            Self::AccountEnabled { .. } => "account_enabled",
            Self::RoleChanged { .. } => "role_changed",
            Self::PasswordChanged => "password_changed",
            Self::SessionsEnded => "sessions_ended",
            Self::SignedIn { .. } => "signed_in",
            Self::IdentityLinked { .. } => "identity_linked",
            Self::IdentityUnlinked { .. } => "identity_unlinked",
            Self::SecondFactorOn => "second_factor_on",
            Self::SecondFactorOff => "second_factor_off",
            Self::SecondFactorReset { .. } => "second_factor_reset",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::RecoveryCodeUsed { .. } => "recovery_code_used",
            Self::TokenCreated { .. } => "token_created",
            Self::TokenRevoked { .. } => "token_revoked",
            Self::RecordBegan => "record_began",
            Self::RecordRenewed => "record_renewed",
            Self::ReceiverAdded { .. } => "receiver_added",
            Self::ReceiverDisabled { .. } => "receiver_disabled",
            Self::ReceiverEnabled { .. } => "receiver_enabled",
            Self::ReceiverTested { .. } => "receiver_tested",
            Self::DeliveryReplayed { .. } => "delivery_replayed",
            Self::IncidentBegan { .. } => "incident_began",
            Self::IncidentGathered { .. } => "incident_gathered",
            Self::IncidentConfirmed { .. } => "incident_confirmed",
            Self::IncidentRejected { .. } => "incident_rejected",
            Self::IncidentMerged { .. } => "incident_merged",
            Self::IncidentTookIn { .. } => "incident_took_in",
            Self::IncidentSplit { .. } => "incident_split",
            Self::IncidentSplitOff { .. } => "incident_split_off",
            Self::IncidentRenamed { .. } => "incident_renamed",
            Self::IncidentEstimated { .. } => "incident_estimated",
            Self::IncidentUndone { .. } => "incident_undone",
            Self::LedgerPublished { .. } => "ledger_published",
            Self::LedgerWithdrawn { .. } => "ledger_withdrawn",
            Self::LedgerChanged { .. } => "ledger_changed",
            Self::JoinedIncident { .. } => "joined_incident",
            Self::LeftIncident { .. } => "left_incident",
            Self::Contradicted { .. } => "contradicted",
            Self::ContradictionEnded { .. } => "contradiction_ended",
            Self::VerdictReused { .. } => "verdict_reused",
            Self::DeadlineSet { .. } => "deadline_set",
            Self::DeadlineCleared { .. } => "deadline_cleared",
            Self::DeadlineCame { .. } => "deadline_came",
            Self::PriorityChanged { .. } => "priority_changed",
            Self::Escalated { .. } => "escalated",
            Self::Assigned { .. } => "assigned",
            Self::Unassigned { .. } => "unassigned",
            Self::ViewSaved { .. } => "view_saved",
            Self::ViewChanged { .. } => "view_changed",
            Self::ViewDeleted { .. } => "view_deleted",
        }
    }

    /// Whether it changed what was found in the text.
    pub fn is_correction(&self) -> bool {
        matches!(
            self,
            Self::SpanCorrected { .. }
                | Self::KindCorrected { .. }
                | Self::SourceCorrected { .. }
                | Self::MeasureCorrected { .. }
                | Self::MeasureAdded { .. }
                | Self::MeasureRemoved { .. }
                | Self::ClaimSplit { .. }
                | Self::ClaimMerged { .. }
                | Self::ClaimTookIn { .. }
        )
    }

    /// What happened, in English: [`Self::phrase`].
    pub fn in_words(&self) -> String {
        self.phrase().to_string()
    }

    /// What happened, to follow the name of who did it: "Noor A. gave the verdict …".
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::ArticleAdded { title, claims } => plural!(
                *claims,
                "added “{title}”; one claim was found",
                "added “{title}”; {n} claims were found"
            ),
            Self::SnapshotTaken { number, carried, added, lost } => phrase!(
                "added version {number} of the text: {carried} claims carried over, {added} new, {lost} no longer in it"
            ),
            Self::ClaimExtracted { extractor } => {
                phrase!("added the article, and this claim was found ({extractor})")
            }
            Self::ClaimCarried { snapshot } => {
                phrase!("added version {snapshot} of the text; the claim still stands in it")
            }
            Self::ClaimLost { snapshot } => {
                phrase!("added version {snapshot} of the text; the claim’s wording is no longer in it")
            }
            Self::Taken { .. } => phrase!("took it for review"),
            Self::Released => phrase!("released it"),
            Self::Expired { holder } => phrase!("gave it back to the queue: {holder} had left it"),
            Self::EvidenceAdded { title, stance } => {
                phrase!("added evidence that {}: “{title}”", stance.label())
            }
            Self::EvidenceCorrected { title, before, after } => {
                phrase!("corrected the evidence “{title}”: {before} became {after}")
            }
            Self::EvidenceWithdrawn { title, reason } => phrase!("withdrew the evidence “{title}”: {reason}"),
            Self::MediaAssessed { title, medium, categories, instead_of, context, original } => {
                let found = named(categories);
                let found = match instead_of {
                    Some(before) => phrase!("{found}, in place of {}", named(before)),
                    None => found,
                };
                let context = context.as_ref().map(|context| phrase!(": {context}")).unwrap_or_default();
                let original =
                    original.as_ref().map(|address| phrase!(" (original: {address})")).unwrap_or_default();
                phrase!("assessed the {} “{title}” as {found}{context}{original}", medium.label())
            }
            Self::AssessmentTakenBack { title, medium, categories, reason } => phrase!(
                "took back the assessment of the {} “{title}” as {}: {reason}",
                medium.label(),
                named(categories)
            ),
            Self::Commented(Said { answers, on, called, .. }) => {
                let what = match (answers, on) {
                    (Some(answered), _) => phrase!("answered {}’s comment", answered.author),
                    (None, Some(on)) => phrase!("commented on “{on}”"),
                    (None, None) => phrase!("commented"),
                };
                phrase!("{what}{}", and_called(called))
            }
            Self::CommentChanged { called, .. } => {
                phrase!("changed a comment{}", and_called(called))
            }
            Self::CommentWithdrawn { author, .. } => phrase!("withdrew a comment by {author}"),
            Self::CommentResolved { author, .. } => phrase!("resolved a comment by {author}"),
            Self::CommentTakenUp { author, .. } => phrase!("took up a comment by {author} again"),
            Self::CopyAdded { title, media_type, bytes, sha256 } => phrase!(
                "kept a copy for the evidence “{title}”: {}, {}, SHA-256 {sha256}",
                media_type.label(),
                size_in_words(*bytes)
            ),
            Self::CopyChecked { title, sha256, outcome, found_sha256 } => {
                let copy = phrase!("looked at the copy {} of the evidence “{title}”", first_eight(sha256));
                match (outcome, found_sha256) {
                    (Outcome::Intact, _) => phrase!("{copy}: intact"),
                    (Outcome::Altered, Some(found)) => {
                        phrase!("{copy}: altered since it was kept, its SHA-256 is {found} now")
                    }
                    (Outcome::Altered, None) => phrase!("{copy}: altered since it was kept"),
                    (Outcome::Missing, _) => phrase!("{copy}: its file is missing"),
                    (Outcome::Unreadable, _) => phrase!("{copy}: its file cannot be read"),
                }
            }
            Self::CopiesCheckAsked => phrase!("asked for a look at all copies"),
            Self::CopiesChecked { checked, broken: 0 } => {
                phrase!("looked at all {checked} files of copies: all intact")
            }
            Self::CopiesChecked { checked, broken } => {
                phrase!("looked at all {checked} files of copies: {broken} are not what was kept")
            }
            Self::VerdictGiven { number, rating, rationale, supersedes } => match supersedes {
                Some(old) => phrase!(
                    "gave verdict {number}, {rating}, in place of {old}: {rationale}",
                    rating = rated(rating)
                ),
                None => phrase!("gave the verdict {rating}: {rationale}", rating = rated(rating)),
            },
            Self::Overrode { unmet, reason } => {
                phrase!("gave it although something was missing: {} Why: {reason}", unmet.join(" "))
            }
            Self::FirstVerdictGiven { number, because } => {
                phrase!(
                    "gave verdict {number}, the first of two: the claim needs a second review ({because})"
                )
            }
            Self::FirstVerdictShown(ShownVerdict { number, by, rating, rationale, figure }) => {
                let figure = figure.as_ref().map(|figure| phrase!(", figure {figure}")).unwrap_or_default();
                phrase!(
                    "brought verdict {number} to light, by {by}, {rating}{figure}: {rationale}",
                    rating = rated(rating)
                )
            }
            Self::SecondVerdictGiven { number, rating, rationale, agrees } => {
                if *agrees {
                    phrase!(
                        "gave verdict {number}, {rating}, which agrees with the first: {rationale}",
                        rating = rated(rating)
                    )
                } else {
                    phrase!(
                        "gave verdict {number}, {rating}, which differs from the first: {rationale}",
                        rating = rated(rating)
                    )
                }
            }
            Self::Adjudicated { number, rating, reason, first, second } => {
                phrase!(
                    "decided between {first} and {second} with verdict {number}, {rating}: {reason}",
                    rating = rated(rating)
                )
            }
            Self::VerdictUndone { number } => phrase!("took verdict {number} back"),
            Self::TakenOver { from, reason, .. } => phrase!("took it over from {from}: {reason}"),
            Self::Published => phrase!("published it"),
            Self::PageMade { slug } => phrase!("made the public page {slug}"),
            Self::PublishedAgain { number, what, note } => {
                phrase!("told readers, publication {number}, that it was {what}: {note}")
            }
            Self::Withdrawn { note } => phrase!("withdrew it from publication: {note}"),
            Self::Reopened { reason } => phrase!("reopened it: {reason}"),
            Self::Dismissed { reason, .. } => phrase!("dismissed it: {reason}"),
            Self::SpanCorrected { before, after } => {
                phrase!("corrected the words: “{before}” became “{after}”")
            }
            Self::KindCorrected { before, after } => {
                phrase!("corrected the kind: {} became {}", before.label(), after.label())
            }
            Self::SourceCorrected { before, after } => {
                phrase!("corrected who says so: {before} became {after}")
            }
            Self::MeasureCorrected { before, after } => {
                phrase!("corrected a figure: {before} became {after}")
            }
            Self::MeasureAdded { measure } => phrase!("added a figure: {measure}"),
            Self::MeasureRemoved { measure } => phrase!("removed a figure: {measure}"),
            Self::LinkMade { what, words, .. } => phrase!("linked it: {what} “{words}”"),
            Self::LinkEnded { what, words, reason, .. } => {
                phrase!("ended the link “{what}” with “{words}”: {reason}")
            }
            Self::BasisMoved { words, what, .. } => {
                phrase!("{what} “{words}”, on which this claim rests")
            }
            Self::ClaimSplit { words, .. } => phrase!("dismissed it: split into {}", quoted(words)),
            Self::ClaimSplitOff { words, .. } => phrase!("split it off from “{words}”"),
            Self::ClaimMerged { words, .. } => phrase!("dismissed it: merged into “{words}”"),
            Self::ClaimTookIn { words, .. } => phrase!("merged {} into it", quoted(words)),
            Self::Followed { level: Level::Watching, .. } => phrase!("began to watch a claim"),
            Self::Followed { level: Level::Unwatched, .. } => phrase!("stopped watching a claim"),
            Self::Followed { level: Level::Muted, .. } => phrase!("muted a claim"),
            Self::NotificationsChosen { choices } => {
                let said = choices
                    .iter()
                    .map(|(occasion, channel)| phrase!("{}: {}", occasion.label(), channel.label()));
                phrase!("chose how to be told ({})", Phrase::enumerated(said))
            }
            Self::MailStopped => phrase!("stopped all mail by the link in one"),
            Self::MailTriedAgain { name } => phrase!("had the mail to {name} tried again"),
            Self::MailDropped { name } => phrase!("threw away the mail to {name}, which had failed"),
            Self::PolicyChanged { version, changes, reason } => {
                let stored = |text: &String| Phrase::stored(text.clone());
                let changes = changes.iter().map(|change| {
                    phrase!(
                        "{}: {} (was {})",
                        stored(&change.setting),
                        stored(&change.after),
                        stored(&change.before)
                    )
                });
                phrase!("set policy {version}, {}: {reason}", Phrase::enumerated(changes))
            }
            Self::ScaleAdded { scale } => phrase!("added the scale “{scale}”"),
            Self::ScaleChanged { scale, version, changes, reason } => {
                phrase!("made version {version} of the scale “{scale}”: {changes}. Why: {reason}")
            }
            Self::SourceGraded { source, before, after, reason } => {
                phrase!(
                    "graded {source} {} ({}), was {}: {reason}",
                    after.word(),
                    after.label(),
                    before.word()
                )
            }
            Self::SourceNamed { name, source, reason } => {
                phrase!("said that “{name}” is another name of {source}: {reason}")
            }
            Self::SourceParted { name, source, reason } => {
                phrase!("said that “{name}” is no name of {source}: {reason}")
            }
            Self::SourcesToldApart { name, other } => {
                phrase!("said that “{name}” and “{other}” are not one source")
            }
            Self::SourcesAskedAgain { name, other } => {
                phrase!("took back that “{name}” and “{other}” are not one source")
            }
            Self::AccountCreated { name, role } => phrase!("created the account of {name}, {role}"),
            Self::AccountDisabled { name } => phrase!("disabled the account of {name}"),
            Self::AccountEnabled { name } => phrase!("enabled the account of {name}"),
            Self::RoleChanged { name, before, after } => phrase!("made {name} {after} (was {before})"),
            Self::PasswordChanged => phrase!("changed the password"),
            Self::SessionsEnded => phrase!("signed out everywhere"),
            Self::SignedIn { how } => phrase!("signed in with {how}"),
            Self::IdentityLinked { provider } => phrase!("linked the account to {provider}"),
            Self::IdentityUnlinked { provider } => phrase!("cut the link to {provider}"),
            Self::SecondFactorOn => phrase!("set up a second factor"),
            Self::SecondFactorOff => phrase!("switched the second factor off"),
            Self::SecondFactorReset { name, reason } => {
                phrase!("took the second factor off the account of {name}: {reason}")
            }
            Self::RecoveryCodesRenewed => phrase!("made new recovery codes"),
            Self::RecoveryCodeUsed { left } => phrase!("used a recovery code; {left} are left"),
            Self::TokenCreated { name } => phrase!("made the API token “{name}”"),
            Self::TokenRevoked { name } => phrase!("revoked the API token “{name}”"),
            Self::RecordBegan => phrase!("began to keep every version of it"),
            Self::RecordRenewed => phrase!("wrote it anew when the program was brought up to date"),
            Self::ReceiverAdded { name } => phrase!("added the receiver “{name}”"),
            Self::ReceiverDisabled { name } => phrase!("disabled the receiver “{name}”"),
            Self::ReceiverEnabled { name } => phrase!("enabled the receiver “{name}”"),
            Self::ReceiverTested { name } => phrase!("sent a test to the receiver “{name}”"),
            Self::DeliveryReplayed { name } => phrase!("sent something again to the receiver “{name}”"),
            Self::IncidentBegan { title, claims } => {
                phrase!("began the incident “{title}” with {}", of_claims(*claims))
            }
            Self::IncidentGathered { confirmed, proposed, left } => {
                let parts = [
                    (confirmed, plural!(*confirmed, "added 1 claim", "added {n} claims")),
                    (proposed, plural!(*proposed, "proposed 1 claim", "proposed {n} claims")),
                    (left, plural!(*left, "took out 1 claim", "took out {n} claims")),
                ];
                Phrase::listed(parts.into_iter().filter(|(n, _)| **n > 0).map(|(_, said)| said))
            }
            Self::IncidentConfirmed { words, .. } => phrase!("said that “{words}” is about it"),
            Self::IncidentRejected { words, reason: Some(reason), .. } => {
                phrase!("said that “{words}” is not about it: {reason}")
            }
            Self::IncidentRejected { words, reason: None, .. } => {
                phrase!("said that “{words}” is not about it")
            }
            Self::IncidentMerged { title, claims, .. } => {
                phrase!("merged it into “{title}”, with {}", of_claims(*claims))
            }
            Self::IncidentTookIn { title, claims, keeps_own: true, .. } => phrase!(
                "merged “{title}” into it, with {}; of figures that the desk held of both, those here stay",
                of_claims(*claims)
            ),
            Self::IncidentTookIn { title, claims, .. } => {
                phrase!("merged “{title}” into it, with {}", of_claims(*claims))
            }
            Self::IncidentSplit { title, claims, .. } => {
                phrase!("split {} off into “{title}”", of_claims(*claims))
            }
            Self::IncidentSplitOff { title, claims, .. } => {
                phrase!("split it off from “{title}”, with {}", of_claims(*claims))
            }
            Self::IncidentRenamed { before, after } => phrase!("renamed it from “{before}” to “{after}”"),
            Self::IncidentEstimated { indicator, before, after, basis } => {
                let was = before.as_deref().map(|was| phrase!(" (was {was})")).unwrap_or_default();
                match after {
                    Some(after) => {
                        phrase!("set the figure of {} to {after}{was}: {basis}", indicator.label())
                    }
                    None => phrase!("left the figure of {} to the rules{was}: {basis}", indicator.label()),
                }
            }
            Self::IncidentUndone { done: Some(done), .. } => phrase!("took back: {}", done.phrase()),
            Self::IncidentUndone { what, done: None } => phrase!("took back: {what}"),
            Self::LedgerPublished { again: false, .. } => phrase!("published its figures"),
            Self::LedgerPublished { again: true, .. } => phrase!("published its figures again"),
            Self::LedgerWithdrawn { note } => phrase!("withdrew its figures from the public: {note}"),
            Self::LedgerChanged { news } if news.is_empty() => {
                phrase!("noted what readers see of its figures")
            }
            Self::LedgerChanged { news } => phrase!("told readers what is new: {}", news.join(" ")),
            Self::JoinedIncident { title, .. } => phrase!("said that it is about the incident “{title}”"),
            Self::LeftIncident { title, .. } => phrase!("said that it is not about the incident “{title}”"),
            Self::Contradicted { why, .. } => phrase!("marked it as contradictory: {why}"),
            Self::ContradictionEnded { .. } => {
                phrase!("took the mark off: it no longer contradicts another figure of its incident")
            }
            Self::VerdictReused { words, .. } => phrase!("took over the verdict on “{words}”"),
            Self::DeadlineSet { deadline, before: None } => {
                phrase!("set the deadline {}", moment_in_words(deadline))
            }
            Self::DeadlineSet { deadline, before: Some(before) } => {
                phrase!(
                    "moved the deadline from {} to {}",
                    moment_in_words(before),
                    moment_in_words(deadline)
                )
            }
            Self::DeadlineCleared { before } => {
                phrase!("cleared the deadline {}", moment_in_words(before))
            }
            Self::DeadlineCame { deadline, overdue: true } => {
                phrase!("saw the deadline {} pass", moment_in_words(deadline))
            }
            Self::DeadlineCame { deadline, overdue: false } => {
                phrase!("saw the deadline {} come close", moment_in_words(deadline))
            }
            Self::PriorityChanged { before, after, because } => {
                phrase!("changed its priority from {before} to {after}: {because}")
            }
            Self::Escalated { deadline, overdue, before, after } => {
                let moved = if before == after {
                    phrase!("its priority stays {after}")
                } else {
                    phrase!("its priority went from {before} to {after}")
                };
                let deadline = moment_in_words(deadline);
                if *overdue {
                    phrase!("gave warning: the article was due {deadline}; {moved}")
                } else {
                    phrase!("gave warning: the article is due {deadline}; {moved}")
                }
            }
            Self::Assigned { to, before: None } => phrase!("assigned it to {to}"),
            Self::Assigned { to, before: Some(before) } => {
                phrase!("assigned it to {to}, who has it from {before}")
            }
            Self::Unassigned { from } => phrase!("took it off the list of {from}"),
            Self::ViewSaved { name, shared: false } => phrase!("saved the view “{name}”"),
            Self::ViewSaved { name, shared: true } => phrase!("saved the view “{name}” for the desk"),
            Self::ViewChanged { name, before, .. } if name != before => {
                phrase!("renamed the view “{before}” to “{name}”")
            }
            Self::ViewChanged { name, shared: true, .. } => phrase!("shared the view “{name}” with the desk"),
            Self::ViewChanged { name, shared: false, .. } => {
                phrase!("took the view “{name}” back from the desk")
            }
            Self::ViewDeleted { name } => phrase!("deleted the view “{name}”"),
        }
    }
}

fn of_claims(n: u32) -> Phrase {
    plural!(n, "1 claim", "{n} claims")
}

/// A moment as it was kept, for people.
fn moment_in_words(kept: &str) -> Value {
    chrono::DateTime::parse_from_rfc3339(kept)
        .map_or_else(|_| Value::Text(kept.to_owned()), |at| Value::Moment(at.to_utc()))
}

fn and_called(called: &[Called]) -> Phrase {
    if called.is_empty() {
        return Phrase::empty();
    }
    let names: Vec<&str> = called.iter().map(|person| person.name.as_str()).collect();
    phrase!(" and mentioned {}", names.join(", "))
}

/// A rating by its name, which the catalogue has where it came with the program.
fn rated(rating: &str) -> Phrase {
    Phrase::stored(rating)
}

/// Enough of a hash to tell copies apart by eye.
fn first_eight(sha256: &str) -> &str {
    sha256.get(..8).unwrap_or(sha256)
}

fn quoted(words: &[String]) -> Phrase {
    Phrase::together(words.iter().map(|words| phrase!("“{words}”")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_kind_is_the_tag_of_the_body() {
        let claim = ClaimId(uuid::Uuid::nil());
        let events = [
            Event::Released,
            Event::Published,
            Event::PageMade { slug: "s".into() },
            Event::PublishedAgain { number: 2, what: "corrected".into(), note: "n".into() },
            Event::Withdrawn { note: "n".into() },
            Event::Commented(Said {
                comment: CommentId(uuid::Uuid::nil()),
                answers: Some(Answered { comment: CommentId(uuid::Uuid::nil()), author: "N".into() }),
                on: Some("a".into()),
                called: vec![Called { id: AccountId(uuid::Uuid::nil()), name: "N".into() }],
            }),
            Event::Followed { claim, level: Level::Muted },
            Event::NotificationsChosen { choices: vec![(Occasion::Reply, Channel::Digest)] },
            Event::MailStopped,
            Event::MailTriedAgain { name: "N".into() },
            Event::MailDropped { name: "N".into() },
            Event::CommentChanged { comment: CommentId(uuid::Uuid::nil()), called: Vec::new() },
            Event::CommentWithdrawn { comment: CommentId(uuid::Uuid::nil()), author: "N".into() },
            Event::CommentResolved { comment: CommentId(uuid::Uuid::nil()), author: "N".into() },
            Event::CommentTakenUp { comment: CommentId(uuid::Uuid::nil()), author: "N".into() },
            Event::VerdictGiven {
                number: 2,
                rating: "False".into(),
                rationale: "r".into(),
                supersedes: None,
            },
            Event::Overrode { unmet: vec!["Fair needs 2.".into()], reason: "r".into() },
            Event::ScaleAdded { scale: "s".into() },
            Event::ScaleChanged { scale: "s".into(), version: 2, changes: "c".into(), reason: "r".into() },
            Event::SourceGraded {
                source: "s".into(),
                before: Reliability::F,
                after: Reliability::B,
                reason: "r".into(),
            },
            Event::SourceNamed { name: "n".into(), source: "s".into(), reason: "r".into() },
            Event::SourceParted { name: "n".into(), source: "s".into(), reason: "r".into() },
            Event::SourcesToldApart { name: "n".into(), other: "o".into() },
            Event::SourcesAskedAgain { name: "n".into(), other: "o".into() },
            Event::FirstVerdictGiven { number: 1, because: "b".into() },
            Event::FirstVerdictShown(ShownVerdict {
                number: 1,
                by: "N".into(),
                rating: "False".into(),
                rationale: "r".into(),
                figure: None,
            }),
            Event::SecondVerdictGiven {
                number: 2,
                rating: "False".into(),
                rationale: "r".into(),
                agrees: true,
            },
            Event::Adjudicated {
                number: 3,
                rating: "False".into(),
                reason: "r".into(),
                first: "a".into(),
                second: "b".into(),
            },
            Event::VerdictUndone { number: 1 },
            Event::TakenOver { until: "u".into(), from: "N".into(), reason: "r".into() },
            Event::EvidenceAdded { title: "t".into(), stance: Stance::Refutes },
            Event::MediaAssessed {
                title: "t".into(),
                medium: Medium::Video,
                categories: vec![Authenticity::Staged],
                instead_of: Some(vec![Authenticity::Original]),
                context: None,
                original: Some("https://a.example".into()),
            },
            Event::AssessmentTakenBack {
                title: "t".into(),
                medium: Medium::Image,
                categories: vec![Authenticity::Staged],
                reason: "r".into(),
            },
            Event::CopyAdded {
                title: "t".into(),
                media_type: MediaType::Pdf,
                bytes: 1,
                sha256: "ab".repeat(32),
            },
            Event::CopyChecked {
                title: "t".into(),
                sha256: "ab".repeat(32),
                outcome: Outcome::Altered,
                found_sha256: Some("cd".repeat(32)),
            },
            Event::CopiesCheckAsked,
            Event::CopiesChecked { checked: 2, broken: 1 },
            Event::SpanCorrected { before: "a".into(), after: "b".into() },
            Event::KindCorrected { before: ClaimKind::Count, after: ClaimKind::Event },
            Event::SourceCorrected { before: "a".into(), after: "b".into() },
            Event::MeasureCorrected { before: "a".into(), after: "b".into() },
            Event::MeasureAdded { measure: "a".into() },
            Event::MeasureRemoved { measure: "a".into() },
            Event::LinkMade { what: "duplicate of".into(), other: claim, words: "a".into() },
            Event::LinkEnded { what: "a".into(), other: claim, words: "a".into(), reason: "r".into() },
            Event::BasisMoved { of: claim, words: "a".into(), what: "corrected".into() },
            Event::ClaimSplit { into: vec![claim], words: vec!["a".into()], is_public: false },
            Event::ClaimSplitOff { from: claim, words: "a".into() },
            Event::ClaimMerged { into: claim, words: "a".into(), is_public: false },
            Event::ClaimTookIn { from: vec![claim], words: vec!["a".into()] },
            Event::PolicyChanged {
                version: 2,
                changes: vec![Change { setting: "s".into(), before: "a".into(), after: "b".into() }],
                reason: "r".into(),
            },
            Event::SignedIn { how: "password".into() },
            Event::IdentityLinked { provider: "a".into() },
            Event::IdentityUnlinked { provider: "a".into() },
            Event::SecondFactorOn,
            Event::SecondFactorOff,
            Event::SecondFactorReset { name: "a".into(), reason: "b".into() },
            Event::RecoveryCodesRenewed,
            Event::RecoveryCodeUsed { left: 9 },
            Event::IncidentBegan { title: "a".into(), claims: 1 },
            Event::IncidentGathered { confirmed: 2, proposed: 1, left: 0 },
            Event::IncidentConfirmed { claim, words: "a".into() },
            Event::IncidentRejected { claim, words: "a".into(), reason: None },
            Event::IncidentMerged { into: IncidentId(claim.0), title: "a".into(), claims: 2 },
            Event::IncidentTookIn {
                from: IncidentId(claim.0),
                title: "a".into(),
                claims: 2,
                keeps_own: true,
            },
            Event::IncidentSplit { into: IncidentId(claim.0), title: "a".into(), claims: 2 },
            Event::IncidentSplitOff { from: IncidentId(claim.0), title: "a".into(), claims: 2 },
            Event::IncidentRenamed { before: "a".into(), after: "b".into() },
            Event::IncidentEstimated {
                indicator: Indicator::Killed,
                before: None,
                after: Some("37–44, best 38".into()),
                basis: "b".into(),
            },
            Event::IncidentUndone { what: "a".into(), done: None },
            Event::LedgerPublished { slug: "a".into(), again: false },
            Event::LedgerWithdrawn { note: "a".into() },
            Event::LedgerChanged { news: vec!["a".into()] },
            Event::JoinedIncident { incident: IncidentId(claim.0), title: "a".into() },
            Event::LeftIncident { incident: IncidentId(claim.0), title: "a".into() },
            Event::Contradicted { incident: IncidentId(claim.0), why: "a".into() },
            Event::ContradictionEnded { incident: IncidentId(claim.0) },
            Event::VerdictReused { of: claim, words: "a".into() },
            Event::DeadlineSet { deadline: "2026-03-12T14:00:00+00:00".into(), before: None },
            Event::DeadlineCleared { before: "2026-03-12T14:00:00+00:00".into() },
            Event::DeadlineCame { deadline: "a".into(), overdue: true },
            Event::PriorityChanged { before: 1, after: 2, because: "a".into() },
            Event::Escalated { deadline: "a".into(), overdue: false, before: 1, after: 2 },
            Event::Assigned { to: "a".into(), before: Some("b".into()) },
            Event::Unassigned { from: "a".into() },
            Event::ViewSaved { name: "a".into(), shared: true },
            Event::ViewChanged { name: "a".into(), before: "b".into(), shared: false },
            Event::ViewDeleted { name: "a".into() },
        ];
        for event in events {
            let body = serde_json::to_value(&event).expect("serialises");
            assert_eq!(body["kind"], event.kind());
            assert_eq!(serde_json::from_value::<Event>(body).expect("reads back"), event);
        }
    }

    #[test]
    fn an_assessment_says_what_was_found_and_what_before() {
        let event = Event::MediaAssessed {
            title: "Bridge".into(),
            medium: Medium::Video,
            categories: vec![Authenticity::Decontextualized, Authenticity::Edited],
            instead_of: Some(vec![Authenticity::Original]),
            context: Some("Filmed in 2019.".into()),
            original: None,
        };
        assert_eq!(
            event.in_words(),
            "assessed the video “Bridge” as missing context and edited or cropped, in place of original: Filmed in 2019."
        );
    }

    #[test]
    fn what_changes_a_public_ledger_is_named_as_events_are() {
        for kind in CHANGES_OF_LEDGER.iter().chain(&CHANGES_OF_FIGURES).chain(&MAY_CHANGE_FIGURES) {
            let arm = format!(" => \"{kind}\",");
            assert!(include_str!("history.rs").contains(&arm), "no event is called {kind}");
        }
    }

    #[test]
    fn what_was_split_or_merged_says_what_became_of_it() {
        let claim = ClaimId(uuid::Uuid::nil());
        let split = Event::ClaimSplit {
            into: vec![claim; 2],
            words: vec!["Two fell".into(), "ten fled".into()],
            is_public: true,
        };
        assert_eq!(split.in_words(), "dismissed it: split into “Two fell” and “ten fled”");
        let merged =
            Event::ClaimMerged { into: claim, words: "Two fell and ten fled".into(), is_public: false };
        assert_eq!(merged.in_words(), "dismissed it: merged into “Two fell and ten fled”");
    }
}

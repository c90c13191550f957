//! Who is told of what. One table says it for every event, so that a new kind of event cannot be
//! forgotten. Notifications name what happened and never how a verdict turned out: where a second
//! review is pending, nobody may know that yet.

use crate::closed_set;
use crate::history::{Event, Said};
use crate::id::{AccountId, CommentId};
use crate::phrase::Phrase;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use phrase::{phrase, plural};

closed_set! {
    /// What a person is told of. Of several that one event is, the first counts.
    Occasion {
        Mentioned = "mentioned", "Somebody mentions you";
        Reply = "reply", "An answer to a comment of yours, or where you answered";
        Takeover = "takeover", "Somebody takes a claim over from you";
        LeaseRanOut = "lease_ran_out", "Your time with a claim runs out before you saved";
        Comment = "comment", "A comment on a claim you watch";
        Verdict = "verdict", "A verdict on a claim you watch";
        Disagreement = "disagreement", "Two reviewers of a claim you watch disagree";
        Adjudication = "adjudication", "An editor decides such a disagreement";
        Publication = "publication", "A claim you watch is published";
        PublicCorrection = "public_correction", "What readers see of a claim you watch is corrected";
        Reopening = "reopening", "A claim you watch is reopened";
        Dismissal = "dismissal", "A claim you watch is set aside, or one that readers see";
        Correction = "correction", "What was found of a claim you watch is corrected";
        Deadline = "deadline", "A claim you watch, or an article whose deadline you set, is due";
        Assignment = "assignment", "Somebody gives you a claim to do";
    }
}

closed_set! {
    /// How a person is told.
    Channel {
        Nothing = "none", "not at all";
        App = "app", "here";
        Digest = "digest", "here, and in a daily mail";
        Mail = "mail", "here, and by mail at once";
    }
}

closed_set! {
    /// How closely a person follows a claim.
    Level {
        Watching = "watching", "watching";
        /// Told only of what is said to the person.
        Unwatched = "unwatched", "not watching";
        /// Told of nothing.
        Muted = "muted", "muted";
    }
}

/// The hour of the daily mail, in UTC, unless a person chooses another.
pub const DIGEST_HOUR: u32 = 6;
/// Before a mail "at once" goes out: what is read in the app meanwhile is not mailed, and what comes
/// in quick succession is one mail.
pub const GATHERING: TimeDelta = TimeDelta::minutes(1);
/// A mail is given up after so many tries.
pub const MOST_TRIES: i32 = 10;
/// How long a notification stays after it was read.
pub const KEPT: TimeDelta = TimeDelta::days(90);

impl Occasion {
    /// How people are told who chose nothing.
    pub fn default_channel(self) -> Channel {
        match self {
            Self::Mentioned | Self::Reply | Self::Takeover | Self::LeaseRanOut => Channel::Mail,
            _ => Channel::App,
        }
    }

    /// What happened, in English: [`Self::phrase`].
    pub fn told(self, n: i32, by: Option<&str>) -> String {
        self.phrase(n, by).to_string()
    }

    /// What happened, `n` times, the last time by `by`.
    pub fn phrase(self, n: i32, by: Option<&str>) -> Phrase {
        // What was read counts none and was told once.
        let n = n.max(1);
        let by = by.map_or_else(|| phrase!("The system"), Phrase::verbatim);
        match self {
            Self::Mentioned => plural!(n, "{by} mentioned you", "{n} mentions, the last by {by}"),
            Self::Reply => plural!(n, "{by} answered", "{n} answers, the last by {by}"),
            Self::Takeover => plural!(n, "{by} took it over from you", "{n} takeovers, the last by {by}"),
            Self::LeaseRanOut => phrase!("Your time with it ran out; what you wrote is kept"),
            Self::Comment => plural!(n, "{by} commented", "{n} comments, the last by {by}"),
            Self::Verdict => plural!(n, "{by} gave a verdict", "{n} verdicts, the last by {by}"),
            Self::Disagreement => phrase!("Two reviewers disagree"),
            Self::Adjudication => {
                plural!(
                    n,
                    "{by} decided between the verdicts",
                    "{n} decisions between verdicts, the last by {by}"
                )
            }
            Self::Publication => plural!(n, "{by} published it", "{n} publications, the last by {by}"),
            Self::PublicCorrection => {
                plural!(
                    n,
                    "{by} corrected what readers see",
                    "{n} corrections of what readers see, the last by {by}"
                )
            }
            Self::Reopening => plural!(n, "{by} reopened it", "{n} reopenings, the last by {by}"),
            Self::Dismissal => plural!(n, "{by} set it aside", "{n} dismissals, the last by {by}"),
            Self::Correction => {
                plural!(
                    n,
                    "{by} corrected what was found",
                    "{n} corrections of what was found, the last by {by}"
                )
            }
            Self::Deadline => phrase!("Its article is due and it is not decided"),
            Self::Assignment => plural!(n, "{by} gave it to you", "{n} times given to you, the last by {by}"),
        }
    }
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody who watches the claim.
    Watchers,
    People(Vec<AccountId>),
    /// Whoever took part in the thread that this comment begins.
    Thread(CommentId),
    /// The account that the event is about.
    Account,
    /// Everybody who decides what readers see.
    Editors,
    /// The account that the event is about, if a verdict it began is kept as a draft.
    WhoLeftADraft,
}

/// One thing that an event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    pub occasion: Occasion,
    pub audience: Audience,
    /// The comment that it is about.
    pub comment: Option<CommentId>,
}

/// Who is told of an event, besides whoever did it, who never is. Whoever is in several audiences
/// is told once, by the occasion that comes first in [`Occasion`].
pub fn tellings(event: &Event) -> Vec<Telling> {
    let watchers = |occasion| vec![Telling { occasion, audience: Audience::Watchers, comment: None }];
    // Nobody looks after the page of a claim that is set aside, unless they are told of it.
    let set_aside = |occasion, is_public: bool| {
        let of_public = Telling { occasion: Occasion::Dismissal, audience: Audience::Editors, comment: None };
        watchers(occasion).into_iter().chain(is_public.then_some(of_public)).collect()
    };
    match event {
        Event::Commented(Said { comment, answers, called, .. }) => {
            let of = |occasion, audience| Telling { occasion, audience, comment: Some(*comment) };
            let people = called.iter().map(|person| person.id).collect();
            let mut all = vec![of(Occasion::Mentioned, Audience::People(people))];
            all.extend(answers.as_ref().map(|first| of(Occasion::Reply, Audience::Thread(first.comment))));
            all.push(of(Occasion::Comment, Audience::Watchers));
            all
        }
        Event::CommentChanged { comment, called } => vec![Telling {
            occasion: Occasion::Mentioned,
            audience: Audience::People(called.iter().map(|person| person.id).collect()),
            comment: Some(*comment),
        }],
        Event::Expired { .. } => vec![Telling {
            occasion: Occasion::LeaseRanOut,
            audience: Audience::WhoLeftADraft,
            comment: None,
        }],
        // That there is a first verdict is all that anybody learns before the second is in.
        Event::VerdictGiven { .. }
        | Event::FirstVerdictGiven { .. }
        | Event::SecondVerdictGiven { agrees: true, .. } => watchers(Occasion::Verdict),
        Event::SecondVerdictGiven { agrees: false, .. } => watchers(Occasion::Disagreement),
        Event::Adjudicated { .. } => watchers(Occasion::Adjudication),
        Event::TakenOver { .. } => {
            vec![Telling { occasion: Occasion::Takeover, audience: Audience::Account, comment: None }]
        }
        Event::Published => watchers(Occasion::Publication),
        Event::PublishedAgain { .. } | Event::Withdrawn { .. } => watchers(Occasion::PublicCorrection),
        Event::Reopened { .. } | Event::BasisMoved { .. } => watchers(Occasion::Reopening),
        Event::Dismissed { is_public, .. } => set_aside(Occasion::Dismissal, *is_public),
        Event::ClaimSplit { is_public, .. } | Event::ClaimMerged { is_public, .. } => {
            set_aside(Occasion::Correction, *is_public)
        }
        Event::SpanCorrected { .. }
        | Event::KindCorrected { .. }
        | Event::SourceCorrected { .. }
        | Event::MeasureCorrected { .. }
        | Event::MeasureAdded { .. }
        | Event::MeasureRemoved { .. }
        | Event::ClaimTookIn { .. } => watchers(Occasion::Correction),
        Event::Escalated { .. } => vec![
            Telling { occasion: Occasion::Deadline, audience: Audience::Watchers, comment: None },
            Telling { occasion: Occasion::Deadline, audience: Audience::Account, comment: None },
        ],
        Event::Assigned { .. } => {
            vec![Telling { occasion: Occasion::Assignment, audience: Audience::Account, comment: None }]
        }
        // Nobody is told of these: nothing about a claim changed, or it is work in progress.
        Event::ArticleAdded { .. }
        | Event::SnapshotTaken { .. }
        | Event::ClaimExtracted { .. }
        | Event::ClaimCarried { .. }
        | Event::ClaimLost { .. }
        | Event::Taken { .. }
        | Event::Released
        | Event::FirstVerdictShown(_)
        | Event::VerdictUndone { .. }
        | Event::EvidenceAdded { .. }
        | Event::EvidenceCorrected { .. }
        | Event::EvidenceWithdrawn { .. }
        | Event::MediaAssessed { .. }
        | Event::AssessmentTakenBack { .. }
        | Event::CommentWithdrawn { .. }
        | Event::CommentResolved { .. }
        | Event::CommentTakenUp { .. }
        | Event::CopyAdded { .. }
        | Event::CopyChecked { .. }
        | Event::CopiesCheckAsked
        | Event::CopiesChecked { .. }
        | Event::PageMade { .. }
        | Event::Overrode { .. }
        | Event::LinkMade { .. }
        | Event::LinkEnded { .. }
        | Event::ClaimSplitOff { .. }
        | Event::Followed { .. }
        | Event::NotificationsChosen { .. }
        | Event::MailStopped
        | Event::MailTriedAgain { .. }
        | Event::MailDropped { .. }
        | Event::PolicyChanged { .. }
        | Event::ScaleAdded { .. }
        | Event::ScaleChanged { .. }
        | Event::SourceGraded { .. }
        | Event::SourceNamed { .. }
        | Event::SourceParted { .. }
        | Event::SourcesToldApart { .. }
        | Event::SourcesAskedAgain { .. }
        | Event::ReceiverAdded { .. }
        | Event::ReceiverDisabled { .. }
        | Event::ReceiverEnabled { .. }
        | Event::ReceiverTested { .. }
        | Event::DeliveryReplayed { .. }
        | Event::AccountCreated { .. }
        | Event::AccountDisabled { .. }
        | Event::AccountEnabled { .. }
        | Event::RoleChanged { .. }
        | Event::PasswordChanged
        | Event::SessionsEnded
        | Event::SignedIn { .. }
        | Event::IdentityLinked { .. }
        | Event::IdentityUnlinked { .. }
        | Event::SecondFactorOn
        | Event::SecondFactorOff
        | Event::SecondFactorReset { .. }
        | Event::RecoveryCodesRenewed
        | Event::RecoveryCodeUsed { .. }
        | Event::TokenCreated { .. }
        | Event::TokenRevoked { .. }
        | Event::RecordBegan
        | Event::RecordRenewed
        | Event::IncidentBegan { .. }
        | Event::IncidentGathered { .. }
        | Event::IncidentConfirmed { .. }
        | Event::IncidentRejected { .. }
        | Event::IncidentMerged { .. }
        | Event::IncidentTookIn { .. }
        | Event::IncidentSplit { .. }
        | Event::IncidentSplitOff { .. }
        | Event::IncidentRenamed { .. }
        | Event::IncidentEstimated { .. }
        | Event::IncidentUndone { .. }
        | Event::LedgerPublished { .. }
        | Event::LedgerWithdrawn { .. }
        | Event::LedgerChanged { .. }
        | Event::JoinedIncident { .. }
        | Event::LeftIncident { .. }
        | Event::Contradicted { .. }
        | Event::ContradictionEnded { .. }
        | Event::VerdictReused { .. }
        | Event::DeadlineSet { .. }
        | Event::DeadlineCleared { .. }
        | Event::DeadlineCame { .. }
        | Event::PriorityChanged { .. }
        | Event::Unassigned { .. }
        | Event::ViewSaved { .. }
        | Event::ViewChanged { .. }
        | Event::ViewDeleted { .. } => Vec::new(),
    }
}

/// Whether whoever did it watches the claim from then on, unless they chose otherwise before.
pub fn begins_watching(event: &Event) -> bool {
    matches!(
        event,
        Event::Commented(_)
            | Event::VerdictGiven { .. }
            | Event::FirstVerdictGiven { .. }
            | Event::SecondVerdictGiven { .. }
            | Event::Adjudicated { .. }
    )
}

/// When a notification goes out by mail, if it is not read before.
pub fn mail_due(channel: Channel, hour: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match channel {
        Channel::Nothing | Channel::App => None,
        Channel::Mail => Some(now + GATHERING),
        Channel::Digest => {
            let ahead = (i64::from(hour.min(23)) - i64::from(now.hour())).rem_euclid(24);
            let this_hour = now
                - TimeDelta::seconds(i64::from(now.minute() * 60 + now.second()))
                - TimeDelta::nanoseconds(i64::from(now.nanosecond()));
            Some(this_hour + TimeDelta::hours(if ahead == 0 { 24 } else { ahead }))
        }
    }
}

/// How long to wait before a mail that failed so often is tried again: from a minute to six hours.
pub fn tried_again_after(attempts: i32) -> TimeDelta {
    let doubled = 1_i64 << attempts.saturating_sub(1).clamp(0, 12);
    TimeDelta::minutes(doubled.min(360))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Answered, Called};
    use uuid::Uuid;

    #[test]
    fn whoever_is_called_is_told_that_first() {
        let person = AccountId(Uuid::from_u128(1));
        let (comment, first) = (CommentId(Uuid::from_u128(2)), CommentId(Uuid::from_u128(3)));
        let said = Said {
            comment,
            answers: Some(Answered { comment: first, author: "N".into() }),
            on: None,
            called: vec![Called { id: person, name: "P".into() }],
        };
        let told = tellings(&Event::Commented(said));
        let occasions: Vec<Occasion> = told.iter().map(|telling| telling.occasion).collect();
        assert_eq!(occasions, [Occasion::Mentioned, Occasion::Reply, Occasion::Comment]);
        assert!(occasions.is_sorted(), "the order of the list is the order of weight");
        assert_eq!(told[0].audience, Audience::People(vec![person]));
        assert_eq!(told[1].audience, Audience::Thread(first));
        assert!(told.iter().all(|telling| telling.comment == Some(comment)));
    }

    #[test]
    fn what_is_told_never_says_how_a_verdict_turned_out() {
        for occasion in Occasion::ALL {
            for n in [1, 3] {
                let words = occasion.told(n, Some("N")).to_lowercase();
                for rating in ["verified", "unverified", "disputed", "false", "missing context"] {
                    assert!(!words.contains(rating), "{words}");
                }
            }
        }
    }

    #[test]
    fn the_daily_mail_goes_out_at_the_next_such_hour() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        let due = |hour, now| mail_due(Channel::Digest, hour, at(now)).expect("by mail");
        assert_eq!(due(6, "2026-03-12T05:59:59.5Z"), at("2026-03-12T06:00:00Z"));
        assert_eq!(due(6, "2026-03-12T06:00:00Z"), at("2026-03-13T06:00:00Z"));
        assert_eq!(due(6, "2026-12-31T23:10:00Z"), at("2027-01-01T06:00:00Z"));
        assert_eq!(mail_due(Channel::App, 6, at("2026-03-12T05:00:00Z")), None);
    }

    #[test]
    fn a_mail_that_fails_is_tried_for_most_of_a_day() {
        let waits: Vec<i64> = (1..MOST_TRIES).map(|n| tried_again_after(n).num_minutes()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256]);
        assert_eq!(tried_again_after(i32::MAX).num_minutes(), 360);
    }

    #[test]
    fn several_of_a_kind_are_counted_and_one_is_told() {
        assert_eq!(Occasion::Comment.told(1, Some("Noor")), "Noor commented");
        assert_eq!(Occasion::Comment.told(4, Some("Noor")), "4 comments, the last by Noor");
        assert_eq!(Occasion::Reopening.told(1, None), "The system reopened it");
    }
}

//! How an action answers: on to the next page, or back with what was typed.

use crate::problem::Problem;
use crate::ui::{CURRENT, DIFFERENCES, TOLD_WORDS, WRONG_FIELD, WRONG_WORDS};
use crate::{paths, request};
use desk::{Desk, Error, Fields};
use domain::closed_set;
use domain::policy::{self, Action, Actor};
use domain::problem::Kind;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use phrase::t;

/// The form whose draft carries a message to the next page.
pub const FLASH: &str = "flash";

closed_set! {
    /// What was done, for the next page to say. A closed set, because it travels in the address.
    Done {
        Added = "added", "The article was added.";
        NewVersion = "new_version", "The desk knew this address; the text was added as a new version.";
        Known = "known", "The desk has this text already; nothing changed.";
        Settled = "settled", "Verdict saved.";
        First = "first", "Verdict saved. The claim waits for a second reviewer; until then only you see it.";
        Disagreed = "disagreed", "Verdict saved. It differs from the first one: an editor decides.";
        Adjudicated = "adjudicated", "Decided. Both reviewers see the outcome and why.";
        Undone = "undone", "Your verdict is taken back. What you wrote is in the form again; the history keeps that it was given.";
        TakenOver = "taken_over", "The claim is yours to check.";
        NothingLeft = "nothing_left", "Verdict saved. Nothing else waits.";
        Empty = "empty", "Nothing waits to be checked.";
        Taken = "taken", "The claim is yours to check.";
        Released = "released", "The claim is back in the queue.";
        Evidence = "evidence", "Evidence saved.";
        CopyAdded = "copy_added", "The copy is kept, and was read back as it came.";
        CopyKnown = "copy_known", "This evidence has that very copy already; nothing changed.";
        CopyMended = "copy_mended", "The copy was broken; this very file has mended it.";
        CopyIntact = "copy_intact", "The copy is byte for byte what was kept.";
        CopiesAsked = "copies_asked", "All copies are being looked at. Load the page again to see how far it is.";
        Assessed = "assessed", "The assessment is saved. Readers are told with the next publication of the claim.";
        AssessmentTakenBack = "assessment_taken_back", "The assessment is taken back; it stays visible with the reason. Readers who were told are told with the next publication of the claim.";
        Withdrawn = "withdrawn", "Evidence withdrawn; it stays visible with the reason.";
        Commented = "commented", "The comment is here.";
        CommentWithdrawn = "comment_withdrawn", "The comment is withdrawn.";
        CommentResolved = "comment_resolved", "Resolved; it is folded away below the open comments.";
        CommentTakenUp = "comment_taken_up", "The comment is open again.";
        Watching = "watching", "You watch this claim and hear what happens to it.";
        Unwatched = "unwatched", "You no longer watch this claim. You still hear when somebody mentions or answers you.";
        Muted = "muted", "Muted: you hear nothing more of this claim.";
        MailTriedAgain = "mail_tried_again", "The mail is tried again in a moment.";
        MailDropped = "mail_dropped", "The mail is thrown away.";
        Notifications = "notifications", "From now on you are told as you chose.";
        Published = "published", "The claim is published.";
        TakenFromPublic = "taken_from_public", "The claim is withdrawn: its page says so.";
        WithdrawnFromPublic = "withdrawn_from_public", "The claim is withdrawn and back in the queue. Its page says so.";
        CorrectedVerdict = "corrected_verdict", "The verdict is corrected, and what rested on it waits to be looked at.";
        Linked = "linked", "The claims are linked.";
        LinkEnded = "link_ended", "The link has ended.";
        Duplicate = "duplicate", "The claim is set aside as a duplicate, and linked to the other.";
        Receiver = "receiver", "The receiver was changed.";
        Queued = "queued", "Queued; it is sent in a moment.";
        Reopened = "reopened", "The claim is back in the queue.";
        Dismissed = "dismissed", "The claim is set aside.";
        Corrected = "corrected", "Corrected. Reading the text again will not change it back.";
        Unchanged = "unchanged", "Nothing was different, so nothing was changed.";
        Split = "split", "The claim was split. This is the first of its parts; the others wait in the queue.";
        Merged = "merged", "The claims are one now. What hung on the others stays within reach.";
        Checkpoint = "checkpoint", "A checkpoint covers everything up to now. Download it and keep it elsewhere.";
        NoCheckpoint = "no_checkpoint", "Nothing has happened since the last checkpoint.";
        Discarded = "discarded", "The draft is thrown away.";
        Policy = "policy", "The policy is changed. It holds from now on.";
        Scale = "scale", "The scale has a new version. What was judged by earlier ones stays as it was.";
        ScaleAdded = "scale_added", "The scale is there: claims can be judged by it.";
        Graded = "graded", "The grade is set; what it was before stays in its history.";
        Gathered = "gathered", "The claim is about this incident. It can be undone under Changes.";
        NotGathered = "not_gathered", "The claim is not about this incident. It can be undone under Changes.";
        Incident = "incident", "The incident has a new title.";
        IncidentsMerged = "incidents_merged", "Both are one incident now. It can be undone under Changes.";
        IncidentSplit = "incident_split", "The claims have an incident of their own. It can be undone under Changes.";
        IncidentUndone = "incident_undone", "Taken back; everything is as it was.";
        Estimate = "estimate", "This is what the desk holds now.";
        LedgerPublished = "ledger_published", "Readers see these figures now.";
        LedgerWithdrawn = "ledger_withdrawn", "The figures are withdrawn; under their address readers are told so.";
        Named = "named", "Both names count as one source now. It can be undone where the name stands.";
        Parted = "parted", "The name stands for itself again.";
        ToldApart = "told_apart", "Nobody is asked about these two any more. It can be taken back where a source’s names stand.";
        AskedAgain = "asked_again", "Taken back: whether they are one is an open question again.";
        Account = "account", "The account was changed.";
        AccountCreated = "account_created", "The account was created.";
        Password = "password", "The password is changed, and every other session has ended.";
        SecondFactorOff = "second_factor_off", "The second factor is off, and every other session has ended.";
        SecondFactorReset = "second_factor_reset", "The second factor is gone; the password alone signs in until a new one is set up.";
        Unlinked = "unlinked", "The link is cut. Signing in there with your address would make it anew.";
        Token = "token", "The token no longer works.";
        Deadline = "deadline", "The deadline is set. It weighs in the priority of the article’s claims.";
        DeadlineCleared = "deadline_cleared", "The article has no deadline any more.";
        Assigned = "assigned", "Assigned. They are told, and get it before anything else.";
        Unassigned = "unassigned", "It is anybody’s to take now.";
        HandedOut = "handed_out", "Handed out. Whoever has new claims is told.";
        HandingOutUndone = "handing_out_undone", "Undone: the claims are with whom they were before.";
        ViewSaved = "view_saved", "The view is saved; it stands above the list.";
        ViewChanged = "view_changed", "The view is changed.";
        ViewDeleted = "view_deleted", "The view is deleted.";
    }
}

/// Who asks, and the desk, for somebody who may do `A`: asked before the form is read, so that
/// nobody is told to mend a form that they may not send.
///
/// # Errors
/// Where nobody is signed in (the server redirects to the sign-in page before that), or where the
/// role does not suffice.
pub fn asked<A: Action>() -> Result<(Desk, Actor), Problem> {
    let desk = request::site().desk;
    let Some(actor) = request::actor() else {
        crate::ui::set_status(Kind::NotSignedIn);
        return Err(Problem {
            kind: Kind::NotSignedIn,
            words: crate::language::t(Kind::NotSignedIn.label()).to_owned(),
        });
    };
    match policy::permit::<A>(&actor) {
        Ok(_) => Ok((desk, actor)),
        Err(refused) => {
            crate::ui::set_status(Kind::Forbidden);
            Err(Problem { kind: Kind::Forbidden, words: refused.to_string() })
        }
    }
}

/// Goes to another page.
pub fn go(address: &str) {
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(address))
    {
        response.set_status(StatusCode::SEE_OTHER);
        response.insert_header(LOCATION, location);
    }
}

/// Goes to a page that says what was done.
pub fn go_done(address: &str, done: Done) {
    go(&paths::with(address, "done", done.word()));
}

/// Goes to a page that says what was done, and something that belongs to it. What is said is kept
/// as a draft, because only words of ours may travel in an address.
///
/// # Errors
/// Where it cannot be kept.
pub async fn go_told(
    desk: &Desk,
    actor: &Actor,
    address: &str,
    done: Done,
    words: &str,
) -> Result<(), Problem> {
    let told = fields([(TOLD_WORDS, words)]);
    desk.keep_draft(actor, FLASH, &told).await.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a message could not be kept");
        crate::ui::set_status(error.kind());
        Problem::from(&error)
    })?;
    go_done(&paths::with(address, "notice", "1"), done);
    Ok(())
}

/// Sends somebody who was refused back to the page, where the form has what was typed and the
/// error beside its field. What a role may not do at all is answered with its own page.
///
/// # Errors
/// The problem, where going back would not help.
pub async fn back(
    desk: &Desk,
    actor: &Actor,
    error: Error,
    page: &str,
    form: Option<(&str, Fields)>,
) -> Result<(), Problem> {
    let problem = Problem::from(&error);
    match problem.kind {
        Kind::Forbidden | Kind::NotFound | Kind::NotSignedIn | Kind::Internal | Kind::Unavailable => {
            if matches!(problem.kind, Kind::Internal | Kind::Unavailable) {
                tracing::error!(error = &error as &dyn std::error::Error, "an action failed");
            }
            crate::ui::set_status(problem.kind);
            return Err(problem);
        }
        _ => {}
    }
    let (name, fields) = form.unwrap_or((FLASH, Fields::new()));
    let fields = refused(&error, fields);
    let flashed = name == FLASH;
    if let Err(error) = desk.keep_draft(actor, name, &fields).await {
        tracing::error!(error = &error as &dyn std::error::Error, "a draft could not be kept");
        // It was not even kept: that matters more than why it was refused, and sending it again helps.
        let problem = Problem::from(&error);
        crate::ui::set_status(problem.kind);
        return Err(problem);
    }
    go(&if flashed { paths::with(page, "notice", "1") } else { page.to_owned() });
    Ok(())
}

/// What was typed into a form that was refused, and why it was.
pub fn refused(error: &Error, mut fields: Fields) -> Fields {
    fields.insert(WRONG_FIELD.to_owned(), error.field().unwrap_or_default().to_owned());
    fields.insert(WRONG_WORDS.to_owned(), crate::language::say(&error.told()));
    if let Error::Stale { current, differences, .. } = error {
        fields.insert(CURRENT.to_owned(), current.to_string());
        if let Ok(json) = serde_json::to_string(differences) {
            fields.insert(DIFFERENCES.to_owned(), json);
        }
    }
    fields
}

/// Fields for a draft.
pub fn fields<const N: usize>(pairs: [(&str, &str); N]) -> Fields {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Parses an id from a form.
///
/// # Errors
/// `Invalid` where it is none: only a form that somebody edited sends one.
pub fn id<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        crate::ui::set_status(Kind::Invalid);
        Problem { kind: Kind::Invalid, words: t!("{field}: this is not an id.") }
    })
}

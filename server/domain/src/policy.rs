//! Who may do what. A change demands a `Permit` for its action, and only this module makes them,
//! so that a check cannot be forgotten.

use crate::{closed_set, id::AccountId};
use std::marker::PhantomData;

closed_set! {
    /// What a person may do; each role includes the ones before it.
    Role {
        Viewer = "viewer", "viewer";
        Reviewer = "reviewer", "reviewer";
        Editor = "editor", "editor";
        Admin = "admin", "admin";
    }
}

/// The person who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub id: AccountId,
    pub name: String,
    pub role: Role,
}

/// Something a person may or may not do.
pub trait Action {
    /// Completes "You may not …".
    const WORDS: &'static str;
    /// The least role that may.
    const LEAST: Role;
}

macro_rules! action {
    ($($(#[$meta:meta])* $name:ident: $role:ident, $words:literal;)+) => {
        $( $(#[$meta])* #[derive(Clone, Copy, Debug)] pub enum $name {}
           impl Action for $name { const WORDS: &'static str = $words; const LEAST: Role = Role::$role; } )+
    };
}

action! {
    /// See articles, claims, dashboards and history.
    Read: Viewer, "see the desk's work";
    /// Change one's own password and sessions.
    OwnAccount: Viewer, "change this account";
    /// Take claims, attach evidence, give verdicts, set claims aside.
    Review: Reviewer, "review claims";
    /// Comment on claims, and call a comment resolved.
    Comment: Reviewer, "comment on claims";
    /// Withdraw what others said.
    Moderate: Editor, "withdraw other people’s comments";
    /// Correct what was found in a text: words, kind, source and figures of a claim.
    Correct: Reviewer, "correct claims";
    /// Say which incident a claim is about.
    Gather: Reviewer, "say which incident a claim is about";
    /// Merge, split and rename incidents, and set their figures.
    Curate: Editor, "merge, split or rename incidents or set their figures";
    /// Say how reliable a source is.
    Grade: Reviewer, "grade sources";
    /// Say that two names are one source, and that they are not.
    NameSources: Editor, "say which names are one source";
    /// Bring articles in.
    Intake: Reviewer, "add articles";
    /// Make a settled claim public.
    Publish: Editor, "publish claims";
    /// Make an incident's figures public, and withdraw them.
    PublishFigures: Editor, "publish the figures of incidents";
    /// Decide between two reviewers who disagree.
    Adjudicate: Editor, "decide between reviewers";
    /// Bring a finished claim back into review.
    Reopen: Editor, "reopen claims";
    /// Change what the desk has agreed on, such as which claims need a second review.
    ManageDesk: Admin, "change the desk's policy";
    /// See how the copies of evidence stand, and have them all looked at.
    KeepCopies: Admin, "look after the copies";
    /// Take checkpoints of the history.
    Audit: Admin, "look after the history";
    /// Add and disable programs that are told of what is published.
    ManageReceivers: Admin, "manage receivers";
    /// Make new versions of scales.
    ManageScales: Admin, "change scales";
    /// Create, disable and change accounts.
    ManageAccounts: Admin, "manage accounts";
    /// Say by when an article's claims have to be decided.
    SetDeadlines: Editor, "set deadlines";
    /// Give claims to other people, and take them from them.
    Assign: Editor, "assign claims to others";
    /// Change and delete what others saved for the whole desk.
    ManageViews: Editor, "change views of others";
}

/// Proof that the policy allows an action.
#[derive(Clone, Copy, Debug)]
pub struct Permit<A> {
    by: AccountId,
    action: PhantomData<A>,
}

impl<A> Permit<A> {
    /// Who was permitted.
    pub fn by(&self) -> AccountId {
        self.by
    }
}

/// The policy said no; the message says who could.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, phrase::Phrased)]
#[error("As {} you may not {words}. It takes the role of {} or above.", role.label(), least.label())]
pub struct Refused {
    pub role: Role,
    pub least: Role,
    pub words: &'static str,
}

/// Asks the policy.
///
/// # Errors
/// `Refused` where the actor's role is below the action's least role.
pub fn permit<A: Action>(actor: &Actor) -> Result<Permit<A>, Refused> {
    if actor.role >= A::LEAST {
        Ok(Permit { by: actor.id, action: PhantomData })
    } else {
        Err(Refused { role: actor.role, least: A::LEAST, words: A::WORDS })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role) -> Actor {
        Actor { id: AccountId(uuid::Uuid::nil()), name: "N".into(), role }
    }

    #[test]
    fn a_viewer_may_read_but_not_review() {
        assert!(permit::<Read>(&actor(Role::Viewer)).is_ok());
        let refused = permit::<Review>(&actor(Role::Viewer)).expect_err("refused");
        assert_eq!(
            refused.to_string(),
            "As viewer you may not review claims. It takes the role of reviewer or above."
        );
    }

    #[test]
    fn each_role_includes_the_ones_before_it() {
        for role in Role::ALL {
            assert_eq!(permit::<Publish>(&actor(*role)).is_ok(), *role >= Role::Editor);
            assert_eq!(permit::<ManageAccounts>(&actor(*role)).is_ok(), *role >= Role::Admin);
        }
    }
}

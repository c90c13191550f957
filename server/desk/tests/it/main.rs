//! The use cases on a real Postgres, each test in a database of its own and with a clock that
//! stands still.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up should fail")]

mod accounts;
mod agreement;
mod application_role;
mod as_of;
mod bulk;
mod chain;
mod connections;
mod copies;
mod correct;
mod correct_again;
mod correct_verdict;
mod deadlines;
mod desk_policy;
mod drafts_and_sessions;
mod flow;
mod grounds;
mod handout;
mod harness;
mod history;
mod identities;
mod incidents;
mod incidents_as_of;
mod intake;
mod lists;
mod mail;
mod media;
mod notify;
mod numbers;
mod public_ledgers;
mod publish;
mod report;
mod review;
mod second_factor;
mod second_review;
mod sources;
mod storm;
mod take_over;
mod talk;
mod to_settle;
mod undo;
mod views;

//! The use cases on a real Postgres, each test in a database of its own and with a clock that
//! stands still.

mod accounts;
mod bulk;
mod drafts_and_sessions;
mod harness;
mod history;
mod intake;
mod lists;
mod numbers;
mod review;
mod storm;

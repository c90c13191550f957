//! What Claimdesk knows about claims, figures, review and who may do what. Everything here is a
//! value or a decision about values: no I/O, no clock, no randomness, and it compiles for the
//! browser as well.

// The macros of `phrase` name this crate.
extern crate self as domain;

pub mod agreement;
pub mod chain;
pub mod claim;
pub mod clearance;
mod closed_set;
pub mod code;
pub mod copy;
pub mod correction;
pub mod deadline;
pub mod desk_policy;
pub mod elsewhere;
pub mod figure;
pub mod grade;
pub mod grounds;
pub mod history;
pub mod id;
pub mod identity;
pub mod incident;
pub mod language;
pub mod ledger;
pub mod ledger_news;
pub mod link;
pub mod load;
pub mod measure;
pub mod media;
pub mod notification;
pub mod one_source;
pub mod phrase;
pub mod policy;
pub mod priority;
pub mod problem;
pub mod publication;
pub mod receiver;
pub mod scale;
pub mod stays;
pub mod talk;
pub mod text;
pub mod track;
pub mod wording;
pub mod words;
pub mod workflow;

pub use closed_set::UnknownWord;

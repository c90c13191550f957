//! The whole surface, from a request to the database and back, without a network.

mod accounts;
mod api;
mod commands;
mod copies;
mod correct_verdict;
mod corrections;
mod doors;
mod extraction;
mod flow;
mod grounds;
mod harness;
mod headers;
mod history;
mod hostile;
mod incidents;
mod intake;
mod language;
mod live;
mod mail;
mod oidc;
mod public;
mod second_factor;
mod seeds;
mod states;
mod talk;
mod to_settle;

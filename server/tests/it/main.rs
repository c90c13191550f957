//! The whole surface, from a request to the database and back, without a network.

mod accounts;
mod api;
mod commands;
mod copies;
mod correct_verdict;
mod corrections;
mod doors;
mod extraction;
mod grounds;
mod harness;
mod headers;
mod history;
mod hostile;
mod incidents;
mod intake;
mod live;
mod mail;
mod public;
mod second_factor;
mod seeds;
mod talk;

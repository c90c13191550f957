//! What people see. Pages, actions and the shell exist natively only; islands are built for the
//! browser as well, and nothing else is.

pub mod islands;
pub mod language;

#[cfg(not(target_family = "wasm"))]
pub mod actions;
#[cfg(not(target_family = "wasm"))]
pub mod ledger;
#[cfg(not(target_family = "wasm"))]
mod pages;
#[cfg(not(target_family = "wasm"))]
pub mod paths;
#[cfg(not(target_family = "wasm"))]
pub mod problem;
#[cfg(not(target_family = "wasm"))]
pub mod request;
#[cfg(not(target_family = "wasm"))]
pub mod shell;
#[cfg(not(target_family = "wasm"))]
mod ui;

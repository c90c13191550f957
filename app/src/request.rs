//! What a page or an action knows about the request it answers: the only place that looks into
//! the context.

use desk::{Desk, SignedIn};
use domain::policy::Actor;
use domain::receiver::Loopback;
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;

/// Who sent the request; the server puts it into the request's extensions.
#[derive(Clone, Debug)]
pub struct Who(pub Option<SignedIn>);

/// Recovery codes that were just made: the answer that carries them is the only one that does.
#[derive(Clone)]
pub struct FreshCodes(pub Vec<String>);

/// Addresses of the bundle's files, whose names carry their content's hash.
#[derive(Clone, Debug, Deserialize)]
pub struct Assets {
    pub boot: String,
    pub client: String,
    pub wasm: String,
    pub style: String,
}

/// What the server provides to every page and action.
#[derive(Clone)]
pub struct Site {
    pub desk: Desk,
    pub assets: Arc<Assets>,
    /// Where people reach the site, without a slash at the end.
    pub public_url: Arc<str>,
    /// Whether receivers may be on the server's own machine.
    pub loopback: Loopback,
    /// Whether the process sends mail.
    pub sends_mail: bool,
    /// What people call the identity provider, where they may sign in at one.
    pub sign_in_elsewhere: Option<Arc<str>>,
}

/// The desk and the assets.
///
/// # Panics
/// Where the server did not provide them: a fault in its wiring that every test would meet.
pub fn site() -> Site {
    expect_context::<Site>()
}

/// Who sent the request, if anybody is signed in.
pub fn signed_in() -> Option<SignedIn> {
    use_context::<http::request::Parts>()?.extensions.get::<Who>()?.0.clone()
}

/// Recovery codes that this very request has made.
pub fn fresh_codes() -> Option<FreshCodes> {
    use_context::<http::request::Parts>()?.extensions.get::<FreshCodes>().cloned()
}

/// Who acts.
pub fn actor() -> Option<Actor> {
    signed_in().map(|signed_in| signed_in.actor)
}

/// Path and query of the address that was asked for.
pub fn address() -> String {
    use_context::<http::request::Parts>()
        .map(|parts| parts.uri.path_and_query().map_or_else(String::new, ToString::to_string))
        .unwrap_or_default()
}

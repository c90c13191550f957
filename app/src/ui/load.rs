//! The one place where a page waits. The future runs once on the server, in order; what it gives
//! is drawn, and what goes wrong becomes a page with the right status.

use crate::language::t;
use crate::problem::Problem;
use crate::ui::{Frame, frame};
use domain::problem::Kind;
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use phrase::view;
use std::future::Future;

/// Draws `view` of what `future` gives.
pub fn load<T: Send + 'static>(
    future: impl Future<Output = Result<T, desk::Error>> + Send + 'static,
    view: impl FnOnce(T) -> AnyView + Send + 'static,
) -> AnyView {
    let owner = Owner::current();
    Suspend::new(async move {
        let loaded = future.await;
        let draw = move || match loaded {
            Ok(loaded) => view(loaded),
            Err(error) => failed(&error),
        };
        match owner {
            Some(owner) => owner.with(draw),
            None => draw(),
        }
    })
    .into_any()
}

fn failed(error: &desk::Error) -> AnyView {
    let problem = Problem::from(error);
    if problem.kind == Kind::Internal || problem.kind == Kind::Unavailable {
        tracing::error!(error = error as &dyn std::error::Error, "a page could not be loaded");
    }
    set_status(problem.kind);
    frame(
        Frame { title: t(problem.kind.label()), here: "", live: None },
        view! {
            <div class="page narrow">
                <h1>{t(problem.kind.label())}</h1>
                <p>{problem.words}</p>
                <p><a href=crate::paths::DESK>"Back to the desk"</a></p>
            </div>
        }
        .into_any(),
    )
}

/// The status that goes with a kind of trouble.
pub fn set_status(kind: Kind) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    }
}

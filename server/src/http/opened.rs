//! Opening a claim reads what one is told of it. Here and not in the page, because only a person's
//! own visit counts: the same page is asked for by scripts whenever something changes.

use super::Server;
use super::problem::chain;
use app::request::Who;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::id::ClaimId;
use http::Method;
use tracing::error;

pub async fn note(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    if let Some(claim) = visited(&request)
        && let Some(Who(Some(who))) = request.extensions_mut().get_mut::<Who>()
        && who.unread > 0
    {
        match server.desk.opened(&who.actor, claim).await {
            Ok(left) => who.unread = left,
            // The page is worth more than the mark, which the next visit leaves.
            Err(error) => error!(error = %chain(&error), "could not mark a claim as read"),
        }
    }
    next.run(request).await
}

/// The claim whose page a person goes to: browsers say so of every request they send.
fn visited(request: &Request) -> Option<ClaimId> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_visit = header("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    let is_ahead = header("sec-purpose").is_some_and(|purpose| purpose.contains("prefetch"));
    if request.method() != Method::GET || !is_visit || is_ahead {
        return None;
    }
    request.uri().path().strip_prefix("/claims/")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn only_a_persons_own_visit_counts() {
        let id = uuid::Uuid::from_u128(7);
        let asked = |path: &str, header: Option<(&str, &str)>| {
            let mut request = Request::builder().uri(path);
            if let Some((name, value)) = header {
                request = request.header(name, value);
            }
            visited(&request.body(Body::empty()).expect("a request"))
        };
        let page = format!("/claims/{id}?done=taken");
        assert_eq!(asked(&page, None), Some(ClaimId(id)));
        assert_eq!(asked(&page, Some(("sec-fetch-mode", "navigate"))), Some(ClaimId(id)));
        assert_eq!(asked(&page, Some(("sec-fetch-mode", "cors"))), None);
        assert_eq!(asked(&page, Some(("sec-purpose", "prefetch;prerender"))), None);
        assert_eq!(asked("/claims?stage=open", None), None);
    }
}

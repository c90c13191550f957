//! The JSON API, for programs: bearer tokens, no cookies, problems as `application/problem+json`,
//! lists by cursor. One table makes the router, the OpenAPI document and the list that tests walk.

mod articles;
pub mod bodies;
mod claims;
mod comments;
mod copies;
mod correct;
mod correct_verdict;
mod dashboard;
mod export;
mod flow;
mod handout;
mod history;
mod incidents;
mod me;
mod media;
mod notifications;
mod openapi;
pub mod publication;
mod request;
mod review;
mod scales;
mod sources;
mod views;

use crate::http::Server;
use axum::Router;
use axum::routing::{delete, get, patch, post, put};
use openapi::{DESCRIPTION, Finish};
use utoipa::OpenApi;

macro_rules! surface {
    ($($method:ident $path:literal => $area:ident :: $handler:ident;)+) => {
        /// Every method and path, below `/api/v1`.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($method), $path),)+];

        pub fn router() -> Router<Server> {
            Router::new()$(.route($path, $method($area::$handler)))+
        }

        #[derive(OpenApi)]
        #[openapi(
            paths($($area::$handler,)+),
            modifiers(&Finish),
            servers((url = "/api/v1")),
            info(title = "Claimdesk", description = DESCRIPTION),
        )]
        pub struct Document;
    };
}

surface! {
    get    "/me"                          => me::me;
    post   "/articles"                    => articles::add;
    get    "/articles"                    => articles::list;
    get    "/articles/{id}"               => articles::one;
    get    "/claims"                      => claims::list;
    post   "/claims/next"                 => review::next;
    get    "/claims/{id}"                 => claims::one;
    patch  "/claims/{id}"                 => correct::correct;
    post   "/claims/{id}/split"           => correct::split;
    post   "/claims/{id}/merge"           => correct::merge;
    get    "/claims/{id}/history"         => claims::history;
    get    "/claims/{id}/claimreview.json" => claims::claim_review;
    put    "/claims/{id}/lease"           => review::take;
    delete "/claims/{id}/lease"           => review::release;
    post   "/claims/{id}/evidence"        => review::add_evidence;
    post   "/claims/{id}/verdicts"        => review::give_verdict;
    post   "/claims/{id}/adjudications"   => review::adjudicate;
    delete "/verdicts/{id}"               => review::undo;
    get    "/sources/{id}"                => sources::one;
    post   "/sources/{id}/grades"         => sources::grade;
    get    "/claims/{id}/comments"        => comments::list;
    post   "/claims/{id}/comments"        => comments::add;
    put    "/claims/{id}/watch"           => notifications::watch;
    delete "/claims/{id}/watch"           => notifications::unwatch;
    patch  "/comments/{id}"               => comments::change;
    delete "/comments/{id}"               => comments::withdraw;
    post   "/comments/{id}/resolve"       => comments::resolve;
    post   "/evidence/{id}/assessments"   => media::assess;
    post   "/evidence/{id}/assessments/take-back" => media::take_back;
    post   "/evidence/{id}/copies"        => copies::add;
    get    "/evidence/{id}/copies"        => copies::list;
    get    "/copies/{id}"                 => copies::one;
    get    "/copies/{id}/content"         => copies::content;
    post   "/copies/{id}/verify"          => copies::verify;
    get    "/notifications"               => notifications::list;
    post   "/notifications/read"          => notifications::read;
    get    "/claims/{id}/dependants"      => correct_verdict::dependants;
    post   "/claims/{id}/corrections"     => correct_verdict::correct;
    post   "/claims/{id}/reuse-verdict"   => incidents::reuse;
    get    "/incidents"                   => incidents::list;
    get    "/incidents/proposals"         => incidents::proposals;
    get    "/incidents/{id}"              => incidents::one;
    get    "/incidents/{id}/figures"      => incidents::figures;
    post   "/incidents/{id}/confirm"      => incidents::confirm;
    post   "/incidents/{id}/reject"       => incidents::reject;
    post   "/incidents/{id}/split"        => incidents::split;
    post   "/incidents/{id}/merge"        => incidents::merge;
    post   "/incidents/{id}/rename"       => incidents::rename;
    post   "/incidents/{id}/estimate"     => incidents::estimate;
    post   "/incidents/{id}/undo"         => incidents::undo;
    get    "/incidents/{id}/publication"  => publication::one;
    post   "/incidents/{id}/publish"      => publication::publish;
    post   "/incidents/{id}/withdraw"     => publication::withdraw;
    get    "/scales"                      => scales::list;
    get    "/dashboard"                   => dashboard::dashboard;
    get    "/flow"                        => flow::flow;
    get    "/views"                       => views::list;
    post   "/views"                       => views::save;
    delete "/views/{id}"                  => views::delete;
    get    "/history/head"                => history::head;
    get    "/export/claims.csv"           => export::csv;
    get    "/export/claims.jsonl"         => export::jsonl;
    put    "/articles/{id}/deadline"      => articles::deadline;
    put    "/claims/{id}/assignee"        => handout::assign;
    delete "/claims/{id}/assignee"        => handout::unassign;
    post   "/claims/assignments"          => handout::hand_out;
    get    "/openapi.json"                => openapi::document;
}

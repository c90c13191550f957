//! The whole HTTP surface on one screen: who answers which address, and through which layers.

mod account;
mod agreement;
mod answers;
mod body;
mod claim_review;
mod client;
pub mod copies;
mod dashboard;
mod elsewhere;
mod feed;
pub mod files;
mod head;
mod headers;
mod health;
mod language;
mod ledger;
pub mod live;
mod metrics;
mod opened;
pub mod problem;
mod second_factor;
mod session;
mod trace;
mod unsubscribe;

use crate::api;
use crate::config::Serve;
use crate::oidc::Provider;
use app::request::{Assets, Site};
use app::shell::{App, shell};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use desk::Desk;
use domain::receiver::Loopback;
use leptos::config::LeptosOptions;
use leptos::context::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, generate_route_list};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use url::Url;

/// The forms that change the session. They are ordinary handlers, because a server function does
/// not see the session.
pub const ACCOUNT_FORMS: [&str; 9] = [
    SIGN_IN,
    SIGN_IN_CODE,
    SIGN_OUT,
    "/actions/account/sign-out-everywhere",
    "/actions/account/password",
    "/actions/account/second-factor/begin",
    "/actions/account/second-factor/confirm",
    "/actions/account/second-factor/codes",
    "/actions/account/second-factor/off",
];
/// What somebody may do who has to set up a second factor first.
const OPEN_BEFORE_ENROLMENT: [&str; 5] = [
    app::paths::SECOND_FACTOR,
    "/actions/account/second-factor/begin",
    "/actions/account/second-factor/confirm",
    SIGN_OUT,
    "/actions/account/sign-out-everywhere",
];
const SIGN_IN: &str = "/actions/account/sign-in";
/// To the identity provider, and back from it.
const ELSEWHERE: [&str; 2] = [app::paths::ELSEWHERE, app::paths::ELSEWHERE_CALLBACK];
const SIGN_IN_CODE: &str = "/actions/account/code";
const SIGN_OUT: &str = "/actions/account/sign-out";

/// The form that brings a file. It is an ordinary handler, because a server function holds what it
/// is sent.
pub const COPY_FORM: &str = "/actions/copies/add";

/// What the process was told at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    pub site: PathBuf,
    pub secure_cookies: bool,
    pub trusted_proxies: Vec<IpAddr>,
    /// Where people reach the server.
    pub public_url: Url,
    pub metrics_token: Option<String>,
    /// Whether receivers may be on this machine.
    pub loopback: Loopback,
    /// Whether a mail server is set.
    pub sends_mail: bool,
}

impl Settings {
    /// Where people reach the server, without a slash at the end: what published addresses begin
    /// with.
    pub fn own_address(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }
}

impl From<&Serve> for Settings {
    fn from(serve: &Serve) -> Self {
        let own = || Url::parse(&format!("http://{}", serve.address));
        Self {
            site: serve.site.clone(),
            secure_cookies: serve.secure_cookies(),
            trusted_proxies: serve.trusted_proxies.clone(),
            public_url: serve.telling.public_url.clone().or_else(|| own().ok()).unwrap_or_else(localhost),
            loopback: serve.telling.loopback(),
            metrics_token: serve.metrics_token.clone().filter(|token| !token.is_empty()),
            sends_mail: serve.mail.smtp_url.as_ref().is_some_and(|url| !url.is_empty()),
        }
    }
}

fn localhost() -> Url {
    #[expect(clippy::unwrap_used, reason = "a constant")]
    Url::parse("http://localhost").unwrap()
}

/// Everything that handlers share.
#[derive(Clone)]
pub struct Server {
    pub desk: Desk,
    pub live: live::Hub,
    pub settings: Arc<Settings>,
    /// The identity provider, where one is configured.
    pub elsewhere: Option<Arc<Provider>>,
    assets: Arc<Assets>,
    options: LeptosOptions,
}

impl Server {
    /// `closing` ends what would otherwise go on for ever: live connections.
    pub fn new(desk: Desk, settings: Settings, assets: Assets, closing: CancellationToken) -> Self {
        let options = LeptosOptions::builder()
            .output_name("client")
            .site_root(settings.site.to_string_lossy().into_owned())
            .build();
        Self {
            desk,
            live: live::Hub::new(closing),
            settings: Arc::new(settings),
            elsewhere: None,
            assets: Arc::new(assets),
            options,
        }
    }
}

impl Server {
    /// Address of the style sheet.
    fn style(&self) -> String {
        self.assets.style.clone()
    }

    /// The same server, where people may sign in at an identity provider too.
    #[must_use]
    pub fn with_provider(self, provider: Option<Provider>) -> Self {
        Self { elsewhere: provider.map(Arc::new), ..self }
    }

    /// What pages and actions are given.
    fn site(&self) -> Site {
        Site {
            desk: self.desk.clone(),
            assets: self.assets.clone(),
            public_url: self.settings.own_address().into(),
            loopback: self.settings.loopback,
            sends_mail: self.settings.sends_mail,
            sign_in_elsewhere: self.elsewhere.as_ref().map(|provider| provider.house().name.as_str().into()),
        }
    }
}

impl FromRef<Server> for LeptosOptions {
    fn from_ref(server: &Server) -> Self {
        server.options.clone()
    }
}

/// The pages' addresses. Listing them sets a flag for the whole process while it lasts, so it is
/// done once and before anything is served.
pub fn page_routes() -> Vec<AxumRouteListing> {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    ROUTES.get_or_init(|| generate_route_list(App)).clone()
}

/// All that the process answers.
pub fn build_router(server: Server) -> Router {
    let site = server.site();
    let options = server.options.clone();
    let [sign_in, code, sign_out, sign_out_everywhere, password, begin, confirm, codes, off] = ACCOUNT_FORMS;

    // People: pages, forms and live updates, with a session. The last layer is the first to act.
    let people = Router::new()
        .leptos_routes_with_context(
            &server,
            page_routes(),
            move || {
                language::provide();
                provide_context(site.clone());
            },
            move || shell(options.clone()),
        )
        .route(sign_in, post(account::sign_in))
        .route(code, post(second_factor::sign_in))
        .route(sign_out, post(account::sign_out))
        .route(sign_out_everywhere, post(account::sign_out_everywhere))
        .route(password, post(account::change_password))
        .route(COPY_FORM, post(copies::add))
        .route("/copies/{id}/content", get(copies::content))
        .route(ELSEWHERE[0], get(elsewhere::begin))
        .route(ELSEWHERE[1], get(elsewhere::finish))
        .route(begin, post(second_factor::begin))
        .route(confirm, get(second_factor::page).post(second_factor::confirm))
        .route(codes, get(second_factor::page).post(second_factor::renew_codes))
        .route(off, post(second_factor::switch_off))
        .route("/live", get(live::events))
        .route(app::paths::HISTORY_HEAD, get(head::file))
        .route("/incidents/{id}/{file}", get(ledger::file))
        .route(app::paths::AGREEMENT_CSV, get(agreement::csv))
        .route("/dashboard/stages.csv", get(dashboard::stages))
        .route("/dashboard/stalled.csv", get(dashboard::stalled))
        .route("/dashboard/throughput.csv", get(dashboard::throughput))
        .route("/dashboard/reviewers.csv", get(dashboard::reviewers))
        .route("/dashboard/ratings.csv", get(dashboard::ratings))
        .route("/dashboard/runs.csv", get(dashboard::runs))
        .route("/dashboard/deadlines.csv", get(dashboard::deadlines))
        .route("/dashboard/sources.csv", get(dashboard::sources))
        .layer(from_fn(answers::of_actions))
        .layer(from_fn(answers::of_pages))
        .layer(from_fn_with_state(server.clone(), opened::note))
        .layer(from_fn(session::admit))
        .layer(session::layer(&server))
        .layer(session::same_site_only(&server.settings));

    // Programs, and what anybody may see.
    Router::new()
        .merge(people)
        .nest("/api/v1", api::router())
        .route("/pkg/{*file}", get(files::bundle))
        .route("/unsubscribe/{token}", get(unsubscribe::ask).post(unsubscribe::stop))
        .route("/problems/{kind}", get(problem::explanation))
        .route(app::paths::LANGUAGE, post(language::choose))
        .route("/public/feed.atom", get(feed::atom))
        .route("/public/claims/{slug}/claimreview.json", get(claim_review::file))
        .route("/public/incidents/{slug}/{file}", get(ledger::public))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::text))
        .fallback(files::public)
        .layer(CatchPanicLayer::custom(answers::of_panic))
        // The library's own limit is too low for the largest article; `body` has ours.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(body::within_limit))
        .layer(from_fn(body::in_time))
        .layer(from_fn_with_state(server.clone(), problem::render))
        .layer(from_fn(language::note))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Precise(4))
                .compress_when(copies::may_be_compressed()),
        )
        .layer(from_fn_with_state(server.clone(), headers::guard))
        .layer(from_fn(trace::follow))
        .with_state(server)
}

//! Who is there: sessions in the desk's database, and the door that lets nobody but the signed-in
//! past the sign-in page.

use super::problem::{Trouble, chain, wants_page};
use super::{Server, Settings};
use crate::oidc::Begun;
use app::paths;
use app::request::Who;
use async_trait::async_trait;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder, AuthUser, AuthnBackend};
use chrono::TimeDelta;
use desk::{Desk, Entry, HalfIn, SignIn, SignedIn};
use domain::id::AccountId;
use domain::problem::Kind;
use http::header::{HOST, REFERER};
use http::{HeaderMap, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};
use tracing::error;

/// A session ends after so many days without a visit.
const DAYS: i64 = 14;
const DAY_KEY: &str = "day";
const HALFWAY_KEY: &str = "halfway";
const ENTERED_KEY: &str = "entered";
const ELSEWHERE_KEY: &str = "elsewhere";
/// Where the session library keeps who is signed in.
const PERSON_KEY: &str = "axum-login.data";
/// How long the second step of signing in may take, and how long who has just signed in need not
/// show again that it is they.
const MOMENT: TimeDelta = TimeDelta::minutes(10);

type SessionResult<T> = std::result::Result<T, tower_sessions::session::Error>;

pub type Auth = axum_login::AuthSession<Door>;

/// Sessions as the desk keeps them. Nobody gets a row before signing in.
#[derive(Clone, Debug)]
pub struct Store(Desk);

impl Store {
    /// The desk's clock decides when a session ends. One that is nobody's yet lasts as long as
    /// signing in may take.
    fn end(&self, record: &Record) -> chrono::DateTime<chrono::Utc> {
        let is_somebodys = record.data.contains_key(PERSON_KEY);
        self.0.clock().now() + if is_somebodys { TimeDelta::days(DAYS) } else { MOMENT }
    }
}

fn failed(error: desk::Error) -> Error {
    Error::Backend(chain(&error))
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self
            .0
            .create_session(&record.id.to_string(), &json!(record.data), self.end(record))
            .await
            .map_err(failed)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0
            .save_session(&record.id.to_string(), &json!(record.data), self.end(record))
            .await
            .map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, expires)) = self.0.load_session(&id.to_string()).await.map_err(failed)? else {
            return Ok(None);
        };
        let Value::Object(data) = data else {
            return Err(Error::Decode("a session is an object".to_owned()));
        };
        let expiry_date =
            tower_sessions::cookie::time::OffsetDateTime::from_unix_timestamp(expires.timestamp())
                .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data: data.into_iter().collect(), expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete_session(&id.to_string()).await.map_err(failed)
    }
}

/// A person as the session library sees them. Nothing but the id is shown by `Debug`.
#[derive(Clone)]
pub struct Person(pub SignedIn);

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Person").field(&self.0.actor.id).finish()
    }
}

impl AuthUser for Person {
    type Id = AccountId;

    fn id(&self) -> AccountId {
        self.0.actor.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.0.proof
    }
}

#[derive(Clone, Debug)]
pub struct Door(Desk);

impl AuthnBackend for Door {
    type User = Person;
    type Credentials = SignIn;
    type Error = desk::Error;

    async fn authenticate(&self, sign_in: SignIn) -> desk::Result<Option<Person>> {
        match self.0.sign_in(sign_in).await? {
            Entry::In(signed_in) => Ok(Some(Person(signed_in))),
            Entry::Code(_) => Ok(None),
        }
    }

    async fn get_user(&self, id: &AccountId) -> desk::Result<Option<Person>> {
        Ok(self.0.signed_in(*id).await?.map(Person))
    }
}

pub fn layer(server: &Server) -> AuthManagerLayer<Door, Store> {
    let sessions = SessionManagerLayer::new(Store(server.desk.clone()))
        .with_name("claimdesk")
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(server.settings.secure_cookies)
        .with_expiry(Expiry::OnInactivity(Duration::days(DAYS)));
    AuthManagerLayerBuilder::new(Door(server.desk.clone()), sessions).with_data_key(PERSON_KEY).build()
}

/// Refuses changes that another site's page sends. A proxy that rewrites `Host` would make our own
/// pages look foreign to old browsers, so the public address is believed.
pub fn same_site_only(
    settings: &Settings,
) -> CsrfLayer<impl FnMut(ProtectionError) -> Response + Clone + Send + Sync + 'static> {
    let origin = settings.public_url.origin().ascii_serialization();
    let layer = CsrfLayer::new();
    let layer = match layer.clone().add_trusted_origin(&origin) {
        Ok(trusting) => trusting,
        Err(_) => layer,
    };
    layer.with_rejection_response(|_| {
        let words = "This form was sent from another site. Open the page here and send it again.";
        Trouble::new(Kind::Forbidden, words).into_response()
    })
}

/// Tells pages and actions who is there, and sends nobody to the sign-in page.
pub async fn admit(auth: Auth, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_open = path == paths::LOGIN
        || path == super::SIGN_IN
        || super::ELSEWHERE.contains(&path)
        || paths::is_public(path);
    let is_second_step = path == paths::LOGIN_CODE || path == super::SIGN_IN_CODE;
    if auth.user.is_none() && !is_open {
        match halfway(&auth).await {
            Ok(Some(_)) if is_second_step => {}
            Ok(_) => return to_sign_in(&request),
            Err(error) => {
                error!(error = %chain(&error), "could not read a session");
                return Trouble::of_status(StatusCode::SERVICE_UNAVAILABLE).into_response();
            }
        }
    }
    if auth.user.as_ref().is_some_and(|person| person.0.must_enrol)
        && !is_open
        && !super::OPEN_BEFORE_ENROLMENT.contains(&path)
        // Where the provider has asked for a second factor, that is the one.
        && !matches!(is_strong(&auth).await, Ok(true))
    {
        return to_enrolment(&request);
    }
    if auth.user.is_some()
        && let Err(error) = stay(&auth).await
    {
        error!(error = %chain(&error), "could not keep a session");
        return Trouble::of_status(StatusCode::SERVICE_UNAVAILABLE).into_response();
    }
    request.extensions_mut().insert(Who(auth.user.map(|person| person.0)));
    next.run(request).await
}

/// Notes the day of the visit: it changes the session once a day, which is then saved with a later
/// end.
pub async fn stay(auth: &Auth) -> SessionResult<()> {
    auth.session.insert(DAY_KEY, auth.backend.0.clock().now().date_naive()).await
}

/// The first step of signing in, done a moment ago.
#[derive(Serialize, Deserialize)]
struct Halfway {
    half: HalfIn,
    /// Seconds since 1970.
    at: i64,
}

/// Who has done the first step of signing in and still has time for the second.
pub async fn halfway(auth: &Auth) -> SessionResult<Option<HalfIn>> {
    let Some(halfway) = auth.session.get::<Halfway>(HALFWAY_KEY).await? else { return Ok(None) };
    let age = auth.backend.0.clock().now().timestamp() - halfway.at;
    Ok((age <= MOMENT.num_seconds()).then_some(halfway.half))
}

/// Keeps the first step in a session that is nobody's: it opens the form for the second and nothing
/// else.
pub async fn go_halfway(auth: &mut Auth, half: HalfIn) -> std::result::Result<(), axum_login::Error<Door>> {
    auth.logout().await?;
    let at = auth.backend.0.clock().now().timestamp();
    auth.session.insert(HALFWAY_KEY, Halfway { half, at }).await?;
    Ok(())
}

/// How and when a session began.
#[derive(Serialize, Deserialize)]
struct Entered {
    /// Seconds since 1970.
    at: i64,
    /// Whether the identity provider has asked for more than one factor.
    #[serde(default)]
    strong: bool,
}

/// Keeps what must come back from the identity provider, in a session that is nobody's.
pub async fn go_elsewhere(auth: &mut Auth, begun: Begun) -> std::result::Result<(), axum_login::Error<Door>> {
    if auth.user.is_none() {
        auth.session.cycle_id().await?;
    }
    auth.session.insert(ELSEWHERE_KEY, begun).await?;
    Ok(())
}

/// What must come back, once.
pub async fn back_from_elsewhere(auth: &mut Auth) -> SessionResult<Option<Begun>> {
    auth.session.remove(ELSEWHERE_KEY).await
}

/// Whether the identity provider has asked for more than one factor.
async fn is_strong(auth: &Auth) -> SessionResult<bool> {
    Ok(auth.session.get::<Entered>(ENTERED_KEY).await?.is_some_and(|entered| entered.strong))
}

/// Signs somebody in, always under a new id: whoever knew the old one must not be signed in with it.
/// `strong` says that more than one factor was asked for.
pub async fn enter(
    auth: &mut Auth,
    person: Person,
    strong: bool,
) -> std::result::Result<(), axum_login::Error<Door>> {
    let at = auth.backend.0.clock().now().timestamp();
    auth.session.remove::<Halfway>(HALFWAY_KEY).await?;
    auth.session.insert(ENTERED_KEY, Entered { at, strong }).await?;
    go_on(auth, person).await
}

/// Keeps somebody signed in whose proof has changed.
pub async fn go_on(auth: &mut Auth, person: Person) -> std::result::Result<(), axum_login::Error<Door>> {
    auth.session.cycle_id().await?;
    auth.login(&person).await?;
    stay(auth).await?;
    Ok(())
}

/// Whether the session began a moment ago.
pub async fn is_new(auth: &Auth) -> SessionResult<bool> {
    let now = auth.backend.0.clock().now().timestamp();
    let entered = auth.session.get::<Entered>(ENTERED_KEY).await?;
    Ok(entered.is_some_and(|entered| now - entered.at <= MOMENT.num_seconds()))
}

/// Who has to have a second factor is led to where it is set up.
fn to_enrolment(request: &Request) -> Response {
    if wants_page(request.headers()) {
        return Redirect::to(paths::SECOND_FACTOR).into_response();
    }
    Trouble::new(Kind::Forbidden, "Set up a second factor first: the desk asks for one.").into_response()
}

fn to_sign_in(request: &Request) -> Response {
    let is_safe = request.method().is_safe();
    if !wants_page(request.headers()) && (!is_safe || request.uri().path() == "/live") {
        return Trouble::of_status(StatusCode::UNAUTHORIZED).into_response();
    }
    let next = if is_safe {
        request.uri().path_and_query().map(ToString::to_string)
    } else {
        came_from(request.headers())
    };
    let address = match next {
        Some(next) if next != paths::DESK => paths::with(paths::LOGIN, "next", &next),
        _ => paths::LOGIN.to_owned(),
    };
    Redirect::to(&address).into_response()
}

/// Path and query of the page of ours that a form was on.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let page: Uri = headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
    let host = headers.get(HOST)?.to_str().ok()?;
    (page.authority()?.as_str() == host).then(|| page.path_and_query().map(ToString::to_string)).flatten()
}

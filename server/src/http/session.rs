//! Who is there: sessions in the desk's database, and the door that lets nobody but the signed-in
//! past the sign-in page.

use super::problem::{Trouble, chain, wants_page};
use super::{Server, Settings};
use app::paths;
use app::request::Who;
use async_trait::async_trait;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder, AuthUser, AuthnBackend};
use chrono::TimeDelta;
use desk::{Desk, SignIn, SignedIn};
use domain::id::AccountId;
use domain::problem::Kind;
use http::header::{HOST, REFERER};
use http::{HeaderMap, StatusCode, Uri};
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

pub type Auth = axum_login::AuthSession<Door>;

/// Sessions as the desk keeps them. Nobody gets a row before signing in.
#[derive(Clone, Debug)]
pub struct Store(Desk);

impl Store {
    /// The desk's clock decides when a session ends.
    fn end(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.clock().now() + TimeDelta::days(DAYS)
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
            .create_session(&record.id.to_string(), &json!(record.data), self.end())
            .await
            .map_err(failed)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0.save_session(&record.id.to_string(), &json!(record.data), self.end()).await.map_err(failed)
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
        self.0.sign_in(sign_in).await.map(Person).map(Some)
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
    AuthManagerLayerBuilder::new(Door(server.desk.clone()), sessions).build()
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
    let is_open = path == paths::LOGIN || path == super::ACCOUNT_FORMS[0] || paths::is_public(path);
    if auth.user.is_none() && !is_open {
        return to_sign_in(&request);
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
pub async fn stay(auth: &Auth) -> std::result::Result<(), tower_sessions::session::Error> {
    auth.session.insert(DAY_KEY, auth.backend.0.clock().now().date_naive()).await
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

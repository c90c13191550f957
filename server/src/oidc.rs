//! The identity provider, as OpenID Connect knows it: authorization code with PKCE. Its address
//! comes from the configuration alone, and nothing is fetched from anywhere that it did not name.

use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, Utc};
use desk::{Clock, House, Identity};
use domain::elsewhere::is_strong;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use url::{Host, Url};

/// How long the provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most that it may answer, in bytes: its keys and what it says of one person.
const MOST: usize = 1 << 20;
/// How long what the provider says of itself is believed.
const TRUSTED: TimeDelta = TimeDelta::hours(1);
/// Keys that are not known are asked for no more often than this.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How far clocks may differ.
const SKEW: TimeDelta = TimeDelta::minutes(1);
/// How old a token may be that was asked for this moment.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// What the configuration says of the provider.
#[derive(Clone, Debug)]
pub struct Options {
    /// As the provider spells it: with or without a slash at the end.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub house: House,
}

/// A provider that people may sign in at.
pub struct Provider {
    options: Options,
    issuer: IssuerUrl,
    is_here: bool,
    redirect: RedirectUrl,
    http: reqwest::Client,
    clock: Clock,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    metadata: Arc<CoreProviderMetadata>,
    since: DateTime<Utc>,
}

/// What must come back from the provider, kept in the browser's session until it does.
#[derive(Clone, Serialize, Deserialize)]
pub struct Begun {
    state: String,
    nonce: String,
    verifier: String,
    /// Seconds since 1970.
    pub at: i64,
    /// Where the person wanted to go.
    pub next: Option<String>,
}

/// What the provider has sent the browser back with.
#[derive(Deserialize)]
pub struct Answer {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    pub iss: Option<String>,
}

/// Why an answer is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It answers nothing that this browser has asked.
    #[error("the answer does not belong to this browser's question")]
    Stale,
    /// The provider says no.
    #[error("the provider declined: {0}")]
    Declined(String),
    #[error("the provider cannot be reached, or its answer is not sound")]
    Broken(#[source] anyhow::Error),
}

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// `callback` is the address that the provider sends people back to.
    ///
    /// # Errors
    /// Where the issuer is neither https nor this very machine.
    pub fn new(options: Options, callback: String, clock: Clock) -> anyhow::Result<Self> {
        let issuer = IssuerUrl::new(options.issuer.clone()).context("CLAIMDESK_OIDC_ISSUER is no address")?;
        let is_here = is_loopback(issuer.url());
        if issuer.url().scheme() != "https" && !(is_here && issuer.url().scheme() == "http") {
            bail!("CLAIMDESK_OIDC_ISSUER has to begin with https://, unless it is on this machine");
        }
        // No redirects: an address that was not named is not fetched.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("claimdesk/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("could not set up the client for the identity provider")?;
        Ok(Self {
            issuer,
            is_here,
            redirect: RedirectUrl::new(callback).context("the server's own address is none")?,
            options,
            http,
            clock,
            known: Mutex::new(None),
        })
    }

    pub fn house(&self) -> &House {
        &self.options.house
    }

    /// Where to send the browser, and what must come back.
    ///
    /// # Errors
    /// Where the provider cannot be reached.
    pub async fn begin(&self, next: Option<String>) -> Result<(Url, Begun), Failed> {
        let client = self.client(self.metadata(None).await?.as_ref());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let begun = Begun {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            at: self.clock.now().timestamp(),
            next,
        };
        Ok((address, begun))
    }

    /// Who has signed in, where the answer is sound.
    ///
    /// # Errors
    /// `Failed`, of which the cause goes to the log.
    pub async fn finish(&self, begun: Begun, answer: Answer) -> Result<Identity, Failed> {
        let age = self.clock.now().timestamp() - begun.at;
        let is_ours = answer.state.as_deref() == Some(begun.state.as_str());
        // RFC 9207: another provider's answer is not taken for this one's.
        let is_its = answer.iss.as_deref().is_none_or(|issuer| issuer == self.issuer.as_str());
        if !is_ours || !is_its || age > FRESH.num_seconds() {
            return Err(Failed::Stale);
        }
        if let Some(error) = answer.error {
            return Err(Failed::Declined(error.chars().take(100).collect()));
        }
        let code = answer.code.ok_or(Failed::Stale)?;
        let metadata = self.metadata(None).await?;
        let mut client = self.client(&metadata);
        let fetch = self.fetcher();
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .context("the provider names no token endpoint")?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier))
            .request_async(&fetch)
            .await
            .context("could not exchange the code")?;
        let token = tokens.id_token().context("the provider sent no ID token")?;
        let nonce = Nonce::new(begun.nonce);
        let claims = match self.claims(&client, token, &nonce) {
            Err(error) if is_unknown_key(&error) => {
                // The provider may have new keys.
                let metadata = self.metadata(Some(self.clock.now() - PAUSE)).await?;
                client = self.client(metadata.as_ref());
                self.claims(&client, token, &nonce).context("the ID token is not sound")?
            }
            other => other.context("the ID token is not sound")?,
        };
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().context("the ID token names no algorithm")?;
            let verifier = client.id_token_verifier();
            if let Ok(key) = token.signing_key(&verifier) {
                let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)
                    .context("the access token cannot be compared")?;
                if actual != *expected {
                    return Err(anyhow::anyhow!("the access token is not the ID token's").into());
                }
            }
        }
        let mut identity = self.identity(claims);
        if identity.email.is_none() && metadata.userinfo_endpoint().is_some() {
            let told: CoreUserInfoClaims = client
                .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
                .context("the provider names no user info endpoint")?
                .request_async(&fetch)
                .await
                .context("could not ask who it is")?;
            identity.email = told.email().map(|email| email.as_str().to_owned());
            identity.is_email_verified = told.email_verified() == Some(true);
            identity.name = identity.name.or_else(|| name_in(told.name()));
        }
        Ok(identity)
    }

    fn claims<'t>(
        &self,
        client: &Client,
        token: &'t CoreIdToken,
        nonce: &Nonce,
    ) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
        let now = self.clock.now();
        let verifier = client
            .id_token_verifier()
            // Signatures that only the provider can make: none with a secret that is known here too.
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
                CoreJwsSigningAlgorithm::RsaSsaPssSha256,
                CoreJwsSigningAlgorithm::RsaSsaPssSha384,
                CoreJwsSigningAlgorithm::RsaSsaPssSha512,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EcdsaP384Sha384,
                CoreJwsSigningAlgorithm::EdDsa,
            ])
            .set_time_fn(move || now - SKEW)
            .set_issue_time_verifier_fn(move |issued| is_timely(issued, now));
        token.claims(&verifier, nonce)
    }

    fn identity(&self, claims: &CoreIdTokenClaims) -> Identity {
        let methods = claims.auth_method_refs().into_iter().flatten().map(|method| method.as_str());
        Identity {
            issuer: self.issuer.as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            email: claims.email().map(|email| email.as_str().to_owned()),
            is_email_verified: claims.email_verified() == Some(true),
            name: name_in(claims.name()),
            is_strong: is_strong(methods, claims.auth_context_ref().map(|class| class.as_str())),
        }
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.options.client_id.clone()),
            self.options.client_secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(self.redirect.clone())
    }

    /// What the provider says of itself, from memory where that is new enough: no older than
    /// `newer_than`, or than an hour.
    async fn metadata(&self, newer_than: Option<DateTime<Utc>>) -> Result<Arc<CoreProviderMetadata>, Failed> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let oldest = newer_than.unwrap_or(now - TRUSTED);
        if let Some(known) = known.as_ref().filter(|known| known.since > oldest) {
            return Ok(known.metadata.clone());
        }
        let fetch = self.fetcher();
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &fetch)
            .await
            .context("could not ask the provider about itself")?;
        let metadata = Arc::new(metadata);
        *known = Some(Known { metadata: metadata.clone(), since: now });
        Ok(metadata)
    }

    /// What the library fetches with. It borrows nothing, so that whoever waits for it may move
    /// between threads.
    fn fetcher(&self) -> impl Fn(HttpRequest) -> Fetching + Send + Sync + use<> {
        let (http, is_here) = (self.http.clone(), self.is_here);
        move |request| Box::pin(fetch(http.clone(), is_here, request))
    }
}

type Fetching = Pin<Box<dyn Future<Output = Result<HttpResponse, Unfetched>> + Send>>;

/// Fetches from the provider: over https, or from this machine where the provider itself is on it;
/// no redirects, no endless answers.
async fn fetch(
    http: reqwest::Client,
    is_here: bool,
    request: HttpRequest,
) -> Result<HttpResponse, Unfetched> {
    let address: Url = request.uri().to_string().parse().map_err(|_| Unfetched::Address)?;
    let is_safe = if is_here { is_loopback(&address) } else { address.scheme() == "https" };
    if !is_safe {
        return Err(Unfetched::Address);
    }
    let request = reqwest::Request::try_from(request)?;
    let mut response = http.execute(request).await?;
    let mut answer = ::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > MOST {
            return Err(Unfetched::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(answer.body(body)?)
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
enum Unfetched {
    #[error("the provider names an address that is not fetched")]
    Address,
    #[error("the provider's answer is too long")]
    TooLong,
    #[error("could not fetch from the provider")]
    Http(#[from] reqwest::Error),
    #[error("the provider's answer is none")]
    Answer(#[from] http::Error),
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_)
        )
    )
}

fn is_timely(issued: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    if issued > now + SKEW {
        return Err("it was issued in the future".to_owned());
    }
    if issued < now - FRESH {
        return Err("it was issued long ago".to_owned());
    }
    Ok(())
}

fn name_in(name: Option<&openidconnect::LocalizedClaim<openidconnect::EndUserName>>) -> Option<String> {
    let name = name?;
    name.get(None).or_else(|| name.iter().next().map(|(_, name)| name)).map(|name| name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(issuer: &str) -> anyhow::Result<Provider> {
        let options = Options {
            issuer: issuer.to_owned(),
            client_id: "desk".into(),
            client_secret: None,
            house: House { name: "Newsroom".into(), domains: Vec::new() },
        };
        let _ = rustls::crypto::ring::default_provider().install_default();
        Provider::new(options, "http://127.0.0.1:3000/login/elsewhere/callback".into(), Clock::System)
    }

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for good in
            ["https://id.example", "http://127.0.0.1:9000", "http://localhost:9000/realm", "http://[::1]:9"]
        {
            assert!(provider(good).is_ok(), "{good}");
        }
        for bad in [
            "http://id.example",
            "http://127.0.0.1.evil.example",
            "http://10.0.0.1",
            "ftp://127.0.0.2.example",
        ] {
            assert!(provider(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn nothing_is_fetched_from_where_the_provider_is_not() {
        let asked =
            |address: &str| http::Request::builder().uri(address).body(Vec::new()).expect("a request");
        let far = provider("https://id.example").expect("a provider");
        for inside in ["http://169.254.169.254/latest", "http://127.0.0.1/keys", "file:///etc/passwd"] {
            let Ok(request) = http::Request::builder().uri(inside).body(Vec::new()) else { continue };
            assert!(matches!(far.fetcher()(request).await, Err(Unfetched::Address)), "{inside}");
        }
        let near = provider("http://127.0.0.1:9").expect("a provider");
        assert!(matches!(near.fetcher()(asked("http://10.0.0.1/keys")).await, Err(Unfetched::Address)));
    }

    #[tokio::test]
    async fn an_answer_to_another_question_is_not_believed() {
        let provider = provider("http://127.0.0.1:9").expect("a provider");
        let begun = || Begun {
            state: "ours".into(),
            nonce: "n".into(),
            verifier: "v".into(),
            at: Clock::System.now().timestamp(),
            next: None,
        };
        let answer = |state: Option<&str>, iss: Option<&str>| Answer {
            code: Some("c".into()),
            state: state.map(str::to_owned),
            error: None,
            iss: iss.map(str::to_owned),
        };
        for (state, iss) in
            [(None, None), (Some("theirs"), None), (Some("ours"), Some("https://evil.example"))]
        {
            let failed = provider.finish(begun(), answer(state, iss)).await;
            assert!(matches!(failed, Err(Failed::Stale)), "{state:?} {iss:?}");
        }
        let old = Begun { at: 0, ..begun() };
        assert!(matches!(provider.finish(old, answer(Some("ours"), None)).await, Err(Failed::Stale)));
        let declined = Answer { error: Some("access_denied".into()), ..answer(Some("ours"), None) };
        assert!(matches!(provider.finish(begun(), declined).await, Err(Failed::Declined(_))));
    }

    #[test]
    fn clocks_may_differ_by_a_minute() {
        let now = Clock::System.now();
        assert!(is_timely(now + TimeDelta::seconds(50), now).is_ok());
        assert!(is_timely(now + TimeDelta::seconds(70), now).is_err());
        assert!(is_timely(now - TimeDelta::minutes(11), now).is_err());
    }
}

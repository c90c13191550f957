//! `claimdesk serve`: pages, API, live updates and the worker, until told to end.

use crate::config::{Serve, Telling};
use crate::http::{self, Server, Settings};
use crate::oidc::Provider;
use crate::worker;
use anyhow::Context as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// How long requests that are under way may take to end.
const GRACE: Duration = Duration::from_secs(10);

/// # Errors
/// Where the bundle is missing, the address is taken or the database cannot be reached.
pub async fn run(options: Serve) -> anyhow::Result<()> {
    let settings = Settings::from(&options);
    let assets = http::files::assets(&settings.site)?;
    let mailer = options.mail.mailer(&settings.public_url)?;
    let listener = TcpListener::bind(options.address)
        .await
        .with_context(|| format!("could not listen on {}; choose another with --address", options.address))?;
    let address = listener.local_addr().context("the listener has no address")?;
    let seal = options.secrets.seal()?;
    let desk = options.database.connect().await?.with_seal(seal);
    if !desk.is_ready().await? {
        warn!("the database is not up to date: run `claimdesk migrate`");
    } else {
        desk.ship_scales().await?;
    }
    if options.telling.public_url.is_none() && !options.address.ip().is_loopback() {
        warn!("links in what is published begin with {}: set CLAIMDESK_PUBLIC_URL", settings.public_url);
    }
    let closing = closing_on_signals();
    let public_url = settings.public_url.clone();
    let callback = format!("{}{}", settings.own_address(), app::paths::ELSEWHERE_CALLBACK);
    let provider = match options.oidc.options() {
        Some(oidc) => Some(Provider::new(oidc, callback, desk.clock().clone())?),
        None => None,
    };
    let server = Server::new(desk.clone(), settings, assets, closing.clone()).with_provider(provider);
    let live = tokio::spawn(server.live.clone().follow(desk.clone()));
    let telling = Telling { public_url: Some(public_url), ..options.telling.clone() };
    let worker = tokio::spawn(worker::run(desk.clone(), telling, mailer, closing.clone()));
    info!(%address, "listening on http://{address}");

    let service = http::build_router(server).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(closing.clone().cancelled_owned());
    let give_up = async {
        closing.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = async { serving.await } => served.context("the server broke")?,
        () = give_up => warn!("some requests took too long to end and were cut off"),
    }
    live.abort();
    // The worker ends by itself; it is in the middle of a transaction at most.
    let _ = tokio::time::timeout(GRACE, worker).await;
    let _ = tokio::time::timeout(GRACE, desk.close()).await;
    info!("ended");
    Ok(())
}

/// Cancelled by SIGTERM or Ctrl-C. A second signal ends the process at once.
pub(crate) fn closing_on_signals() -> CancellationToken {
    let closing = CancellationToken::new();
    let told = closing.clone();
    tokio::spawn(async move {
        signal().await;
        info!("ending");
        told.cancel();
        signal().await;
        std::process::exit(1);
    });
    closing
}

async fn signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

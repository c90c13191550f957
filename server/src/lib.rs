//! The process: HTTP, JSON API, worker and command line. It wires what `app` shows to what `desk`
//! does and owns no rules; there is no SQL and no view in it.

pub mod api;
pub mod config;
pub mod copies;
pub mod deliveries;
pub mod export;
pub mod extraction;
pub mod front_matter;
pub mod history;
pub mod http;
pub mod ingest;
pub mod mail;
pub mod oidc;
pub mod people;
pub mod seed;
pub mod serve;
pub mod worker;

use anyhow::Context as _;
use config::{LogFormat, LogOptions};
use std::future::Future;
use std::io::{ErrorKind, IsTerminal as _, Write as _};
use tracing_subscriber::EnvFilter;

/// Starts logging and a runtime, and runs a subcommand to its end.
///
/// # Errors
/// The subcommand's own, and where the system gives no threads.
pub fn with_runtime(
    log: &LogOptions,
    command: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    start_log(log)?;
    provide_tls();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("could not start the runtime")?
        .block_on(command)
}

/// Whoever speaks TLS, such as the store of copies and what receivers are told, finds its cryptography
/// here. A second call would be refused, and the first is as good.
pub fn provide_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Words go to stderr, so that stdout holds data only.
fn start_log(log: &LogOptions) -> anyhow::Result<()> {
    // The session library warns of each cookie that has run out, and the page library of each
    // request that was given up: both are everyday life.
    let filter = EnvFilter::try_new(format!("tower_sessions_core=error,{}", log.log))
        .with_context(|| format!("“{}” is no log filter; use for instance info, or desk=debug", log.log))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.log_format {
        LogFormat::Text => builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}

/// Writes data to stdout. A reader that has enough and leaves (`| head`) is no failure.
pub(crate) fn print(data: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.context("could not write to stdout"),
    }
}

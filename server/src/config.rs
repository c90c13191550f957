//! The command line. Every setting is a flag and an environment variable, and `--help` is the
//! reference.

use chrono::NaiveDate;
use clap::builder::{BoolishValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::id::ClaimId;
use domain::policy::Role;
use domain::receiver::Loopback;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use url::Url;

/// Claimdesk: takes articles in, lifts out the claims that can be checked, and takes each one
/// through review to a verdict.
///
/// Data goes to stdout, words to stderr. The exit status is 0 when done, 1 when it failed and 2
/// when it was called wrongly.
#[derive(Debug, Parser)]
#[command(name = "claimdesk", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub log: LogOptions,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Logging")]
pub struct LogOptions {
    /// What to log: error, warn, info, debug or trace, also by module
    #[arg(long, global = true, env = "CLAIMDESK_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
    /// How to write log lines
    #[arg(long, global = true, env = "CLAIMDESK_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line, for programs
    Json,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one for the whole life of the process")]
pub enum Command {
    /// Serve pages, JSON API and live updates, and run the worker
    Serve(Serve),
    /// Bring the database up to date
    Migrate(Migrate),
    /// Load sample articles, demo accounts and what they have done
    Seed(Seed),
    /// Lift the claims out of a text, without a database
    Extract(Extract),
    /// Take an article in
    Ingest(Ingest),
    /// Add, list and disable accounts
    #[command(subcommand)]
    User(User),
    /// Make keys to the JSON API
    #[command(subcommand)]
    Token(Token),
    /// Write all claims with their verdicts to stdout
    Export(Export),
    /// Look after the copies of evidence
    #[command(subcommand)]
    Copies(Copies),
    /// Prove that nobody changed the history, and commit to it
    #[command(subcommand)]
    History(History),
    /// Run the worker alone: leases that run out, mail, checkpoints of the history, what has expired,
    /// copies to read every night, receivers to tell
    Worker(Worker),
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Database")]
pub struct Database {
    /// The Postgres to work on, version 15 or later
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: String,
    /// A replica that dashboards and lists read from
    #[arg(long, env = "DATABASE_REPLICA_URL", hide_env_values = true, value_name = "URL")]
    pub database_replica_url: Option<String>,
    /// The most connections to open, to each of the two
    #[arg(long, env = "CLAIMDESK_CONNECTIONS", default_value_t = 16, value_name = "N",
          value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub connections: u32,
    /// Where copies of evidence are kept: a folder, which is made when it is first needed, or
    /// s3://bucket/prefix with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for stores
    /// other than Amazon's, AWS_ENDPOINT. All servers and workers of a desk share one
    #[arg(long, env = "CLAIMDESK_FILES", default_value = ".data/files", value_name = "PLACE")]
    pub files: String,
}

#[derive(Clone, Debug, Args)]
pub struct Migrate {
    /// A role of the database that servers and workers work as: it is given what they need and no
    /// more. The tables stay with whoever migrates
    #[arg(long, env = "CLAIMDESK_GRANT_TO", value_name = "ROLE")]
    pub grant_to: Option<String>,
    #[command(flatten)]
    pub database: Database,
}

impl Database {
    /// # Errors
    /// Where no connection can be had, or the place of copies is not understood.
    pub async fn connect(&self) -> desk::Result<desk::Desk> {
        let files = desk::Files::at(&self.files)?;
        let replica = self.database_replica_url.as_deref().filter(|url| !url.is_empty());
        Ok(desk::Desk::connect(&self.database_url, replica, self.connections).await?.with_files(files))
    }
}

/// How receivers are told of what is published.
#[derive(Clone, Debug, Args)]
pub struct Telling {
    /// Where people reach the server from outside, such as https://desk.example.org. Links in what
    /// is published begin with it, and forms that browsers send from there are accepted even where a
    /// proxy rewrites the Host header
    #[arg(long, env = "CLAIMDESK_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,
    /// Let receivers be on this machine, over plain HTTP as well: for trying them out
    #[arg(long, env = "CLAIMDESK_LOOPBACK_RECEIVERS")]
    pub loopback_receivers: bool,
}

impl Telling {
    pub fn loopback(&self) -> Loopback {
        if self.loopback_receivers { Loopback::Allowed } else { Loopback::Refused }
    }

    /// Where links lead that leave the desk.
    ///
    /// # Errors
    /// Never with the default; a URL that was given has been read already.
    pub fn url(&self) -> anyhow::Result<Url> {
        Ok(Url::parse(&self.own_address())?)
    }

    /// What published addresses begin with, without a slash at the end.
    pub fn own_address(&self) -> String {
        let own = self.public_url.as_ref().map_or("http://localhost", Url::as_str);
        own.trim_end_matches('/').to_owned()
    }
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Mail")]
pub struct Mail {
    /// The mail server, such as smtps://user:password@mail.example.org or smtp://localhost. Without
    /// one nothing is mailed, and people are told in the app
    #[arg(long = "smtp-url", env = "CLAIMDESK_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// Whom mail comes from, such as "Claimdesk <desk@example.org>"
    #[arg(long, env = "CLAIMDESK_MAIL_FROM", value_name = "SENDER")]
    pub mail_from: Option<String>,
}

impl Mail {
    /// `None` where no mail server is set.
    ///
    /// # Errors
    /// Where what is set cannot be read.
    pub fn mailer(&self, public_url: &Url) -> anyhow::Result<Option<crate::mail::Mailer>> {
        let set = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        match (set(&self.smtp_url), set(&self.mail_from)) {
            (None, _) => Ok(None),
            (Some(url), Some(from)) => crate::mail::Mailer::new(&url, &from, public_url).map(Some),
            (Some(_), None) => anyhow::bail!("set CLAIMDESK_MAIL_FROM: mail needs a sender"),
        }
    }
}

/// How secrets are kept.
#[derive(Clone, Debug, Args)]
pub struct Secrets {
    /// What the secrets of authenticators and receivers are sealed with in the database: 32 or more
    /// random characters. Several, separated by commas: the first seals, the others still open
    /// [default: none, and they are kept as they are]
    #[arg(
        long,
        env = "CLAIMDESK_SECRET_KEY",
        hide_env_values = true,
        value_name = "KEY",
        value_delimiter = ','
    )]
    pub secret_key: Vec<String>,
}

impl Secrets {
    /// # Errors
    /// Where a key is too short to be random.
    pub fn seal(&self) -> Result<desk::Seal, desk::UnfitKey> {
        desk::Seal::of(self.secret_key.iter().map(String::as_str))
    }
}

#[derive(Clone, Debug, Args)]
pub struct Worker {
    #[command(flatten)]
    pub secrets: Secrets,
    #[command(flatten)]
    pub telling: Telling,
    #[command(flatten)]
    pub mail: Mail,
    #[command(flatten)]
    pub database: Database,
}

#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where to listen
    #[arg(long, env = "CLAIMDESK_ADDRESS", default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    pub address: SocketAddr,
    /// The built bundle: style, scripts and public files
    #[arg(long, env = "CLAIMDESK_SITE", default_value = "target/site", value_name = "FOLDER")]
    pub site: PathBuf,
    #[command(flatten)]
    pub telling: Telling,
    /// Send cookies over https only [default: false on a loopback address, else true]
    #[arg(long, env = "CLAIMDESK_SECURE_COOKIES", value_name = "BOOL", num_args = 0..=1,
          default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub secure_cookies: Option<bool>,
    /// Proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "CLAIMDESK_TRUSTED_PROXIES", value_name = "IP", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Bearer token that /metrics asks for [default: none, and only loopback addresses may read it]
    #[arg(long, env = "CLAIMDESK_METRICS_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub metrics_token: Option<String>,
    #[command(flatten)]
    pub secrets: Secrets,
    #[command(flatten)]
    pub mail: Mail,
    #[command(flatten)]
    pub oidc: Oidc,
    #[command(flatten)]
    pub database: Database,
}

/// An identity provider that people may sign in at, with OpenID Connect.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Signing in elsewhere (OpenID Connect)")]
pub struct Oidc {
    /// The provider's issuer, letter by letter as it calls itself; https, unless it is on this machine.
    /// It has to send people back to /login/elsewhere/callback
    #[arg(long, env = "CLAIMDESK_OIDC_ISSUER", value_name = "URL", requires = "oidc_client_id")]
    pub oidc_issuer: Option<String>,
    /// What the provider calls this desk
    #[arg(long, env = "CLAIMDESK_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,
    /// What the desk shows the provider [default: none, for a public client]
    #[arg(long, env = "CLAIMDESK_OIDC_CLIENT_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub oidc_client_secret: Option<String>,
    /// What people call the provider: “Sign in with …”
    #[arg(long, env = "CLAIMDESK_OIDC_NAME", value_name = "NAME", default_value = "your organisation")]
    pub oidc_name: String,
    /// Whoever has a verified address of one of these domains and no account gets one, as viewer
    #[arg(long, env = "CLAIMDESK_OIDC_DOMAINS", value_name = "DOMAIN", value_delimiter = ',')]
    pub oidc_domains: Vec<String>,
}

impl Oidc {
    /// What is configured, if anything is.
    pub fn options(&self) -> Option<crate::oidc::Options> {
        let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        Some(crate::oidc::Options {
            issuer: given(&self.oidc_issuer)?,
            client_id: given(&self.oidc_client_id)?,
            client_secret: given(&self.oidc_client_secret),
            house: desk::House { name: self.oidc_name.clone(), domains: self.oidc_domains.clone() },
        })
    }
}

impl Serve {
    pub fn secure_cookies(&self) -> bool {
        self.secure_cookies.unwrap_or(!self.address.ip().is_loopback())
    }
}

#[derive(Clone, Debug, Args)]
pub struct Seed {
    /// Do nothing where the desk has accounts already
    #[arg(long)]
    pub once: bool,
    /// Also make up this many claims, to measure with
    #[arg(long, value_name = "CLAIMS")]
    pub fill: Option<u32>,
    /// Where the sample data is
    #[arg(long, default_value = "seeds", value_name = "FOLDER")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub database: Database,
}

#[derive(Clone, Debug, Args)]
pub struct Extract {
    /// The text to read, UTF-8; - for stdin
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// The day of publication, which anchors “Tuesday” and “last week”
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub published: Option<NaiveDate>,
    /// Read one JSON object a line, {"id", "text", "published"?}, and write one a line, in order,
    /// on all cores. Lines that cannot be read are named on stderr and left out; blank ones are skipped
    #[arg(long)]
    pub jsonl: bool,
}

#[derive(Clone, Debug, Args)]
pub struct Ingest {
    /// The article, UTF-8; - for stdin. A head in TOML between two lines of +++ may give what the
    /// flags give; a flag wins
    #[arg(default_value = "-")]
    pub file: PathBuf,
    #[arg(long)]
    pub title: Option<String>,
    #[arg(long)]
    pub outlet: Option<String>,
    /// Where the article stands on the web
    #[arg(long, value_name = "URL")]
    pub address: Option<String>,
    #[arg(long)]
    pub author: Option<String>,
    /// When it was published: 2024-03-12, or 2024-03-12T18:42:00+03:00
    #[arg(long, value_name = "TIME")]
    pub published: Option<String>,
    /// Two letters, such as en [default: found out from the text]
    #[arg(long)]
    pub language: Option<String>,
    /// Who takes it in
    #[arg(long = "as", env = "CLAIMDESK_AS", value_name = "EMAIL")]
    pub by: String,
    #[command(flatten)]
    pub database: Database,
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add an account. Without --password-stdin and CLAIMDESK_PASSWORD a password is made up and
    /// printed
    Add {
        /// The address to sign in with
        email: String,
        /// The name that colleagues see
        #[arg(long)]
        name: String,
        #[arg(long, default_value = "reviewer", value_name = "ROLE", value_parser = roles())]
        role: Role,
        /// Read the password from the first line of stdin
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        database: Database,
    },
    /// List all accounts: e-mail address, role, standing, name
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Take an account out of use and end its sessions
    Disable {
        email: String,
        #[command(flatten)]
        database: Database,
    },
    /// Take the second factor off an account whose owner has lost it, and end its sessions
    ResetSecondFactor {
        email: String,
        /// Why; it stays in the history
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token and print it; it cannot be shown again
    Create {
        /// The account that the token acts as
        #[arg(long = "for", value_name = "EMAIL")]
        owner: String,
        /// What it is for
        #[arg(long)]
        name: String,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Debug, Subcommand)]
pub enum Copies {
    /// Read every copy and compare it with its SHA-256. Those that are not what was kept are written
    /// to stdout, one a line: what was found, SHA-256, claim, name; and the exit status is 1
    Verify {
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Debug, Subcommand)]
pub enum History {
    /// Work out every hash again and say what was changed, taken out, put in or cut off. Findings go
    /// to stdout, the first bad entry first; the exit status is 1 where there are any
    Verify {
        /// The head of the history as it was kept elsewhere: without one, entries cut off at the
        /// end cannot be told from entries that never were
        #[arg(long, value_name = "FILE")]
        head: Option<PathBuf>,
        /// Check the history of this claim alone
        #[arg(long, value_name = "ID")]
        claim: Option<ClaimId>,
        #[command(flatten)]
        database: Database,
    },
    /// Print the newest checkpoint, to be kept elsewhere
    Head {
        /// Take a checkpoint first, so that it covers everything up to now
        #[arg(long)]
        now: bool,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Clone, Debug, Args)]
pub struct Export {
    #[arg(long, value_enum, default_value = "csv")]
    pub format: crate::export::Format,
    #[command(flatten)]
    pub database: Database,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.word())).try_map(|word| word.parse::<Role>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn cookies_are_secure_unless_the_address_is_this_machine() {
        let serve = |address: &str| {
            let arguments = ["claimdesk", "serve", "--database-url", "postgres://x", "--address", address];
            match Cli::parse_from(arguments).command {
                Command::Serve(serve) => serve,
                other => panic!("{other:?}"),
            }
        };
        assert!(!serve("127.0.0.1:3000").secure_cookies());
        assert!(serve("0.0.0.0:3000").secure_cookies());
    }
}

//! A private PostgreSQL: found or installed, initialised, started and stopped by this program.
//!
//! It listens on a Unix socket in a folder that only its owner can enter, never on TCP, so it needs
//! no password. The cluster for `serve` keeps full durability; the one for tests trades it for speed
//! and is made anew each time.

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use nix::unistd::{User, geteuid};

use crate::packages;
use crate::project;
use crate::shell;
use crate::steps::{note, warn};

/// The oldest major version the migrations are written for.
const OLDEST: u32 = 15;
/// The role that owns the database of the application, and the database.
const NAME: &str = "claimdesk";
/// The role that the application works as, which owns nothing.
pub const APPLICATION: &str = "claimdesk_app";
/// What PostgreSQL copies where a new database names no other template.
const TEMPLATE: &str = "template1";
/// Part of the socket's file name only: nothing listens on a port.
const PORT: &str = "5432";
/// The system limits a socket's whole path, on macOS to 103 bytes; `/.s.PGSQL.5432` takes 15.
const LONGEST_SOCKET_DIR: usize = 88;

/// What a cluster is for, which decides where it lives and what it may lose in a crash.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Purpose {
    Serve,
    Test,
    /// For a storm: as durable as the one for `serve`, and made anew each time.
    Storm,
    /// For measuring: as durable, with the memory of a server that has work to do, and kept.
    Bench,
}

impl Purpose {
    fn data_name(self) -> &'static str {
        match self {
            Purpose::Serve => "postgres",
            Purpose::Test => "test-postgres",
            Purpose::Storm => "storm-postgres",
            Purpose::Bench => "bench-postgres",
        }
    }

    fn socket_name(self) -> &'static str {
        match self {
            Purpose::Serve => "run",
            Purpose::Test => "test-run",
            Purpose::Storm => "storm-run",
            Purpose::Bench => "bench-run",
        }
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Purpose::Serve | Purpose::Storm => &["max_connections=200"],
            Purpose::Bench => &["max_connections=200", "shared_buffers=1GB", "max_wal_size=8GB"],
            Purpose::Test => &[
                "max_connections=300",
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
            ],
        }
    }

    fn is_made_anew(self) -> bool {
        matches!(self, Purpose::Test | Purpose::Storm)
    }

    /// Tests make a database each; the application never does.
    fn role_rights(self) -> &'static str {
        match self {
            Purpose::Serve | Purpose::Storm | Purpose::Bench => "nocreatedb",
            Purpose::Test => "createdb",
        }
    }
}

/// Where a cluster's programs, data and socket are, and who owns them.
#[derive(Clone, Debug)]
pub struct Cluster {
    purpose: Purpose,
    programs: PathBuf,
    data: PathBuf,
    socket_dir: PathBuf,
    log: PathBuf,
    /// The user PostgreSQL runs as where this program is root, which it refuses to be.
    owner: Option<Owner>,
}

#[derive(Clone, Debug)]
struct Owner {
    uid: u32,
    gid: u32,
}

/// A cluster that accepts connections; stopped when this is dropped.
pub struct Server {
    cluster: Cluster,
    /// Absent where the server was found running.
    child: Option<Child>,
    /// Started by hand with `database start`: left running.
    is_kept: bool,
}

/// The addresses of a database.
#[derive(Clone, Debug)]
pub struct Access {
    /// Of who owns it and brings it up to date.
    pub owner: String,
    /// Of the role that the application works as; the owner's where the database is somebody else's.
    pub application: Option<String>,
}

impl Cluster {
    /// Finds the programs, installing them where that is allowed, and decides on the folders.
    pub fn locate(purpose: Purpose) -> Result<Self> {
        let owner = owner()?;
        let base = base_dir(owner.as_ref())?;
        let data = base.join(purpose.data_name());
        let programs = programs(purpose, &data)?;
        let socket_dir = socket_dir(&base, purpose, owner.as_ref())?;
        let log = base.join(format!("{}.log", purpose.data_name()));
        Ok(Self { purpose, programs, data, socket_dir, log, owner })
    }

    /// The address of a database of this cluster, as libpq and sqlx read it.
    pub fn url(&self, database: &str) -> String {
        self.url_of(NAME, database)
    }

    /// The same, for the role that owns nothing.
    pub fn application_url(&self, database: &str) -> String {
        self.url_of(APPLICATION, database)
    }

    fn url_of(&self, role: &str, database: &str) -> String {
        let dir = percent_encoded(self.socket_dir.as_os_str().as_bytes());
        format!("postgres://{role}@localhost/{database}?host={dir}&port={PORT}")
    }

    /// Starts it, or joins it where it runs already.
    pub fn start(self) -> Result<Server> {
        if let Some(id) = self.postmaster() {
            note(format!("using the PostgreSQL that already runs for this folder (process {id})"));
            let is_kept = self.keep_file().exists();
            let server = Server { cluster: self, child: None, is_kept };
            server.wait_until_ready(None)?;
            server.ensure_role_and_database()?;
            return Ok(server);
        }
        if self.purpose.is_made_anew() && self.data.exists() {
            fs::remove_dir_all(&self.data)
                .with_context(|| format!("could not clear {}", project::shown(&self.data)))?;
        }
        if !self.data.join("PG_VERSION").exists() {
            self.initialise()?;
        }
        let _ = fs::remove_file(self.keep_file());
        self.forget_reused_process_ids()?;
        let child = self.launch()?;
        let server = Server { cluster: self, child: Some(child), is_kept: false };
        server.ensure_role_and_database()?;
        Ok(server)
    }

    /// Stops it, if it runs. Returns whether it did.
    pub fn stop(&self) -> bool {
        let Some(id) = self.postmaster() else {
            return false;
        };
        let _ = fs::remove_file(self.keep_file());
        stop_process(id, &mut || !shell::is_alive(id));
        true
    }

    /// The process that serves this data folder, if one does.
    ///
    /// The pid file alone does not tell: it survives a kill, and the id may be another program's now.
    fn postmaster(&self) -> Option<i32> {
        let id = first_number(&self.data.join("postmaster.pid"))?;
        self.is_postmaster(id).then_some(id)
    }

    fn is_postmaster(&self, id: i32) -> bool {
        shell::is_alive(id)
            && shell::command_line(id).is_some_and(|line| is_postmaster_line(&line, &self.data))
    }

    fn keep_file(&self) -> PathBuf {
        self.data.with_extension("kept")
    }

    /// Made under another name first: an interrupted start leaves nothing half-made behind.
    fn initialise(&self) -> Result<()> {
        note(format!("creating the database's files in {}", project::shown(&self.data)));
        if self.data.exists() {
            bail!(
                "{} exists but holds no database: move it away and start again",
                project::shown(&self.data)
            );
        }
        let draft = self.data.with_extension("new");
        let mut failure = None;
        for locale in self.locales()? {
            if draft.exists() {
                fs::remove_dir_all(&draft)
                    .with_context(|| format!("could not clear {}", project::shown(&draft)))?;
            }
            create_private(&draft, self.owner.as_ref())?;
            let mut initdb = self.program("initdb");
            initdb
                .arg("--pgdata")
                .arg(&draft)
                .args(["--username=postgres", "--auth-local=trust", "--auth-host=reject"])
                .args(["--encoding=UTF8", "--no-instructions"])
                .args(locale);
            if self.purpose == Purpose::Test {
                initdb.arg("--no-sync");
            }
            match shell::quiet(&mut initdb) {
                Ok(_) => {
                    return fs::rename(&draft, &self.data).with_context(|| {
                        format!("could not put {} in its place", project::shown(&self.data))
                    });
                }
                Err(error) => failure = Some(error),
            }
        }
        let _ = fs::remove_dir_all(&draft);
        match failure {
            Some(error) => Err(error.context("PostgreSQL could not create its files")),
            None => bail!("no locale to create the database with"),
        }
    }

    /// Text must sort the same everywhere and `lower()` must know every alphabet. Which spelling of
    /// that a system has differs, so they are tried in turn.
    fn locales(&self) -> Result<Vec<&'static [&'static str]>> {
        let mut spellings: Vec<&[&str]> = vec![&["--locale=C.UTF-8"], &["--locale=en_US.UTF-8"]];
        if version_of(&self.programs)? >= 17 {
            spellings.insert(0, &["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]);
        }
        Ok(spellings)
    }

    /// PostgreSQL clears up after a crash itself, unless the id in its lock file is in use again: then
    /// it takes that program for itself. The file has to stay, since it also guards against
    /// backends that outlived their postmaster, so only the id in it is replaced by a dead one.
    fn forget_reused_process_ids(&self) -> Result<()> {
        let file = self.data.join("postmaster.pid");
        let Some(id) = first_number(&file) else {
            return self.remove_stale_socket();
        };
        if shell::is_alive(id) {
            note(format!(
                "process {id}, which PostgreSQL's lock file names, is another program: a killed run left the file"
            ));
            let text = fs::read_to_string(&file)
                .with_context(|| format!("could not read {}", project::shown(&file)))?;
            fs::write(&file, with_first_line(&text, &dead_process_id().to_string()))
                .with_context(|| format!("could not correct {}", project::shown(&file)))?;
        }
        self.remove_stale_socket()
    }

    /// No postmaster of this data folder runs, and the socket folder is this cluster's alone.
    fn remove_stale_socket(&self) -> Result<()> {
        for name in [format!(".s.PGSQL.{PORT}"), format!(".s.PGSQL.{PORT}.lock")] {
            let file = self.socket_dir.join(name);
            if file.symlink_metadata().is_ok() {
                fs::remove_file(&file)
                    .with_context(|| format!("could not remove the stale {}", file.display()))?;
            }
        }
        Ok(())
    }

    /// Starts the postmaster and waits for it. Right after a kill its last backends may still hold
    /// the shared memory; they leave within seconds.
    fn launch(&self) -> Result<Child> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            shell::stop_if_interrupted()?;
            let mut child = self.spawn()?;
            let server_like = self.wait_for(&mut child);
            match server_like {
                Ok(()) => return Ok(child),
                Err(error) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    let log = fs::read_to_string(&self.log).unwrap_or_default();
                    let is_passing = log.contains("still in use");
                    if !is_passing || Instant::now() > deadline {
                        return Err(error.context(format!(
                            "PostgreSQL did not start. The end of {}:\n{}",
                            project::shown(&self.log),
                            shell::tail(&log, 12)
                        )));
                    }
                    thread::sleep(Duration::from_millis(300));
                }
            }
        }
    }

    fn spawn(&self) -> Result<Child> {
        let log = self.open_log()?;
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(&self.data);
        let sockets = format!("unix_socket_directories={}", self.socket_dir.display());
        let always = ["listen_addresses=", &sockets, "timezone=UTC", "log_timezone=UTC"];
        for setting in always.iter().chain(self.purpose.settings()) {
            postgres.args(["-c", setting]);
        }
        let errors = log.try_clone().context("could not open the log twice")?;
        postgres
            .args(["-c", &format!("port={PORT}")])
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .context("could not start PostgreSQL")
    }

    /// A fresh log for each start, so that what is quoted from it belongs to this start.
    fn open_log(&self) -> Result<File> {
        if self.log.exists() {
            let _ = fs::rename(&self.log, self.log.with_extension("log.old"));
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .with_context(|| format!("could not write {}", project::shown(&self.log)))
    }

    fn wait_for(&self, child: &mut Child) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(120);
        while !self.accepts() {
            shell::stop_if_interrupted()?;
            if let Some(status) = child.try_wait().context("lost sight of PostgreSQL")? {
                bail!("it ended at once ({status})");
            }
            if Instant::now() > deadline {
                bail!("it was not ready after two minutes");
            }
            thread::sleep(Duration::from_millis(25));
        }
        Ok(())
    }

    /// Whether it takes connections; recovery after a crash can take a while.
    fn accepts(&self) -> bool {
        let says_ready = fs::read_to_string(self.data.join("postmaster.pid"))
            .is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"));
        says_ready && self.query("postgres", "select 1").is_ok()
    }

    /// Runs SQL as the cluster's superuser and returns the unaligned rows.
    fn query(&self, database: &str, sql: &str) -> Result<String> {
        let mut psql = self.psql("postgres", database);
        psql.args(["--command", sql]);
        Ok(shell::quiet(&mut psql)?.trim().to_owned())
    }

    fn psql(&self, role: &str, database: &str) -> Command {
        let mut psql = shell::program(psql_of(&self.programs));
        without_libpq_variables(&mut psql);
        psql.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password"])
            .args(["--set", "ON_ERROR_STOP=1", "--port", PORT, "--username", role, "--dbname", database])
            .arg("--host")
            .arg(&self.socket_dir);
        psql
    }

    /// One of PostgreSQL's programs, run as the owner of the data.
    fn program(&self, name: &str) -> Command {
        let mut command = shell::program(self.programs.join(name));
        without_libpq_variables(&mut command);
        // Whoever owns the data need not be able to enter the project.
        command.current_dir("/");
        if let Some(owner) = &self.owner {
            command.uid(owner.uid).gid(owner.gid).env("HOME", "/");
        }
        command
    }
}

impl Server {
    pub fn url(&self) -> String {
        self.cluster.url(NAME)
    }

    /// How the application's own database is reached.
    pub fn access(&self) -> Access {
        self.access_to(NAME)
    }

    fn access_to(&self, database: &str) -> Access {
        Access {
            owner: self.cluster.url(database),
            application: Some(self.cluster.application_url(database)),
        }
    }

    /// Leaves the server running when this program ends.
    pub fn keep(mut self) -> Result<()> {
        fs::write(self.cluster.keep_file(), "").context("could not note that PostgreSQL is to stay")?;
        self.is_kept = true;
        Ok(())
    }

    /// Starts it again if it has died meanwhile. Returns whether it had.
    pub fn revive(&mut self) -> Result<bool> {
        let is_gone = match &mut self.child {
            Some(child) => child.try_wait().context("lost sight of PostgreSQL")?.is_some(),
            None => self.cluster.postmaster().is_none(),
        };
        if is_gone {
            self.cluster.forget_reused_process_ids()?;
            self.child = Some(self.cluster.launch()?);
        }
        Ok(is_gone)
    }

    /// Kills it as the system would: it writes nothing more and says goodbye to nobody.
    pub fn kill(&mut self) -> Result<()> {
        let child = self.child.as_mut().context("this PostgreSQL was not started here")?;
        child.kill().context("could not kill PostgreSQL")?;
        child.wait().context("lost sight of PostgreSQL")?;
        Ok(())
    }

    /// Runs one query on the application's database as the superuser and returns the unaligned rows.
    /// By way of a file: there is no limit to its length.
    pub fn query(&self, sql: &str) -> Result<String> {
        let file = project::target().join(format!("{}.sql", self.cluster.purpose.data_name()));
        fs::write(&file, sql).with_context(|| format!("could not write {}", project::shown(&file)))?;
        let mut psql = self.cluster.psql("postgres", NAME);
        psql.arg("--file").arg(&file);
        Ok(shell::quiet(&mut psql)?.trim().to_owned())
    }

    /// As [`Self::fresh_database`], for the application.
    pub fn fresh_access(&self, name: &str) -> Result<Access> {
        self.fresh_database(name)?;
        Ok(self.access_to(name))
    }

    /// Drops the database, if there is one of that name, and makes it anew. Returns its address.
    pub fn fresh_database(&self, name: &str) -> Result<String> {
        self.cluster.query("postgres", &format!("drop database if exists \"{name}\" with (force)"))?;
        let create = format!("create database \"{name}\" owner {NAME} template template0");
        self.cluster.query("postgres", &create)?;
        Ok(self.cluster.url(name))
    }

    /// Gives every database that is made from now on what `fill` puts into the one that it is given the
    /// name of, until what is returned is dropped.
    pub fn template(&self, fill: impl FnOnce(&str) -> Result<()>) -> Result<Template> {
        let template = Template(self.cluster.clone());
        template.renew()?;
        fill(TEMPLATE)?;
        Ok(template)
    }

    /// Runs a file of SQL in one transaction, as the application's role.
    pub fn run_file(&self, database: &str, file: &Path) -> Result<()> {
        let mut psql = self.cluster.psql(NAME, database);
        let text =
            fs::read_to_string(file).with_context(|| format!("could not read {}", project::shown(file)))?;
        // sqlx's own mark for what cannot run in a transaction.
        if !text.starts_with("-- no-transaction") {
            psql.arg("--single-transaction");
        }
        psql.arg("--file").arg(file);
        shell::quiet(&mut psql).with_context(|| format!("{} does not run", project::shown(file)))?;
        Ok(())
    }

    fn wait_until_ready(&self, patience: Option<Duration>) -> Result<()> {
        let deadline = Instant::now() + patience.unwrap_or(Duration::from_secs(120));
        while !self.cluster.accepts() {
            shell::stop_if_interrupted()?;
            if Instant::now() > deadline {
                bail!(
                    "the PostgreSQL that runs in {} does not answer. Stop it and start again: \
                     cargo xtask database stop",
                    project::shown(&self.cluster.data)
                );
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn ensure_role_and_database(&self) -> Result<()> {
        let cluster = &self.cluster;
        let rights = cluster.purpose.role_rights();
        let has = |table: &str, column: &str, name: &str| -> Result<bool> {
            let found =
                cluster.query("postgres", &format!("select 1 from {table} where {column} = '{name}'"))?;
            Ok(found == "1")
        };
        for (role, rights) in [(NAME, rights), (APPLICATION, "nocreatedb")] {
            if !has("pg_roles", "rolname", role)? {
                cluster.query("postgres", &format!("create role {role} login {rights}"))?;
            }
        }
        if !has("pg_database", "datname", NAME)? {
            cluster.query("postgres", &format!("create database {NAME} owner {NAME}"))?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let id = self
            .child
            .as_ref()
            .and_then(|child| i32::try_from(child.id()).ok())
            .or_else(|| self.cluster.postmaster());
        let Some(id) = id else { return };
        match &mut self.child {
            Some(child) => stop_process(id, &mut || !matches!(child.try_wait(), Ok(None))),
            None => stop_process(id, &mut || !shell::is_alive(id)),
        }
    }
}

/// What new databases hold. Empty again when this is dropped: a cluster may outlive this program.
pub struct Template(Cluster);

impl Template {
    fn renew(&self) -> Result<()> {
        for sql in [
            format!("alter database {TEMPLATE} with is_template false"),
            format!("drop database {TEMPLATE} with (force)"),
            format!("create database {TEMPLATE} owner {NAME} template template0 is_template true"),
        ] {
            self.0.query("postgres", &sql)?;
        }
        Ok(())
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        if let Err(error) = self.renew() {
            warn(format!("new databases of the tests' PostgreSQL are not empty: {error:#}"));
        }
    }
}

/// SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, everything is written.
fn stop_process(id: i32, has_ended: &mut dyn FnMut() -> bool) {
    for (signal, patience) in [(Signal::SIGINT, 30), (Signal::SIGQUIT, 5), (Signal::SIGKILL, 2)] {
        if has_ended() {
            return;
        }
        shell::signal(id, signal);
        let deadline = Instant::now() + Duration::from_secs(patience);
        while Instant::now() < deadline {
            if has_ended() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Variables such as PGHOST would lead to another server than the one meant.
fn without_libpq_variables(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("PG")) {
            command.env_remove(name);
        }
    }
}

// Programs

/// The folder of PostgreSQL's programs: the version the data was made with, else the newest.
fn programs(purpose: Purpose, data: &Path) -> Result<PathBuf> {
    let mut found = installed();
    if found.is_empty() && packages::can_install() {
        packages::install(&["postgresql"])?;
        found = installed();
    }
    let made_with = match purpose {
        Purpose::Serve | Purpose::Bench => {
            first_number(&data.join("PG_VERSION")).and_then(|n| u32::try_from(n).ok())
        }
        Purpose::Test | Purpose::Storm => None,
    };
    choose(&found, made_with).map_err(|words| anyhow::anyhow!("{words}"))
}

fn choose(found: &[(u32, PathBuf)], made_with: Option<u32>) -> Result<PathBuf, String> {
    let fitting = found.iter().filter(|(version, _)| made_with.is_none_or(|made| *version == made));
    if let Some((_, dir)) =
        fitting.filter(|(version, _)| *version >= OLDEST).max_by_key(|(version, _)| *version)
    {
        return Ok(dir.clone());
    }
    let seen: Vec<String> =
        found.iter().map(|(version, dir)| format!("{version} in {}", dir.display())).collect();
    let seen = if seen.is_empty() { "none".to_owned() } else { seen.join(", ") };
    Err(match made_with {
        Some(made) if !found.is_empty() => format!(
            "the data in .data/postgres was made by PostgreSQL {made}, which is not installed (found: {seen}). \
             Install that version, or move .data/postgres away to begin anew"
        ),
        _ => format!(
            "PostgreSQL {OLDEST} or newer is needed (found: {seen}). One of these helps:\n\
             \x20   Debian, Ubuntu:  sudo apt-get install postgresql\n\
             \x20   Fedora:          sudo dnf install postgresql-server\n\
             \x20   macOS:           brew install postgresql@17\n\
             \x20   a server elsewhere: set DATABASE_URL=postgres://user:password@host/database (for serve)"
        ),
    })
}

fn installed() -> Vec<(u32, PathBuf)> {
    let mut dirs: Vec<PathBuf> = env::var_os("PATH").iter().flat_map(env::split_paths).collect();
    for (parent, inner) in [
        ("/usr/lib/postgresql", "bin"),
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ] {
        let versions = fs::read_dir(parent).into_iter().flatten().flatten();
        dirs.extend(versions.map(|version| version.path().join(inner)));
    }
    dirs.extend((OLDEST..OLDEST + 10).map(|version| PathBuf::from(format!("/usr/pgsql-{version}/bin"))));
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for dir in dirs {
        let complete = ["initdb", "postgres"].iter().all(|name| shell::is_executable(&dir.join(name)));
        if complete
            && !found.iter().any(|(_, known)| *known == dir)
            && let Ok(version) = version_of(&dir)
        {
            found.push((version, dir));
        }
    }
    found
}

fn version_of(programs: &Path) -> Result<u32> {
    let printed = shell::quiet(shell::program(programs.join("postgres")).arg("--version"))?;
    major_version(&printed).with_context(|| format!("what version is {:?}?", printed.trim()))
}

/// `15` for `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major_version(printed: &str) -> Option<u32> {
    let after = printed.split_once("(PostgreSQL) ")?.1;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Some distributions keep the client apart from the server.
fn psql_of(programs: &Path) -> PathBuf {
    let beside = programs.join("psql");
    if shell::is_executable(&beside) { beside } else { PathBuf::from("psql") }
}

// Owner and folders

fn owner() -> Result<Option<Owner>> {
    if !shell::is_root() {
        return Ok(None);
    }
    let find = || User::from_name("postgres").context("could not look up the user postgres");
    let mut user = find()?;
    if user.is_none() && installed().is_empty() && packages::can_install() {
        packages::install(&["postgresql"])?;
        user = find()?;
    }
    let user = user.context(
        "PostgreSQL refuses to run as root, and there is no user postgres to run it as. \
         Create one: useradd --system --user-group postgres",
    )?;
    Ok(Some(Owner { uid: user.uid.as_raw(), gid: user.gid.as_raw() }))
}

/// `.data`, or a folder of the system where PostgreSQL's user cannot reach into the project.
fn base_dir(owner: Option<&Owner>) -> Result<PathBuf> {
    let local = project::path(".data");
    create_dir(&local)?;
    let Some(owner) = owner else { return Ok(local) };
    if can_enter(owner, &local) {
        return Ok(local);
    }
    let elsewhere = PathBuf::from("/var/lib/claimdesk").join(project::fingerprint());
    create_dir(&elsewhere)?;
    if !can_enter(owner, &elsewhere) {
        bail!(
            "the user postgres can reach neither {} nor {}. Move the project to a folder that all \
             users may enter, or run as an ordinary user",
            local.display(),
            elsewhere.display()
        );
    }
    note(format!(
        "the user postgres cannot enter {}, so the database lives in {}",
        local.display(),
        elsewhere.display()
    ));
    Ok(elsewhere)
}

fn create_dir(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| {
        format!("could not create {}: run this as the user who owns the folder", project::shown(dir))
    })
}

/// Asked of the system itself, which alone knows every rule about access.
fn can_enter(owner: &Owner, dir: &Path) -> bool {
    let mut test = shell::program("test");
    test.current_dir("/").uid(owner.uid).gid(owner.gid).arg("-x").arg(dir);
    shell::quiet(&mut test).is_ok()
}

/// A folder for the socket whose path is short enough and which nobody else can enter.
fn socket_dir(base: &Path, purpose: Purpose, owner: Option<&Owner>) -> Result<PathBuf> {
    let near = base.join(purpose.socket_name());
    let dir = if is_short(&near) {
        near
    } else {
        let name = format!("claimdesk-{}-{}", project::fingerprint(), purpose.socket_name());
        short_dir().join(name)
    };
    create_private(&dir, owner)?;
    Ok(dir)
}

fn is_short(dir: &Path) -> bool {
    dir.as_os_str().len() <= LONGEST_SOCKET_DIR
}

fn short_dir() -> PathBuf {
    env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|dir| !shell::is_root() && dir.is_dir() && dir.as_os_str().len() < 40)
        .unwrap_or_else(|| PathBuf::from("/tmp"))
}

/// A folder for its owner alone; root enters it with root's rights or as the folder's group. In a
/// shared place somebody else may have made it first: such a one is refused.
fn create_private(dir: &Path, owner: Option<&Owner>) -> Result<()> {
    if let Some(parent) = dir.parent() {
        create_dir(parent)?;
    }
    let (uid, mode) = match owner {
        Some(owner) => (owner.uid, 0o750),
        None => (geteuid().as_raw(), 0o700),
    };
    match fs::create_dir(dir) {
        Ok(()) => {
            fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
            if let Some(owner) = owner {
                chown(dir, Some(owner.uid), Some(0))
                    .with_context(|| format!("could not give {} to its owner", dir.display()))?;
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(error).with_context(|| format!("could not create {}", dir.display()));
        }
    }
    let found = dir.symlink_metadata().with_context(|| format!("could not look at {}", dir.display()))?;
    if !found.is_dir() || found.uid() != uid {
        bail!("{} belongs to another user. Run this as that user, or move it away", project::shown(dir));
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(mode))
        .with_context(|| format!("could not close {} to others", dir.display()))
}

// Small things

/// Whether a command line is that of a postmaster for this data folder.
fn is_postmaster_line(line: &str, data: &Path) -> bool {
    let mut words = line.split(' ');
    let program = words.next().unwrap_or_default();
    let is_postgres = Path::new(program).file_name().is_some_and(|name| name == "postgres");
    is_postgres && format!("{line} ").contains(&format!(" -D {} ", data.display()))
}

fn first_number(file: &Path) -> Option<i32> {
    fs::read_to_string(file).ok()?.lines().next()?.trim().parse().ok()
}

fn with_first_line(text: &str, line: &str) -> String {
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    format!("{line}\n{rest}")
}

/// An id that no process has: the highest ones are given out last.
fn dead_process_id() -> i32 {
    (1..=i32::MAX >> 9).rev().find(|id| !shell::is_alive(*id)).unwrap_or(i32::MAX)
}

fn percent_encoded(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_postgres_prints() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("something else"), None);
    }

    #[test]
    fn the_newest_programs_are_chosen_unless_data_needs_older_ones() {
        let found = [(14, "/a"), (17, "/c"), (15, "/b")].map(|(v, dir)| (v, PathBuf::from(dir)));
        assert_eq!(choose(&found, None), Ok(PathBuf::from("/c")));
        assert_eq!(choose(&found, Some(15)), Ok(PathBuf::from("/b")));
        let words = choose(&found, Some(16)).expect_err("16 is not there");
        assert!(words.contains("made by PostgreSQL 16"), "{words}");
        let words = choose(&found[..1], None).expect_err("14 is too old");
        assert!(words.contains("15 or newer") && words.contains("apt-get install postgresql"), "{words}");
    }

    #[test]
    fn a_socket_folder_must_fit_the_systems_limit() {
        assert!(is_short(Path::new("/home/reader/claimdesk/.data/run")));
        assert!(!is_short(&Path::new("/home").join("a".repeat(90))));
    }

    #[test]
    fn a_folder_is_safe_inside_an_address() {
        assert_eq!(percent_encoded("/a b/ü".as_bytes()), "%2Fa%20b%2F%C3%BC");
    }

    #[test]
    fn a_postmaster_is_known_by_its_data_folder() {
        let data = Path::new("/p/.data/postgres");
        assert!(is_postmaster_line("/usr/lib/postgresql/15/bin/postgres -D /p/.data/postgres -c a=b", data));
        assert!(!is_postmaster_line("/usr/lib/postgresql/15/bin/postgres -D /q/.data/postgres", data));
        assert!(!is_postmaster_line("vim -D /p/.data/postgres", data));
    }

    #[test]
    fn only_the_process_id_in_a_lock_file_is_replaced() {
        assert_eq!(with_first_line("12\n/data\n170\n", "99"), "99\n/data\n170\n");
        assert!(!shell::is_alive(dead_process_id()));
    }
}

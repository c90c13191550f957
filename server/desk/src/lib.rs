//! The use cases of the desk and all its SQL. A change loads, asks the policy, lets `domain`
//! decide, writes, leaves an event and commits; a view reads what one screen needs. Knows Postgres;
//! knows neither HTTP nor HTML.

mod accounts;
mod agreement;
mod articles;
mod as_of;
mod bulk;
mod chain;
mod claim_review;
mod claims;
mod clock;
mod copies;
mod correct;
mod correct_verdict;
mod dashboard;
mod db;
mod deadlines;
mod dependants;
mod desk_policy;
mod drafts;
mod error;
mod evidence;
mod export;
mod fetches;
mod figure;
mod find;
mod flow;
mod found;
mod grounds;
mod handout;
mod identities;
mod incidents;
mod intake;
mod leases;
mod links;
mod live;
mod mail;
mod media;
mod notify;
mod page;
mod publish;
mod reading;
mod receivers;
mod report;
mod review;
mod rights;
mod scales;
mod scope;
mod seal;
mod second_factor;
mod sessions;
mod sources;
mod talk;
mod to_settle;
mod tokens;
mod track;
mod tx;
mod undo;
mod views;
mod work;

pub use accounts::{AccountRow, Again, Entry, HalfIn, SignIn, SignedIn};
pub use agreement::{AgreementRow, Agreements, Period};
pub use articles::{ArticleRow, ArticleView, MarkedClaim};
pub use as_of::Then;
pub use chain::{CHECKED_TABLES, CheckpointRow, Finding, Head, HeadFormat, Place, Verified};
pub use claim_review::{claim_review, for_script, media_reviews};
pub use claims::{
    AttributionView, Came, ClaimFilter, ClaimRow, ClaimView, CorrectionView, EvidenceSource, EvidenceView,
    HistoryEntry, LeaseView, Neighbour, Queue, Related, SecondReview, Sort, Succession, Times, VerdictView,
};
pub use clock::Clock;
pub use copies::{
    AddedCopy, Attached, BrokenCopy, CopiesStanding, CopyContent, CopyForm, CopyView, Files, Kept, Looked,
    RunView,
};
pub use correct::{CorrectionForm, MeasuresGiven, MergeForm, SpanGiven, SplitForm};
pub use correct_verdict::{CorrectVerdictForm, Corrected, Correction};
pub use dashboard::{Dashboard, DayRow, ReviewerRow, Waiting};
pub use deadlines::{DeadlineView, Due, DueCount};
pub use dependants::{
    Change, DependantArticle, DependantClaim, DependantFetch, DependantMedia, DependantPage,
    DependantReceiver, Dependants,
};
pub use desk_policy::{CurrentPolicy, PolicyVersion};
pub use drafts::Fields;
pub use error::{Difference, Error, Result};
pub use evidence::{EvidenceForm, OriginGiven};
pub use export::ExportRow;
pub use fetches::{Fetched, Fetcher};
pub use find::{FoundArticle, FoundPerson, FoundSource, FoundThings, LONGEST_SEARCH};
pub use flow::{Agreed, DayRange, Flow, FlowDay, PERIODS, StageTime, Stalled};
pub use handout::{
    Among, Assignment, LastHandout, MOST_AT_ONCE, Person, Preview, PreviewRow, TakenBack, Unassignable,
};
pub use identities::{House, Identity, IdentityRow};
pub use incidents::{
    ChangeView, EstimateForm, IncidentFilter, IncidentRow, IncidentView, LedgerAddress, LedgerEntry,
    LedgerPage, LedgerPublication, LedgerView, Member, Membership, OfClaim, OnRecord, OwnEstimate, Proposal,
    PublicFigure, PublicIncident, PublicLedger, PublicLedgerRow, PublicVerdict, SameAs, SplitTo,
    Standing as IncidentStanding, Status as IncidentStatus,
};
pub use intake::{Added, NewArticle, Outcome};
pub use leases::TakenOver;
pub use links::{Candidate, LinkView};
pub use live::Changed;
pub use mail::{Mail, MailBody, MailLine, MailRow, Outbox};
pub use media::{AssessmentTakenBack, MediaView};
pub use notify::{Choices, Followers, MOST_COUNTED, NotificationFilter, NotificationView, PartView};
pub use page::{Cursor, Page};
pub use publish::{FeedEntry, InPublic, NewsEntry, Proof, PublicClaim, Publication};
pub use receivers::{Attempt, DeliveryRow, DeliveryState, NewReceiver, Outgoing, ReceiverRow};
pub use report::{Report, ReportClaim, ReportVerdict};
pub use review::{AdjudicationForm, VerdictForm};
pub use rights::RIGHTS;
pub use scales::{ScaleVersion, read_scale};
pub use scope::{Scope, ScopeNames};
pub use seal::{Seal, UnfitKey};
pub use second_factor::{Enrolment, SecondFactor};
pub use sources::{Alias, AlikeSources, Apart, GradeView, PerhapsSame, SourceView};
pub use talk::{ByAt, CommentForm, CommentVersion, CommentView, Commented, QuoteView, Thread};
pub use tokens::{NewToken, TokenRow};
pub use track::{MOST_SOURCES, TrackRow};
pub use tx::Once;
pub use undo::{CanUndo, Undone};
pub use views::{NewView, ViewRow};

use db::Db;
use error::Doing;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgPool};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// All migrations, compiled in.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// The desk: everything people and programs can ask for goes through it.
#[derive(Clone, Debug)]
pub struct Desk {
    pool: Db,
    /// Where dashboards and lists read: a replica where one is configured.
    reads: Db,
    has_replica: bool,
    clock: Clock,
    policy: Arc<desk_policy::Kept>,
    /// Where copies of evidence are kept.
    files: Files,
    seal: Seal,
    scales: scales::Memory,
}

impl Desk {
    /// Connects to `url`, and to `replica` for the reads of dashboards and lists. Copies of evidence
    /// are kept in memory until [`Self::with_files`] says where.
    ///
    /// # Errors
    /// Where an address is malformed or no connection can be had within ten seconds.
    pub async fn connect(url: &str, replica: Option<&str>, connections: u32) -> Result<Self> {
        let kept = connections / 2;
        let steady = connect(url, kept.max(1), Plans::Kept).await?;
        let pool = Db::over(connect(url, connections - kept, Plans::Chosen).await?).with_steady(steady);
        let reads = match replica {
            Some(replica) => Db::over(connect(replica, connections, Plans::Chosen).await?),
            None => pool.clone(),
        };
        Ok(Self {
            pool,
            reads,
            has_replica: replica.is_some(),
            clock: Clock::System,
            policy: Arc::default(),
            files: Files::in_memory(),
            seal: Seal::default(),
            scales: Arc::default(),
        })
    }

    /// A desk over a pool that exists, with a clock of the caller's.
    pub fn over(pool: PgPool, clock: Clock) -> Self {
        let pool = Db::over(pool);
        Self {
            reads: pool.clone(),
            has_replica: false,
            pool,
            clock,
            policy: Arc::default(),
            files: Files::in_memory(),
            seal: Seal::default(),
            scales: Arc::default(),
        }
    }

    /// The same desk, with another store of copies.
    pub fn with_files(self, files: Files) -> Self {
        Self { files, ..self }
    }

    /// The same desk for who is about to ask many things one after the other: over one connection, which
    /// it keeps until it is dropped, and which keeps plans.
    #[must_use]
    pub fn on_one_connection(&self) -> Self {
        let pool = self.pool.on_one_connection();
        // Whoever keeps a connection waits for none of the same pool.
        let reads = if self.has_replica { self.reads.clone() } else { pool.clone() };
        Self { pool, reads, ..self.clone() }
    }

    /// The same desk, keeping secrets sealed.
    #[must_use]
    pub fn with_seal(self, seal: Seal) -> Self {
        Self { seal, ..self }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Brings the database up to date, with the scales that come with the program.
    ///
    /// # Errors
    /// Where a migration fails or one that was applied has been edited.
    pub async fn migrate(&self) -> Result<()> {
        let before = self.last_version().await?;
        MIGRATOR.run(self.pool.pool()).await.map_err(Error::Migrate)?;
        if self.last_version().await? > before {
            self.renew_records(before).await?;
        }
        self.ship_scales().await?;
        self.publish_what_was_published().await?;
        Ok(())
    }

    /// The last version kept of any row; 0 before versions are kept.
    async fn last_version(&self) -> Result<i64> {
        let kept = sqlx::query_scalar!(r#"select to_regclass('version') is not null as "there!""#)
            .fetch_one(&self.pool)
            .await
            .doing("look for versions")?;
        if !kept {
            return Ok(0);
        }
        sqlx::query_scalar!(r#"select coalesce(max(id), 0) as "last!" from version"#)
            .fetch_one(&self.pool)
            .await
            .doing("find the last version")
    }

    /// Whether the database answers and every migration is in.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn is_ready(&self) -> Result<bool> {
        let applied =
            sqlx::query_scalar!(r#"select to_regclass('_sqlx_migrations') is not null as "there!""#)
                .fetch_one(&self.pool)
                .await
                .doing("look for migrations")?;
        if !applied {
            return Ok(false);
        }
        let newest: Option<i64> =
            sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
                .fetch_one(&self.pool)
                .await
                .doing("read the applied migrations")?;
        Ok(newest >= MIGRATOR.iter().map(|migration| migration.version).max())
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
        self.reads.close().await;
    }

    async fn begin(&self, actor: Option<domain::id::AccountId>) -> Result<tx::Tx> {
        let inner = self.pool.begin().await.doing("begin")?;
        Ok(tx::Tx::new(inner, actor, self.clock.now()))
    }

    fn new_id(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

/// How statements are planned that are prepared for many times.
#[derive(Clone, Copy)]
enum Plans {
    /// As Postgres finds better: after five times once for all values, or each time for the values at hand.
    Chosen,
    /// Once for all values. It always takes the other way where a filter may be unset, as it then hopes for the
    /// cheaper half; for a page that asks twenty such questions the plans take longer than the answers.
    Kept,
}

async fn connect(url: &str, connections: u32, plans: Plans) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .doing("read the database's address")?
        .application_name("claimdesk")
        // All statements of the desk: making a plan takes longer than most of them run. Lists with many
        // optional filters have theirs made each time all the same (`db::Anew`).
        .statement_cache_capacity(1000)
        // No statement runs long enough to be worth compiling.
        // What is read often is in memory and the rest on disks without heads: a page out of order
        // costs hardly more than the next one.
        .options([("jit", "off"), ("random_page_cost", "1.1")]);
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        // What answered a moment ago is not asked whether it still does.
        .test_before_acquire(false)
        .before_acquire(|connection, state| {
            Box::pin(async move {
                if state.idle_for > Duration::from_millis(20) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if matches!(plans, Plans::Kept) {
                    sqlx::query("set plan_cache_mode = force_generic_plan").execute(connection).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .doing("connect to the database")
}

/// One connection on which the tables are as they were, of these claims, articles and incidents; nothing
/// can be changed over it.
async fn connect_past(
    present: &PgPool,
    moment: chrono::DateTime<chrono::Utc>,
    chains: Vec<uuid::Uuid>,
) -> Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(move |connection, _| {
            let chains = chains.clone();
            Box::pin(async move {
                sqlx::query("select see_as_of($1, $2), see_entries_as_of($1)")
                    .bind(moment)
                    .bind(chains)
                    .execute(&mut *connection)
                    .await?;
                sqlx::query("select see_incidents_as_of($1)").bind(moment).execute(&mut *connection).await?;
                sqlx::query("set default_transaction_read_only = on").execute(connection).await?;
                Ok(())
            })
        })
        .connect_with((*present.connect_options()).clone())
        .await
        .doing("look back")
}

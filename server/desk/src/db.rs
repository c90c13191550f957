//! How questions reach the database. Usually each takes a connection from the pool and gives it back, which
//! costs two round trips more than the question itself, since the pool sees both times whether the
//! connection still answers. A page asks dozens: it asks them over one.

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Error, Execute, Executor, PgPool, Postgres, SqlStr, Transaction};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The connection that somebody keeps, once it was needed.
type Kept = Arc<Mutex<Option<PoolConnection<Postgres>>>>;

/// A pool of connections, or one that is kept for a while.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    pool: PgPool,
    /// Connections over which a statement is planned once for all values (`plan_cache_mode`). Pages read over
    /// them: most of their questions take longer to plan than to answer. `None`: over those of `pool`.
    steady: Option<PgPool>,
    kept: Option<Kept>,
}

impl Db {
    pub fn over(pool: PgPool) -> Self {
        Self { pool, steady: None, kept: None }
    }

    /// The same, with connections that keep plans, for pages.
    pub fn with_steady(self, steady: PgPool) -> Self {
        Self { steady: Some(steady), ..self }
    }

    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The same database, asked over one connection: taken from the pool with the first question, given
    /// back when the last copy of this is dropped. Questions wait for each other.
    pub fn on_one_connection(&self) -> Self {
        Self { kept: Some(self.kept.clone().unwrap_or_default()), ..self.clone() }
    }

    /// A connection of its own. Nobody who keeps one waits for a second: the pool could be empty because
    /// everybody does. So the one that was kept goes back first.
    pub async fn acquire(&self) -> Result<PoolConnection<Postgres>, Error> {
        self.let_go().await;
        self.pool.acquire().await
    }

    /// A transaction on a connection of its own.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, Error> {
        self.let_go().await;
        self.pool.begin().await
    }

    pub async fn close(&self) {
        self.let_go().await;
        if let Some(steady) = &self.steady {
            steady.close().await;
        }
        self.pool.close().await;
    }

    /// Where the connection is taken from that is kept.
    fn source(&self) -> &PgPool {
        self.steady.as_ref().unwrap_or(&self.pool)
    }

    async fn let_go(&self) {
        if let Some(kept) = &self.kept {
            drop(kept.lock().await.take());
        }
    }
}

/// Asks over the kept connection. After a failure it is given back to the pool, which sees whether it
/// can still be used.
macro_rules! over_kept {
    ($kept:ident, $pool:ident, $connection:ident => $answer:expr) => {{
        let mut kept = $kept.lock().await;
        let $connection = match kept.as_mut() {
            Some(connection) => connection,
            None => kept.insert($pool.acquire().await?),
        };
        let answer = $answer.await;
        if answer.is_err() {
            *kept = None;
        }
        answer
    }};
}

impl<'p> Executor<'p> for &'p Db {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let pool = self.source();
        let Some(kept) = &self.kept else { return self.pool.fetch_many(query) };
        async move {
            let rows: Result<Vec<_>, Error> =
                over_kept!(kept, pool, connection => connection.fetch_many(query).try_collect());
            Ok(stream::iter(rows?.into_iter().map(Ok)))
        }
        .try_flatten_stream()
        .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let pool = self.source();
        let Some(kept) = &self.kept else { return self.pool.fetch_optional(query) };
        async move { over_kept!(kept, pool, connection => connection.fetch_optional(query)) }.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'p: 'e,
    {
        self.pool.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        self.pool.describe(sql)
    }
}

/// Has a statement planned for the values at hand each time. One with many optional filters needs it: of
/// the filters that are set one has an index, and a plan for all values knows not which. Where it is
/// left to Postgres (`plan_cache_mode=auto`), it may find after five times that one plan does. Where the
/// connection that is kept keeps plans, it is asked over another: whoever has one of those waits for none that
/// is kept, so that the two never wait for each other.
#[derive(Debug)]
pub(crate) struct Anew<'a>(pub &'a Db);

impl<'p> Executor<'p> for Anew<'p> {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        match self.0.steady {
            Some(_) => self.0.pool.fetch_many(Unkept(query)),
            None => self.0.fetch_many(Unkept(query)),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        match self.0.steady {
            Some(_) => self.0.pool.fetch_optional(Unkept(query)),
            None => self.0.fetch_optional(Unkept(query)),
        }
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'p: 'e,
    {
        self.0.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        self.0.describe(sql)
    }
}

/// A query whose statement is not kept: Postgres plans what is prepared for one time for its values.
struct Unkept<E>(E);

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Unkept<E> {
    fn sql(self) -> SqlStr {
        self.0.sql()
    }

    fn statement(&self) -> Option<&PgStatement> {
        self.0.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, sqlx::error::BoxDynError> {
        self.0.take_arguments()
    }

    fn persistent(&self) -> bool {
        false
    }
}

//! Sources by track record: those of which most claims are settled, and how these came out.

use crate::Desk;
use crate::error::{Doing, Result, word};
use domain::claim::SourceKind;
use domain::grade::Reliability;
use domain::id::SourceId;
use domain::policy::{self, Actor, Read};
use domain::track::Track;

/// A source with how what it said held up; all its names together.
#[derive(Clone, Debug)]
pub struct TrackRow {
    pub id: SourceId,
    pub name: String,
    pub kind: SourceKind,
    pub track: Track,
    /// What people think of it: beside the track record and no part of it. F where nobody graded it.
    pub grade: Reliability,
}

/// Most sources that are listed at once.
pub const MOST_SOURCES: i64 = 50_000;

impl Desk {
    /// The sources with most settled and published claims, most first. Names that are one source count
    /// as one. Goes by the number and not by the share, so that one right claim of one leads nowhere.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn sources_by_track(&self, actor: &Actor, limit: i64) -> Result<Vec<TrackRow>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let scales = self.scales().await?;
        // A source of one name is found by walking the index; people have joined the others, of which
        // there are few, and all of them are added up. So are those that something came to since the
        // index was put in order, under their one name.
        let rows = sqlx::query!(
            r#"with fresh as (
                   select source_id as id from source_settled where shard >= 0),
               alone as (
                   select s.source_id as id from source_settled s
                    where s.shard = -1 and s.n > 0
                      and not exists (select from source_settled f where f.source_id = s.source_id and f.shard >= 0)
                      and not exists (select from source named where named.id = s.source_id and named.same_as is not null)
                      and not exists (select from source alias where alias.same_as = s.source_id)
                    order by s.n desc, s.source_id
                    limit $1),
               main as (
                   select id from alone
                   union
                   select coalesce(source.same_as, source.id) from fresh join source on source.id = fresh.id
                   union
                   select same_as from source where same_as is not null),
               called as (
                   select id as main, id as name from main
                   union all
                   select source.same_as, source.id from source where source.same_as is not null),
               most as (
                   select called.main, sum(s.n)::bigint as n
                     from called join source_settled s on s.source_id = called.name
                    group by called.main
                   having sum(s.n) > 0
                    order by n desc, called.main
                    limit $1)
               select source.id as "id!: SourceId", source.name as "name!", source.kind as "kind!",
                      (select jsonb_object_agg(rating, n) from (
                              select t.rating, sum(t.n)::bigint as n
                                from called join source_tally t on t.source_id = called.name
                               where called.main = most.main
                               group by t.rating having sum(t.n) > 0) rated) as ratings,
                      (select g.grade from source_grade g where g.source_id = source.id
                        order by g.id desc limit 1) as grade
                 from most join source on source.id = most.main
                order by most.n desc, source.id"#,
            limit.clamp(1, MOST_SOURCES),
        )
        .fetch_all(&self.reads)
        .await
        .doing("read the track records of sources")?;
        rows.into_iter()
            .map(|row| {
                let ratings = row.ratings.as_ref().and_then(serde_json::Value::as_object);
                let rated = ratings
                    .into_iter()
                    .flatten()
                    .filter_map(|(key, n)| Some((scales.by_key(key)?.tone, n.as_i64()?)));
                Ok(TrackRow {
                    id: row.id,
                    name: row.name,
                    kind: word("source", "kind", &row.kind)?,
                    track: Track::of(rated),
                    grade: row
                        .grade
                        .map_or(Ok(Reliability::F), |grade| word("source_grade", "grade", &grade))?,
                })
            })
            .collect()
    }

    /// Puts the counters of settled claims in order by source.
    pub(crate) async fn put_settled_together(&self) -> Result<()> {
        sqlx::query("select put_settled_together()")
            .execute(&self.pool)
            .await
            .doing("put counters of sources together")?;
        Ok(())
    }
}

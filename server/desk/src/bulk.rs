//! Many claims at once, to see how the desk behaves when it is full.

use crate::Desk;
use crate::error::{Doing, Result};
use domain::policy::{self, Actor, ManageAccounts};

impl Desk {
    /// Adds `articles` made-up articles of ten claims each, four in ten of them with a verdict, by
    /// one statement per table and a thousand articles. For measuring: the texts are alike but for
    /// their numbers.
    ///
    /// # Errors
    /// `Refused` below admin, or where the database fails.
    pub async fn fill(&self, actor: &Actor, articles: i64, mut told: impl FnMut(i64)) -> Result<()> {
        let _: policy::Permit<ManageAccounts> = policy::permit(actor)?;
        let mut done = 0;
        while done < articles {
            let batch = (articles - done).min(1000);
            self.fill_batch(actor, done, batch).await?;
            done += batch;
            told(done);
        }
        sqlx::query!("analyze").execute(&self.pool).await.doing("analyse the tables")?;
        Ok(())
    }

    async fn fill_batch(&self, actor: &Actor, from: i64, count: i64) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        sqlx::query!(
            r#"create temporary table filling on commit drop as
               select i, gen_random_uuid() as article, gen_random_uuid() as snapshot,
                      (select string_agg(format('At least %s people were %s near Village %s on day %s, the '
                              'ministry of district %s said.', (i * 31 + c * 17) % 900 + 1,
                              case when (i + c) % 200 = 0 then 'wounded' else 'killed' end, i, c, i % 50),
                              E'\n\n' order by c) from generate_series(1, 10) as c)
                      || format(E'\n\nReport %s %s', extract(epoch from $3::timestamptz), i) as text,
                      $3 as at, $4::uuid as by,
                      (select ids[1 + i % cardinality(ids)] from (
                          select array(select id from account where role <> 'viewer' order by id)) as person (ids)
                      ) as reviewer
                 from generate_series($1::bigint + 1, $1 + $2) as i"#,
            from,
            count,
            now,
            actor.id.0,
        )
        .execute(tx.db())
        .await
        .doing("make up articles")?;
        for statement in [
            "insert into outlet (id, name)
             select gen_random_uuid(), 'Bulk outlet ' || n from generate_series(0, 19) as n
             on conflict (lower(name)) do nothing",
            "insert into source (id, name, kind)
             select gen_random_uuid(), 'Ministry of district ' || n, 'organisation' from generate_series(0, 49) as n
             on conflict (lower(name), kind) do nothing",
            "insert into snapshot (id, sha256, text)
             select snapshot, sha256(convert_to(text, 'UTF8')), text from filling",
            "insert into article (id, outlet_id, title, published_at, language, added_by, added_at)
             select article, (select id from outlet where name = 'Bulk outlet ' || i % 20),
                    'Fighting near Village ' || i, at, 'en', by, at - i * interval '1 second'
               from filling",
            "insert into article_snapshot (article_id, number, snapshot_id, taken_at, taken_by)
             select article, 1, snapshot, at, by from filling",
            "create temporary table filled on commit drop as
             select (lpad(to_hex((extract(epoch from at) * 1000)::bigint - i * 10 - n), 12, '0') || '7'
                     || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid as id,
                    article, snapshot, at, reviewer, i, n - 1 as c, words,
                    case when words like '%wounded%' then 'wounded' else 'killed' end as indicator,
                    gen_random_uuid() as verdict,
                   (sum(length(words) + 2) over (partition by article order by n) - length(words) - 2)::int as start
               from filling, string_to_table(text, E'\\n\\n') with ordinality as t (words, n)
              where n <= 10",
            "insert into claim (id, article_id, snapshot_id, span_start, span_end, text, kind, checkworthiness,
                                reasons, extractor, source_id, indicators, reviewers, priority, stage, stage_since,
                                rating, rating_scale, rating_version, version, created_at, search, verdict_id)
             select id, article, snapshot, start, start + length(words), words, 'casualty', 0.9,
                    array['counts people ' || indicator], 'bulk',
                    (select source.id from source where name = 'Ministry of district ' || i % 50),
                    array[indicator], case when (i + c) % 10 < 6 then '{}' else array[reviewer] end,
                    20 + (i * 7 + c * 13) % 80,
                    case when (i + c) % 10 < 6 then 'open' when (i + c) % 10 < 9 then 'settled' else 'published' end,
                    at - (i * 10 + c) * interval '1 second',
                    case when (i + c) % 10 < 6 then null
                         else (array['verified', 'unverified', 'disputed', 'false'])[(i + c) % 4 + 1] end,
                    case when (i + c) % 10 < 6 then null else 'default' end,
                    case when (i + c) % 10 < 6 then null else 1 end,
                    1, at, search_words(words, 'Ministry of district ' || i % 50, 'Fighting near Village ' || i),
                    case when (i + c) % 10 < 6 then null else verdict end
               from filled",
            "insert into measure (claim_id, position, indicator, low, best, high, bound, wording, body)
             select id, 0, indicator, k, k, null, 'at_least', wording,
                    jsonb_build_object('start', start, 'end', start + length(wording), 'indicator', indicator,
                        'low', k, 'best', k, 'high', null, 'bound', 'at_least', 'text', wording,
                        'counts', 'people', 'unit', null, 'class', 'unknown', 'side', null, 'part_of', null,
                        'denied', false, 'reading', 'unknown', 'confirmation', 'claimed', 'place', null,
                        'from', null, 'to', null)
               from filled, lateral (select (i * 31 + (c + 1) * 17) % 900 + 1 as k) count,
                    lateral (select 'At least ' || k as wording) said",
            "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale, given_at,
                                  round, part, stage_before)
             select filled.verdict, filled.id, 1, filled.reviewer, 'default', 1, claim.rating,
                    'Made up to fill the desk.', at - (i % 14) * interval '1 day', 1, 'sole', 'open'
               from filled join claim using (id) where claim.rating is not null",
            // One incident for each article, under a name of its own: places are not called alike.
            "create temporary table gathered on commit drop as
             select i, article, at,
                    (lpad(to_hex((extract(epoch from at) * 1000)::bigint - i), 12, '0') || '7'
                     || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid as incident,
                    translate(substr(md5(i::text), 1, 9), '0123456789', 'ghijklmnop') as place,
                    (at - i * interval '1 second')::date as day
               from filling",
            "insert into incident (id, title, place, from_day, to_day, status, version, created_at)
             select incident, 'Fighting near Village ' || i, initcap(place), day, day, 'open', 1, at from gathered",
            "insert into incident_claim (incident_id, claim_id, standing, score, reasons, decided_at)
             select incident, filled.id, 'confirmed', 80, '[{\"points\": 80, \"why\": \"the same article\"}]', filled.at
               from gathered join filled using (i)",
            "insert into incident_facts (incident_id, facts)
             select incident, jsonb_build_object('articles', array[article], 'places', array[place], 'around', array[place],
                        'kinds', array['fighting'], 'kinds_around', array['fighting'], 'day', array[day, day],
                        'published', array[day, day], 'indicators', array['killed'])
               from gathered",
            "insert into claim_facts (claim_id, facts)
             select filled.id, f.facts from gathered join filled using (i) join incident_facts f on f.incident_id = incident",
            "insert into incident_key (key, last_day, incident_id)
             select k.key, day, incident from gathered, unnest(array[place, 'district ' || i % 50]) as k (key)",
            "insert into incident_place (key) select place from gathered on conflict do nothing",
            "insert into incident_tally (incident_id, claims, articles, open, last_at)
             select incident, 10, 1, (select count(*) from filled join claim using (id)
                                       where filled.i = gathered.i and is_undecided(claim.stage)), at - i * interval '1 second'
               from gathered",
            "insert into event (at, incident_id, kind, body)
             select at, incident, 'incident_began',
                    jsonb_build_object('kind', 'incident_began', 'title', 'Fighting near Village ' || i, 'claims', 10)
               from gathered",
            "insert into event (at, actor_id, article_id, kind, body)
             select at, by, article, 'article_added',
                    jsonb_build_object('kind', 'article_added', 'title', 'Fighting near Village ' || i, 'claims', 10)
               from filling",
            "insert into event (at, article_id, claim_id, kind, body)
             select at, article, id, 'claim_extracted',
                    jsonb_build_object('kind', 'claim_extracted', 'extractor', 'bulk')
               from filled",
        ] {
            sqlx::query(statement).execute(tx.db()).await.doing("fill the desk")?;
        }
        let event =
            domain::history::Event::ArticleAdded { title: format!("{count} bulk articles"), claims: 10 };
        tx.event(crate::tx::About::account(actor.id), &event).await?;
        tx.commit().await
    }
}

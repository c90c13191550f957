//! Many claims at once, to see how the desk behaves when it is full.

use crate::Desk;
use crate::error::{Doing, Result};
use domain::policy::{self, Actor, ManageAccounts};

impl Desk {
    /// Adds `articles` made-up articles of ten claims each, four in ten of them with evidence and a
    /// verdict, by one statement per table and a thousand articles. For measuring: they come in one every
    /// five minutes until now, most events are reported once and some in up to twenty articles, and each
    /// report has six sources, of which one has a tenth of all claims and others only a few.
    ///
    /// # Errors
    /// `Refused` below admin, or where the database fails.
    pub async fn fill(&self, actor: &Actor, articles: i64, mut told: impl FnMut(i64)) -> Result<()> {
        let _: policy::Permit<ManageAccounts> = policy::permit(actor)?;
        let mut done = 0;
        while done < articles {
            let batch = (articles - done).min(1000);
            self.fill_batch(actor, done, batch, articles).await?;
            done += batch;
            told(done);
        }
        sqlx::query!("analyze").execute(&self.pool).await.doing("analyse the tables")?;
        Ok(())
    }

    async fn fill_batch(&self, actor: &Actor, from: i64, count: i64, of: i64) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        sqlx::query!(
            r#"create temporary table filling on commit drop as
               select i, gen_random_uuid() as article, gen_random_uuid() as snapshot, event, member, $3::timestamptz as now,
                      $3::timestamptz - ($5::bigint - i) * interval '5 minutes' as at, $4::uuid as by,
                      (select ids[1 + i % cardinality(ids)] from (
                          select array(select id from account where role <> 'viewer' order by id)) as person (ids)
                      ) as reviewer
                 from generate_series($1::bigint + 1, $1 + $2) as i,
                      -- Of twenty articles five report one event, three another, two a third, and ten one
                      -- each; of every thousand articles the first twenty report the same.
                      lateral (select i - (i - 1) % 20 as block, (i - 1) % 20 as place) at,
                      lateral (select case when block % 1000 = 1 or place < 5 then 0
                                           when place < 8 then 5 when place < 10 then 8 else place end as first) began,
                      lateral (select block + first as event, place - first as member) reported"#,
            from,
            count,
            now,
            actor.id.0,
            of,
        )
        .execute(tx.db())
        .await
        .doing("make up articles")?;
        for statement in [
            "insert into outlet (id, name)
             select gen_random_uuid(), 'Bulk outlet ' || n from generate_series(0, 19) as n
             on conflict (lower(name)) do nothing",
            // What each of the ten claims of an article says, and who says it.
            "create temporary table filled on commit drop as
             with said (c, indicator, kind, what, source, source_kind) as (values
                 (1, 'killed', 'casualty', 'people', 'Ministry of district %1$s', 'organisation'),
                 (2, 'killed', 'casualty', 'people', 'Ministry of district %1$s', 'organisation'),
                 (3, 'killed', 'casualty', 'people', 'Governor of district %1$s', 'person'),
                 (4, 'killed', 'casualty', 'people', 'Northern Command', 'organisation'),
                 (5, 'destroyed', 'count', 'houses of people', 'Mayor of town %2$s', 'person'),
                 (6, 'destroyed', 'count', 'houses of people', 'Ministry of district %1$s', 'organisation'),
                 (7, 'displaced', 'displacement', 'people', 'Relief committee of district %1$s', 'organisation'),
                 (8, 'killed', 'casualty', 'people', 'Hospital of town %2$s', 'organisation'),
                 (9, 'killed', 'casualty', 'people', 'Governor of district %1$s', 'person'),
                 (10, 'killed', 'casualty', 'people', 'Ministry of district %1$s', 'organisation')),
             made as (
                 select i, c, article, snapshot, at, now, reviewer, event,
                        case when c = 2 and i % 20 = 0 then 'wounded' else indicator end as indicator, kind, what,
                        format(source, event % 50, event % 5000) as source, source_kind,
                        case indicator when 'destroyed' then 100 + event % 50 + (c + member * 5) % 30
                                       when 'displaced' then 500 + event % 300 * 10 + member * 100
                                       else 12 + event % 90 + (c * 7 + member * 3) % 15 end as number
                   from filling cross join said),
             told as (
                 select *, 'At least ' || number as wording,
                        format('At least %s %s were %s near Village %s in the %s of day %s, the %s said.', number, what,
                               indicator, event,
                               (array['shelling', 'bombing', 'raid', 'airstrike', 'ambush', 'mortar fire',
                                      'drone attack', 'sniper fire', 'missile strike', 'explosion'])[1 + i % 10],
                               i, lower(source)) as words
                   from made)
             select told.*, gen_random_uuid() as verdict,
                    least(at + (i * 13 + c * 7) % 4320 * interval '1 minute', now) as judged_at,
                    (i + c) % 10 >= 6 as judged,
                    (lpad(to_hex((extract(epoch from at) * 1000)::bigint + c), 12, '0') || '7'
                     || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid as id,
                    (sum(length(words) + 2) over (partition by i order by c) - length(words) - 2)::int as start
               from told",
            "analyze filled",
            "insert into source (id, name, kind)
             select gen_random_uuid(), source, source_kind from filled group by source, source_kind
              order by lower(source), source_kind
             on conflict (lower(name), kind) do nothing",
            "create temporary table sourced on commit drop as
             select distinct on (f.source, f.source_kind) f.source, f.source_kind, source.id
               from (select distinct source, source_kind from filled) f
               join source on lower(source.name) = lower(f.source) and source.kind = f.source_kind",
            "insert into snapshot (id, sha256, text)
             select snapshot, sha256(convert_to(text, 'UTF8')), text
               from (select snapshot, string_agg(words, E'\\n\\n' order by c)
                            || format(E'\\n\\nReport %s %s', extract(epoch from now), i) as text
                       from filled group by snapshot, now, i) written",
            "insert into article (id, outlet_id, title, published_at, language, added_by, added_at)
             select article, (select id from outlet where name = 'Bulk outlet ' || i % 20),
                    'Fighting near Village ' || event, at, 'en', by, at
               from filling",
            "insert into article_snapshot (article_id, number, snapshot_id, taken_at, taken_by)
             select article, 1, snapshot, at, by from filling",
            "insert into claim (id, article_id, snapshot_id, span_start, span_end, text, kind, checkworthiness,
                                reasons, extractor, source_id, indicators, reviewers, priority, stage, stage_since,
                                rating, rating_scale, rating_version, version, created_at, search, verdict_id,
                                contradiction)
             select f.id, article, snapshot, start, start + length(words), words, f.kind, 0.9,
                    array['counts people ' || indicator], 'bulk', sourced.id,
                    array[indicator], case when judged then array[reviewer] else '{}' end,
                    20 + (i * 7 + c * 13) % 80,
                    case when not judged then 'open' when (i + c) % 10 < 9 then 'settled' else 'published' end,
                    case when judged then judged_at else at end,
                    case when judged then (array['verified', 'unverified', 'disputed', 'false'])[(i + c) % 4 + 1] end,
                    case when judged then 'default' end, case when judged then 1 end,
                    1, at, search_words(words, f.source, 'Fighting near Village ' || event),
                    case when judged then verdict end,
                    case when c = 4 and event % 25 < 2 then 'The ministry counts others.' end
               from filled f join sourced using (source, source_kind)",
            "insert into measure (claim_id, position, indicator, low, best, high, bound, wording, body)
             select id, 0, indicator, number, number, null, 'at_least', wording,
                    jsonb_build_object('start', start, 'end', start + length(wording), 'indicator', indicator,
                        'low', number, 'best', number, 'high', null, 'bound', 'at_least', 'text', wording,
                        'counts', what, 'unit', null, 'class', 'unknown', 'side', null, 'part_of', null,
                        'denied', false, 'reading', 'unknown', 'confirmation', 'claimed', 'place', null,
                        'from', null, 'to', null)
               from filled",
            "insert into attribution (claim_id, hop, source_id, mention, mention_start, mention_end, cue, cue_start,
                                      cue_end, manner, polarity, confidence, linked_by)
             select f.id, hop, case hop when 0 then sourced.id end, mention, found, found + length(mention),
                    'said', start + length(words) - 5, start + length(words) - 1, 'indirect', 'asserted', 1, 'bulk'
               from filled f join sourced using (source, source_kind),
                    lateral (select 0 as hop, 'the ' || lower(source) as mention
                             -- one in ten passed on by somebody else
                             union all select 1, 'state television' where c = 9) hops,
                    lateral (select start + nullif(position(mention in words), 0) - 1 as found) place",
            "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale, given_at,
                                  round, part, stage_before)
             select filled.verdict, filled.id, 1, filled.reviewer, 'default', 1, claim.rating,
                    'Made up to fill the desk.', judged_at, 1, 'sole', 'open'
               from filled join claim using (id) where judged",
            "insert into evidence (id, claim_id, address, title, excerpt, stance, added_by, added_at, version, source_id,
                                   source_by, information, reading)
             select gen_random_uuid(), f.id, 'https://bulk.example/' || i || '/' || c, 'Record ' || i, words, 'supports',
                    reviewer, judged_at, 1, sourced.id, 'person', 2,
                    jsonb_build_array(jsonb_build_object('start', 0, 'end', length(wording), 'text', wording,
                        'low', number, 'best', number, 'high', null, 'bound', 'at_least', 'unit', null,
                        'counts', what, 'indicator', indicator))
               from filled f join sourced using (source, source_kind) where judged",
            // One incident for each event, under a name of its own: places are not called alike.
            "create temporary table gathered on commit drop as
             select event, array_agg(article order by i) as articles, min(at) as at, max(at) as last_at,
                    (lpad(to_hex((extract(epoch from min(at)) * 1000)::bigint), 12, '0') || '7'
                     || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid as incident,
                    translate(substr(md5(event::text), 1, 9), '0123456789', 'ghijklmnop') as place,
                    min(at)::date as day, max(at)::date as last_day
               from filling group by event",
            "insert into incident (id, title, place, from_day, to_day, status, version, created_at)
             select incident, 'Fighting near Village ' || event, initcap(place), day, last_day, 'open', 1, at
               from gathered",
            "insert into incident_claim (incident_id, claim_id, standing, score, reasons, decided_at)
             select incident, filled.id, 'confirmed', 80, '[{\"points\": 80, \"why\": \"the same article\"}]', filled.at
               from gathered join filled using (event)",
            "insert into incident_facts (incident_id, facts)
             select incident, jsonb_build_object('articles', articles, 'places', array[place], 'around', array[place],
                        'kinds', array['fighting'], 'kinds_around', array['fighting'], 'day', array[day, last_day],
                        'published', array[day, last_day], 'indicators', array['killed'])
               from gathered",
            "insert into claim_facts (claim_id, facts)
             select filled.id, f.facts from gathered join filled using (event)
               join incident_facts f on f.incident_id = incident",
            "insert into incident_key (key, last_day, incident_id)
             select k.key, last_day, incident from gathered, unnest(array[place, 'district ' || event % 50]) as k (key)",
            "insert into incident_place (key) select place from gathered on conflict do nothing",
            "insert into incident_tally (incident_id, claims, articles, open, contradictory, last_at)
             select incident, count(*), cardinality(articles), count(*) filter (where is_undecided(claim.stage)),
                    count(claim.contradiction), last_at
               from gathered join filled using (event) join claim on claim.id = filled.id
              group by incident, articles, last_at",
            "insert into event (at, incident_id, kind, body)
             select at, incident, 'incident_began',
                    jsonb_build_object('kind', 'incident_began', 'title', 'Fighting near Village ' || event,
                                       'claims', 10 * cardinality(articles))
               from gathered",
            "insert into event (at, actor_id, article_id, kind, body)
             select at, by, article, 'article_added',
                    jsonb_build_object('kind', 'article_added', 'title', 'Fighting near Village ' || event, 'claims', 10)
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

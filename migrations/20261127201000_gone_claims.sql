-- Whether an article can run is a question about the text it has now: claims whose words are no
-- longer in it stay on the desk, with their verdicts, and what was published stays published, but they
-- keep no article from running (domain::clearance). The desk's own counters have them as before.

-- Whoever moves claims waits, so that what is taken out of the counters is what was in them.
lock table claim, claim_let_go in share row exclusive mode;

comment on table article_tally is 'How many claims of an article''s latest text stand where.';
comment on table deadline_watch is
    'Articles with a deadline, and how many claims of their latest text are not decided.';

create or replace function tally_claims_inserted() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into article_tally (article_id, stage, rating, n)
    select article_id, stage, coalesce(rating, ''), count(*)
      from new_claim
     where in_latest
     group by 1, 2, 3
     order by 1, 2, 3
    on conflict (article_id, stage, rating) do update set n = article_tally.n + excluded.n;

    insert into desk_tally (stage, rating, shard, n)
    select stage, coalesce(rating, ''), pg_backend_pid() % 16, count(*)
      from new_claim
     group by 1, 2
     order by 1, 2
    on conflict (stage, rating, shard) do update set n = desk_tally.n + excluded.n;
    return null;
end $$;

create or replace function tally_claims_updated() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from new_claim n join old_claim o using (id)
         where n.stage <> o.stage or n.rating is distinct from o.rating or n.article_id <> o.article_id
            or n.first_reviewer is distinct from o.first_reviewer or n.in_latest <> o.in_latest
    ) then
        return null;
    end if;

    -- Whoever marks a claim as let go holds it: what is read of the marks here is what holds.
    insert into article_tally (article_id, stage, rating, n, let_go)
    select c.article_id, c.stage, coalesce(c.rating, ''), sum(c.step), sum(case when m.claim_id is null then 0 else c.step end)
      from (select id, article_id, stage, rating, first_reviewer, 1 as step from new_claim where in_latest
            union all
            select id, article_id, stage, rating, first_reviewer, -1 from old_claim where in_latest) c
      left join claim_let_go m
        on m.claim_id = c.id and m.until is null and runs_unchecked(c.stage, c.rating, c.first_reviewer)
     group by 1, 2, 3
    having sum(c.step) <> 0 or sum(case when m.claim_id is null then 0 else c.step end) <> 0
     order by 1, 2, 3
    on conflict (article_id, stage, rating) do update
       set n = article_tally.n + excluded.n, let_go = article_tally.let_go + excluded.let_go;

    insert into desk_tally (stage, rating, shard, n)
    select stage, rating, pg_backend_pid() % 16, sum(step)
      from (select stage, coalesce(rating, '') as rating, 1 as step from new_claim
            union all
            select stage, coalesce(rating, ''), -1 from old_claim) change
     group by 1, 2
    having sum(step) <> 0
     order by 1, 2
    on conflict (stage, rating, shard) do update set n = desk_tally.n + excluded.n;
    return null;
end $$;

create or replace function watch_claims_inserted() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    update deadline_watch w set blocking = w.blocking + change.step
      from (select article_id, count(*) as step from new_claim where in_latest and is_in_work(stage) group by 1) change
     where w.article_id = change.article_id;
    return null;
end $$;

create or replace function watch_claims_updated() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from new_claim n join old_claim o using (id)
         where n.stage <> o.stage or n.rating is distinct from o.rating
            or n.first_reviewer is distinct from o.first_reviewer or n.in_latest <> o.in_latest
    ) then
        return null;
    end if;
    update deadline_watch w set blocking = w.blocking + change.step
      from (select c.article_id, sum(c.step) as step
              from (select id, article_id, stage, rating, first_reviewer, 1 as step from new_claim where in_latest
                    union all
                    select id, article_id, stage, rating, first_reviewer, -1 from old_claim where in_latest) c
             where is_in_work(c.stage)
               and not (runs_unchecked(c.stage, c.rating, c.first_reviewer)
                        and exists (select from claim_let_go m where m.claim_id = c.id and m.until is null))
             group by 1) change
     where w.article_id = change.article_id and change.step <> 0;
    return null;
end $$;

create or replace function count_let_go(claims uuid[], step integer) returns void language plpgsql as $$
begin
    if claims = '{}' then
        return;
    end if;
    insert into article_tally (article_id, stage, rating, n, let_go)
    select article_id, stage, coalesce(rating, ''), 0, step * count(*)
      from claim
     where id = any(claims) and in_latest and runs_unchecked(stage, rating, first_reviewer)
     group by 1, 2, 3
     order by 1, 2, 3
    on conflict (article_id, stage, rating) do update set let_go = article_tally.let_go + excluded.let_go;
    update deadline_watch w set blocking = w.blocking - change.step
      from (select article_id, step * count(*) as step
              from claim
             where id = any(claims) and in_latest and runs_unchecked(stage, rating, first_reviewer)
             group by 1) change
     where w.article_id = change.article_id;
end $$;

-- What is there already: claims that are gone leave the counters.
insert into article_tally (article_id, stage, rating, n, let_go)
select c.article_id, c.stage, coalesce(c.rating, ''), -count(*),
       -count(m.claim_id) filter (where runs_unchecked(c.stage, c.rating, c.first_reviewer))
  from claim c left join claim_let_go m on m.claim_id = c.id and m.until is null
 where not c.in_latest
 group by 1, 2, 3
 order by 1, 2, 3
on conflict (article_id, stage, rating) do update
   set n = article_tally.n + excluded.n, let_go = article_tally.let_go + excluded.let_go;

update deadline_watch w set blocking = w.blocking - gone.n
  from (select c.article_id, count(*) as n
          from claim c
         where not c.in_latest and is_in_work(c.stage)
           and not (runs_unchecked(c.stage, c.rating, c.first_reviewer)
                    and exists (select from claim_let_go m where m.claim_id = c.id and m.until is null))
         group by 1) gone
 where w.article_id = gone.article_id;

-- As before, but for the tally of articles: counted from what the versions of their claims said at the
-- moment, as only those tell whether a claim was in the text.
create or replace function see_as_of(moment timestamptz, chains uuid[]) returns void language plpgsql as $$
declare
    kept text;
begin
    create temporary table past_chain (id uuid primary key);
    insert into past_chain select distinct unnest(chains);
    analyze past_chain;
    for kept in
        select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where t.tgfoid = 'keep_version'::regproc and t.tgname = c.relname || '_kept_insert'
    loop
        execute format(
            'create temporary view %1$I as
             select r.*
               from (select distinct on (v.chain, v.key) v.row, v.gone
                       from past_chain c
                       cross join lateral (
                            select e.kept from public.event e
                             where e.chain = c.id and e.at <= %2$L order by e.number desc limit 1) known
                       join public.version v on v.chain = c.id and v.id <= known.kept and v.what = %1$L
                      order by v.chain, v.key, v.id desc) said,
                    jsonb_populate_record(null::public.%1$I, said.row) r
              where not said.gone', kept, moment);
    end loop;
    execute format('create temporary view event as select e.* from public.event e where e.at <= %L', moment);
    execute format(
        'create temporary view claim_let_go as
         select m.claim_id, m.since, null::timestamptz as until
           from public.claim_let_go m where m.since <= %1$L and (m.until is null or m.until > %1$L)', moment);
    execute format(
        'create temporary view article_tally as
         select cl.article_id, stood.stage, coalesce(stood.rating, '''') as rating, count(*) as n,
                count(m.claim_id) filter (where runs_unchecked(stood.stage, stood.rating, stood.first_reviewer)) as let_go
           from past_chain c
           join public.claim cl on cl.article_id = c.id
           cross join lateral (
                select e.kept from public.event e
                 where e.chain = cl.id and e.at <= %1$L order by e.number desc limit 1) known
           cross join lateral (
                select v.row ->> ''stage'' as stage, v.row ->> ''rating'' as rating,
                       (v.row ->> ''first_reviewer'')::uuid as first_reviewer,
                       (v.row ->> ''in_latest'')::boolean as in_latest
                  from public.version v
                 where v.chain = cl.id and v.id <= known.kept and v.what = ''claim''
                 order by v.id desc limit 1) stood
           left join public.claim_let_go m
             on m.claim_id = cl.id and m.since <= %1$L and (m.until is null or m.until > %1$L)
          where stood.in_latest
          group by 1, 2, 3', moment);
    execute format(
        'create temporary view desk_tally as
         select stage, rating, 0::smallint as shard, sum(n)::bigint as n
           from (select t.stage, t.rating, t.n from public.desk_tally t
                 union all
                 select e.stage, coalesce(e.rating, ''''), -1 from public.event e where e.moved and e.at > %1$L
                 union all
                 select e.was_stage, coalesce(e.was_rating, ''''), 1
                   from public.event e where e.moved and e.at > %1$L and e.was_stage is not null) change
          group by 1, 2', moment);
    execute format(
        'create temporary view reviewer_tally as
         select t.reviewer_id, t.day, t.rating, t.n
           from public.reviewer_tally t where t.day < %2$L
         union all
         select v.reviewer_id, %2$L::date, v.rating, count(*)
           from public.verdict v
          where v.given_at >= %3$L and v.given_at <= %1$L
          group by v.reviewer_id, v.rating',
        moment, (moment at time zone 'UTC')::date, date_trunc('day', moment, 'UTC'));
end $$;

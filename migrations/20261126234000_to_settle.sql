-- What may run unchecked: claims that the desk's policy does not name among those that have to be
-- settled, kept with the moment so that looking back sees what held then.

create table claim_let_go (
    id       bigint generated always as identity primary key,
    claim_id uuid not null references claim (id),
    since    timestamptz not null,
    -- null: still
    until    timestamptz,
    constraint claim_let_go_until_check check (until >= since)
);
comment on table claim_let_go is
    'Claims that the policy does not want settled before their article runs, and since when: worked out from the policy and from what they say, no part of the record.';
create unique index claim_let_go_now_key on claim_let_go (claim_id) where until is null;
-- what was let go at a moment
create index claim_let_go_claim_idx on claim_let_go (claim_id, since);

-- Only while nobody has said anything about it: domain::clearance::can_run_unchecked.
create function runs_unchecked(stage text, rating text, first_reviewer uuid) returns boolean
language sql immutable parallel safe as
$$ select stage in ('open', 'in_review') and rating is null and first_reviewer is null $$;

alter table article_tally
    -- how many of the n are let go and run unchecked
    add column let_go bigint not null default 0;

create or replace function tally_claims_updated() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from new_claim n join old_claim o using (id)
         where n.stage <> o.stage or n.rating is distinct from o.rating or n.article_id <> o.article_id
            or n.first_reviewer is distinct from o.first_reviewer
    ) then
        return null;
    end if;

    -- Whoever marks a claim as let go holds it: what is read of the marks here is what holds.
    insert into article_tally (article_id, stage, rating, n, let_go)
    select c.article_id, c.stage, coalesce(c.rating, ''), sum(c.step), sum(case when m.claim_id is null then 0 else c.step end)
      from (select id, article_id, stage, rating, first_reviewer, 1 as step from new_claim
            union all
            select id, article_id, stage, rating, first_reviewer, -1 from old_claim) c
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

-- What is let go does not keep an article from running, so it is nothing that its deadline waits for.
create or replace function watch_deadline() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if new.deadline is null then
        delete from deadline_watch where article_id = new.id;
        return null;
    end if;
    perform from article_tally where article_id = new.id order by stage, rating for update;
    insert into deadline_watch (article_id, at, blocking)
    values (new.id, new.deadline,
            (select coalesce(sum(n - let_go), 0) from article_tally where article_id = new.id and is_in_work(stage)))
    on conflict (article_id) do update set at = excluded.at;
    return null;
end $$;

create or replace function watch_claims_updated() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from new_claim n join old_claim o using (id)
         where n.stage <> o.stage or n.rating is distinct from o.rating
            or n.first_reviewer is distinct from o.first_reviewer
    ) then
        return null;
    end if;
    update deadline_watch w set blocking = w.blocking + change.step
      from (select c.article_id, sum(c.step) as step
              from (select id, article_id, stage, rating, first_reviewer, 1 as step from new_claim
                    union all
                    select id, article_id, stage, rating, first_reviewer, -1 from old_claim) c
             where is_in_work(c.stage)
               and not (runs_unchecked(c.stage, c.rating, c.first_reviewer)
                        and exists (select from claim_let_go m where m.claim_id = c.id and m.until is null))
             group by 1) change
     where w.article_id = change.article_id and change.step <> 0;
    return null;
end $$;

-- Counts claims that are let go from now on (1) or no longer (-1); whoever calls this holds them. The
-- tallies come in the order of their keys, and deadlines after them, as where claims move.
create function count_let_go(claims uuid[], step integer) returns void language plpgsql as $$
begin
    if claims = '{}' then
        return;
    end if;
    insert into article_tally (article_id, stage, rating, n, let_go)
    select article_id, stage, coalesce(rating, ''), 0, step * count(*)
      from claim
     where id = any(claims) and runs_unchecked(stage, rating, first_reviewer)
     group by 1, 2, 3
     order by 1, 2, 3
    on conflict (article_id, stage, rating) do update set let_go = article_tally.let_go + excluded.let_go;
    update deadline_watch w set blocking = w.blocking - change.step
      from (select article_id, step * count(*) as step
              from claim
             where id = any(claims) and runs_unchecked(stage, rating, first_reviewer)
             group by 1) change
     where w.article_id = change.article_id;
end $$;

create function tally_let_go() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        perform count_let_go(array(select claim_id from new_mark where until is null), 1);
        return null;
    end if;
    perform count_let_go(array(select n.claim_id from new_mark n join old_mark o using (id)
                                where n.until is null and o.until is not null), 1);
    perform count_let_go(array(select n.claim_id from new_mark n join old_mark o using (id)
                                where n.until is not null and o.until is null), -1);
    return null;
end $$;
create trigger claim_let_go_insert after insert on claim_let_go
    referencing new table as new_mark
    for each statement execute function tally_let_go();
create trigger claim_let_go_update after update on claim_let_go
    referencing old table as old_mark new table as new_mark
    for each statement execute function tally_let_go();

-- As before, and what the policy of the moment let go: worked out for the articles that are looked at
-- from where their claims stood, as events tell no mark.
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
         select article_id, stage, rating, sum(n)::bigint as n, sum(let_go)::bigint as let_go
           from (select t.article_id, t.stage, t.rating, t.n, 0 as let_go
                   from past_chain c join public.article_tally t on t.article_id = c.id
                 union all
                 select e.article_id, e.stage, coalesce(e.rating, ''''), -1, 0
                   from past_chain c join public.event e on e.article_id = c.id where e.moved and e.at > %1$L
                 union all
                 select e.article_id, e.was_stage, coalesce(e.was_rating, ''''), 1, 0
                   from past_chain c join public.event e on e.article_id = c.id
                  where e.moved and e.at > %1$L and e.was_stage is not null
                 union all
                 select cl.article_id, stood.stage, '''', 0, 1
                   from past_chain c
                   join public.claim cl on cl.article_id = c.id
                   join public.claim_let_go m
                     on m.claim_id = cl.id and m.since <= %1$L and (m.until is null or m.until > %1$L)
                   cross join lateral (
                        select e.stage, e.rating from public.event e
                         where e.chain = cl.id and e.at <= %1$L order by e.number desc limit 1) stood
                  where runs_unchecked(stood.stage, stood.rating, (
                            select v.reviewer_id from public.verdict v
                             where v.claim_id = cl.id and v.given_at <= %1$L
                               and not exists (select from public.verdict_undone u
                                                where u.verdict_id = v.id and u.at <= %1$L)
                             limit 1))) change
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

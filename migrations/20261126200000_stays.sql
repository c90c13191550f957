-- How long claims stay where, and how many come and go a day: counted in the transaction of the move,
-- so that nobody ever counts the history to show it.

-- Bounds grow by the fourth root of 2, so that the middle of a bucket is off by 9 % at most
-- (domain::stays); under a second is 0.
create function stay_bucket(seconds double precision) returns smallint language sql immutable parallel safe as
$$ select (case when seconds < 1 then 0 else 1 + floor(4 * ln(seconds) / ln(2::double precision)) end)::smallint $$;

create table stage_stay (
    -- the day in UTC on which the claim left the stage
    day    date not null,
    stage  text not null,
    bucket smallint not null,
    -- as in desk_tally; -1 holds those of days that are over, put together
    shard  smallint not null,
    n      bigint not null,
    primary key (day, stage, bucket, shard)
);
comment on table stage_stay is 'How many claims left a stage on a day after how long. Published and dismissed are no waits.';

create table stage_now (
    stage   text not null,
    -- the hour that the claims came into the stage; the day for those that came over thirty days ago
    entered timestamptz not null,
    shard   smallint not null,
    n       bigint not null,
    primary key (stage, entered, shard)
);
comment on table stage_now is 'How many claims are in a stage since when.';

create table desk_flow (
    -- in UTC
    day   date not null,
    what  text not null constraint desk_flow_what_check check (what in ('taken_in', 'settled', 'published', 'reopened', 'dismissed')),
    shard smallint not null,
    n     bigint not null,
    primary key (day, what, shard)
);
comment on table desk_flow is 'How many claims came in, and how many came into a stage, on a day.';

-- Rows are locked in the order of their keys, and these tables after the tallies.
create function time_claims_inserted() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into stage_now (stage, entered, shard, n)
    select stage, date_trunc('hour', stage_since, 'UTC'), pg_backend_pid() % 16, count(*)
      from new_claim
     where stage not in ('published', 'dismissed')
     group by 1, 2
     order by 1, 2
    on conflict (stage, entered, shard) do update set n = stage_now.n + excluded.n;

    insert into desk_flow (day, what, shard, n)
    select (created_at at time zone 'UTC')::date, 'taken_in', pg_backend_pid() % 16, count(*)
      from new_claim
     group by 1
     order by 1
    on conflict (day, what, shard) do update set n = desk_flow.n + excluded.n;
    return null;
end $$;

create function time_claims_updated() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from new_claim n join old_claim o using (id)
         where n.stage <> o.stage or n.stage_since <> o.stage_since
    ) then
        return null;
    end if;

    insert into stage_stay (day, stage, bucket, shard, n)
    select (n.stage_since at time zone 'UTC')::date, o.stage,
           stay_bucket(extract(epoch from n.stage_since - o.stage_since)::double precision),
           pg_backend_pid() % 16, count(*)
      from new_claim n join old_claim o using (id)
     where n.stage <> o.stage and o.stage not in ('published', 'dismissed')
     group by 1, 2, 3
     order by 1, 2, 3
    on conflict (day, stage, bucket, shard) do update set n = stage_stay.n + excluded.n;

    insert into stage_now (stage, entered, shard, n)
    select stage, date_trunc('hour', stage_since, 'UTC'), pg_backend_pid() % 16, sum(step)
      from (select stage, stage_since, 1 as step from new_claim
            union all
            select stage, stage_since, -1 from old_claim) change
     where stage not in ('published', 'dismissed')
     group by 1, 2
    having sum(step) <> 0
     order by 1, 2
    on conflict (stage, entered, shard) do update set n = stage_now.n + excluded.n;

    insert into desk_flow (day, what, shard, n)
    select (n.stage_since at time zone 'UTC')::date, n.stage, pg_backend_pid() % 16, count(*)
      from new_claim n join old_claim o using (id)
     where n.stage <> o.stage and n.stage in ('settled', 'published', 'reopened', 'dismissed')
     group by 1, 2
     order by 1, 2
    on conflict (day, what, shard) do update set n = desk_flow.n + excluded.n;
    return null;
end $$;

-- After claim_tally_…: triggers of a statement fire in the order of their names.
create trigger claim_time_insert after insert on claim
    referencing new table as new_claim
    for each statement execute function time_claims_inserted();
create trigger claim_time_update after update on claim
    referencing old table as old_claim new table as new_claim
    for each statement execute function time_claims_updated();

-- What is there already. Each move since the record began tells how long the claim had stayed.
insert into stage_now (stage, entered, shard, n)
select stage, date_trunc('hour', stage_since, 'UTC'), -1, count(*)
  from claim where stage not in ('published', 'dismissed') group by 1, 2;
insert into stage_stay (day, stage, bucket, shard, n)
select (since at time zone 'UTC')::date, was_stage,
       stay_bucket(extract(epoch from since - was_since)::double precision), -1, count(*)
  from event where moved and was_stage <> stage and was_stage not in ('published', 'dismissed') group by 1, 2, 3;
insert into desk_flow (day, what, shard, n)
select (created_at at time zone 'UTC')::date, 'taken_in', -1, count(*) from claim group by 1
 union all
select (since at time zone 'UTC')::date, stage, -1, count(*)
  from event where moved and was_stage <> stage and stage in ('settled', 'published', 'reopened', 'dismissed') group by 1, 2;

-- Puts the shards of days and hours that are over together, so that a reader has few rows to add up
-- however long the desk has worked. Only one at a time does; it waits for no writer, and whoever waits
-- for it begins anew.
create function put_stays_together(moment timestamptz) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare
    today date := (moment at time zone 'UTC')::date;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('claimdesk.stays', 7)) then
        return;
    end if;
    with over as (
        select day, stage, bucket, shard from stage_stay where shard >= 0 and day < today
         order by day, stage, bucket, shard limit 50000 for update skip locked),
    gone as (
        delete from stage_stay s using over o
         where (s.day, s.stage, s.bucket, s.shard) = (o.day, o.stage, o.bucket, o.shard)
        returning s.day, s.stage, s.bucket, s.n)
    insert into stage_stay (day, stage, bucket, shard, n)
    select day, stage, bucket, -1, sum(n) from gone group by 1, 2, 3
    on conflict (day, stage, bucket, shard) do update set n = stage_stay.n + excluded.n;

    with over as (
        select stage, entered, shard from stage_now
         where (shard >= 0 and entered < moment - interval '2 hours')
            or (entered < moment - interval '31 days' and entered <> date_trunc('day', entered, 'UTC'))
         order by stage, entered, shard limit 50000 for update skip locked),
    gone as (
        delete from stage_now s using over o
         where (s.stage, s.entered, s.shard) = (o.stage, o.entered, o.shard)
        returning s.stage, s.entered, s.n)
    insert into stage_now (stage, entered, shard, n)
    select stage, case when entered < moment - interval '31 days' then date_trunc('day', entered, 'UTC') else entered end,
           -1, sum(n)
      from gone group by 1, 2
    on conflict (stage, entered, shard) do update set n = stage_now.n + excluded.n;
    delete from stage_now where n = 0 and shard = -1;

    with over as (
        select day, what, shard from desk_flow where shard >= 0 and day < today
         order by day, what, shard limit 50000 for update skip locked),
    gone as (
        delete from desk_flow s using over o where (s.day, s.what, s.shard) = (o.day, o.what, o.shard)
        returning s.day, s.what, s.n)
    insert into desk_flow (day, what, shard, n)
    select day, what, -1, sum(n) from gone group by 1, 2
    on conflict (day, what, shard) do update set n = desk_flow.n + excluded.n;
end $$;

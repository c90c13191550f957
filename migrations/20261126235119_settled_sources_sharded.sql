-- Verdicts on one ministry at the same moment no longer wait for each other at the row that counts how
-- many of its claims are settled.

alter table source_settled
    -- as in desk_tally; -1 holds those that are put together, by which sources are put in order
    add column shard smallint not null default -1,
    drop constraint source_settled_pkey,
    add primary key (source_id, shard);
alter table source_settled alter column shard drop default;
comment on table source_settled is
    'How many claims of a source are settled or published, under this name, over all shards.';
drop index source_settled_most_idx;
create index source_settled_most_idx on source_settled (n desc, source_id) where shard = -1;
-- what changed since it was put together last
create index source_settled_fresh_idx on source_settled (source_id) where shard >= 0;

create or replace function tally_settled_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_settled (source_id, shard, n)
    select source_id, pg_backend_pid() % 16, sum(step)
      from (select source_id, rating, stage, 1 as step from new_claim
            union all
            select source_id, rating, stage, -1 from old_claim) change
     where source_id is not null and rating is not null and stage in ('settled', 'published')
     group by 1
    having sum(step) <> 0
     order by 1
    on conflict (source_id, shard) do update set n = source_settled.n + excluded.n;
    return null;
end $$;

create or replace function tally_new_settled_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_settled (source_id, shard, n)
    select source_id, pg_backend_pid() % 16, count(*) from new_claim
     where source_id is not null and rating is not null and stage in ('settled', 'published')
     group by 1 order by 1
    on conflict (source_id, shard) do update set n = source_settled.n + excluded.n;
    return null;
end $$;

-- What is there is counted anew: nothing of it is lost that way, whatever came before.
delete from source_settled;
insert into source_settled (source_id, shard, n)
select source_id, -1, sum(n) from source_tally group by source_id having sum(n) <> 0;

-- Puts the shards of sources together, so that a reader has few rows besides those in order. Only one at
-- a time does; it waits for no writer, and whoever waits for it begins anew.
create function put_settled_together() returns void language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if not pg_try_advisory_xact_lock(hashtextextended('claimdesk.settled', 7)) then
        return;
    end if;
    with fresh as (
        select source_id, shard from source_settled where shard >= 0
         order by source_id, shard limit 50000 for update skip locked),
    gone as (
        delete from source_settled s using fresh f
         where (s.source_id, s.shard) = (f.source_id, f.shard)
        returning s.source_id, s.n)
    insert into source_settled (source_id, shard, n)
    select source_id, -1, sum(n) from gone group by 1
    on conflict (source_id, shard) do update set n = source_settled.n + excluded.n;
end $$;

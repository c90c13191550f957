-- Who denies a claim, or does not confirm it, has not made it: how it holds up says nothing of them.

alter table claim
    -- false where the original source denies it or leaves it open; with source_id, once for all hops
    add column asserted boolean not null default true;

-- A column that the history never recorded: what is filled in here is no change of what a claim says.
alter table claim disable trigger user;
update claim set asserted = false
  from attribution
 where attribution.claim_id = claim.id and attribution.hop = 0 and attribution.polarity <> 'asserted';
alter table claim enable trigger user;

create or replace function tally_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_tally (source_id, rating, shard, n)
    select source_id, rating, pg_backend_pid() % 16, sum(step)
      from (select source_id, asserted, rating, stage, 1 as step from new_claim
            union all
            select source_id, asserted, rating, stage, -1 from old_claim) change
     where source_id is not null and asserted and rating is not null and stage in ('settled', 'published')
     group by 1, 2
    having sum(step) <> 0
     order by 1, 2
    on conflict (source_id, rating, shard) do update set n = source_tally.n + excluded.n;
    return null;
end $$;

create or replace function tally_new_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_tally (source_id, rating, shard, n)
    select source_id, rating, pg_backend_pid() % 16, count(*) from new_claim
     where source_id is not null and asserted and rating is not null and stage in ('settled', 'published')
     group by 1, 2 order by 1, 2
    on conflict (source_id, rating, shard) do update set n = source_tally.n + excluded.n;
    return null;
end $$;

create or replace function tally_settled_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_settled (source_id, shard, n)
    select source_id, pg_backend_pid() % 16, sum(step)
      from (select source_id, asserted, rating, stage, 1 as step from new_claim
            union all
            select source_id, asserted, rating, stage, -1 from old_claim) change
     where source_id is not null and asserted and rating is not null and stage in ('settled', 'published')
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
     where source_id is not null and asserted and rating is not null and stage in ('settled', 'published')
     group by 1 order by 1
    on conflict (source_id, shard) do update set n = source_settled.n + excluded.n;
    return null;
end $$;
comment on table source_tally is
    'How many settled or published claims that a source makes have which rating; what it denies is not counted.';
comment on table source_settled is
    'How many claims that a source makes are settled or published, under this name, over all shards.';

-- What is there is counted anew.
delete from source_tally;
insert into source_tally (source_id, rating, shard, n)
select source_id, rating, 0, count(*) from claim
 where source_id is not null and asserted and stage in ('settled', 'published') and rating is not null
 group by source_id, rating;
delete from source_settled;
insert into source_settled (source_id, shard, n)
select source_id, -1, sum(n) from source_tally group by source_id having sum(n) <> 0;

-- One speaker under several names, and how what a source said held up.

alter table source
    -- the source that this is another name of; claims keep the name they were found with
    add column same_as uuid references source (id),
    add constraint source_same_as_check check (same_as <> id);
create index source_same_as_idx on source (same_as) where same_as is not null;

-- Names lead to a source in one step: what is another's name has none of its own.
create function check_same_as() returns trigger language plpgsql as $$
begin
    if exists (select from source where id = new.same_as and same_as is not null)
       or exists (select from source where same_as = new.id) then
        raise exception 'a name of a source has no further names' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger source_same_as before insert or update of same_as on source
    for each row when (new.same_as is not null) execute function check_same_as();

create table source_tally (
    source_id uuid not null references source (id),
    rating    text not null,
    -- as in desk_tally: people who settle claims of one ministry at the same moment do not wait
    shard     smallint not null,
    n         bigint not null,
    primary key (source_id, rating, shard)
);
comment on table source_tally is 'How many settled or published claims of a source have which rating.';

insert into source_tally (source_id, rating, shard, n)
select source_id, rating, 0, count(*) from claim
 where source_id is not null and stage in ('settled', 'published') and rating is not null
 group by source_id, rating;

create function tally_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_tally (source_id, rating, shard, n)
    select source_id, rating, pg_backend_pid() % 16, sum(step)
      from (select source_id, rating, stage, 1 as step from new_claim
            union all
            select source_id, rating, stage, -1 from old_claim) change
     where source_id is not null and rating is not null and stage in ('settled', 'published')
     group by 1, 2
    having sum(step) <> 0
     order by 1, 2
    on conflict (source_id, rating, shard) do update set n = source_tally.n + excluded.n;
    return null;
end $$;
create trigger claim_source_tally after update on claim
    referencing old table as old_claim new table as new_claim
    for each statement execute function tally_source();

create function tally_new_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_tally (source_id, rating, shard, n)
    select source_id, rating, pg_backend_pid() % 16, count(*) from new_claim
     where source_id is not null and rating is not null and stage in ('settled', 'published')
     group by 1, 2 order by 1, 2
    on conflict (source_id, rating, shard) do update set n = source_tally.n + excluded.n;
    return null;
end $$;
create trigger claim_source_tally_insert after insert on claim
    referencing new table as new_claim
    for each statement execute function tally_new_source();

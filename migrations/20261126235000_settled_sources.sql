-- Which sources have most settled claims, without adding up everybody's.

create table source_settled (
    -- a name, as in source_tally; what several names of one source have is added up by who reads it
    source_id uuid primary key references source (id),
    n         bigint not null
);
comment on table source_settled is 'How many claims of a source are settled or published, under this name.';
create index source_settled_most_idx on source_settled (n desc, source_id);

insert into source_settled (source_id, n)
select source_id, sum(n) from source_tally group by source_id having sum(n) <> 0;

create function tally_settled_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_settled (source_id, n)
    select source_id, sum(step)
      from (select source_id, rating, stage, 1 as step from new_claim
            union all
            select source_id, rating, stage, -1 from old_claim) change
     where source_id is not null and rating is not null and stage in ('settled', 'published')
     group by 1
    having sum(step) <> 0
     order by 1
    on conflict (source_id) do update set n = source_settled.n + excluded.n;
    return null;
end $$;
-- After claim_tally_…: triggers of a statement fire in the order of their names, and the tallies of
-- articles are locked before these.
create trigger claim_track_update after update on claim
    referencing old table as old_claim new table as new_claim
    for each statement execute function tally_settled_source();

create function tally_new_settled_source() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into source_settled (source_id, n)
    select source_id, count(*) from new_claim
     where source_id is not null and rating is not null and stage in ('settled', 'published')
     group by 1 order by 1
    on conflict (source_id) do update set n = source_settled.n + excluded.n;
    return null;
end $$;
create trigger claim_track_insert after insert on claim
    referencing new table as new_claim
    for each statement execute function tally_new_settled_source();

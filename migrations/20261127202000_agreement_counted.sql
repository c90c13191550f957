-- How often two reviewers agreed who judged the same claim: counted as the second verdict comes in, so
-- that the dashboard has the number without reading verdicts.

create table agreement_tally (
    -- the day in UTC of the second verdict
    day    date not null,
    -- as in desk_tally
    shard  smallint not null,
    judged bigint not null,
    agreed bigint not null,
    primary key (day, shard)
);
comment on table agreement_tally is 'How many claims a second reviewer judged on a day, and how many of them as the first one did.';

create function tally_agreement() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into agreement_tally (day, shard, judged, agreed)
    select (new.given_at at time zone 'UTC')::date, pg_backend_pid() % 16, 1,
           ((one.scale, one.rating) = (new.scale, new.rating))::int
      from verdict one
     where one.claim_id = new.claim_id and one.round = new.round and one.part = 'first'
    on conflict (day, shard) do update
       set judged = agreement_tally.judged + excluded.judged, agreed = agreement_tally.agreed + excluded.agreed;
    return null;
end $$;
-- After verdict_tally: triggers fire in the order of their names.
create trigger verdict_tally_agreement after insert on verdict
    for each row when (new.part = 'second') execute function tally_agreement();

-- What is there already.
insert into agreement_tally (day, shard, judged, agreed)
select (two.given_at at time zone 'UTC')::date, -1, count(*),
       count(*) filter (where (one.scale, one.rating) = (two.scale, two.rating))
  from verdict two
  join verdict one on one.claim_id = two.claim_id and one.round = two.round and one.part = 'first'
 where two.part = 'second'
 group by 1;

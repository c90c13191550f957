-- Counters, kept by the database in the same transaction as the change they count.

create table article_tally (
    article_id uuid not null references article (id),
    stage      text not null,
    -- '' where no verdict stands
    rating     text not null,
    n          bigint not null,
    primary key (article_id, stage, rating)
);
comment on table article_tally is 'How many claims of an article stand where.';

create table desk_tally (
    stage  text not null,
    rating text not null,
    -- changes spread over several rows, so that people who settle claims at the same moment do not
    -- wait for each other; a reader adds them up
    shard  smallint not null,
    n      bigint not null,
    primary key (stage, rating, shard)
);
comment on table desk_tally is 'How many claims stand where, over all articles.';

create table reviewer_tally (
    reviewer_id uuid not null references account (id),
    -- the day in UTC
    day         date not null,
    rating      text not null,
    n           bigint not null,
    primary key (reviewer_id, day, rating)
);
comment on table reviewer_tally is 'How many verdicts a person gave on a day.';
create index reviewer_tally_day_idx on reviewer_tally (day);

-- Rows are always locked in the order of their keys, articles before the desk, so that two
-- transactions cannot wait for each other in a circle.
create function tally_claims_inserted() returns trigger language plpgsql as $$
begin
    insert into article_tally (article_id, stage, rating, n)
    select article_id, stage, coalesce(rating, ''), count(*)
      from new_claim
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

create function tally_claims_updated() returns trigger language plpgsql as $$
begin
    if not exists (
        select from new_claim n join old_claim o using (id)
         where n.stage <> o.stage or n.rating is distinct from o.rating or n.article_id <> o.article_id
    ) then
        return null;
    end if;

    insert into article_tally (article_id, stage, rating, n)
    select article_id, stage, rating, sum(step)
      from (select article_id, stage, coalesce(rating, '') as rating, 1 as step from new_claim
            union all
            select article_id, stage, coalesce(rating, ''), -1 from old_claim) change
     group by 1, 2, 3
    having sum(step) <> 0
     order by 1, 2, 3
    on conflict (article_id, stage, rating) do update set n = article_tally.n + excluded.n;

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

create trigger claim_tally_insert after insert on claim
    referencing new table as new_claim
    for each statement execute function tally_claims_inserted();
create trigger claim_tally_update after update on claim
    referencing old table as old_claim new table as new_claim
    for each statement execute function tally_claims_updated();

-- Claims are never deleted; a deletion would leave the counters wrong.
create trigger claim_no_delete before delete on claim
    for each row execute function refuse_change();
create trigger claim_no_truncate before truncate on claim
    for each statement execute function refuse_change();

create function tally_verdict() returns trigger language plpgsql as $$
begin
    insert into reviewer_tally (reviewer_id, day, rating, n)
    values (new.reviewer_id, (new.given_at at time zone 'UTC')::date, new.rating, 1)
    on conflict (reviewer_id, day, rating) do update set n = reviewer_tally.n + 1;
    return null;
end $$;
create trigger verdict_tally after insert on verdict
    for each row execute function tally_verdict();

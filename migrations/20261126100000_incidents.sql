-- Events in the world that claims are about, and which claims are about which.

-- Trusted: whoever owns the database may create it.
create extension if not exists pg_trgm;

create table incident (
    id          uuid primary key,
    title       text not null constraint incident_title_check check (char_length(title) between 1 and 300),
    -- where and when, as far as its reports say
    place       text,
    from_day    date,
    to_day      date,
    status      text not null constraint incident_status_check check (status in ('open', 'merged')),
    merged_into uuid references incident (id),
    -- a person gave the title: the rules leave it alone
    is_titled   boolean not null default false,
    version     integer not null,
    created_at  timestamptz not null,
    -- null: the rules
    created_by  uuid references account (id),
    constraint incident_merged_check check ((status = 'merged') = (merged_into is not null)),
    constraint incident_self_check check (merged_into <> id),
    constraint incident_days_check check (from_day <= to_day)
);
comment on table incident is 'An event in the world that claims are about. Never deleted: one that was merged says into which.';
create index incident_search_idx on incident using gin (to_tsvector('simple', title || ' ' || coalesce(place, '')));
create index incident_merged_idx on incident (merged_into) where merged_into is not null;
create trigger incident_no_delete before delete on incident
    for each row execute function refuse_change();
create trigger incident_no_truncate before truncate on incident
    for each statement execute function refuse_change();

create table incident_claim (
    incident_id uuid not null references incident (id),
    claim_id    uuid not null references claim (id),
    standing    text not null constraint incident_claim_standing_check
                check (standing in ('proposed', 'confirmed', 'rejected')),
    -- the sum that the rules came to, and its parts: [{"points": 20, "why": "the same day"}, …]
    score       smallint not null,
    reasons     jsonb not null,
    -- null: the rules
    decided_by  uuid references account (id),
    decided_at  timestamptz not null,
    primary key (incident_id, claim_id)
);
comment on table incident_claim is 'Which claims are about which incident, who says so and why.';
-- a claim is about one incident
create unique index incident_claim_confirmed_key on incident_claim (claim_id) where standing = 'confirmed';
create index incident_claim_claim_idx on incident_claim (claim_id, standing);
-- what waits for a person, newest first
create index incident_claim_proposed_idx on incident_claim (decided_at desc, claim_id desc) where standing = 'proposed';

create table incident_estimate (
    id          uuid primary key,
    incident_id uuid not null references incident (id),
    indicator   text not null,
    -- 1, 2, … for an indicator: the greatest holds
    number      integer not null,
    -- all null: back to what the rules work out
    low         double precision,
    best        double precision,
    high        double precision,
    basis       text not null,
    set_by      uuid not null references account (id),
    set_at      timestamptz not null,
    constraint incident_estimate_number_key unique (incident_id, indicator, number),
    constraint incident_estimate_order_check check (low <= high and low <= best and best <= high)
);
comment on table incident_estimate is 'What an editor holds to be the figure of an incident. Never changed, only superseded.';
create trigger incident_estimate_append_only before update or delete on incident_estimate
    for each row execute function refuse_change();
create trigger incident_estimate_no_truncate before truncate on incident_estimate
    for each statement execute function refuse_change();

create table incident_change (
    id          uuid primary key,
    -- the one that it is shown with
    incident_id uuid not null references incident (id),
    what        text not null,
    -- the rows that it wrote, as they were and as they are since: see desk::incidents
    before      jsonb not null,
    after       jsonb not null,
    by          uuid not null references account (id),
    at          timestamptz not null,
    undone_by   uuid references account (id),
    undone_at   timestamptz,
    constraint incident_change_undone_check check ((undone_by is null) = (undone_at is null))
);
comment on table incident_change is 'What people did with incidents, with what is needed to put it back.';
create index incident_change_incident_idx on incident_change (incident_id, at desc, id desc);

-- What follows is worked out from the above and from the articles; no part of the record.

create table incident_facts (
    incident_id uuid primary key references incident (id),
    -- domain::incident::Facts: what a new claim is compared with
    facts       jsonb not null
);

create table claim_facts (
    claim_id uuid primary key references claim (id),
    -- domain::incident::Facts: what it was compared by
    facts    jsonb not null
);

create table incident_key (
    -- a name that an incident's reports have, or "~" and what is left of it where spellings differ
    key         text not null,
    -- the last day that is known of it
    last_day    date not null,
    incident_id uuid not null references incident (id),
    primary key (key, last_day, incident_id)
);
comment on table incident_key is 'Names by which incidents are found: one walk along one index for each name of a new claim.';
create index incident_key_incident_idx on incident_key (incident_id);

create table incident_place (
    key text primary key
);
comment on table incident_place is 'Every place of an incident once, to find spellings that are alike.';
create index incident_place_trgm_idx on incident_place using gin (key gin_trgm_ops);

create table incident_tally (
    incident_id    uuid primary key references incident (id),
    -- claims that are about it, and of how many articles; set-aside ones included
    claims         integer not null default 0,
    articles       integer not null default 0,
    -- of these, the ones without a verdict that stands
    open           integer not null default 0,
    contradictory  integer not null default 0,
    -- claims that may be about it
    proposed       integer not null default 0,
    -- when its newest article was published
    last_at        timestamptz not null
);
comment on table incident_tally is 'How much there is of each incident.';
create index incident_tally_last_idx on incident_tally (last_at desc, incident_id desc) where claims > 0;
create index incident_tally_contradictory_idx on incident_tally (last_at desc, incident_id desc)
    where claims > 0 and contradictory > 0;
create index incident_tally_open_idx on incident_tally (last_at desc, incident_id desc) where claims > 0 and open > 0;
create index incident_tally_proposed_idx on incident_tally (last_at desc, incident_id desc)
    where claims > 0 and proposed > 0;

create table gathering (
    claim_id uuid primary key references claim (id),
    at       timestamptz not null
);
comment on table gathering is 'Claims that are still to be brought to their incidents: added with what they say, taken out when that is done.';
create index gathering_at_idx on gathering (at, claim_id);

alter table claim
    -- why it cannot be right together with another claim of its incident, where it cannot
    add column contradiction text;

-- What a claim counts, in an order that does not matter: two claims with the same say the same.
create function said(claim uuid) returns jsonb language sql stable as $$
    select jsonb_agg(jsonb_build_array(indicator, low, best, high, bound, body -> 'unit', body -> 'side', body -> 'denied')
                     order by indicator, low, best, high, bound)
      from measure where claim_id = claim
$$;

create function is_undecided(stage text) returns boolean language sql immutable parallel safe as
$$ select stage in ('open', 'in_review', 'awaiting_second_review', 'disagreed', 'reopened') $$;

-- Counters follow when a claim is decided: at the very end of a transaction, so that nobody waits in a
-- circle.
create function tally_incident() returns trigger language plpgsql as $$
begin
    update incident_tally t
       set open = t.open + is_undecided(new.stage)::int - is_undecided(old.stage)::int
      from incident_claim m
     where m.claim_id = new.id and m.standing = 'confirmed' and t.incident_id = m.incident_id;
    return null;
end $$;
create constraint trigger claim_incident_tally after update on claim
    deferrable initially deferred for each row
    when (is_undecided(old.stage) <> is_undecided(new.stage))
    execute function tally_incident();

-- An incident has a chain of its own in the history.
alter table event
    add column incident_id uuid references incident (id);
create index event_incident_idx on event (incident_id, id) where incident_id is not null;

create or replace function keep_version() returns trigger language plpgsql
set timezone = 'UTC' set plan_cache_mode = 'force_generic_plan' as $$
begin
    if tg_op = 'DELETE' then
        if tg_argv[0] in ('claim_id', 'evidence_id') then
            perform from claim where id in (select chain_of(to_jsonb(o), tg_argv[0]) from old_row o)
              order by id for no key update;
        elsif tg_argv[0] = 'incident_id' then
            perform from incident where id in (select chain_of(to_jsonb(o), tg_argv[0]) from old_row o)
              order by id for no key update;
        end if;
        insert into version (chain, what, key, gone, row)
        select chain_of(o.row, tg_argv[0]), tg_table_name, o.row ->> tg_argv[1], true, o.row
          from (select to_jsonb(old_row) - tg_argv[2]::text[] as row from old_row) o;
        return null;
    end if;
    if tg_argv[0] in ('claim_id', 'evidence_id') then
        perform from claim where id in (select chain_of(to_jsonb(n), tg_argv[0]) from new_row n)
          order by id for no key update;
    elsif tg_argv[0] = 'article_id' then
        perform from article where id in (select chain_of(to_jsonb(n), tg_argv[0]) from new_row n)
          order by id for no key update;
    elsif tg_argv[0] = 'incident_id' then
        perform from incident where id in (select chain_of(to_jsonb(n), tg_argv[0]) from new_row n)
          order by id for no key update;
    end if;
    insert into version (chain, what, key, gone, row)
    select chain_of(n.row, tg_argv[0]), tg_table_name, n.row ->> tg_argv[1], false, n.row
      from (select to_jsonb(new_row) - tg_argv[2]::text[] as row from new_row) n;
    return null;
end $$;

-- Events that are about no incident have the hash that they had.
create or replace function event_hash(e event) returns bytea language sql stable as $$
    select sha256(
        'claimdesk.event/1'::bytea || uuid_send(e.chain) || int8send(e.number) || e.previous || int8send(e.id)
        || timestamptz_send(e.at) || hashed_uuid(e.actor_id) || hashed_uuid(e.article_id) || hashed_uuid(e.claim_id)
        || hashed_uuid(e.account_id) || hashed_text(e.kind) || hashed_text(e.body::text)
        || hashed_text(e.stage) || hashed_text(e.rating) || hashed_time(e.since)
        || hashed_text(e.was_stage) || hashed_text(e.was_rating) || hashed_time(e.was_since)
        || case when e.moved then '\x01'::bytea else '\x00'::bytea end
        || int8send(e.kept) || hashed_bytes(e.content)
        || case when e.incident_id is null then ''::bytea else hashed_uuid(e.incident_id) end)
$$;

create or replace function chain_event() returns trigger language plpgsql
set plan_cache_mode = 'force_generic_plan' as $$
declare
    last record;
    fresh record;
begin
    if new.claim_id is not null then
        new.chain := new.claim_id;
        select stage, rating, stage_since into new.stage, new.rating, new.since
          from claim where id = new.chain for no key update;
    else
        new.stage := null;
        new.rating := null;
        new.since := null;
        if new.article_id is not null then
            new.chain := new.article_id;
            perform from article where id = new.chain for no key update;
        elsif new.account_id is not null then
            new.chain := new.account_id;
            perform from account where id = new.chain for no key update;
        elsif new.incident_id is not null then
            new.chain := new.incident_id;
            perform from incident where id = new.chain for no key update;
        else
            new.chain := '00000000-0000-0000-0000-000000000000';
            perform pg_advisory_xact_lock(hashtextextended('claimdesk.event', 7));
        end if;
    end if;
    select number, hash, kept, at, stage, rating, since into last
      from event where chain = new.chain order by number desc limit 1;
    select max(id) as id,
           sha256(string_agg(int8send(id) || hashed_text(what) || hashed_text(key)
                             || case when gone then '\x01'::bytea else '\x00'::bytea end
                             || hashed_text(row::text), '' order by id)) as hash
      into fresh
      from version where chain = new.chain and id > coalesce(last.kept, 0);
    new.id := nextval('event_number_seq');
    new.number := coalesce(last.number, 0) + 1;
    new.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    -- Servers' clocks differ a little; the time of a chain never runs backwards.
    new.at := greatest(new.at, last.at);
    new.moved := new.claim_id is not null and (new.stage, new.rating) is distinct from (last.stage, last.rating);
    new.was_stage := case when new.moved then last.stage end;
    new.was_rating := case when new.moved then last.rating end;
    new.was_since := case when new.moved then last.since end;
    new.kept := coalesce(fresh.id, last.kept, 0);
    new.content := fresh.hash;
    new.hash := event_hash(new);
    return new;
end $$;

-- Listeners hear of incidents as well.
create or replace function announce_events() returns trigger language plpgsql as $$
declare
    changed record;
begin
    for changed in
        select distinct article_id, claim_id, incident_id from new_event
         where article_id is not null or claim_id is not null or incident_id is not null
         limit 50
    loop
        perform pg_notify('claimdesk', case when changed.incident_id is null
            then json_build_object('article', changed.article_id, 'claim', changed.claim_id)::text
            else json_build_object('article', changed.article_id, 'claim', changed.claim_id,
                                   'incident', changed.incident_id)::text end);
    end loop;
    return null;
end $$;

select keep_versions('incident', 'id', 'id');
select keep_versions('incident_claim', 'incident_id', 'claim_id');
select keep_versions('incident_estimate', 'incident_id', 'id');

-- What is there already is brought to its incidents by the worker.
insert into gathering (claim_id, at)
select id, now() from claim where kind in ('casualty', 'equipment_loss', 'displacement', 'detention', 'event', 'count');

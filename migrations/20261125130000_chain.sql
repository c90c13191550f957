-- A history that proves itself. What a row said is kept each time it changes (version); each event
-- commits to the one before it in its chain and to what was kept since (event); a checkpoint commits
-- to all events of all chains (checkpoint). All of it is done here, so that no writer can forget it.
--
-- Who adds an event holds the row that its chain is about: the claim, the article or the account.
-- Where a transaction needs several of them it takes articles before claims and claims in the order
-- of their ids, as everywhere, so that no two wait for each other in a circle.

-- Bytes to hash, each part with its length or its absence in front: no two different entries have
-- the same bytes. domain::chain writes them a second time, independently of these functions.
create function hashed_uuid(value uuid) returns bytea language sql immutable parallel safe as
$$ select coalesce('\x01'::bytea || uuid_send(value), '\x00'::bytea) $$;
create function hashed_time(value timestamptz) returns bytea language sql immutable parallel safe as
$$ select coalesce('\x01'::bytea || timestamptz_send(value), '\x00'::bytea) $$;
create function hashed_bytes(value bytea) returns bytea language sql immutable parallel safe as
$$ select coalesce('\x01'::bytea || int4send(length(value)) || value, '\x00'::bytea) $$;
create function hashed_text(value text) returns bytea language sql stable parallel safe as
$$ select hashed_bytes(convert_to(value, 'UTF8')) $$;

create table version (
    id    bigint generated always as identity primary key,
    -- the claim or article that it belongs to
    chain uuid not null,
    -- the table, and which of the chain's rows in it
    what  text not null,
    key   text not null,
    -- whether the row was deleted; row is then what it last said
    gone  boolean not null,
    row   jsonb not null
);
comment on table version is
    'What the rows of claims and articles said, each time one was written. An event says which of them it stands for.';
create unique index version_chain_idx on version (chain, id);

create trigger version_append_only before update or delete on version
    for each row execute function refuse_change();
create trigger version_no_truncate before truncate on version
    for each statement execute function refuse_change();

-- The chain that a row belongs to, by the column that leads there.
create function chain_of(said jsonb, chain_column text) returns uuid language sql stable as $$
    select case when chain_column = 'evidence_id'
                then (select claim_id from evidence where id = (said ->> chain_column)::uuid)
                else (said ->> chain_column)::uuid end
$$;

-- Arguments: the column that names the chain, the column that names the row in it, columns left out.
-- The ids of a chain's versions are given out under the chain's lock, so that an event which stands
-- for all up to one of them misses none that is not in yet.
create function keep_version() returns trigger language plpgsql set timezone = 'UTC' as $$
begin
    if tg_op = 'DELETE' then
        if tg_argv[0] in ('claim_id', 'evidence_id') then
            perform from claim where id in (select chain_of(to_jsonb(o), tg_argv[0]) from old_row o)
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
    end if;
    insert into version (chain, what, key, gone, row)
    select chain_of(n.row, tg_argv[0]), tg_table_name, n.row ->> tg_argv[1], false, n.row
      from (select to_jsonb(new_row) - tg_argv[2]::text[] as row from new_row) n;
    return null;
end $$;

-- Keeps what a table's rows say from now on, and first what they say now. A migration that adds a
-- table whose rows bear on a claim or an article calls this for it.
create function keep_versions(kept regclass, chain_column text, key_column text, left_out text[] default '{}')
returns void language plpgsql set timezone = 'UTC' as $$
declare
    name text := (select relname from pg_class where oid = kept);
    change record;
begin
    for change in
        select * from (values ('insert', 'new table as new_row'),
                              ('update', 'new table as new_row'),
                              ('delete', 'old table as old_row')) as c (op, rows)
    loop
        execute format(
            'create trigger %I after %s on %s referencing %s for each statement execute function keep_version(%L, %L, %L)',
            name || '_kept_' || change.op, change.op, kept, change.rows, chain_column, key_column, left_out::text);
    end loop;
    execute format(
        'insert into version (chain, what, key, gone, row)
         select chain_of(r.row, %L), %L, r.row ->> %L, false, r.row
           from (select to_jsonb(t) - %L::text[] as row from %s t) r order by 1, 3',
        chain_column, name, key_column, left_out::text, kept);
end $$;

alter table event
    alter column id drop identity,
    -- the claim, else the article, else the account, else the desk (all zeros)
    add column chain      uuid,
    -- 1, 2, … in the chain, without a gap
    add column number     bigint,
    -- hash of the chain's entry before; zeros for the first
    add column previous   bytea,
    -- where the claim stood after it
    add column stage      text,
    add column rating     text,
    add column since      timestamptz,
    -- whether it moved the claim, and where the claim had stood; nowhere if it is new
    add column moved      boolean not null default false,
    add column was_stage  text,
    add column was_rating text,
    add column was_since  timestamptz,
    -- the last version that it, or one before it in the chain, stands for; 0 for none
    add column kept       bigint not null default 0,
    -- hash over those versions it stands for that none before it did
    add column content    bytea,
    -- SHA-256 over all of the above and what happened
    add column hash       bytea;
create sequence event_number_seq as bigint owned by event.id;
comment on column event.id is 'Given out under the lock of the chain: in a chain, ids and numbers have the same order.';

create function event_hash(e event) returns bytea language sql stable as $$
    select sha256(
        'claimdesk.event/1'::bytea || uuid_send(e.chain) || int8send(e.number) || e.previous || int8send(e.id)
        || timestamptz_send(e.at) || hashed_uuid(e.actor_id) || hashed_uuid(e.article_id) || hashed_uuid(e.claim_id)
        || hashed_uuid(e.account_id) || hashed_text(e.kind) || hashed_text(e.body::text)
        || hashed_text(e.stage) || hashed_text(e.rating) || hashed_time(e.since)
        || hashed_text(e.was_stage) || hashed_text(e.was_rating) || hashed_time(e.was_since)
        || case when e.moved then '\x01'::bytea else '\x00'::bytea end
        || int8send(e.kept) || hashed_bytes(e.content))
$$;

-- Events that are there already: nobody kept what they changed, but their order and their words are
-- chained all the same.
alter table event disable trigger event_append_only;
do $$
declare
    one event;
    before event;
begin
    update event set chain = coalesce(claim_id, article_id, account_id, '00000000-0000-0000-0000-000000000000');
    for one in select * from event order by chain, id loop
        if before.chain is distinct from one.chain then
            one.number := 1;
            one.previous := decode(repeat('00', 32), 'hex');
        else
            one.number := before.number + 1;
            one.previous := before.hash;
        end if;
        one.hash := event_hash(one);
        update event set number = one.number, previous = one.previous, hash = one.hash where id = one.id;
        before := one;
    end loop;
    perform setval('event_number_seq', coalesce((select max(id) from event), 0) + 1, false);
end $$;
alter table event enable trigger event_append_only;
alter table event
    alter column chain set not null,
    alter column number set not null,
    alter column previous set not null,
    alter column hash set not null,
    add constraint event_chain_key unique (chain, number);
-- what stood where at a moment: now, less what moved since
create index event_moved_idx on event (at) include (was_stage, was_rating, stage, rating) where moved;

-- Whatever a writer puts into these columns is replaced. The lock on the chain's row comes first:
-- what is read after it includes what was committed while it was waited for.
create function chain_event() returns trigger language plpgsql as $$
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
create trigger event_chain before insert on event
    for each row execute function chain_event();

create table checkpoint (
    number   bigint primary key,
    at       timestamptz not null,
    -- null: the worker
    by       uuid references account (id),
    -- the last event it covers, and how many since the checkpoint before, and in all
    up_to    bigint not null,
    events   bigint not null,
    total    bigint not null,
    -- ids among them that name no event, as pairs of first and last: their transactions failed
    gaps     bigint[] not null,
    -- hash over id and hash of each event since the checkpoint before, in the order of ids
    content  bytea not null,
    -- the checkpoint before; zeros for the first
    previous bytea not null,
    -- SHA-256 over all of the above: whoever keeps it can tell whether anything up to it was changed
    hash     bytea not null
);
comment on table checkpoint is 'Commits to every event so far. Its newest row, kept elsewhere, proves all that came before it.';
create trigger checkpoint_append_only before update or delete on checkpoint
    for each row execute function refuse_change();
create trigger checkpoint_no_truncate before truncate on checkpoint
    for each statement execute function refuse_change();

-- Which text a version of an article is, by its hash as well, so that the history commits to the text.
alter table article_snapshot disable trigger article_snapshot_append_only;
alter table article_snapshot add column sha256 bytea;
update article_snapshot set sha256 = snapshot.sha256 from snapshot where snapshot.id = article_snapshot.snapshot_id;
alter table article_snapshot alter column sha256 set not null;
alter table article_snapshot enable trigger article_snapshot_append_only;
create function name_text() returns trigger language plpgsql as $$
begin
    select sha256 into new.sha256 from snapshot where id = new.snapshot_id;
    return new;
end $$;
create trigger article_snapshot_text before insert on article_snapshot
    for each row execute function name_text();

-- Evidence that is taken out stays, with the reason.
create trigger evidence_no_delete before delete on evidence
    for each row execute function refuse_change();
create trigger evidence_no_truncate before truncate on evidence
    for each statement execute function refuse_change();
create trigger article_no_delete before delete on article
    for each row execute function refuse_change();
create trigger article_no_truncate before truncate on article
    for each statement execute function refuse_change();

select keep_versions('article', 'id', 'id');
select keep_versions('article_snapshot', 'article_id', 'number');
-- search and urgency are worked out from the other columns
select keep_versions('claim', 'id', 'id', '{search,urgency}');
select keep_versions('measure', 'claim_id', 'position');
select keep_versions('attribution', 'claim_id', 'hop');
select keep_versions('correction', 'claim_id', 'part');
select keep_versions('succession', 'claim_id', 'became_id');
select keep_versions('evidence', 'claim_id', 'id');
select keep_versions('copy', 'evidence_id', 'id');
select keep_versions('verdict', 'claim_id', 'id');

-- What was there already is known from here on.
insert into event (at, article_id, kind, body)
select now(), id, 'record_began', '{"kind": "record_began"}' from article order by id;
insert into event (at, article_id, claim_id, kind, body)
select now(), article_id, id, 'record_began', '{"kind": "record_began"}' from claim order by id;
insert into event (at, kind, body)
select now(), 'record_began', '{"kind": "record_began"}' where exists (select from article);

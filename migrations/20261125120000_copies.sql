-- Copies of evidence: kept as they came, and looked at again every night.

create table copy_file (
    sha256        bytea primary key constraint copy_file_sha256_check check (octet_length(sha256) = 32),
    bytes         bigint not null constraint copy_file_bytes_check check (bytes between 1 and 26214400),
    -- as the content itself shows: never as a client called it
    media_type    text not null constraint copy_file_media_type_check check (media_type in (
                      'application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'image/gif', 'text/html', 'text/plain')),
    -- whether a text is UTF-8; where it is not, nobody knows what it is
    is_utf8       boolean not null,
    kept_at       timestamptz not null,
    -- what the last look at it found
    outcome       text not null constraint copy_file_outcome_check check (outcome in ('intact', 'altered', 'missing', 'unreadable')),
    checked_at    timestamptz not null,
    -- which worker looks at it now; one that dies is not waited for any longer than this
    claimed_by    uuid,
    claimed_until timestamptz,
    constraint copy_file_claim_check check ((claimed_by is null) = (claimed_until is null))
);
comment on table copy_file is
    'Content that was kept, once however often it was attached. The content itself is outside the database, under its hash.';
-- what is due next, and what is broken
create index copy_file_due_idx on copy_file (checked_at, sha256);
create index copy_file_broken_idx on copy_file (checked_at, sha256) where outcome <> 'intact';

-- What was kept stays what it is; only what was found of it changes.
create trigger copy_file_kept before delete or update of sha256, bytes, media_type, is_utf8, kept_at on copy_file
    for each row execute function refuse_change();
create trigger copy_file_no_truncate before truncate on copy_file
    for each statement execute function refuse_change();

create table copy (
    id            uuid primary key,
    evidence_id   uuid not null references evidence (id),
    sha256        bytea not null references copy_file (sha256),
    -- what the sender called it, without folders; null for text that was pasted
    original_name text constraint copy_original_name_check check (char_length(original_name) between 1 and 120),
    -- where it was captured
    address       text,
    captured_at   timestamptz not null,
    added_by      uuid not null references account (id),
    added_at      timestamptz not null,
    constraint copy_evidence_sha256_key unique (evidence_id, sha256)
);
comment on table copy is 'An unaltered copy of what a piece of evidence rests on. Never changed and never deleted.';
create index copy_sha256_idx on copy (sha256);

create trigger copy_append_only before update or delete on copy
    for each row execute function refuse_change();
create trigger copy_no_truncate before truncate on copy
    for each statement execute function refuse_change();

create table copy_check (
    id           bigint generated always as identity primary key,
    copy_id      uuid not null references copy (id),
    at           timestamptz not null,
    outcome      text not null constraint copy_check_outcome_check check (outcome in ('intact', 'altered', 'missing', 'unreadable')),
    -- what was there instead; null where it was not read to its end
    found_sha256 bytea,
    found_bytes  bigint,
    -- who asked; null: the desk itself
    asked_by     uuid references account (id)
);
comment on table copy_check is 'Every look at a copy, and what it found: the first when it was kept.';
create index copy_check_copy_idx on copy_check (copy_id, id desc);

create trigger copy_check_append_only before update or delete on copy_check
    for each row execute function refuse_change();
create trigger copy_check_no_truncate before truncate on copy_check
    for each statement execute function refuse_change();

create table copy_run (
    id          uuid primary key,
    -- whatever was last looked at before this moment is due
    since       timestamptz not null,
    -- null: the nightly one
    asked_by    uuid references account (id),
    started_at  timestamptz not null,
    finished_at timestamptz,
    -- files looked at, and those of them that are not what was kept
    checked     bigint not null default 0,
    broken      bigint not null default 0,
    -- why it does not get on
    trouble     text
);
comment on table copy_run is 'A look at everything that was kept. Any number of workers share one; there is one at a time.';
create unique index copy_run_open_key on copy_run ((finished_at is null)) where finished_at is null;
create index copy_run_since_idx on copy_run (since desc);

create table copy_tally (
    -- changes spread over several rows, so that people who keep copies at the same moment do not wait
    -- for each other; a reader adds them up
    shard  smallint primary key,
    copies bigint not null,
    files  bigint not null,
    bytes  bigint not null,
    broken bigint not null
);
comment on table copy_tally is 'How many copies there are, of how much different content, and how much of it is not what was kept.';

create function tally_copies(more_copies bigint, more_files bigint, more_bytes bigint, more_broken bigint)
returns void language sql as $$
    insert into copy_tally (shard, copies, files, bytes, broken)
    values (pg_backend_pid() % 16, more_copies, more_files, more_bytes, more_broken)
    on conflict (shard) do update
       set copies = copy_tally.copies + excluded.copies,
           files  = copy_tally.files + excluded.files,
           bytes  = copy_tally.bytes + excluded.bytes,
           broken = copy_tally.broken + excluded.broken
$$;

create function tally_copy() returns trigger language plpgsql as $$
begin
    perform tally_copies(1, 0, 0, 0);
    return null;
end $$;
-- At the very end of a transaction, whatever else it holds: so nobody waits in a circle.
create constraint trigger copy_tally after insert on copy
    deferrable initially deferred for each row execute function tally_copy();

create function tally_copy_file() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform tally_copies(0, 1, new.bytes, (new.outcome <> 'intact')::int);
    elsif (new.outcome <> 'intact') <> (old.outcome <> 'intact') then
        perform tally_copies(0, 0, 0, (new.outcome <> 'intact')::int - (old.outcome <> 'intact')::int);
    end if;
    return null;
end $$;
create constraint trigger copy_file_tally after insert or update of outcome on copy_file
    deferrable initially deferred for each row execute function tally_copy_file();

-- What rests on a verdict: claims that are linked, exports that were fetched, programs that were told.

create table claim_link (
    id       uuid primary key,
    -- claim_id is a duplicate of, contradicts, updates, or is derived from other_id
    claim_id uuid not null references claim (id),
    other_id uuid not null references claim (id),
    kind     text not null constraint claim_link_kind_check
             check (kind in ('duplicate', 'contradicts', 'updates', 'derived_from')),
    reason   text,
    made_by  uuid not null references account (id),
    made_at  timestamptz not null,
    constraint claim_link_self_check check (claim_id <> other_id)
);
comment on table claim_link is 'Links between claims, many to many. Never changed: a row of claim_link_end ends one.';
create index claim_link_claim_idx on claim_link (claim_id);
create index claim_link_other_idx on claim_link (other_id);

create table claim_link_end (
    link_id  uuid primary key references claim_link (id),
    -- as the link has it
    claim_id uuid not null references claim (id),
    reason   text not null,
    ended_by uuid not null references account (id),
    ended_at timestamptz not null
);
comment on table claim_link_end is 'Links that no longer hold.';

create trigger claim_link_append_only before update or delete on claim_link
    for each row execute function refuse_change();
create trigger claim_link_no_truncate before truncate on claim_link
    for each statement execute function refuse_change();
create trigger claim_link_end_append_only before update or delete on claim_link_end
    for each row execute function refuse_change();
create trigger claim_link_end_no_truncate before truncate on claim_link_end
    for each statement execute function refuse_change();

-- Links bear on a claim: what they said is part of what the history proves.
select keep_versions('claim_link', 'claim_id', 'id');
select keep_versions('claim_link_end', 'claim_id', 'link_id');

-- claims elsewhere with the same figure, newest first
create index measure_figure_idx on measure (indicator, coalesce(best, low, high), claim_id desc);

create table fetched (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    what       text not null constraint fetch_what_check check (what in ('csv', 'jsonl', 'claim_review')),
    -- who fetched it, and with which token; null: from the command line
    account_id uuid references account (id),
    token_id   uuid references token (id),
    -- the one claim that was fetched, else an export
    claim_id   uuid references claim (id),
    -- of an export: which claims it was to have, by the names of the API's query
    filter     jsonb,
    constraint fetch_claim_check check ((what = 'claim_review') = (claim_id is not null)
                                        and (claim_id is null) = (filter is not null))
);
comment on table fetched is
    'Exports that were begun and ClaimReviews that were fetched: one row each, so that one knows who has a verdict that is corrected.';
create index fetch_claim_idx on fetched (claim_id, at) where claim_id is not null;
create index fetch_export_idx on fetched (at) where claim_id is null;
create trigger fetch_append_only before update or delete on fetched
    for each row execute function refuse_change();
create trigger fetch_no_truncate before truncate on fetched
    for each statement execute function refuse_change();

create table receiver (
    id          uuid primary key,
    name        text not null,
    address     text not null,
    -- signs what is sent, so it is kept as it is
    secret      bytea not null,
    added_by    uuid not null references account (id),
    added_at    timestamptz not null,
    disabled_at timestamptz
);
comment on table receiver is 'Programs elsewhere that are told of what is published.';

create table delivery (
    id             uuid primary key,
    receiver_id    uuid not null references receiver (id),
    event          text not null constraint delivery_event_check
                   check (event in ('claim.published', 'claim.corrected', 'claim.withdrawn', 'test')),
    -- what is told; null: a test
    publication_id uuid references publication (id),
    queued_at      timestamptz not null,
    state          text not null default 'waiting' constraint delivery_state_check
                   check (state in ('waiting', 'delivered', 'given_up')),
    -- when it is tried next; while it is being tried, when another worker may
    due_at         timestamptz not null,
    attempts       integer not null default 0,
    done_at        timestamptz,
    constraint delivery_publication_check check ((event = 'test') = (publication_id is null)),
    constraint delivery_done_check check ((state = 'waiting') = (done_at is null))
);
comment on table delivery is 'What is to be told to a receiver: the queue, and the log of it.';
create index delivery_due_idx on delivery (due_at) where state = 'waiting';
create index delivery_receiver_idx on delivery (receiver_id, queued_at desc, id desc);
create index delivery_publication_idx on delivery (publication_id) where publication_id is not null;

create table delivery_attempt (
    delivery_id uuid not null references delivery (id),
    -- 1, 2, …
    number      integer not null,
    at          timestamptz not null,
    took_ms     integer not null,
    -- what the receiver answered; null where it did not
    status      smallint,
    -- the beginning of its answer, or why there was none
    said        text not null,
    primary key (delivery_id, number)
);
comment on table delivery_attempt is 'Each time that something was sent to a receiver.';
create trigger delivery_attempt_append_only before update or delete on delivery_attempt
    for each row execute function refuse_change();
create trigger delivery_attempt_no_truncate before truncate on delivery_attempt
    for each statement execute function refuse_change();

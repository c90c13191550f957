-- What reviewers leave: evidence and verdicts.

create table evidence (
    id           uuid primary key,
    claim_id     uuid not null references claim (id),
    address      text,
    title        text not null,
    excerpt      text not null,
    stance       text not null constraint evidence_stance_check check (stance in ('supports', 'refutes', 'context')),
    added_by     uuid not null references account (id),
    added_at     timestamptz not null,
    version      integer not null,
    withdrawn_at timestamptz,
    withdrawn_by uuid references account (id),
    withdrawn_reason text,
    constraint evidence_withdrawn_check check (
        (withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null))
);
create index evidence_claim_idx on evidence (claim_id, added_at);

create table verdict (
    id            uuid primary key,
    claim_id      uuid not null references claim (id),
    -- 1, 2, …: each supersedes the one before
    number        integer not null,
    reviewer_id   uuid not null references account (id),
    scale         text not null,
    scale_version integer not null,
    rating        text not null,
    rationale     text not null,
    -- the figure the evidence supports, where it differs
    figure_text   text,
    figure_low    double precision,
    figure_best   double precision,
    figure_high   double precision,
    given_at      timestamptz not null,
    constraint verdict_number_key unique (claim_id, number)
);
comment on table verdict is 'Never changed, only superseded by the next number.';
create index verdict_reviewer_idx on verdict (reviewer_id, given_at desc);

create trigger verdict_append_only before update or delete on verdict
    for each row execute function refuse_change();
create trigger verdict_no_truncate before truncate on verdict
    for each statement execute function refuse_change();

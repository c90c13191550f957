-- Talk: comments on a claim or on words of its text, answers to them, and whether they are resolved.

create table comment (
    id           uuid primary key,
    claim_id     uuid not null references claim (id),
    -- the comment it answers; answers are not answered in turn
    reply_to     uuid,
    author_id    uuid not null references account (id),
    at           timestamptz not null,
    -- number of the newest of its versions
    version      integer not null constraint comment_version_check check (version >= 1),
    -- the words it is about, where it is about some: half-open, in code points of the snapshot
    snapshot_id  uuid references snapshot (id),
    span_start   integer,
    span_end     integer,
    quote        text,
    withdrawn_at timestamptz,
    withdrawn_by uuid references account (id),
    is_first     boolean not null generated always as (reply_to is null) stored,
    to_first     boolean generated always as (case when reply_to is not null then true end) stored,
    constraint comment_first_key unique (id, claim_id, is_first),
    -- what is answered belongs to the same claim and answers nothing itself
    constraint comment_reply_fkey foreign key (reply_to, claim_id, to_first)
        references comment (id, claim_id, is_first),
    constraint comment_span_check check (
        num_nulls(snapshot_id, span_start, span_end, quote) in (0, 4)
        and (span_start is null or (0 <= span_start and span_start < span_end))
        and (reply_to is null or quote is null)),
    constraint comment_withdrawn_check check ((withdrawn_at is null) = (withdrawn_by is null))
);
comment on table comment is 'What somebody said about a claim. Its words are its versions; what is withdrawn stays, unseen.';
create index comment_claim_idx on comment (claim_id, id);
create index comment_reply_idx on comment (reply_to) where reply_to is not null;

create table comment_version (
    comment_id uuid not null references comment (id),
    -- 1, 2, …: each in place of the one before
    number     integer not null,
    text       text not null,
    at         timestamptz not null,
    primary key (comment_id, number)
);
comment on table comment_version is 'The words of a comment, as its author left them each time. Never changed.';

create table comment_resolution (
    comment_id uuid not null references comment (id),
    -- 1, 2, …: the last one stands
    number     integer not null,
    resolved   boolean not null,
    by         uuid not null references account (id),
    at         timestamptz not null,
    primary key (comment_id, number)
);
comment on table comment_resolution is 'Who called a comment resolved, or took it up again. Never changed.';

create table comment_mention (
    comment_id uuid not null references comment (id),
    -- what stands after the @, in lower case
    handle     text not null,
    account_id uuid not null references account (id),
    primary key (comment_id, handle)
);
comment on table comment_mention is 'Who is meant by an @ in a comment.';

create trigger comment_version_append_only before update or delete on comment_version
    for each row execute function refuse_change();
create trigger comment_version_no_truncate before truncate on comment_version
    for each statement execute function refuse_change();
create trigger comment_resolution_append_only before update or delete on comment_resolution
    for each row execute function refuse_change();
create trigger comment_resolution_no_truncate before truncate on comment_resolution
    for each statement execute function refuse_change();
create trigger comment_no_delete before delete on comment
    for each row execute function refuse_change();
create trigger comment_no_truncate before truncate on comment
    for each statement execute function refuse_change();

-- A comment stays whose it is and what it is about; what was withdrawn stays withdrawn.
create function keep_comment() returns trigger language plpgsql as $$
begin
    if (new.id, new.claim_id, new.author_id, new.at) <> (old.id, old.claim_id, old.author_id, old.at)
        or (new.reply_to, new.snapshot_id, new.span_start, new.span_end, new.quote)
           is distinct from (old.reply_to, old.snapshot_id, old.span_start, old.span_end, old.quote)
        or old.withdrawn_at is not null
    then
        raise exception 'a comment keeps its author, place and withdrawal' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger comment_kept before update on comment
    for each row execute function keep_comment();

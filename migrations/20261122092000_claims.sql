-- What is checked: claims, who makes them and what they count.

create table source (
    id           uuid primary key,
    name         text not null,
    kind         text not null constraint source_kind_check
                 check (kind in ('person', 'organisation', 'group', 'document', 'anonymous')),
    role         text,
    organisation text
);
comment on table source is 'A person, organisation or document that says things.';
create unique index source_name_key on source (lower(name), kind);

create table claim (
    id              uuid primary key,
    article_id      uuid not null references article (id),
    -- the text the span below counts in
    snapshot_id     uuid not null references snapshot (id),
    -- half-open, in code points
    span_start      integer not null,
    span_end        integer not null,
    text            text not null,
    kind            text not null constraint claim_kind_check check (kind in (
                        'casualty', 'equipment_loss', 'displacement', 'detention', 'count', 'money',
                        'percent', 'date', 'superlative', 'trend', 'event', 'statement')),
    checkworthiness real not null,
    -- why it ranks where it does, in words
    reasons         text[] not null,
    extractor       text not null,
    -- the original source, once for all hops of the attribution
    source_id       uuid references source (id),
    -- what its measures count and who gave it a verdict, kept here as well: only a column of the
    -- table that is listed lets the planner weigh a filter against the order
    indicators      text[] not null default '{}',
    reviewers       uuid[] not null default '{}',
    priority        smallint not null constraint claim_priority_check check (priority between 0 and 100),
    -- for keyset pages in one direction: most urgent first, then oldest
    urgency         smallint not null generated always as (100 - priority) stored,
    stage           text not null constraint claim_stage_check check (stage in (
                        'open', 'in_review', 'settled', 'published', 'reopened', 'dismissed')),
    stage_since     timestamptz not null,
    rating          text,
    version         integer not null,
    lease_holder    uuid references account (id),
    lease_until     timestamptz,
    created_at      timestamptz not null,
    -- false once a newer snapshot of the article no longer has its wording
    in_latest       boolean not null default true,
    search          tsvector not null,
    constraint claim_span_check check (0 <= span_start and span_start < span_end),
    constraint claim_lease_check check (
        (stage = 'in_review') = (lease_holder is not null and lease_until is not null)
        and (lease_holder is null) = (lease_until is null)),
    constraint claim_rating_check check (stage not in ('settled', 'published', 'reopened') or rating is not null)
);
comment on table claim is 'One checkable assertion, anchored to a span of a snapshot.';

-- the next claim for a reviewer
create index claim_queue_idx on claim (urgency, id) where stage in ('open', 'reopened');
-- leases that may have run out, and what a person holds
create index claim_lease_idx on claim (lease_until) where lease_until is not null;
create index claim_holder_idx on claim (lease_holder) where lease_holder is not null;
-- the claims list, by each of its orders and filters; newest first is the primary key backwards
create index claim_urgency_idx on claim (urgency, id);
create index claim_since_idx on claim (stage_since, id);
create index claim_stage_idx on claim (stage, urgency, id);
create index claim_stage_since_idx on claim (stage, stage_since, id);
create index claim_rating_idx on claim (rating, urgency, id) where rating is not null;
create index claim_standing_idx on claim (stage, rating, urgency, id) where rating is not null;
create index claim_kind_idx on claim (kind, urgency, id);
create index claim_source_idx on claim (source_id, urgency, id) where source_id is not null;
create index claim_article_idx on claim (article_id, span_start);
-- What waits to be put into such an index is read from end to end by every search: it is kept short
-- where a claim has many words, and put in at once where it has one or two.
create index claim_indicators_idx on claim using gin (indicators) with (fastupdate = off);
create index claim_reviewers_idx on claim using gin (reviewers) with (fastupdate = off);
create index claim_search_idx on claim using gin (search) with (gin_pending_list_limit = 256);
-- An open claim has no rating: without this the planner expects some that do, and walks the whole
-- table to find them.
create statistics claim_standing (mcv) on stage, rating, kind from claim;

-- The words a claim is found by: its own first, then who says it, then the article's title. The
-- bounds keep a text without any full stop within the size that an index can hold.
create function search_words(text text, who text, title text) returns tsvector
language sql immutable parallel safe as $$
    select setweight(to_tsvector('english', left(text, 20000)), 'A')
        || setweight(to_tsvector('english', left(who, 1000)), 'B')
        || setweight(to_tsvector('english', left(title, 1000)), 'C')
$$;

create table attribution (
    claim_id      uuid not null references claim (id),
    -- 0 is the original source, then whoever relayed it
    hop           smallint not null,
    source_id     uuid references source (id),
    -- the words that stand for the source in the text, and where
    mention       text not null,
    mention_start integer not null,
    mention_end   integer not null,
    cue           text,
    cue_start     integer,
    cue_end       integer,
    manner        text not null constraint attribution_manner_check check (manner in ('direct', 'indirect', 'mixed')),
    told_to       text,
    -- how sure the link from mention to source is, 0 to 1, and the rule that made it
    confidence    real not null,
    linked_by     text not null,
    primary key (claim_id, hop)
);
create index attribution_source_idx on attribution (source_id);

create table measure (
    claim_id     uuid not null references claim (id),
    position     smallint not null,
    indicator    text not null,
    low          double precision,
    best         double precision,
    high         double precision,
    bound        text not null,
    -- the wording it came from
    wording      text not null,
    -- everything else of domain::measure::Measure, as it came
    body         jsonb not null,
    primary key (claim_id, position)
);

-- Sources whose names are alike, and of which a person said that they are two.

create table source_apart (
    -- the lesser id first
    one_id   uuid not null references source (id),
    other_id uuid not null references source (id),
    by       uuid not null references account (id),
    at       timestamptz not null,
    primary key (one_id, other_id),
    constraint source_apart_order_check check (one_id < other_id)
);
comment on table source_apart is 'Pairs of sources that nobody is asked about any more: they are not one.';
create index source_apart_other_idx on source_apart (other_id);

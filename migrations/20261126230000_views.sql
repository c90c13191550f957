-- Filters of the claims list that people keep under a name.

create table saved_view (
    id         uuid primary key,
    owner_id   uuid not null references account (id),
    name       text not null,
    -- whether the whole desk sees it
    shared     boolean not null,
    -- what is not in it does not matter
    filter     jsonb not null,
    sort       text not null,
    created_at timestamptz not null
);
comment on table saved_view is 'A filter and an order of the claims list, saved by a person for themselves or for the desk.';
create unique index saved_view_name_key on saved_view (owner_id, lower(name));
create index saved_view_shared_idx on saved_view (lower(name), id) where shared;

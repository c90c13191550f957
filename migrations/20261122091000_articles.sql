-- What is read: outlets, articles and their unchangeable texts.

create table outlet (
    id   uuid primary key,
    name text not null
);
create unique index outlet_name_key on outlet (lower(name));

create table article (
    id           uuid primary key,
    outlet_id    uuid references outlet (id),
    title        text not null,
    address      text constraint article_address_key unique,
    author       text,
    published_at timestamptz,
    -- ISO 639-1 as extraction found or the person said; 'und' where neither knows
    language     text not null,
    added_by     uuid not null references account (id),
    added_at     timestamptz not null
);
create index article_added_idx on article (added_at desc, id desc);
create index article_outlet_idx on article (outlet_id);

create table snapshot (
    id     uuid primary key,
    -- over the UTF-8 bytes of the text: the same text is the same snapshot
    sha256 bytea not null constraint snapshot_sha256_key unique,
    text   text not null,
    constraint snapshot_sha256_check check (sha256 = sha256(convert_to(text, 'UTF8')))
);
comment on table snapshot is 'A text as it was read. Never changed: the hash is checked by the database itself.';

create table article_snapshot (
    article_id  uuid not null references article (id),
    -- 1, 2, …: versions of the article's text in the order they were taken
    number      integer not null,
    snapshot_id uuid not null references snapshot (id),
    taken_at    timestamptz not null,
    taken_by    uuid not null references account (id),
    primary key (article_id, number)
);
create index article_snapshot_snapshot_idx on article_snapshot (snapshot_id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
        using errcode = 'restrict_violation';
end $$;

create trigger snapshot_append_only before update or delete on snapshot
    for each row execute function refuse_change();
create trigger snapshot_no_truncate before truncate on snapshot
    for each statement execute function refuse_change();
create trigger article_snapshot_append_only before update or delete on article_snapshot
    for each row execute function refuse_change();
create trigger article_snapshot_no_truncate before truncate on article_snapshot
    for each statement execute function refuse_change();

-- Who did what, when and why. One transaction, at least one event.

create table event (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    -- null: the system itself, for instance when a lease runs out
    actor_id   uuid references account (id),
    article_id uuid references article (id),
    claim_id   uuid references claim (id),
    -- the account a change is about
    account_id uuid references account (id),
    kind       text not null,
    -- domain::history::Event
    body       jsonb not null
);
create index event_claim_idx on event (claim_id, id) where claim_id is not null;
create index event_article_idx on event (article_id, id) where article_id is not null;
create index event_account_idx on event (account_id, id) where account_id is not null;

create trigger event_append_only before update or delete on event
    for each row execute function refuse_change();
create trigger event_no_truncate before truncate on event
    for each statement execute function refuse_change();

-- Tells every server that listens what changed, once the transaction is in. Payloads name things,
-- they never carry text, so they stay far below the limit of 8,000 bytes.
create function announce_events() returns trigger language plpgsql as $$
declare
    changed record;
begin
    for changed in
        select distinct article_id, claim_id from new_event
         where article_id is not null or claim_id is not null
         limit 50
    loop
        perform pg_notify('claimdesk',
            json_build_object('article', changed.article_id, 'claim', changed.claim_id)::text);
    end loop;
    return null;
end $$;
create trigger event_announce after insert on event
    referencing new table as new_event
    for each statement execute function announce_events();

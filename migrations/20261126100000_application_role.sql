-- The application can work as a role that owns nothing: `claimdesk migrate --grant-to ROLE` gives that
-- role what it needs, which is neither to alter a table or its guards, nor to write what the database
-- writes by itself.

-- What is written by triggers is written as the owner: whoever makes a change that is recorded or
-- counted needs no right to write the record or the counter.
alter function keep_version() security definer set search_path = public, pg_temp;
alter function chain_event() security definer set search_path = public, pg_temp;
alter function tally_claims_inserted() security definer set search_path = public, pg_temp;
alter function tally_claims_updated() security definer set search_path = public, pg_temp;
alter function tally_verdict() security definer set search_path = public, pg_temp;
alter function tally_undone() security definer set search_path = public, pg_temp;
alter function tally_copy() security definer set search_path = public, pg_temp;
alter function tally_copy_file() security definer set search_path = public, pg_temp;

-- The last event of which it is certain that none with a smaller id is still to come: ids are given
-- out before a transaction ends, and transactions end in another order. Nobody may write events for
-- the moment in which it is read, so all that have begun are waited for; not for long, as others wait
-- meanwhile. Who may add events only may not lock the table: this is done as the owner.
create function last_settled_event() returns bigint language plpgsql
security definer set search_path = public, pg_temp set lock_timeout = '2s' as $$
begin
    lock table event in share mode;
    return (select coalesce(max(id), 0) from event);
end $$;

-- Takes all rights from a role and gives it these, table by table.
create function grant_rights(to_role name, tables text[], rights text[]) returns void language plpgsql as $$
declare
    one record;
begin
    -- one after another: the same rows of the catalogue are written
    perform pg_advisory_xact_lock(hashtextextended('claimdesk.rights', 7));
    execute format('revoke all on all tables in schema public from %I', to_role);
    execute format('revoke all on all sequences in schema public from %I', to_role);
    execute format('revoke create on schema public from public, %I', to_role);
    execute format('grant usage on schema public to %I', to_role);
    -- looking back makes views of a session
    execute format('grant connect, temporary on database %I to %I', current_database(), to_role);
    for one in select * from unnest(tables, rights) as wanted (name, may) loop
        execute format('grant %s on table public.%I to %I', one.may, one.name, to_role);
    end loop;
end $$;

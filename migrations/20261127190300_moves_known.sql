-- Since when it is known which claims were taken out of an incident, and when. Before that their leaving was
-- not recorded in the history of the incident that they left, so that looking back at an earlier moment may
-- show too few claims. That began with the migration `incidents_as_of`; a desk that had no incidents then
-- knows of every move.

create table known_since (
    what text primary key constraint known_since_what_check check (what in ('moves')),
    at   timestamptz not null
);
comment on table known_since is 'From which moment something is recorded in full; no row: it always was.';

do $$
begin
    -- Where migrations are not counted, the database is made anew.
    if to_regclass('_sqlx_migrations') is not null then
        insert into known_since (what, at)
        select 'moves', applied.installed_on
          from _sqlx_migrations applied
         where applied.version = 20261126234200
           and exists (select from incident where created_at < applied.installed_on);
    end if;
end $$;

-- What the newsroom has agreed on, each change a new version.

create table desk_policy (
    -- 1, 2, …; before the first one, the program's defaults hold
    version integer primary key,
    -- domain::desk_policy::DeskPolicy
    body    jsonb not null,
    set_by  uuid not null references account (id),
    set_at  timestamptz not null,
    reason  text not null,
    constraint desk_policy_version_check check (version >= 1)
);
comment on table desk_policy is 'The settings of the desk: the highest version holds, the others say what held when.';

create trigger desk_policy_append_only before update or delete on desk_policy
    for each row execute function refuse_change();
create trigger desk_policy_no_truncate before truncate on desk_policy
    for each statement execute function refuse_change();

-- Every server keeps the settings in memory: this tells it to read them again.
create function announce_policy() returns trigger language plpgsql as $$
begin
    perform pg_notify('claimdesk', '{"article":null,"claim":null,"policy":true}');
    return null;
end $$;
create trigger desk_policy_announce after insert on desk_policy
    for each row execute function announce_policy();

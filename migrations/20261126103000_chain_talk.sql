-- That a verdict was taken back, and what was said about a claim, are part of what the history proves.
-- What was there already is recorded from here on: looking back before this shows neither.

-- A row that several columns name in its chain: their words with a slash between.
create function key_of(said jsonb, key_columns text) returns text language sql immutable parallel safe as $$
    select case when strpos(key_columns, ',') = 0 then said ->> key_columns
                else (select string_agg(said ->> part, '/' order by place)
                        from unnest(string_to_array(key_columns, ',')) with ordinality as named (part, place)) end
$$;

create or replace function chain_of(said jsonb, chain_column text) returns uuid language sql stable as $$
    select case chain_column
           when 'evidence_id' then (select claim_id from evidence where id = (said ->> chain_column)::uuid)
           when 'verdict_id' then (select claim_id from verdict where id = (said ->> chain_column)::uuid)
           when 'comment_id' then (select claim_id from comment where id = (said ->> chain_column)::uuid)
           else (said ->> chain_column)::uuid end
$$;

-- Arguments: the column that names the chain, the columns that name the row in it, columns left out.
-- The ids of a chain's versions are given out under the chain's lock, so that an event which stands
-- for all up to one of them misses none that is not in yet.
create or replace function keep_version() returns trigger language plpgsql
security definer set search_path = public, pg_temp set timezone = 'UTC' set plan_cache_mode = 'force_generic_plan' as $$
begin
    if tg_op = 'DELETE' then
        if tg_argv[0] in ('claim_id', 'evidence_id', 'verdict_id', 'comment_id') then
            perform from claim where id in (select chain_of(to_jsonb(o), tg_argv[0]) from old_row o)
              order by id for no key update;
        end if;
        insert into version (chain, what, key, gone, row)
        select chain_of(o.row, tg_argv[0]), tg_table_name, key_of(o.row, tg_argv[1]), true, o.row
          from (select to_jsonb(old_row) - tg_argv[2]::text[] as row from old_row) o;
        return null;
    end if;
    if tg_argv[0] in ('claim_id', 'evidence_id', 'verdict_id', 'comment_id') then
        perform from claim where id in (select chain_of(to_jsonb(n), tg_argv[0]) from new_row n)
          order by id for no key update;
    elsif tg_argv[0] = 'article_id' then
        perform from article where id in (select chain_of(to_jsonb(n), tg_argv[0]) from new_row n)
          order by id for no key update;
    end if;
    insert into version (chain, what, key, gone, row)
    select chain_of(n.row, tg_argv[0]), tg_table_name, key_of(n.row, tg_argv[1]), false, n.row
      from (select to_jsonb(new_row) - tg_argv[2]::text[] as row from new_row) n;
    return null;
end $$;

create or replace function keep_versions(kept regclass, chain_column text, key_column text, left_out text[] default '{}')
returns void language plpgsql set timezone = 'UTC' as $$
declare
    name text := (select relname from pg_class where oid = kept);
    change record;
begin
    for change in
        select * from (values ('insert', 'new table as new_row'),
                              ('update', 'new table as new_row'),
                              ('delete', 'old table as old_row')) as c (op, rows)
    loop
        execute format(
            'create trigger %I after %s on %s referencing %s for each statement execute function keep_version(%L, %L, %L)',
            name || '_kept_' || change.op, change.op, kept, change.rows, chain_column, key_column, left_out::text);
    end loop;
    execute format(
        'insert into version (chain, what, key, gone, row)
         select chain_of(r.row, %L), %L, key_of(r.row, %L), false, r.row
           from (select to_jsonb(t) - %L::text[] as row from %s t) r order by 1, 3',
        chain_column, name, key_column, left_out::text, kept);
end $$;

select keep_versions('verdict_undone', 'verdict_id', 'verdict_id');
select keep_versions('comment', 'claim_id', 'id');
select keep_versions('comment_version', 'comment_id', 'comment_id,number');
select keep_versions('comment_resolution', 'comment_id', 'comment_id,number');

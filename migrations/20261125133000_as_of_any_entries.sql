-- Whatever list is only ever added to, with the time of each entry, ends at the moment looked back to:
-- also the lists that later migrations add, without a word here.
create or replace function see_entries_as_of(moment timestamptz) returns void language plpgsql as $$
declare
    list text;
begin
    for list in
        select c.relname
          from pg_trigger t
          join pg_class c on c.oid = t.tgrelid
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'at' and not a.attisdropped
         where t.tgfoid = 'refuse_change'::regproc and t.tgname = c.relname || '_append_only'
           and c.relname <> 'event'
           and not exists (select from pg_trigger k where k.tgrelid = c.oid and k.tgfoid = 'keep_version'::regproc)
    loop
        execute format('create temporary view %1$I as select t.* from public.%1$I t where t.at <= %2$L', list, moment);
    end loop;
end $$;

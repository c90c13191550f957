-- Lists that are only ever added to, each entry with its own time, are in the past as long as they
-- were then. Their names come into the connection's view beside those of `see_as_of`.
create function see_entries_as_of(moment timestamptz) returns void language plpgsql as $$
declare
    list text;
begin
    foreach list in array array['source_grade'] loop
        execute format('create temporary view %1$I as select t.* from public.%1$I t where t.at <= %2$L', list, moment);
    end loop;
end $$;

-- The parties that a source speaks for are found without reading everything it ever said: few of its
-- attributions name one.
create index attribution_party_idx on attribution (source_id, party) where party is not null;

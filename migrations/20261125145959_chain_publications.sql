-- What readers were told is part of what the history proves.
select keep_versions('publication', 'claim_id', 'id');

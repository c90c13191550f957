-- What a person did with an incident is kept as the event that it is, so that it can be told in the language
-- of whoever reads it. What was done before keeps its English words.
alter table incident_change add column done jsonb;
comment on column incident_change.done is 'The event; null where only words were kept.';

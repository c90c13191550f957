-- The lists behind what came and went on a day, behind how often two agreed, and behind a source's evidence.

-- where claims came from and into what, by when
create index event_came_idx on event ((case when was_stage is null then 'taken_in' else stage end), at)
    include (claim_id, was_stage, stage) where moved and was_stage is distinct from stage;

create view happening (what, at, claim_id, one, other, scale) as
    select case when was_stage is null then 'taken_in' else stage end, at, claim_id, null::uuid, null::uuid, null::text
      from event where moved and was_stage is distinct from stage
    union all
    -- readers were told
    select 'corrected', published_at, claim_id, null, null, null from publication where kind <> 'published'
    union all
    -- as agreement_tally counts: by when the second one judged
    select 'judged_by_two', two.given_at, two.claim_id, one.reviewer_id, two.reviewer_id,
           case when one.scale = two.scale then two.scale end
      from verdict two
      join verdict one on one.claim_id = two.claim_id and one.round = two.round and one.part = 'first'
     where two.part = 'second';
comment on view happening is
    'What came of claims and when, each time: into which stage they came, and who judged them with whom. What the counters of days count.';

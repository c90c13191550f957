-- What people correct of what was found in a text, and what became of claims that were split or merged.

alter table claim
    -- the claim so that it is understood alone; null where its own words already are
    add column statement text;

alter table attribution
    -- as this article has them: another article may know the same source in another role
    add column role         text,
    add column organisation text,
    -- the party to the conflict that the source speaks for
    add column party        text,
    add column polarity     text constraint attribution_polarity_check
                            check (polarity in ('asserted', 'denied', 'doubted')),
    -- a person may name a source for which no words stand in the text
    alter column mention_start drop not null,
    alter column mention_end drop not null,
    add constraint attribution_mention_check check ((mention_start is null) = (mention_end is null));
update attribution set polarity = 'asserted';
update attribution set role = source.role, organisation = source.organisation
  from source where source.id = attribution.source_id;
alter table attribution alter column polarity set not null;

create table correction (
    claim_id uuid not null references claim (id),
    part     text not null constraint correction_part_check check (part in ('span', 'kind', 'source', 'measures')),
    by       uuid not null references account (id),
    at       timestamptz not null,
    -- of a span: the wording that was found before anybody changed it, by which the claim is known
    -- when the text is read again; null where nothing was found there
    found    text,
    primary key (claim_id, part)
);
comment on table correction is
    'Which parts of a claim stand as a person left them, who changed each last, and when. Reading a text again changes none of them.';

create table succession (
    claim_id  uuid not null references claim (id),
    became_id uuid not null references claim (id),
    how       text not null constraint succession_how_check check (how in ('split', 'merged')),
    at        timestamptz not null,
    primary key (claim_id, became_id),
    constraint succession_self_check check (claim_id <> became_id)
);
comment on table succession is 'Which claims took the place of one that was split or merged; its evidence is theirs too.';
create index succession_became_idx on succession (became_id);

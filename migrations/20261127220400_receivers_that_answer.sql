-- Receivers that keep senders waiting get a share of the places, so that the others always have some.

alter table receiver
    -- it answered soon when something was last sent to it; one that was sent nothing yet is taken to
    add column answers boolean not null default true;

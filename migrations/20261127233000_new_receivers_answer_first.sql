-- A receiver that never answered gets one thing at a time and a share of the places for sending, as those
-- do that did not answer soon: many new ones that are silent would else hold all places at once.
alter table receiver alter column answers set default false;

update receiver
   set answers = false
 where answers
   and not exists (select from delivery d
                     join delivery_attempt a on a.delivery_id = d.id
                    where d.receiver_id = receiver.id and a.status is not null);

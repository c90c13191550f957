-- What is due is taken for each receiver by itself, so that one which does not answer holds up no other.
drop index delivery_due_idx;
create index delivery_due_idx on delivery (receiver_id, due_at) where state = 'waiting';

-- Up Migration
-- Seats in groups that a merge passed to the survivor, by membership: undoing gives back just these.
alter table cairn.client_merges add column moved_seat_ids uuid[] not null default '{}';

-- Down Migration
alter table cairn.client_merges drop column moved_seat_ids;

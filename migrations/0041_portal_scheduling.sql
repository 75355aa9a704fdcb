-- Up Migration
-- Clients check in and answer offers themselves, are told of offers, and have at most five calendar feeds by constraint.

-- Where a client says they are before a telehealth session. Whether telehealth suits them is judged by somebody else, in
-- `telehealth_check_ins`: the newest of the two counts.
create table cairn.client_check_ins (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  appointment_id uuid not null,
  client_id uuid not null,
  -- The related person who did it in the client's name.
  representative_id uuid,
  state text not null,
  is_private boolean not null,
  -- Present address and emergency contact.
  content_sealed bytea not null,
  checked_in_at timestamptz not null default now(),
  constraint client_check_ins_pkey primary key (practice_id, id),
  constraint client_check_ins_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint client_check_ins_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint client_check_ins_representative_fkey foreign key (practice_id, representative_id)
    references cairn.related_people (practice_id, id),
  constraint client_check_ins_state_check check (state ~ '^[A-Z]{2}$')
);
create index client_check_ins_appointment on cairn.client_check_ins (practice_id, appointment_id, id);
create index client_check_ins_client on cairn.client_check_ins (practice_id, client_id);
call app.tenant_table('client_check_ins', 'select, insert');

-- Who accepts an offer books, or sits down.
alter table cairn.appointment_changes drop constraint appointment_changes_actor_kind_check;
alter table cairn.appointment_changes add constraint appointment_changes_actor_kind_check
  check (actor_kind in ('user', 'api_client', 'client', 'system')) not valid;
alter table cairn.therapy_group_changes drop constraint therapy_group_changes_actor_kind_check;
alter table cairn.therapy_group_changes add constraint therapy_group_changes_actor_kind_check
  check (actor_kind in ('user', 'api_client', 'client', 'system')) not valid;

-- Of an offer clients are told until when it can be answered; `starts_at` is that instant.
alter table cairn.untold_changes drop constraint untold_changes_subject_kind_check;
alter table cairn.untold_changes add constraint untold_changes_subject_kind_check
  check (subject_kind in ('appointment', 'intensive_block', 'group_session', 'waitlist_offer')) not valid;
alter table cairn.client_message_items drop constraint client_message_items_subject_kind_check;
alter table cairn.client_message_items add constraint client_message_items_subject_kind_check
  check (subject_kind in ('appointment', 'intensive_block', 'group_session', 'waitlist_offer')) not valid;
alter table cairn.client_message_items drop constraint client_message_items_what_check;
alter table cairn.client_message_items add constraint client_message_items_what_check
  check (what in ('reminder', 'booked', 'moved', 'canceled', 'offered')) not valid;

-- Each address that works has one of five places of its owner, a member of staff or a client.
create table cairn.calendar_feed_slots (
  practice_id uuid not null,
  owner_id uuid not null,
  slot integer not null,
  feed_id uuid not null,
  constraint calendar_feed_slots_pkey primary key (practice_id, owner_id, slot),
  constraint calendar_feed_slots_feed_key unique (practice_id, feed_id),
  constraint calendar_feed_slots_feed_fkey foreign key (practice_id, feed_id) references cairn.calendar_feeds (practice_id, id),
  constraint calendar_feed_slots_slot_check check (slot between 1 and 5)
);
insert into cairn.calendar_feed_slots (practice_id, owner_id, slot, feed_id)
select practice_id, owner_id, slot, id
from (
  select practice_id, id, coalesce(staff_id, client_id) as owner_id,
    row_number() over (partition by practice_id, coalesce(staff_id, client_id) order by id) as slot
  from cairn.calendar_feeds where revoked_at is null) n
where slot <= 5;
call app.tenant_table('calendar_feed_slots', 'select, insert, delete');

-- An agreement that was dated wrongly is corrected; the history says each date.
alter table cairn.therapy_group_members
  add column version integer not null default 1,
  add column updated_at timestamptz not null default now();
alter table cairn.therapy_group_changes add column agreement_signed_on date;
alter table cairn.therapy_group_changes drop constraint therapy_group_changes_kind_check;
alter table cairn.therapy_group_changes add constraint therapy_group_changes_kind_check check (
  kind in ('created', 'updated', 'status_changed', 'member_joined', 'member_left', 'agreement_corrected', 'meeting_booked',
    'meeting_moved', 'meeting_held', 'meeting_canceled')) not valid;

-- Down Migration
delete from cairn.therapy_group_changes where kind = 'agreement_corrected' or actor_kind = 'client';
alter table cairn.therapy_group_changes drop constraint therapy_group_changes_kind_check, drop column agreement_signed_on;
alter table cairn.therapy_group_changes add constraint therapy_group_changes_kind_check check (kind in ('created', 'updated',
  'status_changed', 'member_joined', 'member_left', 'meeting_booked', 'meeting_moved', 'meeting_held', 'meeting_canceled'));
alter table cairn.therapy_group_members drop column version, drop column updated_at;
drop table cairn.calendar_feed_slots, cairn.client_check_ins;
delete from cairn.client_message_items where what = 'offered';
delete from cairn.untold_changes where subject_kind = 'waitlist_offer';
alter table cairn.client_message_items drop constraint client_message_items_what_check;
alter table cairn.client_message_items add constraint client_message_items_what_check
  check (what in ('reminder', 'booked', 'moved', 'canceled'));
alter table cairn.client_message_items drop constraint client_message_items_subject_kind_check;
alter table cairn.client_message_items add constraint client_message_items_subject_kind_check
  check (subject_kind in ('appointment', 'intensive_block', 'group_session'));
alter table cairn.untold_changes drop constraint untold_changes_subject_kind_check;
alter table cairn.untold_changes add constraint untold_changes_subject_kind_check
  check (subject_kind in ('appointment', 'intensive_block', 'group_session'));
alter table cairn.therapy_group_changes drop constraint therapy_group_changes_actor_kind_check;
alter table cairn.therapy_group_changes add constraint therapy_group_changes_actor_kind_check
  check (actor_kind in ('user', 'api_client', 'system'));
delete from cairn.appointment_changes where actor_kind = 'client';
alter table cairn.appointment_changes drop constraint appointment_changes_actor_kind_check;
alter table cairn.appointment_changes add constraint appointment_changes_actor_kind_check
  check (actor_kind in ('user', 'api_client', 'system'));

-- Up Migration
-- What clients are told of their times: reminders and changes, each once. And calendars by a secret address.

-- Changes that nobody was told of yet. They settle for a moment: what is booked and canceled again is told to nobody.
create table cairn.untold_changes (
  practice_id uuid not null,
  subject_id uuid not null,
  subject_kind text not null,
  -- It was booked since it was last told of.
  is_new boolean not null,
  noted_at timestamptz not null default now(),
  constraint untold_changes_pkey primary key (practice_id, subject_id),
  constraint untold_changes_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint untold_changes_subject_kind_check check (subject_kind in ('appointment', 'intensive_block', 'group_session'))
);
call app.tenant_table('untold_changes', 'select, insert, update, delete');

-- One message to one client. What it says is decided when it is sent, by what is booked then: until then nothing of it
-- stands here. `sending` is written before it is handed over, so that whoever finds it knows that it may have left:
-- such a message becomes `uncertain` and is never sent again.
create table cairn.client_messages (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  kind text not null,
  purpose text not null,
  status text not null default 'queued',
  channel text,
  -- Where it went and what it said.
  content_sealed bytea,
  attempts integer not null default 0,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint client_messages_pkey primary key (practice_id, id),
  constraint client_messages_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint client_messages_kind_check check (kind in ('reminder', 'change')),
  constraint client_messages_purpose_check check (purpose in ('own-care', 'joint-care')),
  constraint client_messages_status_check check (status in ('queued', 'sending', 'sent', 'uncertain', 'failed', 'dropped')),
  constraint client_messages_channel_check check (channel in ('email', 'text')),
  constraint client_messages_sent_check check ((sent_at is not null) = (status = 'sent')
    and (status not in ('sending', 'sent', 'uncertain') or (channel is not null and content_sealed is not null)))
);
create index client_messages_client on cairn.client_messages (practice_id, client_id, id);
create index client_messages_status on cairn.client_messages (practice_id, status, id);
call app.tenant_table('client_messages', 'select, insert, update');

-- What a message tells of. The key is what makes it one: `reminder` with the start and how long before, `change` with
-- the version of what changed. Nobody is told the same twice.
create table cairn.client_message_items (
  practice_id uuid not null,
  client_id uuid not null,
  subject_id uuid not null,
  key text not null,
  message_id uuid not null,
  subject_kind text not null,
  what text not null,
  starts_at timestamptz not null,
  -- It was no longer so when the message was sent, so the message does not say it.
  dropped boolean not null default false,
  constraint client_message_items_pkey primary key (practice_id, client_id, subject_id, key),
  constraint client_message_items_message_fkey foreign key (practice_id, message_id) references cairn.client_messages (practice_id, id),
  constraint client_message_items_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint client_message_items_subject_kind_check check (subject_kind in ('appointment', 'intensive_block', 'group_session')),
  constraint client_message_items_what_check check (what in ('reminder', 'booked', 'moved', 'canceled'))
);
create index client_message_items_message on cairn.client_message_items (practice_id, message_id);
call app.tenant_table('client_message_items', 'select, insert, update (dropped)');

-- A calendar that programs subscribe to by an address that is its own key. Only the key's hash stands here.
create table cairn.calendar_feeds (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  staff_id uuid,
  client_id uuid,
  secret_hash bytea not null,
  entered_by text not null,
  recorded_by uuid,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  constraint calendar_feeds_pkey primary key (practice_id, id),
  constraint calendar_feeds_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint calendar_feeds_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint calendar_feeds_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint calendar_feeds_owner_check check (num_nonnulls(staff_id, client_id) = 1),
  constraint calendar_feeds_entered_by_check check (entered_by in ('staff', 'client')
    and (entered_by = 'staff' or (client_id is not null and recorded_by is null)))
);
create index calendar_feeds_staff on cairn.calendar_feeds (practice_id, staff_id, id) where staff_id is not null;
create index calendar_feeds_client on cairn.calendar_feeds (practice_id, client_id, id) where client_id is not null;
call app.tenant_table('calendar_feeds', 'select, insert, update (revoked_at)');

-- Down Migration
drop table cairn.calendar_feeds, cairn.client_message_items, cairn.client_messages, cairn.untold_changes;

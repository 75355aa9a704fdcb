-- Up Migration
-- Group work: the record of a group's process, which names nobody, and who was there; and who was there by the signed
-- notes of any chart.

-- The head. `revision` is the text in force: corrected while it is a draft, bound by its signatures afterwards.
create table cairn.group_sessions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  author_id uuid not null,
  session_date date not null,
  started_at timestamptz,
  ended_at timestamptz,
  time_zone text not null,
  head_count integer not null,
  status text not null default 'draft',
  revision integer not null default 1,
  signed_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint group_sessions_pkey primary key (practice_id, id),
  constraint group_sessions_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint group_sessions_author_fkey foreign key (practice_id, author_id) references cairn.staff_members (practice_id, id),
  constraint group_sessions_status_check check (status in ('draft', 'signed', 'cosigned', 'entered_in_error')),
  constraint group_sessions_signed_check check ((status = 'draft') = (signed_at is null)),
  constraint group_sessions_times_check check (ended_at > started_at),
  constraint group_sessions_count_check check (head_count >= 0),
  constraint group_sessions_revision_check check (revision > 0)
);
create index group_sessions_chart on cairn.group_sessions (practice_id, chart_id, session_date desc, id desc);
call app.tenant_table('group_sessions', 'select, insert, update');

-- What it says, one row per revision: sealed, added once, never changed.
create table cairn.group_session_contents (
  practice_id uuid not null,
  group_session_id uuid not null,
  revision integer not null,
  document_sealed bytea not null,
  created_at timestamptz not null default now(),
  constraint group_session_contents_pkey primary key (practice_id, group_session_id, revision),
  constraint group_session_contents_head_fkey foreign key (practice_id, group_session_id) references cairn.group_sessions (practice_id, id),
  constraint group_session_contents_revision_check check (revision > 0)
);
call app.tenant_table('group_session_contents', 'select, insert');

-- Who of the group was there, by revision of the record. `note_id` is the note that was begun for them with it; none for
-- who was absent.
create table cairn.group_session_attendance (
  practice_id uuid not null,
  group_session_id uuid not null,
  revision integer not null,
  member_id uuid not null,
  client_id uuid not null,
  presence text not null,
  minutes integer,
  note_id uuid,
  constraint group_session_attendance_pkey primary key (practice_id, group_session_id, revision, member_id),
  constraint group_session_attendance_content_fkey foreign key (practice_id, group_session_id, revision)
    references cairn.group_session_contents (practice_id, group_session_id, revision),
  constraint group_session_attendance_member_fkey foreign key (practice_id, member_id) references cairn.chart_members (practice_id, id),
  constraint group_session_attendance_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint group_session_attendance_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint group_session_attendance_presence_check check (presence in ('present', 'late', 'absent')),
  constraint group_session_attendance_minutes_check check (minutes between 0 and 1440)
);
call app.tenant_table('group_session_attendance', 'select, insert');

-- Who signed it, as what and when. `seal` is a keyed hash over the row. Each of them signs once.
create table cairn.group_session_signatures (
  practice_id uuid not null,
  group_session_id uuid not null,
  revision integer not null,
  signer_id uuid not null,
  role text not null,
  credentials text not null,
  signed_at timestamptz not null,
  content_hash bytea not null,
  seal bytea not null,
  constraint group_session_signatures_pkey primary key (practice_id, group_session_id, signer_id),
  constraint group_session_signatures_content_fkey foreign key (practice_id, group_session_id, revision)
    references cairn.group_session_contents (practice_id, group_session_id, revision),
  constraint group_session_signatures_signer_fkey foreign key (practice_id, signer_id) references cairn.staff_members (practice_id, id),
  constraint group_session_signatures_role_check check (role in ('author', 'facilitator')),
  constraint group_session_signatures_hash_check check (octet_length(content_hash) = 32)
);
call app.tenant_table('group_session_signatures', 'select, insert');

-- The mark "entered in error", with its reason.
create table cairn.group_session_errors (
  practice_id uuid not null,
  group_session_id uuid not null,
  staff_id uuid not null,
  reason_sealed bytea not null,
  marked_at timestamptz not null default now(),
  constraint group_session_errors_pkey primary key (practice_id, group_session_id),
  constraint group_session_errors_head_fkey foreign key (practice_id, group_session_id) references cairn.group_sessions (practice_id, id),
  constraint group_session_errors_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('group_session_errors', 'select, insert');

-- Who was there by one signed revision of a note, as its header has it. Whether it counts follows from the note.
create table cairn.session_note_attendance (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  client_id uuid not null,
  presence text not null,
  constraint session_note_attendance_pkey primary key (practice_id, note_id, revision, client_id),
  constraint session_note_attendance_content_fkey foreign key (practice_id, note_id, revision)
    references cairn.session_note_contents (practice_id, note_id, revision),
  constraint session_note_attendance_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint session_note_attendance_presence_check check (presence in ('present', 'late', 'absent', 'no_show'))
);
call app.tenant_table('session_note_attendance', 'select, insert');

-- Down Migration
drop table cairn.session_note_attendance, cairn.group_session_errors, cairn.group_session_signatures,
  cairn.group_session_attendance, cairn.group_session_contents, cairn.group_sessions;

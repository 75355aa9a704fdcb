-- Up Migration
-- Session notes. What is being written (drafts) and what was signed are different tables: the runtime role
-- may only add to what was signed, so "signed is final" holds in the database too, without a trigger.

-- The head: what lists and worklists show. It holds no narrative.
-- `revision` counts the author's signatures: 0 while the first draft is unsigned. While a draft exists the
-- version that counts is the draft's, so that an autosave touches one row.
create table cairn.session_notes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  author_id uuid not null,
  appointment_id uuid,
  template_key text not null,
  template_version integer not null,
  session_date date not null,
  started_at timestamptz,
  ended_at timestamptz,
  time_zone text not null,
  status text not null default 'draft',
  revision integer not null default 0,
  signed_at timestamptz,
  late_entry boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint session_notes_pkey primary key (practice_id, id),
  constraint session_notes_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint session_notes_author_fkey foreign key (practice_id, author_id) references cairn.staff_members (practice_id, id),
  constraint session_notes_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint session_notes_status_check check (status in ('draft', 'signed', 'pending_cosign', 'cosigned', 'entered_in_error')),
  constraint session_notes_signed_check check (status = 'draft' or (revision > 0 and signed_at is not null)),
  constraint session_notes_times_check check (ended_at > started_at)
);
-- Two devices that start the note of one appointment: the second is told, and finds the first one's draft.
create unique index session_notes_appointment_key on cairn.session_notes (practice_id, appointment_id, author_id)
  where appointment_id is not null and status <> 'entered_in_error';
create index session_notes_chart on cairn.session_notes (practice_id, chart_id, session_date desc, id desc);
create index session_notes_author on cairn.session_notes (practice_id, author_id, session_date desc, id desc);
create index session_notes_worklist on cairn.session_notes (practice_id, author_id, status, session_date desc, id desc);
call app.tenant_table('session_notes', 'select, insert, update');

-- The one mutable text of a note; gone when it is signed, back when a supervisor returns it.
create table cairn.session_note_drafts (
  practice_id uuid not null,
  note_id uuid not null,
  document bytea not null,
  version integer not null,
  updated_at timestamptz not null default now(),
  constraint session_note_drafts_pkey primary key (practice_id, note_id),
  constraint session_note_drafts_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id)
);
call app.tenant_table('session_note_drafts', 'select, insert, update, delete');

-- What was signed, one row per revision: sealed, added once, never changed.
create table cairn.session_note_contents (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  document bytea not null,
  created_at timestamptz not null default now(),
  constraint session_note_contents_pkey primary key (practice_id, note_id, revision),
  constraint session_note_contents_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint session_note_contents_revision_check check (revision > 0)
);
call app.tenant_table('session_note_contents', 'select, insert');

-- Who signed which revision, as what and when. `seal` is a keyed hash over the row, so that a signature
-- altered behind the service's back is found too. The key lets one author and one co-signer sign once each.
create table cairn.session_note_signatures (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  role text not null,
  signer_id uuid not null,
  credentials text not null,
  signed_at timestamptz not null,
  content_hash bytea not null,
  seal bytea not null,
  constraint session_note_signatures_pkey primary key (practice_id, note_id, revision, role),
  constraint session_note_signatures_content_fkey foreign key (practice_id, note_id, revision) references cairn.session_note_contents (practice_id, note_id, revision),
  constraint session_note_signatures_signer_fkey foreign key (practice_id, signer_id) references cairn.staff_members (practice_id, id),
  constraint session_note_signatures_role_check check (role in ('author', 'cosigner')),
  constraint session_note_signatures_hash_check check (octet_length(content_hash) = 32)
);
call app.tenant_table('session_note_signatures', 'select, insert');

create table cairn.session_note_addenda (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  note_id uuid not null,
  author_id uuid not null,
  document bytea not null,
  credentials text not null,
  signed_at timestamptz not null,
  content_hash bytea not null,
  seal bytea not null,
  constraint session_note_addenda_pkey primary key (practice_id, id),
  constraint session_note_addenda_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint session_note_addenda_author_fkey foreign key (practice_id, author_id) references cairn.staff_members (practice_id, id),
  constraint session_note_addenda_hash_check check (octet_length(content_hash) = 32)
);
create index session_note_addenda_note on cairn.session_note_addenda (practice_id, note_id, id);
call app.tenant_table('session_note_addenda', 'select, insert');

-- A supervisor's return with remarks, and the mark "entered in error" with its reason.
create table cairn.session_note_corrections (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  note_id uuid not null,
  revision integer not null,
  kind text not null,
  staff_id uuid not null,
  document bytea not null,
  occurred_at timestamptz not null,
  seal bytea not null,
  constraint session_note_corrections_pkey primary key (practice_id, id),
  constraint session_note_corrections_kind_key unique (practice_id, note_id, revision, kind),
  constraint session_note_corrections_content_fkey foreign key (practice_id, note_id, revision) references cairn.session_note_contents (practice_id, note_id, revision),
  constraint session_note_corrections_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint session_note_corrections_kind_check check (kind in ('returned', 'entered_in_error'))
);
call app.tenant_table('session_note_corrections', 'select, insert');

-- Down Migration
drop table cairn.session_note_corrections, cairn.session_note_addenda, cairn.session_note_signatures,
  cairn.session_note_contents, cairn.session_note_drafts, cairn.session_notes;

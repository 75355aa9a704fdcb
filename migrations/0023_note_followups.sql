-- Up Migration
-- What follows the signature of a note: requests to amend it (45 CFR 164.526), what billing needs of it, and its
-- release to the client with narrow holds (45 CFR 164.524(a)(3)).

-- `due_on` is the last day to act on a request: as the rule of its jurisdiction says, moved once where it was extended.
create table cairn.note_amendment_requests (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  note_id uuid not null,
  client_id uuid not null,
  status text not null default 'received',
  received_on date not null,
  due_on date not null,
  extended boolean not null default false,
  denial_reason text,
  addendum_id uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint note_amendment_requests_pkey primary key (practice_id, id),
  constraint note_amendment_requests_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint note_amendment_requests_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint note_amendment_requests_addendum_fkey foreign key (practice_id, addendum_id) references cairn.session_note_addenda (practice_id, id),
  constraint note_amendment_requests_status_check check (status in ('received', 'accepted', 'denied', 'disagreed', 'rebutted')),
  constraint note_amendment_requests_denial_check check (denial_reason in ('not_created_by_us', 'not_in_record_set', 'not_accessible', 'accurate_and_complete')),
  constraint note_amendment_requests_denied_check check ((status in ('denied', 'disagreed', 'rebutted')) = (denial_reason is not null)),
  constraint note_amendment_requests_accepted_check check ((status = 'accepted') = (addendum_id is not null)),
  constraint note_amendment_requests_due_check check (due_on >= received_on)
);
create index note_amendment_requests_note on cairn.note_amendment_requests (practice_id, note_id, id);
create index note_amendment_requests_due on cairn.note_amendment_requests (practice_id, status, due_on, id);
call app.tenant_table('note_amendment_requests', 'select, insert, update');

-- What was said about a request, by whom and when: added once, never changed. One of each kind.
create table cairn.note_amendment_papers (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  request_id uuid not null,
  kind text not null,
  document_sealed bytea not null,
  recorded_by uuid,
  entered_by text not null,
  representative_id uuid,
  occurred_at timestamptz not null default now(),
  constraint note_amendment_papers_pkey primary key (practice_id, id),
  constraint note_amendment_papers_kind_key unique (practice_id, request_id, kind),
  constraint note_amendment_papers_request_fkey foreign key (practice_id, request_id) references cairn.note_amendment_requests (practice_id, id),
  constraint note_amendment_papers_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint note_amendment_papers_representative_fkey foreign key (practice_id, representative_id) references cairn.related_people (practice_id, id),
  constraint note_amendment_papers_kind_check check (kind in ('request', 'extension', 'acceptance', 'denial', 'disagreement', 'rebuttal')),
  constraint note_amendment_papers_entered_check check (entered_by in ('staff', 'client') and (recorded_by is null) = (entered_by = 'client'))
);
call app.tenant_table('note_amendment_papers', 'select, insert');

-- What billing needs of what was signed, one row per signed revision: written with the signature, never changed. Whether
-- it counts follows from the note: of its current revision only, while the note is valid.
create table cairn.note_billing_facts (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  chart_id uuid not null,
  session_date date not null,
  document_sealed bytea not null,
  created_at timestamptz not null default now(),
  constraint note_billing_facts_pkey primary key (practice_id, note_id, revision),
  constraint note_billing_facts_content_fkey foreign key (practice_id, note_id, revision) references cairn.session_note_contents (practice_id, note_id, revision),
  constraint note_billing_facts_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id)
);
create index note_billing_facts_day on cairn.note_billing_facts (practice_id, session_date desc, note_id desc);
call app.tenant_table('note_billing_facts', 'select, insert');

-- What the clinician decided about the suggested code, the last one counts. The key lets one of two decide at once.
create table cairn.note_billing_decisions (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  number integer not null,
  document_sealed bytea not null,
  decided_by uuid not null,
  decided_at timestamptz not null default now(),
  constraint note_billing_decisions_pkey primary key (practice_id, note_id, revision, number),
  constraint note_billing_decisions_facts_fkey foreign key (practice_id, note_id, revision) references cairn.note_billing_facts (practice_id, note_id, revision),
  constraint note_billing_decisions_staff_fkey foreign key (practice_id, decided_by) references cairn.staff_members (practice_id, id),
  constraint note_billing_decisions_number_check check (number > 0)
);
call app.tenant_table('note_billing_decisions', 'select, insert');

-- From when on the client may read a note at the portal. `released_by` is null where the practice's policy did it.
create table cairn.note_releases (
  practice_id uuid not null,
  note_id uuid not null,
  visible_from timestamptz not null,
  released_by uuid,
  released_at timestamptz not null default now(),
  constraint note_releases_pkey primary key (practice_id, note_id),
  constraint note_releases_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint note_releases_staff_fkey foreign key (practice_id, released_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('note_releases', 'select, insert, update');

-- One note, one reason, one end: it keeps a note from the client until it ends or expires, whichever comes first.
create table cairn.note_release_holds (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  note_id uuid not null,
  reason_code text not null,
  basis_sealed bytea not null,
  determined_by uuid not null,
  placed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid,
  constraint note_release_holds_pkey primary key (practice_id, id),
  constraint note_release_holds_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint note_release_holds_staff_fkey foreign key (practice_id, determined_by) references cairn.staff_members (practice_id, id),
  constraint note_release_holds_ended_by_fkey foreign key (practice_id, ended_by) references cairn.staff_members (practice_id, id),
  constraint note_release_holds_reason_check check (reason_code in ('endangers_life_or_safety', 'harms_another_person', 'harm_through_representative')),
  constraint note_release_holds_times_check check (expires_at > placed_at and ended_at <= expires_at),
  constraint note_release_holds_ended_check check (ended_at is not null or ended_by is null)
);
create unique index note_release_holds_open_key on cairn.note_release_holds (practice_id, note_id) where ended_at is null;
create index note_release_holds_note on cairn.note_release_holds (practice_id, note_id, id);
call app.tenant_table('note_release_holds', 'select, insert, update');

-- Down Migration
drop table cairn.note_release_holds, cairn.note_releases, cairn.note_billing_decisions, cairn.note_billing_facts,
  cairn.note_amendment_papers, cairn.note_amendment_requests;

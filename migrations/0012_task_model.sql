-- Up Migration
-- Task programs and stage models: templates, and the journeys of clients and couples through them.

-- What the service ships is in code; a row of it appears here when the practice first enrolls somebody, so that a
-- journey keeps the very content it was worked under.
create table cairn.program_templates (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  template_key text not null,
  kind text not null,
  shipped boolean not null default false,
  created_by uuid,
  created_at timestamptz not null default now(),
  constraint program_templates_pkey primary key (practice_id, id),
  constraint program_templates_key_key unique (practice_id, template_key),
  constraint program_templates_staff_fkey foreign key (practice_id, created_by) references cairn.staff_members (practice_id, id),
  constraint program_templates_kind_check check (kind in ('task_program', 'stage_model')),
  constraint program_templates_created_by_check check ((created_by is null) = shipped)
);
call app.tenant_table('program_templates', 'select, insert');

-- The head of a version. Its content stands in program_template_contents, which is only ever added to: a draft that
-- is written anew gets the next revision, and a published version has none after it.
create table cairn.program_template_versions (
  practice_id uuid not null,
  template_id uuid not null,
  number integer not null,
  status text not null default 'draft',
  revision integer not null default 1,
  published_at timestamptz,
  retired_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint program_template_versions_pkey primary key (practice_id, template_id, number),
  constraint program_template_versions_template_fkey foreign key (practice_id, template_id) references cairn.program_templates (practice_id, id),
  constraint program_template_versions_number_check check (number > 0),
  constraint program_template_versions_status_check check (status in ('draft', 'published', 'retired')),
  constraint program_template_versions_published_check check (status <> 'published' or published_at is not null)
);
create unique index program_template_versions_draft_key on cairn.program_template_versions (practice_id, template_id)
  where status = 'draft';
call app.tenant_table('program_template_versions',
  'select, insert, update (status, revision, published_at, retired_at, version, updated_at)');

create table cairn.program_template_contents (
  practice_id uuid not null,
  template_id uuid not null,
  number integer not null,
  revision integer not null,
  content_sealed bytea not null,
  written_by uuid,
  written_at timestamptz not null default now(),
  constraint program_template_contents_pkey primary key (practice_id, template_id, number, revision),
  constraint program_template_contents_version_fkey foreign key (practice_id, template_id, number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint program_template_contents_staff_fkey foreign key (practice_id, written_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('program_template_contents', 'select, insert');

-- One way of a client (or of a couple) through a template. The counts are those of its tasks, written under this
-- row's lock with every change of a task, so that a caseload is sorted without looking at tasks.
create table cairn.journeys (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  -- In a couple's chart: the partner it is about, or null for both.
  client_id uuid,
  template_id uuid not null,
  template_number integer not null,
  status text not null default 'active',
  released_at timestamptz,
  started_on date not null,
  ended_on date,
  tasks_applicable integer not null default 0,
  tasks_done integer not null default 0,
  tasks_waiting integer not null default 0,
  progress_permille integer not null default 0,
  -- Since when the task has been as it is that has been in work the longest.
  stalest_since timestamptz,
  last_activity_at timestamptz not null default now(),
  enrolled_by uuid not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint journeys_pkey primary key (practice_id, id),
  constraint journeys_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint journeys_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint journeys_template_fkey foreign key (practice_id, template_id, template_number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint journeys_staff_fkey foreign key (practice_id, enrolled_by) references cairn.staff_members (practice_id, id),
  constraint journeys_status_check check (status in ('active', 'paused', 'completed', 'transferred')),
  constraint journeys_ended_check check ((ended_on is not null) = (status in ('completed', 'transferred'))),
  constraint journeys_days_check check (ended_on >= started_on),
  constraint journeys_counts_check check (tasks_done between 0 and tasks_applicable and tasks_waiting >= 0
    and progress_permille between 0 and 1000)
);
-- Whoever is in a program is in it once.
create unique index journeys_open_key on cairn.journeys (practice_id, chart_id, template_id, coalesce(client_id, chart_id))
  where status in ('active', 'paused');
create index journeys_chart on cairn.journeys (practice_id, chart_id, id);
create index journeys_template on cairn.journeys (practice_id, template_id, template_number, chart_id);
call app.tenant_table('journeys', 'select, insert, update');

-- The task as the template version beside it names it. What a migration left behind stays, with the version it was
-- worked under and the time it was dropped.
create table cairn.journey_tasks (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  journey_id uuid not null,
  template_id uuid not null,
  template_number integer not null,
  task_key text not null,
  position integer not null,
  status text not null default 'not_started',
  status_since timestamptz not null default now(),
  first_started_at timestamptz,
  first_signed_off_at timestamptz,
  last_signed_off_at timestamptz,
  deferred_until date,
  reopen_count integer not null default 0,
  reopen_requested_at timestamptz,
  -- Who signed it off last.
  signer_id uuid,
  dropped_at timestamptz,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  constraint journey_tasks_pkey primary key (practice_id, id),
  constraint journey_tasks_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_tasks_template_fkey foreign key (practice_id, template_id, template_number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint journey_tasks_signer_fkey foreign key (practice_id, signer_id) references cairn.staff_members (practice_id, id),
  constraint journey_tasks_status_check check (status in ('not_started', 'in_progress', 'submitted', 'returned',
    'pending_cosign', 'signed_off', 'maintained', 'deferred', 'not_applicable')),
  constraint journey_tasks_deferred_check check ((deferred_until is not null) = (status = 'deferred')),
  constraint journey_tasks_signed_check check (status not in ('pending_cosign', 'signed_off', 'maintained') or signer_id is not null)
);
create unique index journey_tasks_key_key on cairn.journey_tasks (practice_id, journey_id, task_key) where dropped_at is null;
create index journey_tasks_journey on cairn.journey_tasks (practice_id, journey_id, position);
create index journey_tasks_cosign on cairn.journey_tasks (practice_id, signer_id, status_since) where status = 'pending_cosign';
call app.tenant_table('journey_tasks', 'select, insert, update');

create table cairn.journey_performables (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  journey_id uuid not null,
  task_id uuid not null,
  performable_key text not null,
  position integer not null,
  evidence_type text not null,
  required boolean not null,
  -- Whether what is written of it is for the care team alone.
  restricted boolean not null,
  status text not null default 'todo',
  status_since timestamptz not null default now(),
  dropped_at timestamptz,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  constraint journey_performables_pkey primary key (practice_id, id),
  constraint journey_performables_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_performables_task_fkey foreign key (practice_id, task_id) references cairn.journey_tasks (practice_id, id),
  constraint journey_performables_type_check check (evidence_type in ('text', 'attestation', 'session', 'instrument', 'date', 'count')),
  constraint journey_performables_status_check check (status in ('todo', 'drafting', 'submitted', 'accepted', 'needs_work'))
);
create unique index journey_performables_key_key on cairn.journey_performables (practice_id, task_id, performable_key)
  where dropped_at is null;
create index journey_performables_journey on cairn.journey_performables (practice_id, journey_id, position);
call app.tenant_table('journey_performables', 'select, insert, update');

-- What was done for a performable and where it was presented. An entry is not changed but withdrawn.
create table cairn.journey_evidence (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  journey_id uuid not null,
  performable_id uuid not null,
  kind text not null,
  occurred_on date not null,
  quantity integer,
  presented_in text,
  appointment_id uuid,
  content_sealed bytea,
  entered_by text not null,
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint journey_evidence_pkey primary key (practice_id, id),
  constraint journey_evidence_performable_fkey foreign key (practice_id, performable_id) references cairn.journey_performables (practice_id, id),
  constraint journey_evidence_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_evidence_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint journey_evidence_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint journey_evidence_kind_check check (kind in ('text', 'attestation', 'session', 'instrument', 'date', 'count', 'presentation')),
  constraint journey_evidence_quantity_check check ((quantity is not null) = (kind = 'count') and quantity >= 0),
  constraint journey_evidence_presented_check check ((presented_in is not null) = (kind = 'presentation')),
  constraint journey_evidence_presented_in_check check (presented_in in ('individual', 'group', 'sponsor')),
  constraint journey_evidence_entered_by_check check (entered_by in ('staff', 'client')),
  constraint journey_evidence_recorded_by_check check ((recorded_by is not null) = (entered_by = 'staff'))
);
create index journey_evidence_performable on cairn.journey_evidence (practice_id, performable_id, id);
call app.tenant_table('journey_evidence', 'select, insert');

create table cairn.journey_evidence_withdrawals (
  practice_id uuid not null,
  evidence_id uuid not null,
  entered_by text not null,
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint journey_evidence_withdrawals_pkey primary key (practice_id, evidence_id),
  constraint journey_evidence_withdrawals_evidence_fkey foreign key (practice_id, evidence_id) references cairn.journey_evidence (practice_id, id),
  constraint journey_evidence_withdrawals_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint journey_evidence_withdrawals_entered_by_check check (entered_by in ('staff', 'client'))
);
call app.tenant_table('journey_evidence_withdrawals', 'select, insert');

-- When a client was in which stage, several at once where life is so.
create table cairn.journey_stages (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  journey_id uuid not null,
  template_id uuid not null,
  template_number integer not null,
  stage_key text not null,
  entered_on date not null,
  left_on date,
  note_sealed bytea,
  withdrawn_at timestamptz,
  recorded_by uuid not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint journey_stages_pkey primary key (practice_id, id),
  constraint journey_stages_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_stages_template_fkey foreign key (practice_id, template_id, template_number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint journey_stages_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint journey_stages_days_check check (left_on >= entered_on)
);
create unique index journey_stages_open_key on cairn.journey_stages (practice_id, journey_id, stage_key)
  where left_on is null and withdrawn_at is null;
create index journey_stages_journey on cairn.journey_stages (practice_id, journey_id, id);
call app.tenant_table('journey_stages',
  'select, insert, update (template_id, template_number, stage_key, left_on, withdrawn_at, version, updated_at)');

-- Every step of a journey, its tasks, performables and stages.
create table cairn.journey_events (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  journey_id uuid not null,
  task_id uuid,
  performable_id uuid,
  stage_id uuid,
  kind text not null,
  from_status text,
  to_status text,
  reason text,
  words_sealed bytea,
  entered_by text not null,
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint journey_events_pkey primary key (practice_id, id),
  constraint journey_events_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_events_task_fkey foreign key (practice_id, task_id) references cairn.journey_tasks (practice_id, id),
  constraint journey_events_performable_fkey foreign key (practice_id, performable_id) references cairn.journey_performables (practice_id, id),
  constraint journey_events_stage_fkey foreign key (practice_id, stage_id) references cairn.journey_stages (practice_id, id),
  constraint journey_events_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint journey_events_kind_check check (kind in ('enrolled', 'status_changed', 'signed_off', 'cosigned', 'cosign_returned',
    'reopened', 'reopen_requested', 'reopen_refused', 'evidence_added', 'evidence_withdrawn', 'entered', 'left', 'withdrawn',
    'migrated', 'dropped')),
  constraint journey_events_reason_check check (reason in ('new_information', 'lapse', 'new_addiction', 'clinician_judgment', 'client_request')),
  constraint journey_events_entered_by_check check (entered_by in ('staff', 'client')),
  constraint journey_events_recorded_by_check check ((recorded_by is not null) = (entered_by = 'staff'))
);
create index journey_events_journey on cairn.journey_events (practice_id, journey_id, recorded_at, id);
create index journey_events_task on cairn.journey_events (practice_id, task_id, id) where task_id is not null;
call app.tenant_table('journey_events', 'select, insert');

-- Who signed a task off, as what and when. A task that is reopened is signed again.
create table cairn.journey_sign_offs (
  practice_id uuid not null,
  task_id uuid not null,
  -- The version of the task this signature made: two at once are decided by the key.
  task_version integer not null,
  role text not null,
  signer_id uuid not null,
  credentials text not null,
  signed_at timestamptz not null,
  constraint journey_sign_offs_pkey primary key (practice_id, task_id, task_version),
  constraint journey_sign_offs_task_fkey foreign key (practice_id, task_id) references cairn.journey_tasks (practice_id, id),
  constraint journey_sign_offs_signer_fkey foreign key (practice_id, signer_id) references cairn.staff_members (practice_id, id),
  constraint journey_sign_offs_role_check check (role in ('signer', 'cosigner'))
);
call app.tenant_table('journey_sign_offs', 'select, insert');

-- That a journey went on under another version, and what became of each key.
create table cairn.journey_migrations (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  journey_id uuid not null,
  from_template_id uuid not null,
  from_number integer not null,
  to_template_id uuid not null,
  to_number integer not null,
  mapping jsonb not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint journey_migrations_pkey primary key (practice_id, id),
  constraint journey_migrations_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_migrations_from_fkey foreign key (practice_id, from_template_id, from_number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint journey_migrations_to_fkey foreign key (practice_id, to_template_id, to_number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint journey_migrations_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id)
);
create index journey_migrations_journey on cairn.journey_migrations (practice_id, journey_id, id);
call app.tenant_table('journey_migrations', 'select, insert');

-- What was written to somebody outside, as it was written.
create table cairn.journey_letters (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  journey_id uuid not null,
  recipient_kind text not null,
  allowed text[] not null,
  content_sealed bytea not null,
  written_by uuid not null,
  written_at timestamptz not null default now(),
  constraint journey_letters_pkey primary key (practice_id, id),
  constraint journey_letters_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_letters_staff_fkey foreign key (practice_id, written_by) references cairn.staff_members (practice_id, id),
  constraint journey_letters_recipient_kind_check check (recipient_kind in ('court', 'probation', 'attorney', 'referrer', 'employer', 'licensing_board', 'client')),
  constraint journey_letters_allowed_check check (allowed <@ array['attendance', 'counts', 'tasks', 'stages'])
);
create index journey_letters_journey on cairn.journey_letters (practice_id, journey_id, id);
call app.tenant_table('journey_letters', 'select, insert');

-- Down Migration
drop table cairn.journey_letters, cairn.journey_migrations, cairn.journey_sign_offs, cairn.journey_events, cairn.journey_stages,
  cairn.journey_evidence_withdrawals, cairn.journey_evidence, cairn.journey_performables, cairn.journey_tasks, cairn.journeys,
  cairn.program_template_contents, cairn.program_template_versions, cairn.program_templates;

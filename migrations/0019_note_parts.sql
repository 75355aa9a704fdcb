-- Up Migration
-- Notes in typed parts. Words stay in the sealed documents; what leaves them at a signature, for lists and trends, is
-- which kinds of work were done, which objectives were worked on, and numbers.

-- Every row that is there fits the wider lists, so nothing has to be looked through.
alter table cairn.session_notes drop constraint session_notes_status_check;
alter table cairn.session_notes add constraint session_notes_status_check
  check (status in ('draft', 'ready', 'signed', 'pending_cosign', 'cosigned', 'locked', 'entered_in_error')) not valid;
alter table cairn.session_notes drop constraint session_notes_signed_check;
alter table cairn.session_notes add constraint session_notes_signed_check
  check (status in ('draft', 'ready') or (revision > 0 and signed_at is not null)) not valid;

-- Kinds of the parts in it: words that the code lists.
alter table cairn.session_notes add column part_kinds text[] not null default '{}';

-- The numbers of one signed revision. `number` is the place in the list that its parts gave.
create table cairn.session_note_figures (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  number integer not null,
  chart_id uuid not null,
  session_date date not null,
  part_id uuid not null,
  part_kind text not null,
  measure text not null,
  -- What is counted, where a session counts the same for several.
  subject_id uuid,
  value double precision not null,
  constraint session_note_figures_pkey primary key (practice_id, note_id, revision, number),
  constraint session_note_figures_content_fkey foreign key (practice_id, note_id, revision)
    references cairn.session_note_contents (practice_id, note_id, revision),
  constraint session_note_figures_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id)
);
create index session_note_figures_chart on cairn.session_note_figures (practice_id, chart_id, part_kind, measure, session_date);
create index session_note_figures_subject on cairn.session_note_figures (practice_id, subject_id, measure, session_date)
  where subject_id is not null;
call app.tenant_table('session_note_figures', 'select, insert');

-- The objectives that one signed revision says were worked on.
create table cairn.session_note_objectives (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  plan_id uuid not null,
  objective_key text not null,
  constraint session_note_objectives_pkey primary key (practice_id, note_id, revision, plan_id, objective_key),
  constraint session_note_objectives_content_fkey foreign key (practice_id, note_id, revision)
    references cairn.session_note_contents (practice_id, note_id, revision),
  constraint session_note_objectives_plan_fkey foreign key (practice_id, plan_id) references cairn.treatment_plans (practice_id, id),
  constraint session_note_objectives_key_check check (objective_key ~ '^o[1-9][0-9]{0,2}$')
);
create index session_note_objectives_plan on cairn.session_note_objectives (practice_id, plan_id, objective_key, note_id, revision);
call app.tenant_table('session_note_objectives', 'select, insert');

-- A note is locked once, for good: by a person, or by the practice's policy (then `locked_by` is null). `seal` is a
-- keyed hash over the row, as on a signature.
create table cairn.session_note_locks (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  locked_by uuid,
  locked_at timestamptz not null,
  seal bytea not null,
  constraint session_note_locks_pkey primary key (practice_id, note_id),
  constraint session_note_locks_content_fkey foreign key (practice_id, note_id, revision)
    references cairn.session_note_contents (practice_id, note_id, revision),
  constraint session_note_locks_staff_fkey foreign key (practice_id, locked_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('session_note_locks', 'select, insert');

-- Headings and preloaded parts that a practice, or one clinician for themselves, starts notes with. Of a template what
-- it says is sealed, by version: a version never changes.
create table cairn.note_templates (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  -- Whose own it is; null for the practice's.
  owner_id uuid,
  retired_at timestamptz,
  -- The definition that new notes are written under.
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint note_templates_pkey primary key (practice_id, id),
  constraint note_templates_owner_fkey foreign key (practice_id, owner_id) references cairn.staff_members (practice_id, id)
);
create index note_templates_owner on cairn.note_templates (practice_id, owner_id, id);
call app.tenant_table('note_templates', 'select, insert, update');

create table cairn.note_template_versions (
  practice_id uuid not null,
  template_id uuid not null,
  number integer not null,
  definition_sealed bytea not null,
  published_by uuid not null,
  published_at timestamptz not null default now(),
  constraint note_template_versions_pkey primary key (practice_id, template_id, number),
  constraint note_template_versions_template_fkey foreign key (practice_id, template_id) references cairn.note_templates (practice_id, id),
  constraint note_template_versions_staff_fkey foreign key (practice_id, published_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('note_template_versions', 'select, insert');

-- Texts that one clinician uses again and again.
create table cairn.note_snippets (
  practice_id uuid not null,
  staff_id uuid not null,
  document_sealed bytea not null,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  constraint note_snippets_pkey primary key (practice_id, staff_id),
  constraint note_snippets_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('note_snippets', 'select, insert, update');

-- Down Migration
drop table cairn.note_snippets, cairn.note_template_versions, cairn.note_templates, cairn.session_note_locks,
  cairn.session_note_objectives, cairn.session_note_figures;
alter table cairn.session_notes drop column part_kinds;
alter table cairn.session_notes drop constraint session_notes_status_check;
alter table cairn.session_notes add constraint session_notes_status_check
  check (status in ('draft', 'signed', 'pending_cosign', 'cosigned', 'entered_in_error')) not valid;
alter table cairn.session_notes drop constraint session_notes_signed_check;
alter table cairn.session_notes add constraint session_notes_signed_check
  check (status = 'draft' or (revision > 0 and signed_at is not null)) not valid;

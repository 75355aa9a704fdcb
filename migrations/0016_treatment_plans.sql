-- Up Migration
-- Treatment plans. What is being written (drafts) and what was offered for signature (revisions) are different
-- tables: the runtime role may only add to what was offered, so nobody can change what was signed.

-- The head. `revision` is the last one offered, `in_force_revision` the one that every signature is on.
create table cairn.treatment_plans (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  clinician_id uuid not null,
  status text not null default 'draft',
  revision integer not null default 0,
  in_force_revision integer,
  review_due_on date,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint treatment_plans_pkey primary key (practice_id, id),
  constraint treatment_plans_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint treatment_plans_clinician_fkey foreign key (practice_id, clinician_id) references cairn.staff_members (practice_id, id),
  constraint treatment_plans_status_check check (status in ('draft', 'client_review', 'active', 'under_review', 'superseded', 'closed')),
  constraint treatment_plans_revision_check check (in_force_revision between 1 and revision),
  constraint treatment_plans_in_force_check check (status not in ('active', 'under_review', 'superseded') or in_force_revision is not null),
  constraint treatment_plans_review_check check ((review_due_on is null) = (in_force_revision is null))
);
-- One plan of a chart is in force, and one more may be on its way to take its place.
create unique index treatment_plans_in_force_key on cairn.treatment_plans (practice_id, chart_id)
  where in_force_revision is not null and status in ('client_review', 'active', 'under_review');
create unique index treatment_plans_open_key on cairn.treatment_plans (practice_id, chart_id)
  where in_force_revision is null and status in ('draft', 'client_review');
create index treatment_plans_chart on cairn.treatment_plans (practice_id, chart_id, id desc);
call app.tenant_table('treatment_plans', 'select, insert, update');

-- The one mutable text of a plan: gone when it is offered, back when the offer is withdrawn or a review asks for it.
create table cairn.treatment_plan_drafts (
  practice_id uuid not null,
  plan_id uuid not null,
  document_sealed bytea not null,
  version integer not null,
  updated_at timestamptz not null default now(),
  constraint treatment_plan_drafts_pkey primary key (practice_id, plan_id),
  constraint treatment_plan_drafts_plan_fkey foreign key (practice_id, plan_id) references cairn.treatment_plans (practice_id, id)
);
call app.tenant_table('treatment_plan_drafts', 'select, insert, update, delete');

-- What was offered for signature, one row per revision: sealed, added once, never changed.
create table cairn.treatment_plan_revisions (
  practice_id uuid not null,
  plan_id uuid not null,
  revision integer not null,
  document_sealed bytea not null,
  content_hash bytea not null,
  offered_by uuid not null,
  offered_at timestamptz not null default now(),
  constraint treatment_plan_revisions_pkey primary key (practice_id, plan_id, revision),
  constraint treatment_plan_revisions_plan_fkey foreign key (practice_id, plan_id) references cairn.treatment_plans (practice_id, id),
  constraint treatment_plan_revisions_staff_fkey foreign key (practice_id, offered_by) references cairn.staff_members (practice_id, id),
  constraint treatment_plan_revisions_revision_check check (revision > 0),
  constraint treatment_plan_revisions_hash_check check (octet_length(content_hash) = 32)
);
call app.tenant_table('treatment_plan_revisions', 'select, insert');

-- What is computed with and linked, of each objective of each revision. An objective keeps its key in every revision.
create table cairn.treatment_plan_objectives (
  practice_id uuid not null,
  plan_id uuid not null,
  revision integer not null,
  objective_key text not null,
  phase text not null,
  measure text not null,
  baseline double precision,
  target double precision,
  due_on date,
  constraint treatment_plan_objectives_pkey primary key (practice_id, plan_id, revision, objective_key),
  constraint treatment_plan_objectives_revision_fkey foreign key (practice_id, plan_id, revision)
    references cairn.treatment_plan_revisions (practice_id, plan_id, revision),
  constraint treatment_plan_objectives_key_check check (objective_key ~ '^o[1-9][0-9]{0,2}$'),
  constraint treatment_plan_objectives_phase_check check (phase in ('containment', 'coping', 'trauma_processing', 'integration', 'any')),
  constraint treatment_plan_objectives_measure_check check (measure in ('count', 'rating', 'percent', 'instrument', 'observation'))
);
call app.tenant_table('treatment_plan_objectives', 'select, insert');

-- Who signed which revision, how and when. `seal` is a keyed hash over the row, so that a signature altered behind
-- the service's back is found. Signatures on an offer that was withdrawn stay.
create table cairn.treatment_plan_signatures (
  practice_id uuid not null,
  plan_id uuid not null,
  revision integer not null,
  -- The client or the member of staff.
  signer_id uuid not null,
  role text not null,
  client_id uuid,
  -- Who signed in the client's name, where the client does not do so themselves.
  representative_id uuid,
  staff_id uuid,
  credentials text,
  method text not null,
  -- The member of staff who saw a client sign; null where the client did it through the portal.
  attested_by uuid,
  signed_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  content_hash bytea not null,
  seal bytea not null,
  constraint treatment_plan_signatures_pkey primary key (practice_id, plan_id, revision, signer_id),
  constraint treatment_plan_signatures_revision_fkey foreign key (practice_id, plan_id, revision)
    references cairn.treatment_plan_revisions (practice_id, plan_id, revision),
  constraint treatment_plan_signatures_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint treatment_plan_signatures_representative_fkey foreign key (practice_id, representative_id) references cairn.related_people (practice_id, id),
  constraint treatment_plan_signatures_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint treatment_plan_signatures_attested_fkey foreign key (practice_id, attested_by) references cairn.staff_members (practice_id, id),
  constraint treatment_plan_signatures_role_check check (role in ('client', 'clinician', 'supervisor')),
  constraint treatment_plan_signatures_method_check check (method in ('wet_ink', 'electronic', 'portal')),
  constraint treatment_plan_signatures_signer_check check (
    (role = 'client' and signer_id = client_id and staff_id is null and credentials is null and (attested_by is null) = (method = 'portal'))
    or (role <> 'client' and signer_id = staff_id and client_id is null and credentials is not null and attested_by is null)),
  constraint treatment_plan_signatures_hash_check check (octet_length(content_hash) = 32)
);
-- One clinician and one supervisor sign a revision.
create unique index treatment_plan_signatures_staff_key on cairn.treatment_plan_signatures (practice_id, plan_id, revision, role)
  where role <> 'client';
call app.tenant_table('treatment_plan_signatures', 'select, insert');

-- Every step of a plan: who, when and why.
create table cairn.treatment_plan_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  plan_id uuid not null,
  status text not null,
  revision integer not null,
  reason_code text,
  reason_sealed bytea,
  recorded_by uuid,
  entered_by text not null,
  recorded_at timestamptz not null default now(),
  constraint treatment_plan_changes_pkey primary key (practice_id, id),
  constraint treatment_plan_changes_plan_fkey foreign key (practice_id, plan_id) references cairn.treatment_plans (practice_id, id),
  constraint treatment_plan_changes_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint treatment_plan_changes_status_check check (status in ('draft', 'client_review', 'active', 'under_review', 'superseded', 'closed')),
  constraint treatment_plan_changes_reason_check check (reason_code in ('completed', 'transferred', 'client_ended', 'practice_ended', 'entered_in_error')),
  constraint treatment_plan_changes_entered_check check (entered_by in ('staff', 'client') and (recorded_by is null) = (entered_by = 'client'))
);
create index treatment_plan_changes_plan on cairn.treatment_plan_changes (practice_id, plan_id, id);
call app.tenant_table('treatment_plan_changes', 'select, insert');

create table cairn.treatment_plan_reviews (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  plan_id uuid not null,
  revision integer not null,
  reviewed_on date not null,
  outcome text not null,
  next_review_on date not null,
  summary_sealed bytea not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint treatment_plan_reviews_pkey primary key (practice_id, id),
  constraint treatment_plan_reviews_revision_fkey foreign key (practice_id, plan_id, revision)
    references cairn.treatment_plan_revisions (practice_id, plan_id, revision),
  constraint treatment_plan_reviews_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint treatment_plan_reviews_outcome_check check (outcome in ('continue', 'revise')),
  constraint treatment_plan_reviews_dates_check check (next_review_on > reviewed_on)
);
create index treatment_plan_reviews_plan on cairn.treatment_plan_reviews (practice_id, plan_id, id desc);
call app.tenant_table('treatment_plan_reviews', 'select, insert');

-- How an objective goes. An entry that was wrong is not changed: another one replaces it.
create table cairn.treatment_plan_progress (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  plan_id uuid not null,
  objective_key text not null,
  occurred_on date not null,
  value double precision,
  standing text,
  note_sealed bytea,
  replaces_id uuid,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint treatment_plan_progress_pkey primary key (practice_id, id),
  constraint treatment_plan_progress_replaced_key unique (practice_id, replaces_id),
  constraint treatment_plan_progress_plan_fkey foreign key (practice_id, plan_id) references cairn.treatment_plans (practice_id, id),
  constraint treatment_plan_progress_replaces_fkey foreign key (practice_id, replaces_id) references cairn.treatment_plan_progress (practice_id, id),
  constraint treatment_plan_progress_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint treatment_plan_progress_key_check check (objective_key ~ '^o[1-9][0-9]{0,2}$'),
  constraint treatment_plan_progress_standing_check check (standing in ('not_started', 'in_progress', 'met', 'deferred', 'dropped')),
  constraint treatment_plan_progress_content_check check (value is not null or standing is not null or note_sealed is not null)
);
create index treatment_plan_progress_objective on cairn.treatment_plan_progress
  (practice_id, plan_id, objective_key, occurred_on desc, id desc);
call app.tenant_table('treatment_plan_progress', 'select, insert');

-- Diagnosis codes of the practice, each from one day to another. What is shipped stands in the service itself; a
-- practice's own rows of a code take its place.
create table cairn.diagnosis_codes (
  practice_id uuid not null,
  system text not null,
  code text collate "C" not null,
  valid_from date not null,
  valid_to date,
  label text not null,
  source text not null,
  imported_by uuid not null,
  imported_at timestamptz not null default now(),
  constraint diagnosis_codes_pkey primary key (practice_id, system, code, valid_from),
  constraint diagnosis_codes_staff_fkey foreign key (practice_id, imported_by) references cairn.staff_members (practice_id, id),
  constraint diagnosis_codes_system_check check (system in ('icd10cm', 'icd11')),
  constraint diagnosis_codes_dates_check check (valid_to >= valid_from),
  constraint diagnosis_codes_validity_excl exclude using gist
    (practice_id with =, system with =, code with =, daterange(valid_from, valid_to, '[]') with &&)
);
call app.tenant_table('diagnosis_codes', 'select, insert, update');

-- Down Migration
drop table cairn.diagnosis_codes, cairn.treatment_plan_progress, cairn.treatment_plan_reviews, cairn.treatment_plan_changes,
  cairn.treatment_plan_signatures, cairn.treatment_plan_objectives, cairn.treatment_plan_revisions, cairn.treatment_plan_drafts,
  cairn.treatment_plans;

-- Up Migration
-- Instruments, assessments and what keeps people safe. The instruments the service brings stand in code; a practice's own
-- ones stand here. What was published or completed is only ever added to.

-- A practice's own instruments, edition by edition. Editing happens in `draft`; what was published is in
-- instrument_editions and never changes.
create table cairn.instruments (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  key text not null,
  edition integer not null,
  status text not null default 'draft',
  draft jsonb,
  created_by uuid not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint instruments_pkey primary key (practice_id, id),
  constraint instruments_edition_key unique (practice_id, key, edition),
  constraint instruments_created_by_fkey foreign key (practice_id, created_by) references cairn.staff_members (practice_id, id),
  constraint instruments_status_check check (status in ('draft', 'published', 'retired')),
  constraint instruments_draft_check check ((draft is not null) = (status = 'draft'))
);
create unique index instruments_draft_key on cairn.instruments (practice_id, key) where status = 'draft';
create unique index instruments_published_key on cairn.instruments (practice_id, key) where status = 'published';
call app.tenant_table('instruments', 'select, insert, update (status, draft, version, updated_at)');

create table cairn.instrument_editions (
  practice_id uuid not null,
  instrument_id uuid not null,
  definition jsonb not null,
  published_by uuid not null,
  published_at timestamptz not null default now(),
  constraint instrument_editions_pkey primary key (practice_id, instrument_id),
  constraint instrument_editions_instrument_fkey foreign key (practice_id, instrument_id) references cairn.instruments (practice_id, id),
  constraint instrument_editions_staff_fkey foreign key (practice_id, published_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('instrument_editions', 'select, insert');

-- The wording of items, which a practice brings in under a right of its own. It is nobody's health information.
create table cairn.instrument_texts (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  instrument_key text not null,
  edition integer not null,
  language text not null,
  texts jsonb not null,
  right_basis text not null,
  right_statement text not null,
  imported_by uuid not null,
  imported_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  constraint instrument_texts_pkey primary key (practice_id, id),
  constraint instrument_texts_staff_fkey foreign key (practice_id, imported_by) references cairn.staff_members (practice_id, id),
  constraint instrument_texts_basis_check check (right_basis in ('license', 'permission', 'public_domain', 'own_work'))
);
create unique index instrument_texts_current_key on cairn.instrument_texts (practice_id, instrument_key, edition, language)
  where withdrawn_at is null;
call app.tenant_table('instrument_texts', 'select, insert, update (withdrawn_at)');

-- From which score on the practice wants somebody to look, beyond what the instruments say themselves.
create table cairn.assessment_alert_rules (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  instrument_key text not null,
  scale text not null,
  at_least double precision not null,
  severity text not null,
  respond_within_minutes integer,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint assessment_alert_rules_pkey primary key (practice_id, id),
  constraint assessment_alert_rules_staff_fkey foreign key (practice_id, created_by) references cairn.staff_members (practice_id, id),
  constraint assessment_alert_rules_severity_check check (severity in ('info', 'attention', 'urgent')),
  constraint assessment_alert_rules_minutes_check check (respond_within_minutes > 0)
);
create index assessment_alert_rules_instrument on cairn.assessment_alert_rules (practice_id, instrument_key) where ended_at is null;
call app.tenant_table('assessment_alert_rules', 'select, insert, update (ended_at)');

-- An instrument that somebody is asked to answer, or was. A row of a series that repeats is made when the one before
-- it was completed or ran out: the key of the series decides who makes it.
create table cairn.assessment_assignments (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  -- The partner it is about; in a couple's chart only.
  client_id uuid,
  instrument_key text not null,
  edition integer not null,
  -- Null for an instrument that the service brings.
  instrument_id uuid,
  data_class text not null,
  mode text not null,
  target text,
  status text not null default 'assigned',
  due_on date,
  expires_on date,
  repeat_weeks integer,
  series_id uuid not null,
  occurrence integer not null default 1,
  replaces_id uuid,
  assigned_by uuid not null,
  released_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint assessment_assignments_pkey primary key (practice_id, id),
  constraint assessment_assignments_series_key unique (practice_id, series_id, occurrence),
  constraint assessment_assignments_replaces_key unique (practice_id, replaces_id),
  constraint assessment_assignments_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint assessment_assignments_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint assessment_assignments_instrument_fkey foreign key (practice_id, instrument_id) references cairn.instruments (practice_id, id),
  constraint assessment_assignments_replaces_fkey foreign key (practice_id, replaces_id) references cairn.assessment_assignments (practice_id, id),
  constraint assessment_assignments_staff_fkey foreign key (practice_id, assigned_by) references cairn.staff_members (practice_id, id),
  constraint assessment_assignments_class_check check (data_class in ('clinical', 'restricted')),
  constraint assessment_assignments_mode_check check (mode in ('self', 'clinician')),
  constraint assessment_assignments_target_check check (target in ('mother', 'father', 'partner', 'best_friend')),
  constraint assessment_assignments_status_check check (status in ('assigned', 'in_progress', 'completed', 'reviewed', 'expired', 'voided')),
  constraint assessment_assignments_days_check check (expires_on >= due_on),
  constraint assessment_assignments_repeat_check check (repeat_weeks between 1 and 52),
  constraint assessment_assignments_occurrence_check check (occurrence >= 1)
);
create index assessment_assignments_chart on cairn.assessment_assignments (practice_id, chart_id, id);
create index assessment_assignments_due on cairn.assessment_assignments (practice_id, chart_id, due_on, id)
  where status in ('assigned', 'in_progress');
create index assessment_assignments_expiry on cairn.assessment_assignments (practice_id, expires_on)
  where status in ('assigned', 'in_progress');
call app.tenant_table('assessment_assignments', 'select, insert, update');

-- Answers so far, until the assessment is completed. The version is that of the assignment.
create table cairn.assessment_drafts (
  practice_id uuid not null,
  assignment_id uuid not null,
  version integer not null,
  answers_sealed bytea not null,
  constraint assessment_drafts_pkey primary key (practice_id, assignment_id),
  constraint assessment_drafts_assignment_fkey foreign key (practice_id, assignment_id) references cairn.assessment_assignments (practice_id, id)
);
call app.tenant_table('assessment_drafts', 'select, insert, update, delete');

-- What was answered, once it was completed. A correction is another assignment.
create table cairn.assessments (
  practice_id uuid not null,
  assignment_id uuid not null,
  answers_sealed bytea not null,
  flags text[] not null,
  algorithm_version integer not null,
  -- Which wording was shown; null for the service's own short labels.
  text_id uuid,
  completed_on date not null,
  completed_at timestamptz not null default now(),
  entered_by text not null,
  recorded_by uuid,
  constraint assessments_pkey primary key (practice_id, assignment_id),
  constraint assessments_assignment_fkey foreign key (practice_id, assignment_id) references cairn.assessment_assignments (practice_id, id),
  constraint assessments_text_fkey foreign key (practice_id, text_id) references cairn.instrument_texts (practice_id, id),
  constraint assessments_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint assessments_entered_by_check check (entered_by in ('staff', 'client')),
  constraint assessments_recorded_by_check check ((recorded_by is not null) = (entered_by = 'staff'))
);
call app.tenant_table('assessments', 'select, insert');

create table cairn.assessment_scores (
  practice_id uuid not null,
  assignment_id uuid not null,
  scale text not null,
  -- Null when too much was left out.
  value double precision,
  missing integer not null,
  prorated boolean not null,
  band text,
  -- Keys of the published cut-offs that it meets.
  met text[] not null,
  constraint assessment_scores_pkey primary key (practice_id, assignment_id, scale),
  constraint assessment_scores_assessment_fkey foreign key (practice_id, assignment_id) references cairn.assessments (practice_id, assignment_id)
);
call app.tenant_table('assessment_scores', 'select, insert');

create table cairn.assessment_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  assignment_id uuid not null,
  change text not null,
  comment_sealed bytea,
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint assessment_changes_pkey primary key (practice_id, id),
  constraint assessment_changes_assignment_fkey foreign key (practice_id, assignment_id) references cairn.assessment_assignments (practice_id, id),
  constraint assessment_changes_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint assessment_changes_change_check check (change in ('assigned', 'changed', 'started', 'completed', 'reviewed', 'released',
    'expired', 'voided'))
);
create index assessment_changes_assignment on cairn.assessment_changes (practice_id, assignment_id, id);
call app.tenant_table('assessment_changes', 'select, insert');

-- That a partner agrees to have the scores of one instrument shown beside the other partner's. Withdrawing ends it at once.
create table cairn.score_sharing_consents (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  client_id uuid not null,
  instrument_key text not null,
  method text not null,
  given_on date not null,
  attested_by uuid not null,
  created_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  version integer not null default 1,
  constraint score_sharing_consents_pkey primary key (practice_id, id),
  constraint score_sharing_consents_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint score_sharing_consents_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint score_sharing_consents_staff_fkey foreign key (practice_id, attested_by) references cairn.staff_members (practice_id, id),
  constraint score_sharing_consents_withdrawn_by_fkey foreign key (practice_id, withdrawn_by) references cairn.staff_members (practice_id, id),
  constraint score_sharing_consents_method_check check (method in ('wet_ink', 'electronic', 'in_person', 'in_writing')),
  constraint score_sharing_consents_withdrawal_check check ((withdrawn_at is null) = (withdrawn_by is null))
);
create unique index score_sharing_consents_standing_key on cairn.score_sharing_consents (practice_id, chart_id, client_id, instrument_key)
  where withdrawn_at is null;
create index score_sharing_consents_chart on cairn.score_sharing_consents (practice_id, chart_id, id);
call app.tenant_table('score_sharing_consents', 'select, insert, update (withdrawn_at, withdrawn_by, version)');

create table cairn.risk_assessments (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  status text not null default 'open',
  revision integer not null default 1,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint risk_assessments_pkey primary key (practice_id, id),
  constraint risk_assessments_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint risk_assessments_status_check check (status in ('open', 'mitigated', 'monitored', 'closed'))
);
create index risk_assessments_chart on cairn.risk_assessments (practice_id, chart_id, id);
call app.tenant_table('risk_assessments', 'select, insert, update (status, revision, version, updated_at)');

create table cairn.risk_assessment_revisions (
  practice_id uuid not null,
  risk_assessment_id uuid not null,
  revision integer not null,
  occasion text not null,
  acute text not null,
  chronic text not null,
  next_review_on date,
  content_sealed bytea not null,
  content_hash bytea not null,
  written_by uuid not null,
  written_at timestamptz not null default now(),
  constraint risk_assessment_revisions_pkey primary key (practice_id, risk_assessment_id, revision),
  constraint risk_assessment_revisions_head_fkey foreign key (practice_id, risk_assessment_id) references cairn.risk_assessments (practice_id, id),
  constraint risk_assessment_revisions_staff_fkey foreign key (practice_id, written_by) references cairn.staff_members (practice_id, id),
  constraint risk_assessment_revisions_occasion_check check (occasion in ('intake', 'assessment_answer', 'clinician_concern', 'lapse',
    'disclosure', 'court_event', 'review', 'other')),
  constraint risk_assessment_revisions_acute_check check (acute in ('low', 'moderate', 'high')),
  constraint risk_assessment_revisions_chronic_check check (chronic in ('low', 'moderate', 'high'))
);
call app.tenant_table('risk_assessment_revisions', 'select, insert');

create table cairn.risk_assessment_signatures (
  practice_id uuid not null,
  risk_assessment_id uuid not null,
  revision integer not null,
  signer_id uuid not null,
  content_hash bytea not null,
  signed_at timestamptz not null default now(),
  constraint risk_assessment_signatures_pkey primary key (practice_id, risk_assessment_id, revision),
  constraint risk_assessment_signatures_revision_fkey foreign key (practice_id, risk_assessment_id, revision)
    references cairn.risk_assessment_revisions (practice_id, risk_assessment_id, revision),
  constraint risk_assessment_signatures_staff_fkey foreign key (practice_id, signer_id) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('risk_assessment_signatures', 'select, insert');

create table cairn.risk_assessment_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  risk_assessment_id uuid not null,
  status text not null,
  reason_sealed bytea,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint risk_assessment_changes_pkey primary key (practice_id, id),
  constraint risk_assessment_changes_head_fkey foreign key (practice_id, risk_assessment_id) references cairn.risk_assessments (practice_id, id),
  constraint risk_assessment_changes_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint risk_assessment_changes_status_check check (status in ('open', 'mitigated', 'monitored', 'closed'))
);
create index risk_assessment_changes_head on cairn.risk_assessment_changes (practice_id, risk_assessment_id, id);
call app.tenant_table('risk_assessment_changes', 'select, insert');

create table cairn.safety_plans (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  status text not null default 'active',
  revision integer not null default 1,
  review_due_on date,
  released_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint safety_plans_pkey primary key (practice_id, id),
  constraint safety_plans_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint safety_plans_status_check check (status in ('active', 'ended'))
);
create unique index safety_plans_active_key on cairn.safety_plans (practice_id, chart_id) where status = 'active';
create index safety_plans_chart on cairn.safety_plans (practice_id, chart_id, id);
call app.tenant_table('safety_plans', 'select, insert, update (status, revision, review_due_on, released_at, version, updated_at)');

create table cairn.safety_plan_revisions (
  practice_id uuid not null,
  safety_plan_id uuid not null,
  revision integer not null,
  content_sealed bytea not null,
  written_by uuid not null,
  written_at timestamptz not null default now(),
  constraint safety_plan_revisions_pkey primary key (practice_id, safety_plan_id, revision),
  constraint safety_plan_revisions_head_fkey foreign key (practice_id, safety_plan_id) references cairn.safety_plans (practice_id, id),
  constraint safety_plan_revisions_staff_fkey foreign key (practice_id, written_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('safety_plan_revisions', 'select, insert');

create table cairn.safety_plan_reviews (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  safety_plan_id uuid not null,
  revision integer not null,
  occasion text not null,
  outcome text not null,
  reviewed_on date not null,
  reviewed_by uuid not null,
  created_at timestamptz not null default now(),
  constraint safety_plan_reviews_pkey primary key (practice_id, id),
  constraint safety_plan_reviews_revision_fkey foreign key (practice_id, safety_plan_id, revision)
    references cairn.safety_plan_revisions (practice_id, safety_plan_id, revision),
  constraint safety_plan_reviews_staff_fkey foreign key (practice_id, reviewed_by) references cairn.staff_members (practice_id, id),
  constraint safety_plan_reviews_occasion_check check (occasion in ('scheduled', 'crisis', 'lapse', 'discharge', 'other')),
  constraint safety_plan_reviews_outcome_check check (outcome in ('kept', 'to_revise'))
);
create index safety_plan_reviews_plan on cairn.safety_plan_reviews (practice_id, safety_plan_id, id);
call app.tenant_table('safety_plan_reviews', 'select, insert');

-- A psychosocial assessment. Its sections are written in psychosocial_drafts; what was signed is in psychosocial_contents and
-- never changes.
create table cairn.psychosocial_assessments (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  kind text not null,
  -- The signed one that this one brings up to date.
  previous_id uuid,
  status text not null default 'draft',
  started_on date not null,
  due_on date,
  signed_on date,
  completeness integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint psychosocial_assessments_pkey primary key (practice_id, id),
  constraint psychosocial_assessments_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint psychosocial_assessments_previous_fkey foreign key (practice_id, previous_id)
    references cairn.psychosocial_assessments (practice_id, id),
  constraint psychosocial_assessments_kind_check check (kind in ('intake', 'psychosexual', 'update')),
  constraint psychosocial_assessments_status_check check (status in ('draft', 'signed')),
  constraint psychosocial_assessments_signed_check check ((signed_on is not null) = (status = 'signed')),
  constraint psychosocial_assessments_completeness_check check (completeness between 0 and 100)
);
create unique index psychosocial_assessments_draft_key on cairn.psychosocial_assessments (practice_id, chart_id, kind) where status = 'draft';
create index psychosocial_assessments_chart on cairn.psychosocial_assessments (practice_id, chart_id, id);
call app.tenant_table('psychosocial_assessments', 'select, insert, update (status, signed_on, completeness, version, updated_at)');

create table cairn.psychosocial_drafts (
  practice_id uuid not null,
  psychosocial_id uuid not null,
  version integer not null,
  content_sealed bytea not null,
  constraint psychosocial_drafts_pkey primary key (practice_id, psychosocial_id),
  constraint psychosocial_drafts_head_fkey foreign key (practice_id, psychosocial_id)
    references cairn.psychosocial_assessments (practice_id, id)
);
call app.tenant_table('psychosocial_drafts', 'select, insert, update, delete');

create table cairn.psychosocial_contents (
  practice_id uuid not null,
  psychosocial_id uuid not null,
  content_sealed bytea not null,
  content_hash bytea not null,
  signed_by uuid not null,
  signed_at timestamptz not null default now(),
  constraint psychosocial_contents_pkey primary key (practice_id, psychosocial_id),
  constraint psychosocial_contents_head_fkey foreign key (practice_id, psychosocial_id)
    references cairn.psychosocial_assessments (practice_id, id),
  constraint psychosocial_contents_staff_fkey foreign key (practice_id, signed_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('psychosocial_contents', 'select, insert');

create table cairn.psychosocial_addenda (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  psychosocial_id uuid not null,
  content_sealed bytea not null,
  written_by uuid not null,
  written_at timestamptz not null default now(),
  constraint psychosocial_addenda_pkey primary key (practice_id, id),
  constraint psychosocial_addenda_content_fkey foreign key (practice_id, psychosocial_id)
    references cairn.psychosocial_contents (practice_id, psychosocial_id),
  constraint psychosocial_addenda_staff_fkey foreign key (practice_id, written_by) references cairn.staff_members (practice_id, id)
);
create index psychosocial_addenda_head on cairn.psychosocial_addenda (practice_id, psychosocial_id, id);
call app.tenant_table('psychosocial_addenda', 'select, insert');

-- Down Migration
drop table cairn.psychosocial_addenda, cairn.psychosocial_contents, cairn.psychosocial_drafts, cairn.psychosocial_assessments,
  cairn.safety_plan_reviews, cairn.safety_plan_revisions, cairn.safety_plans, cairn.risk_assessment_changes,
  cairn.risk_assessment_signatures, cairn.risk_assessment_revisions, cairn.risk_assessments, cairn.score_sharing_consents,
  cairn.assessment_changes, cairn.assessment_scores, cairn.assessments, cairn.assessment_drafts, cairn.assessment_assignments,
  cairn.assessment_alert_rules, cairn.instrument_texts, cairn.instrument_editions, cairn.instruments;

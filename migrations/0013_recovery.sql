-- Up Migration
-- Recovery work of one client: what they do, how it goes, and how it is counted. Words are sealed; what is
-- computed with stands in columns. Nothing is overwritten: a document has revisions, an entry of a log is
-- withdrawn or superseded by another one.

-- Where the client's days begin, when it is not where the practice is.
alter table cairn.clients add column time_zone text;

-- The last one that has begun holds; of one day the one recorded last.
create table cairn.recovery_philosophies (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  philosophy text not null,
  agreed_by text not null,
  starts_on date not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint recovery_philosophies_pkey primary key (practice_id, id),
  constraint recovery_philosophies_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint recovery_philosophies_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint recovery_philosophies_philosophy_check check (philosophy in ('abstinence', 'harm_reduction', 'integrated')),
  constraint recovery_philosophies_agreed_by_check check (agreed_by in ('client', 'clinician', 'both'))
);
create index recovery_philosophies_chart on cairn.recovery_philosophies (practice_id, chart_id, starts_on desc, id desc);
call app.tenant_table('recovery_philosophies', 'select, insert');

-- The heads of everything that has revisions. What else is computed with stands in the table of its kind.
create table cairn.recovery_documents (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  kind text not null,
  status text not null,
  -- Since when it has this status, in the client's days.
  status_on date not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint recovery_documents_pkey primary key (practice_id, id),
  constraint recovery_documents_chart_key unique (practice_id, chart_id, id),
  constraint recovery_documents_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint recovery_documents_kind_check check (kind in ('addiction', 'addiction_interaction', 'behavior', 'abstinence_contract',
    'trigger', 'coping_skill', 'lapse')),
  constraint recovery_documents_status_check check (
    (kind = 'addiction' and status in ('active', 'early_remission', 'sustained_remission', 'watch'))
    or (kind = 'addiction_interaction' and status in ('observed', 'ended'))
    or (kind = 'behavior' and status in ('active', 'in_remission', 'returned'))
    or (kind = 'abstinence_contract' and status in ('proposed', 'agreed', 'active', 'broken', 'completed', 'ended_early'))
    or (kind in ('trigger', 'coping_skill') and status in ('active', 'retired'))
    or (kind = 'lapse' and status in ('reported', 'explored', 'learning_captured', 'plan_updated', 'closed', 'withdrawn')))
);
create index recovery_documents_kind on cairn.recovery_documents (practice_id, chart_id, kind, id);
call app.tenant_table('recovery_documents', 'select, insert, update (status, status_on, version, updated_at)');

create table cairn.recovery_document_revisions (
  practice_id uuid not null,
  document_id uuid not null,
  version integer not null,
  status text not null,
  status_on date not null,
  content_sealed bytea not null,
  recorded_by uuid,
  entered_by text not null,
  recorded_at timestamptz not null default now(),
  constraint recovery_document_revisions_pkey primary key (practice_id, document_id, version),
  constraint recovery_document_revisions_document_fkey foreign key (practice_id, document_id) references cairn.recovery_documents (practice_id, id),
  constraint recovery_document_revisions_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint recovery_document_revisions_entered_by_check check (entered_by in ('staff', 'client')),
  constraint recovery_document_revisions_status_check check (status in ('active', 'early_remission', 'sustained_remission', 'watch',
    'observed', 'ended', 'in_remission', 'returned', 'proposed', 'agreed', 'broken', 'completed', 'ended_early', 'retired',
    'reported', 'explored', 'learning_captured', 'plan_updated', 'closed', 'withdrawn'))
);
call app.tenant_table('recovery_document_revisions', 'select, insert');

create table cairn.addictions (
  practice_id uuid not null,
  id uuid not null,
  chart_id uuid not null,
  is_primary boolean not null,
  in_check_ins boolean not null,
  sober_since date,
  constraint addictions_pkey primary key (practice_id, id),
  constraint addictions_chart_key unique (practice_id, chart_id, id),
  constraint addictions_document_fkey foreign key (practice_id, chart_id, id) references cairn.recovery_documents (practice_id, chart_id, id)
);
create unique index addictions_primary_key on cairn.addictions (practice_id, chart_id) where is_primary;
call app.tenant_table('addictions', 'select, insert, update (is_primary, in_check_ins, sober_since)');

create table cairn.addiction_interactions (
  practice_id uuid not null,
  id uuid not null,
  chart_id uuid not null,
  from_addiction_id uuid not null,
  to_addiction_id uuid not null,
  constraint addiction_interactions_pkey primary key (practice_id, id),
  constraint addiction_interactions_document_fkey foreign key (practice_id, chart_id, id) references cairn.recovery_documents (practice_id, chart_id, id),
  constraint addiction_interactions_from_fkey foreign key (practice_id, chart_id, from_addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint addiction_interactions_to_fkey foreign key (practice_id, chart_id, to_addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint addiction_interactions_ends_check check (from_addiction_id <> to_addiction_id)
);
call app.tenant_table('addiction_interactions', 'select, insert');

-- One set of answers about one addiction and one framework, by one rater on one day.
create table cairn.criteria_reviews (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  addiction_id uuid not null,
  framework text not null,
  rated_by text not null,
  rated_on date not null,
  met_count integer not null,
  unclear_count integer not null,
  rated_count integer not null,
  content_sealed bytea not null,
  recorded_by uuid not null,
  created_at timestamptz not null default now(),
  constraint criteria_reviews_pkey primary key (practice_id, id),
  constraint criteria_reviews_addiction_fkey foreign key (practice_id, chart_id, addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint criteria_reviews_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint criteria_reviews_framework_check check (framework in ('interview_four', 'csat_ten', 'icd11_6c72', 'dsm5_sud_eleven')),
  constraint criteria_reviews_rated_by_check check (rated_by in ('self', 'clinician', 'collateral')),
  constraint criteria_reviews_counts_check check (met_count >= 0 and unclear_count >= 0 and met_count + unclear_count <= rated_count)
);
create index criteria_reviews_addiction on cairn.criteria_reviews (practice_id, addiction_id, id);
call app.tenant_table('criteria_reviews', 'select, insert');

-- A definition of sobriety, number by number: the one in force on a day is the highest that had begun.
create table cairn.sobriety_definitions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  addiction_id uuid not null,
  number integer not null,
  effective_from date not null,
  fellowship_basis text not null,
  witnessed_by text not null,
  note_sealed bytea,
  recorded_by uuid not null,
  created_at timestamptz not null default now(),
  constraint sobriety_definitions_pkey primary key (practice_id, id),
  constraint sobriety_definitions_number_key unique (practice_id, addiction_id, number),
  constraint sobriety_definitions_addiction_key unique (practice_id, addiction_id, id),
  constraint sobriety_definitions_addiction_fkey foreign key (practice_id, chart_id, addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint sobriety_definitions_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint sobriety_definitions_number_check check (number > 0),
  constraint sobriety_definitions_basis_check check (fellowship_basis in ('sa', 'saa', 'slaa', 'other_fellowship', 'custom')),
  constraint sobriety_definitions_witness_check check (witnessed_by in ('sponsor', 'therapist', 'both', 'nobody'))
);
create index sobriety_definitions_chart on cairn.sobriety_definitions (practice_id, chart_id, id);
call app.tenant_table('sobriety_definitions', 'select, insert');

-- An item keeps its id from definition to definition, so that its way between the circles can be told.
create table cairn.sobriety_items (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  addiction_id uuid not null,
  text_sealed bytea not null,
  created_at timestamptz not null default now(),
  constraint sobriety_items_pkey primary key (practice_id, id),
  constraint sobriety_items_addiction_key unique (practice_id, addiction_id, id),
  constraint sobriety_items_addiction_fkey foreign key (practice_id, addiction_id) references cairn.addictions (practice_id, id)
);
call app.tenant_table('sobriety_items', 'select, insert');

-- Which item stands in which circle of a definition. One that is left out has ended; it is never removed.
create table cairn.sobriety_definition_items (
  practice_id uuid not null,
  definition_id uuid not null,
  item_id uuid not null,
  addiction_id uuid not null,
  circle text not null,
  position integer not null,
  constraint sobriety_definition_items_pkey primary key (practice_id, definition_id, item_id),
  constraint sobriety_definition_items_definition_fkey foreign key (practice_id, addiction_id, definition_id)
    references cairn.sobriety_definitions (practice_id, addiction_id, id),
  constraint sobriety_definition_items_item_fkey foreign key (practice_id, addiction_id, item_id)
    references cairn.sobriety_items (practice_id, addiction_id, id),
  constraint sobriety_definition_items_circle_check check (circle in ('inner', 'middle', 'outer'))
);
call app.tenant_table('sobriety_definition_items', 'select, insert');

create table cairn.lapses (
  practice_id uuid not null,
  id uuid not null,
  chart_id uuid not null,
  addiction_id uuid not null,
  -- As it was said; what an item named below counts as follows from the definition in force that day.
  circle text,
  severity text not null,
  occurred_on date not null,
  -- The client's day on which it was told.
  reported_on date not null,
  antecedents text[] not null default '{}',
  plan_changes integer not null default 0,
  constraint lapses_pkey primary key (practice_id, id),
  constraint lapses_chart_key unique (practice_id, chart_id, id),
  constraint lapses_addiction_key unique (practice_id, addiction_id, id),
  constraint lapses_document_fkey foreign key (practice_id, chart_id, id) references cairn.recovery_documents (practice_id, chart_id, id),
  constraint lapses_addiction_fkey foreign key (practice_id, chart_id, addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint lapses_circle_check check (circle in ('inner', 'middle', 'outer')),
  constraint lapses_severity_check check (severity in ('slip', 'lapse', 'relapse')),
  constraint lapses_antecedents_check check (antecedents <@ array['hungry', 'angry', 'anxious', 'lonely', 'tired', 'bored', 'shame',
    'conflict', 'rejection', 'stress_at_work', 'unstructured_time', 'alone_with_device', 'travel', 'payday', 'substance_use',
    'celebration', 'physical_pain', 'trauma_reminder', 'other'])
);
create index lapses_occurred on cairn.lapses (practice_id, chart_id, occurred_on, id);
call app.tenant_table('lapses', 'select, insert, update (circle, severity, occurred_on, antecedents, plan_changes)');

create table cairn.lapse_items (
  practice_id uuid not null,
  lapse_id uuid not null,
  item_id uuid not null,
  addiction_id uuid not null,
  constraint lapse_items_pkey primary key (practice_id, lapse_id, item_id),
  constraint lapse_items_lapse_fkey foreign key (practice_id, addiction_id, lapse_id) references cairn.lapses (practice_id, addiction_id, id),
  constraint lapse_items_item_fkey foreign key (practice_id, addiction_id, item_id) references cairn.sobriety_items (practice_id, addiction_id, id)
);
call app.tenant_table('lapse_items', 'select, insert, delete');

create table cairn.lapse_behaviors (
  practice_id uuid not null,
  lapse_id uuid not null,
  behavior_id uuid not null,
  chart_id uuid not null,
  constraint lapse_behaviors_pkey primary key (practice_id, lapse_id, behavior_id),
  constraint lapse_behaviors_lapse_fkey foreign key (practice_id, chart_id, lapse_id) references cairn.lapses (practice_id, chart_id, id),
  constraint lapse_behaviors_behavior_fkey foreign key (practice_id, chart_id, behavior_id) references cairn.recovery_documents (practice_id, chart_id, id)
);
create index lapse_behaviors_behavior on cairn.lapse_behaviors (practice_id, behavior_id);
call app.tenant_table('lapse_behaviors', 'select, insert, delete');

create table cairn.abstinence_contracts (
  practice_id uuid not null,
  id uuid not null,
  chart_id uuid not null,
  addiction_id uuid,
  scope text not null,
  is_running boolean not null default false,
  constraint abstinence_contracts_pkey primary key (practice_id, id),
  constraint abstinence_contracts_chart_key unique (practice_id, chart_id, id),
  constraint abstinence_contracts_document_fkey foreign key (practice_id, chart_id, id) references cairn.recovery_documents (practice_id, chart_id, id),
  constraint abstinence_contracts_addiction_fkey foreign key (practice_id, chart_id, addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint abstinence_contracts_scope_check check (scope in ('all_sexual', 'outside_relationship', 'self', 'specified'))
);
-- Of one thing one contract runs at a time.
create unique index abstinence_contracts_running_key on cairn.abstinence_contracts (practice_id, chart_id, scope, addiction_id)
  nulls not distinct where is_running;
call app.tenant_table('abstinence_contracts', 'select, insert, update (is_running)');

-- What happened to a contract, in order: its days are counted from here.
create table cairn.abstinence_contract_steps (
  practice_id uuid not null,
  contract_id uuid not null,
  -- The version of the contract that this step made: two steps at once are decided by the key.
  version integer not null,
  chart_id uuid not null,
  step text not null,
  effective_on date not null,
  planned_days integer,
  lapse_id uuid,
  partner_role text,
  partner_consented_on date,
  recorded_by uuid not null,
  created_at timestamptz not null default now(),
  constraint abstinence_contract_steps_pkey primary key (practice_id, contract_id, version),
  constraint abstinence_contract_steps_contract_fkey foreign key (practice_id, chart_id, contract_id) references cairn.abstinence_contracts (practice_id, chart_id, id),
  constraint abstinence_contract_steps_lapse_fkey foreign key (practice_id, chart_id, lapse_id) references cairn.lapses (practice_id, chart_id, id),
  constraint abstinence_contract_steps_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint abstinence_contract_steps_step_check check (step in ('proposed', 'agreed', 'started', 'broken', 'continued', 'restarted',
    'extended', 'completed', 'ended_early', 'partner_consented')),
  constraint abstinence_contract_steps_days_check check (planned_days between 1 and 730),
  constraint abstinence_contract_steps_lapse_check check ((step = 'broken') = (lapse_id is not null)),
  constraint abstinence_contract_steps_planned_check check ((step in ('proposed', 'extended')) = (planned_days is not null)),
  constraint abstinence_contract_steps_partner_role_check check (partner_role in ('spouse', 'partner', 'other')),
  constraint abstinence_contract_steps_partner_check check (num_nonnulls(partner_role, partner_consented_on)
    = case when step = 'partner_consented' then 2 else 0 end)
);
create index abstinence_contract_steps_chart on cairn.abstinence_contract_steps (practice_id, chart_id, contract_id, version);
call app.tenant_table('abstinence_contract_steps', 'select, insert');

-- One form for a day, or for the seven days that end with it. A correction is a new row that names the one it
-- supersedes; both stay.
create table cairn.check_ins (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  kind text not null,
  covers_on date not null,
  -- The client's day on which it was sent.
  entered_on date not null,
  in_force boolean not null default true,
  supersedes_id uuid,
  mood integer,
  stress integer,
  sleep_minutes integer,
  meetings integer,
  contacts integer,
  anxiety integer,
  irritability integer,
  depression integer,
  dysphoria integer,
  shame integer,
  hopelessness integer,
  note_sealed bytea,
  recorded_by uuid,
  entered_by text not null,
  created_at timestamptz not null default now(),
  constraint check_ins_pkey primary key (practice_id, id),
  constraint check_ins_chart_key unique (practice_id, chart_id, id),
  constraint check_ins_supersedes_key unique (practice_id, supersedes_id),
  constraint check_ins_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint check_ins_supersedes_fkey foreign key (practice_id, chart_id, supersedes_id) references cairn.check_ins (practice_id, chart_id, id),
  constraint check_ins_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint check_ins_kind_check check (kind in ('daily', 'weekly')),
  constraint check_ins_entered_by_check check (entered_by in ('staff', 'client')),
  constraint check_ins_ratings_check check (least(mood, stress, anxiety, irritability, depression, dysphoria, shame, hopelessness) >= 0
    and greatest(mood, stress, anxiety, irritability, depression, dysphoria, shame, hopelessness) <= 10),
  constraint check_ins_counts_check check (sleep_minutes between 0 and 1440 and meetings between 0 and 100 and contacts between 0 and 500)
);
create unique index check_ins_day_key on cairn.check_ins (practice_id, chart_id, kind, covers_on) where in_force;
create index check_ins_chart on cairn.check_ins (practice_id, chart_id, covers_on, id);
call app.tenant_table('check_ins', 'select, insert, update (in_force)');

create table cairn.check_in_addictions (
  practice_id uuid not null,
  check_in_id uuid not null,
  addiction_id uuid not null,
  chart_id uuid not null,
  urge integer,
  inner_circle boolean,
  middle_circle boolean,
  outer_circle boolean,
  constraint check_in_addictions_pkey primary key (practice_id, check_in_id, addiction_id),
  constraint check_in_addictions_check_in_fkey foreign key (practice_id, chart_id, check_in_id) references cairn.check_ins (practice_id, chart_id, id),
  constraint check_in_addictions_addiction_fkey foreign key (practice_id, chart_id, addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint check_in_addictions_urge_check check (urge between 0 and 10)
);
call app.tenant_table('check_in_addictions', 'select, insert');

-- An urge that was noticed, and what was done. Day, hour and weekday are the client's at that time.
create table cairn.urges (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  addiction_id uuid,
  trigger_id uuid,
  occurred_at timestamptz not null,
  occurred_on date not null,
  local_hour integer not null,
  weekday integer not null,
  stage text not null,
  urge_before integer not null,
  urge_after integer,
  outcome text not null,
  note_sealed bytea,
  recorded_by uuid,
  entered_by text not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  created_at timestamptz not null default now(),
  constraint urges_pkey primary key (practice_id, id),
  constraint urges_chart_key unique (practice_id, chart_id, id),
  constraint urges_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint urges_addiction_fkey foreign key (practice_id, chart_id, addiction_id) references cairn.addictions (practice_id, chart_id, id),
  constraint urges_trigger_fkey foreign key (practice_id, chart_id, trigger_id) references cairn.recovery_documents (practice_id, chart_id, id),
  constraint urges_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint urges_withdrawn_by_fkey foreign key (practice_id, withdrawn_by) references cairn.staff_members (practice_id, id),
  constraint urges_stage_check check (stage in ('cue', 'thought', 'ritual', 'act')),
  constraint urges_outcome_check check (outcome in ('passed', 'weakened', 'unchanged', 'acted_on')),
  constraint urges_entered_by_check check (entered_by in ('staff', 'client')),
  constraint urges_ratings_check check (urge_before between 0 and 10 and urge_after between 0 and 10),
  constraint urges_clock_check check (local_hour between 0 and 23 and weekday between 1 and 7),
  constraint urges_withdrawn_check check (num_nonnulls(withdrawn_at, withdrawn_by) in (0, 2))
);
create index urges_chart on cairn.urges (practice_id, chart_id, occurred_on, id);
call app.tenant_table('urges', 'select, insert, update (withdrawn_at, withdrawn_by)');

create table cairn.urge_skills (
  practice_id uuid not null,
  urge_id uuid not null,
  skill_id uuid not null,
  chart_id uuid not null,
  constraint urge_skills_pkey primary key (practice_id, urge_id, skill_id),
  constraint urge_skills_urge_fkey foreign key (practice_id, chart_id, urge_id) references cairn.urges (practice_id, chart_id, id),
  constraint urge_skills_skill_fkey foreign key (practice_id, chart_id, skill_id) references cairn.recovery_documents (practice_id, chart_id, id)
);
call app.tenant_table('urge_skills', 'select, insert');

-- A milestone is confirmed by the first check-in on or after its day: told once for each beginning of a contract.
create table cairn.abstinence_milestones (
  practice_id uuid not null,
  contract_id uuid not null,
  starts_on date not null,
  days integer not null,
  chart_id uuid not null,
  check_in_id uuid not null,
  created_at timestamptz not null default now(),
  constraint abstinence_milestones_pkey primary key (practice_id, contract_id, starts_on, days),
  constraint abstinence_milestones_contract_fkey foreign key (practice_id, chart_id, contract_id) references cairn.abstinence_contracts (practice_id, chart_id, id),
  constraint abstinence_milestones_check_in_fkey foreign key (practice_id, chart_id, check_in_id) references cairn.check_ins (practice_id, chart_id, id)
);
call app.tenant_table('abstinence_milestones', 'select, insert');

-- Down Migration
drop table cairn.abstinence_milestones, cairn.urge_skills, cairn.urges, cairn.check_in_addictions, cairn.check_ins,
  cairn.abstinence_contract_steps, cairn.abstinence_contracts, cairn.lapse_behaviors, cairn.lapse_items, cairn.lapses,
  cairn.sobriety_definition_items, cairn.sobriety_items, cairn.sobriety_definitions, cairn.criteria_reviews,
  cairn.addiction_interactions, cairn.addictions, cairn.recovery_document_revisions, cairn.recovery_documents,
  cairn.recovery_philosophies;
alter table cairn.clients drop column time_zone;

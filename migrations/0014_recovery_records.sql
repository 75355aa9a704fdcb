-- Up Migration
-- Everything of recovery work that is no addiction, behavior, sobriety definition, contract, lapse or check-in: one table
-- for all kinds of records. What a kind is stands in src/modules/recovery/records/kinds; the lists here are the same
-- (test/recovery/record-kinds.test.ts says so).

create table cairn.recovery_records (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  -- In a couple's chart: the partner it is about.
  client_id uuid,
  kind text not null,
  status text not null,
  data_class text not null,
  addiction_id uuid,
  behavior_id uuid,
  -- What it belongs to: a requirement to its matter, a contact to the support person.
  related_id uuid,
  -- The entry that this one takes the place of.
  corrects_id uuid,
  -- The treatment plan in force that has an objective for a block; the plan says so (treatment-plans), nobody else.
  plan_id uuid,
  occurred_on date not null,
  ends_on date,
  review_on date,
  -- Words of lists and numbers, each in an order of the kind's own. Figures are computed from them.
  keys text[] not null default '{}',
  measures double precision[] not null default '{}',
  warnings text[] not null default '{}',
  released boolean not null default false,
  entered_by text not null,
  recorded_by uuid,
  -- The version whose revision holds the content in force.
  content_version integer not null default 1,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint recovery_records_pkey primary key (practice_id, id),
  constraint recovery_records_chart_key unique (practice_id, chart_id, id),
  constraint recovery_records_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint recovery_records_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint recovery_records_addiction_fkey foreign key (practice_id, chart_id, addiction_id)
    references cairn.recovery_documents (practice_id, chart_id, id),
  constraint recovery_records_behavior_fkey foreign key (practice_id, chart_id, behavior_id)
    references cairn.recovery_documents (practice_id, chart_id, id),
  constraint recovery_records_related_fkey foreign key (practice_id, chart_id, related_id)
    references cairn.recovery_records (practice_id, chart_id, id),
  constraint recovery_records_corrects_fkey foreign key (practice_id, chart_id, corrects_id)
    references cairn.recovery_records (practice_id, chart_id, id),
  constraint recovery_records_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint recovery_records_entered_by_check check (entered_by in ('staff', 'client')),
  constraint recovery_records_recorder_check check ((entered_by = 'staff') = (recorded_by is not null)),
  constraint recovery_records_subject_check check (num_nonnulls(addiction_id, behavior_id) <= 1),
  -- Which behavior somebody has is for the care team alone, and so is whatever is about one.
  constraint recovery_records_behavior_check check (behavior_id is null or data_class = 'restricted'),
  constraint recovery_records_dates_check check (ends_on >= occurred_on),
  constraint recovery_records_data_class_check check (data_class in ('clinical', 'restricted')),
  constraint recovery_records_kind_check check (kind in (
    'block', 'consequence', 'containment_plan', 'readiness', 'harm_reduction_goal', 'harm_reduction_entry',
    'cycle_entry', 'escalation_entry', 'typology', 'support_person', 'contact_log', 'substitute_bond', 'attachment',
    'fellowship_participation', 'meeting_log', 'sponsor', 'step_work', 'tech_plan', 'accountability_event',
    'honesty_check_in', 'integration_rating', 'secret', 'intimacy_practice', 'sexuality_plan',
    'education_assignment', 'rating', 'trauma_event', 'discovery_event', 'partner_care', 'legal_matter',
    'legal_requirement', 'legal_report', 'mandated_report')),
  constraint recovery_records_status_check check (status in (
    'identified', 'addressed_in_plan', 'improving', 'resolved', 'recurring', 'withdrawn', 'active', 'being_repaired',
    'draft', 'breached', 'revised', 'stepped_down', 'archived', 'recorded', 'negotiated', 'met', 'tightened',
    'loosened', 'converted_to_abstinence', 'ended', 'considered', 'agreed', 'set_aside', 'proposed', 'inactive',
    'suggested', 'trying', 'attending', 'home_group_and_sponsor', 'sponsoring', 'stopped', 'started', 'done',
    'shared_with_sponsor', 'planned', 'installed', 'lapsed_coverage', 'removed', 'held', 'preparing', 'disclosed',
    'let_be', 'introduced', 'practicing', 'integrated', 'discussed', 'maintained', 'paused', 'assigned', 'opened',
    'completed', 'stabilizing', 'ready_to_process', 'processing', 'deferred', 'not_engaged', 'offered', 'engaged',
    'own_therapist', 'group', 'open', 'closed', 'in_compliance', 'out_of_compliance', 'satisfied', 'released',
    'suspected', 'consulted', 'decided', 'oral_made', 'written_filed', 'acknowledged')),
  constraint recovery_records_kind_status_check check (kind || ' ' || status in (
    'block identified', 'block addressed_in_plan', 'block improving', 'block resolved', 'block recurring',
    'block withdrawn', 'consequence active', 'consequence being_repaired', 'consequence resolved',
    'consequence withdrawn', 'containment_plan draft', 'containment_plan active', 'containment_plan breached',
    'containment_plan revised', 'containment_plan stepped_down', 'containment_plan archived',
    'containment_plan withdrawn', 'readiness recorded', 'readiness withdrawn', 'harm_reduction_goal negotiated',
    'harm_reduction_goal active', 'harm_reduction_goal met', 'harm_reduction_goal tightened',
    'harm_reduction_goal loosened', 'harm_reduction_goal converted_to_abstinence', 'harm_reduction_goal ended',
    'harm_reduction_goal withdrawn', 'harm_reduction_entry recorded', 'harm_reduction_entry withdrawn',
    'cycle_entry recorded', 'cycle_entry withdrawn', 'escalation_entry recorded', 'escalation_entry withdrawn',
    'typology considered', 'typology agreed', 'typology set_aside', 'typology withdrawn', 'support_person proposed',
    'support_person agreed', 'support_person inactive', 'support_person withdrawn', 'contact_log recorded',
    'contact_log withdrawn', 'substitute_bond recorded', 'substitute_bond withdrawn', 'attachment recorded',
    'attachment withdrawn', 'fellowship_participation suggested', 'fellowship_participation trying',
    'fellowship_participation attending', 'fellowship_participation home_group_and_sponsor',
    'fellowship_participation sponsoring', 'fellowship_participation stopped', 'fellowship_participation withdrawn',
    'meeting_log recorded', 'meeting_log withdrawn', 'sponsor active', 'sponsor ended', 'sponsor withdrawn',
    'step_work started', 'step_work done', 'step_work shared_with_sponsor', 'step_work withdrawn',
    'tech_plan planned', 'tech_plan installed', 'tech_plan active', 'tech_plan lapsed_coverage', 'tech_plan removed',
    'tech_plan withdrawn', 'accountability_event recorded', 'accountability_event withdrawn',
    'honesty_check_in recorded', 'honesty_check_in withdrawn', 'integration_rating recorded',
    'integration_rating withdrawn', 'secret held', 'secret preparing', 'secret disclosed', 'secret let_be',
    'secret withdrawn', 'intimacy_practice introduced', 'intimacy_practice practicing',
    'intimacy_practice integrated', 'intimacy_practice withdrawn', 'sexuality_plan draft',
    'sexuality_plan discussed', 'sexuality_plan active', 'sexuality_plan practicing', 'sexuality_plan maintained',
    'sexuality_plan paused', 'sexuality_plan withdrawn', 'education_assignment assigned',
    'education_assignment opened', 'education_assignment completed', 'education_assignment discussed',
    'education_assignment withdrawn', 'rating recorded', 'rating withdrawn', 'trauma_event identified',
    'trauma_event stabilizing', 'trauma_event ready_to_process', 'trauma_event processing', 'trauma_event resolved',
    'trauma_event deferred', 'trauma_event withdrawn', 'discovery_event recorded', 'discovery_event withdrawn',
    'partner_care not_engaged', 'partner_care offered', 'partner_care engaged', 'partner_care own_therapist',
    'partner_care group', 'partner_care withdrawn', 'legal_matter open', 'legal_matter closed',
    'legal_matter withdrawn', 'legal_requirement open', 'legal_requirement in_compliance',
    'legal_requirement out_of_compliance', 'legal_requirement satisfied', 'legal_requirement withdrawn',
    'legal_report draft', 'legal_report released', 'legal_report withdrawn', 'mandated_report suspected',
    'mandated_report consulted', 'mandated_report decided', 'mandated_report oral_made',
    'mandated_report written_filed', 'mandated_report acknowledged', 'mandated_report closed',
    'mandated_report withdrawn')),
  constraint recovery_records_kind_class_check check (kind || ' ' || data_class in (
    'block clinical', 'block restricted', 'consequence clinical', 'consequence restricted',
    'containment_plan clinical', 'readiness clinical', 'readiness restricted', 'harm_reduction_goal clinical',
    'harm_reduction_goal restricted', 'harm_reduction_entry clinical', 'harm_reduction_entry restricted',
    'cycle_entry clinical', 'escalation_entry restricted', 'typology restricted', 'support_person clinical',
    'contact_log clinical', 'contact_log restricted', 'substitute_bond clinical', 'substitute_bond restricted',
    'attachment clinical', 'fellowship_participation clinical', 'meeting_log clinical', 'meeting_log restricted',
    'sponsor clinical', 'step_work clinical', 'tech_plan clinical', 'accountability_event clinical',
    'accountability_event restricted', 'honesty_check_in clinical', 'integration_rating clinical',
    'secret restricted', 'intimacy_practice clinical', 'sexuality_plan restricted', 'education_assignment clinical',
    'rating clinical', 'trauma_event restricted', 'discovery_event restricted', 'partner_care clinical',
    'legal_matter restricted', 'legal_requirement restricted', 'legal_report restricted', 'mandated_report restricted'))
);
create unique index recovery_records_containment_plan_key on cairn.recovery_records (practice_id, chart_id)
  where kind = 'containment_plan' and status in ('active', 'revised', 'stepped_down', 'breached');
create unique index recovery_records_corrects_key on cairn.recovery_records (practice_id, corrects_id) where corrects_id is not null;
create index recovery_records_chart on cairn.recovery_records (practice_id, chart_id, occurred_on, id);
create index recovery_records_kind on cairn.recovery_records (practice_id, chart_id, kind, occurred_on, id);
create index recovery_records_related on cairn.recovery_records (practice_id, related_id, occurred_on, id) where related_id is not null;
-- What is due is looked for in the whole practice, by its daily job.
create index recovery_records_review on cairn.recovery_records (practice_id, review_on, id) where review_on is not null;
create index recovery_records_contact on cairn.recovery_records (practice_id, chart_id, occurred_on)
  where kind in ('contact_log', 'meeting_log') and status = 'recorded';
call app.tenant_table('recovery_records', 'select, insert, update (status, data_class, addiction_id, behavior_id, plan_id,
  occurred_on, ends_on, review_on, keys, measures, warnings, released, content_version, version, updated_at)');

-- What became of each record, step by step. The version is the record's: of two steps at once the key lets one pass.
create table cairn.recovery_record_revisions (
  practice_id uuid not null,
  record_id uuid not null,
  version integer not null,
  change text not null,
  status text not null,
  effective_on date not null,
  -- Null where a step left the content alone.
  content_sealed bytea,
  reason_key text,
  -- What was said about the step: a reason, and why a warning was passed over.
  words_sealed bytea,
  warnings text[] not null default '{}',
  entered_by text not null,
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint recovery_record_revisions_pkey primary key (practice_id, record_id, version),
  constraint recovery_record_revisions_record_fkey foreign key (practice_id, record_id) references cairn.recovery_records (practice_id, id),
  constraint recovery_record_revisions_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint recovery_record_revisions_entered_by_check check (entered_by in ('staff', 'client')),
  constraint recovery_record_revisions_recorder_check check ((entered_by = 'staff') = (recorded_by is not null)),
  constraint recovery_record_revisions_change_check check (change in ('created', 'revised', 'status_changed', 'reviewed', 'corrected',
    'released', 'unreleased')),
  constraint recovery_record_revisions_content_check check ((content_sealed is not null) = (change in ('created', 'revised'))),
  constraint recovery_record_revisions_reason_check check (reason_key in (
    'device', 'account', 'cash', 'place', 'person', 'substance', 'schedule', 'other', 'after_lapse',
    'client_request', 'partner_request', 'clinical_judgment')),
  constraint recovery_record_revisions_status_check check (status in (
    'identified', 'addressed_in_plan', 'improving', 'resolved', 'recurring', 'withdrawn', 'active', 'being_repaired',
    'draft', 'breached', 'revised', 'stepped_down', 'archived', 'recorded', 'negotiated', 'met', 'tightened',
    'loosened', 'converted_to_abstinence', 'ended', 'considered', 'agreed', 'set_aside', 'proposed', 'inactive',
    'suggested', 'trying', 'attending', 'home_group_and_sponsor', 'sponsoring', 'stopped', 'started', 'done',
    'shared_with_sponsor', 'planned', 'installed', 'lapsed_coverage', 'removed', 'held', 'preparing', 'disclosed',
    'let_be', 'introduced', 'practicing', 'integrated', 'discussed', 'maintained', 'paused', 'assigned', 'opened',
    'completed', 'stabilizing', 'ready_to_process', 'processing', 'deferred', 'not_engaged', 'offered', 'engaged',
    'own_therapist', 'group', 'open', 'closed', 'in_compliance', 'out_of_compliance', 'satisfied', 'released',
    'suspected', 'consulted', 'decided', 'oral_made', 'written_filed', 'acknowledged'))
);
call app.tenant_table('recovery_record_revisions', 'select, insert');

-- Down Migration
drop table cairn.recovery_record_revisions, cairn.recovery_records;

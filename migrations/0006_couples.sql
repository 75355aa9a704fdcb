-- Up Migration
-- A couple as a unit of care, beside two private charts. Nothing here leads from one partner to the other:
-- who may see a couple stands in the care team of its joint chart (0005).

create table cairn.couples (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  first_client_id uuid not null,
  -- Null until the partner, still a related person of the first client, has become a client.
  second_client_id uuid,
  related_person_id uuid,
  -- Opens when both are clients.
  chart_id uuid,
  -- Who becomes the chart's primary clinician when it opens; the care team is the truth from then on.
  opening_clinician_id uuid,
  status text not null default 'together',
  status_from date not null,
  created_by uuid not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint couples_pkey primary key (practice_id, id),
  constraint couples_chart_key unique (practice_id, chart_id),
  constraint couples_first_fkey foreign key (practice_id, first_client_id) references cairn.clients (practice_id, id),
  constraint couples_second_fkey foreign key (practice_id, second_client_id) references cairn.clients (practice_id, id),
  constraint couples_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint couples_related_person_fkey foreign key (practice_id, related_person_id) references cairn.related_people (practice_id, id),
  constraint couples_created_by_fkey foreign key (practice_id, created_by) references cairn.staff_members (practice_id, id),
  constraint couples_clinician_fkey foreign key (practice_id, opening_clinician_id) references cairn.staff_members (practice_id, id),
  constraint couples_partners_check check (second_client_id <> first_client_id),
  constraint couples_partner_check check (second_client_id is not null or related_person_id is not null),
  constraint couples_chart_check check ((chart_id is null) = (second_client_id is null)),
  constraint couples_status_check check (status in ('together', 'separated', 'divorced', 'rejoined', 'ended'))
);
-- Two clients are one current couple at most, whichever of them was named first.
create unique index couples_pair_key on cairn.couples
  (practice_id, least(first_client_id, second_client_id), greatest(first_client_id, second_client_id))
  where second_client_id is not null and status <> 'ended';
-- Only until the partner is a client: whoever sees the first client alone must not learn that from a refusal.
create unique index couples_related_person_key on cairn.couples (practice_id, related_person_id)
  where related_person_id is not null and second_client_id is null and status <> 'ended';
create index couples_related_person on cairn.couples (practice_id, related_person_id) where related_person_id is not null;
create index couples_first on cairn.couples (practice_id, first_client_id);
create index couples_second on cairn.couples (practice_id, second_client_id) where second_client_id is not null;
call app.tenant_table('couples', 'select, insert, update');

-- When each partner was in the couple's care, as the practice recorded it: never backdated, because a
-- partner must sign for everything written until then.
create table cairn.couple_member_periods (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  couple_id uuid not null,
  client_id uuid not null,
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  constraint couple_member_periods_pkey primary key (practice_id, id),
  constraint couple_member_periods_couple_fkey foreign key (practice_id, couple_id) references cairn.couples (practice_id, id),
  constraint couple_member_periods_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint couple_member_periods_dates_check check (left_at >= joined_at)
);
create unique index couple_member_periods_present on cairn.couple_member_periods (practice_id, couple_id, client_id)
  where left_at is null;
call app.tenant_table('couple_member_periods', 'select, insert, update (left_at)');

create table cairn.couple_status_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  couple_id uuid not null,
  status text not null,
  effective_from date not null,
  end_reason text,
  reason_sealed bytea,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint couple_status_changes_pkey primary key (practice_id, id),
  constraint couple_status_changes_couple_fkey foreign key (practice_id, couple_id) references cairn.couples (practice_id, id),
  constraint couple_status_changes_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint couple_status_changes_status_check check (status in ('together', 'separated', 'divorced', 'rejoined', 'ended')),
  constraint couple_status_changes_end_check check ((end_reason is not null) = (status = 'ended')),
  constraint couple_status_changes_end_reason_check check (end_reason in ('deceased', 'care_concluded', 'linked_in_error'))
);
create index couple_status_changes_couple on cairn.couple_status_changes (practice_id, couple_id, id);
call app.tenant_table('couple_status_changes', 'select, insert');

-- In whose name the couple's sessions are billed, from a day on; null for nobody (self-pay).
create table cairn.couple_identified_patients (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  couple_id uuid not null,
  client_id uuid,
  effective_from date not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint couple_identified_patients_pkey primary key (practice_id, id),
  constraint couple_identified_patients_couple_fkey foreign key (practice_id, couple_id) references cairn.couples (practice_id, id),
  constraint couple_identified_patients_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint couple_identified_patients_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id)
);
create index couple_identified_patients_couple on cairn.couple_identified_patients
  (practice_id, couple_id, effective_from desc, recorded_at desc);
call app.tenant_table('couple_identified_patients', 'select, insert');

-- The confidentiality policy, number by number. Its text stands in couple_policy_texts, its signatures in
-- couple_policy_signatures: both are only ever added to.
create table cairn.couple_policies (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  couple_id uuid not null,
  number integer not null,
  revision integer not null default 1,
  status text not null default 'draft',
  offered_at timestamptz,
  in_force_at timestamptz,
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint couple_policies_pkey primary key (practice_id, id),
  constraint couple_policies_number_key unique (practice_id, couple_id, number),
  constraint couple_policies_couple_fkey foreign key (practice_id, couple_id) references cairn.couples (practice_id, id),
  constraint couple_policies_status_check check (status in ('draft', 'offered', 'in_force', 'suspended', 'superseded', 'canceled'))
);
create unique index couple_policies_open_key on cairn.couple_policies (practice_id, couple_id) where status in ('draft', 'offered');
create unique index couple_policies_in_force_key on cairn.couple_policies (practice_id, couple_id)
  where status in ('in_force', 'suspended');
call app.tenant_table('couple_policies', 'select, insert, update');

create table cairn.couple_policy_texts (
  practice_id uuid not null,
  policy_id uuid not null,
  revision integer not null,
  kind text not null,
  text_sealed bytea not null,
  content_hash bytea not null,
  written_by uuid not null,
  written_at timestamptz not null default now(),
  constraint couple_policy_texts_pkey primary key (practice_id, policy_id, revision),
  constraint couple_policy_texts_policy_fkey foreign key (practice_id, policy_id) references cairn.couple_policies (practice_id, id),
  constraint couple_policy_texts_staff_fkey foreign key (practice_id, written_by) references cairn.staff_members (practice_id, id),
  constraint couple_policy_texts_kind_check check (kind in ('no_secrets', 'limited_secrets'))
);
call app.tenant_table('couple_policy_texts', 'select, insert');

-- What each partner did about a policy: signed it, or took the signature back. The last act of a partner counts.
create table cairn.couple_policy_signatures (
  practice_id uuid not null,
  policy_id uuid not null,
  -- The version of the policy this act made: two acts at once are decided by the key.
  policy_version integer not null,
  revision integer not null,
  client_id uuid not null,
  act text not null,
  method text not null,
  acted_at timestamptz not null,
  content_hash bytea not null,
  attested_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint couple_policy_signatures_pkey primary key (practice_id, policy_id, policy_version),
  constraint couple_policy_signatures_text_fkey foreign key (practice_id, policy_id, revision)
    references cairn.couple_policy_texts (practice_id, policy_id, revision),
  constraint couple_policy_signatures_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint couple_policy_signatures_staff_fkey foreign key (practice_id, attested_by) references cairn.staff_members (practice_id, id),
  constraint couple_policy_signatures_act_check check (act in ('signed', 'withdrawn')),
  constraint couple_policy_signatures_method_check check (method in ('wet_ink', 'electronic', 'in_person', 'in_writing'))
);
call app.tenant_table('couple_policy_signatures', 'select, insert');

-- What the partners agreed on. The terms never change: other terms are another agreement.
create table cairn.couple_agreements (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  couple_id uuid not null,
  topic text not null,
  content_sealed bytea not null,
  status text not null default 'proposed',
  starts_on date,
  ends_on date,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint couple_agreements_pkey primary key (practice_id, id),
  constraint couple_agreements_couple_fkey foreign key (practice_id, couple_id) references cairn.couples (practice_id, id),
  constraint couple_agreements_topic_check check (topic in ('communication', 'technology', 'financial_transparency', 'boundary',
    'check_in', 'lapse_disclosure', 'sexual_break', 'other')),
  constraint couple_agreements_dates_check check (ends_on >= starts_on),
  constraint couple_agreements_status_check check (status in ('proposed', 'agreed', 'broken', 'ended'))
);
create index couple_agreements_couple on cairn.couple_agreements (practice_id, couple_id, id);
call app.tenant_table('couple_agreements', 'select, insert, update (status, version, updated_at)');

create table cairn.couple_agreement_acceptances (
  practice_id uuid not null,
  agreement_id uuid not null,
  client_id uuid not null,
  accepted_on date not null,
  attested_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint couple_agreement_acceptances_pkey primary key (practice_id, agreement_id, client_id),
  constraint couple_agreement_acceptances_agreement_fkey foreign key (practice_id, agreement_id) references cairn.couple_agreements (practice_id, id),
  constraint couple_agreement_acceptances_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint couple_agreement_acceptances_staff_fkey foreign key (practice_id, attested_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('couple_agreement_acceptances', 'select, insert');

create table cairn.couple_agreement_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  agreement_id uuid not null,
  status text not null,
  effective_on date not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint couple_agreement_changes_pkey primary key (practice_id, id),
  constraint couple_agreement_changes_agreement_fkey foreign key (practice_id, agreement_id) references cairn.couple_agreements (practice_id, id),
  constraint couple_agreement_changes_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint couple_agreement_changes_status_check check (status in ('proposed', 'agreed', 'broken', 'ended'))
);
create index couple_agreement_changes_agreement on cairn.couple_agreement_changes (practice_id, agreement_id, id);
call app.tenant_table('couple_agreement_changes', 'select, insert');

-- Down Migration
drop table cairn.couple_agreement_changes, cairn.couple_agreement_acceptances, cairn.couple_agreements,
  cairn.couple_policy_signatures, cairn.couple_policy_texts, cairn.couple_policies, cairn.couple_identified_patients,
  cairn.couple_status_changes, cairn.couple_member_periods, cairn.couples;

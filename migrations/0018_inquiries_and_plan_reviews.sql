-- Up Migration
-- First contact, before anybody is a client; a supervisor's remarks on a plan; one clinician for both partners.

-- Whoever asked for care. Who it was and what they said are sealed apart, because not everybody who calls back may read
-- what was said; both go when the time is over, and what is left names nobody.
create table cairn.inquiries (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  status text not null default 'received',
  source text not null,
  contact_role text not null,
  asked_for text[] not null,
  region text,
  urgent boolean not null,
  person_sealed bytea,
  words_sealed bytea,
  assigned_to uuid,
  -- Whom it became.
  client_id uuid,
  received_by uuid not null,
  received_at timestamptz not null,
  contacted_at timestamptz,
  screened_at timestamptz,
  ended_at timestamptz,
  anonymized_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint inquiries_pkey primary key (practice_id, id),
  constraint inquiries_client_key unique (practice_id, client_id),
  constraint inquiries_assigned_fkey foreign key (practice_id, assigned_to) references cairn.staff_members (practice_id, id),
  constraint inquiries_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint inquiries_received_by_fkey foreign key (practice_id, received_by) references cairn.staff_members (practice_id, id),
  constraint inquiries_status_check check (status in ('received', 'contacted', 'screened', 'accepted', 'referred_out', 'declined', 'closed')),
  constraint inquiries_source_check check (source in ('website', 'search', 'directory', 'podcast', 'radio', 'social_media', 'event',
    'word_of_mouth', 'former_client', 'clinician', 'physician', 'attorney', 'court', 'employer', 'insurer', 'other')),
  constraint inquiries_contact_role_check check (contact_role in ('self', 'partner', 'parent', 'family', 'friend', 'colleague',
    'clinician', 'attorney', 'court', 'other')),
  constraint inquiries_asked_for_check check (asked_for <@ array['individual', 'couple', 'group', 'intensive', 'assessment',
    'partner_support', 'family', 'information', 'other']),
  constraint inquiries_accepted_check check ((client_id is not null) = (status = 'accepted')),
  constraint inquiries_ended_check check ((ended_at is not null) = (status in ('accepted', 'referred_out', 'declined', 'closed'))),
  constraint inquiries_anonymized_check check (anonymized_at is null
    or (person_sealed is null and words_sealed is null and status in ('referred_out', 'declined', 'closed'))),
  constraint inquiries_person_check check (person_sealed is not null or anonymized_at is not null)
);
create index inquiries_received on cairn.inquiries (practice_id, received_at);
create index inquiries_assigned on cairn.inquiries (practice_id, assigned_to, id desc) where assigned_to is not null;
create index inquiries_ended on cairn.inquiries (practice_id, ended_at) where anonymized_at is null and client_id is null;
call app.tenant_table('inquiries', 'select, insert, update');

-- Every step of an inquiry: who, when and why. Only its note may be taken away, when the inquiry is anonymized.
create table cairn.inquiry_steps (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  inquiry_id uuid not null,
  status text not null,
  reason text,
  note_sealed bytea,
  made_by uuid not null,
  made_at timestamptz not null default now(),
  constraint inquiry_steps_pkey primary key (practice_id, id),
  constraint inquiry_steps_inquiry_fkey foreign key (practice_id, inquiry_id) references cairn.inquiries (practice_id, id),
  constraint inquiry_steps_staff_fkey foreign key (practice_id, made_by) references cairn.staff_members (practice_id, id),
  constraint inquiry_steps_status_check check (status in ('received', 'contacted', 'screened', 'accepted', 'referred_out', 'declined', 'closed')),
  constraint inquiry_steps_reason_check check (reason in ('no_answer', 'withdrawn', 'duplicate', 'no_request', 'no_capacity',
    'outside_scope', 'outside_area', 'other_clinician', 'other_service', 'came_back', 'recorded_in_error', 'other'))
);
create index inquiry_steps_inquiry on cairn.inquiry_steps (practice_id, inquiry_id, id);
call app.tenant_table('inquiry_steps', 'select, insert, update (note_sealed)');

-- A supervisor may give a plan back that waits for their signature; the remarks are the step's reason. Wider than the check
-- before, so every row that is there fits it unread.
alter table cairn.treatment_plan_changes
  drop constraint treatment_plan_changes_reason_check,
  add constraint treatment_plan_changes_reason_check
    check (reason_code in ('completed', 'transferred', 'client_ended', 'practice_ended', 'entered_in_error', 'returned_by_supervisor')) not valid;

-- A rule's alert is resolved by what ends its cause, also when a client does that through the portal.
alter table cairn.alerts
  drop constraint alerts_resolved_check,
  add constraint alerts_resolved_check check (num_nonnulls(resolved_at, outcome) in (0, 2)
    and (resolved_by is null or resolved_at is not null) and (status = 'resolved') = (resolved_at is not null)) not valid;

-- One clinician in the individual charts of both partners of a couple: allowed with a recorded reason only. Neither chart
-- refers to it, so nobody learns of it through one of the two.
create table cairn.dual_roles (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  couple_chart_id uuid not null,
  staff_id uuid not null,
  status text not null default 'open',
  reason_sealed bytea,
  reason_by uuid,
  reason_at timestamptz,
  found_at timestamptz not null default now(),
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint dual_roles_pkey primary key (practice_id, id),
  constraint dual_roles_chart_fkey foreign key (practice_id, couple_chart_id) references cairn.charts (practice_id, id),
  constraint dual_roles_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint dual_roles_reason_by_fkey foreign key (practice_id, reason_by) references cairn.staff_members (practice_id, id),
  constraint dual_roles_status_check check (status in ('open', 'justified', 'ended')),
  constraint dual_roles_reason_check check ((reason_sealed is null) = (reason_by is null) and (reason_by is null) = (reason_at is null)
    and (status <> 'justified' or reason_by is not null)),
  constraint dual_roles_end_check check ((ended_at is not null) = (status = 'ended'))
);
create unique index dual_roles_present_key on cairn.dual_roles (practice_id, couple_chart_id, staff_id) where status <> 'ended';
call app.tenant_table('dual_roles', 'select, insert, update');

-- Down Migration
drop table cairn.dual_roles;
alter table cairn.alerts
  drop constraint alerts_resolved_check,
  add constraint alerts_resolved_check check (num_nonnulls(resolved_at, resolved_by, outcome) in (0, 3)
    and (status = 'resolved') = (resolved_at is not null));
alter table cairn.treatment_plan_changes
  drop constraint treatment_plan_changes_reason_check,
  add constraint treatment_plan_changes_reason_check
    check (reason_code in ('completed', 'transferred', 'client_ended', 'practice_ended', 'entered_in_error'));
drop table cairn.inquiry_steps, cairn.inquiries;

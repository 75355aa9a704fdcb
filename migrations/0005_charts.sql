-- Up Migration
-- Clinical data belongs to a chart, and a chart is of one kind. Who may open it stands in its care team.

create table cairn.charts (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null,
  name text,
  status text not null default 'open',
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint charts_pkey primary key (practice_id, id),
  constraint charts_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint charts_kind_check check (kind in ('individual', 'couple', 'group')),
  constraint charts_name_check check ((kind = 'group') = (name is not null)),
  constraint charts_status_check check (status in ('open', 'closed')),
  constraint charts_closed_check check ((status = 'closed') = (closed_at is not null))
);
create index charts_kind on cairn.charts (practice_id, kind, id);
create index charts_status on cairn.charts (practice_id, status, id);
call app.tenant_table('charts', 'select, insert, update');

-- Members over time. A member who left stays in the history of the time they were there.
create table cairn.chart_members (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  client_id uuid not null,
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  created_at timestamptz not null default now(),
  constraint chart_members_pkey primary key (practice_id, id),
  constraint chart_members_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint chart_members_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint chart_members_dates_check check (left_at >= joined_at)
);
create unique index chart_members_present on cairn.chart_members (practice_id, chart_id, client_id) where left_at is null;
create index chart_members_chart on cairn.chart_members (practice_id, chart_id, id);
create index chart_members_client on cairn.chart_members (practice_id, client_id, chart_id);
call app.tenant_table('chart_members', 'select, insert, update');

-- From `starts_on` up to and without `ends_on`, in the practice's own days. An empty period is a
-- membership that never took effect; it opens nothing and stands in nobody's way.
create table cairn.care_team_members (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  staff_id uuid not null,
  role text not null,
  starts_on date not null,
  ends_on date,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint care_team_members_pkey primary key (practice_id, id),
  constraint care_team_members_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint care_team_members_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint care_team_members_role_check check (role in ('primary', 'co_therapist', 'consultant', 'covering')),
  constraint care_team_members_dates_check check (ends_on >= starts_on),
  constraint care_team_members_primary_excl exclude using gist
    (practice_id with =, chart_id with =, daterange(starts_on, ends_on) with &&) where (role = 'primary'),
  constraint care_team_members_staff_excl exclude using gist
    (practice_id with =, chart_id with =, staff_id with =, daterange(starts_on, ends_on) with &&)
);
create index care_team_members_chart on cairn.care_team_members (practice_id, chart_id, id);
create index care_team_members_staff on cairn.care_team_members (practice_id, staff_id, chart_id);
call app.tenant_table('care_team_members', 'select, insert, update');

-- Access without care team, for an emergency: short, reasoned, reviewed by somebody else. Why it was
-- asked for is sealed. Expiry is decided by this database's clock.
create table cairn.emergency_accesses (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  staff_id uuid not null,
  reason_code text not null,
  narrative bytea not null,
  starts_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  reviewed_at timestamptz,
  reviewed_by uuid,
  review_outcome text,
  review_comment bytea,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint emergency_accesses_pkey primary key (practice_id, id),
  constraint emergency_accesses_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint emergency_accesses_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint emergency_accesses_reviewer_fkey foreign key (practice_id, reviewed_by) references cairn.staff_members (practice_id, id),
  constraint emergency_accesses_reason_check check (reason_code in ('danger_to_self', 'danger_to_others', 'medical', 'clinician_unavailable', 'other')),
  constraint emergency_accesses_length_check check (expires_at > starts_at and expires_at <= starts_at + interval '60 minutes'),
  constraint emergency_accesses_end_check check (ended_at between starts_at and expires_at),
  constraint emergency_accesses_outcome_check check (review_outcome in ('justified', 'not_justified')),
  constraint emergency_accesses_review_check check (num_nonnulls(reviewed_at, reviewed_by, review_outcome) in (0, 3)),
  constraint emergency_accesses_self_check check (reviewed_by <> staff_id),
  constraint emergency_accesses_running_excl exclude using gist
    (practice_id with =, chart_id with =, staff_id with =, tstzrange(starts_at, coalesce(ended_at, expires_at)) with &&)
);
create index emergency_accesses_staff on cairn.emergency_accesses (practice_id, staff_id, expires_at);
create index emergency_accesses_unreviewed on cairn.emergency_accesses (practice_id, starts_at) where reviewed_at is null;
call app.tenant_table('emergency_accesses', 'select, insert, update');

-- Down Migration
drop table cairn.emergency_accesses, cairn.care_team_members, cairn.chart_members, cairn.charts;

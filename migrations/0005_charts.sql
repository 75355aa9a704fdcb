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
  constraint charts_status_check check (status in ('open', 'closed'))
);
call app.tenant_table('charts', 'select, insert, update');

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
create index chart_members_client on cairn.chart_members (practice_id, client_id, chart_id);
call app.tenant_table('chart_members', 'select, insert, update');

create table cairn.care_team_members (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  staff_id uuid not null,
  role text not null,
  starts_on date not null default current_date,
  ends_on date,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  constraint care_team_members_pkey primary key (practice_id, id),
  constraint care_team_members_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint care_team_members_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint care_team_members_role_check check (role in ('primary', 'co_therapist', 'consultant', 'covering')),
  constraint care_team_members_dates_check check (ends_on >= starts_on)
);
create unique index care_team_members_present on cairn.care_team_members (practice_id, chart_id, staff_id) where ends_on is null;
create index care_team_members_staff on cairn.care_team_members (practice_id, staff_id, chart_id);
call app.tenant_table('care_team_members', 'select, insert, update');

-- Down Migration
drop table cairn.care_team_members, cairn.chart_members, cairn.charts;

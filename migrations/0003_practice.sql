-- Up Migration
-- What staff may call themselves and who supervises them, where a practice works and what it offers.
-- Staff stand with identity (0002): they sign in. Kinds of credentials and licenses are data of the
-- practice, because boards and issuers change theirs without asking. Nothing here is deleted: a mistake
-- is marked as entered in error, and no longer stands in the way of the right entry.

-- Who supervised whom, and from when to when. The present supervisor also stands in staff_members, where
-- every access check reads it; both change together.
create table cairn.staff_supervisions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  staff_id uuid not null,
  supervisor_id uuid not null,
  for_training boolean not null,
  starts_on date not null,
  ends_on date,
  created_at timestamptz not null default now(),
  constraint staff_supervisions_pkey primary key (practice_id, id),
  constraint staff_supervisions_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint staff_supervisions_supervisor_fkey foreign key (practice_id, supervisor_id) references cairn.staff_members (practice_id, id),
  constraint staff_supervisions_self_check check (supervisor_id <> staff_id),
  constraint staff_supervisions_dates_check check (ends_on >= starts_on)
);
create unique index staff_supervisions_present_key on cairn.staff_supervisions (practice_id, staff_id) where ends_on is null;
create index staff_supervisions_staff on cairn.staff_supervisions (practice_id, staff_id, id);
create index staff_supervisions_supervisor on cairn.staff_supervisions (practice_id, supervisor_id) where ends_on is null;
call app.tenant_table('staff_supervisions', 'select, insert, update');

create table cairn.staff_credentials (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  staff_id uuid not null,
  code text not null,
  issuer text not null,
  status text not null,
  number text,
  issued_on date,
  expires_on date,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint staff_credentials_pkey primary key (practice_id, id),
  constraint staff_credentials_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint staff_credentials_status_check check (status in ('candidate', 'held', 'lapsed', 'entered_in_error')),
  constraint staff_credentials_dates_check check (expires_on >= issued_on)
);
create unique index staff_credentials_code_key on cairn.staff_credentials (practice_id, staff_id, code)
  where status <> 'entered_in_error';
create index staff_credentials_staff on cairn.staff_credentials (practice_id, staff_id, id);
call app.tenant_table('staff_credentials', 'select, insert, update');

create table cairn.staff_licenses (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  staff_id uuid not null,
  profession text not null,
  state text not null,
  license_type text not null,
  number text not null,
  status text not null,
  issued_on date,
  expires_on date,
  source text,
  verified_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint staff_licenses_pkey primary key (practice_id, id),
  constraint staff_licenses_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint staff_licenses_status_check check (status in ('active', 'expired', 'suspended', 'surrendered', 'entered_in_error')),
  constraint staff_licenses_dates_check check (expires_on >= issued_on)
);
create unique index staff_licenses_number_key on cairn.staff_licenses (practice_id, state, license_type, number)
  where status <> 'entered_in_error';
create index staff_licenses_staff on cairn.staff_licenses (practice_id, staff_id, id);
create index staff_licenses_expiry on cairn.staff_licenses (practice_id, expires_on, id) where status = 'active';
call app.tenant_table('staff_licenses', 'select, insert, update');

create table cairn.locations (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null,
  time_zone text not null,
  address jsonb,
  phone text,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint locations_pkey primary key (practice_id, id),
  constraint locations_name_key unique (practice_id, name),
  constraint locations_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint locations_status_check check (status in ('active', 'closed'))
);
call app.tenant_table('locations', 'select, insert, update');

create table cairn.rooms (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  location_id uuid not null,
  name text not null,
  capacity integer not null default 2,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint rooms_pkey primary key (practice_id, id),
  constraint rooms_location_key unique (practice_id, location_id, id),
  constraint rooms_name_key unique (practice_id, location_id, name),
  constraint rooms_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint rooms_capacity_check check (capacity between 1 and 200),
  constraint rooms_status_check check (status in ('active', 'closed'))
);
call app.tenant_table('rooms', 'select, insert, update');

create table cairn.services (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null,
  kind text not null,
  duration_minutes integer not null,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  modes text[] not null,
  default_code text,
  fee_amount bigint,
  fee_currency text,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint services_pkey primary key (practice_id, id),
  constraint services_name_key unique (practice_id, name),
  constraint services_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint services_kind_check check (kind in ('individual', 'couple', 'group', 'intensive')),
  constraint services_duration_check check (duration_minutes between 5 and 1440),
  constraint services_buffers_check check (buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240),
  constraint services_modes_check check (modes <@ array['in_person', 'telehealth'] and cardinality(modes) > 0),
  constraint services_fee_check check ((fee_amount is null) = (fee_currency is null) and fee_amount >= 0),
  constraint services_status_check check (status in ('active', 'retired'))
);
call app.tenant_table('services', 'select, insert, update');

-- Down Migration
drop table cairn.services, cairn.rooms, cairn.locations, cairn.staff_licenses, cairn.staff_credentials,
  cairn.staff_supervisions;

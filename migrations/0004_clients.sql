-- Up Migration
-- People in care, and those around them. Clinical data never stands here: it belongs to charts (0005).

create table cairn.clients (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  legal_given_name text not null,
  legal_family_name text not null,
  preferred_name text,
  pronouns text,
  birth_date date,
  sex_recorded_at_birth text,
  gender text,
  languages text[] not null default '{}',
  status text not null default 'inquiry',
  status_changed_at timestamptz not null default now(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint clients_pkey primary key (practice_id, id),
  constraint clients_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint clients_status_check check (status in ('inquiry', 'waitlisted', 'active', 'inactive', 'discharged', 'deceased', 'merged'))
);
call app.tenant_table('clients', 'select, insert, update');

-- Down Migration
drop table cairn.clients;

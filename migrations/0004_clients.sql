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
  addresses jsonb not null default '[]',
  safe_contact jsonb not null default '{}',
  status text not null default 'inquiry',
  status_changed_at timestamptz not null default now(),
  merged_into_id uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint clients_pkey primary key (practice_id, id),
  constraint clients_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint clients_merged_into_fkey foreign key (practice_id, merged_into_id) references cairn.clients (practice_id, id),
  constraint clients_merged_check check ((status = 'merged') = (merged_into_id is not null) and merged_into_id <> id),
  constraint clients_status_check check (status in ('inquiry', 'waitlisted', 'active', 'inactive', 'discharged', 'deceased', 'merged'))
);
create index clients_birth_date on cairn.clients (practice_id, birth_date);
create index clients_status on cairn.clients (practice_id, status, id);
create index clients_updated on cairn.clients (practice_id, updated_at, id);
create index clients_merged_into on cairn.clients (practice_id, merged_into_id) where merged_into_id is not null;
call app.tenant_table('clients', 'select, insert, update');

-- Replaced as a whole with the client's document; `value` is E.164 or the e-mail as it was given.
create table cairn.client_contact_points (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  position integer not null,
  system text not null,
  value text not null,
  value_normalized text not null,
  kind text not null,
  label text,
  is_primary boolean not null default false,
  usable boolean not null default true,
  constraint client_contact_points_pkey primary key (practice_id, id),
  constraint client_contact_points_position_key unique (practice_id, client_id, position),
  constraint client_contact_points_value_key unique (practice_id, client_id, system, value_normalized),
  constraint client_contact_points_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint client_contact_points_system_check check (system in ('phone', 'email')),
  constraint client_contact_points_kind_check check (kind in ('mobile', 'home', 'work', 'other'))
);
create index client_contact_points_value on cairn.client_contact_points (practice_id, system, value_normalized);
call app.tenant_table('client_contact_points', 'select, insert, delete');

-- What integrators call a client. The unique key decides races; a merged client keeps its own.
create table cairn.client_external_ids (
  practice_id uuid not null,
  system text not null,
  value text not null,
  client_id uuid not null,
  created_at timestamptz not null default now(),
  constraint client_external_ids_pkey primary key (practice_id, client_id, system),
  constraint client_external_ids_value_key unique (practice_id, system, value),
  constraint client_external_ids_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id)
);
call app.tenant_table('client_external_ids', 'select, insert, delete');

-- Social security number, member id and the like: sealed; the blind index finds equal values.
create table cairn.client_identifiers (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  kind text not null,
  issuer text,
  value_sealed bytea not null,
  value_index bytea not null,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint client_identifiers_pkey primary key (practice_id, id),
  constraint client_identifiers_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint client_identifiers_kind_check check (kind in ('ssn', 'insurance_member_id', 'medicare', 'medicaid', 'driver_license', 'passport', 'other')),
  constraint client_identifiers_status_check check (status in ('active', 'ended'))
);
create unique index client_identifiers_value_key on cairn.client_identifiers (practice_id, client_id, kind, value_index) where status = 'active';
create index client_identifiers_value on cairn.client_identifiers (practice_id, value_index);
call app.tenant_table('client_identifiers', 'select, insert, update');

create table cairn.related_people (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  given_name text not null,
  family_name text,
  relationship text not null,
  roles text[] not null default '{}',
  phone text,
  email text,
  address jsonb,
  may_know text[] not null default '{}',
  became_client_id uuid,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint related_people_pkey primary key (practice_id, id),
  constraint related_people_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint related_people_became_client_fkey foreign key (practice_id, became_client_id) references cairn.clients (practice_id, id),
  constraint related_people_became_client_check check (became_client_id <> client_id),
  constraint related_people_roles_check check (roles <@ array['emergency_contact', 'guardian', 'guarantor', 'partner', 'personal_representative']),
  constraint related_people_may_know_check check (may_know <@ array['attendance', 'appointments', 'billing', 'emergency', 'treatment']),
  constraint related_people_status_check check (status in ('active', 'ended'))
);
create index related_people_client on cairn.related_people (practice_id, client_id, id);
create index related_people_became_client on cairn.related_people (practice_id, became_client_id) where became_client_id is not null;
call app.tenant_table('related_people', 'select, insert, update');

create table cairn.client_status_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  from_status text,
  to_status text not null,
  reason text not null,
  effective_on date not null,
  recorded_by uuid,
  created_at timestamptz not null default now(),
  constraint client_status_changes_pkey primary key (practice_id, id),
  constraint client_status_changes_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint client_status_changes_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id)
);
create index client_status_changes_client on cairn.client_status_changes (practice_id, client_id, id);
call app.tenant_table('client_status_changes', 'select, insert');

-- On what basis a minor is in care. Never changed: a new decision is a new row, and the newest holds.
create table cairn.client_minor_consents (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  basis text not null,
  jurisdiction text not null,
  rule_source text not null,
  decided_on date not null,
  consenting_person_id uuid,
  maturity_determined_by uuid,
  maturity_determined_on date,
  parent_involvement jsonb,
  recorded_by uuid,
  created_at timestamptz not null default now(),
  constraint client_minor_consents_pkey primary key (practice_id, id),
  constraint client_minor_consents_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint client_minor_consents_person_fkey foreign key (practice_id, consenting_person_id) references cairn.related_people (practice_id, id),
  constraint client_minor_consents_staff_fkey foreign key (practice_id, maturity_determined_by) references cairn.staff_members (practice_id, id),
  constraint client_minor_consents_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint client_minor_consents_basis_check check (basis in ('parent', 'minor_self', 'court', 'emancipated')),
  constraint client_minor_consents_maturity_check check ((maturity_determined_by is null) = (maturity_determined_on is null))
);
create index client_minor_consents_client on cairn.client_minor_consents (practice_id, client_id, id);
call app.tenant_table('client_minor_consents', 'select, insert');

-- Words of the names and their three-letter pieces, kept by the service. Plain equality and order on
-- text with collate "C" are the only comparisons that may use an index under row security. No key to
-- clients: an import writes the terms of its rows before they become clients, and a term without a
-- client finds nobody.
create table cairn.client_search_terms (
  practice_id uuid not null,
  kind text not null,
  term text collate "C" not null,
  client_id uuid not null,
  constraint client_search_terms_pkey primary key (practice_id, kind, term, client_id),
  constraint client_search_terms_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint client_search_terms_kind_check check (kind in ('name', 'trigram'))
);
create index client_search_terms_client on cairn.client_search_terms (practice_id, client_id, kind);
call app.tenant_table('client_search_terms', 'select, insert, delete');

-- A merge moves nothing: the merged row points at the survivor. The versions say whether it may be undone.
create table cairn.client_merges (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  survivor_id uuid not null,
  merged_id uuid not null,
  reason text not null,
  survivor_version integer not null,
  merged_version integer not null,
  merged_status text not null,
  joined_chart_ids uuid[] not null default '{}',
  merged_by uuid not null,
  undone_at timestamptz,
  undone_by uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  constraint client_merges_pkey primary key (practice_id, id),
  constraint client_merges_survivor_fkey foreign key (practice_id, survivor_id) references cairn.clients (practice_id, id),
  constraint client_merges_merged_fkey foreign key (practice_id, merged_id) references cairn.clients (practice_id, id),
  constraint client_merges_merged_by_fkey foreign key (practice_id, merged_by) references cairn.staff_members (practice_id, id),
  constraint client_merges_undone_by_fkey foreign key (practice_id, undone_by) references cairn.staff_members (practice_id, id),
  constraint client_merges_two_check check (survivor_id <> merged_id),
  constraint client_merges_undone_check check ((undone_at is null) = (undone_by is null))
);
create unique index client_merges_merged_key on cairn.client_merges (practice_id, merged_id) where undone_at is null;
create index client_merges_survivor on cairn.client_merges (practice_id, survivor_id, id);
create index client_merges_merged on cairn.client_merges (practice_id, merged_id, id);
call app.tenant_table('client_merges', 'select, insert, update');

-- A file on its way in: rows wait here until all of them are valid, then become clients together.
create table cairn.client_imports (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  dry_run boolean not null,
  status text not null default 'staged',
  row_count integer not null default 0,
  problem_count integer not null default 0,
  created_by uuid not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint client_imports_pkey primary key (practice_id, id),
  constraint client_imports_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint client_imports_status_check check (status in ('staged', 'committed', 'discarded'))
);
create index client_imports_staged on cairn.client_imports (practice_id, created_at) where status = 'staged';
call app.tenant_table('client_imports', 'select, insert, update');

create table cairn.client_import_rows (
  practice_id uuid not null,
  import_id uuid not null,
  row_number integer not null,
  content jsonb not null,
  external_key text collate "C",
  constraint client_import_rows_pkey primary key (practice_id, import_id, row_number),
  constraint client_import_rows_external_key unique (practice_id, import_id, external_key),
  constraint client_import_rows_import_fkey foreign key (practice_id, import_id) references cairn.client_imports (practice_id, id)
);
call app.tenant_table('client_import_rows', 'select, insert, delete');

-- Down Migration
drop table cairn.client_import_rows, cairn.client_imports, cairn.client_merges, cairn.client_search_terms,
  cairn.client_minor_consents, cairn.client_status_changes, cairn.related_people, cairn.client_identifiers,
  cairn.client_external_ids, cairn.client_contact_points, cairn.clients;

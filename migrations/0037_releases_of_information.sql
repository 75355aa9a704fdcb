-- Up Migration
-- What the author of a note said of progress, beside the objectives the note worked on: for counting. Null in notes that
-- were signed before, and where nothing was said.
alter table cairn.session_note_objectives add column progress text;
alter table cairn.session_note_objectives add constraint session_note_objectives_progress_check
  check (progress in ('none', 'some', 'substantial', 'regressed', 'not_assessed')) not valid;

-- Releases of information: what a member of a chart signed, to one recipient. Psychotherapy notes have their own
-- authorizations and are no category here. What was signed never changes; it is taken back once.
create table cairn.releases (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  client_id uuid not null,
  recipient_kind text not null,
  categories text[] not null,
  terms_sealed bytea not null,
  part2 boolean not null,
  signed_on date not null,
  from_on date not null,
  until_on date not null,
  representative_id uuid,
  recorded_by uuid not null,
  revoked_at timestamptz,
  revoked_by uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint releases_pkey primary key (practice_id, id),
  -- What a disclosure repeats, so that the database holds it against what was signed.
  constraint releases_terms_key unique (practice_id, id, chart_id, client_id, recipient_kind, categories, from_on, until_on),
  constraint releases_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint releases_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint releases_representative_fkey foreign key (practice_id, representative_id) references cairn.related_people (practice_id, id),
  constraint releases_recorder_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint releases_revoker_fkey foreign key (practice_id, revoked_by) references cairn.staff_members (practice_id, id),
  constraint releases_recipient_kind_check check (recipient_kind in ('court', 'probation', 'attorney', 'referrer',
    'employer', 'licensing_board', 'treatment_provider', 'client', 'other')),
  constraint releases_categories_check check (cardinality(categories) > 0 and categories <@ array['attendance', 'counts',
    'tasks', 'stages', 'compliance', 'progress', 'evaluation']),
  constraint releases_days_check check (signed_on <= from_on and from_on <= until_on),
  constraint releases_revoked_check check ((revoked_at is null) = (revoked_by is null))
);
create index releases_chart on cairn.releases (practice_id, chart_id, id);
create index releases_client on cairn.releases (practice_id, client_id, id);
call app.tenant_table('releases', 'select, insert, update (revoked_at, revoked_by, version, updated_at)');

-- What was given to whom, one row for each member of the chart whom it is about. Without a release a client is given
-- what is about them alone; everything else repeats the release it rests on, whose scope and days then bound it.
create table cairn.disclosures (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  client_id uuid not null,
  release_id uuid,
  recipient_kind text not null,
  released_categories text[],
  released_from date,
  released_until date,
  categories text[] not null,
  data_class text not null,
  letter_id uuid,
  record_id uuid,
  disclosed_on date not null,
  disclosed_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint disclosures_pkey primary key (practice_id, id),
  constraint disclosures_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint disclosures_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint disclosures_release_fkey foreign key (practice_id, release_id, chart_id, client_id, recipient_kind,
    released_categories, released_from, released_until) references cairn.releases (practice_id, id, chart_id, client_id,
    recipient_kind, categories, from_on, until_on),
  constraint disclosures_letter_fkey foreign key (practice_id, letter_id) references cairn.journey_letters (practice_id, id),
  constraint disclosures_record_fkey foreign key (practice_id, chart_id, record_id) references cairn.recovery_records (practice_id, chart_id, id),
  constraint disclosures_staff_fkey foreign key (practice_id, disclosed_by) references cairn.staff_members (practice_id, id),
  constraint disclosures_categories_check check (cardinality(categories) > 0 and categories <@ array['attendance', 'counts',
    'tasks', 'stages', 'compliance', 'progress', 'evaluation']),
  constraint disclosures_data_class_check check (data_class in ('clinical', 'restricted')),
  constraint disclosures_subject_check check (num_nonnulls(letter_id, record_id) = 1),
  constraint disclosures_basis_check check (case when release_id is null
    then recipient_kind = 'client' and num_nonnulls(released_categories, released_from, released_until) = 0
    else num_nonnulls(released_categories, released_from, released_until) = 3
      and categories <@ released_categories and disclosed_on between released_from and released_until end)
);
create index disclosures_chart on cairn.disclosures (practice_id, chart_id, id);
create index disclosures_client on cairn.disclosures (practice_id, client_id, id);
call app.tenant_table('disclosures', 'select, insert');

alter table cairn.journey_letters drop constraint journey_letters_recipient_kind_check;
alter table cairn.journey_letters add constraint journey_letters_recipient_kind_check
  check (recipient_kind in ('court', 'probation', 'attorney', 'referrer', 'employer', 'licensing_board',
    'treatment_provider', 'client', 'other')) not valid;

-- Down Migration
alter table cairn.journey_letters drop constraint journey_letters_recipient_kind_check;
alter table cairn.journey_letters add constraint journey_letters_recipient_kind_check
  check (recipient_kind in ('court', 'probation', 'attorney', 'referrer', 'employer', 'licensing_board', 'client')) not valid;
drop table cairn.disclosures, cairn.releases;
alter table cairn.session_note_objectives drop column progress;

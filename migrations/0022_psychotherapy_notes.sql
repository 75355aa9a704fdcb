-- Up Migration
-- Psychotherapy notes (45 CFR 164.501) and SUD counseling notes (42 CFR 2.11): what a therapist writes for themselves
-- about a conversation, kept separate from the rest of the record. No columns for what such a note never is: diagnosis,
-- minutes, codes, plan, medication, results, progress. No table elsewhere refers to these.

-- Their texts have a key of their own. Every row that is there fits the wider list, so nothing has to be looked through.
alter table cairn.practice_keys drop constraint practice_keys_purpose_check;
alter table cairn.practice_keys add constraint practice_keys_purpose_check
  check (purpose in ('data', 'index', 'psychotherapy')) not valid;

-- Whose notes this transaction may read besides the actor's own: set by `app.open_psychotherapy_notes`. A policy that
-- looked for it in a table would be a subquery, which a cluster refuses.
create function app.trains_author(author uuid) returns boolean
  language plpgsql stable parallel safe
as $$
begin
  return coalesce(author::text = any(string_to_array(current_setting('app.psychotherapy_authors', true), ',')), false);
end
$$;

create function app.holds_psychotherapy_grant(author uuid, chart uuid, kind text) returns boolean
  language plpgsql stable parallel safe
as $$
begin
  return coalesce(concat_ws(':', author, chart, kind)
    = any(string_to_array(current_setting('app.psychotherapy_grants', true), ',')), false);
end
$$;

create function app.opened_psychotherapy_notes(author uuid, chart uuid, kind text) returns boolean
  language plpgsql stable parallel safe
as $$
begin
  return app.trains_author(author) or app.holds_psychotherapy_grant(author, chart, kind);
end
$$;

-- The fence of an author's table, besides the practice's: a row is its author's, and seen by nobody else but readers who
-- opened it. `others` is what must also hold for those; null where there are none. Nobody but the author writes.
create procedure app.author_table(name text, others text)
  language plpgsql
as $$
begin
  execute format(
    'create policy author on cairn.%I as restrictive for all to cairn_app using (author_user_id = app.current_actor()%s) with check (author_user_id = app.current_actor())',
    name, coalesce(' or ' || others, ''));
end
$$;

-- `author_user_id` is the account the author signs in with: what the transaction knows of its actor.
create table cairn.psychotherapy_notes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  author_id uuid not null,
  author_user_id uuid not null,
  kind text not null,
  conversation_on date not null,
  status text not null default 'draft',
  -- How often it was completed: each time its text was kept.
  revision integer not null default 0,
  completed_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint psychotherapy_notes_pkey primary key (practice_id, id),
  -- What belongs to a note names its author too, so that nobody adds to another's.
  constraint psychotherapy_notes_author_key unique (practice_id, id, author_user_id, author_id, chart_id, kind),
  constraint psychotherapy_notes_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint psychotherapy_notes_author_fkey foreign key (practice_id, author_id) references cairn.staff_members (practice_id, id),
  constraint psychotherapy_notes_kind_check check (kind in ('psychotherapy', 'sud_counseling')),
  constraint psychotherapy_notes_status_check check (status in ('draft', 'completed', 'entered_in_error')),
  constraint psychotherapy_notes_completed_check check (status = 'draft' or (revision > 0 and completed_at is not null))
);
create index psychotherapy_notes_author on cairn.psychotherapy_notes (practice_id, author_user_id, id);
create index psychotherapy_notes_chart on cairn.psychotherapy_notes (practice_id, chart_id, id);
call app.tenant_table('psychotherapy_notes',
  'select, insert, update (conversation_on, status, revision, completed_at, version, updated_at)');
call app.author_table('psychotherapy_notes',
  '(status <> ''draft'' and app.opened_psychotherapy_notes(author_id, chart_id, kind))');

-- The one mutable text of a note: its author's alone.
create table cairn.psychotherapy_note_drafts (
  practice_id uuid not null,
  note_id uuid not null,
  author_user_id uuid not null,
  author_id uuid not null,
  chart_id uuid not null,
  kind text not null,
  text_sealed bytea not null,
  version integer not null,
  updated_at timestamptz not null default now(),
  constraint psychotherapy_note_drafts_pkey primary key (practice_id, note_id),
  constraint psychotherapy_note_drafts_note_fkey foreign key (practice_id, note_id, author_user_id, author_id, chart_id, kind)
    references cairn.psychotherapy_notes (practice_id, id, author_user_id, author_id, chart_id, kind),
  constraint psychotherapy_note_drafts_kind_check check (kind in ('psychotherapy', 'sud_counseling'))
);
call app.tenant_table('psychotherapy_note_drafts', 'select, insert, update (text_sealed, version, updated_at), delete');
call app.author_table('psychotherapy_note_drafts', null);

-- Every text that was completed, one row per revision: added once, never changed.
create table cairn.psychotherapy_note_texts (
  practice_id uuid not null,
  note_id uuid not null,
  revision integer not null,
  author_user_id uuid not null,
  author_id uuid not null,
  chart_id uuid not null,
  kind text not null,
  text_sealed bytea not null,
  completed_at timestamptz not null default now(),
  constraint psychotherapy_note_texts_pkey primary key (practice_id, note_id, revision),
  constraint psychotherapy_note_texts_note_fkey foreign key (practice_id, note_id, author_user_id, author_id, chart_id, kind)
    references cairn.psychotherapy_notes (practice_id, id, author_user_id, author_id, chart_id, kind),
  constraint psychotherapy_note_texts_kind_check check (kind in ('psychotherapy', 'sud_counseling')),
  constraint psychotherapy_note_texts_revision_check check (revision > 0)
);
call app.tenant_table('psychotherapy_note_texts', 'select, insert');
call app.author_table('psychotherapy_note_texts', 'app.opened_psychotherapy_notes(author_id, chart_id, kind)');

-- What the author added to a completed note, and the mark "entered in error" with its reason.
create table cairn.psychotherapy_note_additions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  note_id uuid not null,
  author_user_id uuid not null,
  author_id uuid not null,
  chart_id uuid not null,
  kind text not null,
  addition text not null,
  text_sealed bytea not null,
  added_at timestamptz not null default now(),
  constraint psychotherapy_note_additions_pkey primary key (practice_id, id),
  constraint psychotherapy_note_additions_note_fkey foreign key (practice_id, note_id, author_user_id, author_id, chart_id, kind)
    references cairn.psychotherapy_notes (practice_id, id, author_user_id, author_id, chart_id, kind),
  constraint psychotherapy_note_additions_kind_check check (kind in ('psychotherapy', 'sud_counseling')),
  constraint psychotherapy_note_additions_addition_check check (addition in ('addendum', 'entered_in_error'))
);
create unique index psychotherapy_note_additions_error_key on cairn.psychotherapy_note_additions (practice_id, note_id)
  where addition = 'entered_in_error';
create index psychotherapy_note_additions_note on cairn.psychotherapy_note_additions (practice_id, note_id, id);
call app.tenant_table('psychotherapy_note_additions', 'select, insert');
call app.author_table('psychotherapy_note_additions', 'app.opened_psychotherapy_notes(author_id, chart_id, kind)');

-- What a client permitted the author to disclose: notes of one kind in one chart, and nothing else (45 CFR
-- 164.508(b)(3)(ii), 42 CFR 2.31). To a member of staff, who can then read them, or to somebody outside.
create table cairn.psychotherapy_authorizations (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  client_id uuid not null,
  kind text not null,
  author_id uuid not null,
  author_user_id uuid not null,
  recipient_id uuid,
  recipient_user_id uuid,
  representative_id uuid,
  terms_sealed bytea not null,
  signed_on date not null,
  expires_on date not null,
  revoked_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint psychotherapy_authorizations_pkey primary key (practice_id, id),
  constraint psychotherapy_authorizations_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint psychotherapy_authorizations_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint psychotherapy_authorizations_author_fkey foreign key (practice_id, author_id) references cairn.staff_members (practice_id, id),
  constraint psychotherapy_authorizations_recipient_fkey foreign key (practice_id, recipient_id) references cairn.staff_members (practice_id, id),
  constraint psychotherapy_authorizations_representative_fkey foreign key (practice_id, representative_id) references cairn.related_people (practice_id, id),
  constraint psychotherapy_authorizations_kind_check check (kind in ('psychotherapy', 'sud_counseling')),
  constraint psychotherapy_authorizations_recipient_check check (num_nonnulls(recipient_id, recipient_user_id) in (0, 2)
    and recipient_id is distinct from author_id),
  constraint psychotherapy_authorizations_dates_check check (expires_on >= signed_on)
);
create index psychotherapy_authorizations_author on cairn.psychotherapy_authorizations (practice_id, author_user_id, id);
create index psychotherapy_authorizations_recipient on cairn.psychotherapy_authorizations (practice_id, recipient_user_id, id)
  where recipient_user_id is not null;
call app.tenant_table('psychotherapy_authorizations', 'select, insert, update (revoked_at, version, updated_at)');
call app.author_table('psychotherapy_authorizations', 'recipient_user_id = app.current_actor()');

-- Opens to this transaction's actor the notes they may read besides their own: those of whoever they supervise for
-- training, and those that live authorizations name them for. A couple's are released by all who ever were in its chart,
-- a group's by nobody. Days are those of the practice. Only the author can enter that a client took one back, so one
-- whose author no longer works here does not hold.
create function app.open_psychotherapy_notes() returns void
  language plpgsql
as $$
declare
  practice uuid := app.current_practice();
  actor uuid := app.current_actor();
  today date;
  reader uuid;
  authors text;
  grants text;
begin
  select (now() at time zone p.time_zone)::date into today from cairn.practices p where p.practice_id = practice;
  select m.id into reader from cairn.staff_members m
    where m.practice_id = practice and m.user_id = actor and m.status = 'active';
  select string_agg(m.id::text, ',') into authors from cairn.staff_members m
    where m.practice_id = practice and m.supervisor_id = reader and m.supervision_for_training;
  with live as (
    select a.author_id, a.chart_id, a.kind, a.client_id from cairn.psychotherapy_authorizations a
    join cairn.staff_members m on m.practice_id = a.practice_id and m.id = a.author_id and m.status = 'active'
    where a.practice_id = practice and a.recipient_user_id = actor and a.revoked_at is null
      and today between a.signed_on and a.expires_on
  )
  select string_agg(distinct concat_ws(':', l.author_id, l.chart_id, l.kind), ',') into grants
  from live l join cairn.charts c on c.practice_id = practice and c.id = l.chart_id
  where reader is not null and case c.kind
    when 'individual' then exists (select from cairn.chart_members m where m.practice_id = practice
      and m.chart_id = l.chart_id and m.client_id = l.client_id and m.left_at is null)
    when 'couple' then not exists (select from cairn.chart_members m where m.practice_id = practice
      and m.chart_id = l.chart_id and not exists (select from live o where o.author_id = l.author_id
        and o.chart_id = l.chart_id and o.kind = l.kind and o.client_id = m.client_id))
    else false end;
  execute format('set local app.psychotherapy_authors = %L', coalesce(authors, ''));
  execute format('set local app.psychotherapy_grants = %L', coalesce(grants, ''));
end
$$;
revoke execute on function app.open_psychotherapy_notes(), app.opened_psychotherapy_notes(uuid, uuid, text),
  app.trains_author(uuid), app.holds_psychotherapy_grant(uuid, uuid, text) from public;
grant execute on function app.open_psychotherapy_notes(), app.opened_psychotherapy_notes(uuid, uuid, text),
  app.trains_author(uuid), app.holds_psychotherapy_grant(uuid, uuid, text) to cairn_app;

-- Down Migration
drop function app.open_psychotherapy_notes();
drop table cairn.psychotherapy_authorizations, cairn.psychotherapy_note_additions, cairn.psychotherapy_note_texts,
  cairn.psychotherapy_note_drafts, cairn.psychotherapy_notes;
drop procedure app.author_table(text, text);
drop function app.opened_psychotherapy_notes(uuid, uuid, text), app.trains_author(uuid),
  app.holds_psychotherapy_grant(uuid, uuid, text);
alter table cairn.practice_keys drop constraint practice_keys_purpose_check;
delete from cairn.practice_keys where purpose = 'psychotherapy';
alter table cairn.practice_keys add constraint practice_keys_purpose_check
  check (purpose in ('data', 'index')) not valid;

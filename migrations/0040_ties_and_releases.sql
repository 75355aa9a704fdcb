-- Up Migration
-- Notes tied to what was scheduled, a couple's notes released with the other's agreement, and authorizations that others
-- than the author can take back.

-- Which meeting of the group a process record documents: one record for each. A record that was entered in error gives
-- its meeting back.
create table cairn.group_session_meetings (
  practice_id uuid not null,
  meeting_id uuid not null,
  group_session_id uuid not null,
  constraint group_session_meetings_pkey primary key (practice_id, meeting_id),
  constraint group_session_meetings_session_key unique (practice_id, group_session_id),
  constraint group_session_meetings_meeting_fkey foreign key (practice_id, meeting_id) references cairn.group_meetings (practice_id, id),
  constraint group_session_meetings_session_fkey foreign key (practice_id, group_session_id) references cairn.group_sessions (practice_id, id)
);
call app.tenant_table('group_session_meetings', 'select, insert, delete');

-- Which meeting a member's own note is about: who was there is what the meeting says.
create table cairn.session_note_meetings (
  practice_id uuid not null,
  note_id uuid not null,
  meeting_id uuid not null,
  constraint session_note_meetings_pkey primary key (practice_id, note_id),
  constraint session_note_meetings_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint session_note_meetings_meeting_fkey foreign key (practice_id, meeting_id) references cairn.group_meetings (practice_id, id)
);
create index session_note_meetings_meeting on cairn.session_note_meetings (practice_id, meeting_id);
call app.tenant_table('session_note_meetings', 'select, insert');

-- When it was told in an event that the client can read a note.
alter table cairn.note_releases add column told_at timestamptz;

-- A couple's note for one of the two, and the written agreement of the other that it needs. It holds until somebody takes
-- it back.
create table cairn.note_partner_releases (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  note_id uuid not null,
  client_id uuid not null,
  agreed_by_id uuid not null,
  signed_on date not null,
  released_by uuid not null,
  released_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by uuid,
  constraint note_partner_releases_pkey primary key (practice_id, id),
  constraint note_partner_releases_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint note_partner_releases_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint note_partner_releases_agreed_by_fkey foreign key (practice_id, agreed_by_id) references cairn.clients (practice_id, id),
  constraint note_partner_releases_released_by_fkey foreign key (practice_id, released_by) references cairn.staff_members (practice_id, id),
  constraint note_partner_releases_revoked_by_fkey foreign key (practice_id, revoked_by) references cairn.staff_members (practice_id, id),
  constraint note_partner_releases_other_check check (agreed_by_id <> client_id),
  constraint note_partner_releases_revoked_check check ((revoked_at is null) = (revoked_by is null))
);
create unique index note_partner_releases_live_key on cairn.note_partner_releases (practice_id, note_id, client_id)
  where revoked_at is null;
create index note_partner_releases_client on cairn.note_partner_releases (practice_id, client_id, note_id);
call app.tenant_table('note_partner_releases', 'select, insert, update (revoked_at, revoked_by)');

-- The one authorization that an owner or administrator takes back for an author who left. Set by the function below.
create function app.revokes_authorization(id uuid) returns boolean
  language plpgsql stable parallel safe
as $$
begin
  return coalesce(id::text = current_setting('app.psychotherapy_revocation', true), false);
end
$$;

-- Shows one authorization to this transaction where its author works here no longer and the actor keeps the practice's
-- records. It is shown before it is looked at, as the fence would hide it from this function too.
create function app.open_left_authorization(authorization_id uuid) returns boolean
  language plpgsql
as $$
declare
  practice uuid := app.current_practice();
  actor uuid := app.current_actor();
begin
  if not exists (select from cairn.staff_members m where m.practice_id = practice and m.user_id = actor
    and m.status = 'active' and m.roles && array['owner', 'admin']) then
    return false;
  end if;
  execute format('set local app.psychotherapy_revocation = %L', authorization_id);
  if exists (select from cairn.psychotherapy_authorizations a
    join cairn.staff_members m on m.practice_id = a.practice_id and m.id = a.author_id and m.status <> 'active'
    where a.practice_id = practice and a.id = authorization_id) then
    return true;
  end if;
  set local app.psychotherapy_revocation = '';
  return false;
end
$$;
revoke execute on function app.revokes_authorization(uuid), app.open_left_authorization(uuid) from public;
grant execute on function app.revokes_authorization(uuid), app.open_left_authorization(uuid) to cairn_app;

-- Who gave it sees it and can take it back; nobody but the author gives one.
alter policy author on cairn.psychotherapy_authorizations
  using (author_user_id = app.current_actor() or recipient_user_id = app.current_actor()
    or client_id = app.current_actor() or app.revokes_authorization(id))
  with check (author_user_id = app.current_actor()
    or (revoked_at is not null and (client_id = app.current_actor() or app.revokes_authorization(id))));

-- Down Migration
alter policy author on cairn.psychotherapy_authorizations
  using (author_user_id = app.current_actor() or recipient_user_id = app.current_actor())
  with check (author_user_id = app.current_actor());
drop function app.open_left_authorization(uuid), app.revokes_authorization(uuid);
drop table cairn.note_partner_releases;
alter table cairn.note_releases drop column told_at;
drop table cairn.session_note_meetings, cairn.group_session_meetings;

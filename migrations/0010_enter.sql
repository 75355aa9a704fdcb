-- Up Migration
-- The tenant context and the caller's standing in one call: a request's first statement. The context is set before
-- the rows are read, statement by statement, so that row security sees it.
create function app.enter_as_user(practice uuid, actor uuid, reads_only boolean, session uuid) returns integer
  language plpgsql
as $$
begin
  perform app.use_practice(practice, actor, reads_only);
  return (select m.roles_version from cairn.sessions s
    join cairn.staff_members m on m.practice_id = s.practice_id and m.id = s.staff_id and m.status = 'active'
    join cairn.users u on u.id = s.user_id and u.credentials_version = s.credentials_version and u.status = 'active'
    where s.practice_id = practice and s.id = session and s.ended_at is null and s.absolute_expires_at > now());
end
$$;

create function app.enter_as_api_client(practice uuid, actor uuid, reads_only boolean, client uuid) returns integer
  language plpgsql
as $$
begin
  perform app.use_practice(practice, actor, reads_only);
  return (select c.version from cairn.api_clients c
    where c.practice_id = practice and c.id = client and c.revoked_at is null
      and (c.expires_at is null or c.expires_at > now()));
end
$$;

revoke execute on function app.enter_as_user(uuid, uuid, boolean, uuid),
  app.enter_as_api_client(uuid, uuid, boolean, uuid) from public;
grant execute on function app.enter_as_user(uuid, uuid, boolean, uuid),
  app.enter_as_api_client(uuid, uuid, boolean, uuid) to cairn_app;

-- Down Migration
drop function app.enter_as_user(uuid, uuid, boolean, uuid), app.enter_as_api_client(uuid, uuid, boolean, uuid);

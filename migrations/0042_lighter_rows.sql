-- Up Migration
-- The practice of this transaction, as an expression that the planner writes into the query. Row security asks it of
-- every table of every statement, and calling plpgsql each time was a fifth of a read's time. It raises as before.
create function app.no_practice() returns text
  language plpgsql stable parallel safe
as $$
begin
  raise exception 'app.practice_id is not set' using errcode = '42501';
end
$$;
grant execute on function app.no_practice() to cairn_app, cairn_relay;

create or replace function app.current_practice() returns uuid
  language sql stable parallel safe
as $$
  select coalesce(nullif(current_setting('app.practice_id', true), ''), app.no_practice())::uuid
$$;

-- What every request writes about itself, and search terms (twenty rows a client), no longer look up their practice: row
-- security takes rows of the transaction's own practice only, whose session was found on entering, and no role that
-- serves requests may delete a practice. The lookup locked the practice's row, so all readers of a practice met there.
alter table cairn.audit_log drop constraint audit_log_practice_fkey;
alter table cairn.events drop constraint events_practice_fkey;
alter table cairn.event_backlog drop constraint event_backlog_practice_fkey;
alter table cairn.idempotency_keys drop constraint idempotency_keys_practice_fkey;
alter table cairn.outbox drop constraint outbox_practice_fkey;
alter table cairn.client_search_terms drop constraint client_search_terms_practice_fkey;

-- Down Migration
alter table cairn.audit_log add constraint audit_log_practice_fkey foreign key (practice_id) references cairn.practices (practice_id);
alter table cairn.events add constraint events_practice_fkey foreign key (practice_id) references cairn.practices (practice_id);
alter table cairn.event_backlog add constraint event_backlog_practice_fkey foreign key (practice_id) references cairn.practices (practice_id);
alter table cairn.idempotency_keys add constraint idempotency_keys_practice_fkey foreign key (practice_id) references cairn.practices (practice_id);
alter table cairn.outbox add constraint outbox_practice_fkey foreign key (practice_id) references cairn.practices (practice_id);
alter table cairn.client_search_terms add constraint client_search_terms_practice_fkey
  foreign key (practice_id) references cairn.practices (practice_id);
create or replace function app.current_practice() returns uuid
  language plpgsql stable parallel safe
as $$
declare
  practice text := current_setting('app.practice_id', true);
begin
  if practice is null or practice = '' then
    raise exception 'app.practice_id is not set' using errcode = '42501';
  end if;
  return practice::uuid;
end
$$;
drop function app.no_practice();

-- Up Migration
-- What an addendum is whose author needs a co-signature says itself, sealed. This is the list of those that wait for it;
-- whoever decides takes the row away, so that two do not.
create table cairn.session_note_addenda_waiting (
  practice_id uuid not null,
  addendum_id uuid not null,
  author_id uuid not null,
  note_id uuid not null,
  constraint session_note_addenda_waiting_pkey primary key (practice_id, addendum_id),
  constraint session_note_addenda_waiting_addendum_fkey foreign key (practice_id, addendum_id)
    references cairn.session_note_addenda (practice_id, id),
  constraint session_note_addenda_waiting_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint session_note_addenda_waiting_author_fkey foreign key (practice_id, author_id) references cairn.staff_members (practice_id, id)
);
create index session_note_addenda_waiting_author on cairn.session_note_addenda_waiting (practice_id, author_id, note_id);
call app.tenant_table('session_note_addenda_waiting', 'select, insert, delete');

-- What a supervisor decided about one: co-signed, or returned with remarks. Once, and never changed.
create table cairn.session_note_addendum_reviews (
  practice_id uuid not null,
  addendum_id uuid not null,
  note_id uuid not null,
  decision text not null,
  reviewer_id uuid not null,
  credentials text not null,
  decided_at timestamptz not null,
  content_hash bytea not null,
  document bytea,
  seal bytea not null,
  constraint session_note_addendum_reviews_pkey primary key (practice_id, addendum_id),
  constraint session_note_addendum_reviews_addendum_fkey foreign key (practice_id, addendum_id)
    references cairn.session_note_addenda (practice_id, id),
  constraint session_note_addendum_reviews_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint session_note_addendum_reviews_reviewer_fkey foreign key (practice_id, reviewer_id) references cairn.staff_members (practice_id, id),
  constraint session_note_addendum_reviews_decision_check check (decision in ('cosigned', 'returned')),
  constraint session_note_addendum_reviews_remarks_check check ((decision = 'returned') = (document is not null)),
  constraint session_note_addendum_reviews_hash_check check (octet_length(content_hash) = 32)
);
create index session_note_addendum_reviews_note on cairn.session_note_addendum_reviews (practice_id, note_id);
call app.tenant_table('session_note_addendum_reviews', 'select, insert');

-- Down Migration
drop table cairn.session_note_addendum_reviews, cairn.session_note_addenda_waiting;

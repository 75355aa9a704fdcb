-- Up Migration
-- Which blocks of an intensive a note documents. Each author has one note of a block; that entered in error gives its
-- blocks back.
create table cairn.session_note_blocks (
  practice_id uuid not null,
  note_id uuid not null,
  block_id uuid not null,
  author_id uuid not null,
  constraint session_note_blocks_pkey primary key (practice_id, note_id, block_id),
  constraint session_note_blocks_author_key unique (practice_id, block_id, author_id),
  constraint session_note_blocks_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint session_note_blocks_block_fkey foreign key (practice_id, block_id) references cairn.intensive_blocks (practice_id, id),
  constraint session_note_blocks_author_fkey foreign key (practice_id, author_id) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('session_note_blocks', 'select, insert, delete');

-- Down Migration
drop table cairn.session_note_blocks;

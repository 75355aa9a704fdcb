-- Up Migration
-- Which keyring this database belongs to, so that a wrong one is refused before anything is written with it.

create table cairn.keyrings (
  fingerprint text not null,
  first_used_at timestamptz not null default now(),
  constraint keyrings_pkey primary key (fingerprint)
);
comment on table cairn.keyrings is 'global: the digest of the one keyring of this database; no key';
grant select on cairn.keyrings to cairn_app;

-- Down Migration
drop table cairn.keyrings;

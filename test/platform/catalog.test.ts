import t from 'tap'
import { sealedColumns } from '../../src/lib/sealing/sealed-columns.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

// What every table must hold to, read from PostgreSQL's own catalog: the fence of a practice, and fitness
// for a cluster. A query here names what breaks the rule, so a failure reads as a list of things to mend.

/** Tables the relay works on across practices, and what it may do there. */
const relayTables: Record<string, string> = {
  audit_log: 'SELECT (columns)',
  audit_seals: 'SELECT (columns)',
  event_backlog: 'DELETE, SELECT',
  event_counters: 'INSERT, SELECT, UPDATE',
  event_positions: 'INSERT, SELECT',
  events: 'SELECT',
  outbox: 'DELETE, SELECT, UPDATE',
  practice_directory: 'SELECT',
}

/** Rows here are final: the service adds them and never changes or removes one. */
const appendOnly = [
  'abstinence_contract_steps',
  'abstinence_milestones',
  'addiction_interactions',
  'appointment_changes',
  'assessment_changes',
  'assessment_scores',
  'assessments',
  'audit_log',
  'audit_seals',
  'check_in_addictions',
  'couple_policy_signatures',
  'couple_policy_texts',
  'criteria_reviews',
  'disclosures',
  'emdr_target_history',
  'events',
  'instrument_editions',
  'intensive_block_changes',
  'intensive_changes',
  'intensive_gate_marks',
  'intensive_money_steps',
  'journey_events',
  'journey_evidence',
  'journey_evidence_withdrawals',
  'journey_letters',
  'journey_migrations',
  'journey_reopening_lapses',
  'journey_sign_offs',
  'neurofeedback_bands',
  'neurofeedback_baselines',
  'neurofeedback_protocol_changes',
  'program_template_contents',
  'psychosocial_addenda',
  'psychosocial_contents',
  'psychotherapy_note_additions',
  'psychotherapy_note_texts',
  'recovery_document_revisions',
  'recovery_philosophies',
  'recovery_record_revisions',
  'risk_assessment_changes',
  'risk_assessment_revisions',
  'risk_assessment_signatures',
  'safety_plan_reviews',
  'safety_plan_revisions',
  'note_template_versions',
  'session_note_addenda',
  'session_note_addendum_reviews',
  'session_note_contents',
  'session_note_corrections',
  'session_note_figures',
  'session_note_locks',
  'session_note_objectives',
  'session_note_signatures',
  'sobriety_definition_items',
  'sobriety_definitions',
  'sobriety_items',
  'sobriety_milestones',
  'treatment_plan_changes',
  'treatment_plan_objectives',
  'treatment_plan_progress',
  'treatment_plan_reviews',
  'treatment_plan_revisions',
  'treatment_plan_signatures',
  'urge_skills',
]

const securityDefiners = ['app.ensure_partitions(integer)']

/** Indexes of work that is looked for in all practices at once. */
const indexesAcrossPractices = ['audit_log_occurred', 'outbox_done', 'outbox_id', 'outbox_waiting']

/** Binary columns that hold no text: hashes, blind indexes, wrapped keys, and what hangs on the keyring itself. */
const unsealedBinary =
  /_hash$|_index$|^(hash|seal|fingerprint|wrapped|subject|account|address|totp_secret|totp_pending)$/

const tables = `select c.oid, c.relname as name, c.relispartition as partition, c.relrowsecurity, c.relforcerowsecurity,
    coalesce(obj_description(c.oid), '') like 'global: %' as global
  from pg_class c where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p')`
const tenants = `select * from (${tables}) t where not partition and not global`

t.test('the catalog', async t => {
  const test = await createTestApp(t)
  const found = async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    asAdmin(test.adminUrl, async admin => (await admin.query(sql, values)).rows)
  /** Expects that no name breaks the rule. */
  const none = (rule: string, sql: string, values: unknown[] = []) =>
    t.test(rule, async t => {
      t.same(
        (await found<{ name: string }>(sql, values)).map(row => row.name),
        [],
      )
    })

  t.test('there are tables to look at', async t => {
    t.ok((await found(tenants)).length > 20)
    t.ok((await found(`select * from (${tables}) t where global`)).length > 3)
    t.ok(
      (await found(`select from pg_attribute where attname = 'author_user_id' and attnum > 0`)).length >= 5,
    )
  })

  none(
    'every table belongs to practices, or says why it does not',
    `select t.name from (${tenants}) t where not exists (select from pg_attribute a
       where a.attrelid = t.oid and a.attname = 'practice_id' and a.attnotnull and a.atttypid = 'uuid'::regtype)`,
  )
  none(
    'row security is enabled and forced on every table of practices',
    `select name from (${tenants}) t where not (relrowsecurity and relforcerowsecurity)`,
  )
  none(
    'every table of practices has the one policy, for everything, on reading and on writing',
    `select t.name from (${tenants}) t where not exists (select from pg_policy p
       where p.polrelid = t.oid and p.polname = 'tenant' and p.polcmd = '*' and p.polpermissive
         and p.polroles = array['cairn_app'::regrole::oid]
         and pg_get_expr(p.polqual, t.oid) = '(practice_id = app.current_practice())'
         and pg_get_expr(p.polwithcheck, t.oid) = '(practice_id = app.current_practice())')`,
  )
  none(
    'what is an author’s alone is fenced by the author besides, for everything, and written by nobody else, but that others may take back an authorization',
    `select t.name from (${tenants}) t join pg_attribute a on a.attrelid = t.oid and a.attname = 'author_user_id'
     where not exists (select from pg_policy p where p.polrelid = t.oid and p.polname = 'author' and p.polcmd = '*'
       and not p.polpermissive and p.polroles = array['cairn_app'::regrole::oid]
       and pg_get_expr(p.polqual, t.oid) ~ '^[(]+author_user_id = app[.]current_actor[(][)][)]( OR |$)'
       and (pg_get_expr(p.polwithcheck, t.oid) = '(author_user_id = app.current_actor())'
         or (t.name = 'psychotherapy_authorizations' and pg_get_expr(p.polwithcheck, t.oid)
           ~ '^[(]+author_user_id = app[.]current_actor[(][)][)] OR [(][(]revoked_at IS NOT NULL[)] AND ')))`,
  )
  none(
    'no other policy opens a table, but the relay’s on its own',
    `select t.name || '.' || p.polname as name from pg_policy p join (${tables}) t on t.oid = p.polrelid
     where p.polpermissive and p.polname <> 'tenant'
       and not (p.polname = 'relay' and p.polroles = array['cairn_relay'::regrole::oid] and t.name = any($1))`,
    [Object.keys(relayTables)],
  )
  none(
    'every key, unique index and exclusion of a practice’s table starts with the practice',
    `select i.indexrelid::regclass::text as name from pg_index i join (${tenants}) t on t.oid = i.indrelid
     where (i.indisprimary or i.indisunique or i.indisexclusion)
       and (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]) is distinct from 'practice_id'`,
  )
  none(
    'every other index of a practice’s table does so too, but those of work across practices',
    `select i.indexrelid::regclass::text as name from pg_index i join (${tenants}) t on t.oid = i.indrelid
     where (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]) is distinct from 'practice_id'
       and split_part(i.indexrelid::regclass::text, '.', 2) <> all($1)`,
    [indexesAcrossPractices],
  )
  none(
    'every table has a primary key',
    `select name from (${tables}) t where not exists (select from pg_index where indrelid = t.oid and indisprimary)`,
  )
  none(
    'a foreign key between tables of practices has the practice first on both sides',
    `select k.conname as name from pg_constraint k
       join (${tenants}) own on own.oid = k.conrelid join (${tenants}) other on other.oid = k.confrelid
     where k.contype = 'f' and not (
       (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) = 'practice_id'
       and (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) = 'practice_id')`,
  )
  none(
    'no global table refers to a practice’s',
    `select k.conname as name from pg_constraint k join (${tables}) own on own.oid = k.conrelid and own.global
       join (${tenants}) other on other.oid = k.confrelid where k.contype = 'f'`,
  )
  none(
    'no foreign key empties columns or follows a changed key',
    `select conname as name from pg_constraint where contype = 'f' and connamespace = 'cairn'::regnamespace
       and (confdeltype in ('n', 'd') or confupdtype <> 'a')`,
  )
  // The referring side is searched only when a row of the other side goes away; where the service cannot
  // remove any, an index would be paid for with every write and used by nobody.
  none(
    'every foreign key to a table that may lose rows is covered by an index',
    `select k.conrelid::regclass || ': ' || k.conname as name
     from pg_constraint k join (${tables}) t on t.oid = k.conrelid and not t.partition
     where k.contype = 'f' and has_table_privilege('cairn_app', k.confrelid, 'DELETE') and not exists (select from pg_index i
       where i.indrelid = k.conrelid and i.indisvalid
         and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
         and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\([a-z_]+ IS NOT NULL\\)$'))
     order by 1`,
  )
  none(
    'there are no triggers, sequences or enum types',
    `select tgname as name from pg_trigger g join (${tables}) t on t.oid = g.tgrelid where not g.tgisinternal
     union all select relname from pg_class where relnamespace = 'cairn'::regnamespace and relkind = 'S'
     union all select typname from pg_type where typnamespace = 'cairn'::regnamespace and typtype = 'e'`,
  )
  none(
    'a status is text with a check; the HTTP status of a stored answer is none',
    `select t.name || '.' || a.attname as name from pg_attribute a join (${tables}) t on t.oid = a.attrelid and not t.partition
     where a.attname ~ '(^|_)status$' and not a.attisdropped and t.name <> 'idempotency_keys'
       and not (a.atttypid = 'text'::regtype and (a.attname <> 'status' or exists (
         select from pg_constraint k where k.conrelid = t.oid and k.contype = 'c' and k.conkey @> array[a.attnum])))`,
  )
  none(
    'what is filtered on by index compares leakproof: no numeric, jsonb or float columns',
    `select distinct i.indexrelid::regclass || '.' || a.attname as name from pg_index i join (${tenants}) t on t.oid = i.indrelid
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
     where not i.indisexclusion and a.atttypid = any(array['numeric', 'jsonb', 'float8', 'float4']::regtype[])`,
  )
  none(
    'only listed functions run with their owner’s rights',
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.prosecdef and p.pronamespace in ('app'::regnamespace, 'cairn'::regnamespace) and p.oid::regprocedure::text <> all($1)`,
    [securityDefiners],
  )
  none(
    'nothing is granted to everybody, and the runtime roles cannot truncate, refer to, trigger on or maintain a table',
    `select t.name || ': ' || x.privilege_type as name from (${tables}) t join pg_class c on c.oid = t.oid, aclexplode(c.relacl) x
     where x.grantee = 0 or x.grantee in ('cairn_app'::regrole, 'cairn_relay'::regrole)
       and x.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')`,
  )
  none(
    'partitions are reached through their table only: nothing is granted on them',
    `select t.name from (${tables}) t join pg_class c on c.oid = t.oid, aclexplode(c.relacl) x
     where t.partition and x.grantee <> c.relowner`,
  )
  none(
    'final rows can be added and read, not changed or removed',
    `select t.name || ': ' || right_ as name from (${tables}) t, unnest(array['UPDATE', 'DELETE']) right_
     where t.name = any($1) and (has_table_privilege('cairn_app', t.oid, right_)
       or right_ = 'UPDATE' and has_any_column_privilege('cairn_app', t.oid, right_))`,
    [appendOnly],
  )
  none(
    'every list in this test names tables that exist',
    `select name from unnest($1::text[]) name except select name from (${tables}) t`,
    [[...appendOnly, ...Object.keys(relayTables), ...sealedColumns.map(({ table }) => table)]],
  )

  t.test('the relay may do what its two tasks need, and nothing else', async t => {
    const rows = await found<{ name: string; rights: string }>(
      `select name, string_agg(distinct x.rights, ', ' order by x.rights) as rights from (${tables}) t, lateral (
         select a.privilege_type as rights from pg_class c, aclexplode(c.relacl) a
           where c.oid = t.oid and a.grantee = 'cairn_relay'::regrole
         union all select a.privilege_type || ' (columns)' from pg_attribute n, aclexplode(n.attacl) a
           where n.attrelid = t.oid and a.grantee = 'cairn_relay'::regrole) x
       group by name order by name`,
    )
    t.same(Object.fromEntries(rows.map(row => [row.name, row.rights])), relayTables)
  })

  t.test('the runtime roles are fenced in', async t => {
    const rows = await found(
      `select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolinherit,
         (select count(*)::int from pg_auth_members where member = r.oid) as memberships,
         (select count(*)::int from pg_class where relowner = r.oid) as owned,
         (select count(*)::int from pg_namespace n where has_schema_privilege(r.oid, n.oid, 'create')) as schemas
       from pg_roles r where rolname in ('cairn_app', 'cairn_relay') order by rolname`,
    )
    const fenced = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
      rolinherit: false,
      memberships: 0,
      owned: 0,
      schemas: 0,
    }
    t.same(rows, [
      { rolname: 'cairn_app', ...fenced },
      { rolname: 'cairn_relay', ...fenced },
    ])
  })

  t.test('every sealed column is known to key rotation', async t => {
    const rows = await found<{ table: string; column: string; key: string[] }>(
      `select t.name as table, a.attname as column,
         (select array_agg(k.attname::text order by ord) from pg_index i, unnest(i.indkey) with ordinality n (num, ord)
            join pg_attribute k on k.attrelid = t.oid and k.attnum = n.num where i.indrelid = t.oid and i.indisprimary) as key
       from pg_attribute a join (${tables}) t on t.oid = a.attrelid and not t.partition
       where a.atttypid = 'bytea'::regtype and not a.attisdropped order by 1, 2`,
    )
    const sealed = rows.filter(row => !unsealedBinary.test(row.column))
    const byName = (a: { table: string; column: string }, b: { table: string; column: string }) =>
      `${a.table}.${a.column}` < `${b.table}.${b.column}` ? -1 : 1
    t.same(
      sealed.map(({ table, column, key }) => ({ table, column, key: key.slice(1) })).sort(byName),
      sealedColumns.map(({ table, column, key }) => ({ table, column, key })).sort(byName),
    )
  })
})

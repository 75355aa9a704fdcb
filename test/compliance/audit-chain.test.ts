import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type pg from 'pg'
import t, { type Test } from 'tap'
import { appendAnchors, readAnchors } from '../../src/lib/audit-anchors.ts'
import { type ChainHead, chainHash, firstLink, sealAudit } from '../../src/lib/audit-chain.ts'
import { verifyChain } from '../../src/lib/audit-verification.ts'
import { createPool } from '../../src/lib/database/connect.ts'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { createAuditSealer } from '../../src/lib/jobs/audit-sealer.ts'
import { limits } from '../../src/lib/limits.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { createTestPractice, type TestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin, testServer } from '../support/test-server.ts'

const seal = (test: TestApp, practiceId: string) =>
  inPractice(test.house.database, systemScope(practiceId, 'seal-audit'), trx =>
    sealAudit(trx, test.house.keyring.auditKey),
  )

const verify = (test: TestApp, practiceId: string, anchors: ChainHead[] = []) =>
  asAdmin(test.adminUrl, admin => verifyChain(admin, test.house.keyring.auditKey, practiceId, anchors))

/** A practice with ten sealed rows, as an administrator sees them. */
async function tenSealed(test: TestApp) {
  const practice = await createTestPractice(test)
  for (let n = 0; n < 10; n++) await practice.owner.get('/v1/locations')
  const sealed = await seal(test, practice.id)
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query<{ sequence: string; audit_id: string }>(
      'select sequence, audit_id from cairn.audit_seals where practice_id = $1 order by sequence',
      [practice.id],
    ),
  )
  if (!sealed) throw new Error('Nothing was sealed')
  return { practice, head: sealed.head, ids: rows.map(row => row.audit_id) }
}

type Sealed = { practice: TestPractice; head: ChainHead; ids: string[] }

t.test('the audit chain', async t => {
  const test = await createTestApp(t)
  const admin = (work: (client: pg.Client) => Promise<unknown>) => asAdmin(test.adminUrl, work)
  /** Tampers as a superuser, and expects the row that is named. */
  const tampered = (
    name: string,
    tamper: (client: pg.Client, sealed: Sealed) => Promise<unknown>,
    expected: (sealed: Sealed) => { fault: string; auditId: string | null | undefined },
  ) =>
    t.test(name, async (t: Test) => {
      const sealed = await tenSealed(test)
      t.equal((await verify(test, sealed.practice.id)).firstBad, undefined)
      await admin(client => tamper(client, sealed))
      const { firstBad } = await verify(test, sealed.practice.id, [sealed.head])
      t.match(firstBad, expected(sealed))
    })

  await t.test('rows are sealed in order, later ones after earlier ones, and found intact', async t => {
    const { practice, ids } = await tenSealed(test)
    t.equal(ids.length, 10)
    await practice.owner.get('/v1/locations')
    t.match(await verify(test, practice.id), { intact: 10, unsealed: 1 })
    t.equal((await seal(test, practice.id))?.head.sequence, 11)
    t.equal(await seal(test, practice.id), undefined)
    const report = await verify(test, practice.id)
    t.match(report, { intact: 11, unsealed: 0 })
    t.equal(report.firstBad, undefined)
  })

  await t.test('eight sealers at once do not fork the chain', async t => {
    const practice = await createTestPractice(test)
    for (let n = 0; n < 5; n++) await practice.owner.get('/v1/locations')
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => seal(test, practice.id)))
    t.ok(results.some(result => result.status === 'fulfilled'))
    const report = await verify(test, practice.id)
    t.match(report, { intact: 5, unsealed: 0 })
    t.equal(report.firstBad, undefined)
  })

  await t.test(
    'the relay finds practices with something to seal, and sealing one never stops another',
    async t => {
      const practices = await Promise.all([createTestPractice(test), createTestPractice(test)])
      for (const { owner } of practices) await owner.get('/v1/locations')
      const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
      const sealer = createAuditSealer(test.house, relay)
      await sealer.seal()
      for (const { owner } of practices) await owner.get('/v1/locations')
      await sealer.seal()
      await relay.end()
      for (const { id } of practices) t.match(await verify(test, id), { intact: 2, unsealed: 0 })
    },
  )

  await t.test('the heads that were sealed are appended to the anchor file', async t => {
    const folder = await mkdtemp(join(tmpdir(), 'cairn-anchor-'))
    t.teardown(() => rm(folder, { recursive: true }))
    const file = join(folder, 'anchors.jsonl')
    const { id, owner } = await createTestPractice(test)
    const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
    const house = { ...test.house, config: { ...test.house.config, AUDIT_ANCHOR_FILE: file } }
    const sealer = createAuditSealer(house, relay)
    for (let n = 1; n <= 2; n++) {
      await owner.get('/v1/locations')
      await sealer.seal()
      await sealer.anchor()
    }
    await relay.end()
    const anchors = (await readAnchors(file)).filter(anchor => anchor.practiceId === id)
    t.same(
      anchors.map(anchor => anchor.sequence),
      [1, 2],
    )
    t.equal((await verify(test, id, anchors)).firstBad, undefined)
  })

  await t.test('every column of the log is covered', async t => {
    const { rows } = await asAdmin(test.adminUrl, client =>
      client.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = 'cairn.audit_log'::regclass and attnum > 0 and not attisdropped`,
      ),
    )
    const row = Object.fromEntries(rows.map(({ name }) => [name, 'a']))
    const before = chainHash(test.house.keyring.auditKey, firstLink, row as never)
    for (const { name } of rows) {
      const changed = chainHash(test.house.keyring.auditKey, firstLink, { ...row, [name]: 'b' } as never)
      t.notSame(changed, before, name)
    }
  })

  await tampered(
    'a changed row is named',
    (client, { ids }) => client.query(`update cairn.audit_log set outcome = 'x' where id = $1`, [ids[4]]),
    ({ ids }) => ({ fault: 'changed', auditId: ids[4] }),
  )
  await tampered(
    'a row moved by a microsecond is named',
    (client, { ids }) =>
      client.query(
        `update cairn.audit_log set occurred_at = occurred_at + interval '1 microsecond' where id = $1`,
        [ids[2]],
      ),
    ({ ids }) => ({ fault: 'moved in time', auditId: ids[2] }),
  )
  await tampered(
    'a deleted row is named',
    (client, { ids }) => client.query('delete from cairn.audit_log where id = $1', [ids[6]]),
    ({ ids }) => ({ fault: 'deleted', auditId: ids[6] }),
  )
  await tampered(
    'a row deleted with its seal is named by its successor',
    async (client, { ids }) => {
      await client.query('delete from cairn.audit_log where id = $1', [ids[6]])
      await client.query('delete from cairn.audit_seals where audit_id = $1', [ids[6]])
    },
    ({ ids }) => ({ fault: 'seal missing', auditId: ids[7] }),
  )
  await tampered(
    'reordered rows are named',
    async (client, { practice, ids }) => {
      await client.query(
        'update cairn.audit_seals set sequence = 99 where practice_id = $1 and audit_id = $2',
        [practice.id, ids[3]],
      )
      await client.query(
        'update cairn.audit_seals set sequence = 4 where practice_id = $1 and audit_id = $2',
        [practice.id, ids[5]],
      )
      await client.query(
        'update cairn.audit_seals set sequence = 6 where practice_id = $1 and audit_id = $2',
        [practice.id, ids[3]],
      )
    },
    ({ ids }) => ({ fault: 'changed', auditId: ids[5] }),
  )
  await tampered(
    'an end that was cut off is noticed by the anchor',
    async (client, { practice, ids }) => {
      await client.query('delete from cairn.audit_log where id = any($1)', [ids.slice(8)])
      await client.query('delete from cairn.audit_seals where practice_id = $1 and sequence > 8', [
        practice.id,
      ])
    },
    () => ({ fault: 'cut off', auditId: null }),
  )
  await tampered(
    'a chain made anew, even with the key, is noticed by the anchor',
    async (client, { practice, ids }) => {
      await client.query('delete from cairn.audit_log where id = $1', [ids[9]])
      await client.query('delete from cairn.audit_seals where practice_id = $1', [practice.id])
      await client.query(
        `insert into cairn.audit_log (practice_id, actor_kind, actor_id, request_id, operation, decision, purpose)
        values ($1, 'system', $1, 'forged', 'forged', 'granted', 'operations')`,
        [practice.id],
      )
      await seal(test, practice.id)
    },
    () => ({ fault: 'rewritten', auditId: /./ as never }),
  )

  await t.test('a row inserted in the past is never sealed, and named', async t => {
    const { practice } = await tenSealed(test)
    const { rows } = await asAdmin(test.adminUrl, client =>
      client.query<{ id: string }>(
        `insert into cairn.audit_log (practice_id, occurred_at, actor_kind, actor_id, request_id, operation, decision, purpose)
         values ($1, now() - interval '5 minutes', 'system', $1, 'forged', 'forged', 'granted', 'operations') returning id`,
        [practice.id],
      ),
    )
    await practice.owner.get('/v1/locations')
    await seal(test, practice.id)
    t.match((await verify(test, practice.id)).firstBad, {
      fault: 'inserted afterwards',
      auditId: rows[0]?.id,
    })
  })

  t.test('the runtime role can add rows and never change, remove or truncate them', async t => {
    const { practice } = await tenSealed(test)
    for (const [table, column] of [
      ['audit_log', 'operation'],
      ['audit_seals', 'hash'],
      ['events', 'type'],
    ]) {
      for (const text of [
        `update ${table} set ${column} = ${column}`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        const client = await test.house.database.pool.connect()
        await client.query('begin')
        await client.query('select app.use_practice($1, $1, false)', [practice.id])
        await t.rejects(client.query(text), { code: '42501' }, text)
        await client.query('rollback')
        client.release()
      }
    }
  })

  t.test('the command verifies, names the row, and says so by its exit code', async t => {
    const folder = await mkdtemp(join(tmpdir(), 'cairn-audit-'))
    t.teardown(() => rm(folder, { recursive: true }))
    const { practice, head, ids } = await tenSealed(test)
    const anchors = join(folder, 'anchors.jsonl')
    await appendAnchors(anchors, [head], new Date())
    t.same(await readAnchors(anchors), [head])
    t.match(JSON.parse((await readFile(anchors, 'utf8')).trim()), { practiceId: practice.id, sequence: 10 })
    const run = async () => {
      const { keyringFile } = await testServer()
      const command = fileURLToPath(new URL('../../src/commands/audit.ts', import.meta.url))
      const env = {
        ...process.env,
        DATABASE_URL: test.adminUrl,
        CAIRN_KEYRING_FILE: keyringFile,
        AUDIT_ANCHOR_FILE: anchors,
      }
      return promisify(execFile)(process.execPath, [command, 'verify', '--practice', practice.id], { env })
    }
    t.match((await run()).stdout, /intact: 10 rows/)
    await admin(client => client.query('delete from cairn.audit_log where id = $1', [ids[0]]))
    const failed = await run().catch(error => error)
    t.equal(failed.code, 1)
    t.match(failed.stdout, new RegExp(`BROKEN, deleted: sequence 1, row ${ids[0]}`))
  })
})

t.test('a log longer than one batch is sealed to its end, turn by turn', async t => {
  const test = await createTestApp(t)
  const { id } = await createTestPractice(test)
  const rows = limits.audit.sealBatch + 20
  await asAdmin(test.adminUrl, admin =>
    admin.query(
      `insert into cairn.audit_log (practice_id, occurred_at, actor_kind, actor_id, request_id, operation, decision, purpose)
       select $1, now() - interval '1 day' + make_interval(mins => n), 'system', $1, 'r', 'made', 'granted', 'operations'
       from generate_series(1, $2::int) n`,
      [id, rows],
    ),
  )
  const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
  const sealer = createAuditSealer(test.house, relay)
  t.equal(await sealer.seal(), true)
  t.equal(await sealer.seal(), false)
  await relay.end()
  const report = await verify(test, id)
  t.match(report, { intact: rows, unsealed: 0 })
  t.equal(report.firstBad, undefined)
})

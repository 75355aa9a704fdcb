import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncProperty, check, constantFrom, integer, type RunDetails } from 'fast-check'
import t from 'tap'
import { verifyAudit } from '../../src/commands/audit.ts'
import { rotateDataKeys, rotateKeys } from '../../src/commands/keys.ts'
import { loadConfig } from '../../src/config.ts'
import { appendAnchors, readAnchors } from '../../src/lib/audit-anchors.ts'
import type { ChainReport } from '../../src/lib/audit-verification.ts'
import { verifyChain } from '../../src/lib/audit-verification.ts'
import { createPool } from '../../src/lib/database/connect.ts'
import { createAuditSealer } from '../../src/lib/jobs/audit-sealer.ts'
import { createTestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import { type LongChain, makeChain, sealOf, takenBack } from '../support/proofs/audit/chain.ts'
import { columnsOf, columnTamperings, rowTamperings } from '../support/proofs/audit/tampering.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin, testServer } from '../support/test-server.ts'

// What somebody who owns the database can do to the audit log of a practice, column by column and row by row, is
// always found, and the first bad row is named. The plain cases stand in test/compliance/audit-chain.test.ts.

const here = proof('audit-tamper')

/** When a row was sealed is told by nothing and proves nothing. */
const notCovered = 'sealed_at'

t.setTimeout(600_000)
t.test('whatever is done to the audit log is found', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-tamper-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const keyringFile = join(folder, 'keyring.json')
  await copyFile((await testServer()).keyringFile, keyringFile)
  const test = await createTestApp(t, { keyringFile })
  const { auditKey } = test.house.keyring
  const chain = await makeChain(test, here.amount(40, 400))
  const other = await createTestPractice(test)
  const verify = (practiceId: string, anchors: LongChain['anchors']) =>
    asAdmin(test.adminUrl, admin => verifyChain(admin, auditKey, practiceId, anchors))
  const [log, seals] = await asAdmin(test.adminUrl, async admin => [
    await columnsOf(admin, 'cairn.audit_log'),
    (await columnsOf(admin, 'cairn.audit_seals')).filter(({ name }) => name !== notCovered),
  ])
  const tamperings = [...columnTamperings(log ?? [], seals ?? [], other.id), ...rowTamperings(auditKey)]

  await t.test('the chain lies in several partitions, was sealed in several turns, and is whole', async t => {
    const partitions = await asAdmin(test.adminUrl, admin =>
      admin.query('select distinct tableoid from cairn.audit_log where practice_id = $1', [chain.practiceId]),
    )
    t.ok(partitions.rowCount && partitions.rowCount > 2)
    t.equal(chain.anchors.length, 4)
    t.match(await verify(chain.practiceId, chain.anchors), { intact: chain.length, unsealed: 0 })
  })

  const counts = { tampered: 0 }
  /** Tampers, verifies and takes it back. @returns what was wrong with the finding; undefined when it is right */
  const wrongFinding = (tampering: (typeof tamperings)[number], seed: number) =>
    takenBack(test, async admin => {
      let step = seed
      const expected = await tampering.tamper(
        admin,
        chain,
        most => (step = Math.imul(step, 48_271) >>> 0) % most,
      )
      const { firstBad } = await verifyChain(admin, auditKey, chain.practiceId, chain.anchors)
      counts.tampered += 1
      const named = firstBad && expected.includes(firstBad.sequence)
      return named
        ? undefined
        : `${tampering.name}: ${expected.join(' or ')} and not ${JSON.stringify(firstBad)}`
    })

  await t.test('each kind of tampering, in every column, is found and names the first bad row', async t => {
    for (const [index, tampering] of tamperings.entries())
      t.equal(await wrongFinding(tampering, here.seed + index), undefined, tampering.name)
  })

  await t.test('any of them at any place, too', async t => {
    const anywhere = asyncProperty(
      constantFrom(...tamperings),
      integer({ min: 1 }),
      async (tampering, seed) => {
        const wrong = await wrongFinding(tampering, seed)
        if (wrong) throw new Error(wrong)
      },
    )
    const details = (await check(anywhere, {
      seed: here.seed,
      numRuns: here.amount(40, 2_000, 'TAMPERINGS'),
    })) as RunDetails<unknown>
    t.notOk(details.failed, details.failed ? String(details.errorInstance) : '')
  })

  await t.test('a partition that is taken away is missed from its first row on', async t => {
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query<{ partition: string; first: string }>(
        `select a.tableoid::regclass::text as partition, min(s.sequence) as first from cairn.audit_log a
           join cairn.audit_seals s on s.practice_id = a.practice_id and s.audit_id = a.id
         where a.practice_id = $1 group by 1 order by 2 offset 1 limit 1`,
        [chain.practiceId],
      ),
    )
    const [{ partition, first } = { partition: '', first: '' }] = rows
    const report = await takenBack(test, async admin => {
      await admin.query(`alter table cairn.audit_log detach partition ${partition}`)
      return verifyChain(admin, auditKey, chain.practiceId, chain.anchors)
    })
    t.match(report.firstBad, { fault: 'deleted', sequence: Number(first) })
  })

  await t.test(
    'seals that were removed and made anew by the service itself are known by the anchors',
    async t => {
      const file = join(folder, 'anchors.jsonl')
      const practice = await createTestPractice(test)
      const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
      const house = { ...test.house, config: { ...test.house.config, AUDIT_ANCHOR_FILE: file } }
      const turn = async () => {
        const sealer = createAuditSealer(house, relay)
        await sealer.seal()
        await sealer.anchor()
      }
      for (let n = 0; n < 6; n++) await practice.owner.get('/v1/locations')
      await turn()
      t.equal((await verify(practice.id, await readAnchors(file))).firstBad, undefined)
      await asAdmin(test.adminUrl, async admin => {
        await admin.query('delete from cairn.audit_seals where practice_id = $1 and sequence > 3', [
          practice.id,
        ])
        await admin.query(
          `update cairn.audit_log set actor_id = uuidv7() where practice_id = $1 and id = (
           select id from cairn.audit_log where practice_id = $1 order by occurred_at, id offset 4 limit 1)`,
          [practice.id],
        )
      })
      await turn()
      await relay.end()
      const anchors = (await readAnchors(file)).filter(({ practiceId }) => practiceId === practice.id)
      t.equal(anchors.length, 2, 'the service anchored its new head at the same place')
      t.match((await verify(practice.id, anchors)).firstBad, { fault: 'rewritten', sequence: 6 })
    },
  )

  await t.test('other keys change nothing: a chain goes on over their rotation', async t => {
    const config = loadConfig({ DATABASE_URL: test.adminUrl, CAIRN_KEYRING_FILE: keyringFile })
    await rotateDataKeys(config, () => {})
    await rotateKeys(config, () => {}, 0)
    await test.house.keyring.refresh()
    t.equal((await verify(chain.practiceId, chain.anchors)).firstBad, undefined)
    const { id, owner } = await createTestPractice(test)
    await owner.get('/v1/locations')
    await sealOf(test, id)
    t.match(await verify(id, []), { intact: 1, unsealed: 0 })
  })

  await t.test('the command finds what is gone with its anchors, whatever else is gone', async t => {
    const file = join(folder, 'command.jsonl')
    await appendAnchors(file, chain.anchors, new Date())
    const run = async () => {
      const reports: ChainReport[] = []
      const env = { DATABASE_URL: test.adminUrl, CAIRN_KEYRING_FILE: keyringFile, AUDIT_ANCHOR_FILE: file }
      const intact = await verifyAudit(loadConfig(env), {}, report => reports.push(report))
      return { intact, report: reports.find(({ practiceId }) => practiceId === chain.practiceId) }
    }
    const wholeOf = async () => (await run()).report?.firstBad
    t.equal(await wholeOf(), undefined)
    await asAdmin(test.adminUrl, async admin => {
      await admin.query('delete from cairn.audit_log where practice_id = $1', [chain.practiceId])
      await admin.query('delete from cairn.audit_seals where practice_id = $1', [chain.practiceId])
    })
    const { intact, report } = await run()
    t.equal(intact, false)
    t.match(report?.firstBad, { fault: 'cut off', sequence: 1 })
    await writeFile(file, `${JSON.stringify({ practiceId: chain.practiceId })}\n`)
    await t.rejects(run(), /is not an anchor/)
  })

  await t.test('the runtime roles cannot touch what was written, nor a partition of it', async t => {
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query<{ name: string }>(
        `select oid::regclass::text as name from pg_class where relnamespace = 'cairn'::regnamespace
           and relkind in ('r', 'p') and relname ~ '^audit_'`,
      ),
    )
    t.ok(rows.length > 3)
    for (const url of [test.appUrl, test.relayUrl])
      await asAdmin(url, async role => {
        for (const { name } of rows)
          for (const text of [
            `update ${name} set practice_id = practice_id`,
            `delete from ${name}`,
            `truncate ${name}`,
          ])
            await t.rejects(role.query(text), { code: '42501' }, text)
      })
  })
  here.report({ rows: chain.length, kinds: tamperings.length, tamperings: counts.tampered })
})

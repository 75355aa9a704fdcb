import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { proof, skipped } from '../support/proof.ts'
import { checkIndexes, checkProbesWhileAway, underLoad } from '../support/proofs/faults/checks.ts'
import { startDurableServer } from '../support/proofs/faults/durable-server.ts'
import { createFaultedService, type FaultedService } from '../support/proofs/faults/faulted-service.ts'
import { mountVolume, moveWal } from '../support/proofs/faults/volumes.ts'
import { until } from '../support/until.ts'

// The volumes of PostgreSQL fill up: its data, then its write-ahead log on a volume of its own.

const here = proof('disk-full')

t.test(
  'a volume fills up',
  { skip: here.long ? false : 'long form only: it needs volumes of its own' },
  async t => {
    const [data, log] = [await mountVolume(t, 200), await mountVolume(t, 128)]
    if (!data || !log) {
      t.comment(skipped('needs the right to mount a tmpfs (root)'))
      return
    }
    const server = await startDurableServer(t, {
      parent: data.folder,
      settings: { max_wal_size: '64MB', min_wal_size: '32MB' },
    })
    await moveWal(server, log.folder)
    const service = await createFaultedService(t, { server })
    const { owner } = await createTestPractice(service)

    await t.test('of the data: turned away, then served again as soon as there is room', async t => {
      const result = await underLoad(t, service, owner, {
        fault: async () => {
          await data.fill()
          await untilLogged(service, '53100')
          await sleep(2_000)
        },
        heal: data.free,
        afterMs: 2_500,
      })
      Object.assign(figures, {
        'data: acknowledged': result.acknowledged,
        'data: turned away': result.turnedAway,
      })
      Object.assign(figures, { 'data: recovery in ms': Math.round(result.recoveryMs) })
    })

    await t.test(
      'of the write-ahead log: PostgreSQL goes down; freed and started again, nothing is lost',
      async t => {
        const result = await underLoad(t, service, owner, {
          fault: async t => {
            await log.fill()
            await writeUntilItFails(service.adminUrl)
            await sleep(1_000)
            await checkProbesWhileAway(t, service)
          },
          heal: async () => {
            await log.free()
            await server.start()
          },
          afterMs: 2_500,
        })
        Object.assign(figures, {
          'log: acknowledged': result.acknowledged,
          'log: turned away': result.turnedAway,
        })
        Object.assign(figures, { 'log: recovery in ms': Math.round(result.recoveryMs) })
        t.match(await server.log(), /No space left on device/)
      },
    )
    here.report({ ...figures, 'indexes checked': await checkIndexes(service.adminUrl) })
  },
)

const figures: Record<string, number> = {}

function untilLogged({ logLines }: FaultedService, text: string): Promise<void> {
  return until(`"${text}" is logged`, () => logLines.some(line => line.includes(text)), { seconds: 60 })
}

/** The segments that are there already have room for a while. */
async function writeUntilItFails(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  admin.on('error', () => {})
  await admin.connect()
  try {
    for (;;) await admin.query(`select pg_logical_emit_message(true, 'ballast', repeat('x', 1000000))`)
  } catch {
    await admin.end().catch(() => {})
  }
}

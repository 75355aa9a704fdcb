import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { fillPath, operationsOf } from '../support/operations.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import {
  checkProbesWhileAway,
  type FaultRun,
  median,
  most,
  underLoad,
} from '../support/proofs/faults/checks.ts'
import type { Direction } from '../support/proofs/faults/fault-proxy.ts'
import { createFaultedService, type FaultedService } from '../support/proofs/faults/faulted-service.ts'
import { fulfill, makeWish, reckon, type Wish } from '../support/proofs/faults/load.ts'
import { asAdmin } from '../support/test-server.ts'
import { createWorld } from '../support/world.ts'

// The network between the service and PostgreSQL fails in every way a network can.

const here = proof('network-faults')
const afterMs = here.amount(500, 2_500)
const repetitions = here.amount(1, 3, 'FAULT_REPETITIONS')
const recoveries: number[] = []
/** Nothing tells of these but time: apart from the others. */
const forgotten: number[] = []
const totals = { acknowledged: 0, resolvedByKey: 0, turnedAway: 0, cuts: 0 }

t.test('under load', async t => {
  const service = await createFaultedService(t)
  const { owner } = await createTestPractice(service)
  const { proxy } = service
  const heldMs = here.amount(1_200, 5_000)
  const lasting = (_begun: undefined) => sleep(heldMs)
  const faults: Record<string, Pick<FaultRun, 'fault' | 'mayGoUnnoticed' | 'recoversInMs'>> = {
    'connections refused': {
      fault: async t => {
        await proxy.refuse()
        await sleep(300)
        await checkProbesWhileAway(t, service)
      },
    },
    'a black hole': {
      fault: async t => {
        proxy.blackHole()
        await Promise.all([sleep(heldMs), checkProbesWhileAway(t, service)])
      },
    },
    ...(here.long && {
      'every connection reset, again and again': {
        fault: async () => {
          for (let n = 0; n < 10; n++) {
            proxy.cut()
            await sleep(30)
          }
        },
      },
      // The service finds out by itself, when a query was not answered in time.
      'open connections forgotten by a firewall': {
        fault: async () => proxy.forgetConnections(),
        recoversInMs: 2 * limits.pool.enterMs,
      },
      'a trickle': { fault: () => lasting(void proxy.throttle(20_000)), mayGoUnnoticed: true },
      'latency of 50 ms to 250 ms': { fault: () => lasting(void proxy.delay(50, 200)), mayGoUnnoticed: true },
      'latency of a second and more': { fault: () => lasting(void proxy.delay(1_000, 500)) },
    }),
  }
  for (const [name, fault] of Object.entries(faults)) {
    t.test(name, async t => {
      for (let n = 0; n < repetitions; n++) {
        const result = await underLoad(t, service, owner, { ...fault, heal: () => proxy.pass(), afterMs })
        if (fault.recoversInMs === undefined) recoveries.push(result.recoveryMs)
        else forgotten.push(result.recoveryMs)
        for (const what of ['acknowledged', 'resolvedByKey', 'turnedAway'] as const)
          totals[what] += result[what]
      }
    })
  }

  t.test('the check of the checks: what is taken away or doubled is found', async t => {
    const wishes: Wish[] = []
    for (let n = 0; n < 4; n++) await fulfill(owner, makeWish(wishes))
    const [lost, doubled] = wishes.filter(({ table }) => table === 'clients')
    await asAdmin(service.adminUrl, async admin => {
      await admin.query('set search_path to cairn; set session_replication_role to replica')
      await admin.query('delete from clients where id = $1', [lost?.id])
      await admin.query(
        `insert into clients select (jsonb_populate_record(c, jsonb_build_object('id', uuidv7()))).*
         from clients c where id = $1`,
        [doubled?.id],
      )
    })
    t.match(await reckon(service.adminUrl, wishes), { lost: 1, doubled: 1, halfWritten: 1 })
  })
})

t.test('one request at a time', async t => {
  // Few connections and no background work: what is cut, or counted, is the request that was meant.
  const service = await createFaultedService(t, { poolSize: 2, worker: false })
  const { owner } = await createTestPractice(service)
  const { proxy } = service
  const bytesOf = async (direction: Direction) => {
    await fulfill(owner, makeWish([]))
    const before = proxy.passed[direction]
    await fulfill(owner, makeWish([]))
    return proxy.passed[direction] - before
  }
  for (const direction of ['reply', 'request'] as const) {
    t.test(`the connection is cut after each number of bytes of the ${direction}`, async t => {
      const wishes: Wish[] = []
      const most = (await bytesOf(direction)) + 1
      const step = Math.ceil(most / here.amount(8, 250))
      const swept = Array.from({ length: most / step }, (_, n) => n * step + (here.seed % step))
      // What answers COMMIT comes last: cut there, the work is done and nobody was told. Every other wish is of the kind
      // that was measured.
      for (const bytes of [...swept, most - 2, most - 2, most - 10, most - 10]) {
        // A connection that was not asked the same before is told more.
        await fulfill(owner, makeWish([]))
        const cut = proxy.cutAfter(direction, bytes)
        await fulfill(owner, makeWish(wishes))
        if (cut()) totals.cuts++
        await proxy.pass()
      }
      const statuses = new Set(wishes.flatMap(({ tries }) => tries.map(({ reply }) => reply.status)))
      t.same([...statuses].sort(), [201, 503])
      const { resolvedByKey, acknowledged, ...wrong } = await reckon(service.adminUrl, wishes)
      t.same(wrong, { lost: 0, doubled: 0, halfWritten: 0 })
      t.equal(acknowledged, wishes.length)
      if (direction === 'reply')
        t.ok(resolvedByKey > 0, 'commits whose answer was lost were resolved by their key')
      totals.resolvedByKey += resolvedByKey
      totals.acknowledged += acknowledged
    })
  }

  t.test('however slow the network is, a request waits for it a few times only', async t => {
    const { reader, paths } = here.long ? await everyRead(service) : await everyList(service, owner)
    let most = 0
    for (const path of paths) {
      await reader.get(path)
      const before = proxy.roundTrips()
      await reader.get(path)
      const trips = proxy.roundTrips() - before
      if (trips > mostRoundTrips) t.fail(`${path} waits for the database ${trips} times`)
      most = Math.max(most, trips)
    }
    Object.assign(totals, { 'reads counted': paths.length, 'most round trips of a read': most })
  })
})

/** A read of this API takes two or three; one round trip per row would be far above. */
const mostRoundTrips = 6

async function everyList(service: FaultedService, reader: Caller) {
  const wishes: Wish[] = []
  for (let n = 0; n < 30; n++) await fulfill(reader, makeWish(wishes))
  return { reader, paths: readsOf(service).filter(path => !path.includes('{')) }
}

async function everyRead(service: FaultedService) {
  const world = await createWorld(service)
  return { reader: world.callers.owner, paths: readsOf(service).map(path => fillPath(path, world.ids)) }
}

const readsOf = ({ app }: FaultedService) =>
  operationsOf(app)
    .filter(({ method, permission }) => method === 'GET' && permission !== 'public')
    .map(({ path }) => path)

t.test('figures', async () => {
  here.report({
    ...totals,
    'median recovery in ms': median(recoveries),
    'longest recovery in ms': most(recoveries),
    ...(here.long && { 'longest until forgotten connections were given up in ms': most(forgotten) }),
  })
})

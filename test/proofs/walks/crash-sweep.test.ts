import { fileURLToPath } from 'node:url'
import pg from 'pg'
import t, { type Test } from 'tap'
import { operationsOf } from '../../support/operations.ts'
import { proof } from '../../support/proof.ts'
import {
  type CrashPoint,
  cutConnection,
  interceptCalls,
  moments,
} from '../../support/proofs/crash/call-crash.ts'
import { repeatable } from '../../support/proofs/crash/exceptions.ts'
import { footprintsOf } from '../../support/proofs/crash/footprint.ts'
import { randomFrom } from '../../support/proofs/crash/random.ts'
import { sendTo, serviceOn } from '../../support/proofs/crash/service.ts'
import * as sweep from '../../support/proofs/crash/sweep.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { documentsHeader, messageOf, type Request, send } from '../../support/world/requests.ts'
import { createWorld } from '../../support/world.ts'

// Every operation that writes is cut short at its n-th database call, before it is sent, after it, and after its
// answer; the same request is then sent again until the answer is definite. All in all exactly that was done which
// one undisturbed request does, in every table there is. First the connection is lost and the service goes on;
// then, in the long form, the whole process dies (`kill -9` by its own hand) and another one takes over.

const here = proof('crash-sweep')
const random = randomFrom(here.seed)
const calls = interceptCalls(cutConnection)
const preload = fileURLToPath(new URL('../../support/proofs/crash/preload.ts', import.meta.url))

/** A world has room for so many operations' appointments. */
const operationsPerWorld = 12

t.test('whatever is cut short is done once or not at all, and once when it is sent again', async t => {
  const test = await createTestApp(t)
  const admin = await adminOf(t, test)
  const footprints = await footprintsOf(admin)
  const writing = operationsOf(test.app).filter(({ method }) => method !== 'GET')
  for (const id of Object.keys(repeatable)) {
    const operation = writing.find(one => one.id === id)
    t.ok(operation && !documentsHeader(operation, 'idempotency-key'), `${id} may be done twice`)
  }
  const chosen = random.shuffled(writing).slice(0, here.amount(11, writing.length, 'CRASH_OPERATIONS'))
  const isLong = here.long
  const counts = { operations: chosen.length, cuts: 0, exits: 0, replays: 0, refusals: 0 }
  const faults: string[] = []
  let world = await createWorld(test)

  async function counted(request: Request) {
    calls.arm()
    const reply = await send(test, request)
    return { reply, calls: calls.disarm().calls }
  }

  async function cut(request: Request, point: CrashPoint) {
    calls.arm(point)
    const first = await send(test, request)
    const { reached } = calls.disarm()
    return { first: reached ? first : undefined, reached, again: () => send(test, request) }
  }

  let spare: ReturnType<typeof start> | undefined
  const start = () => serviceOn(test, { PROCESS_ROLE: 'api' }, { preload })
  t.teardown(async () => (await spare)?.kill())

  /** Another process stands by, so that starting it is not waited for. */
  async function exit(request: Request, point: CrashPoint) {
    const service = await (spare ?? start())
    await new Promise(armed => {
      service.process.once('message', armed)
      service.process.send(point)
    })
    spare = start()
    const first = await sendTo(service, messageOf(request)).catch(() => undefined)
    const reached = first === undefined
    if (!reached) await service.kill()
    const next = await spare
    return { first, reached, again: () => sendTo(next, messageOf(request)) }
  }

  async function crash(clean: sweep.CleanRun, point: CrashPoint, end: typeof cut | typeof exit) {
    const request = await sweep.repeatableRequest(world, clean.operation)
    // All of it is asked from one address, which may ask for so many resets.
    await admin.query('truncate cairn.sign_in_attempts')
    const mark = await footprints.mark()
    const { first, reached, again } = await end(request, point)
    const last = await sweep.untilDefinite(again)
    const footprint = await footprints.since(mark)
    const fault = sweep.faultOf({ clean, point, first, last, footprint })
    if (fault) faults.push(fault)
    if (!reached) return
    counts[end === cut ? 'cuts' : 'exits'] += 1
    if (last.headers['idempotency-replayed'] === 'true') counts.replays += 1
    if (last.status !== clean.status) counts.refusals += 1
  }

  for (const [index, operation] of chosen.entries()) {
    if (index > 0 && index % operationsPerWorld === 0) world = await createWorld(test)
    const clean = await sweep.cleanRun(footprints, await sweep.repeatableRequest(world, operation), counted)
    const points = pointsOf(clean.calls, isLong)
    for (const point of points) await crash(clean, point, cut)
    if (isLong) await crash(clean, random.pick(points.slice(-lastCalls * moments.length)), exit)
  }
  t.same(faults, [])
  t.ok(counts.cuts > 0 && counts.replays > 0)
  here.report(counts)
})

/** COMMIT and what is sent with it: the calls around which everything is decided. */
const lastCalls = 3

/** All moments of the last calls, and one of each earlier call; in the short form two of them. */
function pointsOf(count: number, isLong: boolean): CrashPoint[] {
  const points = Array.from({ length: count }, (_, index) => index + 1).flatMap(call =>
    count - call < lastCalls
      ? moments.map(moment => ({ call, moment }))
      : [{ call, moment: random.pick(moments) }],
  )
  return isLong ? points : [{ call: count, moment: 'after answer' }, random.pick(points)]
}

async function adminOf(t: Test, test: TestApp): Promise<pg.Client> {
  const admin = new pg.Client({ connectionString: test.adminUrl })
  admin.on('error', () => {})
  await admin.connect()
  t.teardown(() => admin.end())
  return admin
}

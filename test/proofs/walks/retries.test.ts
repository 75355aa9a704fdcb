import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { operationsOf } from '../../support/operations.ts'
import { type Caller, createTestPractice, type Reply } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import { footprintsOf } from '../../support/proofs/crash/footprint.ts'
import { type Command, LogModel, logs } from '../../support/proofs/crash/log-model.ts'
import { randomFrom } from '../../support/proofs/crash/random.ts'
import * as sweep from '../../support/proofs/crash/sweep.ts'
import { createTestApp } from '../../support/test-app.ts'
import { documentsHeader, send } from '../../support/world/requests.ts'
import { createWorld } from '../../support/world.ts'

const here = proof('retries')
const random = randomFrom(here.seed)
const atOnce = 16

/** A world has room for so many operations' appointments. */
const operationsPerWorld = 40
const counts = { operations: 0, requests: 0, replays: 0, inUse: 0, changes: 0, logs: 0 }

t.test('sent twice, at once or later, under one key or one version', async t => {
  const test = await createTestApp(t)
  const admin = new pg.Client({ connectionString: test.adminUrl })
  admin.on('error', () => {})
  await admin.connect()
  t.teardown(() => admin.end())
  const footprints = await footprintsOf(admin)
  let world = await createWorld(test)

  t.test('sixteen requests at once under one key are one effect, whatever the operation', async t => {
    const keyed = operationsOf(test.app).filter(operation => documentsHeader(operation, 'idempotency-key'))
    const chosen = random.shuffled(keyed).slice(0, here.amount(7, keyed.length, 'RETRY_OPERATIONS'))
    const faults: string[] = []
    for (const [index, operation] of chosen.entries()) {
      if (index > 0 && index % operationsPerWorld === 0) world = await createWorld(test)
      const plain = await sweep.cleanRun(
        footprints,
        await sweep.repeatableRequest(world, operation),
        async request => ({
          reply: await send(test, request),
          calls: 0,
        }),
      )
      const request = await sweep.repeatableRequest(world, operation)
      const mark = await footprints.mark()
      const replies = await Promise.all(Array.from({ length: atOnce }, () => send(test, request)))
      const last = await sweep.untilDefinite(() => send(test, request))
      const footprint = await footprints.since(mark)
      const granted = [...replies, last].filter(reply => reply.status === plain.status)
      faults.push(
        ...sweep.effectFaults(plain, footprint).map(fault => `${operation.id}: ${fault}`),
        ...[...replies, last].flatMap(reply => answerFault(operation.id, plain.status, last, reply)),
        ...(footprint.audited.granted - plain.footprint.audited.granted === granted.length - 1
          ? []
          : [`${operation.id}: ${footprint.audited.granted} audit rows for ${granted.length} answers`]),
      )
      counts.requests += replies.length + 1
      counts.replays += [...replies, last].filter(isReplay).length
      counts.inUse += replies.filter(reply => reply.body?.code === 'idempotency-key-in-use').length
    }
    counts.operations = chosen.length
    t.same(faults, [])
  })

  t.test('a key that was used for one thing is not good for another', async t => {
    const key = randomUUID()
    const { owner, admin: another } = world.callers
    const office = { name: `Office ${randomUUID()}`, timeZone: 'UTC' }
    t.equal((await owner.post('/v1/locations', office, { key })).status, 201)
    const other = await owner.post('/v1/locations', { ...office, name: 'Other' }, { key })
    t.equal(other.body.code, 'idempotency-key-reused')
    t.equal(other.status, 422)
    const elsewhere = await owner.post('/v1/api-clients', { name: 'X', scopes: ['clients:read'] }, { key })
    t.equal(elsewhere.status, 422)
    const byAnother = await another.post('/v1/locations', { ...office, name: `B ${randomUUID()}` }, { key })
    t.equal(byAnother.status, 201, 'it is fresh for another person')
    t.notOk(isReplay(byAnother))
    const { owner: stranger } = await createTestPractice(test)
    const there = await stranger.post('/v1/locations', office, { key })
    t.equal(there.status, 201, 'and in another practice')
    t.notOk(isReplay(there))
  })

  t.test('of two changes that read the same version one is refused', async t => {
    const versioned = operationsOf(test.app).filter(
      operation => documentsHeader(operation, 'if-match') && !documentsHeader(operation, 'idempotency-key'),
    )
    for (const operation of random.shuffled(versioned).slice(0, here.amount(5, versioned.length))) {
      const request = await sweep.repeatableRequest(world, operation)
      const replies = await Promise.all([send(test, request), send(test, request)])
      const [first, second] = replies.toSorted((a, b) => a.status - b.status)
      t.ok(first && first.status < 300, `${operation.id}: one is done`)
      t.equal(second?.body?.code, 'stale-version', `${operation.id}: one is stale`)
      counts.changes += 1
    }
  })

  t.test('a log of commands ends alike however often and in whatever order it is sent', async t => {
    const run = async (log: Command[]) => {
      const { owner } = await createTestPractice(test)
      await playLog(owner, log)
      counts.logs += 1
    }
    await fc.assert(fc.asyncProperty(logs, run), {
      seed: here.seed,
      numRuns: here.amount(6, 400),
      endOnFailure: !here.long,
    })
    t.pass()
  })

  t.test('counts', async () => here.report(counts))
})

const isReplay = (reply: Reply) => reply.headers['idempotency-replayed'] === 'true'

/** The answer itself, the stored one, or word that the first is still being answered; nothing else. */
function answerFault(id: string, status: number, last: Reply, reply: Reply): string[] {
  if (reply.status === status)
    return JSON.stringify(reply.body) === JSON.stringify(last.body) ? [] : [`${id}: two answers to one key`]
  const mayWait = reply.body?.code === 'idempotency-key-in-use' || reply.status === 503
  if (mayWait && reply.headers['retry-after']) return []
  return [`${id}: ${reply.status} ${JSON.stringify(reply.body)}`]
}

/** Plays a log against the service and the model at once. @throws Error where they part */
async function playLog(owner: Caller, log: Command[]): Promise<void> {
  const model = new LogModel()
  const keys = new Map<number, string>()
  const ids = new Map<number, string>()
  const nameOf = (name: number) => `Office ${name}`
  for (const command of log) {
    const expected = model.take(command)
    let reply: Reply
    if (command.kind === 'create') {
      const key = keys.get(command.key) ?? randomUUID()
      keys.set(command.key, key)
      const body = { name: `Key ${command.key}, ${nameOf(command.name)}`, timeZone: 'UTC' }
      reply = await owner.post('/v1/locations', body, { key })
      if (reply.status === 201) ids.set(command.key, reply.body.id)
    } else {
      const url = `/v1/locations/${ids.get(command.target) ?? uuidv7()}`
      const body = { name: `Key ${command.target}, ${nameOf(command.name)}` }
      reply = await owner.patch(url, body, { ifMatch: command.version })
    }
    if (reply.status !== expected.status || isReplay(reply) !== expected.replayed)
      throw new Error(`${JSON.stringify(command)}: ${reply.status} instead of ${JSON.stringify(expected)}`)
  }
  const { body } = await owner.get('/v1/locations')
  const found = body.data
    .map(({ name, version }: { name: string; version: number }) => `${name} v${version}`)
    .sort()
  const expected = [...model.made]
    .map(([key, { name, version }]) => `Key ${key}, ${nameOf(name)} v${version}`)
    .sort()
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`)
}

import { createHash, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { inPractice } from '../../../src/lib/database/in-practice.ts'
import { systemScope } from '../../../src/lib/scope.ts'
import { operationsOf } from '../../support/operations.ts'
import type { Reply } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import {
  classified,
  mayHold,
  mayStandSomewhere,
  openTextColumns,
} from '../../support/proofs/canary/columns.ts'
import { runCommands } from '../../support/proofs/canary/commands.ts'
import { searchFolder } from '../../support/proofs/canary/folder.ts'
import { formsOf, type Hit, hitsIn, lettersOf, tell } from '../../support/proofs/canary/forms.ts'
import {
  type Broken,
  brokenAt,
  type Marked,
  markAll,
  markersOf,
  spoiled,
} from '../../support/proofs/canary/marking.ts'
import { placesOf } from '../../support/proofs/canary/places.ts'
import { missingOf, plant, readable } from '../../support/proofs/canary/planting.ts'
import { everyRequest, openStage, type Stage } from '../../support/proofs/canary/stage.ts'
import { hitsInTables } from '../../support/proofs/canary/tables.ts'
import { each, echoesOf, plainRequest, shuffled, whileHeld } from '../../support/proofs/canary/walk.ts'
import { make } from '../../support/world/ground.ts'
import { documentsHeader, type Request, requestOf, send } from '../../support/world/requests.ts'
import { createWorld, type World } from '../../support/world.ts'

// Words that are nowhere else are given wherever anything can be given: in requests that succeed, that are
// refused, that fail and that never end. Then everything that the service and its database leave behind is
// searched for them, in every form in which they could have been written down.

const here = proof('canary')
const markers = markersOf(here.seed)
const forms = markers.needles.flatMap(formsOf)
const marker = markers.textFor('around requests')
everyRequest.headers = {
  'user-agent': `canary/1.0 (${marker})`,
  'x-request-id': marker,
  'x-forwarded-for': `${marker}, 192.0.2.7`,
  referer: `https://front.example/clients?name=${marker}`,
  cookie: `name=${marker}`,
  'accept-language': marker,
  baggage: `name=${marker}`,
}

t.setTimeout(600_000)
t.test('what people write is kept where it belongs, and nowhere else', async t => {
  const counts = { accepted: 0, conflicting: 0, failing: 0, broken: 0 }
  const stage = await openStage(t)
  await stage.setRole({ lock_timeout: '200ms' })
  const api = await stage.serve('api')
  const world = await createWorld(stage.test)
  const operations = operationsOf(stage.test.app)
  const writing = shuffled(
    operations.filter(operation => placesOf(stage.test, operation).length > 0),
    here.seed,
  ).slice(0, here.amount(4, 10_000, 'CANARY_OPERATIONS'))
  const marked: Marked[] = []
  for (const operation of writing)
    marked.push(markAll(stage.test.app, markers, await requestOf(world, operation)))
  const keyed = marked.map(({ request }) => withKey(request))

  await t.test('a request that fails for a lock says and leaves nothing of it', async t => {
    const echoes: string[] = []
    const statuses: number[] = []
    const failing = async (request: Request) => {
      const reply = await send(stage.test, request)
      statuses.push(reply.status)
      echoes.push(...echoesOf(request.operation.id, reply, forms))
    }
    const held = keyed.filter(({ by }) => by !== null)
    await whileHeld(stage.test.adminUrl, () => each(held, 6, failing))
    t.same(echoes, [])
    counts.failing = statuses.filter(status => status >= 400).length
    t.ok(counts.failing > held.length / 2, `${counts.failing} of ${held.length} failed`)
    t.ok(statuses.every(status => status !== 500))
  })

  await t.test(
    'a valid one is taken with a marker in every field, and refused in its second turn',
    async t => {
      const echoes: string[] = []
      for (const request of keyed) {
        const { id } = request.operation
        const fresh = withKey(request)
        const first = await send(stage.test, fresh)
        t.ok(
          first.status < 300,
          `${id} ${first.status} ${JSON.stringify(first.body?.errors ?? first.body?.code)}`,
        )
        counts.accepted += 1
        const second = await send(stage.test, withKey(request))
        if (second.status >= 400) counts.conflicting += 1
        echoes.push(...echoesOf(`${id} again`, second, forms))
      }
      t.same(echoes, [])
    },
  )

  await t.test('a broken one is refused without saying back what was in it', async t => {
    const echoes: string[] = []
    const served: string[] = []
    const all = operations.flatMap(operation => brokenOf(stage, world, keyed, operation))
    const broken = here.long ? all : all.filter((_one, index) => (index + here.seed) % 6 === 0)
    await each(broken, 8, async ({ name, request }) => {
      const reply = await send(stage.test, request)
      if (reply.status === 500) served.push(`${name} ${reply.status}`)
      echoes.push(...echoesOf(name, reply, forms))
    })
    echoes.push(...(await sendGarbage(stage)))
    counts.broken = broken.length
    t.same(echoes, [])
    t.same(served, [])
    t.ok(broken.length > 100, `${broken.length} were broken`)
  })

  await t.test('a fault of our own shows nothing of the text it stumbled over', async t => {
    const reply = await replayOfDamaged(stage, world)
    t.equal(reply.status, 500)
    t.same(echoesOf('a damaged answer', reply, forms), [])
  })
  await inviteMarked(world)
  await runCommands(stage, markers, { url: api.url, all: here.long })
  stage.hear('metrics', await (await fetch(`${api.url}/metrics`)).text())

  await t.test('the process ends by an error, by a kill, and starts again', async t => {
    await stage.crash(api, 'uncaught', `Cannot read ${marker} of {"name": "${marker}"}`)
    t.equal(await api.ended, 1)
    if (here.long) await killInFlight(stage, keyed)
    const worker = await stage.serve('worker')
    const told = () => hitsIn(Buffer.from(stage.mailed()), forms).length > 0
    for (
      let waited = 0;
      !(told() && worker.output().includes('a job failed')) && waited < 30_000;
      waited += 50
    )
      await sleep(50)
    t.match(worker.output(), 'a job failed', 'mail is refused, with the address in the reason')
    t.ok(told(), 'the mail server was told')
    await stage.crash(worker, 'unhandled', `Unexpected token in ${marker}`)
  })

  const tables = await hitsInTables(stage.test.adminUrl, forms)
  const placeOf = (hit: Hit) => (hit.needle === 'marker' ? (markers.placeOf(hit.field) ?? '') : hit.needle)

  await t.test('nothing of it is in what the processes printed', async t => {
    for (const [name, output] of Object.entries(stage.outputs())) none(t, name, Buffer.from(output))
    t.ok(stage.outputs()['this process'] !== undefined)
  })
  await t.test("nothing of it is in PostgreSQL's log", async t => {
    const log = await stage.postgresLog()
    t.match(log, /ERROR: .*lock timeout/, 'what failed is in it')
    none(t, 'the log', Buffer.from(log))
  })
  await t.test('nothing of it is in the traces', async t => {
    const traces = stage.traces()
    t.match(traces, '/v1/clients')
    none(t, 'traces', Buffer.from(traces, 'latin1'))
  })
  await t.test('in the tables it is in the columns that hold it as it is, and in no other form', async t => {
    const strays = tables.filter(
      hit => hit.form !== 'utf-8' || !mayHold(hit.column.replace(/^cairn\./, ''), placeOf(hit)),
    )
    t.same([...new Set(strays.map(hit => `${hit.column} <- ${placeOf(hit)}: ${tell(hit)}`))], [])
  })
  await t.test('every column that could hold a text is said to hold it, or not to', async t => {
    const dates = ['clients.birth_date']
    const open = [...(await openTextColumns(stage.test.adminUrl)), ...dates]
    t.same(
      open.filter(name => !classified.includes(name)),
      [],
      'say in columns.ts what may stand there',
    )
    t.same(
      classified.filter(name => !open.includes(name)),
      [],
      'no longer needed in columns.ts',
    )
  })

  const plain = new Set(tables.map(placeOf))
  const taken = new Set(marked.flatMap(({ places }) => places))
  // What was only ever refused is in rows that were rolled back, whose columns nobody can tell any more.
  const mayStand = (place: string) => plain.has(place) || (!taken.has(place) && mayStandSomewhere(place))
  const control = formsOf({ name: 'control', text: `zq${lettersOf(here.seed + 50, 6)}`, cased: here.long })
  await plant(stage, control)
  const wanted = [...forms.filter(({ needle }) => needle === 'marker'), ...control]
  const inFolder = await searchFolder(stage, wanted, { all: here.long })

  await t.test('what is sealed is nowhere in the data folder or its WAL', async t => {
    const leaks = inFolder.filter(
      ({ hit }) => hit.needle === 'marker' && (hit.form !== 'utf-8' || !mayStand(placeOf(hit))),
    )
    t.same(leaks.map(({ file, hit }) => `${file}: ${placeOf(hit)} ${tell(hit)}`).slice(0, 20), [])
    const sealed = [...taken].filter(place => !plain.has(place))
    t.ok(taken.size > 0, `${sealed.length} of ${taken.size} places are sealed or not kept`)
  })

  await t.test('what is planted on purpose is found, in every place and form', async t => {
    for (const [place, pattern] of [
      ['WAL', /pg_wal/],
      ['data', /base/],
    ] as const) {
      const there = inFolder.filter(({ file }) => pattern.test(file)).map(({ hit }) => hit)
      t.same(missingOf(control, there), [], `${place} files`)
    }
    const inTables = await hitsInTables(stage.test.adminUrl, control)
    const inColumn = (name: string) => inTables.filter(({ column }) => column === `control.planted.${name}`)
    t.same(missingOf(readable(control), inColumn('words')), [], 'a column of text')
    t.same(missingOf(readable(control), inColumn('listed')), [], 'a column of JSON')
    t.same(missingOf(control, inColumn('bytes')), [], 'a binary column')
    const log = hitsIn(Buffer.from(await stage.postgresLog()), control)
    t.same(missingOf(readable(control), log), [], "PostgreSQL's log")
    t.same(missingOf(control, hitsIn(Buffer.from(stage.traces(), 'latin1'), control)), [], 'traces')
    const printed = hitsIn(Buffer.from(stage.outputs().control ?? ''), control)
    t.same(missingOf(readable(control), printed), [], 'what a process printed')
  })
  here.report({
    operations: writing.length,
    'fields marked': marked.flatMap(({ places }) => places).length,
    'valid requests': counts.accepted,
    conflicting: counts.conflicting,
    'failed by locks': counts.failing,
    'broken requests': counts.broken,
    forms: forms.length,
  })
})

/** Under a key that holds a marker of its own. */
const withKey = (request: Request): Request =>
  documentsHeader(request.operation, 'idempotency-key')
    ? {
        ...request,
        headers: {
          ...request.headers,
          'idempotency-key': `${markers.textFor(`${request.operation.id} Idempotency-Key`)}-${randomUUID()}`,
        },
      }
    : request

function brokenOf(
  stage: Stage,
  world: World,
  keyed: readonly Request[],
  operation: Request['operation'],
): Broken[] {
  const request = keyed.find(one => one.operation.id === operation.id) ?? plainRequest(world, operation)
  const inBody = placesOf(stage.test, operation).flatMap(place => brokenAt(markers, request, place))
  return [...inBody, ...spoiled(markers, request)]
}

/** What no client sends by mistake. @returns what was said back */
async function sendGarbage(stage: Stage): Promise<string[]> {
  const url = '/v1/clients'
  const json = { 'content-type': 'application/json' }
  const ask = async (name: string, options: InjectOptions) => {
    const { statusCode, headers, payload } = await stage.test.app.inject(options)
    return echoesOf(name, { status: statusCode, body: payload, headers, etag: '' }, forms)
  }
  const said = await Promise.all([
    ask('half a body', { method: 'POST', url, headers: json, payload: `{"legalGivenName":"${marker}` }),
    ask('a key twice', {
      method: 'POST',
      url: '/v1/sessions',
      headers: json,
      payload: `{"${marker}":1,"${marker}":2}`,
    }),
    ask('no JSON', { method: 'POST', url: '/v1/sessions', headers: json, payload: `${marker}` }),
    ask('a long address', { method: 'GET', url: `/v1/clients/${marker.repeat(30)}` }),
    ask('no address', { method: 'GET', url: `/v1/${marker}/%zz` }),
    ask('an unknown address', { method: 'GET', url: `/${marker}?${marker}` }),
    ask('another method', { method: 'DELETE', url: `/v1/sessions?${marker}` }),
    ask('long headers', { method: 'GET', url, headers: { 'x-long': marker.repeat(2_000) } }),
  ])
  return [
    ...said.flat(),
    ...hitsIn(Buffer.from(await sendRaw(stage, `BREW /${marker} ${marker}\r\n\r\n`)), forms).map(tell),
  ]
}

function sendRaw(stage: Stage, text: string): Promise<string> {
  const { hostname, port } = new URL(stage.url())
  return new Promise(resolve => {
    const answer: string[] = []
    const socket = connect(Number(port), hostname, () => socket.end(text))
    socket.setTimeout(2_000, () => socket.destroy())
    socket.on('data', chunk => answer.push(chunk.toString()))
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer.join('')))
  })
}

/** A stored answer that opens and is no JSON: the parser's message repeats the text. */
async function replayOfDamaged({ test }: Stage, { callers: { owner }, practice }: World): Promise<Reply> {
  const key = `${markers.textFor('damaged Idempotency-Key')}-${randomUUID()}`
  const body = { name: 'Damaged', timeZone: 'UTC' }
  await owner.post('/v1/locations', body, { key })
  const rowId = createHash('sha256').update(`${owner.actorId}|${key}`).digest('hex')
  const place = { table: 'idempotency_keys', column: 'response', rowId, rowVersion: 1 }
  await inPractice(test.house.database, systemScope(practice.id, 'test'), async trx => {
    const response = await trx.seal(place, `${markers.textFor('damaged answer')} is no JSON`)
    const stored = trx.updateTable('idempotency_keys').set({ response })
    await stored.where('practice_id', '=', practice.id).where('key', '=', key).execute()
  })
  return owner.post('/v1/locations', body, { key })
}

/** Somebody whose mail nobody takes. */
async function inviteMarked({ callers: { owner } }: World): Promise<void> {
  await make(owner, '/v1/staff-members', {
    email: `${markers.textFor('invited email')}@practice.example`,
    givenName: markers.textFor('invited givenName'),
    familyName: markers.textFor('invited familyName'),
    roles: ['clinician'],
  })
}

/** The process is killed while a request of it waits for a lock. */
async function killInFlight(stage: Stage, [request]: readonly Request[]): Promise<void> {
  const api = await stage.serve('api')
  if (!request) throw new Error('There is nothing to send')
  await whileHeld(stage.test.adminUrl, async () => {
    const cut = send(stage.test, request).catch(() => undefined)
    await sleep(60)
    await api.kill()
    await cut
  })
}

function none(
  t: { same(found: unknown, wanted: unknown, name: string): unknown },
  name: string,
  bytes: Buffer,
): void {
  t.same([...new Set(hitsIn(bytes, forms).map(tell))].slice(0, 10), [], `${name} (${bytes.length} bytes)`)
}

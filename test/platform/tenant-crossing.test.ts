import { randomUUID } from 'node:crypto'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { apiClientScopes, rolePermissions } from '../../src/modules/charts/access-policy.ts'
import { checksumOf } from '../support/checksum.ts'
import { type DocumentedOperation, operationsOf } from '../support/operations.ts'
import type { Caller, Reply } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import {
  type IdPlace,
  idAt,
  idPlacesOf,
  nameOfPlace,
  type Request,
  requestOf,
  send,
  withId,
} from '../support/world/requests.ts'
import { variants } from '../support/world/variants.ts'
import { createWorld, idOf, type World } from '../support/world.ts'

// Two practices with equal data. Whatever of the one is named in the other, at any place where an id can be
// given, is answered exactly as an id that nobody was ever given, and nothing of it changes.

/** What differs between any two answers. */
const ownOfEachAnswer = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset']

/** What somebody who compares two answers can see of them. */
function visibleOf({ status, headers, body }: Reply) {
  const { requestId: _, ...rest } = typeof body === 'object' && body !== null ? body : { requestId: body }
  const shown = Object.entries(headers).filter(([name]) => !ownOfEachAnswer.includes(name))
  return { status, headers: Object.fromEntries(shown), body: rest }
}

/** How an id that is not there may be answered, by where it stood. */
const refusals = { path: [404], query: [200], body: [404, 422] } as const

/** Signing in tells nothing, not even where somebody works. */
const otherRefusals: Readonly<Record<string, number>> = { 'createSession body practiceId': 401 }

/** A request that is wrong in nothing but this id: its refusal is about the id, and so proves something. */
function isAboutTheId({ status, body }: Reply, name: string, { in: where, steps }: IdPlace): boolean {
  if (name in otherRefusals) return status === otherRefusals[name]
  const pointer = `/${steps.filter(step => step !== '[]').join('/')}`
  if (status === 400) return body.errors?.[0]?.pointer === pointer
  return (refusals[where] as readonly number[]).includes(status)
}

interface Crossing {
  name: string
  place: IdPlace
  /** Valid in A but for the id at the place. */
  request: Request
  /** The same in B, with B's id. */
  inB: Request
  foreignId: string
}

async function crossingsOf(a: World, b: World): Promise<Crossing[]> {
  const crossings: Crossing[] = []
  for (const operation of operationsOf(a.test.app)) {
    const places = idPlacesOf(a, operation)
    if (places.length === 0) continue
    const [own, foreign] = [await requestOf(a, operation), await requestOf(b, operation)]
    for (const place of places) {
      const name = `${operation.id} ${nameOfPlace(place)}`
      const vary = variants[name] ?? (request => request)
      const inB = vary(foreign, b)
      const foreignId = idAt(inB, place) ?? idOf(b, place.name)
      crossings.push({ name, place, request: vary(own, a), inB, foreignId })
    }
  }
  return crossings
}

/** Others of the practice who are permitted the operation too, one of each kind. */
function othersFor({ callers }: World, { operation: { permission }, by }: Request): Caller[] {
  if (by === null || permission === 'any') return []
  const may = (granted: readonly string[]) => granted.includes(permission)
  const kinds: [Caller, boolean][] = [
    [callers.owner, may(rolePermissions.owner)],
    [callers.clinician, may(rolePermissions.clinician)],
    [callers.supervisor, may(rolePermissions.supervisor)],
    [callers.biller, may(rolePermissions.biller)],
    [callers.integration, may(apiClientScopes)],
  ]
  return kinds.filter(([caller, permitted]) => permitted && caller !== by).map(([caller]) => caller)
}

/** The same request with B's id and with one that was never given. */
async function sendBoth(test: TestApp, { request, place, foreignId }: Crossing, by: Caller | null) {
  const asked = { ...request, by }
  return {
    foreign: await send(test, withId(asked, place, foreignId)),
    unknown: await send(test, withId(asked, place, uuidv7())),
  }
}

/** @returns a version that the same resource of the other practice does not have */
async function changeTwice(by: Caller, url: string): Promise<number> {
  const { body } = await by.get(url)
  const changed = await by.patch(url, { phone: '+15555550107' }, { ifMatch: body.version })
  return (await by.patch(url, { phone: '+15555550108' }, { ifMatch: changed.body.version })).body.version
}

function operationCalled(operations: readonly DocumentedOperation[], id: string): DocumentedOperation {
  const found = operations.find(operation => operation.id === id)
  if (!found) throw new Error(`There is no operation ${id}`)
  return found
}

/** The request for the first page of a list, without filters. */
async function firstPageOf(world: World, operation: DocumentedOperation): Promise<Request> {
  const request = await requestOf(world, operation)
  const needed = operation.parameters.filter(({ in: where, required }) => where === 'query' && required)
  const query = Object.fromEntries(needed.map(({ name }) => [name, request.query[name]]))
  return { ...request, query: { ...query, limit: 1 } }
}

const withCursor = (request: Request, cursor: unknown) => ({
  ...request,
  query: { ...request.query, cursor },
})

t.test('tenant crossing', async t => {
  const test = await createTestApp(t)
  const [a, b] = [await createWorld(test), await createWorld(test)]
  const operations = operationsOf(test.app)
  const crossings = await crossingsOf(a, b)
  const token = await requestOf(a, operationCalled(operations, 'createToken'))
  const changedInB = await changeTwice(b.callers.owner, `/v1/locations/${b.locationId}`)
  const before = await checksumOf(test, b.practice.id)

  t.test('an id of another practice is answered as one that was never given', async t => {
    // The audit trail of A tells of the ids A itself has named, so it is asked before A names any.
    const audit = crossings.filter(({ request }) => request.operation.id === 'listAudit')
    for (const crossing of [...audit, ...crossings.filter(one => !audit.includes(one))]) {
      const { request, place, name } = crossing
      const { foreign, unknown } = await sendBoth(test, crossing, request.by)
      t.strictSame(visibleOf(foreign), visibleOf(unknown), name)
      t.ok(isAboutTheId(foreign, name, place), `${name}: ${foreign.status} ${JSON.stringify(foreign.body)}`)
      if (foreign.status === 200) t.same(foreign.body.data, [], `${name} finds nothing`)
    }
    t.comment(`${crossings.length} places for ids were crossed`)
  })

  t.test('for whoever else may ask, too', async t => {
    for (const crossing of crossings) {
      if (crossing.request.operation.id === 'listAudit') continue
      for (const by of othersFor(a, crossing.request)) {
        const { foreign, unknown } = await sendBoth(test, crossing, by)
        t.strictSame(visibleOf(foreign), visibleOf(unknown), crossing.name)
        t.ok(foreign.status >= 400 || foreign.body.data?.length === 0, `${crossing.name}: ${foreign.status}`)
      }
    }
  })

  t.test("another resource's version is stale here", async t => {
    const { owner } = a.callers
    const url = `/v1/locations/${a.locationId}`
    const stale = (version: number) => owner.patch(url, { phone: '+15555550101' }, { ifMatch: version })
    const foreign = await stale(changedInB)
    t.equal(foreign.status, 412)
    t.strictSame(visibleOf(foreign), visibleOf(await stale(changedInB + 5)))
  })

  t.test('nothing of the other practice has changed', async t => {
    t.same(await checksumOf(test, b.practice.id), before)
  })

  t.test('the other practice itself finds what the filters asked for', async t => {
    for (const { name, place, inB, foreignId } of crossings.filter(one => one.place.in === 'query')) {
      const { body } = await send(test, withId(inB, place, foreignId))
      t.ok(body.data?.length > 0, name)
    }
  })

  t.test('credentials of one practice open nothing in the name of another', async t => {
    const body = token.body as Record<string, string>
    const [ownPractice, ownClient] = String(body.client_id).split('.')
    const ask = (practiceId: string | undefined, clientId: string | undefined) =>
      send(test, { ...token, body: { ...body, client_id: `${practiceId}.${clientId}` } }).then(visibleOf)
    const refused = await ask(uuidv7(), uuidv7())
    t.equal(refused.status, 401)
    t.strictSame(await ask(b.practice.id, b.ids.apiClientId), refused)
    t.strictSame(await ask(b.practice.id, ownClient), refused)
    t.strictSame(await ask(ownPractice, b.ids.apiClientId), refused)
    t.equal((await ask(ownPractice, ownClient)).status, 200)
  })

  t.test("another practice's cursor is no cursor", async t => {
    const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'))
    for (const operation of lists) {
      const [own, other] = [await firstPageOf(a, operation), await firstPageOf(b, operation)]
      const cursor = (await send(test, other)).body.nextCursor
      t.type(cursor, 'string', `${operation.id} has a second page`)
      t.equal((await send(test, withCursor(other, cursor))).status, 200, `${operation.id} goes on`)
      const foreign = await send(test, withCursor(own, cursor))
      const unknown = await send(test, withCursor(own, 'b3BhcXVl'))
      t.equal(foreign.body.code, 'invalid-cursor', operation.id)
      t.strictSame(visibleOf(foreign), visibleOf(unknown), operation.id)
    }
    t.comment(`${lists.length} cursors were crossed`)
  })

  t.test("another practice's Idempotency-Key is a fresh one", async t => {
    const key = randomUUID()
    const location = { name: 'Twice', timeZone: 'America/Los_Angeles' }
    const first = await b.callers.owner.post('/v1/locations', location, { key })
    const second = await a.callers.owner.post('/v1/locations', location, { key })
    t.same([first.status, second.status], [201, 201])
    t.not(second.body.id, first.body.id)
    t.notOk(second.headers['idempotency-replayed'])
    t.equal((await a.callers.owner.get(`/v1/locations/${second.body.id}`)).status, 200)
  })
})

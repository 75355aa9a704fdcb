import { randomUUID } from 'node:crypto'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { forEach } from '../../../src/lib/for-each.ts'
import { type QueueName, queues } from '../../../src/lib/jobs/queues.ts'
import { apiClientScopes, rolePermissions } from '../../../src/modules/charts/access-policy.ts'
import type { Json } from '../../support/api-document.ts'
import { checksumOf } from '../../support/checksum.ts'
import { post, signIn, signUp } from '../../support/identity.ts'
import { type DocumentedOperation, operationsOf } from '../../support/operations.ts'
import { type Caller, type Reply, toReply } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import { visibleOf } from '../../support/proofs/matrices/answers.ts'
import { idClaimsOf, ofPractice, withClaims } from '../../support/proofs/matrices/credentials.ts'
import { type Crossing, crossingsOf, sendBoth } from '../../support/proofs/matrices/crossing.ts'
import { outcomeOfJob, subjectIn } from '../../support/proofs/matrices/jobs.ts'
import { textPlacesOf } from '../../support/proofs/matrices/texts.ts'
import { createTestApp } from '../../support/test-app.ts'
import { makeClient } from '../../support/world/care.ts'
import { makeInvited } from '../../support/world/people.ts'
import {
  documentsHeader,
  type IdPlace,
  type Request,
  requestOf,
  send,
  withId,
} from '../../support/world/requests.ts'
import { createWorld, type World } from '../../support/world.ts'

// Two practices with equal data. Whatever of the one is named in the other, at any place where an id can be
// given, is answered exactly as an id that nobody was ever given, and nothing of it changes.

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
    [callers.portal, may(['portal:use'])],
  ]
  return kinds.filter(([caller, permitted]) => permitted && caller !== by).map(([caller]) => caller)
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

const isListOfIds = ({ type, items }: Json) => type === 'array' && (items as Json).format === 'uuid'

/** What a list holds; a calendar its entries. */
const foundIn = ({ body }: Reply) => body.data ?? body.entries

/** Ids that are not UUIDs, by operation and place, and which test below crosses them. */
const otherIds: Readonly<Record<string, string>> = {
  'createToken client_id': 'credentials',
  'createToken client_secret': 'credentials',
  'refreshSession refreshToken': 'credentials',
  'acceptInvitation token': 'credentials',
  'startSecondFactorSetup setupToken': 'a credential of a person, not of a practice',
  'confirmSecondFactorSetup setupToken': 'a credential of a person, not of a practice',
  'completePasswordReset token': 'a credential of a person, not of a practice',
  'createApiClient publicKey/kid': 'a name that the API client gives its own key',
  'createClient externalIds/*': 'external ids',
  'changeClient externalIds/*': 'external ids',
  'searchClients externalId/value': 'external ids',
  'startSessionNote parts/[]/id': 'an id that the caller makes for a part of its own note',
  'stageClientImportRows rows/[]/values/external_id': 'external ids',
}

const namesAnId = /(id|ids|externalIds\/\*|externalId\/value|token|secret|kid)$/i

/** Headers in which something could be named, and which test below crosses them. */
const crossedHeaders = ['if-match', 'idempotency-key']

t.setTimeout(600_000)

t.test('tenant crossing', async t => {
  const here = proof('tenant-crossing')
  const test = await createTestApp(t)
  const [a, b] = [await createWorld(test), await createWorld(test)]
  const operations = operationsOf(test.app)
  const crossings = await crossingsOf(a, b)
  const token = await requestOf(a, operationCalled(operations, 'createToken'))
  const changedInB = await changeTwice(b.callers.owner, `/v1/locations/${b.locationId}`)
  const before = await checksumOf(test, b.practice.id)
  let compared = 0
  /** All of it in the long form, else a part, another one each time. */
  const chosen = <T>(all: readonly T[]): T[] =>
    all.filter((_one, index) => here.long || index % 12 === here.seed % 12)
  /** Who is in A what this caller is in B. */
  const twinOf = (caller: Caller | null): Caller | null => {
    const name = Object.entries(b.callers).find(([_name, one]) => one === caller)?.[0]
    return name ? a.callers[name as keyof World['callers']] : a.callers.owner
  }
  const get = async (token: string): Promise<Reply> =>
    toReply(await test.app.inject({ url: '/v1/practice', headers: { authorization: `Bearer ${token}` } }))

  t.test('there is no other place where an id could be given', async t => {
    const unused = new Set(Object.keys(otherIds))
    for (const operation of operations) {
      for (const { in: place, name, schema } of operation.parameters) {
        const known =
          place === 'header'
            ? crossedHeaders.includes(name)
            : name === 'cursor' || !namesAnId.test(name) || schema.format === 'uuid' || isListOfIds(schema)
        t.ok(known, `${operation.id} ${place} ${name}: cross it`)
      }
      for (const { steps } of textPlacesOf(test, operation)) {
        const name = `${operation.id} ${steps.join('/')}`
        if (namesAnId.test(name)) t.ok(unused.delete(name), `${name}: cross it`)
      }
    }
    t.same([...unused], [], 'exceptions that are no longer needed')
  })

  t.test('an id of another practice is answered as one that was never given', async t => {
    const isOfAudit = ({ request }: Crossing) => request.operation.id === 'listAudit'
    const cross = async (crossing: Crossing) => {
      const { request, place, name } = crossing
      const { foreign, unknown } = await sendBoth(test, crossing, request.by)
      t.strictSame(visibleOf(foreign), visibleOf(unknown), name)
      t.ok(isAboutTheId(foreign, name, place), `${name}: ${foreign.status} ${JSON.stringify(foreign.body)}`)
      if (foreign.status === 200) t.same(foundIn(foreign), [], `${name} finds nothing`)
    }
    // The audit trail of A tells of the ids A itself has named, so it is asked before A names any.
    await forEach(crossings.filter(isOfAudit), cross)
    await forEach(
      crossings.filter(one => !isOfAudit(one)),
      cross,
    )
    compared += 2 * crossings.length
  })

  t.test('for whoever else may ask, too', async t => {
    await forEach(chosen(crossings), async crossing => {
      if (crossing.request.operation.id === 'listAudit') return
      for (const by of othersFor(a, crossing.request)) {
        const { foreign, unknown } = await sendBoth(test, crossing, by)
        compared += 2
        t.strictSame(visibleOf(foreign), visibleOf(unknown), crossing.name)
        t.ok(foreign.status >= 400 || foundIn(foreign)?.length === 0, `${crossing.name}: ${foreign.status}`)
      }
    })
  })

  t.test("another resource's version is stale here", async t => {
    const { owner } = a.callers
    const url = `/v1/locations/${a.locationId}`
    const stale = (version: number) => owner.patch(url, { phone: '+15555550101' }, { ifMatch: version })
    const foreign = await stale(changedInB)
    t.equal(foreign.status, 412)
    t.strictSame(visibleOf(foreign), visibleOf(await stale(changedInB + 5)))
    for (const operation of chosen(operations.filter(one => documentsHeader(one, 'if-match')))) {
      const request = await requestOf(a, operation)
      const ask = (tag: string) =>
        send(test, { ...request, headers: { ...request.headers, 'if-match': tag } })
      const [one, other] = [await ask('"v8888"'), await ask('"v9999"')]
      t.equal(one.status, 412, operation.id)
      t.strictSame(visibleOf(one), visibleOf(other), operation.id)
      compared += 2
    }
  })

  t.test('nothing of the other practice has changed', async t => {
    t.same(await checksumOf(test, b.practice.id), before)
  })

  t.test('a job about something of another practice does nothing there', async t => {
    await makeInvited(b)
    const untouched = await checksumOf(test, b.practice.id)
    const sent = test.sentMail.length
    for (const queue of Object.keys(queues) as QueueName[]) {
      const subject = await subjectIn(test, b.practice.id, queue)
      const outcomes = [
        await outcomeOfJob(test, a.practice.id, queue, subject),
        await outcomeOfJob(test, a.practice.id, queue, uuidv7()),
      ]
      t.equal(outcomes[0], outcomes[1], queue)
    }
    t.same(await checksumOf(test, b.practice.id), untouched)
    t.equal(test.sentMail.length, sent)
  })

  t.test("another practice's external ids are free here and lead to nobody", async t => {
    const [taken, free] = [`C-${randomUUID()}`, `C-${randomUUID()}`]
    await makeClient(b, { externalIds: { 'billing-system': taken } })
    const { owner } = a.callers
    const search = (value: string) =>
      owner.post('/v1/clients/search', { externalId: { system: 'billing-system', value } })
    t.strictSame(visibleOf(await search(taken)), visibleOf(await search(free)))
    const importId = a.ids.importId
    const stage = (value: string, row: number) => {
      const values = {
        legal_given_name: 'Sasha',
        legal_family_name: 'Example',
        external_system: 'billing-system',
        external_id: value,
      }
      return owner.post(
        `/v1/client-imports/${importId}/rows`,
        { rows: [{ row, values }] },
        { key: randomUUID() },
      )
    }
    t.strictSame(visibleOf(await stage(taken, 50)), visibleOf(await stage(free, 51)))
    const own = await makeClient(a, { externalIds: { 'billing-system': taken } })
    t.same(
      (await search(taken)).body.data.map((one: { client: { id: string } }) => one.client.id),
      [own.id],
    )
  })

  t.test('a token that names a practice names nobody of another one', async t => {
    for (const theirs of [b.callers.owner, b.callers.integration, b.callers.portal]) {
      const ask = async (claims: Record<string, unknown>, by: Caller) =>
        visibleOf(await get(withClaims(test, by, claims)))
      const refused = await ask({ sub: uuidv7(), sid: uuidv7(), staff: uuidv7() }, theirs)
      t.equal(refused.status, 401)
      t.strictSame(await ask({ pid: a.practice.id }, theirs), refused, 'their token, with our practice')
      // The session says who a person is, the subject which API client.
      const [name, id] = idClaimsOf(theirs).toSorted(([one]) => (one === 'sid' ? -1 : 1))[0] ?? ['', '']
      const ours = twinOf(theirs) ?? a.callers.owner
      t.strictSame(await ask({ [name]: id }, ours), refused, 'our token, with theirs in it')
    }
  })

  t.test('an opaque token is of one practice', async t => {
    const { email } = await signUp(test)
    const { refreshToken } = await signIn(test, email)
    const refresh = (token: string) =>
      post(test, '/v1/sessions/refresh', { refreshToken: token }).then(visibleOf)
    t.strictSame(
      await refresh(ofPractice(refreshToken, b.practice.id)),
      await refresh(ofPractice(refreshToken)),
    )
    t.equal((await refresh(refreshToken)).status, 200)
    const code = await (await makeInvited(a)).code()
    const accept = (token: string) =>
      post(test, '/v1/invitations/acceptance', { token, password: 'three herons over cold water' }).then(
        visibleOf,
      )
    const refused = await accept(ofPractice(code))
    t.ok(refused.status >= 400)
    t.strictSame(await accept(ofPractice(code, b.practice.id)), refused)
    t.ok((await accept(code)).status < 300)
  })

  t.test('the other practice itself finds what the filters asked for', async t => {
    for (const { name, place, inB, foreignId } of crossings.filter(one => one.place.in === 'query')) {
      t.ok(foundIn(await send(test, withId(inB, place, foreignId)))?.length > 0, name)
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
    compared += 2 * lists.length
  })

  t.test('a stored answer is of one practice, whatever key another gives', async t => {
    const keyed = operations.filter(
      one =>
        documentsHeader(one, 'idempotency-key') && one.permission !== 'any' && one.permission !== 'public',
    )
    for (const operation of chosen(keyed)) {
      const stored = await requestOf(b, operation)
      const ask = (by: Caller | null, key: string) =>
        send(test, { ...stored, by, headers: { ...stored.headers, 'idempotency-key': key } })
      const key = randomUUID()
      t.ok((await ask(stored.by, key)).status < 300, operation.id)
      const by = twinOf(stored.by)
      const foreign = await ask(by, key)
      t.notOk(foreign.headers['idempotency-replayed'], operation.id)
      if (foreign.status >= 400)
        t.strictSame(visibleOf(foreign), visibleOf(await ask(by, randomUUID())), operation.id)
      compared += 2
    }
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

  t.test('counts', async () =>
    here.report({
      operations: operations.length,
      'places for ids': crossings.length,
      'other places': Object.keys(otherIds).length + crossedHeaders.length,
      'answers compared': compared,
    }),
  )
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { apiClientScopes } from '../../src/modules/charts/access-policy.ts'
import { checksumOf } from '../support/checksum.ts'
import { operationsOf } from '../support/operations.ts'
import type { Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { createWorld, type World } from '../support/world.ts'
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

interface Crossing {
  place: IdPlace
  /** Valid in A but for the id at the place. */
  request: Request
  foreignId: string
}

async function crossingsOf(a: World, b: World): Promise<Crossing[]> {
  const crossings: Crossing[] = []
  for (const operation of operationsOf(a.test.app)) {
    const places = idPlacesOf(a, operation)
    if (places.length === 0) continue
    const [own, foreign] = [await requestOf(a, operation), await requestOf(b, operation)]
    for (const place of places) {
      const vary = variants[`${operation.id} ${nameOfPlace(place)}`] ?? (request => request)
      const foreignId = idAt(vary(foreign, b), place) ?? b.ids[place.name]
      if (foreignId === undefined) throw new Error(`${operation.id} ${nameOfPlace(place)} is not in the world`)
      crossings.push({ place, request: vary(own, a), foreignId })
    }
  }
  return crossings
}

t.test('tenant crossing', async t => {
  const test = await createTestApp(t)
  const [a, b] = [await createWorld(test), await createWorld(test)]
  const crossings = await crossingsOf(a, b)
  const before = await checksumOf(test, b.practice.id)

  t.test("an id of another practice is answered as one that was never given", async t => {
    // The audit trail of A tells of the ids A itself has named, so it is asked before A names any.
    const audit = crossings.filter(({ request }) => request.operation.id === 'listAudit')
    for (const crossing of [...audit, ...crossings.filter(one => !audit.includes(one))]) {
      const { request, place, foreignId } = crossing
      const name = `${request.operation.id} ${nameOfPlace(place)}`
      const foreign = await send(test, withId(request, place, foreignId))
      const unknown = await send(test, withId(request, place, uuidv7()))
      t.same(visibleOf(foreign), visibleOf(unknown), name)
      const expected: readonly number[] = refusals[place.in]
      t.ok(expected.includes(foreign.status), `${name}: ${foreign.status} ${JSON.stringify(foreign.body)}`)
      if (foreign.status === 200) t.same(foreign.body.data, [], `${name} finds nothing`)
    }
    t.comment(`${crossings.length} places for ids were crossed`)
  })

  t.test('nothing of the other practice has changed', async t => {
    t.same(await checksumOf(test, b.practice.id), before)
  })
})

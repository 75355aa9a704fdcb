import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { forEach } from '../../../src/lib/for-each.ts'
import { apiClientScopes, rolePermissions, roles } from '../../../src/modules/charts/access-policy.ts'
import { documentOf, type Json, rawOperationsOf } from '../../support/api-document.ts'
import { checksumOf } from '../../support/checksum.ts'
import { type DocumentedOperation, fillPath, operationsOf, willingHeaders } from '../../support/operations.ts'
import { proof } from '../../support/proof.ts'
import { type BodyObject, bodyObjectsOf, fieldsRead, tableOf } from '../../support/proofs/matrices/fields.ts'
import { columnNames, overPosted } from '../../support/proofs/matrices/over-posting.ts'
import { type Insider, insider } from '../../support/proofs/matrices/partners.ts'
import { isReading, mayUse } from '../../support/proofs/matrices/reading.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { callerFor, type Request, requestOf, send } from '../../support/world/requests.ts'
import { createWorld, type World } from '../../support/world.ts'

// Who reads and writes which field, as two files: a field that reaches somebody new shows as a new word in a review.
// To accept a change: UPDATE_FIELDS=1 node test/proofs/walks/field-matrix.test.ts

const fileOf = (name: string) =>
  fileURLToPath(new URL(`../../support/proofs/matrices/${name}.txt`, import.meta.url))

t.test('field matrix', async t => {
  const here = proof('field-matrix')
  const test = await createTestApp(t)
  const world = await createWorld(test)
  const operations = operationsOf(test.app).filter(({ permission }) => permission !== 'public')
  const readers = readersOf(world)
  let [fieldsSeen, tried] = [0, 0]

  await t.test('everybody reads the fields that were agreed to', async t => {
    const parts: string[] = []
    for (const operation of operations.filter(isReading)) {
      const rows = await fieldsOf(world, operation, readers)
      fieldsSeen += rows.size
      parts.push([`${operation.id}`, ...tableOf(rows)].join('\n'))
    }
    isAgreed(t, 'fields-read', parts)
  })

  await t.test('and may write those', async t => {
    isAgreed(
      t,
      'fields-written',
      operations.flatMap(operation => {
        const who = writersOf(operation).join(' ')
        const objects = bodyObjectsOf(test, operation)
        if (objects.length === 0 || isReading(operation)) return []
        const names = objects.flatMap(({ steps, known, anyName }) =>
          [...known, ...(anyName ? ['*'] : [])].map(name => `  ${[...steps, name].join('/')}`),
        )
        return [[`${operation.id}: ${who}`, ...names.sort()].join('\n')]
      }),
    )
  })

  await t.test('a column of a table is no field of a body, unless it is documented as one', async t => {
    const columns = await columnNames(test)
    const before = await checksumOf(test, world.practice.id)
    const names = [...columns, 'role', 'constructor', 'prototype']
    const perPlace = here.amount(1, 100, 'NAMES_PER_OBJECT')
    let turn = here.seed
    for (const operation of operations) {
      for (const object of bodyObjectsOf(test, operation)) {
        const place = `${operation.id} ${object.steps.join('/')}`
        t.ok(object.closed || object.anyName, `${place} refuses names that it does not know`)
        const open = object.anyName ? [] : names.filter(name => !object.known.has(name))
        const some =
          open.length > perPlace ? Array.from({ length: perPlace }, () => open[turn++ % open.length]) : open
        for (const name of [...some, '__proto__']) {
          const reply = await overPost(world, operation, object, String(name))
          t.equal(reply.statusCode, 400, `${place} ${name}: ${reply.payload}`)
          tried += 1
        }
      }
    }
    t.same(await checksumOf(test, world.practice.id), before, 'nothing has changed')
  })

  here.report({
    operations: operations.length,
    roles: readers.length,
    'fields read': fieldsSeen,
    'extra fields refused': tried,
  })
})

/** One of every kind. A role is seen at its widest: with clients in its care. */
function readersOf({ callers }: World): Insider[] {
  return [
    ...(['owner', 'admin', 'clinician', 'supervisor', 'biller'] as const).map(role =>
      insider(role, callers[role], [role]),
    ),
    insider('outsider', callers.outsider, ['clinician']),
    { name: 'integration', caller: callers.integration, granted: new Set(apiClientScopes) },
    { name: 'portal', caller: callers.portal, granted: new Set(['portal:use']) },
  ]
}

const writersOf = ({ permission }: DocumentedOperation): string[] =>
  permission === 'any'
    ? ['everybody']
    : [
        ...roles.filter(role => (rolePermissions[role] as readonly string[]).includes(permission)),
        ...((apiClientScopes as readonly string[]).includes(permission) ? ['integration'] : []),
        ...(permission === 'portal:use' ? ['portal'] : []),
      ]

/**
 * Every field of the answers of an operation, and who is shown it: `biller:null` is shown that it is there, and never
 * a value. A refusal stands as its status.
 */
async function fieldsOf(world: World, operation: DocumentedOperation, readers: readonly Insider[]) {
  const rows = new Map<string, string[]>()
  const request = await requestOf(world, operation)
  const asking = readers
    .filter(({ granted }) => mayUse(operation, granted))
    .map(who => ({ who, seen: new Set<string>(), filled: new Set<string>() }))
  await forEach(asking, async ({ who, seen, filled }) => {
    for (const asked of [request, widest(request)]) {
      const { status, body } = await send(world.test, { ...asked, by: who.caller })
      const found =
        status === 200 ? fieldsRead(world.test, answerSchema(world.test, operation), body) : undefined
      for (const path of found?.all ?? [`(${status})`]) seen.add(path)
      for (const path of found?.filled ?? [`(${status})`]) filled.add(path)
    }
  })
  for (const { who, seen, filled } of asking) {
    for (const path of seen) {
      const name = filled.has(path) ? who.name : `${who.name}:null`
      rows.set(path, [...(rows.get(path) ?? []), name])
    }
  }
  return rows
}

/** Without filters, and with what is left out unless it is asked for. */
function widest(request: Request): Request {
  const { operation, query } = request
  const needed = operation.parameters.filter(({ in: place, required }) => place === 'query' && required)
  return { ...request, query: Object.fromEntries(needed.map(({ name }) => [name, query[name]])) }
}

function answerSchema(test: TestApp, { method, path }: DocumentedOperation): Json {
  const found = rawOperationsOf(documentOf(test.app)).find(
    raw => raw.path === path && raw.method === method.toLowerCase(),
  )
  const responses = found?.operation.responses as Record<
    string,
    { content?: Record<string, { schema: Json }> }
  >
  return Object.values(responses['200']?.content ?? {})[0]?.schema ?? {}
}

/** The documented example with one field too many, from somebody who may do everything else. */
function overPost(world: World, operation: DocumentedOperation, object: BodyObject, name: string) {
  const { ids, test } = world
  const by = callerFor(world, operation.permission)
  const headers = {
    ...willingHeaders(),
    'content-type': operation.bodyType ?? 'application/json',
    authorization: `Bearer ${by?.token}`,
  }
  const payload = overPosted(operation.bodyExample, object, name, name === '__proto__' ? {} : 'x')
  return test.app.inject({
    method: operation.method as 'POST',
    url: fillPath(operation.path, ids),
    headers,
    payload,
  })
}

/** Compares with the file that was agreed to, or writes it. */
function isAgreed(t: Test, name: string, parts: readonly string[]): void {
  const text = `${parts.join('\n\n')}\n`
  if (process.env.UPDATE_FIELDS) writeFileSync(fileOf(name), text)
  t.equal(text, readFileSync(fileOf(name), 'utf8'))
}

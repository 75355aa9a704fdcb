import { randomUUID } from 'node:crypto'
import t from 'tap'
import { rolePermissions } from '../../../src/modules/charts/access-policy.ts'
import { createApiClientCaller } from '../../support/api-client.ts'
import { checksumOf } from '../../support/checksum.ts'
import { operationsOf } from '../../support/operations.ts'
import type { Caller } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import {
  type Answered,
  type AuditRow,
  aboutNothing,
  goingOn,
  lastRequestId,
  rowsOf,
  signInsOf,
  stale,
  steppingUp,
  withoutLog,
} from '../../support/proofs/audit/requests.ts'
import { shuffled } from '../../support/proofs/canary/walk.ts'
import { createTestApp } from '../../support/test-app.ts'
import { documentsHeader, type Request, requestOf, send } from '../../support/world/requests.ts'
import { createWorld, type World } from '../../support/world.ts'

// For every operation: one request, one row in the audit log, whether it was granted, refused or repeated. Where the
// row cannot be written, nothing is read and nothing is done.

const here = proof('audit-completeness')

/** Operations whose repetitions within one sitting are one row. */
const ofSitting: Readonly<Record<string, string>> = {
  saveSessionNote: 'the text saves itself every few seconds while somebody writes',
  saveTreatmentPlanDraft: 'the text saves itself every few seconds while somebody writes',
  savePsychotherapyNote: 'the text saves itself every few seconds while somebody writes',
  savePsychosocialSections: 'the text saves itself every few seconds while somebody writes',
  saveAssessmentAnswers: 'answers save themselves one by one',
  saveOwnAnswers: 'answers save themselves one by one',
}

/** Refusals without a row, and why. One that has a row after all fails: then it goes from this list. */
const unrecorded: Readonly<Record<number, string>> = {
  400: 'it was not understood, so nothing was looked at',
  428: 'it lacks what the operation needs, so nothing was looked at',
}

/** Sections without a word about clients: their rows may name the kind of what was listed and no id. */
const aboutThePractice = new Set([
  'Practice',
  'Instruments',
  'API clients',
  'Signing in',
  'Integrations',
  'Compliance',
])

/** Repetitions whose row says which operation answered again, and not of which record: what passes no door. */
const namelessReplays: Readonly<Record<string, string>> = {
  commitClientImport: 'a file of an import has no door',
  stageClientImportRows: 'a file of an import has no door',
  requestEmergencyAccess: 'an emergency access has no door: it is asked for by whoever has none',
  endEmergencyAccess: 'an emergency access has no door',
  addProgramTemplateVersion: 'the library has no door',
  publishProgramTemplateVersion: 'the library has no door',
  retireProgramTemplateVersion: 'the library has no door',
  reviewEmergencyAccess: 'an emergency access has no door',
  addWorkingHours: 'the hours of a colleague have no door',
  startJourneyBatch: 'the library has no door',
}

/** Operations before sign-in that leave no row of their own, and why. */
const untold: Readonly<Record<string, string>> = {
  getKeySet: 'public keys are for everybody',
  startSecondFactorSetup: 'nothing holds before it is confirmed, and that has its row',
}

t.setTimeout(600_000)
t.test('every request leaves its row', async t => {
  const test = await createTestApp(t)
  const world = await createWorld(test)
  const all = operationsOf(test.app)
  const chosen = shuffled(all, here.seed).slice(0, here.amount(16, 10_000, 'AUDIT_OPERATIONS'))
  const requests: Request[] = []
  for (const operation of chosen) requests.push(await requestOf(world, operation))
  const answered: Answered[] = []
  const ask = async (name: string, request: Request, by: Caller | null = request.by) => {
    const reply = await send(test, { ...request, by })
    const requestId = await lastRequestId(test)
    answered.push({ name: `${request.operation.id} ${name}`, request, by, reply, requestId })
    return reply
  }

  await t.test('a row that cannot be written: nothing is read, nothing is done', async t => {
    const before = await checksumOf(test, world.practice.id)
    const shown: string[] = []
    const statuses: number[] = []
    await withoutLog(test, async () => {
      for (const request of requests.filter(({ by }) => by !== null)) {
        const { status, body } = await send(test, request)
        statuses.push(status)
        if (status < 400 || body?.data !== undefined || body?.id !== undefined)
          shown.push(`${request.operation.id} ${status}`)
      }
    })
    t.same(shown, [])
    // A one-time code may have run out meanwhile: all but such are refused for nothing but the row.
    t.ok(statuses.filter(status => status === 500).length > 0.9 * statuses.length)
    t.same(await checksumOf(test, world.practice.id), before)
  })

  const [feed, registry] = [
    await createApiClientCaller(test, world.practice, ['events:read']),
    await createApiClientCaller(test, world.practice, ['clients:read']),
  ]
  const wantsFactor = steppingUp(test)
  for (const request of requests) {
    const { operation } = request
    if (operation.permission !== 'any' && operation.permission !== 'public')
      await ask('by somebody who may not', request, operation.permission === 'events:read' ? registry : feed)
    if (wantsFactor.has(operation.id) && operation.permission !== 'any') {
      const reply = await ask('without a second factor', request, await withoutFactor(world, request))
      t.equal(reply.body.code, 'step-up-required', operation.id)
    }
    if (Object.keys(request.params).length > 0) await ask('about nothing', aboutNothing(request))
    if (documentsHeader(operation, 'if-match')) await ask('stale', stale(request))
    await askAndRepeat(request, ask, () => requestOf(world, operation))
  }

  const rows = await rowsOf(test, answered)
  const counts: Record<string, number> = {}
  await t.test('one row each, that says who, what, of which record, and how it was decided', async t => {
    const wrong: string[] = []
    for (const one of answered.filter(({ request }) => request.operation.permission !== 'public')) {
      const { reply, requestId } = one
      const found = rows.get(requestId) ?? []
      const kind = `${reply.status}`
      counts[kind] = (counts[kind] ?? 0) + 1
      const faults = faultsOf(one, found)
      wrong.push(...faults.map(fault => `${one.name} ${reply.status} ${reply.body?.code ?? ''}: ${fault}`))
    }
    t.same(wrong, [])
  })

  await t.test('no repetition is excused without need', async t => {
    const named = answered.filter(({ name, reply, requestId }) => {
      const [row] = rows.get(requestId) ?? []
      return name.endsWith(' replayed') && reply.status < 300 && (row?.resource_id || row?.chart_id)
    })
    t.same(
      named.map(({ request }) => request.operation.id).filter(id => id in namelessReplays),
      [],
    )
  })

  await t.test('every operation succeeded once, and was refused where it can be', async t => {
    for (const { id, permission } of chosen) {
      const of = answered.filter(({ request }) => request.operation.id === id)
      t.ok(
        of.some(({ reply }) => reply.status < 300),
        `${id} succeeded`,
      )
      if (permission !== 'any' && permission !== 'public')
        t.ok(
          of.some(({ name, reply }) => reply.status === 403 || isHiddenRefusal(name, reply.body?.code)),
          `${id} was refused`,
        )
    }
  })

  await t.test('what is done before sign-in is told by the practice or by the log of sign-ins', async t => {
    const before = answered.filter(({ request, reply }) => request.by === null && reply.status < 300)
    const signIns = await signInsOf(test, before)
    const silent = before.filter(({ requestId }) => !signIns.has(requestId) && !rows.has(requestId))
    const ids = [...new Set(silent.map(({ request }) => request.operation.id))]
    t.same(
      ids.filter(id => !(id in untold)),
      [],
    )
    const chosenIds = new Set(chosen.map(({ id }) => id))
    t.same(
      Object.keys(untold).filter(id => chosenIds.has(id) && !ids.includes(id)),
      [],
      'no longer needed',
    )
  })

  await t.test('names of fields and codes, never values', async t => {
    const written = [...rows.values()].flat()
    const names = written.flatMap(row => [...row.fields, row.outcome ?? '', row.resource_type ?? ''])
    t.same(
      [...new Set(names)].filter(name => !/^[A-Za-z_-]{0,40}[0-9]?$/.test(name)),
      [],
    )
  })
  here.report({ operations: chosen.length, requests: answered.length, ...statusesOf(counts) })
})

/** Succeeds, is repeated under the same key, goes on from the version it reached, and comes once more. */
async function askAndRepeat(
  prepared: Request,
  ask: (name: string, request: Request) => Promise<Answered['reply']>,
  prepareAgain: () => Promise<Request>,
): Promise<void> {
  const { operation } = prepared
  const keyed = (request: Request) =>
    documentsHeader(operation, 'idempotency-key') ? withKey(request, randomUUID()) : request
  let request = keyed(prepared)
  let reply = await ask('first', request)
  if (reply.status >= 400) {
    // A one-time code may have run out since it was made.
    request = keyed(await prepareAgain())
    reply = await ask('first, prepared again', request)
  }
  if (documentsHeader(operation, 'idempotency-key')) {
    await ask('replayed', request)
    await ask('under a key that was used', stale(request))
  }
  const next = goingOn(request, reply)
  if (next) await ask(operation.id in ofSitting ? 'in the same sitting' : 'going on', keyed(next))
  if (operation.permission !== 'public') await ask('again', keyed(request))
}

const withKey = (request: Request, key: string): Request => ({
  ...request,
  headers: { ...request.headers, 'idempotency-key': key },
})

/** Somebody who may, but whose second factor was not proven. */
function withoutFactor({ practice }: World, { operation: { permission } }: Request): Promise<Caller> {
  const role = (['owner', 'clinician', 'supervisor'] as const).find(one =>
    (rolePermissions[one] as readonly string[]).includes(permission),
  )
  if (!role) throw new Error(`Nobody may do what needs ${permission}`)
  return practice.staff([role])
}

function faultsOf({ name, request, by, reply }: Answered, rows: readonly AuditRow[]): string[] {
  const { status, body } = reply
  const failedProof = body?.code === 'sign-in-failed'
  if ((status === 401 && !failedProof) || status in unrecorded)
    return rows.length === 0 ? [] : ['has a row: take it off the list of those without']
  if (name.endsWith('in the same sitting'))
    return rows.length === 0 ? [] : ['has a second row in one sitting']
  const [row] = rows
  if (rows.length !== 1 || !row) return [`${rows.length} rows`]
  const granted = status < 400
  return [
    ...(row.operation === request.operation.id ? [] : [`says ${row.operation}`]),
    ...(by?.actorId && row.actor_id !== by.actorId ? ['names another actor'] : []),
    ...(row.decision === (granted ? 'granted' : 'denied') ? [] : [`says ${row.decision}`]),
    ...(row.outcome === (granted ? null : body?.code) ? [] : [`says ${row.outcome}`]),
    ...(granted || (body?.code === 'not-found' && !isHiddenRefusal(name, body.code))
      ? namelessness(name, request, row)
      : []),
    ...(granted && request.operation.id !== 'listApiClients' ? unnamedPeople(body, row) : []),
  ]
}

/** A list of what belongs to people says of whom: by its chart, or by all whom it shows. (The client of an API is none.) */
function unnamedPeople(body: Answered['reply']['body'], row: AuditRow): string[] {
  const data: unknown = body?.data
  if (!Array.isArray(data)) return []
  const valuesOf = (key: string) =>
    data.flatMap((item: Record<string, unknown>) => (typeof item?.[key] === 'string' ? [item[key]] : []))
  const missing = valuesOf('clientId').filter(id => !row.client_ids.includes(id))
  return [
    ...(missing.length > 0 ? ['does not name all clients of a list'] : []),
    ...(valuesOf('chartId').length > 0 && !row.chart_id && row.client_ids.length === 0
      ? ['names nobody of a list about charts']
      : []),
  ]
}

/** What is hidden from whoever may not call it at all: nothing was looked at, as with a 403. */
const isHiddenRefusal = (name: string, code: unknown) =>
  name.endsWith(' by somebody who may not') && code === 'not-found'

/** A row about somebody's record says whose: by the record, its chart or its people. */
function namelessness(name: string, { operation, params }: Request, row: AuditRow): string[] {
  if (Object.keys(params).length === 0 || aboutThePractice.has(operation.tag)) return []
  if (row.resource_id || row.chart_id || row.client_ids.length > 0) return []
  return name.endsWith('replayed') && operation.id in namelessReplays ? [] : ['names no record']
}

const statusesOf = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).map(([status, count]) => [`answered ${status}`, count]))

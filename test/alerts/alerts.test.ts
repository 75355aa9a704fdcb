import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { createPool } from '../../src/lib/database/connect.ts'
import { runJob } from '../../src/lib/jobs/handlers.ts'
import { numberEvents } from '../../src/lib/jobs/relay.ts'
import { type NewAlert, raiseAlert } from '../../src/modules/alerts/index.ts'
import { openChart } from '../../src/modules/charts/index.ts'
import { jobHandlers } from '../../src/modules/jobs.ts'
import { registerClient } from '../support/clients.ts'
import { asStaff, layClient } from '../support/clients-raw.ts'
import { type Caller, createTestPractice, type Reply, type TestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const concern = { concern: 'safety', severity: 'attention' }
const visible = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

/** A clinician with a supervisor and clients, and a clinician who treats none of them. */
async function createPractice(test: TestApp) {
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const outsider = await practice.staff(['clinician'])
  const chart = async (): Promise<string> => {
    const details = { status: 'active', primaryClinicianId: clinician.staffId }
    const { id } = await registerClient(practice.owner, details)
    return (await practice.owner.get(`/v1/charts?clientId=${id}`)).body.data[0].id
  }
  const raise = (chartId: string, body: object = concern, by = clinician, key: string = randomUUID()) =>
    by.post(`/v1/charts/${chartId}/alerts`, body, { key })
  const urlOf = ({ body }: Reply) => `/v1/charts/${body.chartId}/alerts/${body.id}`
  return { practice, supervisor, clinician, outsider, chart, raise, urlOf }
}

const idsOf = ({ body }: Reply): string[] => body.data.map((alert: { id: string }) => alert.id)

t.test('alerts', async t => {
  const test = await createTestApp(t)
  const { practice, supervisor, clinician, outsider, chart, raise, urlOf } = await createPractice(test)

  t.test('one is raised, acknowledged, given away and resolved, and its history says so', async t => {
    const chartId = await chart()
    const made = await raise(chartId, {
      ...concern,
      respondWithinMinutes: 60,
      comment: 'Please look (fictional).',
    })
    t.equal(made.status, 201)
    t.match(made.body, {
      chartId,
      rule: 'staff_concern',
      dataClass: 'clinical',
      status: 'open',
      ownerId: clinician.staffId,
      evidence: { concern: 'safety' },
      overdue: false,
      clients: [{ displayName: 'Jordan Example' }],
    })
    t.equal(Date.parse(made.body.respondBy) - Date.parse(made.body.raisedAt), 3_600_000)
    const url = urlOf(made)
    t.equal(
      (await supervisor.post(`${url}/acknowledgment`, undefined, { ifMatch: 1 })).body.status,
      'acknowledged',
    )
    const given = await clinician.post(`${url}/reassignment`, { ownerId: supervisor.staffId }, { ifMatch: 2 })
    t.equal(given.body.ownerId, supervisor.staffId)
    const over = { outcome: 'handled', comment: 'Talked it over (fictional).' }
    const resolved = await supervisor.post(`${url}/resolution`, over, { ifMatch: 3 })
    t.match(resolved.body, {
      status: 'resolved',
      outcome: 'handled',
      resolvedById: supervisor.staffId,
      version: 4,
    })
    const { body } = await clinician.get(url)
    t.match(body.history, [
      { step: 'raised', comment: 'Please look (fictional).', madeById: clinician.staffId },
      { step: 'acknowledged', comment: null, madeById: supervisor.staffId, ownerId: clinician.staffId },
      { step: 'reassigned', ownerId: supervisor.staffId },
      { step: 'resolved', outcome: 'handled', comment: 'Talked it over (fictional).' },
    ])
    t.same(body, resolved.body)
  })

  t.test('what is said of it is sealed', async t => {
    const { body } = await raise(await chart(), { ...concern, comment: 'heron over the water' })
    await asAdmin(test.adminUrl, async admin => {
      const { rows } = await admin.query(
        'select comment_sealed from cairn.alert_changes where alert_id = $1',
        [body.id],
      )
      t.notMatch(rows[0].comment_sealed.toString('latin1'), /heron/)
    })
  })

  t.test('steps that do not fit are refused', async t => {
    const url = urlOf(await raise(await chart()))
    const acknowledge = (ifMatch: number) => clinician.post(`${url}/acknowledgment`, undefined, { ifMatch })
    t.equal((await acknowledge(1)).status, 200)
    t.equal((await acknowledge(2)).body.code, 'invalid-state', 'acknowledged twice')
    t.equal((await acknowledge(1)).body.code, 'stale-version')
    t.equal((await clinician.post(`${url}/acknowledgment`)).body.code, 'precondition-required')
    await clinician.post(`${url}/resolution`, { outcome: 'false_alarm' }, { ifMatch: 2 })
    for (const [step, body] of [
      ['acknowledgment', undefined],
      ['reassignment', { ownerId: clinician.staffId }],
      ['resolution', { outcome: 'handled' }],
    ] as const)
      t.equal((await clinician.post(`${url}/${step}`, body, { ifMatch: 3 })).body.code, 'invalid-state', step)
  })

  t.test('of two who resolve it at once one does', async t => {
    const url = urlOf(await raise(await chart()))
    const replies = await Promise.all(
      [clinician, supervisor, clinician].map(by =>
        by.post(`${url}/resolution`, { outcome: 'handled' }, { ifMatch: 1 }),
      ),
    )
    t.same(replies.map(({ status }) => status).sort(), [200, 412, 412])
  })

  t.test('the same concern has one unresolved alert, whoever raises it at once', async t => {
    const chartId = await chart()
    const replies = await Promise.all(
      [clinician, supervisor, clinician].map(by => raise(chartId, concern, by)),
    )
    t.same(replies.map(({ status }) => status).sort(), [201, 409, 409])
    t.equal((await raise(chartId, { ...concern, concern: 'progress' })).status, 201, 'another concern')
    t.equal((await raise(await chart())).status, 201, 'another chart')
    const first = replies.find(({ status }) => status === 201)
    if (!first) return
    await clinician.post(`${urlOf(first)}/resolution`, { outcome: 'handled' }, { ifMatch: 1 })
    t.equal((await raise(chartId)).status, 201, 'again, once it is resolved')
  })

  t.test('the same key does it once, and a key is asked for', async t => {
    const chartId = await chart()
    const key = randomUUID()
    const [first, second] = [
      await raise(chartId, concern, clinician, key),
      await raise(chartId, concern, clinician, key),
    ]
    t.same(second.body, first.body)
    t.equal(
      (await clinician.post(`/v1/charts/${chartId}/alerts`, concern)).body.code,
      'idempotency-key-required',
    )
  })

  t.test('an owner must be somebody who may see it', async t => {
    const chartId = await chart()
    const { owner } = practice
    for (const { staffId } of [outsider, owner, (await createPractice(test)).clinician])
      t.equal((await raise(chartId, { ...concern, ownerId: staffId })).body.code, 'unknown-reference')
    const made = await raise(chartId, { ...concern, ownerId: supervisor.staffId })
    t.equal(made.body.ownerId, supervisor.staffId)
    const url = urlOf(made)
    const give = (ownerId: string) => clinician.post(`${url}/reassignment`, { ownerId }, { ifMatch: 1 })
    t.equal((await give(outsider.staffId)).body.code, 'unknown-reference')
    const restricted = urlOf(await raise(chartId, { ...concern, restricted: true }))
    const toSupervisor = { ownerId: supervisor.staffId }
    t.equal(
      (await clinician.post(`${restricted}/reassignment`, toSupervisor, { ifMatch: 1 })).body.code,
      'unknown-reference',
      'a supervisor is told of no restricted one',
    )
  })

  t.test('words are words: bad values are refused without being repeated', async t => {
    const chartId = await chart()
    for (const wrong of [
      { ...concern, concern: 'heron' },
      { ...concern, severity: 'heron' },
      { ...concern, respondWithinMinutes: 4 },
      { ...concern, respondWithinMinutes: '60' },
      { ...concern, evidence: { text: 'heron' } },
      { ...concern, comment: '' },
    ]) {
      const reply = await raise(chartId, wrong)
      t.equal(reply.status, 400)
      t.notMatch(JSON.stringify(reply.body), /heron/)
    }
  })

  t.test('one of a chart that was closed can be resolved, and none is raised there', async t => {
    const chartId = await chart()
    const url = urlOf(await raise(chartId))
    const { version } = (await practice.owner.get(`/v1/charts/${chartId}`)).body
    await practice.owner.post(`/v1/charts/${chartId}/closure`, undefined, { ifMatch: version })
    t.equal((await raise(chartId, { ...concern, concern: 'other' })).body.code, 'invalid-state')
    t.equal((await clinician.post(`${url}/resolution`, { outcome: 'handled' }, { ifMatch: 1 })).status, 200)
  })
})

t.test('who is told of an alert', async t => {
  const test = await createTestApp(t)
  const { practice, supervisor, clinician, outsider, chart, raise, urlOf } = await createPractice(test)
  const chartId = await chart()
  const clinical = await raise(chartId)
  const restricted = await raise(chartId, { ...concern, restricted: true })
  const stranger = await createPractice(test)

  await t.test('the care team of all, a supervisor of clinical ones, others of none', async t => {
    t.same(new Set(idsOf(await clinician.get('/v1/alerts'))), new Set([clinical.body.id, restricted.body.id]))
    t.same(idsOf(await supervisor.get('/v1/alerts')), [clinical.body.id])
    for (const by of [outsider, stranger.clinician, stranger.supervisor])
      t.same(idsOf(await by.get('/v1/alerts')), [])
    t.equal((await practice.owner.get('/v1/alerts')).status, 403)
  })

  await t.test('a hidden one is like one that is not there, for reading and for every step', async t => {
    const nowhere = `/v1/charts/${chartId}/alerts/${randomUUID()}`
    const urls = [urlOf(clinical), urlOf(restricted), nowhere]
    const hiddenFrom: [Caller, string[]][] = [
      [supervisor, urls.slice(1)],
      [outsider, urls],
      [stranger.clinician, urls],
    ]
    for (const [by, hidden] of hiddenFrom) {
      for (const step of ['', '/acknowledgment', '/reassignment', '/resolution']) {
        const body = step === '/reassignment' ? { ownerId: by.staffId } : { outcome: 'handled' }
        const ask = (url: string) =>
          step === ''
            ? by.get(url)
            : by.post(`${url}${step}`, step === '/acknowledgment' ? undefined : body, { ifMatch: 1 })
        const replies = await Promise.all(hidden.map(ask))
        for (const reply of replies) {
          t.equal(reply.status, 404)
          t.same(visible(reply), visible(replies[0] ?? reply))
        }
      }
    }
  })

  await t.test('an alert is looked for in the chart of its address', async t => {
    t.equal((await clinician.get(`/v1/charts/${await chart()}/alerts/${clinical.body.id}`)).status, 404)
  })

  await t.test("a chart's timeline tells of restricted ones only whoever is told of them", async t => {
    const typesFor = async (by: Caller) =>
      (await by.get(`/v1/charts/${chartId}/timeline`)).body.data.map((one: { type: string }) => one.type)
    t.ok((await typesFor(clinician)).includes('restricted-alert.raised'))
    const seen = await typesFor(supervisor)
    t.ok(seen.includes('alert.raised'))
    t.notOk(seen.some((type: string) => type.startsWith('restricted')))
    t.notOk((await typesFor(practice.owner)).some((type: string) => type.includes('alert')))
  })

  await t.test("the practice's feed tells nobody of them, not even an owner who treats", async t => {
    const both = await practice.staff(['owner', 'clinician'])
    const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
    await numberEvents(relay)
    await relay.end()
    const { body } = await both.get('/v1/events?limit=200')
    t.ok(body.data.length > 0)
    t.notOk(body.data.some((event: { type: string }) => event.type.includes('alert')))
  })

  await t.test('emergency access reads clinical ones, says so, and changes none', async t => {
    const proven = await practice.staff(['clinician'], { mfa: true })
    const asked = await proven.post(
      `/v1/charts/${chartId}/emergency-access`,
      { reasonCode: 'danger_to_self', narrative: 'A fictional emergency.', durationMinutes: 30 },
      { key: randomUUID() },
    )
    t.equal(asked.status, 201, JSON.stringify(asked.body))
    const list = await proven.get('/v1/alerts')
    t.same(idsOf(list), [clinical.body.id])
    t.ok(list.headers['cairn-emergency-access-expires'])
    t.equal((await proven.get(urlOf(clinical))).status, 200)
    t.equal((await proven.get(urlOf(restricted))).status, 404)
    const step = await proven.post(`${urlOf(clinical)}/acknowledgment`, undefined, { ifMatch: 1 })
    t.equal(step.status, 403)
  })
})

t.test('lists of alerts', async t => {
  const test = await createTestApp(t)
  const { practice, supervisor, clinician, chart, raise, urlOf } = await createPractice(test)
  const chartId = await chart()
  const first = await raise(chartId)
  const second = await raise(chartId, { ...concern, concern: 'progress', severity: 'urgent' })
  const third = await raise(chartId, { ...concern, concern: 'other', ownerId: supervisor.staffId })
  const elsewhere = await raise(await chart(), { ...concern, severity: 'info' })
  await clinician.post(`${urlOf(first)}/acknowledgment`, undefined, { ifMatch: 1 })
  const found = async (by: Caller, query: string) => idsOf(await by.get(`/v1/alerts?${query}`))
  const [a, b, c, d] = [first, second, third, elsewhere].map(({ body }) => body.id as string)

  t.test('are narrowed by owner, status, severity and chart', async t => {
    t.same(await found(clinician, ''), [d, c, b, a])
    t.same(await found(clinician, 'of=mine'), [d, b, a])
    t.same(await found(supervisor, 'of=mine'), [c])
    t.same(await found(supervisor, 'of=supervisees'), [d, b, a])
    t.same(await found(clinician, 'status=acknowledged'), [a])
    t.same(await found(clinician, 'severity=urgent'), [b])
    t.same(await found(clinician, `chartId=${chartId}&status=open`), [c, b])
    t.same(await found(clinician, `chartId=${randomUUID()}`), [])
  })

  t.test('what nobody is to see to is found by who supervises somebody who treats the chart', async t => {
    const own = await createPractice(test)
    const other = await own.practice.staff(['supervisor'])
    const lone = await layClient(test, own.practice, 'Lone', [[own.clinician, 'co_therapist']])
    const orphan = await own.raise(lone.chartId)
    t.equal(orphan.body.ownerId, null)
    await own.raise(lone.chartId, { ...concern, restricted: true })
    t.same(await found(own.supervisor, 'of=supervisees'), [orphan.body.id])
    t.same(await found(own.supervisor, 'of=mine'), [])
    t.same(await found(other, 'of=supervisees'), [], 'of nobody that treats it')
    t.same(await found(own.clinician, 'of=supervisees'), [])
    t.same((await found(supervisor, 'of=supervisees')).length, 3, 'of another practice none')
  })

  t.test('pages follow each other, and a cursor is of its filter', async t => {
    const page = await clinician.get('/v1/alerts?limit=3')
    t.same(idsOf(page), [d, c, b])
    t.same(await found(clinician, `limit=3&cursor=${page.body.nextCursor}`), [a])
    const other = await clinician.get(`/v1/alerts?limit=3&status=open&cursor=${page.body.nextCursor}`)
    t.equal(other.body.code, 'invalid-cursor')
  })

  t.test('name whose chart it is, and the audit trail names whose was shown', async t => {
    const { body } = await clinician.get('/v1/alerts?limit=1')
    const shown = body.data[0].clients.map((one: { clientId: string }) => one.clientId)
    t.equal(shown.length, 1)
    const audited = (await practice.owner.get(`/v1/audit?clientId=${shown[0]}`)).body.data
    t.ok(audited.some((entry: { operation: string }) => entry.operation === 'listAlerts'))
  })
})

t.test('an alert that nobody acknowledged in time becomes more severe, once', async t => {
  const test = await createTestApp(t)
  const { practice, supervisor, clinician, chart, raise, urlOf } = await createPractice(test)
  const due = await raise(await chart(), { concern: 'safety', severity: 'info', respondWithinMinutes: 30 })
  const url = urlOf(due)

  const waiting = await outboxOf(test, due.body.id)
  const minutes = (waiting.run_after.getTime() - Date.parse(due.body.raisedAt)) / 60_000
  t.equal(Math.round(minutes), 30, 'the look at it waits as long')

  await look(t, test, waiting.id)
  t.equal((await clinician.get(url)).body.version, 1, 'too early nothing happens')

  await passTime(test, due.body.id)
  const before = await clinician.get('/v1/alerts?overdue=true')
  t.same(idsOf(before), [due.body.id], 'overdue by the clock, whether or not somebody looked')
  await forgetDone(test, waiting.id)
  await look(t, test, waiting.id)
  const { body } = await clinician.get(url)
  t.equal(due.body.escalatedToId, null)
  const up = { escalatedToId: supervisor.staffId }
  t.match(body, { severity: 'attention', status: 'open', overdue: true, version: 2, ...up })
  t.match(body.history[1], { step: 'overdue', severity: 'attention', madeById: null })
  await forgetDone(test, waiting.id)
  await look(t, test, waiting.id)
  t.equal((await clinician.get(url)).body.version, 2, 'a job that runs twice does it once')
  const timeline = await clinician.get(`/v1/charts/${due.body.chartId}/timeline`)
  const types: string[] = timeline.body.data.map((one: { type: string }) => one.type)
  t.same(types.filter(type => type === 'alert.overdue').length, 1)
  t.same(types.filter(type => type === 'alert.escalated').length, 1, 'whoever supervises the owner is told')
  const led = await raise(await chart(), {
    ...concern,
    ownerId: supervisor.staffId,
    respondWithinMinutes: 30,
  })
  const hidden = await raise(await chart(), { ...concern, restricted: true, respondWithinMinutes: 30 })
  for (const alone of [led, hidden]) {
    await passTime(test, alone.body.id)
    await look(t, test, (await outboxOf(test, alone.body.id)).id)
    t.match((await clinician.get(urlOf(alone))).body, { overdue: true, version: 2, escalatedToId: null })
    const told = await clinician.get(`/v1/charts/${alone.body.chartId}/timeline`)
    t.notMatch(JSON.stringify(told.body), /escalated/, 'nobody supervises, or it is restricted')
  }
  t.equal(test.sentMail.length, 0, 'and nobody is written to')
  t.equal((await clinician.post(`${url}/acknowledgment`, undefined, { ifMatch: 2 })).body.overdue, false)

  const seen = await raise(await chart(), { concern: 'safety', severity: 'info', respondWithinMinutes: 30 })
  await clinician.post(`${urlOf(seen)}/acknowledgment`, undefined, { ifMatch: 1 })
  await passTime(test, seen.body.id)
  await look(t, test, (await outboxOf(test, seen.body.id)).id)
  t.match(
    (await clinician.get(urlOf(seen))).body,
    { severity: 'info', version: 2 },
    'one that was acknowledged stays',
  )
  t.equal((await practice.owner.get('/v1/practice')).status, 200)
})

t.test('rules', async t => {
  const test = await createTestApp(t)
  const { practice, clinician, chart } = await createPractice(test)
  const chartId = await chart()
  const alert: NewAlert = {
    rule: 'staff_concern',
    severity: 'urgent',
    key: 'item-9',
    evidence: { itemNumber: 9, answer: 2, occurredOn: '2026-01-02', administrationId: randomUUID() },
    respondWithinMinutes: 60,
  }
  const raised = (given: NewAlert) => asClinician(test, practice, clinician, chartId, given)

  t.test('raise one in the transaction of what it is about, with an owner', async t => {
    const id = await raised(alert)
    t.type(id, 'string')
    t.equal(await raised(alert), null, 'the same one is unresolved')
    const { body } = await clinician.get(`/v1/charts/${chartId}/alerts/${id}`)
    t.match(body, { ownerId: clinician.staffId, severity: 'urgent', evidence: alert.evidence })
    t.match(body.history, [{ step: 'raised', madeById: null }])
  })

  t.test('what might be a person’s words is no evidence', async t => {
    for (const evidence of [{ note: 'two words' }, { Note: 'x' }, { note: '' }, { note: 'a'.repeat(81) }])
      await t.rejects(raised({ ...alert, key: randomUUID(), evidence }), TypeError)
  })
})

function asClinician(test: TestApp, practice: TestPractice, by: Caller, chartId: string, alert: NewAlert) {
  return asStaff(test, practice, [by, ['clinician']], async trx =>
    raiseAlert(trx, await openChart(trx, chartId, { dataClass: 'clinical' }), alert),
  )
}

async function outboxOf(test: TestApp, alertId: string): Promise<{ id: string; run_after: Date }> {
  return asAdmin(test.adminUrl, async admin => {
    const { rows } = await admin.query('select id, run_after from cairn.outbox where subject_id = $1', [
      alertId,
    ])
    return rows[0]
  })
}

/** Does what a worker would with a job that is due. */
async function look(t: Test, test: TestApp, outboxId: string): Promise<void> {
  const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
  t.teardown(() => relay.end())
  const queue = 'alert-response'
  await runJob(test.house, relay, { queue, outboxId, handler: jobHandlers[queue] })
}

const forgetDone = (test: TestApp, id: string) =>
  asAdmin(test.adminUrl, admin => admin.query('update cairn.outbox set done_at = null where id = $1', [id]))

const passTime = (test: TestApp, id: string) =>
  asAdmin(test.adminUrl, admin =>
    admin.query(`update cairn.alerts set respond_by = now() - interval '1 minute' where id = $1`, [id]),
  )

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { openChart } from '../../src/modules/charts/index.ts'
import { sendMail } from '../../src/modules/identity/index.ts'
import { asOwner, asStaff, layClient, layCoupleChart } from '../support/clients-raw.ts'
import { type Caller, createTestPractice, type TestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const emergency = {
  reasonCode: 'danger_to_self',
  narrative: 'The primary clinician cannot be reached and the client called (canary-narrative).',
  durationMinutes: 30,
}

const ask = (caller: Caller, chartId: string, body: object = emergency, key: string = randomUUID()) =>
  caller.post(`/v1/charts/${chartId}/emergency-access`, body, { key })

/** Lets an emergency access run out, as if its time had passed. */
const runOut = (test: TestApp, id: string) =>
  asOwner(
    test,
    `update emergency_accesses set starts_at = starts_at - interval '1 hour', expires_at = starts_at - interval '1 minute'
     where id = $1`,
    [id],
  )

const reads = (test: TestApp, practice: TestPractice, caller: Caller, chartId: string) =>
  asStaff(test, practice, [caller, ['clinician']], trx => openChart(trx, chartId, { dataClass: 'clinical' }))

t.test('emergency access', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const treating = await practice.staff(['clinician'])
  const helper = await practice.staff(['clinician'], { mfa: true })
  const { chartId, clientId } = await layClient(test, practice, 'Avery', [[treating, 'primary']])

  t.test('before it the chart is not there, during it is read, after it is not there again', async t => {
    t.equal((await helper.get(`/v1/charts/${chartId}`)).status, 404)
    const granted = await ask(helper, chartId)
    t.equal(granted.status, 201)
    t.equal(granted.headers.location, `/v1/emergency-access/${granted.body.id}`)
    t.notMatch(JSON.stringify(granted.body), /Avery/)
    const during = await helper.get(`/v1/charts/${chartId}`)
    t.equal(during.status, 200)
    t.equal(during.headers['cairn-emergency-access-expires'], granted.body.expiresAt)
    t.same(
      during.body.classes,
      ['administrative', 'clinical'],
      'neither restricted, part 2 nor psychotherapy',
    )
    t.equal((await reads(test, practice, helper, chartId)).via, 'emergency')
    t.same((await helper.get('/v1/charts')).body.data.length, 1)
    await runOut(test, granted.body.id)
    t.equal((await helper.get(`/v1/charts/${chartId}`)).status, 404)
    t.same((await helper.get('/v1/charts')).body.data, [])
    await t.rejects(reads(test, practice, helper, chartId), { code: 'not-found' })
    const [audited] = await asOwner(
      test,
      `select purpose, client_ids, emergency_access_id from audit_log where operation = 'getChart' and decision = 'granted' and actor_id = $1`,
      [helper.actorId],
    )
    t.same(audited, { purpose: 'emergency', client_ids: [clientId], emergency_access_id: granted.body.id })
  })

  t.test('lists and searches that show what only it opened are marked as well, and no others', async t => {
    const covering = await practice.staff(['clinician'], { mfa: true })
    const mine = await layClient(test, practice, 'Quinn', [[covering, 'primary']])
    const { body: access } = await ask(covering, chartId)
    const lists = [
      '/v1/clients',
      '/v1/charts',
      `/v1/charts?clientId=${mine.clientId}`,
      '/v1/clients?status=waitlisted',
    ]
    const marks: unknown[] = []
    for (const url of lists) marks.push((await covering.get(url)).headers['cairn-emergency-access-expires'])
    const found = await covering.post('/v1/clients/search', { text: 'Avery' })
    t.equal(
      found.headers['cairn-emergency-access-expires'],
      undefined,
      'its words are not indexed: nothing was shown',
    )
    t.same(marks, [access.expiresAt, access.expiresAt, undefined, undefined])
    const rows = await asOwner(
      test,
      `select operation, purpose, emergency_access_id from audit_log
       where actor_id = $1 and operation in ('listClients', 'listCharts') order by id`,
      [covering.actorId],
    )
    const emergencies = rows.filter(row => row.purpose === 'emergency')
    t.same(
      emergencies.map(row => [row.operation, row.emergency_access_id]),
      [
        ['listClients', access.id],
        ['listCharts', access.id],
      ],
    )
    t.equal(rows.length, 4)
    const group = await covering.post('/v1/charts', { kind: 'group', name: 'Evening group (fictional)' })
    const member = { clientId }
    const joined = await covering.post(`/v1/charts/${group.body.id}/members`, member)
    t.equal(joined.body.code, 'unknown-reference', 'a membership would outlast it')
    await covering.post(`/v1/emergency-access/${access.id}/end`, undefined, { ifMatch: 1 })
  })

  t.test('whoever may review it is written to, and the mail names nobody', async t => {
    const before = test.sentMail.length
    const other = await practice.staff(['clinician'], { mfa: true })
    await practice.staff(['supervisor'])
    t.equal((await ask(other, chartId)).status, 201)
    const queued = await asOwner(
      test,
      'select practice_id, id from mails where sent_at is null order by id',
      [],
    )
    for (const { id } of queued) await sendMail(test.house, practice.id, String(id))
    const sent = test.sentMail.slice(before).filter(({ subject }) => subject.includes('Emergency access'))
    t.ok(
      sent.some(({ to }) => to.startsWith('owner-')) && sent.some(({ to }) => to.startsWith('supervisor-')),
    )
    t.notOk(sent.some(({ to }) => to.startsWith('clinician-') || to.startsWith('admin-')))
    t.notMatch(JSON.stringify(sent), /Avery|canary/)
  })

  t.test('it opens nothing for writing', async t => {
    const { body } = await ask(helper, chartId)
    const refused = asStaff(test, practice, [helper, ['clinician']], trx =>
      openChart(trx, chartId, { dataClass: 'clinical', write: true }),
    )
    await t.rejects(refused, { code: 'not-found' })
    const member = { staffId: helper.staffId, role: 'covering' }
    t.equal((await helper.post(`/v1/charts/${chartId}/care-team`, member)).status, 404)
    t.equal(
      (await helper.post(`/v1/charts/${chartId}/closure`, undefined, { ifMatch: 1 })).body.code,
      'not-permitted',
    )
    await helper.post(`/v1/emergency-access/${body.id}/end`, undefined, { ifMatch: 1 })
  })

  t.test('it is asked for with a second factor, a key and a reason, and for an hour at most', async t => {
    t.equal((await ask(await practice.staff(['clinician']), chartId)).body.code, 'step-up-required')
    t.equal((await ask(await practice.staff(['admin'], { mfa: true }), chartId)).body.code, 'not-permitted')
    const keyless = await helper.post(`/v1/charts/${chartId}/emergency-access`, emergency)
    t.equal(keyless.body.code, 'idempotency-key-required')
    const short = await ask(helper, chartId, { ...emergency, narrative: 'too short' })
    t.equal(short.body.errors[0].pointer, '/narrative')
    const long = await ask(helper, chartId, { ...emergency, durationMinutes: 61 })
    t.equal(long.body.errors[0].pointer, '/durationMinutes')
    t.equal((await ask(helper, randomUUID())).status, 404)
    const stranger = await (await createTestPractice(test)).staff(['clinician'], { mfa: true })
    t.equal((await ask(stranger, chartId)).status, 404)
    const own = await practice.staff(['clinician'], { mfa: true })
    const { chartId: mine } = await layClient(test, practice, 'Blake', [[own, 'primary']])
    t.equal((await ask(own, mine)).body.code, 'invalid-state', 'who sees the chart needs none')
  })

  t.test('it is given once: the same request repeated, and of twins one', async t => {
    const key = randomUUID()
    const first = await ask(helper, chartId, emergency, key)
    const second = await ask(helper, chartId, emergency, key)
    t.same([second.status, second.body], [201, first.body])
    await helper.post(`/v1/emergency-access/${first.body.id}/end`, undefined, { ifMatch: 1 })
    const twins = await Promise.all([1, 2, 3].map(() => ask(helper, chartId)))
    t.same(twins.map(reply => reply.status).sort(), [201, 409, 409])
    const given = twins.find(reply => reply.status === 201)
    await helper.post(`/v1/emergency-access/${given?.body.id}/end`, undefined, { ifMatch: 1 })
  })

  t.test('of a couple it opens the joint chart and neither partner', async t => {
    const a = await layClient(test, practice, 'Casey', [[treating, 'primary']])
    const b = await layClient(test, practice, 'Drew', [[treating, 'primary']])
    const couple = await layCoupleChart(test, practice, [a.clientId, b.clientId], [[treating, 'primary']])
    const { body } = await ask(helper, couple)
    t.equal((await helper.get(`/v1/charts/${couple}`)).status, 200)
    t.equal((await helper.get(`/v1/charts/${a.chartId}`)).status, 404)
    t.equal((await helper.get(`/v1/clients/${a.clientId}`)).status, 404)
    await helper.post(`/v1/emergency-access/${body.id}/end`, undefined, { ifMatch: 1 })
  })

  t.test('somebody else reviews it, once, when it is over', async t => {
    const reviewer = await practice.staff(['supervisor'])
    const both = await practice.staff(['clinician', 'supervisor'], { mfa: true })
    const { body: access } = await ask(both, chartId)
    const url = `/v1/emergency-access/${access.id}`
    const review = { outcome: 'justified', comment: 'The care team was told.' }
    t.equal((await both.post(`${url}/review`, review, { ifMatch: 1 })).body.code, 'not-permitted')
    t.equal((await reviewer.post(`${url}/review`, review, { ifMatch: 1 })).body.code, 'invalid-state')
    t.equal((await treating.post(`${url}/review`, review, { ifMatch: 1 })).body.code, 'not-permitted')
    const ended = await reviewer.post(`${url}/end`, undefined, { ifMatch: 1 })
    t.same([ended.status, ended.body.running], [200, false])
    t.equal((await both.get(`/v1/charts/${chartId}`)).status, 404, 'an end by a reviewer counts at once')
    t.equal((await both.post(`${url}/review`, review, { ifMatch: 2 })).body.code, 'not-permitted')
    t.equal((await reviewer.post(`${url}/review`, review, { ifMatch: 1 })).body.code, 'stale-version')
    const reviewed = await reviewer.post(`${url}/review`, review, { ifMatch: 2 })
    t.same(
      [reviewed.status, reviewed.body.outcome, reviewed.body.comment],
      [200, 'justified', review.comment],
    )
    t.equal(reviewed.body.reviewer.staffId, reviewer.staffId)
    t.equal((await owner.post(`${url}/review`, review, { ifMatch: 3 })).body.code, 'invalid-state')
  })

  t.test('its holder and reviewers read it, nobody else learns of it', async t => {
    const { body } = await ask(helper, chartId)
    const url = `/v1/emergency-access/${body.id}`
    t.equal((await helper.get(url)).body.narrative, emergency.narrative)
    t.equal((await owner.get(url)).body.narrative, emergency.narrative)
    t.equal((await treating.get(url)).status, 404)
    t.equal((await treating.get('/v1/emergency-access')).body.code, 'not-permitted')
    const stranger = (await createTestPractice(test)).owner
    t.equal((await stranger.get(url)).status, 404)
    t.equal((await stranger.post(`${url}/end`, undefined, { ifMatch: 1 })).status, 404)
    const [row] = await asOwner(test, 'select narrative from emergency_accesses where id = $1', [body.id])
    t.notMatch(String(row?.narrative), /canary-narrative/, 'the reason is sealed')
    const events = await asOwner(test, `select type, chart_id from events where resource_id = $1`, [body.id])
    t.same(events, [{ type: 'emergency-access.granted', chart_id: chartId }])
    await helper.post(`${url}/end`, undefined, { ifMatch: 1 })
  })

  t.test('reviewers find what waits for them, and what has waited too long', async t => {
    const { body: access } = await ask(helper, chartId)
    const listed = async (query: string) =>
      (await owner.get(`/v1/emergency-access?${query}`)).body.data.map((item: { id: string }) => item.id)
    t.ok((await listed('review=open')).includes(access.id))
    t.notOk((await listed('review=overdue')).includes(access.id))
    t.notOk((await listed('review=done')).includes(access.id))
    await asOwner(
      test,
      `update emergency_accesses set starts_at = now() - interval '73 hours', expires_at = now() - interval '72 hours 30 minutes' where id = $1`,
      [access.id],
    )
    t.same(await listed('review=overdue'), [access.id])
    t.same((await listed('limit=1')).length, 1)
    await owner.post(`/v1/emergency-access/${access.id}/review`, { outcome: 'not_justified' }, { ifMatch: 1 })
    t.same(await listed('review=overdue'), [])
    t.same(await listed(`review=done&chartId=${chartId}&limit=1`), [access.id])
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { asOwner, layClient } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createRecordGround, exampleOf, recordsIn } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('recovery records at the portal', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { clinician, made, step, url, practice } = ground
  const portal = await portalCaller(practice, ground.clientId)
  const own = '/v1/portal/recovery-records'
  const send = (kind: string, more: Record<string, unknown> = {}, content: Record<string, unknown> = {}) =>
    portal.post(own, { kind, ...more, content: { ...exampleOf(kind), ...content } }, { key: randomUUID() })
  const ids = async (query = '') =>
    (await portal.get(`${own}?limit=200${query}`)).body.data.map(({ id }: { id: string }) => id)

  t.test(
    'a client sees what was released, of kinds that may be, and no longer what was taken back',
    async t => {
      const friend = await made('support_person')
      t.same(await ids(), [])
      const release = (record: { id: string; version: number }, released: boolean) =>
        clinician.put(`${url}/${record.id}/release`, { released }, { ifMatch: record.version })
      const shown = await release(friend, true)
      t.match(shown.body, { released: true, version: 2 })
      t.same(await ids(), [friend.id])
      t.equal((await release(friend, true)).body.code, 'stale-version')
      const plan = await made('sexuality_plan', { released: true })
      t.same(await ids('&kind=sexuality_plan'), [plan.id])
      t.equal((await release(await made('secret'), true)).body.code, 'invalid-state')
      t.equal(
        (
          await clinician.post(
            url,
            { kind: 'secret', released: true, content: exampleOf('secret') },
            { key: randomUUID() },
          )
        ).status,
        400,
      )
      await release(shown.body, false)
      t.notOk((await ids()).includes(friend.id))
      t.match((await clinician.get(`${url}/${friend.id}/history`)).body.data, [
        {},
        { change: 'released' },
        { change: 'unreleased' },
      ])
    },
  )

  t.test('a client writes a contact, a meeting and the like, and staff see who entered it', async t => {
    for (const kind of [
      'contact_log',
      'meeting_log',
      'honesty_check_in',
      'cycle_entry',
      'intimacy_practice',
    ]) {
      const sent = await send(kind, { occurredOn: day(-1) })
      t.equal(sent.status, 201, kind)
      t.match(sent.body, {
        kind,
        enteredBy: 'client',
        recordedById: null,
        released: true,
        occurredOn: day(-1),
      })
      t.ok((await ids()).includes(sent.body.id))
      t.same((await clinician.get(`${url}/${sent.body.id}`)).body, sent.body)
    }
    for (const kind of ['secret', 'containment_plan', 'sponsor'])
      t.equal((await send(kind)).status, 400, kind)
    t.equal((await send('meeting_log', { occurredOn: day(2) })).status, 400)
    t.equal((await send('meeting_log', { released: false })).status, 400)
  })

  t.test('a contact names a person whom the client may see', async t => {
    const hidden = await made('support_person')
    const shown = await made('support_person', { released: true })
    t.equal((await send('contact_log', { relatedRecordId: shown.id })).status, 201)
    t.equal((await send('contact_log', { relatedRecordId: hidden.id })).body.code, 'unknown-reference')
    const goal = await made('harm_reduction_goal', { addictionId: ground.addictionId, released: true })
    t.equal((await send('harm_reduction_entry', { relatedRecordId: goal.id })).status, 201)
    const gone = await step(shown, { status: 'withdrawn', reason: 'Moved (fictional).' })
    t.equal(gone.status, 200)
    t.equal((await send('contact_log', { relatedRecordId: shown.id })).body.code, 'unknown-reference')
  })

  t.test('a client rates themselves, and sees nobody else’s rating', async t => {
    const sent = await send('rating', {}, { rater: 'self', dimension: 'honesty', score: 7 })
    t.match([sent.status, sent.body], [201, { enteredBy: 'client', content: { rater: 'self', score: 7 } }])
    for (const rater of ['peer', 'clinician']) {
      const refused = await send('rating', {}, { rater })
      t.match(refused.body, { code: 'invalid-request', errors: [{ code: 'not-own' }] }, rater)
      const content = { ...exampleOf('rating'), rater }
      const shown = await clinician.post(
        url,
        { kind: 'rating', released: true, content },
        { key: randomUUID() },
      )
      t.equal(shown.body.code, 'invalid-state')
      const { id } = await made('rating', { content: { rater } })
      const release = await clinician.put(`${url}/${id}/release`, { released: true }, { ifMatch: 1 })
      t.equal(release.body.code, 'invalid-state')
    }
    t.same(await ids('&kind=rating'), [sent.body.id])
    const insights = await clinician.get(`/v1/charts/${ground.chartId}/recovery-insights`)
    t.match(insights.body.ratings, [{ dimension: 'honesty', self: 7 }, {}])
  })

  t.test('a client opens and completes what was given to them, and works on steps', async t => {
    const stepOwn = (
      { id, version }: { id: string; version: number },
      body: Record<string, unknown>,
      by = portal,
    ) => by.post(`${own}/${id}/status-changes`, body, { ifMatch: version })
    const hidden = await made('education_assignment')
    t.equal((await stepOwn(hidden, { status: 'opened' })).status, 404, 'not before it was released')
    const given = await made('education_assignment', { released: true, reviewOn: day(-1) })
    const opened = await stepOwn(given, { status: 'opened' })
    t.match([opened.status, opened.body], [200, { status: 'opened', version: 2 }])
    t.equal((await stepOwn(given, { status: 'completed' })).body.code, 'stale-version')
    t.equal((await stepOwn(opened.body, { status: 'done' })).body.code, 'invalid-state')
    t.equal((await stepOwn(opened.body, { status: 'completed', effectiveOn: day(1) })).status, 400)
    t.equal((await stepOwn(opened.body, { status: 'withdrawn' })).status, 400, 'that is for staff')
    const completed = await stepOwn(opened.body, { status: 'completed' })
    t.match((await clinician.get(`${url}/${given.id}/history`)).body.data, [
      { enteredBy: 'staff' },
      { status: 'opened', enteredBy: 'client', recordedById: null },
      { status: 'completed', enteredBy: 'client' },
    ])
    t.equal((await stepOwn(completed.body, { status: 'opened' })).body.code, 'invalid-state')
    const discussed = await step(completed.body, { status: 'discussed' })
    t.equal(discussed.status, 200, 'that it was talked about is for the clinician to say')

    const work = await send('step_work', {}, { step: 4, fellowship: 'saa' })
    t.match([work.status, work.body], [201, { status: 'started', released: true }])
    const done = await stepOwn(work.body, { status: 'done' })
    const shared = await stepOwn(done.body, { status: 'shared_with_sponsor' })
    t.match(shared.body, { status: 'shared_with_sponsor', version: 3 })
    t.equal((await stepOwn(shared.body, { status: 'done' })).body.code, 'invalid-state')
    const plan = await made('containment_plan', { released: true })
    t.equal((await stepOwn(plan, { status: 'done' })).body.code, 'invalid-state', 'no step of a client')
    const other = await layClient(test, practice, 'Robin', [[clinician, 'primary']])
    const stranger = await portalCaller(practice, other.clientId)
    t.equal((await stepOwn(shared.body, { status: 'started' }, stranger)).status, 404)
    t.equal((await stepOwn(shared.body, { status: 'started' }, clinician)).status, 403)
  })

  t.test('a client corrects what they wrote, and nobody else’s', async t => {
    const first = (await send('cycle_entry')).body
    const second = await send('cycle_entry', { correctsRecordId: first.id }, { intensity: 2 })
    t.equal(second.status, 201)
    t.match((await clinician.get(`${url}/${first.id}`)).body, { status: 'withdrawn' })
    const staffs = await made('cycle_entry', { released: true })
    t.equal((await send('cycle_entry', { correctsRecordId: staffs.id })).body.code, 'unknown-reference')
  })

  t.test('addresses are refused in everything a client writes', async t => {
    const reply = await send('contact_log', {}, { note: 'look at www.zanzibar.example' })
    t.match(reply.body, { code: 'invalid-request', errors: [{ pointer: '/content/note', code: 'link' }] })
    t.notMatch(JSON.stringify(reply.body), /zanzibar/)
  })

  t.test('another client sees and names nothing of it, and a token opens nothing else', async t => {
    const other = await layClient(test, practice, 'Robin', [[clinician, 'primary']])
    const stranger = await portalCaller(practice, other.clientId)
    t.same((await stranger.get(own)).body.data, [])
    const shown = await made('support_person', { released: true })
    const body = { kind: 'contact_log', relatedRecordId: shown.id, content: exampleOf('contact_log') }
    t.equal((await stranger.post(own, body, { key: randomUUID() })).body.code, 'unknown-reference')
    t.equal((await portal.get(url)).status, 403)
    t.equal((await clinician.get(own)).status, 403)
    const beside = await recordsIn(practice, clinician, other.chartId).made('support_person', {
      released: true,
    })
    t.notOk((await ids()).includes(beside.id))
  })

  t.test('whoever acts in the client’s name sees nothing restricted', async t => {
    const plan = await made('sexuality_plan', { released: true })
    const friend = await made('support_person', { released: true })
    const representativeId = uuidv7()
    await asOwner(
      test,
      `insert into related_people (practice_id, id, client_id, given_name, relationship, roles, may_know)
       values ($1, $2, $3, 'Rowan', 'parent', '{guardian}', '{treatment}')`,
      [practice.id, representativeId, ground.clientId],
    )
    const parent = await portalCaller(practice, ground.clientId, representativeId)
    const { data } = (await parent.get(`${own}?limit=200`)).body
    const seen = data.map(({ id }: { id: string }) => id)
    t.ok(seen.includes(friend.id))
    t.notOk(seen.includes(plan.id))
    t.ok((await ids()).includes(plan.id))
  })

  t.test('the same key writes once', async t => {
    const key = randomUUID()
    const body = { kind: 'meeting_log', content: exampleOf('meeting_log') }
    const [first, second] = [await portal.post(own, body, { key }), await portal.post(own, body, { key })]
    t.same(second.body, first.body)
    t.equal((await portal.post(own, body)).body.code, 'idempotency-key-required')
  })
})

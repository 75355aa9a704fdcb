import { randomUUID } from 'node:crypto'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { kinds } from '../../src/modules/recovery/records/kinds/index.ts'
import { layClient, layCoupleChart } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { createRecordGround, exampleOf, recordsIn } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('recovery records', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { clinician, chartId, url, write, made, step, addictionId, behaviorId } = ground
  const get = (id: string, by = clinician) => by.get(`${url}/${id}`)

  t.test('a record of every kind is written, read, listed and kept in its history', async t => {
    const { chartId: coupleChart } = await couple()
    const inCouple = recordsIn(ground.practice, clinician, coupleChart)
    const parents: Record<string, string> = {}
    for (const kind of kinds.toSorted((a, b) => Number(Boolean(a.related)) - Number(Boolean(b.related)))) {
      const { made, url } = kind.charts.includes('individual') ? ground : inCouple
      const record = await made(kind.kind, {
        ...(kind.subject === 'required' ? { addictionId } : {}),
        ...(kind.related ? { relatedRecordId: parents[kind.related.kinds[0] ?? ''] } : {}),
      })
      parents[kind.kind] ??= record.id
      t.match(record, {
        kind: kind.kind,
        status: kind.initial,
        version: 1,
        enteredBy: 'staff',
        occurredOn: day(),
      })
      t.same(record.content, kind.example)
      t.same((await clinician.get(`${url}/${record.id}`)).body, record)
      t.same((await clinician.get(`${url}?kind=${kind.kind}`)).body.data, [record])
      const history = await clinician.get(`${url}/${record.id}/history`)
      t.match(history.body.data, [{ version: 1, change: 'created', content: kind.example, reason: null }])
    }
  })

  t.test('a revision stands beside what it replaces', async t => {
    const record = await made('block', { occurredOn: '2026-01-05' })
    const body = { kind: 'block', content: { ...exampleOf('block'), severity: 3 } }
    const revised = await clinician.put(`${url}/${record.id}`, body, { ifMatch: 1 })
    t.equal(revised.status, 200)
    t.match(revised.body, { version: 2, occurredOn: '2026-01-05', content: { severity: 3 } })
    t.same((await get(record.id)).body, revised.body)
    const { data } = (await clinician.get(`${url}/${record.id}/history`)).body
    t.match(data, [
      { change: 'created', content: { severity: 6 } },
      { change: 'revised', content: { severity: 3 }, recordedById: clinician.staffId },
    ])
    const stale = await clinician.put(`${url}/${record.id}`, body, { ifMatch: 1 })
    t.equal(stale.body.code, 'stale-version')
    t.equal((await clinician.put(`${url}/${record.id}`, body)).body.code, 'precondition-required')
  })

  t.test('what a record is about and belongs to never changes', async t => {
    const record = await made('consequence', { addictionId })
    const content = exampleOf('consequence')
    const put = (body: Record<string, unknown>) =>
      clinician.put(
        `${url}/${record.id}`,
        { kind: 'consequence', content, ...body },
        { ifMatch: record.version },
      )
    const pointer = async (body: Record<string, unknown>) => (await put(body)).body.errors?.[0]?.pointer
    t.equal(await pointer({ kind: 'block', content: exampleOf('block') }), '/kind')
    t.equal(await pointer({ addictionId: uuidv7() }), '/addictionId')
    t.equal(await pointer({ behaviorId }), '/behaviorId')
    t.equal((await put({})).body.addictionId, addictionId)
  })

  t.test('steps follow the catalog, in both directions, with reasons', async t => {
    let record = await made('block')
    t.equal((await step(record, { status: 'recurring' })).body.code, 'invalid-state')
    for (const status of ['addressed_in_plan', 'improving', 'resolved', 'recurring', 'improving']) {
      const reply = await step(record, { status, reason: 'As agreed (fictional).' })
      t.match(reply.body, { status, version: record.version + 1 })
      record = reply.body
    }
    t.equal((await step({ ...record, version: 1 }, { status: 'resolved' })).body.code, 'stale-version')
    t.equal((await step(record, { status: 'withdrawn' })).body.errors[0].pointer, '/reason')
    const gone = await step(record, { status: 'withdrawn', reason: 'Twice (fictional).' })
    t.equal(gone.body.status, 'withdrawn')
    t.equal((await step(gone.body, { status: 'improving' })).body.code, 'invalid-state')
    const body = { kind: 'block', content: exampleOf('block') }
    t.equal(
      (await clinician.put(`${url}/${record.id}`, body, { ifMatch: gone.body.version })).body.code,
      'invalid-state',
    )
    const { data } = (await clinician.get(`${url}/${record.id}/history`)).body
    t.equal(data.length, 7)
    t.match(data.at(-1), {
      change: 'status_changed',
      status: 'withdrawn',
      reason: 'Twice (fictional).',
      content: null,
    })
  })

  t.test('an entry of a log is corrected once, by another one; both stay', async t => {
    const wrong = await made('meeting_log', { occurredOn: day(-3) })
    const body = { kind: 'meeting_log', content: exampleOf('meeting_log') }
    const revised = await clinician.put(`${url}/${wrong.id}`, body, { ifMatch: 1 })
    t.equal(revised.body.code, 'invalid-state')
    const replies = await Promise.all(
      [1, 2].map(() => write('meeting_log', { occurredOn: day(-2), correctsRecordId: wrong.id })),
    )
    t.same(replies.filter(reply => reply.status === 201).length, 1, 'of two at once one corrects it')
    const right = replies.find(reply => reply.status === 201)?.body
    t.equal(right.correctsRecordId, wrong.id)
    t.match((await get(wrong.id)).body, { status: 'withdrawn', version: 2 })
    t.match((await clinician.get(`${url}/${wrong.id}/history`)).body.data, [{}, { change: 'corrected' }])
    t.equal(
      (await write('contact_log', { correctsRecordId: right.id })).body.errors[0].pointer,
      '/correctsRecordId',
    )
    t.equal((await write('meeting_log', { correctsRecordId: wrong.id })).body.code, 'invalid-state')
  })

  t.test('of a containment plan one is in force, and a breach says what it was', async t => {
    const [first, second] = [await made('containment_plan'), await made('containment_plan')]
    const replies = await Promise.all([first, second].map(plan => step(plan, { status: 'active' })))
    t.same(replies.map(({ status }) => status).toSorted(), [200, 409])
    const active = replies.find(({ status }) => status === 200)?.body
    const waiting = [first, second].find(({ id }) => id !== active.id)
    t.equal((await step(waiting, { status: 'active' })).body.code, 'already-exists')
    t.equal((await step(active, { status: 'breached' })).body.errors[0].pointer, '/reasonKey')
    t.equal((await step(active, { status: 'breached', reasonKey: 'after_lapse' })).status, 400)
    const breached = await step(active, {
      status: 'breached',
      reasonKey: 'device',
      effectiveOn: active.occurredOn,
    })
    t.equal(breached.body.status, 'breached')
    t.equal((await step(waiting, { status: 'active' })).body.code, 'already-exists')
    const again = await step(breached.body, { status: 'revised' })
    const reviewed = await step(again.body, { status: 'revised', reviewOn: '2030-01-01' })
    t.match(reviewed.body, { status: 'revised', reviewOn: '2030-01-01' })
    const { data } = (await clinician.get(`${url}/${active.id}/history`)).body
    t.match(data.at(-1), { change: 'reviewed' })
    t.equal((await step(reviewed.body, { status: 'archived' })).status, 200)
    t.equal((await step(waiting, { status: 'active' })).status, 200)
  })

  t.test('work with trauma before containment and coping warns, and takes a reason', async t => {
    const other = await createRecordGround(test)
    const event = await other.made('trauma_event')
    const refused = await other.step(event, { status: 'ready_to_process' })
    t.equal(refused.status, 400)
    t.same(
      refused.body.errors.map(({ code }: { code: string }) => code),
      ['no-containment-plan', 'no-coping-skill', 'not-stabilized'],
    )
    const overrideReason = 'The client asked for it and is safe (fictional).'
    const passed = await other.step(event, { status: 'ready_to_process', overrideReason })
    t.same(passed.body.warnings, ['no_containment_plan', 'no_coping_skill', 'not_stabilized'])
    const { data } = (await other.clinician.get(`${other.url}/${event.id}/history`)).body
    t.match(data.at(-1), { overrideReason, warnings: passed.body.warnings })
    const calm = await other.step(passed.body, { status: 'stabilizing' })
    t.same(calm.body.warnings, [])
    const plan = await other.made('containment_plan')
    await other.step(plan, { status: 'active' })
    const half = await other.step(calm.body, { status: 'ready_to_process' })
    t.same(
      half.body.errors.map(({ code }: { code: string }) => code),
      ['no-coping-skill'],
    )
    const reportable = await other.made('trauma_event', { content: { reportable: 'unclear' } })
    t.same(reportable.warnings, ['check_reporting_duty'])
  })

  t.test('what is restricted is there for the care team alone', async t => {
    const { supervisor } = ground
    const outsider = await ground.practice.staff(['clinician'])
    const open = await made('readiness', { addictionId })
    const hidden = [
      await made('secret'),
      await made('readiness', { behaviorId }),
      await made('consequence', { content: { visibility: 'disclosure' } }),
      await made('block', { content: { category: 'legal' } }),
    ]
    const goal = await made('harm_reduction_goal', { behaviorId })
    hidden.push(goal, await made('harm_reduction_entry', { relatedRecordId: goal.id }))
    t.equal((await get(open.id, supervisor)).status, 200)
    const listed = (await supervisor.get(`${url}?limit=200`)).body.data
    for (const record of hidden) {
      t.equal(record.dataClass, 'restricted')
      const missing = await get(uuidv7(), supervisor)
      const reply = await get(record.id, supervisor)
      t.same({ ...reply.body, requestId: '' }, { ...missing.body, requestId: '' })
      t.equal((await supervisor.get(`${url}/${record.id}/history`)).status, 404)
      t.notOk(listed.some(({ id }: { id: string }) => id === record.id))
    }
    t.ok(listed.every(({ dataClass }: { dataClass: string }) => dataClass === 'clinical'))
    t.same((await supervisor.get(`${url}?kind=secret`)).body.data, [])
    t.same((await supervisor.get(`${url}?behaviorId=${behaviorId}`)).body.data, [])
    const timeline = (await supervisor.get(`/v1/charts/${chartId}/timeline?limit=200`)).body.data
    for (const { id } of hidden)
      t.notOk(timeline.some((one: { resourceId: string }) => one.resourceId === id))
    t.ok(timeline.some((one: { resourceId: string }) => one.resourceId === open.id))
    const own = (await clinician.get(`/v1/charts/${chartId}/timeline?limit=200`)).body.data
    t.ok(own.some((one: { resourceId: string }) => one.resourceId === hidden[0].id))
    t.equal((await outsider.get(url)).status, 404)
    t.equal((await write('block', {}, outsider)).status, 404)
    t.equal((await write('block', {}, supervisor)).body.code, 'not-permitted')
    t.equal((await write('block', {}, ground.practice.owner)).body.code, 'not-permitted')
  })

  t.test('a revision that makes a record restricted hides it from then on', async t => {
    const record = await made('consequence')
    t.equal((await get(record.id, ground.supervisor)).status, 200)
    const content = { ...exampleOf('consequence'), visibility: 'disclosure' }
    await clinician.put(`${url}/${record.id}`, { kind: 'consequence', content }, { ifMatch: 1 })
    t.equal((await get(record.id, ground.supervisor)).status, 404)
    const behavioral = await made('consequence', { behaviorId })
    const kept = { kind: 'consequence', content: exampleOf('consequence') }
    const revised = await clinician.put(`${url}/${behavioral.id}`, kept, { ifMatch: 1 })
    t.match(revised.body, { behaviorId, dataClass: 'restricted' })
  })

  t.test('another practice, another chart and another partner find nothing', async t => {
    const foreign = await createRecordGround(test)
    const record = await made('legal_matter')
    const elsewhere = await layClient(test, ground.practice, 'Robin', [[clinician, 'primary']])
    const beside = recordsIn(ground.practice, clinician, elsewhere.chartId)
    t.equal((await foreign.clinician.get(`${url}/${record.id}`)).status, 404)
    t.equal((await clinician.get(`${beside.url}/${record.id}`)).status, 404)
    t.equal((await beside.step(record, { status: 'closed' })).status, 404)
    for (const relatedRecordId of [record.id, (await foreign.made('legal_matter')).id, uuidv7()]) {
      const reply = await beside.write('legal_requirement', { relatedRecordId })
      t.match(reply.body, { code: 'unknown-reference', errors: [{ pointer: '/relatedRecordId' }] })
    }
    for (const strange of [addictionId, foreign.addictionId, uuidv7()]) {
      const reply = await beside.write('readiness', { addictionId: strange })
      t.match(reply.body, { code: 'unknown-reference', errors: [{ pointer: '/addictionId' }] })
    }
    t.equal((await write('readiness', { addictionId: behaviorId })).status, 422, 'a behavior is no addiction')
    t.equal((await write('legal_requirement', { relatedRecordId: (await made('block')).id })).status, 422)
  })

  t.test(
    'in the chart of a couple a record names a present partner, and personal kinds stay out',
    async t => {
      const { chartId: coupleChart, clientIds, partners } = await couple()
      const joint = recordsIn(ground.practice, clinician, coupleChart)
      const record = await joint.made('intimacy_practice', { clientId: clientIds[0] })
      t.equal(record.clientId, clientIds[0])
      t.equal(
        (await joint.write('intimacy_practice', { clientId: ground.clientId })).body.errors[0].pointer,
        '/clientId',
      )
      t.equal((await joint.write('secret')).body.errors[0].pointer, '/kind')
      t.equal((await write('partner_care')).body.errors[0].pointer, '/kind')
      t.equal(
        (await write('intimacy_practice', { clientId: ground.clientId })).body.errors[0].pointer,
        '/clientId',
      )
      for (const { chartId } of [ground, ...partners]) {
        const { data } = (
          await clinician.get(`/v1/charts/${chartId}/recovery-records?kind=intimacy_practice`)
        ).body
        t.notOk(data.some(({ id }: { id: string }) => id === record.id))
      }
    },
  )

  t.test('errors point into the kind that was meant, and repeat no value', async t => {
    const errorOf = async (body: unknown) => {
      const reply = await clinician.post(url, body, { key: randomUUID() })
      t.equal(reply.status, 400)
      t.notMatch(JSON.stringify(reply.body), /Zanzibar/)
      return [reply.body.errors[0]?.pointer, reply.body.errors[0]?.code]
    }
    const block = { kind: 'block', content: exampleOf('block') }
    t.same(await errorOf({ ...block, content: { ...block.content, severity: 11 } }), [
      '/content/severity',
      'maximum',
    ])
    t.same(await errorOf({ ...block, content: { category: 'Zanzibar' } }), [
      '/content/description',
      'required',
    ])
    t.same(await errorOf({ ...block, Zanzibar: 1 }), ['', 'additional-properties'])
    t.same(await errorOf({ ...block, addictionId }), ['', 'additional-properties'])
    t.same(await errorOf({ content: {} }), ['/kind', 'discriminator'])
    t.same(await errorOf({ kind: 'Zanzibar', content: {} }), ['/kind', 'discriminator'])
    t.same(await errorOf([]), ['', 'type'])
    t.same(await errorOf({ ...block, occurredOn: day(2) }), ['/occurredOn', 'not-future'])
    t.same(await errorOf({ kind: 'readiness', content: exampleOf('readiness') }), [
      '/addictionId',
      'required',
    ])
    const sponsor = { kind: 'sponsor', content: { ...exampleOf('sponsor'), firstName: 'Sam Zanzibar' } }
    t.same(await errorOf(sponsor), ['/content/firstName', 'pattern'])
    const backwards = {
      kind: 'consequence',
      occurredOn: '2026-01-05',
      endsOn: '2026-01-04',
      content: exampleOf('consequence'),
    }
    t.same(await errorOf(backwards), ['/endsOn', 'order'])
  })

  t.test('addresses and pictures are refused where a tool could have seen them', async t => {
    const plan = await made('tech_plan', { content: { roles: [{ role: 'ally', person: 'partner' }] } })
    t.same(plan.warnings, ['partner_as_ally'])
    const say = async (summary: string) =>
      (await write('accountability_event', { relatedRecordId: plan.id, content: { summary } })).status
    for (const text of [
      'see https://a.example/x',
      'www.zanzibar',
      'zanzibar.com',
      'data:image/png;base64,AA',
      'x.ONION',
    ])
      t.equal(await say(text), 400, text)
    for (const text of ['Late at night, approx. 2 hours.', 'He said so.Then he left'])
      t.equal(await say(text), 201, text)
  })

  t.test('the same key writes once', async t => {
    const key = randomUUID()
    const body = { kind: 'block', content: exampleOf('block') }
    const [first, second] = [
      await clinician.post(url, body, { key }),
      await clinician.post(url, body, { key }),
    ]
    t.equal(first.status, 201)
    t.same(second.body, first.body)
    t.equal((await clinician.post(url, body)).body.code, 'idempotency-key-required')
  })

  t.test('lists are filtered, and paged by the latest days', async t => {
    const other = await createRecordGround(test)
    const days = [-1, -1, -5, -9, -30].map(offset => day(offset))
    for (const occurredOn of days) await other.made('meeting_log', { occurredOn })
    const due = await other.made('education_assignment', { reviewOn: day(-2) })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const more: string = cursor ? `&cursor=${cursor}` : ''
      const { body } = await other.clinician.get(`${other.url}?kind=meeting_log&limit=2${more}`)
      seen.push(...body.data.map(({ occurredOn }: { occurredOn: string }) => occurredOn))
      cursor = body.nextCursor
    }
    t.same(seen, days)
    const count = async (query: string) =>
      (await other.clinician.get(`${other.url}?${query}`)).body.data.length
    t.equal(await count(`from=${day(-9)}&to=${day(-5)}`), 2)
    t.equal(await count('status=assigned'), 1)
    t.equal(await count(`reviewDueBefore=${day()}`), 1)
    t.equal(await count(`reviewDueBefore=${day(-2)}`), 0)
    t.equal(await count(`relatedRecordId=${due.id}`), 0)
    const forged = await other.clinician.get(`${other.url}?kind=block&cursor=AAAA`)
    t.equal(forged.body.code, 'invalid-cursor')
  })

  t.test('nothing is written into a closed chart', async t => {
    const { owner } = ground.practice
    const closing = await layClient(test, ground.practice, 'Quinn', [[clinician, 'primary']])
    const records = recordsIn(ground.practice, clinician, closing.chartId)
    const record = await records.made('block')
    const { version } = (await owner.get(`/v1/charts/${closing.chartId}`)).body
    await owner.post(`/v1/charts/${closing.chartId}/closure`, undefined, { ifMatch: version })
    t.equal((await records.write('block')).body.code, 'invalid-state')
    t.equal((await records.step(record, { status: 'resolved' })).body.code, 'invalid-state')
    t.equal((await clinician.get(`${records.url}/${record.id}`)).status, 200)
  })

  t.test('the catalog says of every kind what may follow', async t => {
    const { body } = await clinician.get('/v1/recovery-record-kinds')
    t.same(
      body.kinds.map(({ kind }: { kind: string }) => kind),
      kinds.map(({ kind }) => kind),
    )
    const block = body.kinds.find(({ kind }: { kind: string }) => kind === 'block')
    t.same(block.statuses[0].next, ['addressed_in_plan', 'improving', 'resolved', 'withdrawn'])
  })

  async function couple() {
    const partners = await Promise.all(
      ['Jo', 'Kim'].map(name => layClient(test, ground.practice, name, [[clinician, 'primary']])),
    )
    const clientIds = partners.map(({ clientId }) => clientId) as [string, string]
    const chartId = await layCoupleChart(test, ground.practice, clientIds, [[clinician, 'primary']])
    return { chartId, clientIds, partners }
  }
})

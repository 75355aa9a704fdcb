import { randomUUID } from 'node:crypto'
import t from 'tap'
import { adultIn, assign, complete, completed, coupleIn, each, urlOf } from '../support/assessments.ts'
import { day } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

t.test('assessments', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const { owner } = practice
  const adult = () => adultIn(practice, clinician)
  const alertsOf = async (chartId: string) =>
    (await clinician.get(`/v1/alerts?chartId=${chartId}`)).body.data as Record<string, unknown>[]

  t.test('answers are saved bit by bit, then completed for good, scored, reviewed', async t => {
    const { chartId } = await adult()
    const made = await assign(clinician, chartId, 'phq-9', { dueOn: day(3) })
    t.equal(made.status, 201)
    t.match(made.body, {
      status: 'assigned',
      version: 1,
      overdue: false,
      answers: {},
      result: null,
      mode: 'self',
    })
    t.equal(made.body.form.items.length, 10)
    const url = `${urlOf(chartId)}/${made.body.id}`
    const save = (answers: Record<string, number | null>, version: number) =>
      clinician.patch(`${url}/answers`, { answers }, { ifMatch: version })
    t.match((await save({ 1: 3, 2: 2 }, 1)).body, {
      status: 'in_progress',
      answered: 2,
      items: 10,
      version: 2,
    })
    t.match((await save({ 1: null, 3: 1 }, 2)).body, { answered: 2, version: 3 })
    t.same((await clinician.get(url)).body.answers, { 2: 2, 3: 1 })
    t.equal((await save({ 4: 1 }, 2)).status, 412, 'another device saved meanwhile')
    const rest = { 1: 1, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0 }
    const done = await complete(clinician, { ...made.body, version: 3 }, rest)
    t.equal(done.status, 200)
    t.match(done.body, { status: 'completed', version: 4, crisis: null })
    t.match(done.body.result, {
      algorithmVersion: 2,
      completedOn: day(),
      enteredBy: 'staff',
      recordedById: clinician.staffId,
      flags: [],
      scales: [{ scale: 'total', value: 4, missing: 0, band: { key: 'minimal', year: 2001 }, screens: [] }],
    })
    t.equal((await save({ 1: 0 }, 4)).body.code, 'invalid-state')
    t.equal((await complete(clinician, done.body, {})).body.code, 'invalid-state')
    t.equal((await clinician.patch(url, { dueOn: day(9) }, { ifMatch: 4 })).body.code, 'invalid-state')
    const comment = 'Talked about it (fictional).'
    const reviewed = await clinician.post(`${url}/review`, { comment }, { ifMatch: 4 })
    t.equal(reviewed.body.status, 'reviewed')
    t.equal((await clinician.post(`${url}/review`, {}, { ifMatch: 5 })).body.code, 'invalid-state')
    t.same(
      reviewed.body.history.map((one: { change: string; comment: string | null }) => [
        one.change,
        one.comment,
      ]),
      [
        ['assigned', null],
        ['started', null],
        ['completed', null],
        ['reviewed', comment],
      ],
    )
    t.same((await clinician.get(`${urlOf(chartId)}?status=reviewed`)).body.data.length, 1)
    t.same((await clinician.get(`${urlOf(chartId)}?status=assigned`)).body.data, [])
  })

  t.test('wrong answers and days are refused, without repeating them', async t => {
    const { chartId } = await adult()
    const { body } = await assign(clinician, chartId, 'gad-7')
    const url = `${urlOf(chartId)}/${body.id}/answers`
    const save = (answers: unknown) => clinician.patch(url, { answers }, { ifMatch: 1 })
    for (const [answers, pointer] of [
      [{ 1: 4 }, '/answers/1'],
      [{ 99: 1 }, '/answers'],
    ] as const) {
      const refused = await save(answers)
      t.equal(refused.status, 400)
      t.equal(refused.body.errors[0].pointer, pointer)
    }
    t.equal((await save({ 1: 1.5 })).status, 400)
    t.equal((await save({ 1: 'canary' })).status, 400)
    t.notMatch(JSON.stringify((await save({ canary: 1 })).body), /canary/)
    t.equal((await complete(clinician, body, {})).body.code, 'invalid-state', 'nothing was answered')
    const order = await assign(clinician, chartId, 'gad-7', { dueOn: day(5), expiresOn: day(4) })
    t.equal(order.body.errors[0].pointer, '/expiresOn')
    for (const field of ['dueOn', 'expiresOn']) {
      const never = await assign(clinician, chartId, 'gad-7', { [field]: '9999-12-31' })
      t.match(never.body.errors, [{ pointer: `/${field}`, code: 'range' }], 'a day that no job can wait for')
    }
    t.equal(
      (await assign(clinician, chartId, 'gad-7', { expiresOn: day(-1) })).body.errors[0].pointer,
      '/expiresOn',
    )
    t.equal((await assign(clinician, chartId, 'no-such')).body.code, 'unknown-reference')
    t.equal(
      (await assign(clinician, chartId, 'gad-7', { target: 'mother' })).body.errors[0].pointer,
      '/target',
    )
    t.equal((await assign(clinician, chartId, 'ecr-rs')).body.errors[0].pointer, '/target')
    t.equal((await assign(clinician, chartId, 'ecr-rs', { target: 'mother' })).status, 201)
    t.equal(
      (await assign(clinician, chartId, 'gad-7', { clientId: randomUUID() })).body.errors[0].pointer,
      '/clientId',
    )
    t.equal((await clinician.post(urlOf(chartId), { instrumentKey: 'gad-7' })).status, 428)
  })

  t.test('what is missing is said, and too much of it leaves no score', async t => {
    const { chartId } = await adult()
    const { result } = await completed(clinician, chartId, 'phq-9', each(7, 1))
    t.match(result.scales[0], { value: 9, missing: 2, prorated: true, band: { key: 'mild' } })
    const other = await completed(clinician, chartId, 'phq-9', each(6, 1))
    t.match(other.result.scales[0], { value: null, missing: 3, prorated: false, band: null })
  })

  t.test(
    'an answer of a risk item raises an alert with a clock in the same moment, and the crisis text comes with it',
    async t => {
      const { chartId } = await adult()
      const done = await completed(clinician, chartId, 'phq-9', { ...each(9, 0), 9: 1 })
      t.match(done.result.flags, [{ key: 'self_harm_item', severity: 'urgent' }])
      t.match(done.crisis.contacts, [{ reach: /988/ }, {}, {}])
      const [alert, ...more] = await alertsOf(chartId)
      t.same(more, [])
      t.match(alert, {
        rule: 'assessment_answer',
        severity: 'urgent',
        status: 'open',
        evidence: { assessmentId: done.id, instrument: 'phq-9', flag: 'self_harm_item' },
      })
      t.ok(Date.parse(String(alert?.respondBy)) > Date.now() + 55 * 60_000)
      t.equal((await supervisor.get(`/v1/alerts?chartId=${chartId}`)).body.data.length, 1)
      t.same((await clinician.get(`${urlOf(chartId)}/${done.id}`)).body.crisis, done.crisis)
    },
  )

  t.test('the practice says how soon somebody is to respond', async t => {
    const other = await createTestPractice(test)
    const { version } = (await other.owner.get('/v1/practice')).body
    await other.owner.patch('/v1/practice', { policies: { riskResponseMinutes: 15 } }, { ifMatch: version })
    const own = await other.staff(['clinician'])
    const { chartId } = await adultIn(other, own)
    await completed(own, chartId, 'c-ssrs-screener', { 1: 1, 2: 0, 6: 0 })
    const [alert] = (await own.get('/v1/alerts')).body.data
    t.match(alert, { severity: 'attention', evidence: { flag: 'triage_low', leftOpen: false } })
    const minutes = (Date.parse(alert.respondBy) - Date.now()) / 60_000
    t.ok(minutes > 13 && minutes <= 15)
  })

  t.test('a screener broken off at the questions that count is urgent, and is no low level', async t => {
    const { chartId } = await adult()
    const done = await completed(clinician, chartId, 'c-ssrs-screener', { 1: 1, 2: 1 })
    t.match(done.result, { scales: [{ scale: 'triage', value: null, band: null }] })
    t.ok(done.crisis)
    t.match(await alertsOf(chartId), [
      { severity: 'urgent', evidence: { flag: 'triage_low', leftOpen: true } },
    ])
  })

  t.test('rules of the practice raise alerts from a score on, while they are in force', async t => {
    const make = (by = owner, more = {}) =>
      by.post('/v1/assessment-alert-rules', {
        instrumentKey: 'gad-7',
        scale: 'total',
        atLeast: 15,
        severity: 'attention',
        ...more,
      })
    t.equal((await make(clinician)).status, 403)
    t.equal((await make(owner, { scale: 'canary_scale' })).body.code, 'unknown-reference')
    const rule = await make(owner, { respondWithinMinutes: 600 })
    t.equal(rule.status, 201)
    const { chartId } = await adult()
    await completed(clinician, chartId, 'gad-7', each(7, 2))
    t.same(await alertsOf(chartId), [], '14 is below 15')
    const done = await completed(clinician, chartId, 'gad-7', { ...each(7, 2), 1: 3 })
    t.match(await alertsOf(chartId), [
      {
        rule: 'assessment_score',
        evidence: { assessmentId: done.id, scale: 'total', value: 15, atLeast: 15 },
      },
    ])
    t.equal((await owner.delete(`/v1/assessment-alert-rules/${rule.body.id}`)).status, 204)
    t.equal((await owner.delete(`/v1/assessment-alert-rules/${rule.body.id}`)).status, 404)
    await completed(clinician, chartId, 'gad-7', each(7, 3))
    t.equal((await alertsOf(chartId)).length, 1)
    t.match((await owner.get('/v1/assessment-alert-rules')).body.data, [
      { id: rule.body.id, endedAt: String },
    ])
  })

  t.test('a rule looks from a number on or up to it, at a scale or at one item', async t => {
    const make = (more: Record<string, unknown>) =>
      owner.post('/v1/assessment-alert-rules', { instrumentKey: 'ras', severity: 'attention', ...more })
    for (const [more, pointer] of [
      [{ scale: 'total' }, '/atLeast'],
      [{ atMost: 2 }, '/scale'],
      [{ scale: 'total', item: '1', atMost: 2 }, '/item'],
      [{ scale: 'total', atLeast: 1, atMost: 2 }, '/atMost'],
    ] as const) {
      const refused = await make(more)
      t.match([refused.status, refused.body], [400, { errors: [{ pointer }] }], pointer)
    }
    t.equal((await make({ item: 'canary', atMost: 2 })).body.code, 'unknown-reference')
    const low = await make({ scale: 'total', atMost: 15 })
    t.match([low.status, low.body], [201, { scale: 'total', item: null, atLeast: null, atMost: 15 }])
    const answer = await make({ item: '3', atMost: 1, severity: 'urgent' })
    t.match(answer.body, { scale: null, item: '3', atLeast: null, atMost: 1 })
    const never = await make({ item: '3', atLeast: 5 })
    const { chartId } = await adult()
    const calm = { ...each(7, 4), 4: 2, 7: 2 }
    await completed(clinician, chartId, 'ras', calm)
    t.same(await alertsOf(chartId), [])
    await completed(clinician, chartId, 'ras', { ...calm, 3: 1 })
    t.match(await alertsOf(chartId), [
      { rule: 'assessment_score', severity: 'urgent', evidence: { item: '3', value: 1, atMost: 1 } },
    ])
    await completed(clinician, chartId, 'ras', { ...each(7, 2), 4: 4, 7: 4 })
    t.match(await alertsOf(chartId), [{ evidence: { scale: 'total', value: 14, atMost: 15 } }, {}])
    for (const { body } of [low, answer, never])
      t.equal((await owner.delete(`/v1/assessment-alert-rules/${body.id}`)).status, 204)
  })

  t.test('of twins one is assigned, and one is completed, scored and alerted', async t => {
    const { chartId } = await adult()
    const key = randomUUID()
    const [one, two] = [
      await assign(clinician, chartId, 'phq-9', {}, key),
      await assign(clinician, chartId, 'phq-9', {}, key),
    ]
    t.equal(one.body.id, two.body.id)
    t.equal((await clinician.get(urlOf(chartId))).body.data.length, 1)
    const answers = { ...each(9, 0), 9: 2 }
    const replies = await Promise.all([0, 1, 2].map(() => complete(clinician, one.body, answers)))
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412])
    t.equal((await alertsOf(chartId)).length, 1)
    const again = randomUUID()
    const other = (await assign(clinician, chartId, 'gad-7')).body
    const [first, replay] = [
      await complete(clinician, other, each(7, 0), again),
      await complete(clinician, other, each(7, 0), again),
    ]
    t.same(replay.body, first.body)
    t.equal(replay.headers['idempotency-replayed'], 'true')
  })

  t.test('a correction is a voided assessment and a new one', async t => {
    const { chartId } = await adult()
    const done = await completed(clinician, chartId, 'gad-7', each(7, 1))
    const url = `${urlOf(chartId)}/${done.id}/voiding`
    const body = { reason: 'Answered for another week (fictional).', replace: true }
    const voided = await clinician.post(url, body, { ifMatch: done.version, key: randomUUID() })
    t.match(voided.body, { status: 'voided', result: { scales: [{ value: 7 }] } }, 'it stays on record')
    const next = await clinician.get(`${urlOf(chartId)}/${voided.body.replacementId}`)
    t.match(next.body, { status: 'assigned', replacesId: done.id, answers: {} })
    const twice = await clinician.post(url, body, { ifMatch: voided.body.version, key: randomUUID() })
    t.equal(twice.body.code, 'invalid-state')
    t.equal(
      (await clinician.get(`/v1/charts/${chartId}/score-trends?instrument=gad-7`)).body.data[0].points.length,
      0,
    )
  })

  t.test(
    'adult-only instruments are not assigned to minors, nor where no birth date is on record',
    async t => {
      const minor = await adultIn(practice, clinician, { birthDate: '2012-05-04' })
      const unknown = await adultIn(practice, clinician, { birthDate: null })
      for (const { chartId } of [minor, unknown]) {
        t.equal((await assign(clinician, chartId, 'pathos')).body.code, 'invalid-state')
        t.equal((await assign(clinician, chartId, 'phq-9')).status, 201)
      }
      t.equal((await assign(clinician, (await adult()).chartId, 'pathos')).status, 201)
    },
  )

  t.test('another practice, another role and another clinician find nothing', async t => {
    const { chartId } = await adult()
    const { body } = await assign(clinician, chartId, 'phq-9')
    const url = `${urlOf(chartId)}/${body.id}`
    const missing = { ...(await clinician.get(`${urlOf(chartId)}/${randomUUID()}`)).body, requestId: '' }
    const elsewhere = await createTestPractice(test)
    const stranger = await elsewhere.staff(['clinician'])
    for (const by of [await practice.staff(['clinician']), stranger]) {
      t.same({ ...(await by.get(url)).body, requestId: '' }, missing)
      t.equal((await by.get(urlOf(chartId))).status, 404)
      t.equal((await assign(by, chartId, 'phq-9')).status, 404)
      t.equal((await complete(by, body, { 1: 0 })).status, 404)
      t.same((await by.get('/v1/assessment-assignments')).body.data, [])
    }
    for (const by of [owner, await practice.staff(['biller']), await practice.staff(['admin'])])
      t.equal((await by.get(url)).status, 403)
    t.equal((await supervisor.get(url)).status, 200)
    t.equal((await complete(supervisor, body, { 1: 0 })).status, 403)
    const other = await adult()
    t.same(
      { ...(await clinician.get(`${urlOf(other.chartId)}/${body.id}`)).body, requestId: '' },
      missing,
      'through the chart of somebody else',
    )
  })

  t.test(
    'what is restricted the care team alone knows of: not the supervisor, not in any list, figure or timeline',
    async t => {
      const { chartId } = await adult()
      const done = await completed(clinician, chartId, 'ace', each(10, 1))
      t.equal(done.dataClass, 'restricted')
      await assign(clinician, chartId, 'sast-r-core', { dueOn: day(-2) })
      const url = `${urlOf(chartId)}/${done.id}`
      t.equal((await supervisor.get(url)).status, 404)
      t.same((await supervisor.get(urlOf(chartId))).body.data, [])
      t.equal((await clinician.get(urlOf(chartId))).body.data.length, 2)
      const trend = `/v1/charts/${chartId}/score-trends?instrument=ace`
      t.same((await supervisor.get(trend)).body.data[0].points, [])
      t.equal((await clinician.get(trend)).body.data[0].points.length, 1)
      const overdue = '/v1/assessment-assignments?overdue=true'
      const has = (reply: { body: { data: { chartId: string }[] } }) =>
        reply.body.data.some(one => one.chartId === chartId)
      t.notOk(has(await supervisor.get(overdue)))
      t.ok(has(await clinician.get(overdue)))
      const types = async (by: typeof clinician) =>
        (await by.get(`/v1/charts/${chartId}/timeline`)).body.data.map((one: { type: string }) => one.type)
      t.notMatch(JSON.stringify(await types(supervisor)), /assessment/)
      t.match(JSON.stringify(await types(clinician)), /restricted-assessment\.completed/)
    },
  )

  t.test('what is overdue comes page by page, the longest due first', async t => {
    const own = await practice.staff(['clinician'])
    const { chartId } = await adultIn(practice, own)
    const due = async (offset: number) =>
      (await assign(own, chartId, 'phq-9', { dueOn: day(offset) })).body.id
    const [later, older, today] = [await due(-1), await due(-20), await due(0)]
    const undated = (await assign(own, chartId, 'phq-9')).body.id
    const idsOf = (reply: { body: { data: { id: string }[] } }) => reply.body.data.map(one => one.id)
    const url = '/v1/assessment-assignments'
    t.same(idsOf(await own.get(`${url}?overdue=true`)), [older, later])
    const first = await own.get(`${url}?overdue=true&limit=1`)
    t.same(idsOf(first), [older])
    t.match(first.body.data[0], { overdue: true, dueOn: day(-20) })
    const rest = await own.get(`${url}?overdue=true&limit=1&cursor=${first.body.nextCursor}`)
    t.same(idsOf(rest), [later])
    const all = await own.get(`${url}?limit=3`)
    t.same(idsOf(all), [older, later, today])
    t.same(idsOf(await own.get(`${url}?limit=3&cursor=${all.body.nextCursor}`)), [undated])
    t.equal((await own.get(`${url}?overdue=true&cursor=${all.body.nextCursor}`)).body.code, 'invalid-cursor')
  })

  t.test('in a couple’s chart it is about one partner, who must be named', async t => {
    const couple = await coupleIn(test, practice, clinician)
    const { chartId, a, b } = couple
    t.equal((await assign(clinician, chartId, 'csi-16')).body.errors[0].pointer, '/clientId')
    t.equal(
      (await assign(clinician, chartId, 'csi-16', { clientId: randomUUID() })).body.code,
      'unknown-reference',
    )
    await completed(clinician, chartId, 'csi-16', each(16, 2), { clientId: a })
    await completed(clinician, chartId, 'csi-16', each(16, 3), { clientId: b })
    const list = await clinician.get(`${urlOf(chartId)}?clientId=${a}`)
    t.same(
      list.body.data.map((one: { clientId: string }) => one.clientId),
      [a],
    )
    t.notMatch(JSON.stringify((await clinician.get(urlOf(chartId))).body), /"value"/, 'no list holds scores')
    const portal = await portalCaller(practice, a)
    t.same(
      (await portal.get('/v1/portal/assessment-assignments')).body.data,
      [],
      'their own chart holds none',
    )
  })

  t.test('answers and comments are sealed at rest, and never logged', async t => {
    const { chartId } = await adult()
    const done = await completed(clinician, chartId, 'phq-9', { ...each(9, 3), 9: 0 })
    await clinician.post(
      `${urlOf(chartId)}/${done.id}/review`,
      { comment: 'canary-comment' },
      { ifMatch: done.version },
    )
    const rows = await asAdmin(test.adminUrl, async admin => {
      const answers = await admin.query(
        'select answers_sealed from cairn.assessments where assignment_id = $1',
        [done.id],
      )
      const changes = await admin.query(
        'select comment_sealed from cairn.assessment_changes where assignment_id = $1',
        [done.id],
      )
      const drafts = await admin.query('select * from cairn.assessment_drafts where assignment_id = $1', [
        done.id,
      ])
      return { answers: answers.rows, changes: changes.rows, drafts: drafts.rows }
    })
    t.notMatch(String(rows.answers[0]?.answers_sealed), /"9":0/)
    t.notMatch(JSON.stringify(rows.changes.map(row => String(row.comment_sealed))), /canary-comment/)
    t.same(rows.drafts, [])
    t.notMatch(test.logLines.join(''), /canary-comment|answers":\{/)
  })
})

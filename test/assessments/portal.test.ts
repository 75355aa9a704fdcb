import { randomUUID } from 'node:crypto'
import t from 'tap'
import { adultIn, assign, each, urlOf } from '../support/assessments.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const base = '/v1/portal/assessment-assignments'

t.test('a client at the portal', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const clinician = await practice.staff(['clinician'])
  const { clientId, chartId } = await adultIn(practice, clinician)
  const portal = await portalCaller(practice, clientId)

  t.test('answers what they are asked, and sees scores once they are released', async t => {
    const { body } = await assign(clinician, chartId, 'phq-9')
    const [listed] = (await portal.get(`${base}?status=assigned`)).body.data
    t.match(listed, { id: body.id, instrument: { title: 'PHQ-9' }, status: 'assigned', version: 1 })
    const saved = await portal.patch(`${base}/${body.id}/answers`, { answers: { 1: 2 } }, { ifMatch: 1 })
    t.match(saved.body, { status: 'in_progress', answered: 1, version: 2 })
    t.same((await clinician.get(`${urlOf(chartId)}/${body.id}`)).body.answers, { 1: 2 })
    const key = randomUUID()
    const finish = () =>
      portal.post(`${base}/${body.id}/completion`, { answers: { ...each(9, 1), 9: 0 } }, { ifMatch: 2, key })
    const [done, replay] = [await finish(), await finish()]
    t.equal(done.status, 200)
    t.same(replay.body, done.body)
    t.match(done.body, { status: 'completed', scales: null, crisis: null })
    t.notMatch(JSON.stringify(done.body), /"band"|"flags"/)
    const seen = await clinician.get(`${urlOf(chartId)}/${body.id}`)
    t.match(seen.body.result, { enteredBy: 'client', recordedById: null, scales: [{ value: 8 }] })
    const release = `${urlOf(chartId)}/${body.id}/release`
    const released = await clinician.post(release, undefined, { ifMatch: seen.body.version })
    t.ok(released.body.releasedAt)
    t.equal(
      (await clinician.post(release, undefined, { ifMatch: released.body.version })).body.code,
      'invalid-state',
    )
    t.match((await portal.get(`${base}/${body.id}`)).body.scales, [{ scale: 'total', value: 8 }])
  })

  t.test('is shown at once whom to reach, and staff are told in the same moment', async t => {
    const { body } = await assign(clinician, chartId, 'phq-9')
    const answers = { ...each(9, 0), 9: 3 }
    const done = await portal.post(
      `${base}/${body.id}/completion`,
      { answers },
      { ifMatch: 1, key: randomUUID() },
    )
    t.match(done.body.crisis.contacts[0], { name: /988/ })
    t.match((await clinician.get(`/v1/alerts?chartId=${chartId}`)).body.data, [
      { rule: 'assessment_answer', severity: 'urgent', evidence: { assessmentId: body.id } },
    ])
  })

  t.test('sees the practice’s wording, and answers in it', async t => {
    const item = Array.from({ length: 7 }, (_, index) => ({
      linkId: `g${index + 1}`,
      text: `Question ${index + 1} (fictional)`,
      answerOption: [
        {
          valueCoding: {
            display: 'Now and then (fictional)',
            extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: 1 }],
          },
        },
      ],
    }))
    const itemKeys = Object.fromEntries(item.map(({ linkId }) => [linkId, linkId.slice(1)]))
    const text = await practice.owner.post('/v1/instruments/gad-7/texts', {
      questionnaire: {
        resourceType: 'Questionnaire',
        language: 'en-US',
        status: 'active',
        item: [{ linkId: 'all', item }],
      },
      itemKeys,
      right: { basis: 'permission', statement: 'By letter (fictional).' },
    })
    t.equal(text.status, 201)
    const { body } = await assign(clinician, chartId, 'gad-7')
    const { form } = (await portal.get(`${base}/${body.id}`)).body
    t.equal(form.language, 'en-US')
    t.match(form.items[2], {
      key: '3',
      text: 'Question 3 (fictional)',
      options: [{ label: 'Never' }, { value: 1, label: 'Now and then (fictional)' }, {}, {}],
    })
    t.equal((await practice.owner.delete(`/v1/instruments/gad-7/texts/${text.body.id}`)).status, 204)
    t.match((await portal.get(`${base}/${body.id}`)).body.form, {
      language: null,
      items: [{ text: 'Nervous' }],
    })
  })

  t.test('is not shown what a clinician rates, nor anybody else’s', async t => {
    const rated = (await assign(clinician, chartId, 'c-ssrs-screener', { mode: 'clinician' })).body
    const other = await adultIn(practice, clinician)
    const theirs = (await assign(clinician, other.chartId, 'phq-9')).body
    const missing = { ...(await portal.get(`${base}/${randomUUID()}`)).body, requestId: '' }
    for (const id of [rated.id, theirs.id]) {
      t.same({ ...(await portal.get(`${base}/${id}`)).body, requestId: '' }, missing)
      t.equal(
        (await portal.patch(`${base}/${id}/answers`, { answers: { 1: 0 } }, { ifMatch: 1 })).status,
        404,
      )
    }
    t.equal((await portal.get(`${urlOf(chartId)}/${rated.id}`)).status, 403)
    t.equal((await clinician.get(base)).status, 403)
    const listed = (await portal.get(base)).body.data.map((one: { id: string }) => one.id)
    t.notOk(listed.includes(rated.id) || listed.includes(theirs.id))
  })

  t.test('sees their own answers to what is restricted to the care team', async t => {
    const { body } = await assign(clinician, chartId, 'ace')
    const done = await portal.post(
      `${base}/${body.id}/completion`,
      { answers: each(10, 0) },
      { ifMatch: 1, key: randomUUID() },
    )
    t.equal(done.status, 200)
    t.equal((await portal.get(`${base}/${body.id}`)).status, 200)
  })
})

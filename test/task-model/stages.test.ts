import fc from 'fast-check'
import t from 'tap'
import { daysBetween } from '../../src/modules/task-model/days.ts'
import { type Band, elapsedDays, positionIn } from '../../src/modules/task-model/stages.rules.ts'
import { couplePeople, day } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { enroll, journeyOf, must, programOf, shipped } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']

const band = (more: Partial<Band> = {}): Band => ({
  fromDays: 183,
  toDays: 244,
  measuredFrom: 'stage_entry',
  source: 'fictional',
  confidence: 'unsure',
  ...more,
})

t.test('where days stand beside what is typical', async t => {
  // 2024 is a leap year: from 2024-02-28 to 2024-03-01 are two days.
  const span = { enteredOn: '2024-02-28', until: '2024-03-01', journeyStartedOn: '2023-12-31' }
  t.equal(elapsedDays(span), 2)
  t.equal(positionIn(band({ fromDays: 2, toDays: 2 }), span), 'within_typical')
  t.equal(positionIn(band({ fromDays: 3, toDays: null }), span), 'before_typical')
  t.equal(positionIn(band({ fromDays: 0, toDays: 1 }), span), 'after_typical')
  t.equal(positionIn(band({ fromDays: 0, toDays: null }), span), 'within_typical')
  // 1 + 31 + 29 days from the last of December to the first of March.
  t.equal(
    positionIn(band({ fromDays: 61, toDays: 61, measuredFrom: 'journey_start' }), span),
    'within_typical',
  )
  fc.assert(
    fc.property(fc.nat(2_000), fc.nat(1_000), fc.nat(1_000), (days, fromDays, length) => {
      const from = new Date(Date.UTC(2025, 0, 1))
      const until = new Date(from.getTime() + days * 86_400_000).toISOString().slice(0, 10)
      const at = { enteredOn: '2025-01-01', until, journeyStartedOn: '2025-01-01' }
      const expected =
        days < fromDays ? 'before_typical' : days > fromDays + length ? 'after_typical' : 'within_typical'
      return (
        daysBetween(at.enteredOn, until) === days &&
        positionIn(band({ fromDays, toDays: fromDays + length }), at) === expected
      )
    }),
  )
})

t.test('stages', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const model = { programTemplateId: shipped.recoveryStages, templateNumber: 1 }
  const begin = async (body: Body = model) =>
    journeyOf(clinician, (await people.client('Jordan', [clinician])).chartId, body)
  const enter = (url: string, stageKey: string, enteredOn: string, more: Body = {}) =>
    clinician.post(`${url}/stages`, { stageKey, enteredOn, ...more })

  t.test(
    'stages are entered, overlap, are left, and stand beside what is typical without a judgment',
    async t => {
      const journey = await begin()
      const shock = await enter(journey.url, 'shock', day(-200), { note: 'As told in session.' })
      t.equal(shock.status, 201)
      t.match(shock.body, {
        key: 'shock',
        label: 'Shock',
        elapsedDays: 200,
        leftOn: null,
        note: 'As told in session.',
        typical: { fromDays: 183, toDays: 244, position: 'within_typical', confidence: 'published' },
      })
      t.ok(shock.body.typical.source)
      const grief = await enter(journey.url, 'grief', day(-10))
      t.match(grief.body, {
        elapsedDays: 10,
        typical: { position: 'before_typical', confidence: 'general_knowledge' },
      })
      const url = `${journey.url}/stages/${shock.body.id}`
      const early = await clinician.post(`${url}/departure`, { leftOn: day(-201) }, { ifMatch: 1 })
      t.equal(early.body.errors[0].pointer, '/leftOn')
      t.equal((await clinician.post(`${url}/departure`, { leftOn: day(1) }, { ifMatch: 1 })).status, 400)
      const left = await clinician.post(`${url}/departure`, { leftOn: day(-150) }, { ifMatch: 1 })
      t.match(left.body, { elapsedDays: 50, leftOn: day(-150), typical: { position: 'before_typical' } })
      t.equal(
        (await clinician.post(`${url}/departure`, { leftOn: day() }, { ifMatch: 2 })).body.code,
        'invalid-state',
      )
      t.same(
        (await journey.read()).stages.map((one: Body) => one.key),
        ['shock', 'grief'],
      )
    },
  )

  t.test('a stage lasts once at a time, and may come again', async t => {
    const journey = await begin()
    const twins = await Promise.all([1, 2].map(() => enter(journey.url, 'crisis', day(-9))))
    t.same(twins.map(({ status }) => status).sort(), [201, 409])
    const { id } = twins.find(({ status }) => status === 201)?.body ?? {}
    must(await clinician.post(`${journey.url}/stages/${id}/departure`, { leftOn: day(-5) }, { ifMatch: 1 }))
    t.equal((await enter(journey.url, 'crisis', day(-1))).status, 201)
    t.equal((await journey.read()).stages.length, 2)
  })

  t.test('what was recorded in error is withdrawn, and stays in the history', async t => {
    const journey = await begin()
    const { id } = must(await enter(journey.url, 'repair', day()))
    const url = `${journey.url}/stages/${id}/withdrawal`
    const replies = await Promise.all([1, 2].map(() => clinician.post(url, undefined, { ifMatch: 1 })))
    t.same(replies.map(({ status }) => status).sort(), [204, 404])
    const read = await journey.read()
    t.same(read.stages, [])
    t.same(
      read.changes.steps.filter((one: Body) => one.stageId === id).map((one: Body) => one.kind),
      ['withdrawn', 'entered'],
    )
    t.equal((await enter(journey.url, 'repair', day())).status, 201)
  })

  t.test('phases are measured from the first day of the journey', async t => {
    const phases = { programTemplateId: shipped.recoveryPhases, templateNumber: 1, startedOn: day(-200) }
    const journey = await begin(phases)
    const stability = must(await enter(journey.url, 'stability', day(-2)))
    t.match(stability, {
      elapsedDays: 2,
      typical: { measuredFrom: 'journey_start', position: 'within_typical' },
    })
  })

  t.test('a stage is one of the template, and a day that has been', async t => {
    const journey = await begin()
    t.equal((await enter(journey.url, 'denial', day())).body.code, 'unknown-reference')
    t.equal((await enter(journey.url, 'shock', day(1))).body.errors[0].pointer, '/enteredOn')
    const program = await practice.owner.post('/v1/program-templates', programOf('no-stages'))
    t.equal(program.status, 201)
    const partner = { programTemplateId: shipped.partnerStages, templateNumber: 1 }
    const { chartId } = await people.client('Robin', [clinician])
    const own = must(await enroll(clinician, chartId, partner))
    const entered = must(await enter(`/v1/charts/${chartId}/journeys/${own.id}`, 'shock', day(-30)))
    t.equal(entered.typical, null, 'no times were found, so none are told')
  })
})

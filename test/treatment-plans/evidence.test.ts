import { randomUUID } from 'node:crypto'
import t from 'tap'
import { portalCaller } from '../support/portal.ts'
import { day } from '../support/recovery.ts'
import { createRecordGround } from '../support/recovery-records.ts'
import { headerFor, signedNote, startNote, step as stepNote } from '../support/session-notes.ts'
import { journeyOf, must, publishedTemplate, signedOff } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'
import { activePlan, objective, readPlan } from '../support/treatment-plans.ts'

const none = {
  tasks: { applicable: 0, signedOff: 0, statuses: [] },
  behaviors: [],
  notes: { count: 0, lastOn: null, ratings: [] },
}

t.test('what tasks, behaviors and notes say of an objective', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { practice, clinician, supervisor, clientId, chartId, behaviorId, made } = ground
  const template = await publishedTemplate(practice.owner)
  const journey = await journeyOf(clinician, chartId, { ...template, startedOn: day(-30) })
  const plan = await activePlan(
    clinician,
    { id: clientId, chartId },
    {
      objectives: [
        objective('o1', {
          taskKeys: ['safe_place', 'giving_back', 'early_signs'],
          behaviorIds: [behaviorId],
        }),
        objective('o2', { taskKeys: ['safe_place'] }),
      ],
    },
  )
  const evidence = async (by = clinician) =>
    (await readPlan(by, plan)).body.progress.map((one: { evidence: unknown }) => one.evidence)

  t.test('tasks are counted by their status, signed off of how many apply', async t => {
    const [before, other] = await evidence()
    t.same(before.tasks, { applicable: 3, signedOff: 0, statuses: [{ status: 'not_started', count: 3 }] })
    t.same(other.tasks.applicable, 1)
    must(await signedOff(journey, 'giving_back'))
    must(await journey.step('safe_place', 'status-changes', { to: 'in_progress' }))
    must(await journey.step('early_signs', 'status-changes', { to: 'not_applicable', note: 'x' }))
    const [now] = await evidence()
    t.same(now.tasks, {
      applicable: 2,
      signedOff: 1,
      statuses: [
        { status: 'in_progress', count: 1 },
        { status: 'signed_off', count: 1 },
        { status: 'not_applicable', count: 1 },
      ],
    })
  })

  t.test('a task of a journey that was begun again counts once, as it stands now', async t => {
    const { version } = await journey.read()
    must(await clinician.post(`${journey.url}/status-changes`, { to: 'transferred' }, { ifMatch: version }))
    await journeyOf(clinician, chartId, template)
    t.same((await evidence())[0].tasks, {
      applicable: 3,
      signedOff: 0,
      statuses: [{ status: 'not_started', count: 3 }],
    })
  })

  t.test('a behavior is held against its baseline and its last days, for the care team alone', async t => {
    const goal = await made('harm_reduction_goal', { behaviorId, occurredOn: day(-60) })
    await ground.step(goal, { status: 'active' })
    for (const back of [1, 8, 15, 22])
      await made('harm_reduction_entry', {
        relatedRecordId: goal.id,
        occurredOn: day(-back),
        content: { events: 2, risk: 1 },
      })
    await made('harm_reduction_entry', { relatedRecordId: goal.id, occurredOn: day(-40) })
    const addiction = must(
      await clinician.post(
        `/v1/charts/${chartId}/addictions`,
        { type: 'pornography' },
        { key: randomUUID() },
      ),
    )
    for (const back of [3, 3, 28, 56])
      must(
        await clinician.post(
          `/v1/charts/${chartId}/lapses`,
          {
            addictionId: addiction.id,
            occurredOn: day(-back),
            severity: 'lapse',
            circle: 'inner',
            behaviorIds: [behaviorId],
          },
          { key: randomUUID() },
        ),
      )
    const [{ behaviors }] = await evidence()
    t.same(behaviors, [
      {
        behaviorId,
        lapseDaysLast28Days: 1,
        lapseDaysPrevious28Days: 1,
        harmReduction: [
          {
            recordId: goal.id,
            days: 28,
            baselinePerWeek: 8,
            targetPerWeek: 2,
            eventsPerWeek: 2,
            reductionPercent: 75,
            baselineRiskPerWeek: 24,
            riskPerWeek: 2,
            atTarget: true,
          },
        ],
      },
    ])
    const seen = await evidence(supervisor)
    t.same(seen[0].behaviors, [])
    t.notMatch(JSON.stringify(seen), new RegExp(`${behaviorId}|${goal.id}`))
  })

  t.test('signed notes that name it count, with their ratings; drafts and errors never do', async t => {
    const header = await headerFor(clinician, chartId)
    const about = (sessionDate: string, progress: string | null, ...keys: string[]) => ({
      sessionDate,
      startedAt: null,
      endedAt: null,
      header: {
        ...header,
        ...(progress && { progress }),
        objectives: keys.map(objectiveKey => ({ planId: plan.id, objectiveKey })),
      },
    })
    t.same((await evidence())[1].notes, none.notes)
    must(await signedNote(clinician, chartId, about(day(-20), 'regressed', 'o2')))
    must(await signedNote(clinician, chartId, about(day(-10), 'some', 'o2')))
    must(await signedNote(clinician, chartId, about(day(-12), 'some', 'o2')))
    must(await signedNote(clinician, chartId, about(day(-5), null, 'o2')))
    const wrong = must(await signedNote(clinician, chartId, about(day(-1), 'substantial', 'o2')))
    must(await stepNote(clinician, wrong.id, 'entered-in-error', wrong.version, { reason: 'x' }))
    must(await startNote(clinician, chartId, about(day(), 'substantial', 'o2')))
    const [first, second] = await evidence()
    t.same(first.notes, none.notes, 'another objective is not touched')
    t.same(second.notes, {
      count: 4,
      lastOn: day(-5),
      ratings: [
        { rating: 'some', count: 2, lastOn: day(-10) },
        { rating: 'regressed', count: 1, lastOn: day(-20) },
      ],
    })
  })

  t.test('the portal shows nothing of it', async t => {
    const portal = await portalCaller(practice, clientId)
    const { body } = await portal.get(`/v1/portal/treatment-plans/${plan.id}`)
    t.notMatch(JSON.stringify(body), /evidence|regressed/)
  })
})

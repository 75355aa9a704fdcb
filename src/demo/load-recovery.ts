import { Temporal } from 'temporal-polyfill'
import { answered, type DemoApi, once, onceIfStill } from './demo-api.ts'
import type { DemoData, DemoRecovery } from './demo-data.ts'
import type { LoadedCare } from './load-care.ts'
import { type LoadedPractice, person } from './load-practice.ts'

/** Whose work it is, in which chart, and what day it was so many days ago. */
interface Work {
  clinician: DemoApi
  chartId: string
  ago(days: number): string
}

/** What some of the demo's clients work on, as their clinicians write it down. */
export async function loadRecovery(
  practice: LoadedPractice,
  care: LoadedCare,
  data: DemoData,
): Promise<void> {
  const today = Temporal.Now.plainDateISO(practice.timeZone)
  for (const told of data.recovery) {
    const clinician = person(practice, told.clinician)
    const chartId = await chartOf(clinician, care.clientIds[told.client] ?? '')
    const work = { clinician, chartId, ago: (days: number) => today.subtract({ days }).toString() }
    const addictionId = await loadSobriety(work, told)
    await loadContainment(work, told)
    await loadCheckIns(work, told, addictionId)
    await loadTasks(work, told)
    await loadAssessment(work, told)
  }
}

async function chartOf({ client }: DemoApi, clientId: string): Promise<string> {
  const query = { clientId, kind: 'individual' as const }
  const { data } = await answered(client.GET('/v1/charts', { params: { query } }))
  if (!data[0]) throw new Error('The demo found no chart of a client')
  return data[0].id
}

async function loadSobriety(
  { clinician: { client }, chartId, ago }: Work,
  told: DemoRecovery,
): Promise<string> {
  const path = { chartId }
  const { philosophy, addiction } = told
  await answered(
    client.PUT('/v1/charts/{chartId}/philosophy', {
      params: { path },
      body: { philosophy, agreedBy: 'both', startsOn: ago(addiction.daysAgo) },
    }),
  )
  const { type, ownWord, circles } = addiction
  const made = await answered(
    client.POST('/v1/charts/{chartId}/addictions', {
      params: { path, ...once() },
      body: { type, ownWord, isPrimary: true, inCheckIns: true, soberSince: ago(addiction.daysAgo) },
    }),
  )
  await answered(
    client.POST('/v1/charts/{chartId}/sobriety-definitions', {
      params: { path, ...once() },
      body: { addictionId: made.id, afterNumber: 0, effectiveFrom: ago(addiction.daysAgo), items: circles },
    }),
  )
  return made.id
}

async function loadContainment(
  { clinician: { client }, chartId, ago }: Work,
  told: DemoRecovery,
): Promise<void> {
  const path = { chartId }
  const plan = await answered(
    client.POST('/v1/charts/{chartId}/recovery-records', {
      params: { path, ...once() },
      body: { kind: 'containment_plan', occurredOn: ago(20), content: told.containment },
    }),
  )
  await answered(
    client.POST('/v1/charts/{chartId}/recovery-records/{recordId}/status-changes', {
      params: { path: { ...path, recordId: plan.id }, ...onceIfStill(plan) },
      body: { status: 'active', effectiveOn: ago(20) },
    }),
  )
}

async function loadCheckIns(
  { clinician: { client }, chartId, ago }: Work,
  { checkIns }: DemoRecovery,
  addictionId: string,
): Promise<void> {
  for (const { daysAgo, mood, urge } of checkIns) {
    const about = { addictionId, urge, innerCircle: false, middleCircle: false, outerCircle: true }
    await answered(
      client.POST('/v1/charts/{chartId}/check-ins', {
        params: { path: { chartId }, ...once() },
        body: { kind: 'daily', coversOn: ago(daysAgo), mood, addictions: [about] },
      }),
    )
  }
}

async function loadTasks(
  { clinician: { client }, chartId, ago }: Work,
  { program }: DemoRecovery,
): Promise<void> {
  const templates = await answered(client.GET('/v1/program-templates', { params: { query: { limit: 200 } } }))
  const template = templates.data.find(({ key }) => key === program.key)
  if (!template) throw new Error(`The demo found no program ${program.key}`)
  const journey = await answered(
    client.POST('/v1/charts/{chartId}/journeys', {
      params: { path: { chartId }, ...once() },
      body: {
        programTemplateId: template.id,
        templateNumber: 1,
        startedOn: ago(program.daysAgo),
        releasedToClient: true,
      },
    }),
  )
  const path = { chartId, journeyId: journey.id }
  const { tasks } = await answered(
    client.GET('/v1/charts/{chartId}/journeys/{journeyId}', { params: { path } }),
  )
  for (const task of tasks.filter(({ key }) => program.begun.includes(key)))
    await answered(
      client.POST('/v1/charts/{chartId}/journeys/{journeyId}/tasks/{taskId}/status-changes', {
        params: { path: { ...path, taskId: task.id }, ...onceIfStill(task) },
        body: { to: 'in_progress' },
      }),
    )
}

async function loadAssessment(
  { clinician: { client }, chartId }: Work,
  { assessment }: DemoRecovery,
): Promise<void> {
  const assigned = await answered(
    client.POST('/v1/charts/{chartId}/assessment-assignments', {
      params: { path: { chartId }, ...once() },
      body: { instrumentKey: assessment.instrument },
    }),
  )
  const answers = Object.fromEntries(assessment.answers.map((value, index) => [String(index + 1), value]))
  await answered(
    client.POST('/v1/charts/{chartId}/assessment-assignments/{assessmentId}/completion', {
      params: { path: { chartId, assessmentId: assigned.id }, ...onceIfStill(assigned) },
      body: { answers },
    }),
  )
}

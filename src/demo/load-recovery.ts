import { answered, type DemoApi, once, onceIfStill } from './demo-api.ts'
import type { DemoRecovery } from './demo-clinical.ts'
import type { DemoData } from './demo-data.ts'
import { idOf, type LoadedCare } from './load-care.ts'
import { loadPlan } from './load-plans.ts'
import { type LoadedPractice, person } from './load-practice.ts'
import { loadProgramWork, loadStages } from './load-program-work.ts'

/** Whose work it is, in which chart, and what day it was so many days ago. */
export interface Work {
  clinician: DemoApi
  clientId: string
  chartId: string
  ago(days: number): string
}

/** What some of the demo's clients work on, as their clinicians write it down. */
export async function loadRecovery(
  practice: LoadedPractice,
  care: LoadedCare,
  data: DemoData,
): Promise<void> {
  const workOf = async (told: { client: string; clinician: string }): Promise<Work> => {
    const clinician = person(practice, told.clinician)
    const clientId = idOf(care, told.client)
    return { clinician, clientId, chartId: await chartOf(clinician, clientId), ago: practice.days.ago }
  }
  for (const told of data.recovery) {
    const work = await workOf(told)
    const addictionId = await loadSobriety(work, told)
    await loadContainment(work, told)
    await loadCheckIns(work, told, addictionId)
    if (told.contract) await loadContract(work, told.contract)
    if (told.harmReduction) await loadHarmReduction(work, told.harmReduction, addictionId)
    if (told.lapse) await loadLapse(work, told.lapse, addictionId)
    await loadProgramWork(work, told.program)
    for (const assessment of told.assessments) await loadAssessment(work, assessment)
    await loadPlan(work, told.plan)
  }
  for (const told of data.stages) await loadStages(await workOf(told), told)
}

async function chartOf({ client }: DemoApi, clientId: string): Promise<string> {
  const query = { clientId, kind: 'individual' as const }
  const { data } = await answered(client.GET('/v1/charts', { params: { query } }))
  if (!data[0]) throw new Error('The demo found no chart of a client')
  return data[0].id
}

async function loadSobriety(
  { clinician: { client }, chartId, ago }: Work,
  { philosophy, addiction }: DemoRecovery,
): Promise<string> {
  const path = { chartId }
  await answered(
    client.PUT('/v1/charts/{chartId}/philosophy', {
      params: { path },
      body: { philosophy, agreedBy: 'both', startsOn: ago(addiction.daysAgo) },
    }),
  )
  const { daysAgo, circles, ...named } = addiction
  const made = await answered(
    client.POST('/v1/charts/{chartId}/addictions', {
      params: { path, ...once() },
      body: { ...named, isPrimary: true, inCheckIns: true, soberSince: ago(daysAgo) },
    }),
  )
  await answered(
    client.POST('/v1/charts/{chartId}/sobriety-definitions', {
      params: { path, ...once() },
      body: { addictionId: made.id, afterNumber: 0, effectiveFrom: ago(daysAgo), items: circles },
    }),
  )
  return made.id
}

async function loadContainment(
  { clinician: { client }, chartId, ago }: Work,
  { containment }: DemoRecovery,
): Promise<void> {
  const path = { chartId }
  const plan = await answered(
    client.POST('/v1/charts/{chartId}/recovery-records', {
      params: { path, ...once() },
      body: { kind: 'containment_plan', occurredOn: ago(20), content: containment },
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
  for (const { daysAgo, mood, urge, middle = false } of checkIns) {
    const about = { addictionId, urge, innerCircle: false, middleCircle: middle, outerCircle: true }
    await answered(
      client.POST('/v1/charts/{chartId}/check-ins', {
        params: { path: { chartId }, ...once() },
        body: { kind: 'daily', coversOn: ago(daysAgo), mood, addictions: [about] },
      }),
    )
  }
}

async function loadContract(
  { clinician: { client }, chartId, ago }: Work,
  { daysAgo, ...terms }: NonNullable<DemoRecovery['contract']>,
): Promise<void> {
  const path = { chartId }
  let contract = await answered(
    client.POST('/v1/charts/{chartId}/abstinence-contracts', {
      params: { path, ...once() },
      body: { ...terms, partnerSex: 'not_allowed', proposedOn: ago(daysAgo) },
    }),
  )
  for (const step of ['agreed', 'started'] as const) {
    contract = await answered(
      client.POST('/v1/charts/{chartId}/abstinence-contracts/{contractId}/steps', {
        params: { path: { ...path, contractId: contract.id }, ...onceIfStill(contract) },
        body: { step, effectiveOn: ago(daysAgo) },
      }),
    )
  }
}

async function loadHarmReduction(
  { clinician: { client }, chartId, ago }: Work,
  { entries, ...content }: NonNullable<DemoRecovery['harmReduction']>,
  addictionId: string,
): Promise<void> {
  const path = { chartId }
  const daysAgo = Math.max(...entries.map(entry => entry.daysAgo))
  const goal = await answered(
    client.POST('/v1/charts/{chartId}/recovery-records', {
      params: { path, ...once() },
      body: { kind: 'harm_reduction_goal', occurredOn: ago(daysAgo), addictionId, content },
    }),
  )
  for (const { daysAgo: days, ...entry } of entries) {
    await answered(
      client.POST('/v1/charts/{chartId}/recovery-records', {
        params: { path, ...once() },
        body: {
          kind: 'harm_reduction_entry',
          occurredOn: ago(days),
          relatedRecordId: goal.id,
          content: entry,
        },
      }),
    )
  }
}

async function loadLapse(
  { clinician: { client }, chartId, ago }: Work,
  { daysAgo, ...lapse }: NonNullable<DemoRecovery['lapse']>,
  addictionId: string,
): Promise<void> {
  await answered(
    client.POST('/v1/charts/{chartId}/lapses', {
      params: { path: { chartId }, ...once() },
      body: { ...lapse, addictionId, occurredOn: ago(daysAgo) },
    }),
  )
}

async function loadAssessment(
  { clinician: { client }, chartId }: Work,
  { instrument, answers }: DemoRecovery['assessments'][number],
): Promise<void> {
  const assigned = await answered(
    client.POST('/v1/charts/{chartId}/assessment-assignments', {
      params: { path: { chartId }, ...once() },
      body: { instrumentKey: instrument },
    }),
  )
  const byItem = Object.fromEntries(answers.map((value, index) => [String(index + 1), value]))
  await answered(
    client.POST('/v1/charts/{chartId}/assessment-assignments/{assessmentId}/completion', {
      params: { path: { chartId, assessmentId: assigned.id }, ...onceIfStill(assigned) },
      body: { answers: byItem },
    }),
  )
}

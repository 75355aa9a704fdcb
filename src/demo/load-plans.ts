import { answered, once, onceIfStill } from './demo-api.ts'
import type { DemoPlan } from './demo-clinical.ts'
import type { Work } from './load-recovery.ts'

/** A treatment plan that is offered to the client and, where the demo says so, signed by both and worked on. */
export async function loadPlan(work: Work, told: DemoPlan): Promise<void> {
  const { clinician, chartId, clientId, ago } = work
  const { client } = clinician
  const draft = await answered(
    client.POST('/v1/charts/{chartId}/treatment-plans', {
      params: { path: { chartId }, ...once() },
      body: contentOf(work, told),
    }),
  )
  const path = { chartId, planId: draft.id }
  const offered = await answered(
    client.POST('/v1/charts/{chartId}/treatment-plans/{planId}/offer', {
      params: { path, ...onceIfStill(draft) },
    }),
  )
  if (!told.signed) return
  const agreed = await answered(
    client.POST('/v1/charts/{chartId}/treatment-plans/{planId}/client-signatures', {
      params: { path, ...onceIfStill(offered) },
      body: {
        clientId,
        method: 'wet_ink',
        signedAt: new Date().toISOString(),
        contentHash: offered.contentHash ?? '',
      },
    }),
  )
  await answered(
    client.POST('/v1/charts/{chartId}/treatment-plans/{planId}/signature', {
      params: { path, ...onceIfStill(agreed) },
    }),
  )
  for (const { objective, daysAgo, value } of told.progress) {
    await answered(
      client.POST('/v1/charts/{chartId}/treatment-plans/{planId}/objectives/{objectiveKey}/progress', {
        params: { path: { ...path, objectiveKey: objective }, ...once() },
        body: { occurredOn: ago(daysAgo), value, standing: 'in_progress', note: null },
      }),
    )
  }
}

/** One problem, one goal of the client's, and what is done each week for its objectives. */
function contentOf({ ago }: Work, told: DemoPlan) {
  const { clientWords, strengths, problem, goal, diagnosis, objectives, daysAgo } = told
  return {
    startsOn: ago(daysAgo),
    summary: null,
    clientWords,
    strengths,
    levelOfCare: 'outpatient' as const,
    team: [{ key: 't1', role: 'therapist' as const, name: null }],
    problems: [{ key: 'p1', clientId: null, title: problem, description: null }],
    goals: [{ key: 'g1', clientId: null, problemKeys: ['p1'], text: goal, author: 'client' as const }],
    objectives: objectives.map(({ unit, ...objective }) => ({
      ...objective,
      goalKey: 'g1',
      measure: { kind: 'count' as const, unit, instrumentKey: null, scaleKey: null },
      dueOn: ago(-60),
      taskKeys: [],
      blockIds: [],
      behaviorIds: [],
    })),
    interventions: [
      {
        key: 'i1',
        objectiveKeys: objectives.map(({ key }) => key),
        phase: 'containment' as const,
        modality: 'cognitive_behavioral' as const,
        who: 'clinician' as const,
        frequency: { times: 1, per: 'week' as const },
        description: null,
      },
    ],
    phaseOverrideReason: null,
    diagnoses: diagnosis ? [{ key: 'd1', clientId: null, ...diagnosis, principal: true, note: null }] : [],
  }
}

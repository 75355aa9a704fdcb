import { clientSignature, planDraft } from '../treatment-plans.ts'
import type { World } from '../world.ts'
import { ifStill, makeClient, makeTeam } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import { makeRecord } from './recovery-records.ts'
import type { Prepared } from './requests.ts'

/** Makers of treatment plans. Each makes something fresh, through the API. */

type State = 'draft' | 'offered' | 'active'

interface Subject {
  id: string
  chartId: string
}

export async function makePlan(ground: Ground, { id, chartId }: Subject, state: State) {
  const { clinician } = ground.callers
  const base = `/v1/charts/${chartId}/treatment-plans`
  let plan = await make(clinician, base, planDraft())
  const url = `${base}/${plan.id}`
  if (state !== 'draft') plan = await make(clinician, `${url}/offer`, undefined, ifStill(plan))
  const { contentHash } = plan
  if (state === 'active') {
    plan = await make(clinician, `${url}/client-signatures`, clientSignature(plan, id), ifStill(plan))
    plan = await make(clinician, `${url}/signature`, undefined, ifStill(plan))
  }
  return { chartId, planId: String(plan.id), version: Number(plan.version), contentHash, url }
}

/** A plan of the world's chart that is under review, with what belongs to one, and another one in writing. */
export async function planIds(ground: Ground, ids: Readonly<Record<string, string>>) {
  const { clinician } = ground.callers
  const { clientId = '', chartId = '', behaviorId = '' } = ids
  const { planId, url, version } = await makePlan(ground, { id: clientId, chartId }, 'active')
  const noted = { occurredOn: '2026-01-20', value: 3, standing: null, note: null }
  await make(clinician, `${url}/objectives/o1/progress`, noted)
  const entry = await make(clinician, `${url}/objectives/o1/progress`, noted)
  const review = { reviewedOn: '2026-11-20', outcome: 'continue', summary: 'Fine (fictional).' }
  await make(clinician, `${url}/reviews`, review, { ifMatch: version })
  await make(clinician, `${url}/reviews`, { ...review, outcome: 'revise' }, { ifMatch: version + 1 })
  await makePlan(ground, { id: clientId, chartId }, 'draft')
  return {
    planId,
    objectiveKey: 'o1',
    replacesProgressId: String(entry.id),
    blockIds: await makeRecord(ground, chartId, 'block'),
    behaviorIds: behaviorId,
  }
}

const fresh =
  (state: State) =>
  async (world: World): Promise<Prepared> => {
    const { chartId, planId, version } = await makePlan(world, await makeClient(world), state)
    return { params: { chartId, planId }, version }
  }

export const planPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  startTreatmentPlan: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  saveTreatmentPlanDraft: fresh('draft'),
  offerTreatmentPlan: fresh('draft'),
  withdrawTreatmentPlanOffer: fresh('offered'),
  closeTreatmentPlan: fresh('draft'),
  signTreatmentPlan: fresh('offered'),
  reviewTreatmentPlan: fresh('active'),
  recordObjectiveProgress: fresh('active'),
  recordTreatmentPlanClientSignature: async world => {
    const client = await makeClient(world)
    const { chartId, planId, version, contentHash } = await makePlan(world, client, 'offered')
    return { params: { chartId, planId }, version, body: { clientId: client.id, contentHash } }
  },
  cosignTreatmentPlan: waitingForSupervisor,
  returnTreatmentPlan: waitingForSupervisor,
  listTreatmentPlanRevisions: async world => {
    const { clinician } = world.callers
    const { chartId, planId, url, version } = await makePlan(world, await makeClient(world), 'offered')
    const back = await make(clinician, `${url}/withdrawal`, { reason: 'Anew.' }, { ifMatch: version })
    await make(clinician, `${url}/offer`, undefined, ifStill(back))
    return { params: { chartId, planId } }
  },
  listOpenTreatmentPlans: () => ({ query: { status: undefined, reviewDueBefore: undefined } }),
  importDiagnosisCodes: ({ number }) => ({
    body: {
      codes: [
        {
          code: `Z99.${String(number() % 10_000).padStart(4, '0')}`,
          label: 'A label',
          validFrom: '2020-10-01',
        },
      ],
    },
  }),
  listOwnTreatmentPlans: async world => {
    const client = await portalClient(world)
    await endOwnOffers(world, client)
    await makePlan(world, client, 'active')
    await makePlan(world, client, 'offered')
    return {}
  },
  getOwnTreatmentPlan: async world => {
    const { data } = await read(world.callers.portal, '/v1/portal/treatment-plans?limit=1')
    const [given] = data
    return { params: { planId: given ? String(given.id) : await ownPlan(world) } }
  },
  signOwnTreatmentPlan: async world => {
    const client = await portalClient(world)
    await endOwnOffers(world, client)
    const { planId, version, contentHash } = await makePlan(world, client, 'offered')
    return { params: { planId }, version, body: { contentHash } }
  },
}

/** The client at the portal, with their chart. */
async function portalClient({ callers: { owner, portal } }: World): Promise<Subject> {
  const charts = await read(owner, `/v1/charts?clientId=${portal.actorId}&kind=individual`)
  return { id: portal.actorId, chartId: String(charts.data[0].id) }
}

async function ownPlan(world: World): Promise<string> {
  const client = await portalClient(world)
  await endOwnOffers(world, client)
  return (await makePlan(world, client, 'active')).planId
}

/** One plan of a chart is on its way at a time. */
async function endOwnOffers({ callers: { clinician } }: World, { chartId }: Subject): Promise<void> {
  const base = `/v1/charts/${chartId}/treatment-plans`
  for (const plan of (await read(clinician, base)).data) {
    if (plan.inForceRevision !== null || !['draft', 'client_review'].includes(plan.status)) continue
    const body = { reasonCode: 'completed', summary: null }
    await make(clinician, `${base}/${plan.id}/closure`, body, ifStill(plan))
  }
}

/** What an associate signed, for the supervisor. */
async function waitingForSupervisor(world: World): Promise<Prepared> {
  const { associate, supervisor } = world.callers
  const { chartId } = await makeTeam(world)
  const base = `/v1/charts/${chartId}/treatment-plans`
  const plan = await make(associate, base, planDraft())
  const offered = await make(associate, `${base}/${plan.id}/offer`, undefined, ifStill(plan))
  const signed = await make(associate, `${base}/${plan.id}/signature`, undefined, ifStill(offered))
  return { by: supervisor, params: { chartId, planId: String(plan.id) }, version: signed.version }
}

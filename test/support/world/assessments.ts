import { randomBytes } from 'node:crypto'
import { exampleDefinition } from '../../../src/modules/assessments/definitions.schemas.ts'
import type { World } from '../world.ts'
import { ifStill, makeClient, makeCouple } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Prepared } from './requests.ts'

/** Makers of instruments and assessments. Each makes something fresh, through the API. */

const right = { basis: 'own_work', statement: 'Written by the practice (fictional).' }

const questionnaire = {
  resourceType: 'Questionnaire',
  item: [
    { linkId: '1', text: 'I felt calm (fictional).' },
    { linkId: '2', text: 'I felt restless (fictional).' },
  ],
}

/** Keys differ between practices: another one's names nothing here. */
async function makeInstrument({ callers: { owner } }: Ground, status: 'draft' | 'published') {
  const key = `check-${randomBytes(5).toString('hex')}`
  const draft = await make(owner, '/v1/instruments', { key, definition: exampleDefinition })
  if (status === 'published')
    await make(owner, `/v1/instruments/${key}/publication`, undefined, ifStill(draft))
  return key
}

const makeText = async ({ callers: { owner } }: Ground, key: string) =>
  String((await make(owner, `/v1/instruments/${key}/texts`, { questionnaire, right })).id)

const makeRule = async ({ callers: { owner }, number }: Ground) =>
  String(
    (
      await make(owner, '/v1/assessment-alert-rules', {
        instrumentKey: 'phq-9',
        scale: 'total',
        atLeast: 1_000 + number(),
        severity: 'info',
      })
    ).id,
  )

const long = { dueOn: '2026-01-02' }

/** An assessment that has been waited for a long time. */
async function makeAssessment(
  { callers: { clinician } }: Ground,
  chartId: string,
  { instrumentKey = 'phq-9', ...more }: Record<string, unknown> = {},
) {
  const body = { instrumentKey, ...long, ...more }
  const { id, version } = await make(clinician, `/v1/charts/${chartId}/assessment-assignments`, body)
  return { chartId, assessmentId: String(id), version: Number(version) }
}

async function makeCompleted(ground: Ground) {
  const { chartId } = await makeClient(ground)
  const made = await makeAssessment(ground, chartId)
  const url = `/v1/charts/${chartId}/assessment-assignments/${made.assessmentId}/completion`
  await make(ground.callers.clinician, url, { answers: { '1': 1, '2': 1, '3': 1 } }, ifStill(made))
  return { chartId, assessmentId: made.assessmentId }
}

const riskContent = {
  occasion: 'review',
  acute: 'low',
  chronic: 'low',
  nextReviewOn: null,
  ideation: 'none',
  intent: 'none',
  meansAccess: 'not_assessed',
  history: null,
  warningSigns: null,
  protectiveFactors: null,
  formulation: 'Calm for weeks (fictional).',
  actions: ['none'],
  consulted: null,
}

async function makeRisk({ callers: { clinician } }: Ground, chartId: string, signed = false) {
  const url = `/v1/charts/${chartId}/risk-assessments`
  const risk = await make(clinician, url, riskContent)
  if (signed) await make(clinician, `${url}/${risk.id}/signature`, undefined, ifStill(risk))
  return { chartId, riskAssessmentId: String(risk.id) }
}

async function makePlan({ callers: { clinician } }: Ground, chartId: string, next?: 'release' | 'ending') {
  const url = `/v1/charts/${chartId}/safety-plans`
  const sections = [{ key: 'own_coping', entries: ['Walk to the harbor (fictional).'] }]
  const plan = await make(clinician, url, { sections })
  if (next) await make(clinician, `${url}/${plan.id}/${next}`, undefined, ifStill(plan))
  return { chartId, safetyPlanId: String(plan.id) }
}

async function makeConsent({ callers: { clinician } }: Ground, chartId: string, clientId: string) {
  const body = { clientId, instrumentKey: 'csi-16', method: 'in_person', givenOn: '2026-01-02' }
  return String((await make(clinician, `/v1/charts/${chartId}/score-sharing-consents`, body)).id)
}

async function makePsychosocial(
  { callers: { clinician } }: Ground,
  chartId: string,
  { kind = 'intake', status = 'draft' }: { kind?: string; status?: 'draft' | 'written' | 'signed' } = {},
) {
  const url = `/v1/charts/${chartId}/psychosocial-assessments`
  const made = await make(clinician, url, { kind })
  const path = `${url}/${made.id}`
  const section = { text: 'As told (fictional).', sources: ['self'] }
  const sections = { presenting_problem: section, formulation: section }
  if (status !== 'draft')
    await make(clinician, `${path}/sections`, { sections }, { ...ifStill(made), method: 'patch' })
  if (status === 'signed')
    await make(clinician, `${path}/signature`, undefined, { ifMatch: made.version + 1 })
  return { chartId, psychosocialId: String(made.id) }
}

/** Something of everything this module knows, in a chart and in a couple's. */
export async function assessmentIds(
  ground: Ground,
  ids: { chartId: string; coupleId: string; leavingClientIds: string },
) {
  const { chartId } = ids
  const instrumentKey = await makeInstrument(ground, 'published')
  await makeRule(ground)
  await makeAssessment(ground, chartId)
  await makeRisk(ground, chartId)
  await makePlan(ground, chartId, 'ending')
  await makePsychosocial(ground, chartId, { kind: 'update' })
  const couple = await read(ground.callers.owner, `/v1/couples/${ids.coupleId}`)
  return {
    instrumentKey,
    textId: await makeText(ground, instrumentKey),
    alertRuleId: await makeRule(ground),
    assessmentId: (await makeAssessment(ground, chartId)).assessmentId,
    riskAssessmentId: (await makeRisk(ground, chartId)).riskAssessmentId,
    safetyPlanId: (await makePlan(ground, chartId)).safetyPlanId,
    psychosocialId: (await makePsychosocial(ground, chartId)).psychosocialId,
    sharingConsentId: await makeConsent(ground, String(couple.chartId), ids.leavingClientIds),
  }
}

type Preparation = (world: World) => Promise<Prepared> | Prepared

const instrument =
  (status: 'draft' | 'published'): Preparation =>
  async world => ({ params: { instrumentKey: await makeInstrument(world, status) } })

const waiting: Preparation = async world => {
  const { chartId, assessmentId } = await makeAssessment(world, (await makeClient(world)).chartId)
  return { params: { chartId, assessmentId } }
}

const done: Preparation = async world => ({ params: await makeCompleted(world) })

const risk =
  (signed = false): Preparation =>
  async world => ({ params: await makeRisk(world, (await makeClient(world)).chartId, signed) })

const psychosocial =
  (status: 'draft' | 'written' | 'signed'): Preparation =>
  async world => ({ params: await makePsychosocial(world, (await makeClient(world)).chartId, { status }) })

const plan: Preparation = async world => ({
  params: await makePlan(world, (await makeClient(world)).chartId),
})

/** An assessment of the client at the portal, in the chart that is theirs. */
async function makeOwn(world: World) {
  return makeAssessment(world, await ownChartId(world))
}

async function ownChartId({ callers: { owner, portal } }: World) {
  return String((await read(owner, `/v1/charts?clientId=${portal.actorId}&kind=individual`)).data[0].id)
}

const own: Preparation = async world => ({ params: { assessmentId: (await makeOwn(world)).assessmentId } })

export const assessmentPreparations: Readonly<Record<string, Preparation>> = {
  draftInstrument: () => ({ body: { key: `check-${randomBytes(5).toString('hex')}` } }),
  changeInstrumentDraft: instrument('draft'),
  publishInstrument: instrument('draft'),
  retireInstrument: instrument('published'),
  importInstrumentText: instrument('published'),
  withdrawInstrumentText: async world => {
    const instrumentKey = await makeInstrument(world, 'published')
    return { params: { instrumentKey, textId: await makeText(world, instrumentKey) } }
  },
  endAssessmentAlertRule: async world => ({ params: { alertRuleId: await makeRule(world) } }),

  listAssessments: async world => {
    const { chartId, clientIds } = await makeCouple(world)
    const clientId = clientIds[0]
    await makeAssessment(world, chartId, { clientId })
    await makeAssessment(world, chartId, { clientId })
    return { params: { chartId }, query: { clientId, status: 'assigned' } }
  },
  assignAssessment: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  changeAssessmentDays: waiting,
  saveAssessmentAnswers: waiting,
  completeAssessment: waiting,
  reviewAssessment: done,
  releaseAssessment: done,
  voidAssessment: waiting,
  getScoreTrend: async world => {
    const { chartId, clientIds } = await makeCouple(world)
    const query = { instrument: 'ecr-rs', target: 'partner', clientId: clientIds[0] }
    return { params: { chartId }, query }
  },
  getPairedScores: async world => {
    const { chartId, clientIds } = await makeCouple(world)
    for (const clientId of clientIds) await makeConsent(world, chartId, clientId)
    return { params: { chartId }, query: { instrument: 'csi-16' } }
  },
  listScoreSharingConsents: async world => {
    const { chartId, clientIds } = await makeCouple(world)
    for (const clientId of clientIds) await makeConsent(world, chartId, clientId)
    return { params: { chartId }, query: { instrument: 'csi-16' } }
  },
  giveScoreSharingConsent: async world => {
    const { chartId, clientIds } = await makeCouple(world)
    return { params: { chartId }, body: { clientId: clientIds[0], givenOn: '2026-01-02' } }
  },
  withdrawScoreSharingConsent: async world => {
    const { chartId, clientIds } = await makeCouple(world)
    const sharingConsentId = await makeConsent(world, chartId, clientIds[0])
    return { params: { chartId, sharingConsentId }, version: 1 }
  },

  beginPsychosocialAssessment: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  savePsychosocialSections: psychosocial('draft'),
  signPsychosocialAssessment: psychosocial('written'),
  addPsychosocialAddendum: psychosocial('signed'),

  assessRisk: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  reviseRiskAssessment: risk(),
  signRiskAssessment: risk(),
  changeRiskStatus: risk(true),
  makeSafetyPlan: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  reviseSafetyPlan: plan,
  reviewSafetyPlan: plan,
  releaseSafetyPlan: plan,
  endSafetyPlan: plan,
  getOwnSafetyPlan: async world => {
    const chartId = await ownChartId(world)
    const { data } = await read(world.callers.clinician, `/v1/charts/${chartId}/safety-plans`)
    if (data.length === 0) await makePlan(world, chartId, 'release')
    return {}
  },

  listOwnAssessments: async world => {
    await makeOwn(world)
    await makeOwn(world)
    return { query: { status: 'assigned' } }
  },
  getOwnAssessment: own,
  saveOwnAnswers: own,
  completeOwnAssessment: own,
}

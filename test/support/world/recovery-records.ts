import { exampleOf } from '../recovery-records.ts'
import type { World } from '../world.ts'
import { makeClient, makeCouple } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Preparation, Prepared, Request } from './requests.ts'
import { makeAppointment } from './sessions.ts'

/** Makers of recovery records. Each makes something fresh, through the API. */

export async function makeRecord(
  { callers: { clinician } }: Ground,
  chartId: string,
  kind: string,
  more: Record<string, unknown> = {},
) {
  const body = { kind, content: exampleOf(kind), ...more }
  return String((await make(clinician, `/v1/charts/${chartId}/recovery-records`, body)).id)
}

/** Records of the world's chart, and two that its portal's client wrote. */
export async function recordIds(
  ground: Ground,
  { chartId, addictionId, behaviorId }: Readonly<Record<'chartId' | 'addictionId' | 'behaviorId', string>>,
) {
  const relatedRecordId = await makeRecord(ground, chartId, 'support_person')
  const contactId = await makeRecord(ground, chartId, 'contact_log', { relatedRecordId })
  const entry = { kind: 'cycle_entry', content: exampleOf('cycle_entry') }
  for (const _ of ['first', 'second']) await make(ground.callers.portal, '/v1/portal/recovery-records', entry)
  await makeRecord(ground, chartId, 'consequence', { behaviorId })
  return {
    recordId: await makeRecord(ground, chartId, 'consequence', { addictionId }),
    relatedRecordId,
    correctsRecordId: contactId,
    feedbackRecordId: await makeRecord(ground, chartId, 'session_feedback'),
    portalAppointmentId: (await makeAppointment(ground, { clientId: ground.callers.portal.actorId })).id,
  }
}

export const recordPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  listRecoveryRecords: () => ({
    query: {
      kind: undefined,
      status: undefined,
      addictionId: undefined,
      behaviorId: undefined,
      relatedRecordId: undefined,
      reviewDueBefore: undefined,
    },
  }),
  listOwnRecoveryRecords: () => ({ query: { kind: undefined } }),
  listRecoveryRecordHistory: async world => {
    const { params } = await freshBlock(world)
    const url = `/v1/charts/${params.chartId}/recovery-records/${params.recordId}`
    await make(world.callers.clinician, `${url}/status-changes`, { status: 'resolved' }, { ifMatch: 1 })
    return { params }
  },
  reviseRecoveryRecord: freshBlock,
  changeRecoveryRecordStatus: freshBlock,
  stepOwnRecoveryRecord: async ({ callers: { portal } }) => {
    const body = { kind: 'step_work', content: exampleOf('step_work') }
    const { id, version } = await make(portal, '/v1/portal/recovery-records', body)
    return { params: { recordId: String(id) }, version: Number(version) }
  },
  releaseRecoveryRecord: async world => {
    const { chartId } = await makeClient(world)
    return { params: { chartId, recordId: await makeRecord(world, chartId, 'support_person') } }
  },
  getEngagement: async world => {
    const { chartId } = await makeClient(world)
    await makeRecord(world, chartId, 'session_feedback')
    return { params: { chartId } }
  },
  getRecoveryInsights: async world => {
    const { chartId } = await makeClient(world)
    const relatedRecordId = await makeRecord(world, chartId, 'modality_fit')
    await makeRecord(world, chartId, 'modality_response', { relatedRecordId })
    return { params: { chartId } }
  },
  getSafetyNotices: async world => {
    const { id, clientIds } = await makeCouple(world)
    const { data } = await read(world.callers.owner, `/v1/charts?clientId=${clientIds[0]}`)
    const own = data.find(({ kind }: { kind: string }) => kind === 'individual')
    await makeRecord(world, String(own.id), 'safety_screen')
    return { params: { coupleId: id } }
  },
}

async function freshBlock(world: World) {
  const { chartId } = await makeClient(world)
  return { params: { chartId, recordId: await makeRecord(world, chartId, 'block') } }
}

/** A record in the world's chart that one of another kind belongs to. */
const belongsTo =
  (kind: string): Preparation =>
  async world => ({ body: { relatedRecordId: await makeRecord(world, String(world.ids.chartId), kind) } })

/** A goal that a client sees, in their own chart or in the world's. */
async function shownGoal(world: World, chartId: string): Promise<Prepared> {
  const { id: addictionId } = await make(world.callers.clinician, `/v1/charts/${chartId}/addictions`, {
    type: 'internet',
    soberSince: '2025-11-01',
  })
  const goal = { addictionId, released: true }
  return { body: { relatedRecordId: await makeRecord(world, chartId, 'harm_reduction_goal', goal) } }
}

/** By operation and kind: what a record of this kind needs beyond its documented example. */
export const recordFormPreparations: Readonly<Record<string, Preparation>> = {
  'createRecoveryRecord harm_reduction_entry': world => shownGoal(world, String(world.ids.chartId)),
  'createRecoveryRecord accountability_event': belongsTo('tech_plan'),
  'createRecoveryRecord legal_requirement': belongsTo('legal_matter'),
  'createRecoveryRecord legal_report': belongsTo('legal_matter'),
  'createRecoveryRecord modality_response': belongsTo('modality_fit'),
  'createRecoveryRecord partner_care': async world => {
    const { chartId } = await read(world.callers.owner, `/v1/couples/${String(world.ids.coupleId)}`)
    return { params: { chartId: String(chartId) } }
  },
  'writeOwnRecoveryRecord harm_reduction_entry': world => shownGoal(world, String(world.ids.portalChartId)),
}

/** A request whose body is of the kind that has the id in question, about the record of that kind. */
const ofKind =
  (kind: string, recordId?: 'recordId' | 'correctsRecordId' | 'feedbackRecordId') =>
  (request: Request, { ids }: World): Request => ({
    ...request,
    body: { kind, content: exampleOf(kind) },
    ...(recordId ? { params: { chartId: String(ids.chartId), recordId: String(ids[recordId]) } } : {}),
  })

/** A request for an entry of the cycle that names an own phase, of the world's chart or of the portal's. */
const withPhase =
  (field: 'phaseId' | 'nextPhaseId', id: 'cyclePhaseId' | 'portalCyclePhaseId') =>
  (request: Request, { ids }: World): Request => ({
    ...request,
    body: {
      kind: 'cycle_entry',
      content: {
        ...exampleOf('cycle_entry'),
        ...(field === 'phaseId' ? { phase: 'own' } : { nextPhase: 'own', brokenHere: false }),
        [field]: ids[id],
      },
    },
  })

/** A request for feedback on a session, of a chart that has one or of the portal's. */
const onSession =
  (id: 'appointmentId' | 'portalAppointmentId') =>
  (request: Request, { ids }: World): Request => ({
    ...request,
    ...(id === 'appointmentId' ? { params: { chartId: String(ids.appointmentChartId) } } : {}),
    body: { kind: 'session_feedback', content: exampleOf('session_feedback'), appointmentId: ids[id] },
  })

/** By operation and place: which kind of record has such an id. */
export const recordVariants = {
  'createRecoveryRecord body content/phaseId': withPhase('phaseId', 'cyclePhaseId'),
  'createRecoveryRecord body content/nextPhaseId': withPhase('nextPhaseId', 'cyclePhaseId'),
  'reviseRecoveryRecord body content/phaseId': withPhase('phaseId', 'cyclePhaseId'),
  'reviseRecoveryRecord body content/nextPhaseId': withPhase('nextPhaseId', 'cyclePhaseId'),
  'writeOwnRecoveryRecord body content/phaseId': withPhase('phaseId', 'portalCyclePhaseId'),
  'writeOwnRecoveryRecord body content/nextPhaseId': withPhase('nextPhaseId', 'portalCyclePhaseId'),
  'createRecoveryRecord body addictionId': ofKind('consequence'),
  'createRecoveryRecord body behaviorId': ofKind('consequence'),
  'createRecoveryRecord body relatedRecordId': ofKind('contact_log'),
  'createRecoveryRecord body correctsRecordId': ofKind('contact_log'),
  'createRecoveryRecord body appointmentId': onSession('appointmentId'),
  'reviseRecoveryRecord body appointmentId': ofKind('session_feedback', 'feedbackRecordId'),
  'writeOwnRecoveryRecord body appointmentId': onSession('portalAppointmentId'),
  'reviseRecoveryRecord body clientId': ofKind('consequence', 'recordId'),
  'reviseRecoveryRecord body addictionId': ofKind('consequence', 'recordId'),
  'reviseRecoveryRecord body behaviorId': ofKind('consequence', 'recordId'),
  'reviseRecoveryRecord body relatedRecordId': ofKind('contact_log', 'correctsRecordId'),
  'reviseRecoveryRecord body correctsRecordId': ofKind('contact_log', 'correctsRecordId'),
  'writeOwnRecoveryRecord body relatedRecordId': ofKind('contact_log'),
  'writeOwnRecoveryRecord body correctsRecordId': ofKind('contact_log'),
}

import { randomBytes } from 'node:crypto'
import { workOnBatch } from '../../../src/modules/task-model/index.ts'
import type { Caller } from '../practice.ts'
import { programOf, shipped } from '../task-model.ts'
import type { World } from '../world.ts'
import { ifStill, makeClient } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import { makeAddiction, makeCyclePhase, makeLapse } from './recovery.ts'
import { makeRelease } from './releases.ts'
import type { Prepared } from './requests.ts'
import { makeAppointment } from './sessions.ts'

/** Makers of templates and journeys. Each makes something fresh, through the API. */

const versionsOf = (templateId: string) => `/v1/program-templates/${templateId}/versions`

async function makeTemplate({ callers: { owner } }: Ground, status: 'draft' | 'published' = 'published') {
  const key = `world-${randomBytes(5).toString('hex')}`
  const draft = await make(owner, '/v1/program-templates', programOf(key))
  const programTemplateId = String(draft.templateId)
  if (status === 'published')
    await make(owner, `${versionsOf(programTemplateId)}/1/publication`, undefined, ifStill(draft))
  return { key, programTemplateId, templateNumber: 1 }
}

interface Journey {
  chartId: string
  journeyId: string
  version: number
  url: string
}

async function makeJourney(by: Caller, chartId: string, template: object): Promise<Journey> {
  const body = { templateNumber: 1, releasedToClient: true, ...template }
  const { id, version } = await make(by, `/v1/charts/${chartId}/journeys`, body)
  return {
    chartId,
    journeyId: String(id),
    version: Number(version),
    url: `/v1/charts/${chartId}/journeys/${id}`,
  }
}

/** Of a new client, in the program that ships as an example. */
async function makeProgramJourney(ground: Ground, by: Caller = ground.callers.clinician) {
  const { chartId } = await makeClient(ground, { primaryClinicianId: by.staffId })
  return makeJourney(by, chartId, { programTemplateId: shipped.example })
}

/** Of the client at the portal, each time in another program. */
async function makePortalJourney(ground: Ground) {
  const { programTemplateId } = await makeTemplate(ground)
  return makeJourney(ground.callers.clinician, await portalChart(ground), { programTemplateId })
}

async function portalChart({ callers: { owner, portal } }: Ground): Promise<string> {
  return String((await read(owner, `/v1/charts?clientId=${portal.actorId}&kind=individual`)).data[0].id)
}

type TaskState = 'in_progress' | 'submitted' | 'signed_off'

/** Brings the last task of a journey, which has no performables, into a state. */
async function makeTask(by: Caller, journey: Journey, state?: TaskState) {
  const { tasks } = await read(by, journey.url)
  const { id, version } = tasks.at(-1)
  const taskId = String(id)
  const url = `${journey.url}/tasks/${taskId}`
  let task = { version: Number(version) }
  const change = async (to: string) => {
    task = await make(by, `${url}/status-changes`, { to }, ifStill(task))
  }
  if (state) await change('in_progress')
  if (state === 'submitted' || state === 'signed_off') await change('submitted')
  if (state === 'signed_off') task = await make(by, `${url}/sign-off`, {}, ifStill(task))
  const { chartId, journeyId } = journey
  return { params: { chartId, journeyId, taskId }, version: task.version, url }
}

async function performableOf(by: Caller, { url, chartId, journeyId }: Journey, key: string) {
  const { tasks } = await read(by, url)
  const performable = tasks[0].performables.find((one: { key: string }) => one.key === key)
  return {
    params: { chartId, journeyId, performableId: String(performable.id) },
    version: performable.version,
  }
}

const written = { kind: 'text', occurredOn: '2026-01-02', note: 'The library (fictional).' }

async function makeEvidence(by: Caller, journey: Journey) {
  const { params } = await performableOf(by, journey, 'map')
  const url = `${journey.url}/performables/${params.performableId}/evidence`
  const { evidence } = await make(by, url, written)
  return { ...params, evidenceId: String(evidence.at(-1).id) }
}

const stageModel = { programTemplateId: shipped.recoveryStages, startedOn: '2026-01-02' }

const stageKeys = ['developing', 'crisis', 'shock', 'grief', 'repair', 'growth']
const toPhases = {
  programTemplateId: shipped.recoveryPhases,
  templateNumber: 1,
  mapping: stageKeys.map(fromKey => ({ fromKey, toKey: null })),
}

async function makeStage(by: Caller, chartId: string) {
  const { journeyId, url } = await makeJourney(by, chartId, stageModel)
  const entered = { stageKey: 'shock', enteredOn: '2026-01-02', note: 'As told (fictional).' }
  const { id, version } = await make(by, `${url}/stages`, entered)
  return { params: { chartId, journeyId, stageId: String(id) }, version: Number(version) }
}

const nothingSaid = { templateNumber: 2, mapping: [] }

/** A template whose first version somebody follows, and a second one that begins just so. */
async function makeTwoVersions(ground: Ground, followed = true) {
  const { owner, clinician } = ground.callers
  const { key, programTemplateId } = await makeTemplate(ground)
  await make(owner, versionsOf(programTemplateId), programOf(key))
  await make(owner, `${versionsOf(programTemplateId)}/2/publication`, undefined, { ifMatch: 1 })
  if (followed) await makeJourney(clinician, (await makeClient(ground)).chartId, { programTemplateId })
  return programTemplateId
}

/** A batch in which two journeys wait. */
async function makeBatch(ground: Ground, programTemplateId?: string) {
  const { owner, clinician } = ground.callers
  const id = programTemplateId ?? (await makeTwoVersions(ground))
  await makeJourney(clinician, (await makeClient(ground)).chartId, { programTemplateId: id })
  const plan = { programTemplateId: id, ...nothingSaid }
  const batch = await make(owner, `${versionsOf(id)}/1/migration-batches`, plan)
  return { programTemplateId: id, journeyBatchId: String(batch.id) }
}

/** Two journeys that need a person, in charts that the supervisor may read. */
async function versionToLookAt(world: World): Promise<Prepared> {
  const { associate, supervisor } = world.callers
  const programTemplateId = await makeTwoVersions(world, false)
  for (const _ of ['one', 'another']) {
    const { chartId } = await makeClient(world, { primaryClinicianId: associate.staffId })
    const { url, version } = await makeJourney(associate, chartId, { programTemplateId })
    await make(associate, `${url}/status-changes`, { to: 'paused' }, ifStill({ version }))
  }
  const params = { programTemplateId, templateNumber: '1' }
  return { by: supervisor, params, body: { programTemplateId, ...nothingSaid } }
}

/** A version with a batch that is finished and another one. */
async function versionWithBatches(world: World): Promise<Prepared> {
  const { programTemplateId, journeyBatchId } = await makeBatch(world)
  await workOnBatch(world.test.house, world.practice.id, journeyBatchId)
  await makeBatch(world, programTemplateId)
  return { params: { programTemplateId, templateNumber: '1' } }
}

async function versionToMigrate(world: World): Promise<Prepared> {
  const programTemplateId = await makeTwoVersions(world)
  return {
    params: { programTemplateId, templateNumber: '1' },
    body: { programTemplateId, ...nothingSaid },
  }
}

/** Something of everything this module knows, in a chart and at the portal. */
export async function programIds(
  ground: Ground,
  { chartId, releaseId }: { chartId: string; releaseId: string },
) {
  const { clinician } = ground.callers
  const { programTemplateId } = await makeTemplate(ground)
  const journey = await makeJourney(clinician, chartId, { programTemplateId: shipped.example })
  const withdrawn = await makeEvidence(clinician, journey)
  const performable = `${journey.url}/performables/${withdrawn.performableId}`
  await make(clinician, `${performable}/evidence/${withdrawn.evidenceId}/withdrawal`)
  const evidence = await makeEvidence(clinician, journey)
  const task = await makeTask(clinician, journey, 'signed_off')
  const stage = await makeStage(clinician, chartId)
  const letter = { releaseIds: [releaseId], allowed: ['counts'] }
  await make(clinician, `${journey.url}/progress-letters`, letter)
  const latest = await make(clinician, `${journey.url}/progress-letters`, letter)
  const portalChartId = await portalChart(ground)
  const own = await makeJourney(clinician, portalChartId, { programTemplateId })
  await makeOwnLetters(ground, own)
  const moving = await makeJourney(clinician, portalChartId, stageModel)
  await make(clinician, `${moving.url}/migration`, toPhases, ifStill(moving))
  return {
    programTemplateId,
    templateNumber: '1',
    journeyId: journey.journeyId,
    taskId: task.params.taskId,
    performableId: evidence.performableId,
    evidenceId: evidence.evidenceId,
    stageId: stage.params.stageId,
    letterId: String(latest.id),
    journeyBatchId: (await makeBatch(ground)).journeyBatchId,
    portalChartId,
    portalCyclePhaseId: await makeCyclePhase(ground, portalChartId),
  }
}

/** What the client at the portal signed, and what was given out on it. */
async function makeOwnLetters(ground: Ground, { chartId, url }: Journey) {
  const { clinician, portal } = ground.callers
  for (const _ of [1, 2]) {
    const releaseIds = [await makeRelease(ground, chartId, { clientId: portal.actorId })]
    await make(clinician, `${url}/progress-letters`, { releaseIds, allowed: ['counts'] })
  }
}

const freshVersion =
  (status: 'draft' | 'published') =>
  async (world: World): Promise<Prepared> => {
    const { programTemplateId, key } = await makeTemplate(world, status)
    return { params: { programTemplateId, templateNumber: '1' }, body: { key } }
  }

const versionStep =
  (status: 'draft' | 'published') =>
  async (world: World): Promise<Prepared> => {
    const { params = {} } = await freshVersion(status)(world)
    return { params }
  }

const taskIn =
  (state?: TaskState) =>
  async (world: World): Promise<Prepared> => {
    const { clinician } = world.callers
    const { params } = await makeTask(clinician, await makeProgramJourney(world), state)
    return { params }
  }

async function taskToCosign(world: World): Promise<Prepared> {
  const { associate, supervisor } = world.callers
  const { params } = await makeTask(associate, await makeProgramJourney(world, associate), 'signed_off')
  return { by: supervisor, params }
}

async function freshJourney(world: World): Promise<Prepared> {
  const { chartId, journeyId } = await makeProgramJourney(world)
  return { params: { chartId, journeyId } }
}

async function migration(world: World): Promise<Prepared> {
  const { chartId, journeyId } = await makeProgramJourney(world)
  return { params: { chartId, journeyId }, body: { templateNumber: 1, mapping: [] } }
}

const ownTask =
  (state: TaskState) =>
  async (world: World): Promise<Prepared> => {
    const { params, version } = await makeTask(world.callers.clinician, await makePortalJourney(world), state)
    return { params: { journeyId: params.journeyId, taskId: params.taskId }, version }
  }

export const programPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  importProgramTemplate: () => ({ body: { key: `new-${randomBytes(5).toString('hex')}` } }),
  addProgramTemplateVersion: async world => {
    const { programTemplateId, key } = await makeTemplate(world)
    return { params: { programTemplateId }, body: { key } }
  },
  rewriteProgramTemplateDraft: freshVersion('draft'),
  publishProgramTemplateVersion: versionStep('draft'),
  retireProgramTemplateVersion: versionStep('published'),

  enrollInProgram: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  changeJourney: freshJourney,
  changeJourneyStatus: freshJourney,
  previewJourneyMigration: migration,
  migrateJourney: migration,
  previewJourneyBatch: versionToLookAt,
  listJourneyBatches: versionWithBatches,
  startJourneyBatch: versionToMigrate,

  changeJourneyTaskStatus: taskIn(),
  signOffJourneyTask: taskIn('submitted'),
  cosignJourneyTask: taskToCosign,
  listTasksAwaitingCosign: async world => {
    await taskToCosign(world)
    const { by = world.callers.supervisor } = await taskToCosign(world)
    return { by }
  },
  returnJourneyTaskToSigner: taskToCosign,
  reopenJourneyTask: async world => {
    const { params } = await makeTask(world.callers.clinician, await makeProgramJourney(world), 'signed_off')
    const addictionId = await makeAddiction(world, params.chartId)
    return { params, body: { reason: 'lapse', lapseId: await makeLapse(world, params.chartId, addictionId) } }
  },
  refuseJourneyTaskReopening: async world => {
    const { clinician, portal } = world.callers
    const { params, version, url } = await makeTask(clinician, await makePortalJourney(world), 'signed_off')
    const own = `/v1/portal/journeys/${params.journeyId}/tasks/${params.taskId}/reopen-request`
    await make(portal, own, {}, { ifMatch: version })
    return { params, version: (await read(clinician, url)).version }
  },
  changeJourneyPerformableStatus: async world =>
    performableOf(world.callers.clinician, await makeProgramJourney(world), 'map'),
  addJourneyEvidence: async world => {
    const { clinician } = world.callers
    const { id, chartId } = await makeAppointment(world)
    const journey = await makeJourney(clinician, chartId, { programTemplateId: shipped.example })
    const { params } = await performableOf(clinician, journey, 'told_somebody')
    return { params, body: { kind: 'session', occurredOn: '2026-01-02', appointmentId: id } }
  },
  withdrawJourneyEvidence: async world => ({
    params: await makeEvidence(world.callers.clinician, await makeProgramJourney(world)),
  }),
  enterJourneyStage: async world => {
    const { clinician } = world.callers
    const { journeyId, chartId } = await makeJourney(clinician, (await makeClient(world)).chartId, stageModel)
    return { params: { chartId, journeyId }, body: { enteredOn: '2026-01-02' } }
  },
  leaveJourneyStage: async world => ({
    ...(await makeStage(world.callers.clinician, (await makeClient(world)).chartId)),
    body: { leftOn: '2026-01-03' },
  }),
  withdrawJourneyStage: async world => makeStage(world.callers.clinician, (await makeClient(world)).chartId),

  getOwnJourney: async world => ({ params: { journeyId: (await makePortalJourney(world)).journeyId } }),
  submitOwnTask: ownTask('in_progress'),
  requestOwnTaskReopening: ownTask('signed_off'),
  submitOwnPerformable: async world => {
    const journey = await makePortalJourney(world)
    const { params, version } = await performableOf(world.callers.clinician, journey, 'map')
    const { journeyId, performableId } = params
    const evidence = { occurredOn: '2026-01-02', note: 'The library (fictional).' }
    return { params: { journeyId, performableId }, version, body: { evidence } }
  },
}

import type { World } from '../world.ts'
import { ifStill, makeClient } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Prepared, Request } from './requests.ts'
import { sessionOfWorld, wasThere } from './sessions.ts'

/** Makers of what stands in a chart beside its notes. Each makes something fresh, through the API. */

const settings = {
  name: 'smr',
  goal: 'Steadier attention (fictional).',
  sites: ['Cz'],
  reference: null,
  ground: null,
  montage: null,
  rewardBands: [{ band: 'smr' }],
  inhibitBands: [],
  thresholds: 'automatic',
  rewardTarget: null,
  feedback: ['visual'],
  plannedSessions: 20,
  baselineId: null,
}

const makeProtocol = async ({ callers: { clinician } }: Ground, chartId: string) =>
  String((await make(clinician, `/v1/charts/${chartId}/neurofeedback-protocols`, { settings })).id)

const makeBaseline = async ({ callers: { clinician } }: Ground, chartId: string) => {
  const history = { history: 'none', note: null }
  const made = await make(clinician, `/v1/charts/${chartId}/neurofeedback-baselines`, {
    recordedOn: '2026-01-05',
    method: 'qeeg',
    eyes: 'both',
    findings: 'Fictional.',
    medications: null,
    seizures: history,
    headInjury: history,
    consentOn: '2026-01-05',
  })
  return String(made.id)
}

/** A day of its own each time, because a day has one card. */
const freeDay = ({ number }: Ground) =>
  new Date(Date.UTC(2012, 0, 1) + number() * 86_400_000).toISOString().slice(0, 10)

const makeCard = async (ground: Ground, chartId: string) => {
  const card = { coversOn: freeDay(ground), skillUse: 3 }
  return String((await make(ground.callers.clinician, `/v1/charts/${chartId}/diary-cards`, card)).id)
}

const makeOwnCard = async (world: World) => {
  const sent = await make(world.callers.portal, '/v1/portal/diary-cards', { coversOn: freeDay(world) })
  return String(sent.card.id)
}

/** Neurofeedback and diary cards of the world's chart, and who the couple's part names. */
export async function courseIds(ground: Ground, ids: Readonly<Record<string, string>>) {
  const { chartId = '', coupleId = '', leavingClientIds = '' } = ids
  const { clinician, supervisor } = ground.callers
  const couple = await read(clinician, `/v1/couples/${coupleId}`)
  const protocolId = await makeProtocol(ground, chartId)
  await makeProtocol(ground, chartId)
  await makeBaseline(ground, chartId)
  return {
    courseChartId: chartId,
    coupleChartId: String(couple.chartId),
    protocolId,
    baselineId: await makeBaseline(ground, chartId),
    correctsId: await makeBaseline(ground, chartId),
    diaryCardId: await makeCard(ground, chartId),
    technicianId: supervisor.staffId,
    presentClientId: leavingClientIds,
  }
}

/** Where all this was made, whichever chart a walk has put in the place of the world's. */
const chartOf = (world: World) => String(world.ids.courseChartId)

const freshProtocol = async (world: World): Promise<Prepared> => ({
  params: { chartId: chartOf(world), protocolId: await makeProtocol(world, chartOf(world)) },
})

/** A chart with a signed session of somatic work. */
async function countedChart(world: World): Promise<Prepared> {
  const { clinician } = world.callers
  const { id: clientId, chartId } = await makeClient(world)
  const content = { activation: { start: 4, peak: 7, end: 2 }, endOrientation: 'oriented' }
  const note = await make(clinician, `/v1/charts/${chartId}/session-notes`, {
    template: 'dap',
    ...sessionOfWorld,
    header: { ...wasThere(clientId), risk: { status: 'denied' } },
    sections: { data: 'Fictional.', assessment: 'Fictional.', plan: 'Fictional.' },
    parts: [{ id: '019c0000-0000-7000-8000-000000000201', kind: 'somatic', content }],
  })
  await make(clinician, `/v1/session-notes/${note.id}/signature`, undefined, ifStill(note))
  return {
    params: { chartId },
    query: { measure: undefined, subjectId: undefined },
  }
}

const anyDay = { from: undefined, to: undefined }

export const coursePreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  setNeurofeedbackBand: async ({ callers: { owner } }) => {
    const { data } = await read(owner, '/v1/neurofeedback-bands')
    const alpha = data.find(({ band }: { band: string }) => band === 'alpha')
    return { body: { afterRevision: Number(alpha.revision) } }
  },
  listNeurofeedbackProtocols: () => ({ query: { status: undefined } }),
  reviseNeurofeedbackProtocol: freshProtocol,
  changeNeurofeedbackProtocolStatus: freshProtocol,
  listDiaryCards: async world => {
    await makeCard(world, chartOf(world))
    return { query: anyDay }
  },
  enterDiaryCard: world => ({ body: { coversOn: freeDay(world) } }),
  correctDiaryCard: async world => ({
    params: { chartId: chartOf(world), diaryCardId: await makeCard(world, chartOf(world)) },
  }),
  listOwnDiaryCards: async world => {
    for (const _ of ['one', 'another']) await makeOwnCard(world)
    return { query: anyDay }
  },
  sendOwnDiaryCard: world => ({ body: { coversOn: freeDay(world) } }),
  correctOwnDiaryCard: async world => ({ params: { diaryCardId: await makeOwnCard(world) } }),
  getNoteTrends: countedChart,
}

const partId = '019c0000-0000-7000-8000-000000000202'

/** By operation and kind of part: where such a part can stand. */
export const partFormPreparations: Readonly<Record<string, (world: World) => Prepared>> = {
  'startSessionNote group_member': ({ ids }) => ({
    params: { chartId: String(ids.groupMemberChartId) },
    body: { header: undefined },
  }),
  'startSessionNote couple': ({ ids }) => ({
    params: { chartId: String(ids.coupleChartId) },
    body: {
      header: undefined,
      parts: [
        {
          id: partId,
          kind: 'couple',
          content: {
            presentClientId: ids.presentClientId,
            cycle: { observed: 'Fictional.' },
            interventions: [{ what: 'Fictional.' }],
            agreements: [{ terms: 'Fictional.' }],
          },
        },
      ],
    },
  }),
}

/** A note that begins with one part, in the chart that the part can stand in. */
const begunWith =
  (kind: string, chart: 'courseChartId' | 'coupleChartId', content: (world: World) => object) =>
  (request: Request, world: World): Request => ({
    ...request,
    params: { ...request.params, chartId: String(world.ids[chart]) },
    body: {
      template: 'dap',
      sessionDate: '2026-01-02',
      parts: [{ id: partId, kind, content: content(world) }],
    },
  })

const neurofeedback = begunWith('neurofeedback', 'courseChartId', ({ ids }) => ({
  protocolId: ids.protocolId,
  technicianId: ids.technicianId,
  supervisorId: ids.supervisorId,
}))

const couple = begunWith('couple', 'coupleChartId', ({ ids }) => ({
  presentClientId: ids.presentClientId,
  stances: [{ clientId: ids.presentClientId }],
}))

/** What a part names is of the note's own chart. */
export const courseVariants: Readonly<Record<string, (request: Request, world: World) => Request>> = {
  'getNoteTrends query subjectId': (request, { ids }) => ({
    ...request,
    params: { chartId: String(ids.chartId) },
    query: { from: '2026-01-01', to: '2026-06-30', subjectId: ids.subjectId },
  }),
  'startSessionNote body parts/[]/content/protocolId': neurofeedback,
  'startSessionNote body parts/[]/content/technicianId': neurofeedback,
  'startSessionNote body parts/[]/content/supervisorId': neurofeedback,
  'startSessionNote body parts/[]/content/presentClientId': couple,
  'startSessionNote body parts/[]/content/stances/[]/clientId': couple,
}

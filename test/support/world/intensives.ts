import type { World } from '../world.ts'
import { makeClient } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Preparation, Request } from './requests.ts'
import { freeHour } from './sessions.ts'

/** Makers of intensives. Each makes something fresh, through the API. */

const pass = { reasonCode: 'recorded_elsewhere', note: 'Settled on paper (fictional).' }

type Stage = 'inquiry' | 'deposit_due' | 'planned' | 'scheduled' | 'in_progress'

interface Made {
  id: string
  version: number
  chartId: string
  blockId: string
}

/** An intensive of one client and one block, brought so far. */
async function makeIntensive(ground: Ground, stage: Stage, clientId?: string): Promise<Made> {
  const { callers, serviceIds, locationId, roomId } = ground
  const { owner, clinician } = callers
  let { id, version, chartId } = await make(owner, '/v1/intensives', {
    clientId: clientId ?? (await makeClient(ground)).id,
    serviceId: serviceIds.intensive,
    locationId,
    priceCents: 900_000,
    depositCents: 200_000,
  })
  let blockId = ''
  const url = `/v1/intensives/${id}`
  const to = async (path: string, body: object, method: 'post' | 'put' = 'post') => {
    const answer = await make(clinician, `${url}/${path}`, body, { ifMatch: version, method })
    version = answer.version
    blockId = answer.blocks[0]?.id ?? ''
  }
  if (stage !== 'inquiry') {
    for (const next of ['screened', 'contracted'])
      await to('status-changes', { to: next, despiteOpenGates: pass })
    await to('status-changes', { to: 'deposit_due', dueOn: '2026-12-01', despiteOpenGates: pass })
  }
  if (stage !== 'inquiry' && stage !== 'deposit_due')
    await to('plan', { blocks: [blockOf(ground, stage, { roomId })] }, 'put')
  if (stage === 'scheduled' || stage === 'in_progress') await to('booking', { despiteOpenGates: pass })
  if (stage === 'in_progress') await to('status-changes', { to: 'in_progress', despiteOpenGates: pass })
  return { id, version, chartId, blockId }
}

const blockOf = (ground: Ground, stage: Stage, more: object = {}) => ({
  kind: 'individual',
  participants: ['a'],
  clinicianIds: [ground.callers.clinician.staffId],
  startsAt: freeHour(ground, stage === 'in_progress' ? 'past' : 'future').toISOString(),
  durationMinutes: 60,
  ...more,
})

async function makeTask({ callers: { owner } }: Ground, { id }: Made): Promise<string> {
  const task = { kind: 'check_in_call', participant: 'a', dueOn: '2026-12-23', note: 'Evenings (fictional).' }
  return String((await make(owner, `/v1/intensives/${id}/aftercare-tasks`, task)).id)
}

async function makeTemplate({ callers: { owner }, number }: Ground): Promise<string> {
  const block = { startsAt: '10:00', durationMinutes: 60, kind: 'individual', participants: ['a'] }
  const template = await make(owner, '/v1/intensive-templates', {
    name: `Quiet days ${number()} (fictional)`,
    audience: 'individual',
    days: 2,
    blocks: [1, 2].map(day => ({ ...block, day, clinicians: [1], needsRoom: true })),
  })
  return String(template.id)
}

/** A block that was given in full and has no note yet. */
async function makeGiven(ground: Ground): Promise<Made> {
  const made = await makeIntensive(ground, 'in_progress')
  const blocks = [{ blockId: made.blockId, deliveredMinutes: 60 }]
  const given = { ifMatch: made.version }
  await make(ground.callers.clinician, `/v1/intensives/${made.id}/deliveries`, { blocks }, given)
  return made
}

const noteOf = (blockId: string | undefined) => ({ template: 'dap', intensiveBlockIds: [blockId] })

async function makeNoted(ground: Ground): Promise<void> {
  const { chartId, blockId } = await makeGiven(ground)
  await make(ground.callers.clinician, `/v1/charts/${chartId}/session-notes`, noteOf(blockId))
}

/** Blocks are named in the chart they are of. */
export const intensiveVariants: Readonly<Record<string, (request: Request, world: World) => Request>> = {
  'startSessionNote body intensiveBlockIds/[]': (request, { ids }) => ({
    ...request,
    params: { ...request.params, chartId: ids.intensiveChartId ?? '' },
    body: noteOf(ids.intensiveBlockIds),
  }),
}

/** Two of a client who uses the portal, booked. */
export async function intensiveIds(ground: Ground) {
  const { portal, clinician } = ground.callers
  await makeIntensive(ground, 'scheduled', portal.actorId)
  const made = await makeIntensive(ground, 'scheduled', portal.actorId)
  await makeNoted(ground)
  const given = await makeGiven(ground)
  return {
    intensiveId: made.id,
    blockId: made.blockId,
    blockIds: made.blockId,
    intensiveBlockIds: given.blockId,
    intensiveChartId: given.chartId,
    participant: 'a',
    leadStaffId: clinician.staffId,
    aftercareTaskId: await makeTask(ground, made),
    intensiveTemplateId: await makeTemplate(ground),
  }
}

const dateIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

const fresh = async (world: World, stage: Stage) => {
  const { id, version, blockId } = await makeIntensive(world, stage)
  return { params: { intensiveId: id }, version, blockId }
}

const at =
  (stage: Stage): Preparation =>
  async world => {
    const { params, version } = await fresh(world, stage)
    return { params, version }
  }

export const intensivePreparations: Readonly<Record<string, Preparation>> = {
  listIntensives: async world => {
    const { chartId } = await read(world.callers.owner, `/v1/intensives/${world.ids.intensiveId}`)
    return { query: { chartId } }
  },
  openIntensive: async world => ({
    body: { clientId: (await makeClient(world)).id, serviceId: world.serviceIds.intensive },
  }),
  changeIntensiveTerms: at('inquiry'),
  markIntensiveGate: at('inquiry'),
  changeIntensiveStatus: async world => ({
    ...(await at('inquiry')(world)),
    by: world.callers.clinician,
  }),
  fitIntensiveTemplate: () => ({ body: { from: dateIn(40), until: dateIn(50) } }),
  planIntensive: async world => ({
    ...(await at('deposit_due')(world)),
    body: { blocks: [blockOf(world, 'planned', { roomId: world.roomId })] },
  }),
  bookIntensive: async world => {
    const { blockId, ...prepared } = await fresh(world, 'planned')
    return { ...prepared, body: { blockIds: [blockId], despiteOpenGates: pass } }
  },
  moveIntensive: async world => {
    const { blockId, ...prepared } = await fresh(world, 'scheduled')
    const blocks = [{ blockId, startsAt: freeHour(world, 'future').toISOString(), durationMinutes: 60 }]
    const note = 'A new train (fictional).'
    return { ...prepared, body: { firstOn: undefined, blocks, note } }
  },
  cancelIntensive: at('scheduled'),
  recordIntensiveDeliveries: async world => {
    const { blockId, ...prepared } = await fresh(world, 'in_progress')
    return { ...prepared, body: { blocks: [{ blockId, deliveredMinutes: 60 }] } }
  },
  recordIntensiveMoney: at('deposit_due'),
  planAftercareTask: async world => ({ params: (await fresh(world, 'scheduled')).params }),
  changeAftercareTask: async world => {
    const made = await makeIntensive(world, 'scheduled')
    const aftercareTaskId = await makeTask(world, made)
    return { params: { intensiveId: made.id, aftercareTaskId }, version: 1 }
  },
  changeIntensiveTemplate: async world => ({ params: { intensiveTemplateId: await makeTemplate(world) } }),
}

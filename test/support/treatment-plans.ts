import { randomUUID } from 'node:crypto'
import type { Caller, Reply } from './practice.ts'

/** Obviously fictional, and easy to look for where no text may be found. */
export const marker = 'heron-thimble-fictional'

type Fields = Record<string, unknown>

export const objective = (key: string, more: Fields = {}) => ({
  key,
  goalKey: 'g1',
  text: `Five calm evenings a week (${marker}).`,
  phase: 'containment',
  measure: { kind: 'count', unit: 'evenings a week', instrumentKey: null, scaleKey: null },
  baseline: 1,
  target: 5,
  dueOn: null,
  taskKeys: [],
  blockIds: [],
  behaviorIds: [],
  ...more,
})

export const intervention = (key: string, more: Fields = {}) => ({
  key,
  objectiveKeys: ['o1'],
  phase: 'containment',
  modality: 'cognitive_behavioral',
  who: 'clinician',
  frequency: { times: 1, per: 'week' },
  description: null,
  ...more,
})

export const diagnosis = (key: string, code: string, more: Fields = {}) => ({
  key,
  clientId: null,
  code,
  icd11Code: null,
  principal: false,
  note: null,
  ...more,
})

/** A complete plan. */
export const planDraft = (more: Fields = {}) => ({
  startsOn: '2026-11-20',
  summary: `Long evenings alone (${marker}).`,
  clientWords: 'I want my evenings back (fictional).',
  strengths: null,
  levelOfCare: 'outpatient',
  team: [],
  diagnoses: [diagnosis('d1', 'F63.89', { icd11Code: '6C72', principal: true })],
  problems: [{ key: 'p1', clientId: null, title: 'Nights lost', description: null }],
  goals: [{ key: 'g1', clientId: null, problemKeys: ['p1'], text: 'Evenings of my own.', author: 'client' }],
  objectives: [objective('o1')],
  interventions: [intervention('i1')],
  phaseOverrideReason: null,
  ...more,
})

export const plansOf = (chartId: string) => `/v1/charts/${chartId}/treatment-plans`

export const startPlan = (by: Caller, chartId: string, more: Fields = {}): Promise<Reply> =>
  by.post(plansOf(chartId), planDraft(more), { key: randomUUID() })

type Plan = Reply['body']
const urlOf = ({ chartId, id }: Plan) => `${plansOf(chartId)}/${id}`

/** A step of a plan as it was read last, with a key of its own. */
export const step = (by: Caller, plan: Plan, what: string, body?: unknown): Promise<Reply> =>
  by.post(`${urlOf(plan)}/${what}`, body, { ifMatch: plan.version, key: randomUUID() })

export const readPlan = (by: Caller, plan: Plan): Promise<Reply> => by.get(urlOf(plan))

/** What a client signs on paper. */
export const clientSignature = (plan: Plan, clientId: string, more: Fields = {}) => ({
  clientId,
  method: 'wet_ink',
  signedAt: '2026-11-20T18:00:00.000Z',
  contentHash: plan.contentHash,
  ...more,
})

/** The hash of what is offered now. */
export async function offeredHash(by: Caller, plan: Plan): Promise<string> {
  return (await by.get(`${urlOf(plan)}/revisions/${plan.revision}`)).body.contentHash
}

/** Offers a draft and gives it every signature. */
export async function putInForce(by: Caller, plan: Plan, clientIds: readonly string[]): Promise<Reply> {
  let reply = await step(by, plan, 'offer')
  const contentHash = await offeredHash(by, reply.body)
  for (const clientId of clientIds) {
    const signature = clientSignature(reply.body, clientId, { contentHash })
    reply = await step(by, reply.body, 'client-signatures', signature)
  }
  return step(by, reply.body, 'signature')
}

/** A plan in force. */
export async function activePlan(by: Caller, client: { id: string; chartId: string }, more: Fields = {}) {
  const started = await startPlan(by, client.chartId, more)
  return (await putInForce(by, started.body, [client.id])).body
}

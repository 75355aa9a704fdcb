import { randomUUID } from 'node:crypto'
import { exampleProgram } from '../../src/modules/task-model/shipped/example-program.ts'
import type { Caller, Reply } from './practice.ts'

/** Templates that come with the service. */
export const shipped = {
  thirtyTasks: '01900000-0000-7000-8000-000000000001',
  recoveryStages: '01900000-0000-7000-8000-000000000002',
  recoveryPhases: '01900000-0000-7000-8000-000000000003',
  partnerStages: '01900000-0000-7000-8000-000000000004',
  example: '01900000-0000-7000-8000-000000000006',
}

type Body = Reply['body']

/** The fictional program under a key of its own, with some fields changed. */
export const programOf = (key: string, change: Body = {}): Body => ({ ...exampleProgram, key, ...change })

let last = 0

/** A template of the practice's own, published. */
export async function publishedTemplate(
  by: Caller,
  document: Body = programOf(`program-${(last += 1)}`),
): Promise<{ programTemplateId: string; templateNumber: number }> {
  const draft = must(await by.post('/v1/program-templates', document))
  const url = `/v1/program-templates/${draft.templateId}/versions/${draft.number}/publication`
  must(await by.post(url, undefined, { ifMatch: draft.version }))
  return { programTemplateId: draft.templateId, templateNumber: draft.number }
}

export interface TestJourney {
  id: string
  url: string
  read(query?: string): Promise<Body>
  /** The task of this key as the journey shows it. */
  task(key: string): Promise<Body>
  performable(taskKey: string, key: string): Promise<Body>
  /** Takes a step with a task as it is now. */
  step(taskKey: string, what: string, body?: Body, by?: Caller): Promise<Reply>
  /** Takes a step with a performable as it is now. */
  performableStep(taskKey: string, key: string, body: Body): Promise<Reply>
  addEvidence(taskKey: string, key: string, body: Body): Promise<Reply>
}

export const enroll = (by: Caller, chartId: string, body: Body): Promise<Reply> =>
  by.post(`/v1/charts/${chartId}/journeys`, body)

/** A journey that must begin, and what its tests do with it. */
export async function journeyOf(by: Caller, chartId: string, body: Body): Promise<TestJourney> {
  const { id } = must(await enroll(by, chartId, body))
  return openedJourney(by, chartId, id)
}

export function openedJourney(by: Caller, chartId: string, id: string): TestJourney {
  const url = `/v1/charts/${chartId}/journeys/${id}`
  const read = async (query = '') => must(await by.get(`${url}${query}`))
  const task = async (key: string) => (await read()).tasks.find((one: Body) => one.key === key)
  const performable = async (taskKey: string, key: string) =>
    (await task(taskKey)).performables.find((one: Body) => one.key === key)
  return {
    id,
    url,
    read,
    task,
    performable,
    step: async (taskKey, what, body, actor = by) => {
      const { id: taskId, version } = await task(taskKey)
      return actor.post(`${url}/tasks/${taskId}/${what}`, body, { ifMatch: version, key: randomUUID() })
    },
    performableStep: async (taskKey, key, body) => {
      const { id: performableId, version } = await performable(taskKey, key)
      const target = `${url}/performables/${performableId}/status-changes`
      return by.post(target, body, { ifMatch: version })
    },
    addEvidence: async (taskKey, key, body) => {
      const { id: performableId } = await performable(taskKey, key)
      return by.post(`${url}/performables/${performableId}/evidence`, body)
    },
  }
}

/** Starts and submits a task, accepts what it requires, and signs it off. */
export async function signedOff(journey: TestJourney, taskKey: string): Promise<Reply> {
  must(await journey.step(taskKey, 'status-changes', { to: 'in_progress' }))
  for (const { key, required } of (await journey.task(taskKey)).performables) {
    if (!required) continue
    must(await journey.performableStep(taskKey, key, { to: 'submitted' }))
    must(await journey.performableStep(taskKey, key, { to: 'accepted' }))
  }
  must(await journey.step(taskKey, 'status-changes', { to: 'submitted' }))
  return journey.step(taskKey, 'sign-off', {})
}

export function must(reply: Reply): Body {
  if (reply.status >= 300) throw new Error(`Refused with ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body
}

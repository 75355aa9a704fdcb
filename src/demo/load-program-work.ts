import type { Journey } from '../../openapi/client/index.ts'
import { answered, type DemoApi, once, onceIfStill } from './demo-api.ts'
import type { DemoProgramWork, DemoStages, DemoTaskStatus } from './demo-clinical.ts'
import type { Work } from './load-recovery.ts'

const shownOnPaper = 'Shown on paper (fictional).'

/** The steps to each status. */
const stepsTo: Readonly<Record<DemoTaskStatus, readonly Exclude<DemoTaskStatus, 'signed_off'>[]>> = {
  in_progress: ['in_progress'],
  submitted: ['in_progress', 'submitted'],
  returned: ['in_progress', 'submitted', 'returned'],
  signed_off: ['in_progress', 'submitted'],
  deferred: ['deferred'],
  not_applicable: ['not_applicable'],
}

/** A journey with its tasks where the demo leaves them. */
export async function loadProgramWork(work: Work, told: DemoProgramWork): Promise<void> {
  const journey = await enroll(work, told)
  for (const [key, status] of Object.entries(told.tasks)) {
    const task = journey.tasks.find(one => one.key === key)
    if (!task) throw new Error(`The demo found no task ${key}`)
    const to = taskOf(work, journey, task)
    for (const step of stepsTo[status]) await to.become(step)
    if (status === 'signed_off') await to.signOff()
    if (told.reopened.includes(key)) await to.reopen()
  }
}

/** A journey through stages, of which the last is the present one. */
export async function loadStages(work: Work, { program, daysAgo, stages }: DemoStages): Promise<void> {
  const { id: journeyId } = await enroll(work, { key: program, daysAgo })
  const path = { chartId: work.chartId, journeyId }
  for (const { stage, daysAgo: days } of stages) {
    await answered(
      work.clinician.client.POST('/v1/charts/{chartId}/journeys/{journeyId}/stages', {
        params: { path, ...once() },
        body: { stageKey: stage, enteredOn: work.ago(days), note: 'As told in session (fictional).' },
      }),
    )
  }
}

async function enroll(
  { clinician: { client }, chartId, ago }: Work,
  { key, daysAgo }: { key: string; daysAgo: number },
): Promise<Journey> {
  const programTemplateId = await templateOf(client, key)
  const body = { programTemplateId, templateNumber: 1, startedOn: ago(daysAgo), releasedToClient: true }
  const { id: journeyId } = await answered(
    client.POST('/v1/charts/{chartId}/journeys', { params: { path: { chartId }, ...once() }, body }),
  )
  const path = { chartId, journeyId }
  return answered(client.GET('/v1/charts/{chartId}/journeys/{journeyId}', { params: { path } }))
}

async function templateOf(client: DemoApi['client'], key: string): Promise<string> {
  const { data } = await answered(client.GET('/v1/program-templates', { params: { query: { limit: 200 } } }))
  const template = data.find(one => one.key === key)
  if (!template) throw new Error(`The demo found no program ${key}`)
  return template.id
}

/** What is done to one task, which is changed by the version that was answered last. */
function taskOf(
  { clinician: { client }, chartId, ago }: Work,
  { id: journeyId }: Journey,
  task: Journey['tasks'][number],
) {
  let now: { version: number } = task
  const params = () => ({ path: { chartId, journeyId, taskId: task.id }, ...onceIfStill(now) })
  return {
    async become(to: Exclude<DemoTaskStatus, 'signed_off'>) {
      const body = {
        to,
        ...(to === 'deferred' ? { deferredUntil: ago(-60) } : {}),
        ...(to === 'not_applicable' ? { note: 'There are no children (fictional).' } : {}),
      }
      now = await answered(
        client.POST('/v1/charts/{chartId}/journeys/{journeyId}/tasks/{taskId}/status-changes', {
          params: params(),
          body,
        }),
      )
    },
    async signOff() {
      now = await answered(
        client.POST('/v1/charts/{chartId}/journeys/{journeyId}/tasks/{taskId}/sign-off', {
          params: params(),
          body: { note: shownOnPaper, overrideReason: shownOnPaper },
        }),
      )
    },
    async reopen() {
      now = await answered(
        client.POST('/v1/charts/{chartId}/journeys/{journeyId}/tasks/{taskId}/reopening', {
          params: params(),
          body: { reason: 'new_information', note: 'Something new was told (fictional).' },
        }),
      )
    },
  }
}

import { randomUUID } from 'node:crypto'
import { registerClient } from './clients.ts'
import { couplePeople, link } from './couples.ts'
import type { Caller, Reply, TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'

/** A client of age with an individual chart, treated by a clinician. */
export async function adultIn(
  practice: TestPractice,
  clinician: Caller,
  details: Record<string, unknown> = {},
): Promise<{ clientId: string; chartId: string }> {
  const { id } = await registerClient(practice.owner, {
    birthDate: '1988-04-02',
    status: 'active',
    primaryClinicianId: clinician.staffId,
    ...details,
  })
  const charts = await practice.owner.get(`/v1/charts?clientId=${id}`)
  return { clientId: id, chartId: charts.body.data[0].id }
}

/** A couple whose joint chart this clinician treats. */
export async function coupleIn(test: TestApp, practice: TestPractice, clinician: Caller) {
  const people = couplePeople(test, practice)
  const [a, b] = [await people.client('Alex'), await people.client('Blair')]
  const { body } = await link(practice.owner, a.id, b.id, { primaryClinicianId: clinician.staffId })
  return { id: String(body.id), chartId: String(body.chartId), a: a.id, b: b.id, aChart: a.chartId }
}

export const urlOf = (chartId: string) => `/v1/charts/${chartId}/assessment-assignments`

/** Assigns an instrument. @returns the answer, whatever it is */
export const assign = (
  by: Caller,
  chartId: string,
  instrumentKey: string,
  more: Record<string, unknown> = {},
  key: string = randomUUID(),
): Promise<Reply> => by.post(urlOf(chartId), { instrumentKey, ...more }, { key })

/** Completes an assignment with these answers. */
export const complete = (
  by: Caller,
  { chartId, id, version }: { chartId: string; id: string; version: number },
  answers: Record<string, number>,
  key: string = randomUUID(),
): Promise<Reply> => by.post(`${urlOf(chartId)}/${id}/completion`, { answers }, { ifMatch: version, key })

/** Assigns and completes. @returns the completed assessment */
export async function completed(
  by: Caller,
  chartId: string,
  instrumentKey: string,
  answers: Record<string, number>,
  more: Record<string, unknown> = {},
): Promise<Reply['body']> {
  const made = await assign(by, chartId, instrumentKey, more)
  const done = await complete(by, made.body, answers)
  if (done.status !== 200) throw new Error(`It was not completed: ${JSON.stringify([made.body, done.body])}`)
  return done.body
}

/** The same value for items 1 to n. */
export const each = (count: number, value: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index + 1), value]))

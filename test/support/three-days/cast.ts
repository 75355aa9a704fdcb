import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { createApiClientCaller } from '../api-client.ts'
import { layClient } from '../clients-raw.ts'
import { make, must, read } from '../eight-months/cast.ts'
import { signWithReasons } from '../emdr.ts'
import { portalCaller } from '../portal.ts'
import { type Caller, createTestPractice, type Reply, type TestPractice } from '../practice.ts'
import type { TestApp } from '../test-app.ts'

export type Body = Reply['body']
export type Day = 1 | 2 | 3

const zone = 'America/Los_Angeles'
const daysOf = (number: number) => Temporal.Now.plainDateISO(zone).subtract({ days: 4 - number })

/** Day 3 is yesterday, in the zone of the practice. */
export const day = (number: Day): string => daysOf(number).toString()

/** Today, moved by some days. */
export const daysFromToday = (days: number): string => daysOf(4).add({ days }).toString()

/** A session by the clock on the wall. */
export function session(number: Day, from: string, to: string) {
  const at = (time: string) =>
    Temporal.PlainDateTime.from(`${day(number)}T${time}`)
      .toZonedDateTime(zone)
      .toInstant()
      .toString({ fractionalSecondDigits: 3 })
  return { startedAt: at(from), endedAt: at(to) }
}

interface Person {
  clientId: string
  chartId: string
  url: string
  portal: Caller
}

export interface Cast {
  test: TestApp
  practice: TestPractice
  supervisor: Caller
  biller: Caller
  integration: Caller
  /** Treats the couple and Caleb, and leads the group. */
  lead: Caller
  /** Covers for the lead in Caleb's chart. */
  colleague: Caller
  /** Works with Iris’s body memories, in her chart alone. */
  bodyTherapist: Caller
  /** Stands in for the body therapist; her notes need another signature. */
  associate: Caller
  caleb: Person
  iris: Person
  coupleId: string
  coupleChartId: string
}

/** A couple that has three days, and the people of the practice around it. */
export async function createCast(test: TestApp): Promise<Cast> {
  const practice = await createTestPractice(test)
  const { owner } = practice
  const supervisor = await practice.staff(['supervisor'])
  const supervised = { supervisorId: supervisor.staffId }
  const lead = await practice.staff(['clinician'], supervised)
  const colleague = await practice.staff(['clinician'])
  const bodyTherapist = await practice.staff(['clinician'])
  const associate = await practice.staff(['clinician'], { ...supervised, cosignRequired: true })
  const person = async (name: string, team: readonly [Caller, Caller]): Promise<Person> => {
    const laid = await layClient(test, practice, name, [
      [team[0], 'primary'],
      [team[1], 'co_therapist'],
    ])
    const portal = await portalCaller(practice, laid.clientId)
    return { ...laid, url: `/v1/charts/${laid.chartId}`, portal }
  }
  const caleb = await person('Caleb', [lead, colleague])
  const iris = await person('Iris', [bodyTherapist, associate])
  const couple = await make(owner, '/v1/couples', {
    clientId: caleb.clientId,
    partnerClientId: iris.clientId,
    primaryClinicianId: lead.staffId,
  })
  const patient = { clientId: caleb.clientId, effectiveOn: day(1) }
  const url = `/v1/couples/${couple.id}/identified-patient`
  must(await owner.put(url, patient, { ifMatch: couple.version }))
  return {
    test,
    practice,
    supervisor,
    biller: await practice.staff(['biller']),
    integration: await createApiClientCaller(test, practice, ['notes:read', 'clients:read', 'charts:read']),
    lead,
    colleague,
    bodyTherapist,
    associate,
    caleb,
    iris,
    coupleId: couple.id,
    coupleChartId: couple.chartId,
  }
}

/** Who was there in the office, and that nothing was found of risk. */
export const present = (clientIds: readonly string[], more: Record<string, unknown> = {}) => ({
  attendance: clientIds.map(clientId => ({ clientId, presence: 'present' })),
  place: { kind: 'office' },
  risk: { status: 'denied' },
  ...more,
})

export const part = (kind: string, content: Record<string, unknown>) => ({ id: randomUUID(), kind, content })

/** Begins a note in sections that say little: what counts is in its parts. */
export const draft = (by: Caller, chartId: string, note: Record<string, unknown>): Promise<Body> =>
  make(by, `/v1/charts/${chartId}/session-notes`, {
    template: 'dap',
    sections: {
      data: 'As it went (fictional).',
      assessment: 'Steady (fictional).',
      plan: 'Go on (fictional).',
    },
    ...note,
  })

/** Begins a note and signs it, with a reason for whatever it is warned about. */
export const signed = async (by: Caller, chartId: string, note: Record<string, unknown>): Promise<Body> =>
  must(await signWithReasons(by, await draft(by, chartId, note)))

export const noteUrl = (noteId: string) => `/v1/session-notes/${noteId}`

export const readNote = (by: Caller, noteId: string): Promise<Body> => read(by, noteUrl(noteId))

export const factsOf = (by: Caller, noteId: string): Promise<Body> =>
  read(by, `${noteUrl(noteId)}/billing-facts`)

export const codesOf = (warnings: readonly { code: string }[]) => warnings.map(({ code }) => code)

/** The series of a measure over the three days. */
export async function trendOf(by: Caller, chartId: string, measure: string, subjectId?: string) {
  const about = subjectId ? `&subjectId=${subjectId}` : ''
  const range = `from=${day(1)}&to=${day(3)}`
  const { data, rates } = await read(
    by,
    `/v1/charts/${chartId}/note-trends?${range}&measure=${measure}${about}`,
  )
  const [series] = data
  const values: number[] = (series?.points ?? []).map(({ value }: { value: number }) => value)
  return { values, summary: series?.summary as Body, rates: rates as Body[] }
}

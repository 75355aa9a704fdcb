import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { createApiClientCaller } from '../api-client.ts'
import { type Caller, callerOf, createTestPractice, type Reply, type TestPractice } from '../practice.ts'
import type { TestApp } from '../test-app.ts'

type Body = Reply['body']

/** Eight months, told backwards from today: a story has no day that is still to come. */
export const lastDay = 240

const today = () => Temporal.Now.plainDateISO('America/Los_Angeles')

/** Day 0 is the first call; day 240 is today, in the zone of the practice. */
export const day = (number: number): string =>
  today()
    .add({ days: number - lastDay })
    .toString()

/** An hour of a day of the story, on the wall clock of the practice. */
export const at = (number: number, time: string): string =>
  Temporal.PlainDateTime.from(`${day(number)}T${time}`)
    .toZonedDateTime('America/Los_Angeles')
    .toInstant()
    .toString({ fractionalSecondDigits: 3 })

/** Somebody in care, with their own chart, and how they come to their own things. */
export interface Person {
  id: string
  chartId: string
  url: string
  /** Signs in at the practice's front-end, which gets a token for them. */
  portal(): Promise<Caller>
}

export interface Cast {
  practice: TestPractice
  frontDesk: Caller
  supervisor: Caller
  /** Treats Jonah, Theo, Lena and Omar. */
  clinician: Caller
  /** Mira's own therapist. */
  partnerTherapist: Caller
  /** Treats the couple together, and neither alone. */
  coupleTherapist: Caller
  /** Somebody who calls for the first time. */
  caller(name: string, by: Caller): Promise<Person>
  /** Somebody whose inquiry was accepted comes into care. */
  arrives(clientId: string, version: number): Promise<Person>
}

/** The people who work in the practice of the story; its front-end is one of them. */
export async function createCast(test: TestApp): Promise<Cast> {
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const supervisorId = supervisor.staffId
  const frontDesk = await practice.staff(['admin'])
  const frontEnd = await createApiClientCaller(test, practice, ['portal:issue'])
  const arrives = async (id: string, version: number): Promise<Person> => {
    const status = { to: 'active', reason: 'care_started' }
    await make(frontDesk, `/v1/clients/${id}/status-changes`, status, version)
    const charts = must(await frontDesk.get(`/v1/charts?clientId=${id}`))
    const chartId = String(charts.data[0].id)
    return { id, chartId, url: `/v1/charts/${chartId}`, portal: () => enter(id) }
  }
  const enter = async (clientId: string) => {
    const token = must(await frontEnd.post('/v1/portal-tokens', { clientId }))
    return callerOf(test, token.accessToken, clientId, '')
  }
  return {
    practice,
    frontDesk,
    supervisor,
    clinician: await practice.staff(['clinician'], { supervisorId }),
    partnerTherapist: await practice.staff(['clinician'], { supervisorId }),
    coupleTherapist: await practice.staff(['clinician'], { supervisorId }),
    caller: async (name, by) => {
      const { id, version } = await make(frontDesk, '/v1/clients', {
        legalGivenName: name,
        legalFamilyName: 'Storyline',
        birthDate: '1986-03-14',
        status: 'inquiry',
        primaryClinicianId: by.staffId,
      })
      return arrives(id, version)
    },
    arrives,
  }
}

/** The body of what had to succeed. */
export function must({ status, body }: Reply): Body {
  if (status >= 300) throw new Error(`The story was refused with ${status}: ${JSON.stringify(body)}`)
  return body
}

/** Sends what has to succeed, with a key of its own. */
export async function make(by: Caller, url: string, body?: unknown, ifMatch?: number): Promise<Body> {
  const options = { key: randomUUID(), ...(ifMatch === undefined ? {} : { ifMatch }) }
  return must(await by.post(url, body, options))
}

export const read = async (by: Caller, url: string): Promise<Body> => must(await by.get(url))

/** Writes a record of recovery work. */
export const record = (by: Caller, { url }: Pick<Person, 'url'>, kind: string, more: Body): Promise<Body> =>
  make(by, `${url}/recovery-records`, { kind, ...more })

/** Takes the next step of a record, as it was answered last. */
export const step = (
  by: Caller,
  { url }: Pick<Person, 'url'>,
  { id, version }: Body,
  body: Body,
): Promise<Body> => make(by, `${url}/recovery-records/${id}/status-changes`, body, version)

export const insights = (by: Caller, { url }: Person): Promise<Body> => read(by, `${url}/recovery-insights`)

/** Somebody answers all items of an instrument, at the portal or with their clinician. @returns the assessment */
export async function answered(
  { by, portal, about }: { by: Caller; portal?: Caller; about?: Person },
  { url }: Pick<Person, 'url'>,
  instrumentKey: string,
  values: readonly number[],
): Promise<Body> {
  const assigned = await make(by, `${url}/assessment-assignments`, {
    instrumentKey,
    ...(about ? { clientId: about.id } : {}),
  })
  const answers = Object.fromEntries(values.map((value, index) => [String(index + 1), value]))
  const own = portal
    ? `/v1/portal/assessment-assignments/${assigned.id}`
    : `${url}/assessment-assignments/${assigned.id}`
  await make(portal ?? by, `${own}/completion`, { answers }, assigned.version)
  return read(by, `${url}/assessment-assignments/${assigned.id}`)
}

/** The scale of an assessment. */
export const scoreOf = ({ result }: Body, scale: string): Body =>
  result.scales.find((one: Body) => one.scale === scale)

/** The same value for so many items. */
export const repeated = (value: number, times: number): number[] => Array.from({ length: times }, () => value)

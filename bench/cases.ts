import { randomUUID } from 'node:crypto'
import type { Filled } from './fill.ts'
import type { Care } from './fill-care.ts'
import type { Desk } from './fill-desk.ts'
import type { Draft, Notes } from './fill-notes.ts'
import type { Load } from './load.ts'

/** Two loads that are measured side by side; the ratio is what the first answers a second of the second. */
export interface Case {
  name: string
  what: string
  against: string
  /** The least ratio we aim at. */
  aim: number
  product: Side
  baseline: Side
}

export interface Side {
  /** `pair`: two processes of the service, each with half of the connections. */
  server: 'service' | 'pair' | 'bare'
  load: Load
}

export interface Practices {
  /** A million clients and as many appointments. */
  large: Filled
  /** A thousand of each. */
  small: Filled
  care: Care
  notes: Notes
  /** A front desk with 200,000 appointments behind it. */
  desk: Desk
  /** The same weeks ahead, with a tenth of the past. */
  young: Desk
}

export function casesOf({ large, small, care, notes, desk, young }: Practices): Case[] {
  const contests = { product: contested(small), baseline: contested(small) }
  return [
    {
      name: 'read-client',
      what: 'read one client: token, session, tenancy, care team, audit',
      against: 'bare Fastify + pg, one named SELECT of the row',
      aim: 0.5,
      product: readClient(large),
      baseline: onBare({
        request: n => ({ path: `/clients/${large.id}/${large.clientIds[n % large.clientIds.length]}` }),
      }),
    },
    {
      name: 'create-client',
      what: 'create a client: Idempotency-Key, chart, search terms, audit, event',
      against: 'bare Fastify + pg, one INSERT of the row',
      aim: 0.5,
      // By the front desk: a clinician would be put on the care team of all of them.
      product: onService(
        small,
        {
          method: 'POST',
          expected: [201],
          request: n => ({
            path: '/v1/clients',
            body: newClient(n),
            headers: { 'idempotency-key': randomUUID() },
          }),
        },
        small.owner.token,
      ),
      baseline: onBare({
        method: 'POST',
        expected: [201],
        request: n => ({ path: `/clients/${small.id}`, body: newClient(n) }),
      }),
    },
    {
      name: 'client-page-growth',
      what: 'a page of 50 clients of 1,000,000',
      against: 'the same of 1,000',
      aim: 0.95,
      product: onService(large, { request: () => ({ path: '/v1/clients?limit=50' }) }, large.owner.token),
      baseline: onService(small, { request: () => ({ path: '/v1/clients?limit=50' }) }, small.owner.token),
    },
    {
      name: 'week-calendar',
      what: "a clinician's week of 1,000,000 appointments",
      against: 'bare Fastify + pg, one named SELECT of the rows',
      aim: 0.5,
      product: onService(large, {
        request: n => {
          const { from, to } = weekOf(n)
          return { path: `/v1/appointments?clinicianId=${large.clinician.staffId}&from=${from}&to=${to}` }
        },
      }),
      baseline: onBare({
        request: n => {
          const { from, to } = weekOf(n)
          return { path: `/weeks/${large.id}/${large.clinician.staffId}?from=${from}&to=${to}` }
        },
      }),
    },
    ...[16, 64].map(connections => booking(small, connections, contests)),
    {
      name: 'caseload-60',
      what: 'the caseload overview of a clinician of 60 clients',
      against: 'bare Fastify + pg, one named SELECT of the rows',
      aim: 0.5,
      product: onService(care, { request: () => ({ path: '/v1/journeys?limit=60&sort=progress' }) }),
      baseline: onBare({ request: () => ({ path: `/caseloads/${care.id}/${care.clinician.staffId}` }) }),
    },
    {
      name: 'caseload-600',
      what: 'a page of 60 of the caseload overview of a supervisor of 600',
      against: 'the same of a clinician of 60',
      aim: 0.5,
      product: onService(
        care,
        { request: () => ({ path: '/v1/journeys?limit=60&sort=progress' }) },
        care.supervisor.token,
      ),
      baseline: onService(care, { request: () => ({ path: '/v1/journeys?limit=60&sort=progress' }) }),
    },
    {
      name: 'journey',
      what: 'a journey of thirty tasks on one screen',
      against: 'bare Fastify + pg, one named SELECT of its tasks and performables',
      aim: 0.5,
      product: onService(care, {
        request: () => ({ path: `/v1/charts/${care.chartId}/journeys/${care.journeyId}` }),
      }),
      baseline: onBare({ request: () => ({ path: `/journeys/${care.id}/${care.journeyId}` }) }),
    },
    {
      name: 'check-in-trend',
      what: 'the trend of 5,000 check-ins by week',
      against: 'bare Fastify + pg, one named SELECT of the means',
      aim: 0.5,
      product: onService(care, {
        request: () => ({ path: `/v1/charts/${care.chartId}/check-in-trends?by=week&from=2012-01-02` }),
      }),
      baseline: onBare({ request: () => ({ path: `/trends/${care.id}/${care.chartId}` }) }),
    },
    autosave(notes),
    {
      name: 'chart-notes-1000',
      what: 'the notes of a chart of 1,000, and one of them, in turn',
      against: 'the same of a chart of 20',
      aim: 0.95,
      product: readNotes(notes, notes.long),
      baseline: readNotes(notes, notes.short),
    },
    {
      name: 'slot-search',
      what: 'free slots of 20 clinicians and 10 rooms in four weeks, with 200,000 appointments',
      against: 'bare Fastify + pg, one named SELECT of free quarters of hours',
      aim: 0.5,
      product: searchSlots(desk),
      baseline: onBare({ request: n => ({ path: `/slots/${desk.id}?${new URLSearchParams(daysFrom(n))}` }) }),
    },
    {
      name: 'slot-search-growth',
      what: 'the same search',
      against: 'the same with 20,000 appointments',
      aim: 0.95,
      product: searchSlots(desk),
      baseline: searchSlots(young),
    },
    {
      name: 'week-of-20',
      what: 'the calendar of a week of 20 clinicians and 10 rooms, with 200,000 appointments',
      against: 'bare Fastify + pg, one named SELECT of the rows',
      aim: 0.5,
      product: readWeek(desk),
      baseline: onBare({
        connections: heavy,
        request: n => ({ path: `/calendars/${desk.id}?${new URLSearchParams(weekFrom(n))}` }),
      }),
    },
    {
      name: 'week-of-20-growth',
      what: 'the same week',
      against: 'the same with 20,000 appointments',
      aim: 0.95,
      product: readWeek(desk),
      baseline: readWeek(young),
    },
    bookingSeries(desk),
    bookingIntensives(desk),
    {
      name: 'two-processes',
      what: 'read one client from two processes',
      against: 'the same from one',
      aim: 1.8,
      product: { ...readClient(large), server: 'pair' },
      baseline: readClient(large),
    },
  ]
}

const readClient = (practice: Filled) =>
  onService(practice, {
    request: n => ({ path: `/v1/clients/${practice.clientIds[n % practice.clientIds.length]}` }),
  })

/** By the front desk, which keeps every calendar. */
function booking(practice: Filled, connections: number, contests: Contests): Case {
  return {
    name: `booking-${connections}`,
    what: `${connections} clients book overlapping times`,
    against: 'bare Fastify + pg, the INSERT … ON CONFLICT alone',
    aim: 0.5,
    product: onService(
      practice,
      {
        connections,
        method: 'POST',
        expected: [201, 409],
        request: n => ({
          path: '/v1/appointments',
          headers: { 'idempotency-key': randomUUID() },
          body: {
            clientId: practice.clientIds[n % practice.clientIds.length],
            serviceId: practice.serviceId,
            mode: 'telehealth',
            ...contests.product(),
          },
        }),
      },
      practice.owner.token,
    ),
    baseline: onBare({
      connections,
      method: 'POST',
      expected: [201, 409],
      request: () => {
        const { clinicianId, startsAt } = contests.baseline()
        return { path: `/bookings/${practice.id}/${clinicianId}`, body: { startsAt } }
      },
    }),
  }
}

const searchSlots = (practice: Desk): Side =>
  onService(
    practice,
    {
      method: 'POST',
      request: n => ({
        path: '/v1/slots/search',
        body: { serviceId: practice.serviceId, mode: 'in_person', ...daysFrom(n), limit: 50 },
      }),
    },
    practice.owner.token,
  )

const readWeek = (practice: Desk): Side =>
  onService(
    practice,
    {
      connections: heavy,
      request: n => {
        const asked = new URLSearchParams(weekFrom(n))
        for (const id of practice.clinicianIds) asked.append('clinicianIds', id)
        for (const id of practice.roomIds) asked.append('roomIds', id)
        return { path: `/v1/calendar?${asked}` }
      },
    },
    practice.owner.token,
  )

/** Each at an hour of a weekday that its clinician has nothing else in, for a client who has not either. */
function bookingSeries(practice: Desk): Case {
  const next = counter()
  const { clinicianIds, clientIds } = practice
  return {
    name: 'series-52',
    what: 'book a weekly series of 52, each an appointment of its own',
    against: 'bare Fastify + pg, one INSERT of 104 rows that exclude each other',
    aim: 0.5,
    product: onService(
      practice,
      {
        method: 'POST',
        expected: [201],
        request: () => {
          const n = next()
          const hour = 15 + Math.floor(n / (clinicianIds.length * 7))
          return {
            path: '/v1/appointment-series',
            headers: { 'idempotency-key': randomUUID() },
            body: {
              clientId: clientIds[n % clientIds.length],
              serviceId: practice.serviceId,
              clinicianId: clinicianIds[n % clinicianIds.length],
              mode: 'telehealth',
              rule: 'FREQ=WEEKLY;COUNT=52',
              firstOn: instant(today + (2 + (Math.floor(n / clinicianIds.length) % 7)) * dayMs).slice(0, 10),
              time: `${String(hour % 24).padStart(2, '0')}:00`,
            },
          }
        },
      },
      practice.owner.token,
    ),
    baseline: onBare({
      method: 'POST',
      expected: [201],
      request: () => ({ path: `/series/${practice.id}`, body: { resources: 2, weeks: 52 } }),
    }),
  }
}

function bookingIntensives(practice: Desk): Case {
  const next = counter()
  return {
    name: 'intensive-18',
    what: 'book a planned intensive: 3 days, 18 blocks, their clinicians, rooms and clients',
    against: 'bare Fastify + pg, one INSERT of 54 rows that exclude each other',
    aim: 0.5,
    product: onService(
      practice,
      {
        method: 'POST',
        request: () => {
          const id = practice.intensiveIds[next()]
          if (!id) throw new Error('No intensive is left to book')
          return {
            path: `/v1/intensives/${id}/booking`,
            headers: { 'idempotency-key': randomUUID(), 'if-match': '"v1"' },
            body: { despiteOpenGates: { reasonCode: 'recorded_elsewhere' } },
          }
        },
      },
      practice.owner.token,
    ),
    baseline: onBare({
      method: 'POST',
      expected: [201],
      request: () => ({ path: `/series/${practice.id}`, body: { resources: 3, weeks: 18 } }),
    }),
  }
}

function counter(): () => number {
  let last = -1
  return () => (last += 1)
}

function readNotes(practice: Filled, { chartId, noteId }: Notes['long']): Side {
  const paths = [`/v1/charts/${chartId}/session-notes?limit=20`, `/v1/session-notes/${noteId}`]
  return onService(practice, { request: n => ({ path: paths[n % paths.length] ?? '' }) })
}

/** Both sides get a short patch and write a text of four thousand characters. */
function autosave(practice: Notes): Case {
  const sections = (n: number) => ({ plan: `Bring the sleep log, ${n}. ${'Fictional. '.repeat(20)}` })
  const free: Draft[] = [...practice.drafts]
  const take = () => {
    const draft = free.shift()
    if (!draft) throw new Error('No draft is left to save')
    return draft
  }
  return {
    name: 'autosave',
    what: 'save a draft: version, chart, sealing, one audit row per sitting',
    against: 'bare Fastify + pg, one UPDATE of a row as long',
    aim: 0.4,
    product: onService(practice, {
      method: 'PATCH',
      request: n => {
        const draft = take()
        return {
          path: `/v1/session-notes/${draft.id}`,
          headers: { 'if-match': `"v${draft.version}"` },
          body: { sections: sections(n) },
          answered: status => {
            if (status === 200) free.push({ id: draft.id, version: draft.version + 1 })
          },
        }
      },
    }),
    baseline: onBare({
      method: 'PATCH',
      request: n => ({
        path: `/drafts/${practice.id}/${practice.drafts[n % practice.drafts.length]?.id}`,
        body: { sections: sections(n) },
      }),
    }),
  }
}

/** Connections for an answer that takes tens of milliseconds: sixteen would wait until the service turns them away. */
const heavy = 8

const defaults = { connections: 16, method: 'GET', expected: [200], headers: {} } as const

const onService = (
  practice: Filled,
  load: Partial<Load> & Pick<Load, 'request'>,
  token = practice.clinician.token,
): Side => ({
  server: 'service',
  load: { ...defaults, ...load, token, headers: jsonOf(load) },
})

const onBare = (load: Partial<Load> & Pick<Load, 'request'>): Side => ({
  server: 'bare',
  load: { ...defaults, ...load, headers: jsonOf(load) },
})

const jsonOf = ({ method }: Partial<Load>): Record<string, string> =>
  method === 'GET' || method === undefined ? {} : { 'content-type': 'application/json' }

const newClient = (n: number) => ({
  legalGivenName: 'Test',
  legalFamilyName: `Newcomer ${n}`,
  birthDate: '1980-01-01',
  status: 'active',
})

const dayMs = 86_400_000
const instant = (ms: number) => new Date(ms).toISOString()
const today = Math.floor(Date.now() / dayMs) * dayMs

/** Four weeks from one of the next days on. */
function daysFrom(n: number) {
  const from = today + (1 + (n % 7)) * dayMs
  return { from: instant(from).slice(0, 10), until: instant(from + 27 * dayMs).slice(0, 10) }
}

/** One of the next three weeks. */
function weekFrom(n: number) {
  const from = today + (1 + (n % 21)) * dayMs
  return { from: instant(from).slice(0, 10), until: instant(from + 6 * dayMs).slice(0, 10) }
}

/** One of the last fifty weeks. */
function weekOf(n: number) {
  const from = today - (n % 50) * 7 * dayMs
  return { from: instant(from), to: instant(from + 7 * dayMs) }
}

type Contest = () => { clinicianId: string; startsAt: string }
type Contests = Record<'product' | 'baseline', Contest>

/**
 * One of 21 overlapping times of a clinician's day, which sixteen requests in a row want: as many of them find it taken
 * however fast the answers come.
 */
function contested({ clinicianIds }: Filled): Contest {
  const next = counter()
  return () => {
    const turn = Math.floor(next() / 16)
    const clinicianId = clinicianIds[Math.floor(turn / 700) % clinicianIds.length] ?? ''
    const day = 30 + (turn % 700)
    const quarter = Math.floor(Math.random() * 21)
    return { clinicianId, startsAt: instant(today + day * dayMs + 15 * 3_600_000 + quarter * 900_000) }
  }
}

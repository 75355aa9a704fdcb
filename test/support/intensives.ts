import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Caller, Reply, TestPractice } from './practice.ts'
import type { BookablePractice } from './scheduling.ts'

/** A block to plan, at an hour of a day from today; the rest has defaults. */
export interface BlockOf {
  startsAt: string
  kind?: string
  participants?: string[]
  clinicianIds?: string[]
  roomId?: string | null
  durationMinutes?: number
}

/** Ways with intensives through the API. Steps take the version that they find. */
export async function intensivesOf(bookable: BookablePractice, practice: TestPractice, clinician: Caller) {
  const serviceId = uuidv7()
  await bookable.run(
    `insert into services (practice_id, id, name, kind, duration_minutes, modes) values ($1, $2, 'Intensive', 'intensive', 60, '{in_person}')`,
    [practice.id, serviceId],
  )

  const open = async (by: Caller, more: Record<string, unknown>): Promise<Reply> =>
    by.post(
      '/v1/intensives',
      {
        serviceId,
        locationId: bookable.locationId,
        priceCents: 900_000,
        depositCents: 200_000,
        refunds: [
          { daysBefore: 30, percent: 100 },
          { daysBefore: 7, percent: 50 },
        ],
        ...more,
      },
      { key: randomUUID() },
    )

  const block = ({ startsAt, kind = 'joint', participants = ['a', 'b'], ...rest }: BlockOf) => ({
    kind,
    participants,
    clinicianIds: [clinician.staffId],
    roomId: bookable.rooms[0],
    durationMinutes: 60,
    startsAt,
    ...rest,
  })

  const read = async (by: Caller, id: string) => (await by.get(`/v1/intensives/${id}`)).body

  /** Takes a step at the version that holds now, or at the one that is given. */
  const step = async (
    by: Caller,
    id: string,
    path: string,
    body: unknown,
    version?: number,
  ): Promise<Reply> => {
    const ifMatch = version ?? Number((await read(by, id)).version)
    const url = `/v1/intensives/${id}/${path}`
    return path === 'plan'
      ? by.put(url, body, { ifMatch })
      : by.post(url, body, { ifMatch, key: randomUUID() })
  }

  const must = async (reply: Promise<Reply>) => {
    const { status, body } = await reply
    if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
    return body
  }

  const pass = { reasonCode: 'recorded_elsewhere' }

  /** Brings an intensive as far as its deposit, with its gates passed on purpose. @returns its id */
  const ready = async (by: Caller, more: Record<string, unknown>): Promise<string> => {
    const { id } = await must(open(by, more))
    for (const to of ['screened', 'contracted'])
      await must(step(clinician, id, 'status-changes', { to, despiteOpenGates: pass }))
    const due = { to: 'deposit_due', dueOn: '2026-12-01', despiteOpenGates: pass }
    await must(step(clinician, id, 'status-changes', due))
    return id
  }

  /** The same, planned with these blocks. */
  const planned = async (by: Caller, more: Record<string, unknown>, blocks: BlockOf[]): Promise<string> => {
    const id = await ready(by, more)
    await must(step(by, id, 'plan', { blocks: blocks.map(block) }))
    return id
  }

  const book = (by: Caller, id: string, more: object = {}) =>
    step(by, id, 'booking', { despiteOpenGates: pass, ...more })

  const reservations = (id: string) =>
    bookable.run(
      `select r.resource_kind, r.holder_id from reservations r
       join intensive_blocks b on b.practice_id = r.practice_id and b.id = r.holder_id
       where b.intensive_id = $1 order by r.starts_at, r.resource_kind`,
      [id],
    )

  return { serviceId, open, block, read, step, must, pass, ready, planned, book, reservations }
}

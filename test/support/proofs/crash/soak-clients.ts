import { randomUUID } from 'node:crypto'
import { password } from '../../identity.ts'
import type { Caller, Reply } from '../../practice.ts'
import { dapSections } from '../../session-notes.ts'
import type { Ground } from '../../world/ground.ts'
import { makePerson, someMail } from '../../world/people.ts'
import type { Line } from './line.ts'
import type { Random } from './random.ts'

/** What was acknowledged, and therefore has to be there. */
export interface Ledger {
  clients: { id: string; version: number; name: string | null }[]
  appointments: string[]
  /** Bookings that were refused because the time was taken. */
  refused: number
  notes: { id: string; version: number; signed: boolean }[]
  invited: string[]
  renewals: number
  /** What an answer said that no answer may say. */
  wrong: string[]
}

export const emptyLedger = (): Ledger => ({
  clients: [],
  appointments: [],
  refused: 0,
  notes: [],
  invited: [],
  renewals: 0,
  wrong: [],
})

const hourMs = 3_600_000
const grounded = Math.floor(Date.now() / hourMs) * hourMs

/** One client of the service: it does one thing after the other until it is told to stop. */
export async function soakClient(
  ground: Ground,
  line: Line,
  { ledger, random, isOver }: { ledger: Ledger; random: Random; isOver: () => boolean },
): Promise<void> {
  const { owner } = ground.callers
  const clinician = await ground.practice.staff(['clinician'], { mfa: true })
  const person = await makePerson(ground.test)
  let { refreshToken } = await person.signIn()
  const mine: (typeof ledger.clients)[number][] = []

  const post = (by: Caller, url: string, body: unknown, ifMatch?: string) =>
    line.definite({
      method: 'POST',
      url,
      token: by.token,
      key: randomUUID(),
      body,
      ...(ifMatch ? { ifMatch } : {}),
    })
  const expect = (what: string, reply: Reply, ...statuses: number[]): boolean => {
    const fits = statuses.includes(reply.status)
    if (!fits) ledger.wrong.push(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`)
    return fits
  }

  async function createClient(): Promise<void> {
    const reply = await post(owner, '/v1/clients', {
      legalGivenName: `Soak${ground.number()}`,
      legalFamilyName: 'Example',
      status: 'active',
      primaryClinicianId: clinician.staffId,
    })
    if (!expect('create a client', reply, 201)) return
    const client = { id: String(reply.body.id), version: Number(reply.body.version), name: null }
    mine.push(client)
    ledger.clients.push(client)
  }

  /** Everybody wants the same few hours of the same clinician. */
  async function book(): Promise<void> {
    const startsAt = new Date(grounded + 480 * hourMs + random.between(0, 400) * 600_000).toISOString()
    const reply = await post(owner, '/v1/appointments', {
      clientId: random.pick(mine).id,
      serviceId: ground.serviceIds.individual,
      clinicianId: ground.callers.clinician.staffId,
      mode: 'telehealth',
      startsAt,
    })
    if (!expect('book', reply, 201, 409)) return
    if (reply.status === 201) ledger.appointments.push(String(reply.body.id))
    else ledger.refused += 1
  }

  async function rename(): Promise<void> {
    const client = random.pick(mine)
    const url = `/v1/clients/${client.id}`
    const name = `Soak ${ground.number()}`
    const body = { preferredName: name }
    const ifMatch = `"v${client.version}"`
    const reply = await line.definite({ method: 'PATCH', url, token: owner.token, ifMatch, body })
    if (!expect('rename', reply, 200, 412)) return
    // Stale can only be what a lost answer of ours has done: nobody else changes this client.
    const now = reply.status === 200 ? reply : await line.definite({ method: 'GET', url, token: owner.token })
    const isDone = now.body.version === client.version + 1 && now.body.preferredName === name
    if (!isDone) ledger.wrong.push(`rename: ${client.version} became ${JSON.stringify(now.body)}`)
    Object.assign(client, { version: Number(now.body.version), name })
  }

  async function writeNote(): Promise<void> {
    const { id } = random.pick(mine)
    const charts = await line.definite({
      method: 'GET',
      url: `/v1/charts?clientId=${id}`,
      token: owner.token,
    })
    const started = await post(clinician, `/v1/charts/${charts.body.data[0].id}/session-notes`, {
      template: 'dap',
      startedAt: '2026-01-02T18:00:00.000Z',
      endedAt: '2026-01-02T18:50:00.000Z',
      sections: { data: 'Begun (fictional).' },
    })
    if (!expect('start a note', started, 201)) return
    const note = { id: String(started.body.id), version: Number(started.body.version), signed: false }
    ledger.notes.push(note)
    const url = `/v1/session-notes/${note.id}`
    const { token } = clinician
    const header = {
      attendance: [{ clientId: id, presence: 'present' }],
      risk: { status: 'denied' },
      place: { kind: 'office' },
    }
    const body = { header, sections: dapSections }
    const saved = await line.definite({ method: 'PATCH', url, token, ifMatch: `"v${note.version}"`, body })
    if (!expect('save a note', saved, 200, 412)) return
    note.version += 1
    const signed = await post(clinician, `${url}/signature`, undefined, `"v${note.version}"`)
    if (!expect('sign a note', signed, 200, 201)) return
    Object.assign(note, { version: Number(signed.body.version), signed: true })
  }

  async function invite(): Promise<void> {
    const email = someMail('soak')
    const reply = await post(owner, '/v1/staff-members', {
      email,
      givenName: 'Indigo',
      familyName: 'Example',
      roles: ['clinician'],
    })
    if (expect('invite', reply, 201)) ledger.invited.push(email)
  }

  /** A token whose successor was lost is good for seconds; after that it seems stolen, and one signs in again. */
  async function renew(): Promise<void> {
    const startedAt = Date.now()
    const url = '/v1/sessions/refresh'
    const reply = await line.definite({ method: 'POST', url, body: { refreshToken } })
    const mayBeTooLate = Date.now() - startedAt > 9_000
    if (!expect('renew a session', reply, ...(mayBeTooLate ? [200, 401] : [200]))) return
    if (reply.status === 200) refreshToken = String(reply.body.refreshToken)
    else await signIn()
    ledger.renewals += 1
  }

  async function signIn(): Promise<void> {
    const body = { email: person.email, password }
    const reply = await line.definite({ method: 'POST', url: '/v1/sessions', body })
    if (expect('sign in', reply, 200)) refreshToken = String(reply.body.refreshToken)
  }

  await createClient()
  const things = [createClient, book, book, book, rename, rename, writeNote, invite, renew]
  while (!isOver()) await random.pick(things)()
}

/** Follows the feed through everything that happens. @returns ids in the order in which they came */
export async function followEvents(
  line: Line,
  reader: Caller,
  types: readonly string[],
  isOver: () => boolean,
): Promise<string[]> {
  const seen: string[] = []
  let cursor = ''
  for (;;) {
    const last = isOver()
    const url = `/v1/events?limit=50&types=${types.join(',')}&waitSeconds=${last ? 0 : 1}${cursor && `&cursor=${cursor}`}`
    const { body } = await line.definite({ method: 'GET', url, token: reader.token })
    seen.push(...body.data.map((event: { id: string }) => event.id))
    cursor = body.nextCursor
    if (last && body.data.length === 0) return seen
  }
}

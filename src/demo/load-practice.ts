import { setTimeout as sleep } from 'node:timers/promises'
import { createCairnClient } from '../../openapi/client/index.ts'
import type { Mail } from '../lib/mail.ts'
import { answered, apiAs, type DemoApi, ifStill, once } from './demo-api.ts'
import type { DemoData, DemoPerson } from './demo-data.ts'
import type { DemoPlace } from './demo-schedule.ts'
import { type DemoDays, daysFrom } from './moments.ts'

export interface LoadedPractice {
  url: string
  timeZone: string
  days: DemoDays
  /** Everybody signed in, by key. */
  people: Readonly<Record<string, DemoApi & { staffId: string }>>
  locationId: string
  roomIds: Readonly<Record<string, string>>
  serviceIds: Readonly<Record<string, string>>
}

/** The practice, its staff (invited and accepted), its rooms and services. */
export async function loadPractice({
  url,
  inbox,
  setupToken,
  data,
}: {
  url: string
  inbox: readonly Mail[]
  setupToken: string
  data: DemoData
}): Promise<LoadedPractice> {
  const owner = await createOwner(url, setupToken, data)
  const staffIds = await inviteStaff(owner, data)
  const people = { [owner.key]: owner, ...(await acceptInvitations({ url, inbox, data, staffIds })) }
  const days = daysFrom(data.practice.timeZone)
  await describeStaff(owner, data, staffIds, days)
  return {
    url,
    timeZone: data.practice.timeZone,
    days,
    people,
    ...(await loadPlaces(owner, data)),
    serviceIds: await loadServices(owner, data),
  }
}

async function createOwner(url: string, setupToken: string, { practice, staff }: DemoData) {
  const person = staff.find(({ roles }) => roles.includes('owner'))
  if (!person) throw new Error('The demo has no owner')
  const { name, timeZone, jurisdiction, phone, email, npi } = practice
  const { givenName, familyName, password } = person
  const setup = createCairnClient({ baseUrl: url, token: setupToken })
  await answered(
    setup.POST('/v1/practices', {
      body: { name, timeZone, jurisdiction, owner: { email: person.email, password, givenName, familyName } },
    }),
  )
  const owner = { key: person.key, ...(await signIn(url, person)) }
  const made = await answered(owner.client.GET('/v1/practice'))
  await answered(owner.client.PATCH('/v1/practice', { params: ifStill(made), body: { phone, email, npi } }))
  return owner
}

async function signIn(
  url: string,
  { email, password }: Pick<DemoPerson, 'email' | 'password'>,
): Promise<DemoApi & { staffId: string }> {
  const session = await answered(
    createCairnClient({ baseUrl: url }).POST('/v1/sessions', { body: { email, password } }),
  )
  if (session.status !== 'signed_in') throw new Error(`The demo could not sign in: ${session.status}`)
  return { ...apiAs(url, session.accessToken), staffId: session.staffMember.id }
}

const invited = ({ staff }: DemoData) => staff.filter(({ roles }) => !roles.includes('owner'))

async function inviteStaff({ client }: DemoApi, data: DemoData): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const { key, email, givenName, familyName, title, roles, cosignRequired } of invited(data)) {
    const body = {
      email,
      givenName,
      familyName,
      roles,
      ...(title ? { title } : {}),
      ...(cosignRequired ? { cosignRequired } : {}),
    }
    ids[key] = (await answered(client.POST('/v1/staff-members', { params: once(), body }))).id
  }
  return ids
}

/** Each reads the mail with their code, and chooses a password. */
async function acceptInvitations({
  url,
  inbox,
  data,
  staffIds,
}: {
  url: string
  inbox: readonly Mail[]
  data: DemoData
  staffIds: Record<string, string>
}) {
  const people: Record<string, DemoApi & { staffId: string }> = {}
  for (const person of invited(data)) {
    const token = await invitationCode(inbox, person.email)
    await answered(
      createCairnClient({ baseUrl: url }).POST('/v1/invitations/acceptance', {
        body: { token, password: person.password },
      }),
    )
    people[person.key] = await signIn(url, person)
    if (people[person.key]?.staffId !== staffIds[person.key])
      throw new Error('The demo signed in as somebody else')
  }
  return people
}

async function invitationCode(inbox: readonly Mail[], email: string): Promise<string> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const code = inbox.findLast(({ to }) => to === email)?.text.match(/Code: (\S+)/)?.[1]
    if (code) return code
    await sleep(200)
  }
  throw new Error('The demo waited 30 s for the mail with an invitation')
}

async function describeStaff(
  { client }: DemoApi,
  data: DemoData,
  staffIds: Record<string, string>,
  { today }: DemoDays,
): Promise<void> {
  for (const { key, credentials = [], licenses = [], supervisor } of data.staff) {
    const staffId = staffIds[key]
    if (!staffId) continue
    const path = { staffId }
    for (const body of credentials)
      await answered(
        client.POST('/v1/staff-members/{staffId}/credentials', { params: { path, ...once() }, body }),
      )
    for (const { expiresInDays, ...license } of licenses) {
      const body = { ...license, expiresOn: today.add({ days: expiresInDays }).toString() }
      await answered(
        client.POST('/v1/staff-members/{staffId}/licenses', { params: { path, ...once() }, body }),
      )
    }
    if (supervisor) {
      const member = await answered(client.GET('/v1/staff-members/{staffId}', { params: { path } }))
      const supervisorId = staffIds[supervisor] ?? null
      await answered(
        client.PUT('/v1/staff-members/{staffId}/supervision', {
          params: { path, ...ifStill(member) },
          body: { supervisorId },
        }),
      )
    }
  }
}

async function loadPlaces({ client }: DemoApi, data: DemoData) {
  const roomIds: Record<string, string> = {}
  let locationId = ''
  for (const { rooms, ...body } of data.locations) {
    locationId = (await answered(client.POST('/v1/locations', { params: once(), body }))).id
    for (const room of rooms) {
      roomIds[room.name] = (
        await answered(
          client.POST('/v1/locations/{locationId}/rooms', {
            params: { path: { locationId }, ...once() },
            body: room,
          }),
        )
      ).id
    }
  }
  return { locationId, roomIds }
}

async function loadServices({ client }: DemoApi, data: DemoData): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const body of data.services)
    ids[body.name] = (await answered(client.POST('/v1/services', { params: once(), body }))).id
  return ids
}

export function person(practice: LoadedPractice, key: string): DemoApi & { staffId: string } {
  const found = practice.people[key]
  if (!found) throw new Error(`The demo has nobody called ${key}`)
  return found
}

/** Where a session is held, as bodies of bookings say it. */
export const placeIn = ({ locationId, roomIds }: LoadedPractice, { mode, room }: DemoPlace) =>
  mode === 'in_person' ? { mode, locationId, roomId: roomIds[room ?? ''] ?? '' } : { mode }

import type { Page } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { password, signIn, signUp } from './identity.ts'
import type { Caller } from './practice.ts'
import { type BookablePractice, createBookablePractice } from './scheduling.ts'
import type { TestApp } from './test-app.ts'
import { make } from './world/ground.ts'

/** What the front desk has before it: two clinicians with hours, two rooms, and clients. */
export interface Desk extends BookablePractice {
  owner: Caller
  email: string
  clinicians: [string, string]
  /** Robin, Sasha, and both as a couple. */
  robin: string
  sasha: string
  coupleId: string
  /** The Monday after the next, as the practice counts its days: its week is to come. */
  monday: Temporal.PlainDate
  /** An instant of that week: `at(0, '09:00')` is on its Monday. */
  at(day: number, time: string): string
  book(day: number, time: string, more?: Record<string, unknown>): Promise<{ id: string }>
}

const zone = 'America/Los_Angeles'

export async function createDesk(test: TestApp): Promise<Desk> {
  const { email, practiceId } = await signUp(test)
  const owner = await signIn(test, email)
  const staff = () => Promise.reject(new Error('The desk lays its own staff'))
  const bookable = await createBookablePractice(test, { id: practiceId, owner, test, staff })
  const clinician = async (givenName: string) => {
    const invited = {
      email: `${givenName}@practice.example`,
      givenName,
      familyName: 'Example',
      roles: ['clinician'],
    }
    const body = await make(owner, '/v1/staff-members', invited)
    await bookable.run(`update staff_members set status = 'active' where id = $1`, [body.id])
    const hours = [1, 2, 3, 4, 5].map(weekday => ({
      weekday,
      startsAt: '08:00',
      endsAt: '18:00',
      locationId: bookable.locationId,
      telehealth: true,
    }))
    await make(owner, `/v1/staff-members/${body.id}/working-hours`, { effectiveFrom: '2026-01-01', hours })
    return String(body.id)
  }
  const client = async (legalGivenName: string) => {
    return String((await make(owner, '/v1/clients', { legalGivenName, legalFamilyName: 'Example' })).id)
  }
  const clinicians: [string, string] = [await clinician('Avery'), await clinician('Blake')]
  const [robin, sasha] = [await client('Robin'), await client('Sasha')]
  const pair = { clientId: robin, partnerClientId: sasha }
  const couple = await make(owner, '/v1/couples', pair)
  const monday = mondayAfter(Temporal.Now.plainDateISO(zone))
  const at = (day: number, time: string) =>
    monday.add({ days: day }).toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant().toString()
  const book = async (day: number, time: string, more: Record<string, unknown> = {}) => {
    const body = {
      clientId: robin,
      serviceId: bookable.services.individual,
      clinicianId: clinicians[0],
      mode: 'in_person',
      locationId: bookable.locationId,
      roomId: bookable.rooms[0],
      startsAt: at(day, time),
      ...more,
    }
    return { id: String((await make(owner, '/v1/appointments', body)).id) }
  }
  return {
    ...bookable,
    owner,
    email,
    clinicians,
    robin,
    sasha,
    coupleId: String(couple.id),
    monday,
    at,
    book,
  }
}

/** The Monday after the next one. */
const mondayAfter = (day: Temporal.PlainDate) => day.add({ days: 15 - day.dayOfWeek })

/** Signs in on the board and turns to the week of the desk. */
export async function openBoard(page: Page, url: string, { email, monday }: Desk): Promise<void> {
  await page.goto(`${url}/board`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('main', { name: 'Calendar' }).waitFor()
  await page.getByLabel('Go to day').fill(monday.toString())
  const words = monday.toLocaleString('en-US', { weekday: 'long', month: 'long', day: 'numeric' })
  await page.getByRole('region', { name: words }).waitFor()
}

import type { Test } from 'tap'
import { createSmtpMailer } from '../../src/lib/mail.ts'
import { registerClient } from './clients.ts'
import { type Caller, createTestPractice, type TestPractice } from './practice.ts'
import { messagePolicy, setMessagePolicy } from './reminders.ts'
import { type BookablePractice, bookingsOf, createBookablePractice } from './scheduling.ts'
import { startSmtpServer } from './smtp-server.ts'
import { createTestApp } from './test-app.ts'
import { startTextGateway } from './text-gateway.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** Noon in Los Angeles, or a little later, some days from now. */
export const noon = (days: number, minutes = 0) => {
  const day = Math.floor(Date.now() / dayMs) * dayMs
  return new Date(day + days * dayMs + 20 * hourMs + minutes * 60_000)
}
export const before = (at: Date, ms: number) => new Date(at.getTime() - ms)

export const phone = { system: 'phone', value: '+15555550141', kind: 'mobile', primary: true }
export const email = { system: 'email', value: 'casey@client.example', kind: 'other', primary: true }
export const safe = {
  channels: ['text', 'email'],
  hours: null,
  neutralText: true,
  voicemailAllowed: false,
  danger: false,
}

interface Office {
  practice: TestPractice
  bookable: BookablePractice
  clinician: Caller
  client(details?: Record<string, unknown>, careTeam?: Caller): Promise<string>
  book(clientId: string, startsAt: Date, more?: Record<string, unknown>): Promise<Body>
  messages(query?: string): Promise<Body[]>
}

export type Body = Awaited<ReturnType<Caller['get']>>['body']

/** The service with a real mail server and a real gateway of text messages, and practices that write to their clients. */
export async function openMessageOffice(t: Test) {
  const [gateway, smtp] = [await startTextGateway(t), await startSmtpServer()]
  t.teardown(() => smtp.close())
  const test = await createTestApp(t, {
    env: { TEXT_GATEWAY_URL: gateway.url, TEXT_GATEWAY_TOKEN: 'fictional-token' },
  })
  const mailer = createSmtpMailer(smtp.url, 'Quiet Harbor <office@quiet-harbor.example>')
  Object.assign(test.house, { mailer })
  const office = async (policy: typeof messagePolicy | null = messagePolicy): Promise<Office> => {
    gateway.taken.length = 0
    gateway.answer = () => undefined
    smtp.taken.length = 0
    const practice = await createTestPractice(test)
    const clinician = await practice.staff(['clinician'])
    const bookable = await createBookablePractice(test, practice)
    await setMessagePolicy(practice, policy)
    const { owner } = practice
    return {
      practice,
      bookable,
      clinician,
      async client(details = {}, careTeam = clinician) {
        const person = { contactPoints: [phone, email], safeContact: safe, ...details }
        return (await registerClient(owner, { ...person, primaryClinicianId: careTeam.staffId })).id
      },
      async book(clientId, startsAt, more) {
        const reply = await bookingsOf(bookable, clinician, clientId).book(
          owner,
          startsAt.toISOString(),
          more,
        )
        if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
        return reply.body
      },
      messages: async (query = '') => (await owner.get(`/v1/client-messages${query}`)).body.data,
    }
  }
  return { test, gateway, smtp, office }
}

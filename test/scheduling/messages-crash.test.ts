import pg from 'pg'
import t from 'tap'
import { registerClient } from '../support/clients.ts'
import { createTestPractice } from '../support/practice.ts'
import { jobQueueOf } from '../support/proofs/crash/job-queue.ts'
import { isOver, killed, workersOn } from '../support/proofs/crash/workers.ts'
import { findDue, messagePolicy, setMessagePolicy, settled } from '../support/reminders.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { startSmtpServer } from '../support/smtp-server.ts'
import { createTestApp } from '../support/test-app.ts'
import { startTextGateway } from '../support/text-gateway.ts'
import { until } from '../support/until.ts'

// Workers are processes of their own here, and die as processes do: in the middle of handing a message over.

t.test('a worker that dies while it sends sends nothing twice, nor does the one after it', async t => {
  const [gateway, smtp] = [await startTextGateway(t), await startSmtpServer()]
  t.teardown(() => smtp.close())
  const test = await createTestApp(t)
  const admin = new pg.Client({ connectionString: test.adminUrl })
  admin.on('error', () => {})
  await admin.connect()
  t.teardown(() => admin.end())
  const queue = await jobQueueOf(t, test, admin)
  const workers = await workersOn(t, test)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const clinician = await practice.staff(['clinician'])
  // At any hour in which this test runs.
  await setMessagePolicy(practice, { ...messagePolicy, quietFrom: '00:00', quietUntil: '00:00' })
  const points = [
    ...Array.from({ length: 6 }, (_, n) => ({ system: 'phone', value: `+1555555014${n}`, kind: 'mobile' })),
    ...Array.from({ length: 6 }, (_, n) => ({
      system: 'email',
      value: `casey-${n}@client.example`,
      kind: 'other',
    })),
  ]
  for (const [index, point] of points.entries()) {
    const { id } = await registerClient(practice.owner, { contactPoints: [point] })
    const reply = await bookingsOf(bookable, clinician, id).book(practice.owner, at(20 + index, 17))
    t.equal(reply.status, 201)
  }
  await findDue(practice, settled())

  const orders = { smtpUrl: smtp.url, textUrl: gateway.url }
  const countsOf = async () => {
    const { rows } = await admin.query<{ status: string; count: number }>(
      'select status, count(*)::int as count from cairn.client_messages group by status',
    )
    return new Map(rows.map(({ status, count }) => [status, count]))
  }
  /** Ends the worker when it has handed over so many messages this way, before it hears that they were taken. */
  const dieAt = async (listen: (die: () => void) => void) => {
    const doomed = await workers.start(orders)
    listen(() => doomed.kill('SIGKILL'))
    await until('it dies', () => isOver(doomed))
    await queue.passTime('client-message')
  }
  await dieAt(die => {
    gateway.answer = () => {
      gateway.answer = () => undefined
      die()
      return undefined
    }
  })
  await dieAt(die => {
    smtp.onMessage = () => {
      smtp.onMessage = () => {}
      die()
    }
  })
  const successor = await workers.start(orders)
  await until('all is done', async () => {
    await queue.passTime('client-message')
    const counts = await countsOf()
    return !counts.has('queued') && !counts.has('sending')
  })
  await killed(successor)

  const taken = [
    ...gateway.taken.map(({ body }) => body.to),
    ...smtp.taken.map(({ text }) => receiverOf(text)),
  ]
  t.equal(new Set(taken).size, taken.length, 'nobody got anything twice')
  const counts = await countsOf()
  t.equal((counts.get('sent') ?? 0) + (counts.get('uncertain') ?? 0), points.length)
  t.ok((counts.get('uncertain') ?? 0) >= 2, 'what the dead left is known to be uncertain')
  t.ok(taken.length >= (counts.get('sent') ?? 0))
  const { body } = await practice.owner.get('/v1/client-messages?status=uncertain')
  t.equal(body.data.length, counts.get('uncertain'))
})

const receiverOf = (mail: string) => /^To: (\S+)$/m.exec(mail)?.[1] ?? ''

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { PracticeTransaction } from '../../src/lib/database/practice-transaction.ts'
import { createSmtpMailer } from '../../src/lib/mail.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { findDueMessages } from '../../src/modules/scheduling/index.ts'
import { day } from '../support/couples.ts'
import {
  type Body,
  before,
  dayMs,
  email,
  noon,
  openMessageOffice,
  phone,
  safe,
} from '../support/message-office.ts'
import { type Caller, createTestPractice, type TestPractice } from '../support/practice.ts'
import {
  findDue,
  messagePolicy,
  sendQueued,
  setMessagePolicy,
  settled,
  tellNow,
} from '../support/reminders.ts'
import { startSmtpServer } from '../support/smtp-server.ts'

const { test, gateway, office } = await openMessageOffice(t)

t.test('nothing tells of the care, of who gives it or of who else comes', async t => {
  const { practice, bookable, clinician, client, book, messages } = await office()
  const [one, two, endangered] = [
    await client({ legalGivenName: 'Robin', legalFamilyName: 'Uniquename' }),
    await client({
      contactPoints: [{ ...phone, value: '+15555550142' }],
      safeContact: { ...safe, neutralText: false },
    }),
    await client({
      contactPoints: [{ ...phone, value: '+15555550144' }],
      safeContact: { ...safe, danger: true },
    }),
  ]
  const link = async (clientId: string, partnerClientId: string): Promise<string> => {
    const body = { clientId, partnerClientId, primaryClinicianId: clinician.staffId }
    return (await practice.owner.post('/v1/couples', body, { key: randomUUID() })).body.id
  }
  const couple = await link(one, two)
  const other = await link(endangered, await client({ contactPoints: [{ ...phone, value: '+15555550145' }] }))
  const joint = { clientId: undefined, serviceId: bookable.services.couple }
  await book(one, noon(20), { ...joint, coupleId: couple })
  await book(one, noon(22), { ...joint, coupleId: other })
  await book(endangered, noon(23))
  await tellNow(practice, noon(1))
  const texts = new Map(gateway.taken.map(({ body }) => [body.to, body.text]))
  t.same([...texts.keys()].toSorted(), ['+15555550141', '+15555550142', '+15555550144', '+15555550145'])
  t.equal(
    gateway.taken.filter(({ body }) => body.to === '+15555550144').length,
    1,
    'whom contact endangers is told of their own time only',
  )
  t.notMatch(
    [...texts.values()].join(),
    /Uniquename|Robin|Casey|couple|session|Test clinician|Willow|Harbor/i,
  )
  const { body: shown } = await practice.owner.get('/v1/practice')
  t.ok(texts.get('+15555550142')?.includes(shown.name), 'only who does not mind hears who writes')
  t.notOk(texts.get('+15555550141')?.includes(shown.name))
  t.notMatch(test.logLines.join(''), /555555014|Your appointment/)

  const partnerTherapist = await practice.staff(['clinician'])
  await practice.owner.post(`/v1/charts/${await chartOf(practice, two)}/care-team`, {
    staffId: partnerTherapist.staffId,
    role: 'co_therapist',
  })
  const seenBy = async (caller: Caller, query = '') =>
    (await caller.get(`/v1/client-messages${query}`)).body.data.map(({ to }: Body) => to)
  t.equal((await messages()).length, 4)
  t.same(await seenBy(clinician), ['+15555550144'], 'joint ones show to the front desk')
  t.same(await seenBy(partnerTherapist), [])
  t.same(await seenBy(await practice.staff(['clinician'])), [])
  t.same(await seenBy(await practice.staff(['biller'])), [])
  t.same(await seenBy((await createTestPractice(test)).owner), [])
  t.same(await seenBy(practice.owner, `?clientId=${endangered}&status=sent`), ['+15555550144'])
  t.same(await seenBy(practice.owner, `?clientId=${endangered}&status=failed`), [])
})

t.test('whom contact endangers is told nothing of a couple’s time, also when the other has left', async t => {
  const { practice, bookable, clinician, client, book, messages } = await office()
  const endangered = await client({ safeContact: { ...safe, danger: true } })
  const other = await client({ contactPoints: [{ ...phone, value: '+15555550147' }] })
  const linked = { clientId: endangered, partnerClientId: other, primaryClinicianId: clinician.staffId }
  const { body: couple } = await practice.owner.post('/v1/couples', linked, { key: randomUUID() })
  const joint = { clientId: undefined, serviceId: bookable.services.couple, coupleId: couple.id }
  await book(endangered, noon(20), joint)
  const step = { status: 'separated', effectiveOn: day(), leavingClientIds: [other] }
  t.equal(
    (await practice.owner.post(`/v1/couples/${couple.id}/status-changes`, step, { ifMatch: 1 })).status,
    200,
  )
  await tellNow(practice, noon(1))
  t.same(await messages(), [])
  await book(endangered, noon(21))
  await tellNow(practice, noon(1))
  t.equal((await messages()).length, 1, 'of their own time they are told')
})

async function chartOf({ owner }: TestPractice, clientId: string): Promise<string> {
  const { body } = await owner.get(`/v1/charts?clientId=${clientId}`)
  return body.data.find((chart: Body) => chart.kind === 'individual').id
}

t.test('however many find it and send it at once, it goes out once', async t => {
  const { practice, client, book, messages } = await office()
  await book(await client(), noon(20))
  await Promise.all(Array.from({ length: 16 }, () => findDue(practice, noon(1))))
  t.equal((await messages()).length, 1)
  await Promise.all(Array.from({ length: 16 }, () => sendQueued(practice, noon(1))))
  t.equal(gateway.taken.length, 1)
  await Promise.all(
    Array.from({ length: 16 }, () => tellNow({ id: practice.id, test }, before(noon(20), dayMs))),
  )
  t.equal(gateway.taken.length, 2, 'the reminder too')
})

t.test('what was certainly not taken is tried again, and what may have been is not', async t => {
  const { practice, client, book, messages } = await office()
  const statusAfter = async (answer: typeof gateway.answer, rounds: number) => {
    gateway.answer = answer
    const clientId = await client()
    const sent = gateway.taken.length
    await book(clientId, noon(20 + sent))
    for (let round = 0; round < rounds; round++) await tellNow(practice, noon(1))
    const [{ status, to }] = await messages(`?clientId=${clientId}`)
    return [status, to, gateway.taken.length - sent]
  }
  let refusals = 2
  t.same(await statusAfter(() => (refusals-- > 0 ? 503 : 202), 5), ['sent', phone.value, 3])
  t.same(await statusAfter(() => 503, 9), ['failed', phone.value, 6])
  t.same(await statusAfter(() => 400, 3), ['failed', phone.value, 1])
  t.same(await statusAfter(() => 500, 3), ['uncertain', phone.value, 1])
  t.same(await statusAfter(() => 'hang up', 3), ['uncertain', phone.value, 1])
})

t.test('a mail server is treated alike', async t => {
  const { practice, client, book, messages } = await office()
  let refusal: string | undefined
  const refusing = await startSmtpServer({
    answerTo: command => (/^RCPT/i.test(command) ? refusal : undefined),
  })
  t.teardown(() => refusing.close())
  const house = { mailer: createSmtpMailer(refusing.url, 'office@quiet-harbor.example') }
  const statusAfter = async (given: string | undefined, rounds: number) => {
    refusal = given
    const clientId = await client({ contactPoints: [email] })
    await book(clientId, noon(30 + Number(given?.slice(0, 3) ?? 0) / 10))
    for (let round = 0; round < rounds; round++) await tellNow(practice, noon(1), house)
    return (await messages(`?clientId=${clientId}`))[0].status
  }
  t.equal(await statusAfter('451 later', 2), 'queued')
  t.equal(await statusAfter('550 nobody', 2), 'failed')
  t.equal(await statusAfter(undefined, 2), 'sent')
  t.notMatch(test.logLines.join(''), /client\.example/)
})

t.test('a practice that does not wish it writes to nobody', async t => {
  const { practice, bookable, client, book, messages } = await office(null)
  await book(await client(), noon(20))
  await tellNow(practice, noon(1))
  await tellNow(practice, before(noon(20), dayMs))
  t.same(await messages(), [])
  t.same(
    await bookable.run('select from untold_changes where practice_id = $1', [practice.id]),
    [],
    'and what happened until it does is not told afterwards',
  )
  await setMessagePolicy(practice, messagePolicy)
  await findDue(practice, before(noon(20), dayMs))
  await setMessagePolicy(practice, null)
  await sendQueued(practice, before(noon(20), dayMs))
  t.equal((await messages())[0].status, 'dropped', 'what is queued stops too')
  t.equal(gateway.taken.length, 0)
  const refused = async (clientMessages: unknown) => {
    const { body } = await practice.owner.get('/v1/practice')
    const patch = { policies: { clientMessages } }
    return (await practice.owner.patch('/v1/practice', patch, { ifMatch: body.version })).status
  }
  t.equal(await refused({ ...messagePolicy, reminderMinutes: [1] }), 400)
  t.equal(await refused({ ...messagePolicy, quietFrom: '25:00' }), 400)
  t.equal(await refused({ ...messagePolicy, channels: [] }), 400)
})

t.test('a constant number of statements, however much there is to tell', async t => {
  const { practice, client, book } = await office()
  const counted = async (times: number, from: number) => {
    for (let n = 0; n < times; n++) await book(await client(), noon(from + n))
    return statementsOf(practice)
  }
  t.equal(await counted(2, 20), await counted(9, 30))
})

/** How many statements a round of this practice takes. */
const statementsOf = ({ id, test: { house } }: TestPractice): Promise<number> =>
  inPractice(house.database, systemScope(id, 'test'), async trx => {
    let sent = 0
    const counting = new PracticeTransaction(trx.scope, house.database, query => {
      sent += 1
      return trx.executeQuery(query)
    })
    await findDueMessages(counting, settled())
    return sent + counting.queued.length
  })

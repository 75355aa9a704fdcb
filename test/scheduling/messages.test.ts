import t from 'tap'
import {
  type Body,
  before,
  dayMs,
  email,
  hourMs,
  noon,
  openMessageOffice,
  phone,
  safe,
} from '../support/message-office.ts'
import { findDue, messagePolicy, sendQueued, tellNow } from '../support/reminders.ts'

const { gateway, smtp, office } = await openMessageOffice(t)

t.test('clients are told of what is booked, moved and canceled, each once', async t => {
  const { practice, client, book, messages } = await office()
  const { owner } = practice
  const clientId = await client({ timeZone: 'America/New_York' })
  const startsAt = noon(20)
  const appointment = await book(clientId, startsAt)
  await tellNow(practice, new Date())
  t.equal(gateway.taken.length, 0, 'not before it has settled')
  for (let round = 0; round < 3; round++) await tellNow(practice, noon(1))
  t.equal(gateway.taken.length, 1)
  const [told] = gateway.taken
  t.equal(told?.body.to, phone.value)
  t.equal(told?.authorization, 'Bearer fictional-token')
  t.equal(told?.key, told?.body.id)
  t.match(told?.body.text, /^Your appointment is booked for \w{3}, \w{3} \d+.*, [34]:00 PM E[SD]T\.$/)

  const url = `/v1/appointments/${appointment.id}`
  await owner.patch(url, { startsAt: noon(21).toISOString() }, { ifMatch: 1 })
  await owner.post(`${url}/confirmation`, undefined, { ifMatch: 2 })
  for (let round = 0; round < 2; round++) await tellNow(practice, noon(1))
  t.match(gateway.taken[1]?.body.text, /^Your appointment is now on /)
  await owner.post(
    `${url}/cancellation`,
    { reasonCode: 'illness', by: 'practice', note: 'The dog ate it (fictional).' },
    { ifMatch: 3 },
  )
  for (let round = 0; round < 2; round++) await tellNow(practice, noon(1))
  t.match(gateway.taken[2]?.body.text, /^Canceled: your appointment on /)
  await owner.delete(`${url}/cancellation`, { ifMatch: 4 })
  await tellNow(practice, noon(1))
  t.match(gateway.taken[3]?.body.text, /^Your appointment is booked for /)
  t.equal(gateway.taken.length, 4)
  const shown = await messages()
  t.same(
    shown.map(({ kind, status, channel, to }: Body) => [kind, status, channel, to]),
    Array.from({ length: 4 }, () => ['change', 'sent', 'text', phone.value]),
  )
  t.same(shown[0].items, [{ what: 'booked', kind: 'appointment', startsAt: noon(21).toISOString() }])
  t.equal(shown[3].text, told?.body.text)
})

t.test('what comes to nothing before it has settled is told to nobody', async t => {
  const { practice, bookable, client, book, messages } = await office()
  const appointment = await book(await client(), noon(20))
  const url = `/v1/appointments/${appointment.id}`
  await practice.owner.post(`${url}/cancellation`, { reasonCode: 'illness', by: 'client' }, { ifMatch: 1 })
  await tellNow(practice, noon(1))
  t.same(await messages(), [])
  t.equal(gateway.taken.length, 0)
  t.same(await bookable.run('select from untold_changes where practice_id = $1', [practice.id]), [])
})

t.test('several times that are booked together are told together', async t => {
  const { practice, client, book } = await office()
  const [one, two] = [await client(), await client({ contactPoints: [{ ...phone, value: '+15555550142' }] })]
  for (const days of [20, 27, 34]) await book(one, noon(days))
  await book(two, noon(21))
  await tellNow(practice, noon(1))
  const texts = new Map(gateway.taken.map(({ body }) => [body.to, body.text.split('\n')]))
  t.equal(gateway.taken.length, 2)
  t.equal(texts.get(phone.value)?.length, 4)
  t.equal(texts.get('+15555550142')?.length, 1)
})

t.test('a reminder goes out once, by what is booked when it is sent', async t => {
  const { practice, bookable, client, book, messages } = await office({ ...messagePolicy, changes: false })
  const { owner } = practice
  const [kept, moved, canceled] = [await client(), await client(), await client()]
  await book(kept, noon(5))
  const toMove = await book(moved, noon(5, 60))
  const toCancel = await book(canceled, noon(5, 120))
  const due = before(noon(5), dayMs - 3 * hourMs)
  await tellNow(practice, before(noon(5), dayMs + 4 * hourMs))
  t.equal(gateway.taken.length, 0, 'not before its time')
  await findDue(practice, due)
  await owner.patch(`/v1/appointments/${toMove.id}`, { startsAt: noon(8).toISOString() }, { ifMatch: 1 })
  await owner.post(
    `/v1/appointments/${toCancel.id}/cancellation`,
    { reasonCode: 'illness', by: 'client' },
    { ifMatch: 1 },
  )
  await sendQueued(practice, due)
  for (let round = 0; round < 3; round++) await tellNow(practice, due)
  t.equal(gateway.taken.length, 1, 'what was moved or canceled is not reminded of')
  t.match(gateway.taken[0]?.body.text, /^Reminder: your appointment is on .*, (12|1):00 PM P[SD]T\.$/)
  t.same((await messages()).map(({ status }: Body) => status).toSorted(), ['dropped', 'dropped', 'sent'])
  await tellNow(practice, before(noon(5), 2 * hourMs))
  t.equal(gateway.taken.length, 2, 'the nearer reminder')
  await tellNow(practice, before(noon(8), dayMs))
  t.equal(gateway.taken.length, 3, 'what was moved is reminded of at its new time')
  t.same(await bookable.run('select from untold_changes where practice_id = $1', [practice.id]), [])
})

t.test('nobody is written to in their quiet hours', async t => {
  const policy = { ...messagePolicy, quietFrom: '10:00', quietUntil: '15:00' }
  const { practice, bookable, client, book, messages } = await office(policy)
  // Noon in Los Angeles is quiet; in New York it is three in the afternoon.
  const [west, east] = [await client(), await client({ timeZone: 'America/New_York' })]
  for (const [index, clientId] of [west, east].entries()) await book(clientId, noon(9, index * 60))
  await tellNow(practice, noon(1, 5))
  t.equal(gateway.taken.length, 1)
  t.equal((await messages(`?clientId=${west}`))[0].status, 'queued')
  const [later] = await bookable.run(
    `select round(extract(epoch from run_after - now()) / 60) as minutes from outbox
     where practice_id = $1 and kind = 'client-message' order by run_after desc limit 1`,
    [practice.id],
  )
  // At noon in winter, at one in summer.
  t.ok([175, 115].includes(Number(later?.minutes)), 'it is tried again when the quiet is over')
  await sendQueued(practice, noon(1, 180))
  t.equal(gateway.taken.length, 2)
  const reminders = before(noon(9), dayMs)
  await tellNow(practice, reminders)
  t.equal(gateway.taken.length, 2, 'the first reminder comes an hour later in the east')
  await tellNow(practice, new Date(reminders.getTime() + 3 * hourMs))
  t.equal(gateway.taken.length, 4)
})

t.test('safe contact decides whether, how and where', async t => {
  const { practice, client, book, messages } = await office()
  const home = { ...phone, kind: 'home', value: '+15555550143' }
  const table: [string, Record<string, unknown>, 'text' | 'email' | null][] = [
    ['text first', {}, 'text'],
    ['no text', { safeContact: { ...safe, channels: ['email', 'phone'] } }, 'email'],
    ['no mobile', { contactPoints: [home, email] }, 'email'],
    ['mail only', { contactPoints: [email] }, 'email'],
    ['calls only', { safeContact: { ...safe, channels: ['phone'] } }, null],
    ['no way', { safeContact: { ...safe, channels: [] } }, null],
    [
      'unusable',
      {
        contactPoints: [
          { ...phone, usable: false },
          { ...email, usable: false },
        ],
      },
      null,
    ],
    ['at other hours', { safeContact: { ...safe, hours: { from: '06:00', to: '07:00' } } }, null],
    ['in danger', { safeContact: { ...safe, danger: true } }, 'text'],
  ]
  for (const [index, [name, details, channel]] of table.entries()) {
    const clientId = await client(details)
    await book(clientId, noon(20 + index))
    await tellNow(practice, noon(1))
    const [message] = await messages(`?clientId=${clientId}`)
    t.equal(message?.status === 'sent' ? message.channel : null, channel, name)
  }
  t.equal(gateway.taken.length, 2)
  t.equal(smtp.taken.length, 3)
  for (const { text } of smtp.taken) {
    t.match(text, /^To: casey@client\.example$/m)
    t.match(text, /^Subject: Your appointment$/m)
  }
})

import ICAL from 'ical.js'
import t from 'tap'
import { createGroupPractice, makeGroup, meetings, post } from '../support/groups.ts'
import { intensivesOf } from '../support/intensives.ts'
import { createTestPractice, type TestPractice } from '../support/practice.ts'
import { messagePolicy, setMessagePolicy, settled, tellNow } from '../support/reminders.ts'
import { at, createBookablePractice } from '../support/scheduling.ts'
import { datesOf, seriesOf } from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'
import { startTextGateway } from '../support/text-gateway.ts'

// What is booked in other ways than one by one: series, blocks of an intensive and meetings of a group.

const gateway = await startTextGateway(t)
const test = await createTestApp(t, { env: { TEXT_GATEWAY_URL: gateway.url } })

async function newPractice(): Promise<TestPractice> {
  gateway.taken.length = 0
  const practice = await createTestPractice(test)
  await setMessagePolicy(practice, { ...messagePolicy, quietFrom: '00:00', quietUntil: '00:00' })
  return practice
}

type Ground = Awaited<ReturnType<typeof createBookablePractice>>

/** Gives a client a mobile phone. */
const reachedAt = ({ run }: Ground, { id }: TestPractice, clientId: string, value: string) =>
  run(
    `insert into client_contact_points (practice_id, client_id, position, system, value, value_normalized, kind, is_primary, usable)
     values ($1, $2, 0, 'phone', $3, $3, 'mobile', true, true)`,
    [id, clientId, value],
  )

const textsTo = (to: string) =>
  gateway.taken.filter(({ body }) => body.to === to).map(({ body }) => body.text.split('\n'))

async function feedOf({ owner }: TestPractice, of: Record<string, string>) {
  const { body } = await post(owner, '/v1/calendar-feeds', of)
  return async () => {
    const { payload } = await test.app.inject({ method: 'GET', url: body.path })
    return new ICAL.Component(ICAL.parse(payload)).getAllSubcomponents('vevent').map(event => ({
      uid: String(event.getFirstPropertyValue('uid')),
      status: String(event.getFirstPropertyValue('status')),
      sequence: Number(event.getFirstPropertyValue('sequence')),
    }))
  }
}

t.test('a series is told of in one message, and so is its end', async t => {
  const practice = await newPractice()
  const bookable = await createBookablePractice(test, practice)
  const clinician = await practice.staff(['clinician'])
  const { clientId } = await bookable.client([clinician])
  await reachedAt(bookable, practice, clientId, '+15555550151')
  const feed = await feedOf(practice, { clientId })
  const booked = await seriesOf(bookable, clinician, clientId).book(practice.owner)
  t.equal(datesOf(booked).length, 8)
  for (let round = 0; round < 2; round++) await tellNow(practice, settled())
  t.equal(gateway.taken.length, 1)
  t.equal(textsTo('+15555550151')[0]?.filter(line => line.startsWith('Booked: ')).length, 8)
  t.equal((await feed()).length, 8)
  const { id, version } = booked.body.series
  const url = `/v1/appointment-series/${id}/cancellation`
  const canceled = await practice.owner.post(
    url,
    { reasonCode: 'illness', by: 'client' },
    { ifMatch: version },
  )
  t.equal(canceled.status, 200, JSON.stringify(canceled.body))
  for (let round = 0; round < 2; round++) await tellNow(practice, settled())
  t.equal(textsTo('+15555550151')[1]?.filter(line => line.startsWith('Canceled: ')).length, 8)
  t.ok((await feed()).every(({ status, sequence }) => status === 'CANCELLED' && sequence > 0))
})

t.test('each of a couple is told of the own and the joint blocks of an intensive', async t => {
  const practice = await newPractice()
  const bookable = await createBookablePractice(test, practice)
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const [a, b] = [await bookable.client([clinician]), await bookable.client([clinician])]
  await reachedAt(bookable, practice, a.clientId, '+15555550152')
  await reachedAt(bookable, practice, b.clientId, '+15555550153')
  const { coupleId } = await bookable.couple([a.clientId, b.clientId], [clinician])
  const { planned, book, step, must } = await intensivesOf(bookable, practice, clinician)
  const [ofA, ofB, ofColleague] = [
    await feedOf(practice, { clientId: a.clientId }),
    await feedOf(practice, { clientId: b.clientId }),
    await feedOf(practice, { staffId: colleague.staffId }),
  ]
  const id = await planned(practice.owner, { coupleId }, [
    { startsAt: at(40, 17) },
    { startsAt: at(40, 18), kind: 'individual', participants: ['a'] },
    {
      startsAt: at(40, 19),
      kind: 'individual',
      participants: ['b'],
      clinicianIds: [colleague.staffId],
      roomId: bookable.rooms[1],
    },
  ])
  await tellNow(practice, settled())
  t.equal(gateway.taken.length, 0, 'what is only planned is told to nobody')
  t.same(await ofA(), [])
  await must(book(practice.owner, id))
  for (let round = 0; round < 2; round++) await tellNow(practice, settled())
  // The joint block apart from the own one: what is linked to somebody else has rules of its own.
  t.equal(textsTo('+15555550152').length, 2)
  t.equal(textsTo('+15555550153').length, 2)
  const [one, two, three] = [await ofA(), await ofB(), await ofColleague()]
  t.same([one.length, two.length, three.length], [2, 2, 1])
  t.equal(one.filter(({ uid }) => two.some(other => other.uid === uid)).length, 1, 'they share the joint one')
  await must(step(practice.owner, id, 'cancellation', { reasonCode: 'illness', by: 'client' }))
  for (let round = 0; round < 2; round++) await tellNow(practice, settled())
  t.equal(
    textsTo('+15555550152')
      .flat()
      .filter(line => line.startsWith('Canceled: ')).length,
    2,
  )
  t.ok([...(await ofA()), ...(await ofB())].every(({ status }) => status === 'CANCELLED'))
  const reminded = gateway.taken.length
  await tellNow(practice, new Date(at(39, 17)))
  t.equal(gateway.taken.length, reminded, 'nobody is reminded of it')
})

t.test('members of a group are told of its meetings, without a word of the group', async t => {
  const practice = await newPractice()
  const ground = await createGroupPractice(test, practice)
  const { group, url } = await makeGroup(ground)
  for (const [index, value] of ['+15555550154', '+15555550155'].entries()) {
    const { clientId } = await ground.client([ground.leader])
    await reachedAt(ground, practice, clientId, value)
    const joined = await post(ground.desk, `${url}/members`, { clientId })
    t.equal(joined.status, 201, `${index} ${JSON.stringify(joined.body)}`)
  }
  const feed = await feedOf(practice, { staffId: ground.leader.staffId })
  const { body, status } = await post(ground.desk, `${url}/meetings`, meetings(ground, { weeks: 3 }))
  t.equal(status, 201, JSON.stringify(body))
  await tellNow(practice, settled())
  for (const to of ['+15555550154', '+15555550155']) t.equal(textsTo(to)[0]?.length, 4)
  t.notMatch(JSON.stringify(gateway.taken), /group|evening/i)
  t.equal((await feed()).length, 3)
  t.ok(group)
  const [first] = body.meetings
  const startsAt = new Date(first.startsAt).getTime()
  await tellNow(practice, new Date(startsAt - 24 * 3_600_000))
  t.match(textsTo('+15555550154')[1]?.[0], /^Reminder: /)
  const canceled = await post(
    ground.desk,
    `/v1/group-meetings/${first.id}/cancellation`,
    { reasonCode: 'illness' },
    1,
  )
  t.equal(canceled.status, 200, JSON.stringify(canceled.body))
  await tellNow(practice, settled())
  t.match(textsTo('+15555550154')[2]?.[0], /^Canceled: /)
  await tellNow(practice, new Date(startsAt - 2 * 3_600_000))
  t.equal(textsTo('+15555550154').length, 3, 'and are not reminded of what was canceled')
})

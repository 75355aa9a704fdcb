import { randomUUID } from 'node:crypto'
import t from 'tap'
import { workOnOpening } from '../../src/modules/scheduling/index.ts'
import { makeGroup, post } from '../support/groups.ts'
import {
  before,
  dayMs,
  email,
  hourMs,
  noon,
  openMessageOffice,
  phone,
  safe,
} from '../support/message-office.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { settled, tellNow } from '../support/reminders.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'
import { createWaitingPractice } from '../support/waitlist.ts'

t.test('a client’s own offers', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const ground = await createWaitingPractice(test, practice)
  const { desk, leader, wait } = ground
  const people = await ground.people(6, leader)
  const [nobody = '', a = '', b = '', c = '', d = '', e = ''] = people
  const portal = (clientId: string) => portalCaller(practice, clientId)
  const [portalA, portalB] = [await portal(a), await portal(b)]
  const { book } = bookingsOf(ground, leader, nobody)
  const free = async (startsAt: string, more: object = {}) => {
    const { body } = await book(desk, startsAt, { ...more })
    const gone = { reasonCode: 'illness', by: 'client' }
    await desk.post(`/v1/appointments/${body.id}/cancellation`, gone, { ifMatch: 1 })
    await ground.work()
  }
  const list = async (by: Caller, query = '') =>
    (await by.get(`/v1/portal/waitlist-offers${query}`)).body.data
  const accept = (by: Caller, { id, version }: { id: string; version: number }, key: string = randomUUID()) =>
    by.post(`/v1/portal/waitlist-offers/${id}/acceptance`, undefined, { key, ifMatch: version })
  const decline = (by: Caller, { id, version }: { id: string; version: number }) =>
    by.post(`/v1/portal/waitlist-offers/${id}/refusal`, undefined, { ifMatch: version })

  t.afterEach(async () => {
    for (const { id, version } of (await desk.get('/v1/waitlist-entries?status=waiting&limit=200')).body.data)
      await desk.post(`/v1/waitlist-entries/${id}/withdrawal`, undefined, { ifMatch: version })
  })

  t.test('accepting books, once; nobody else sees or answers it', async t => {
    const entry = await wait(a)
    await free(at(10, 17))
    const [offer] = await list(portalA)
    t.match(offer, {
      slot: { startsAt: at(10, 17), endsAt: at(10, 17, 50), mode: 'in_person' },
      status: 'open',
    })
    t.notMatch(JSON.stringify(offer), leader.staffId)
    t.same(await list(portalB), [])
    t.equal((await accept(portalB, offer)).status, 404)
    t.equal((await decline(portalB, offer)).status, 404)
    t.equal((await accept(leader, offer)).status, 403)
    t.equal((await accept(portalA, { ...offer, version: 7 })).status, 412)
    const key = randomUUID()
    const replies = await Promise.all([1, 2, 3].map(() => accept(portalA, offer, key)))
    t.same(
      replies.map(({ status }) => status),
      [200, 200, 200],
    )
    t.match(replies[0]?.body, { status: 'accepted', version: 2 })
    t.equal((await accept(portalA, offer)).body.code, 'invalid-state')
    const { appointmentId, status } = (await desk.get(`/v1/waitlist-entries/${entry.id}`)).body
    t.equal(status, 'booked')
    t.match((await desk.get(`/v1/appointments/${appointmentId}`)).body, { clientId: a, startsAt: at(10, 17) })
    t.match((await portalA.get('/v1/portal/appointments')).body.data, [{ id: appointmentId }])
    t.same((await list(portalA, '?status=open')).length, 0)
  })

  t.test('declining gives the next their turn; what was taken meanwhile is refused', async t => {
    await wait(a)
    await wait(b)
    await free(at(11, 17))
    const [offer] = await list(portalA, '?status=open')
    t.match(await decline(portalA, offer), { status: 200, body: { status: 'declined' } })
    await ground.work()
    const [next] = await list(portalB, '?status=open')
    t.equal((await book(desk, at(11, 17))).status, 201)
    t.match(await accept(portalB, next), {
      status: 409,
      body: { code: 'resource-busy', resource: 'unspecified', appointmentId: undefined },
    })
  })

  t.test('a couple’s offer is to each of them; a partner’s own is not', async t => {
    const { coupleId } = await ground.couple([c, d], [leader])
    await wait('', { clientId: undefined, coupleId, serviceId: ground.services.couple })
    await free(at(12, 17))
    const [portalC, portalD] = [await portal(c), await portal(d)]
    const [forC, forD] = [await list(portalC), await list(portalD)]
    t.equal(forC[0].id, forD[0].id)
    const answers = await Promise.all([accept(portalC, forC[0]), accept(portalD, forD[0])])
    t.same(answers.map(({ status }) => status).sort(), [200, 409])
    await wait(c)
    await free(at(13, 17))
    t.equal((await list(portalC, '?status=open')).length, 1)
    t.same(await list(portalD, '?status=open'), [])
  })

  t.test('a seat is offered without a word of the group, and taken', async t => {
    const { group, url } = await makeGroup(ground, { capacity: 1 })
    const member = await post(desk, `${url}/members`, { clientId: nobody })
    await wait(e, { serviceId: undefined, groupId: group.id })
    await post(desk, `${url}/members/${member.body.id}/departure`, { reasonCode: 'completed' })
    await ground.work()
    const portalE = await portal(e)
    const [offer] = await list(portalE)
    t.match(offer, { slot: null, status: 'open' })
    t.notMatch(JSON.stringify(offer), group.id)
    t.equal((await accept(portalE, offer)).status, 200)
    t.match((await desk.get(url)).body.seats, { taken: 1, free: 0 })
    const history = (await desk.get(`${url}/changes`)).body.data
    t.match(history.at(-1), { kind: 'member_joined', recordedById: null })
  })
})

t.test('clients are told of offers', async t => {
  const { test, gateway, office } = await openMessageOffice(t)
  const { practice, clinician, client, book, bookable } = await office()
  const { owner } = practice
  const weekly = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({
    weekday,
    startsAt: '00:00',
    endsAt: '24:00',
    locationId: bookable.locationId,
    telehealth: true,
  }))
  await owner.post(`/v1/staff-members/${clinician.staffId}/working-hours`, {
    effectiveFrom: '2026-01-01',
    hours: weekly,
  })
  const nobody = await client({ contactPoints: [] })
  const wait = async (clientId: string) =>
    (
      await post(owner, '/v1/waitlist-entries', {
        clientId,
        serviceId: bookable.services.individual,
        priority: 'routine',
      })
    ).body
  const free = async (startsAt: Date) => {
    const { id } = await book(nobody, startsAt)
    const gone = { reasonCode: 'illness', by: 'client' }
    await owner.post(`/v1/appointments/${id}/cancellation`, gone, { ifMatch: 1 })
    const rows = await bookable.run(
      "update outbox set done_at = now() where practice_id = $1 and kind = 'waitlist-opening' and done_at is null and run_after <= now() returning subject_id",
      [practice.id],
    )
    for (const row of rows) await workOnOpening(test.house, practice.id, String(row.subject_id))
  }
  /** So late, on some clock, that no hour is quiet, and offers still stand. */
  const awake = async () => {
    const now = settled()
    await bookable.run(
      `update practices set policies = jsonb_set(policies, '{clientMessages}', policies -> 'clientMessages' || '{"quietFrom": "00:00", "quietUntil": "00:00"}') where practice_id = $1`,
      [practice.id],
    )
    return now
  }
  const now = await awake()

  t.test('in neutral words, by the own settings, once', async t => {
    const clientId = await client({ contactPoints: [phone, email], safeContact: safe })
    const entry = await wait(clientId)
    await free(noon(9))
    await tellNow(practice, now)
    await tellNow(practice, now)
    t.equal(gateway.taken.length, 1)
    t.match(gateway.taken[0]?.body.text, /^An appointment that you wait for is free\. Please answer by /)
    t.notMatch(gateway.taken[0]?.body.text, /Harbor|session|Willow/)
    const { data } = (await owner.get(`/v1/client-messages?clientId=${clientId}`)).body
    t.match(data, [{ kind: 'change', status: 'sent', items: [{ kind: 'waitlist_offer', what: 'offered' }] }])
    await owner.post(`/v1/waitlist-entries/${entry.id}/withdrawal`, undefined, { ifMatch: 1 })
    await tellNow(practice, now)
    t.equal(gateway.taken.length, 1, 'of its end nothing is said')
  })

  t.test('not to who must not be written to, nor of what stands no more when it is sent', async t => {
    gateway.taken.length = 0
    const silent = await client({ safeContact: { ...safe, channels: [] } })
    const entry = await wait(silent)
    await free(noon(10))
    await tellNow(practice, now)
    t.same(gateway.taken, [])
    await owner.post(`/v1/waitlist-entries/${entry.id}/withdrawal`, undefined, { ifMatch: 1 })
    const late = await wait(await client())
    await free(noon(11))
    await owner.post(`/v1/waitlist-entries/${late.id}/withdrawal`, undefined, { ifMatch: 1 })
    await tellNow(practice, now)
    t.same(gateway.taken, [])
  })

  t.test('a reminder that waited while its appointment was confirmed is sent all the same', async t => {
    gateway.taken.length = 0
    const clientId = await client()
    const startsAt = noon(14)
    const { id } = await book(clientId, startsAt)
    await bookable.run(
      "update appointments set created_at = now() - interval '3 days', updated_at = $2 where id = $1",
      [id, before(startsAt, 20 * hourMs)],
    )
    await bookable.run('delete from untold_changes where practice_id = $1', [practice.id])
    await bookable.run('update appointments set created_at = $2 where id = $1', [
      id,
      before(startsAt, 3 * dayMs),
    ])
    await tellNow(practice, before(startsAt, 19 * hourMs))
    await tellNow(practice, before(startsAt, 18 * hourMs))
    t.equal(gateway.taken.length, 1)
    t.match(gateway.taken[0]?.body.text, /^Reminder/)
  })
})

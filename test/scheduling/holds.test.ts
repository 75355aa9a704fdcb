import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createPool } from '../../src/lib/database/connect.ts'
import { keepHouse } from '../../src/lib/jobs/housekeeping.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const count = (replies: Reply[], status: number) => replies.filter(reply => reply.status === status).length

t.test('holds', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const [desk, other] = [await practice.staff(['admin']), await practice.staff(['admin'])]
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const { clientId } = await bookable.client([clinician, colleague])
  const { book } = bookingsOf(bookable, clinician, clientId)

  const hold = (by: Caller, startsAt: string, more: object = {}) =>
    by.post(
      '/v1/slot-holds',
      {
        serviceId: bookable.services.individual,
        clinicianIds: [clinician.staffId],
        mode: 'in_person',
        locationId: bookable.locationId,
        roomId: bookable.rooms[0],
        startsAt,
        ...more,
      },
      { key: randomUUID() },
    )
  const expire = (id: string) =>
    bookable.run(
      `with held as (update slot_holds set expires_at = now() - interval '1 second' where id = $1 returning id)
       update reservations set expires_at = now() - interval '1 second' where holder_id in (select id from held)`,
      [id],
    )
  const reservations = (id: string) =>
    bookable.run('select resource_kind from reservations where holder_id = $1 order by 1', [id])

  t.test('a hold keeps clinician, room and client from others until it is released', async t => {
    const { status, body, headers } = await hold(desk, at(10, 17), { clientId, minutes: 5 })
    t.equal(status, 201, JSON.stringify(body))
    t.equal(headers.location, `/v1/slot-holds/${body.id}`)
    t.match(body, {
      status: 'held',
      startsAt: at(10, 17),
      endsAt: at(10, 17, 50),
      clinicianIds: [clinician.staffId],
    })
    t.equal(Math.round((Date.parse(body.expiresAt) - Date.now()) / 60_000), 5)
    t.notOk('clientId' in body, 'it does not say for whom')
    t.equal((await reservations(body.id)).length, 3)
    t.equal((await book(other, at(10, 17, 30))).body.code, 'resource-busy')
    t.equal(
      (await hold(other, at(10, 17), { clinicianIds: [colleague.staffId] })).body.code,
      'resource-busy',
      'the room',
    )
    const own = { clinicianIds: [colleague.staffId], roomId: bookable.rooms[1] }
    t.equal((await hold(other, at(10, 17), { ...own, clientId })).body.code, 'resource-busy', 'the client')
    t.same((await other.get(`/v1/slot-holds/${body.id}`)).body, body)
    t.equal((await other.delete(`/v1/slot-holds/${body.id}`)).status, 204)
    t.equal((await other.delete(`/v1/slot-holds/${body.id}`)).body.code, 'invalid-state', 'once only')
    t.equal((await desk.get(`/v1/slot-holds/${body.id}`)).body.status, 'released')
    t.equal((await book(other, at(10, 17, 30))).status, 201)
  })

  t.test('a booking takes the place of the hold that it names, once', async t => {
    const { body } = await hold(desk, at(11, 17), { clientId })
    t.equal((await book(desk, at(11, 17))).status, 409)
    const booked = await book(desk, at(11, 17), { slotHoldId: body.id })
    t.equal(booked.status, 201, JSON.stringify(booked.body))
    t.same(await reservations(body.id), [])
    t.equal((await desk.get(`/v1/slot-holds/${body.id}`)).body.status, 'booked')
    t.equal((await book(desk, at(11, 20), { slotHoldId: body.id })).body.code, 'invalid-state')
    t.equal((await desk.delete(`/v1/slot-holds/${body.id}`)).body.code, 'invalid-state')
    t.equal((await book(desk, at(11, 20), { slotHoldId: randomUUID() })).body.code, 'unknown-reference')
  })

  t.test('a booking that fails leaves its hold as it was', async t => {
    t.equal((await book(desk, at(12, 19))).status, 201)
    const { body } = await hold(desk, at(12, 17), { clientId })
    t.equal((await book(desk, at(12, 19), { slotHoldId: body.id })).body.code, 'resource-busy')
    t.equal((await desk.get(`/v1/slot-holds/${body.id}`)).body.status, 'held')
    t.equal((await book(other, at(12, 17))).status, 409)
  })

  t.test('a hold ends by itself: whoever is first then gets the slot', async t => {
    const { body } = await hold(desk, at(13, 17), { clientId })
    await expire(body.id)
    t.equal((await desk.get(`/v1/slot-holds/${body.id}`)).body.status, 'expired')
    t.equal((await book(other, at(13, 17))).status, 201)
    t.equal((await book(desk, at(13, 17), { slotHoldId: body.id })).body.code, 'resource-busy')
    const late = (await hold(desk, at(13, 20), { clientId })).body
    await expire(late.id)
    t.equal((await book(desk, at(13, 20), { slotHoldId: late.id })).status, 201, 'nobody was faster')
  })

  t.test('a hold is of who made it, and of the front desk', async t => {
    const own = (await hold(clinician, at(14, 17), { clientId })).body
    t.equal((await clinician.get(`/v1/slot-holds/${own.id}`)).status, 200)
    t.equal((await desk.get(`/v1/slot-holds/${own.id}`)).status, 200)
    const foreign = await createTestPractice(test)
    for (const by of [colleague, foreign.owner, await practice.staff(['biller'])])
      t.equal((await by.get(`/v1/slot-holds/${own.id}`)).status, 404)
    t.equal((await colleague.delete(`/v1/slot-holds/${own.id}`)).status, 404)
    const bookedByColleague = await bookingsOf(bookable, colleague, clientId).book(colleague, at(14, 21), {
      slotHoldId: own.id,
    })
    t.equal(bookedByColleague.body.code, 'unknown-reference')
    t.equal((await hold(colleague, at(14, 19))).status, 403, 'another clinician’s calendar')
  })

  t.test('what cannot be booked cannot be held', async t => {
    const refused = async (more: object, code: string, pointer: string) => {
      const { body } = await hold(desk, at(15, 17), more)
      t.same([body.code, body.errors?.[0]?.pointer], [code, pointer], JSON.stringify(body))
    }
    await refused({ clinicianIds: [desk.staffId] }, 'unknown-reference', '/clinicianIds')
    await refused({ clinicianIds: [clinician.staffId, randomUUID()] }, 'unknown-reference', '/clinicianIds')
    await refused({ serviceId: randomUUID() }, 'unknown-reference', '/serviceId')
    await refused({ serviceId: bookable.services.couple, clientId }, 'invalid-request', '/serviceId')
    await refused({ clientId: randomUUID() }, 'unknown-reference', '/clientId')
    await refused({ locationId: null, roomId: null }, 'invalid-request', '/locationId')
    await refused({ mode: 'telehealth' }, 'invalid-request', '/locationId')
    await refused({ startsAt: at(-1, 12) }, 'invalid-request', '/startsAt')
    t.equal((await hold(desk, at(15, 17), { minutes: 61 })).status, 400)
  })

  t.test('nobody holds a whole calendar', async t => {
    const hoarder = await practice.staff(['admin'])
    const replies = []
    for (let slot = 0; slot < 21; slot++) replies.push(await hold(hoarder, at(40 + slot, 17)))
    t.equal(count(replies, 201), 20)
    t.equal(replies.at(-1)?.body.code, 'conflict')
  })

  t.test('two clinicians are held together or not at all', async t => {
    t.equal((await bookingsOf(bookable, colleague, clientId).book(desk, at(16, 17))).status, 201)
    const both = { clinicianIds: [clinician.staffId, colleague.staffId] }
    t.equal((await hold(desk, at(16, 17), { ...both, roomId: bookable.rooms[1] })).status, 409)
    const made = await hold(desk, at(16, 18), both)
    t.equal(made.status, 201)
    t.equal((await reservations(made.body.id)).length, 3)
  })

  t.test('housekeeping takes away what ended days ago, and what it had reserved', async t => {
    const [old, recent] = [(await hold(desk, at(30, 17))).body, (await hold(desk, at(30, 19))).body]
    await expire(recent.id)
    await bookable.run("update slot_holds set expires_at = now() - interval '2 days' where id = $1", [old.id])
    const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
    await keepHouse(test.house, relay)
    await relay.end()
    t.equal((await desk.get(`/v1/slot-holds/${old.id}`)).status, 404)
    t.same(await reservations(old.id), [])
    t.equal((await desk.get(`/v1/slot-holds/${recent.id}`)).body.status, 'expired')
    t.equal((await book(desk, at(30, 20))).status, 201)
    t.notMatch(test.logLines.join(''), /"level":"error"/)
  })

  t.test('16 clients want one slot: one gets it, the others are told', async t => {
    const desks = await Promise.all(Array.from({ length: 16 }, () => practice.staff(['admin'])))
    const races = [20, 21, 22].map(async day => {
      const replies = await Promise.all(
        desks.map((by, index) =>
          index % 4 === 3
            ? book(by, at(day, 17, index))
            : hold(by, at(day, 17, index), index % 2 ? { clientId } : {}),
        ),
      )
      t.equal(count(replies, 201), 1)
      t.equal(count(replies, 409), 15)
      for (const { body } of replies) if (body.code) t.equal(body.code, 'resource-busy')
    })
    await Promise.all(races)
  })

  t.test('16 clients want one expired slot, and bookings race for one hold: one each', async t => {
    const desks = await Promise.all(Array.from({ length: 16 }, () => practice.staff(['admin'])))
    const old = (await hold(desk, at(24, 17))).body
    await expire(old.id)
    const replies = await Promise.all(desks.map(by => hold(by, at(24, 17))))
    t.same([count(replies, 201), count(replies, 409)], [1, 15])
    const held = (await hold(desk, at(25, 17), { clientId })).body
    const bookings = await Promise.all(desks.map(by => book(by, at(25, 17), { slotHoldId: held.id })))
    t.same([count(bookings, 201), count(bookings, 409)], [1, 15])
    const overlaps = await bookable.run(
      `select a.id from reservations a join reservations b on b.practice_id = a.practice_id
         and b.resource_id = a.resource_id and b.id > a.id and b.active and a.active
         and b.starts_at < a.ends_at and a.starts_at < b.ends_at
       where a.practice_id = $1`,
      [practice.id],
    )
    t.same(overlaps, [])
  })
})

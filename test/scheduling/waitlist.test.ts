import { randomUUID } from 'node:crypto'
import t from 'tap'
import { workOnOpening } from '../../src/modules/scheduling/index.ts'
import { makeGroup, post } from '../support/groups.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'
import { createWaitingPractice } from '../support/waitlist.ts'

t.test('the waitlist', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const ground = await createWaitingPractice(test, practice)
  const { desk, leader, colleague, run, wait, work, offersTo } = ground
  const person = async () => (await ground.people(1, leader))[0] ?? ''
  const nobody = await person()
  const { book } = bookingsOf(ground, leader, nobody)
  /** An hour of the leader's that is given back, and what the job makes of it. */
  const free = async (startsAt: string, cancellation: object = { reasonCode: 'illness', by: 'client' }) => {
    const { body } = await book(desk, startsAt)
    await desk.post(`/v1/appointments/${body.id}/cancellation`, cancellation, { ifMatch: 1 })
    await work()
  }
  const statuses = async (...entries: { id: string }[]) =>
    Promise.all(entries.map(async ({ id }) => (await offersTo(id))[0]?.status ?? null))
  const accept = (offer: { id: string; version: number }, by: Caller = desk) =>
    post(by, `/v1/waitlist-offers/${offer.id}/acceptance`, undefined, offer.version)
  const decline = (offer: { id: string; version: number }) =>
    desk.post(`/v1/waitlist-offers/${offer.id}/refusal`, undefined, { ifMatch: offer.version })
  const clear = async () => {
    for (const { id, version } of (await desk.get('/v1/waitlist-entries?status=waiting&limit=200')).body.data)
      await desk.post(`/v1/waitlist-entries/${id}/withdrawal`, undefined, { ifMatch: version })
    await work()
  }
  t.afterEach(clear)

  t.test(
    'a freed hour is offered in turn: by priority, then by who waits longest; accepting books',
    async t => {
      const first = await wait(await person())
      const second = await wait(await person())
      const urgent = await wait(await person(), { priority: 'urgent' })
      await free(at(10, 17))
      t.same(await statuses(urgent, first, second), ['open', null, null])
      const [offer] = await offersTo(urgent.id)
      t.match(offer.opening, { way: 'in_turn', slot: { startsAt: at(10, 17), endsAt: at(10, 17, 50) } })
      t.equal((await decline(offer)).body.status, 'declined')
      await work()
      t.same(await statuses(urgent, first, second), ['declined', 'open', null])
      const [next] = await offersTo(first.id)
      const accepted = await accept(next)
      t.equal(accepted.status, 200, JSON.stringify(accepted.body))
      t.match(accepted.body, { status: 'accepted', opening: { status: 'filled' } })
      const entry = (await desk.get(`/v1/waitlist-entries/${first.id}`)).body
      t.equal(entry.status, 'booked')
      t.match((await desk.get(`/v1/appointments/${entry.appointmentId}`)).body, {
        clientId: first.clientId,
        startsAt: at(10, 17),
        status: 'scheduled',
      })
      t.equal((await accept(next)).body.code, 'invalid-state')
      await work()
      t.same(await statuses(second), [null], 'nobody else is asked')
    },
  )

  t.test('an offer that nobody answers expires, and the next is asked; then it is closed', async t => {
    const [first, second] = [await wait(await person()), await wait(await person())]
    await free(at(11, 17))
    const expire = () =>
      run(
        "update waitlist_offers set expires_at = now() - interval '1 second' where practice_id = $1 and status = 'open'",
        [practice.id],
      )
    const workAll = async () => {
      const [row] = await run('select opening_id from waitlist_offers where entry_id = $1', [first.id])
      await workOnOpening(test.house, practice.id, String(row?.opening_id))
    }
    const [offer] = await offersTo(first.id)
    await expire()
    t.equal((await accept(offer)).body.code, 'invalid-state', 'its time is over')
    await workAll()
    t.same(await statuses(first, second), ['expired', 'open'])
    await workAll()
    t.same(await statuses(first, second), ['expired', 'open'], 'done again it changes nothing')
    await expire()
    await workAll()
    t.match((await offersTo(second.id))[0], { status: 'expired', opening: { status: 'closed' } })
  })

  t.test('only those are asked whom it suits', async t => {
    const startsAt = at(12, 17)
    const weekday = new Date(startsAt).getUTCDay() || 7
    const misfits = await Promise.all(
      [
        { clinicianIds: [colleague.staffId] },
        { weekdays: [(weekday % 7) + 1] },
        { modes: ['telehealth'] },
        { earliest: '12:00' },
        { latest: '09:30' },
        { from: at(13, 0).slice(0, 10) },
        { until: at(11, 0).slice(0, 10) },
        { serviceId: ground.services.buffered, latest: '24:00', clinicianIds: [colleague.staffId] },
      ].map(async wishes => wait(await person(), { priority: 'urgent', ...wishes })),
    )
    const busy = await person()
    t.equal(
      (await bookingsOf(ground, colleague, busy).book(desk, startsAt, { roomId: ground.rooms[1] })).status,
      201,
    )
    misfits.push(await wait(busy, { priority: 'urgent' }))
    const fits = await wait(await person(), {
      clinicianIds: [leader.staffId],
      weekdays: [weekday],
      modes: ['in_person'],
      locationIds: [ground.locationId],
      earliest: '08:00',
      // It begins at nine in winter and at ten in summer.
      latest: '11:00',
      from: startsAt.slice(0, 10),
      until: startsAt.slice(0, 10),
    })
    await free(startsAt)
    t.same(
      await statuses(...misfits),
      misfits.map(() => null),
    )
    t.same(await statuses(fits), ['open'])
  })

  t.test('nobody is asked to where they would meet whom they are kept apart from', async t => {
    const [one, other] = [await person(), await person()]
    const rule = { clientIds: [one, other], apartInGroups: true, apartMinutes: 30, reasonCode: 'safety' }
    t.equal((await desk.post('/v1/separation-rules', rule)).status, 201)
    t.equal(
      (await bookingsOf(ground, colleague, other).book(desk, at(13, 18), { roomId: ground.rooms[1] })).status,
      201,
    )
    const entry = await wait(one)
    await free(at(13, 17))
    t.same(await statuses(entry), [null])
  })

  t.test('an hour that the clinician or the room does not have is offered to nobody', async t => {
    const entry = await wait(await person())
    await free(at(14, 17), { reasonCode: 'clinician_unavailable', by: 'practice' })
    t.same(await statuses(entry), [null])
  })

  t.test('a move frees the old hour', async t => {
    const entry = await wait(await person())
    const { body } = await book(desk, at(15, 17))
    await desk.patch(`/v1/appointments/${body.id}`, { startsAt: at(15, 20) }, { ifMatch: 1 })
    await work()
    t.match((await offersTo(entry.id))[0], { status: 'open', opening: { slot: { startsAt: at(15, 17) } } })
  })

  t.test('first come: several are asked at once, 16 accept at once, and one gets it', async t => {
    const entries = await Promise.all(Array.from({ length: 4 }, async () => wait(await person())))
    const slot = {
      clinicianId: leader.staffId,
      mode: 'in_person',
      locationId: ground.locationId,
      roomId: ground.rooms[0],
      startsAt: at(16, 17),
      endsAt: at(16, 17, 50),
    }
    const uneven = { ...slot, startsAt: new Date(Date.parse(slot.startsAt) + 30_000).toISOString() }
    const refused = await post(desk, '/v1/waitlist-openings', { slot: uneven })
    t.match(refused, { status: 400, body: { errors: [{ pointer: '/slot/startsAt' }] } })
    const opening = await post(desk, '/v1/waitlist-openings', { slot, way: 'first_come', offerMinutes: 30 })
    t.equal(opening.status, 201, JSON.stringify(opening.body))
    t.same(await statuses(...entries), ['open', 'open', 'open', 'open'])
    const offers = (await desk.get(`/v1/waitlist-offers?openingId=${opening.body.id}`)).body.data
    const replies = await Promise.all(Array.from({ length: 16 }, (_, n) => accept(offers[n % 4])))
    t.equal(replies.filter(({ status }) => status === 200).length, 1)
    for (const { status } of replies) t.ok(status === 200 || status === 409 || status === 412)
    const after = (await desk.get(`/v1/waitlist-offers?openingId=${opening.body.id}`)).body.data
    t.same(after.map((offer: { status: string }) => offer.status).sort(), [
      'accepted',
      'withdrawn',
      'withdrawn',
      'withdrawn',
    ])
    const booked = await run(
      "select id from appointments where practice_id = $1 and starts_at = $2 and status = 'scheduled'",
      [practice.id, at(16, 17)],
    )
    t.equal(booked.length, 1)
    const told = await run(
      `select type, count(*)::int from events e join waitlist_offers f on f.practice_id = e.practice_id and f.id = e.resource_id
       where e.practice_id = $1 and f.opening_id = $2 group by 1 order by 1`,
      [practice.id, opening.body.id],
    )
    t.same(told, [
      { type: 'waitlist-offer.accepted', count: 1 },
      { type: 'waitlist-offer.made', count: 4 },
      { type: 'waitlist-offer.withdrawn', count: 3 },
    ])
  })

  t.test('what somebody else took meanwhile is refused as by any booking', async t => {
    const entry = await wait(await person())
    await free(at(17, 17))
    t.equal((await book(desk, at(17, 17))).status, 201)
    const [offer] = await offersTo(entry.id)
    t.match((await accept(offer)).body, { code: 'resource-busy' })
    t.same(await statuses(entry), ['open'])
    await decline(offer)
    await work()
    t.equal((await offersTo(entry.id))[0].opening.status, 'closed')
  })

  t.test('a seat that becomes free is offered, and accepting takes it', async t => {
    const { url, group } = await makeGroup(ground, { capacity: 1 })
    const member = (await post(desk, `${url}/members`, { clientId: await person() })).body
    const [first, second] = [await person(), await person()]
    const [one, other] = [
      await wait(first, { groupId: group.id, serviceId: undefined }),
      await wait(second, { groupId: group.id, serviceId: undefined }),
    ]
    t.equal((await wait(first, { groupId: group.id, serviceId: undefined })).code, 'already-exists')
    await desk.post(`${url}/members/${member.id}/departure`, { reasonCode: 'completed' })
    await work()
    t.same(await statuses(one, other), ['open', null])
    const accepted = await accept((await offersTo(one.id))[0])
    t.equal(accepted.status, 200, JSON.stringify(accepted.body))
    t.match((await desk.get(`/v1/waitlist-entries/${one.id}`)).body, {
      status: 'booked',
      groupMemberId: String,
    })
    t.match((await desk.get(url)).body, { seats: { taken: 1, free: 0 } })
    t.equal((await post(desk, '/v1/waitlist-openings', { groupId: group.id })).body.code, 'conflict')
  })

  t.test('entries are changed and withdrawn as their state and version allow', async t => {
    const entry = await wait(await person(), { note: 'Prefers mornings (fictional).' })
    t.match(entry, {
      status: 'waiting',
      earliest: '00:00',
      latest: '24:00',
      note: 'Prefers mornings (fictional).',
    })
    const url = `/v1/waitlist-entries/${entry.id}`
    const [row] = await run('select note_sealed from waitlist_entries where id = $1', [entry.id])
    t.notMatch(String(row?.note_sealed), 'mornings')
    t.equal(
      (await desk.patch(url, { earliest: '10:00', latest: '09:00' }, { ifMatch: 1 })).body.code,
      'invalid-request',
    )
    t.equal(
      (await desk.patch(url, { clinicianIds: [randomUUID()] }, { ifMatch: 1 })).body.code,
      'unknown-reference',
    )
    const changed = await desk.patch(url, { priority: 'urgent', note: null, weekdays: [2] }, { ifMatch: 1 })
    t.match(changed.body, { priority: 'urgent', note: null, weekdays: [2], version: 2 })
    t.equal((await desk.patch(url, { priority: 'soon' }, { ifMatch: 1 })).body.code, 'stale-version')
    const withdrawn = await desk.post(`${url}/withdrawal`, undefined, { ifMatch: 2 })
    t.match(withdrawn.body, { status: 'withdrawn' })
    t.equal((await desk.post(`${url}/withdrawal`, undefined, { ifMatch: 3 })).body.code, 'invalid-state')
    for (const body of [{}, { serviceId: ground.services.couple }, { groupId: randomUUID() }]) {
      const reply = await post(desk, '/v1/waitlist-entries', { clientId: nobody, priority: 'soon', ...body })
      t.ok([400, 422].includes(reply.status), JSON.stringify(reply.body))
    }
  })

  t.test('an entry and its offers show to who may see the chart, and the front desk offers', async t => {
    const entry = await wait(await person())
    await free(at(18, 17))
    const [offer] = await offersTo(entry.id)
    const foreign = await createTestPractice(test)
    for (const by of [colleague, foreign.owner, await practice.staff(['biller'])]) {
      t.equal((await by.get(`/v1/waitlist-entries/${entry.id}`)).status, 404)
      t.equal((await by.get(`/v1/waitlist-offers/${offer.id}`)).status, 404)
      t.same(await offersTo(entry.id, by), [])
      t.same((await by.get('/v1/waitlist-entries')).body.data, [])
    }
    t.equal((await accept(offer, colleague)).status, 404)
    t.equal((await leader.get(`/v1/waitlist-entries/${entry.id}`)).status, 200)
    const slot = { clinicianId: leader.staffId, mode: 'telehealth', startsAt: at(18, 20), endsAt: at(18, 21) }
    t.equal((await post(leader, '/v1/waitlist-openings', { slot })).body.code, 'not-permitted')
    t.equal((await accept(offer, leader)).status, 200, 'their own calendar and client')
  })

  t.test('pages go by turn', async t => {
    const made = []
    for (const priority of ['routine', 'urgent', 'soon', 'urgent'])
      made.push(await wait(await person(), { priority }))
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await desk.get(
        `/v1/waitlist-entries?status=waiting&limit=1${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...body.data.map((entry: { id: string }) => entry.id))
      cursor = body.nextCursor
    } while (cursor)
    t.same(
      seen,
      [made[1], made[3], made[2], made[0]].map(entry => entry.id),
    )
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { mergeInto } from '../support/clients.ts'
import { makeGroup, meetings, post } from '../support/groups.ts'
import { intensivesOf } from '../support/intensives.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'
import { createWaitingPractice } from '../support/waitlist.ts'

t.test('what scheduling holds of a merged record', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const ground = await createWaitingPractice(test, practice)
  const { owner } = practice
  const { desk, leader, colleague, run } = ground
  const pair = async () => (await ground.people(2, leader)) as [string, string]
  const undo = ({ id, version }: { id: string; version: number }) =>
    owner.delete(`/v1/client-merges/${id}`, { ifMatch: version })
  const hoursOf = (clientId: string) =>
    run(
      `select holder_kind, starts_at from reservations where practice_id = $1 and resource_id = $2
       order by starts_at, holder_kind`,
      [practice.id, clientId],
    )
  const membersOf = async (url: string) =>
    (await desk.get(`${url}/members`)).body.data.map((m: { clientId: string; leftAt: string | null }) => [
      m.clientId,
      m.leftAt === null,
    ])
  const presentIn = async (chartId: string) =>
    (
      await run(
        'select client_id from chart_members where practice_id = $1 and chart_id = $2 and left_at is null',
        [practice.id, chartId],
      )
    ).map(row => row.client_id)

  t.test('seat, chart membership and hours go to the survivor, and come back exactly', async t => {
    const [survivor, merged] = await pair()
    const { url, chartId } = await makeGroup(ground)
    const seat = await post(desk, `${url}/members`, { clientId: merged })
    t.equal(seat.status, 201)
    const booked = await post(desk, `${url}/meetings`, meetings(ground, { weeks: 2 }))
    t.ok(booked.status < 300, JSON.stringify(booked.body))
    const { book } = bookingsOf(ground, leader, merged)
    t.equal((await book(desk, at(5, 17))).status, 201)
    const before = [await hoursOf(merged), await hoursOf(survivor)]
    t.ok(before[0]?.length === 3)
    t.same(before[1], [])

    const { body: merge, status } = await mergeInto(owner, survivor, merged)
    t.equal(status, 201, JSON.stringify(merge))
    t.same(await membersOf(url), [[survivor, true]])
    t.same(await presentIn(chartId), [survivor])
    t.same([await hoursOf(merged), await hoursOf(survivor)], [before[1], before[0]])
    const again = await post(desk, `${url}/members`, { clientId: survivor })
    t.equal(again.body.code, 'already-exists')
    const rival = bookingsOf(ground, colleague, survivor)
    t.equal(
      (await rival.book(desk, at(5, 17), { roomId: ground.rooms[1] })).body.code,
      'resource-busy',
      'one person is not booked twice at one time',
    )

    t.equal((await undo(merge)).status, 200)
    t.same(await membersOf(url), [[merged, true]])
    t.same(await presentIn(chartId), [merged])
    t.same([await hoursOf(merged), await hoursOf(survivor)], before)
  })

  t.test('what was booked in the merged chart meanwhile is the merged record’s alone again', async t => {
    const [survivor, merged] = await pair()
    const { body: merge } = await mergeInto(owner, survivor, merged)
    t.equal((await bookingsOf(ground, leader, merged).book(desk, at(6, 17))).status, 201)
    t.equal((await undo(merge)).status, 200)
    t.equal((await hoursOf(merged)).length, 1)
    t.same(await hoursOf(survivor), [])
  })

  t.test('a seat that was given up after the merge is given back as given up', async t => {
    const [survivor, merged] = await pair()
    const { url, chartId } = await makeGroup(ground)
    const { body: seat } = await post(desk, `${url}/members`, { clientId: merged })
    const { body: merge } = await mergeInto(owner, survivor, merged)
    const left = await post(desk, `${url}/members/${seat.id}/departure`, { reasonCode: 'schedule' })
    t.ok(left.status < 300, JSON.stringify(left.body))
    t.equal((await undo(merge)).status, 200)
    t.same(await membersOf(url), [[merged, false]])
    t.same(await presentIn(chartId), [])
  })

  t.test('an intensive of their own chart names the survivor, until it is undone', async t => {
    const [survivor, merged] = await pair()
    const { open } = await intensivesOf(ground, practice, leader)
    const made = await open(desk, { clientId: merged })
    t.equal(made.status, 201, JSON.stringify(made.body))
    const named = async () =>
      (
        await run('select client_a from intensives where practice_id = $1 and id = $2', [
          practice.id,
          made.body.id,
        ])
      ).map(row => row.client_a)
    const { body: merge } = await mergeInto(owner, survivor, merged)
    t.same(await named(), [survivor])
    t.equal((await undo(merge)).status, 200)
    t.same(await named(), [merged])
  })

  t.test('a rule about the merged record keeps the survivor apart, and each other way round', async t => {
    const [survivor, merged] = await pair()
    const [third = ''] = await ground.people(1, leader)
    const rule = { apartInGroups: true, apartMinutes: 0, reasonCode: 'safety' }
    t.equal((await desk.post('/v1/separation-rules', { clientIds: [merged, third], ...rule })).status, 201)
    const [one, other] = [await makeGroup(ground), await makeGroup(ground)]
    await post(desk, `${one.url}/members`, { clientId: third })
    await post(desk, `${other.url}/members`, { clientId: survivor })
    const { body: merge } = await mergeInto(owner, survivor, merged)
    const join = (url: string, clientId: string) => post(desk, `${url}/members`, { clientId })
    t.equal((await join(one.url, survivor)).body.code, 'resource-busy')
    t.equal((await join(other.url, third)).body.code, 'resource-busy')
    const list = async () => (await desk.get(`/v1/separation-rules?clientId=${survivor}`)).body.data.length
    t.equal(await list(), 1)
    t.equal((await undo(merge)).status, 200)
    t.equal(await list(), 0)
    t.equal((await join(one.url, survivor)).status, 201)
  })

  t.test('who waits in the merged chart sits down as the survivor', async t => {
    const [survivor, merged] = await pair()
    const entry = await ground.wait(merged)
    t.equal(entry.clientId, merged)
    const { body: merge } = await mergeInto(owner, survivor, merged)
    const waits = async () => (await desk.get(`/v1/waitlist-entries/${entry.id}`)).body.clientId
    t.equal(await waits(), survivor)
    t.equal((await undo(merge)).status, 200)
    t.equal(await waits(), merged)
  })

  t.test('calendar feeds of the merged record end for good, and free their places', async t => {
    const [survivor, merged] = await pair()
    const portal = await portalCaller(practice, merged)
    const feed = await post(portal, '/v1/portal/calendar-feeds', {})
    t.equal(feed.status, 201, JSON.stringify(feed.body))
    const read = async () => (await desk.get(feed.body.path)).status
    t.equal(await read(), 200)
    const { body: merge } = await mergeInto(owner, survivor, merged)
    t.equal(await read(), 404)
    t.equal((await undo(merge)).status, 200)
    t.equal(await read(), 404)
    const slots = await run('select 1 from calendar_feed_slots where practice_id = $1 and owner_id = $2', [
      practice.id,
      merged,
    ])
    t.same(slots, [])
  })

  t.test('two seats, two offers, two places at one time or a rule between them refuse the merge', async t => {
    const refused = async (ids: [string, string], code: string) => {
      const [survivor, merged] = ids
      const reply = await mergeInto(owner, survivor, merged)
      t.equal(reply.body.code, code, JSON.stringify(reply.body))
      for (const id of [survivor, merged]) t.notOk(reply.body.detail.includes(id))
      t.equal((await owner.get(`/v1/clients/${merged}`)).body.mergedIntoId, null)
    }
    const seated = await pair()
    const { url } = await makeGroup(ground)
    for (const clientId of seated) t.equal((await post(desk, `${url}/members`, { clientId })).status, 201)
    await refused(seated, 'conflict')

    const kept = await pair()
    await desk.post('/v1/separation-rules', {
      clientIds: kept,
      apartInGroups: true,
      apartMinutes: 0,
      reasonCode: 'other',
    })
    await refused(kept, 'invalid-state')

    const busy = await pair()
    t.equal((await bookingsOf(ground, leader, busy[0]).book(desk, at(9, 17))).status, 201)
    const there = bookingsOf(ground, colleague, busy[1])
    t.equal((await there.book(desk, at(9, 17, 30), { roomId: ground.rooms[1] })).status, 201)
    await refused(busy, 'conflict')

    const offered = await pair()
    for (const clientId of offered) {
      const entry = await ground.wait(clientId)
      await run(
        `with o as (insert into waitlist_openings (practice_id, id, clinician_id, mode, starts_at, ends_at, time_zone,
             way, offer_minutes)
           select $1, $2, $3, 'telehealth', now() + interval '3 days', now() + interval '3 days 1 hour', 'UTC', 'first_come', 60)
         insert into waitlist_offers (practice_id, opening_id, entry_id, way, expires_at)
         select $1, $2, $4, 'first_come', now() + interval '1 hour'`,
        [practice.id, randomUUID(), leader.staffId, entry.id],
      )
    }
    await refused(offered, 'conflict')
  })

  t.test('a seat that is taken at the same moment goes over, is refused, or refuses the merge', async t => {
    const { url } = await makeGroup(ground)
    for (const _ of [1, 2]) {
      const [survivor, merged] = await pair()
      await post(desk, `${url}/members`, { clientId: merged })
      const [merge, seat] = await Promise.all([
        mergeInto(owner, survivor, merged),
        post(desk, `${url}/members`, { clientId: survivor }),
      ])
      t.same(
        [merge.status, seat.status].filter(status => status === 201).length,
        1,
        JSON.stringify([merge.body, seat.body]),
      )
      t.ok(['conflict', 'already-exists'].includes((merge.status === 201 ? seat : merge).body.code))
    }
  })

  t.test('of merges of one record into two, one is done and has the seat', async t => {
    const [one, two] = await pair()
    const [merged = ''] = await ground.people(1, leader)
    const { url } = await makeGroup(ground)
    await post(desk, `${url}/members`, { clientId: merged })
    const replies = await Promise.all([mergeInto(owner, one, merged), mergeInto(owner, two, merged)])
    t.same(replies.map(({ status }) => status === 201).toSorted(), [false, true])
    const done = replies.find(({ status }) => status === 201)
    t.same(await membersOf(url), [[done?.body.survivorId, true]])
    const undone = await Promise.all([undo(done?.body), undo(done?.body)])
    t.same(undone.map(({ status }) => status).toSorted(), [200, 412])
    t.same(await membersOf(url), [[merged, true]])
  })
})

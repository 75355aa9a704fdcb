import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { makeGroup, post } from '../support/groups.ts'
import { intensivesOf } from '../support/intensives.ts'
import { deadlocks, nothing, oracleOf } from '../support/overlaps.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { day, seriesOf } from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'
import { createWaitingPractice } from '../support/waitlist.ts'

t.test('64 clients at once', async t => {
  const test = await createTestApp(t, { crowd: 64 })
  const practice = await createTestPractice(test)
  const ground = await createWaitingPractice(test, practice)
  const { desk, leader, colleague, run } = ground
  const people = await ground.people(64, leader)
  const whom = (index: number) => people[index % people.length] ?? ''
  const intensives = await intensivesOf(ground, practice, leader)
  const oracle = oracleOf(ground, practice.id)
  const crowd = <T>(one: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 64 }, (_, index) => one(index)))
  const place = (index: number) => ({
    clinicianId: (index % 2 === 0 ? leader : colleague).staffId,
    roomId: ground.rooms[index % 2],
  })
  /** Who lost is told so, and nobody sees anything worse. @returns how many won */
  const judge = async (t: Test, replies: readonly Reply[], losing = ['resource-busy']) => {
    const lost = replies.filter(({ status }) => status >= 300)
    t.same(
      lost.filter(({ status, body }) => status !== 409 || !losing.includes(body.code)),
      [],
      'every loser gets 409',
    )
    t.same(await oracle(), nothing)
    t.equal(await deadlocks(ground), 0)
    return replies.length - lost.length
  }

  t.test('hold hours', async t => {
    const replies = await crowd(index =>
      post(desk, '/v1/slot-holds', {
        serviceId: ground.services.individual,
        clinicianIds: [place(index).clinicianId],
        clientId: whom(index),
        mode: 'in_person',
        locationId: ground.locationId,
        roomId: place(index).roomId,
        startsAt: at(40, 8, (index % 8) * 25),
      }),
    )
    const won = await judge(t, replies)
    t.ok(won >= 4 && won <= 8, `${won} of 64`)
  })

  t.test('move appointments into the same hours', async t => {
    const standing = await crowd(async index => {
      const { book } = bookingsOf(ground, leader, whom(index))
      return (await book(desk, at(50 + (index >> 3), 8 + (index % 8)), place(index))).body
    })
    const replies = await crowd(index =>
      desk.patch(
        `/v1/appointments/${standing[index].id}`,
        { startsAt: at(60, 8, (index % 8) * 25), ...place(index) },
        { ifMatch: 1 },
      ),
    )
    const won = await judge(t, replies)
    t.ok(won >= 4 && won <= 8, `${won} of 64`)
  })

  t.test('book series at one time of the week', async t => {
    const replies = await crowd(index =>
      seriesOf(ground, leader, whom(index)).book(desk, {
        ...place(index),
        rule: 'FREQ=WEEKLY;COUNT=3',
        firstOn: day(70 + 7 * (index % 3)),
      }),
    )
    const won = await judge(t, replies)
    t.ok(won >= 2 && won <= 4, `${won} of 64`)
  })

  t.test('book whole intensives', async t => {
    const ids = people.map(() => uuidv7())
    await run(
      `insert into intensives (practice_id, id, chart_id, client_a, service_id, location_id, time_zone, status, price_cents,
         deposit_cents, refund_days, refund_percents)
       select $1, w.id, m.chart_id, w.client_id, $2, $3, 'America/Los_Angeles', 'deposit_due', 0, 0, '{}', '{}'
       from unnest($4::uuid[], $5::uuid[]) as w(id, client_id)
       join chart_members m on m.practice_id = $1 and m.client_id = w.client_id
       join charts c on c.practice_id = $1 and c.id = m.chart_id and c.kind = 'individual'`,
      [practice.id, intensives.serviceId, ground.locationId, ids, people],
    )
    // Each of three days, the middle one with the other clinician; they begin on one of three days.
    await run(
      `insert into intensive_blocks (practice_id, intensive_id, kind, client_ids, clinician_ids, room_id, starts_at, ends_at)
       select $1, w.id, 'individual', array[w.client_id], array[case when d.day = 1 then $3::uuid else $2::uuid end],
         case when d.day = 1 then $5::uuid else $4::uuid end, s.at, s.at + interval '3 hours'
       from unnest($6::uuid[], $7::uuid[]) with ordinality as w(id, client_id, place)
       cross join generate_series(0, 2) as d(day)
       cross join lateral (select $8::timestamptz + make_interval(days => ((w.place % 3) + d.day)::int) as at) s`,
      [practice.id, leader.staffId, colleague.staffId, ...ground.rooms, ids, people, at(100, 16)],
    )
    const won = await judge(
      t,
      await crowd(index =>
        intensives.step(desk, ids[index] ?? '', 'booking', { despiteOpenGates: intensives.pass }, 1),
      ),
    )
    t.ok(won >= 1 && won <= 3, `${won} of 64`)
  })

  t.test('take the seats of a group', async t => {
    const { url } = await makeGroup(ground, { capacity: 8 })
    const replies = await crowd(index => post(desk, `${url}/members`, { clientId: whom(index) }))
    t.equal(await judge(t, replies, ['conflict']), 8)
  })

  t.test('answer offers of the waitlist, at the desk and at the portal', async t => {
    const entries = people.map(() => uuidv7())
    const opening = uuidv7()
    await run(
      `insert into waitlist_entries (practice_id, id, chart_id, service_id, priority)
       select $1, w.id, m.chart_id, $2, 3 from unnest($3::uuid[], $4::uuid[]) as w(id, client_id)
       join chart_members m on m.practice_id = $1 and m.client_id = w.client_id
       join charts c on c.practice_id = $1 and c.id = m.chart_id and c.kind = 'individual'`,
      [practice.id, ground.services.individual, entries, people],
    )
    await run(
      `with o as (insert into waitlist_openings (practice_id, id, clinician_id, mode, location_id, room_id, time_zone,
           starts_at, ends_at, way, offer_minutes)
         values ($1, $2, $3, 'in_person', $4, $5, 'America/Los_Angeles', $6, $6::timestamptz + interval '50 minutes',
           'first_come', 600))
       insert into waitlist_offers (practice_id, id, opening_id, entry_id, way, expires_at)
       select $1, id, $2, id, 'first_come', now() + interval '1 hour' from unnest($7::uuid[]) as id`,
      [practice.id, opening, leader.staffId, ground.locationId, ground.rooms[0], at(120, 17), entries],
    )
    const portals = await Promise.all(people.slice(0, 16).map(id => portalCaller(practice, id)))
    const replies = await crowd(index => {
      const portal = portals[index]
      const path = `waitlist-offers/${entries[index]}/acceptance`
      const options = { key: randomUUID(), ifMatch: 1 }
      if (index % 8 === 7)
        return desk.post(`/v1/waitlist-entries/${entries[index]}/withdrawal`, undefined, { ifMatch: 1 })
      return portal
        ? portal.post(`/v1/portal/${path}`, undefined, options)
        : desk.post(`/v1/${path}`, undefined, options)
    })
    await judge(t, replies, ['invalid-state'])
    const [count] = await run(
      'select count(*)::int from appointments where practice_id = $1 and starts_at = $2',
      [practice.id, at(120, 17)],
    )
    t.same(count, { count: 1 })
  })
})

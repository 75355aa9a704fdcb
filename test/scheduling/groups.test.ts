import { randomUUID } from 'node:crypto'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { createGroupPractice, dayIn, makeGroup, meetings, post } from '../support/groups.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { bookingsOf } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

/** At which meetings on such days begin: never at once with those that are so many days from today. */
const time = '07:00'

/** Days from the next Sunday on which the clock of the test practices goes forward. */
function spring(days: number): string {
  let change = Temporal.Now.zonedDateTimeISO('America/Los_Angeles').getTimeZoneTransition('next')
  if (change?.month !== 3) change = change?.getTimeZoneTransition('next') ?? null
  return change?.toPlainDate().add({ days }).toString() ?? ''
}

t.test('groups', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const ground = await createGroupPractice(test, practice)
  const { desk, leader, colleague, run } = ground
  const person = async () => (await ground.people(1, leader))[0] ?? ''
  const join = (url: string, clientId: string, more: object = {}) =>
    post(desk, `${url}/members`, { clientId, ...more })
  const code = (reply: { body: { code?: string } }) => reply.body.code

  t.test('a group has the seats it is given, and its chart’s members sit down', async t => {
    const chart = (await desk.post('/v1/charts', { kind: 'group', name: 'Old Group (fictional)' })).body
    const [first, second] = [await person(), await person()]
    for (const clientId of [first, second])
      t.equal((await desk.post(`/v1/charts/${chart.id}/members`, { clientId })).status, 201)
    const few = await makeGroup(ground, { chartId: chart.id, capacity: 1 })
    t.same([code(few.reply), few.reply.body.errors[0].pointer], ['invalid-request', '/capacity'])
    const { group, reply, url } = await makeGroup(ground, { chartId: chart.id, capacity: 3 })
    t.equal(reply.status, 201, JSON.stringify(reply.body))
    t.match(group, {
      status: 'forming',
      seats: { taken: 2, free: 1 },
      attendance: { meetingsHeld: 0, rate: null },
    })
    const { data } = (await desk.get(`${url}/members`)).body
    t.same(
      data.map((member: { clientId: string }) => member.clientId),
      [first, second],
    )
    t.equal(code((await makeGroup(ground, { chartId: chart.id })).reply), 'already-exists')
    const third = await person()
    const byChart = await desk.post(`/v1/charts/${chart.id}/members`, { clientId: third })
    t.equal(code(byChart), 'invalid-state', 'members come and go by the seats only')
    t.equal((await desk.post(`/v1/charts/${chart.id}/members/${randomUUID()}/departure`)).status, 409)
  })

  t.test('a seat is taken and given up, and the chart and its history follow', async t => {
    const { url, chartId } = await makeGroup(ground, { capacity: 2 })
    const [first, second, third] = [await person(), await person(), await person()]
    const joined = await join(url, first, { agreementSignedOn: dayIn(0) })
    t.equal(joined.status, 201, JSON.stringify(joined.body))
    t.match(joined.body, {
      clientId: first,
      agreementSignedOn: dayIn(0),
      leftAt: null,
      unreservedMeetingIds: [],
    })
    t.equal(code(await join(url, first)), 'already-exists')
    t.equal((await join(url, second)).status, 201)
    t.equal(code(await join(url, third)), 'conflict', 'no seat is free')
    const departure = `${url}/members/${joined.body.id}/departure`
    const left = await desk.post(departure, { reasonCode: 'completed' })
    t.match(left.body, { leavingReason: 'completed', leftAt: String })
    t.equal(code(await desk.post(departure, { reasonCode: 'completed' })), 'invalid-state')
    t.equal((await join(url, third)).status, 201)
    t.equal((await join(url, first)).body.code, 'conflict')
    const members = (await desk.get(`/v1/charts/${chartId}`)).body.members
    t.same(members.map((member: { clientId: string }) => member.clientId).sort(), [second, third].sort())
    const history = (await desk.get(`${url}/changes`)).body.data
    t.same(
      history.map((entry: { kind: string }) => entry.kind),
      ['created', 'member_joined', 'member_joined', 'member_left', 'member_joined'],
    )
    t.equal(history[3].reasonCode, 'completed')
    const page = (await desk.get(`${url}/members?limit=2`)).body
    t.equal(page.data.length, 2)
    t.equal((await desk.get(`${url}/members?limit=2&cursor=${page.nextCursor}`)).body.data.length, 1)
  })

  t.test('the date of an agreement is corrected, of who left too, and the history keeps each', async t => {
    const { url } = await makeGroup(ground)
    const clientId = await person()
    const { body } = await post(desk, `${url}/members`, { clientId, agreementSignedOn: '2026-11-20' })
    const member = `${url}/members/${body.id}`
    const correct = (by: Caller, agreementSignedOn: unknown, ifMatch: number) =>
      by.patch(member, { agreementSignedOn }, { ifMatch })
    t.match(await correct(desk, '2026-11-21', 1), {
      status: 200,
      body: { agreementSignedOn: '2026-11-21', version: 2 },
    })
    t.equal((await correct(desk, '2026-11-22', 1)).status, 412)
    t.equal((await correct(desk, 'soon', 2)).status, 400)
    t.equal((await correct(colleague, '2026-11-22', 2)).status, 404)
    t.equal((await post(desk, `${member}/departure`, { reasonCode: 'completed' })).body.version, 3)
    const both = await Promise.all([correct(desk, null, 3), correct(desk, '2026-11-22', 3)])
    t.same(both.map(({ status }) => status).sort(), [200, 412])
    const { data } = (await desk.get(`${url}/changes`)).body
    const dates = data.filter((step: { groupMemberId: string }) => step.groupMemberId === body.id)
    t.same(
      dates.slice(0, 3).map((step: Record<string, unknown>) => [step.kind, step.agreementSignedOn]),
      [
        ['member_joined', '2026-11-20'],
        ['agreement_corrected', '2026-11-21'],
        ['member_left', null],
      ],
    )
  })

  t.test('seats become more, and never fewer than members', async t => {
    const { url } = await makeGroup(ground, { capacity: 3 })
    const ids = [(await join(url, await person())).body.id]
    for (const _ of [2, 3]) ids.push((await join(url, await person())).body.id)
    t.equal(code(await desk.patch(url, { capacity: 2 }, { ifMatch: 1 })), 'conflict')
    await desk.post(`${url}/members/${ids[0]}/departure`, { reasonCode: 'other' })
    const fewer = await desk.patch(url, { capacity: 2 }, { ifMatch: 1 })
    t.match(fewer.body, { capacity: 2, seats: { taken: 2, free: 0 } }, 'who sat higher moved down')
    t.equal(code(await desk.patch(url, { capacity: 5 }, { ifMatch: 1 })), 'stale-version')
    t.match((await desk.patch(url, { capacity: 5 }, { ifMatch: 2 })).body, { seats: { taken: 2, free: 3 } })
  })

  t.test('steps of a group: what may follow what, and who joins when', async t => {
    const { url } = await makeGroup(ground, { enrollment: 'closed' })
    const step = (to: string, version: number) =>
      desk.post(`${url}/status-changes`, { to }, { ifMatch: version })
    t.equal((await join(url, await person())).status, 201, 'while it forms')
    t.equal(code(await step('paused', 1)), 'invalid-state')
    t.equal((await step('running', 1)).body.status, 'running')
    t.equal(code(await join(url, await person())), 'invalid-state', 'closed')
    t.equal((await step('paused', 2)).body.status, 'paused')
    t.equal(code(await post(desk, `${url}/meetings`, meetings(ground))), 'invalid-state')
    t.equal((await step('running', 3)).status, 200)
    const booked = (await post(desk, `${url}/meetings`, meetings(ground, { firstOn: dayIn(200), weeks: 2 })))
      .body
    t.equal((await step('ended', 4)).body.status, 'ended')
    for (const { id } of booked.meetings) {
      t.match((await desk.get(`/v1/group-meetings/${id}`)).body, { status: 'canceled', version: 2 })
      t.same(await run('select id from reservations where holder_id = $1', [id]), [])
    }
    t.equal(code(await desk.patch(url, { capacity: 5 }, { ifMatch: 5 })), 'invalid-state')
  })

  t.test('meetings keep their time on the wall clock and take everybody’s time', async t => {
    const { url } = await makeGroup(ground)
    const clientId = await person()
    await join(url, clientId)
    const request = meetings(ground, { firstOn: spring(-7), time, weeks: 3, topics: ['Triggers', 'Urges'] })
    const booked = await post(desk, `${url}/meetings`, request)
    t.equal(booked.status, 201, JSON.stringify(booked.body))
    const rows = booked.body.meetings
    t.same(
      rows.map((row: { startsAt: string; topic: string | null }) => [row.startsAt, row.topic]),
      [
        [`${spring(-7)}T15:00:00.000Z`, 'Triggers'],
        [`${spring(0)}T14:00:00.000Z`, 'Urges'],
        [`${spring(7)}T14:00:00.000Z`, null],
      ],
    )
    const held = await run(
      'select distinct resource_kind from reservations where holder_id = any($1) order by 1',
      [rows.map((row: { id: string }) => row.id)],
    )
    t.same(
      held.map(row => row.resource_kind),
      ['client', 'clinician', 'room'],
    )
    const { book } = bookingsOf(ground, colleague, clientId)
    t.match((await book(desk, rows[1].startsAt, { roomId: ground.rooms[1] })).body, {
      code: 'resource-busy',
      resource: 'client',
    })
    const other = await makeGroup(ground, { facilitatorIds: [colleague.staffId] })
    const clash = await post(desk, `${other.url}/meetings`, request)
    t.match(clash.body, { code: 'resource-busy', resource: 'room' })
    t.same((await desk.get(`${other.url}/changes`)).body.data.length, 1, 'nothing was written')
    const some = `/v1/group-meetings?from=${spring(-13)}T00:00:00Z&to=${spring(18)}T00:00:00Z&groupId=${rows[0].groupId}&limit=2`
    const list = await desk.get(some)
    t.equal(list.body.data.length, 2)
    const next = await desk.get(`${some}&cursor=${list.body.nextCursor}`)
    t.same([next.body.data[0].id, next.body.nextCursor], [rows[2].id, null])
  })

  t.test('who joins later is taken for what is booked, unless they have something else', async t => {
    const { url } = await makeGroup(ground)
    const request = meetings(ground, { firstOn: spring(50), time, weeks: 2, roomId: ground.rooms[1] })
    const [first, second] = (await post(desk, `${url}/meetings`, request)).body.meetings
    const clientId = await person()
    const { book } = bookingsOf(ground, colleague, clientId)
    t.equal((await book(desk, second.startsAt)).status, 201)
    t.match((await join(url, clientId)).body, { code: 'resource-busy', resource: 'client' })
    const joined = await join(url, clientId, { acceptClashes: true })
    t.same(joined.body.unreservedMeetingIds, [second.id])
    const held = () =>
      run('select holder_id from reservations where resource_id = $1 and holder_kind = $2', [
        clientId,
        'group_session',
      ])
    t.same(await held(), [{ holder_id: first.id }])
    t.match(
      (await desk.patch(`/v1/group-meetings/${first.id}`, { startsAt: second.startsAt }, { ifMatch: 1 }))
        .body,
      {
        code: 'resource-busy',
      },
    )
    const later = new Date(Date.parse(second.startsAt) + 7_200_000).toISOString()
    const moved = await desk.patch(`/v1/group-meetings/${second.id}`, { startsAt: later }, { ifMatch: 1 })
    t.equal(moved.status, 200, JSON.stringify(moved.body))
    t.equal((await held()).length, 2, 'they are asked for again')
    await desk.post(`${url}/members/${joined.body.id}/departure`, { reasonCode: 'schedule' })
    t.same(await held(), [])
    const entry = (await desk.get(`${url}/changes`)).body.data.findLast(
      (one: { kind: string }) => one.kind === 'meeting_moved',
    )
    t.equal(entry.startsAt, later)
  })

  t.test('a meeting is held with who was there, corrected, and counted', async t => {
    const { url, group } = await makeGroup(ground)
    const first = (await join(url, await person())).body.id
    const second = (await join(url, await person())).body.id
    await run("update therapy_group_members set joined_at = now() - interval '60 days' where group_id = $1", [
      group.id,
    ])
    const request = meetings(ground, { firstOn: dayIn(-8), time: '12:00', roomId: ground.rooms[1] })
    const [meeting] = (await post(desk, `${url}/meetings`, request)).body.meetings
    const actual = {
      actualStartsAt: meeting.startsAt,
      actualEndsAt: new Date(Date.parse(meeting.startsAt) + 3_600_000).toISOString(),
    }
    const attend = (members: object[], version: number) =>
      desk.post(`/v1/group-meetings/${meeting.id}/attendance`, { ...actual, members }, { ifMatch: version })
    const unknown = await attend([{ groupMemberId: randomUUID(), presence: 'absent' }], 1)
    t.equal(code(unknown), 'unknown-reference')
    const twice = { groupMemberId: first, presence: 'late' }
    t.equal(code(await attend([twice, twice], 1)), 'invalid-request')
    const held = await attend([{ groupMemberId: second, presence: 'absent' }], 1)
    t.match(held.body, {
      status: 'held',
      attendance: { members: [{ presence: 'present' }, { presence: 'absent' }] },
    })
    t.match((await desk.get(url)).body.attendance, { meetingsHeld: 1, rate: 0.5 })
    t.equal((await attend([{ groupMemberId: second, presence: 'late' }], 2)).status, 200)
    t.match((await desk.get(url)).body.attendance, { meetingsHeld: 1, rate: 1 })
    t.equal(
      code(
        await desk.post(
          `/v1/group-meetings/${meeting.id}/cancellation`,
          { reasonCode: 'other' },
          { ifMatch: 3 },
        ),
      ),
      'invalid-state',
    )
    const [future] = (await post(desk, `${url}/meetings`, meetings(ground, { firstOn: dayIn(90) }))).body
      .meetings
    t.equal(
      code(
        await desk.post(
          `/v1/group-meetings/${future.id}/attendance`,
          { ...actual, members: [] },
          { ifMatch: 1 },
        ),
      ),
      'invalid-state',
    )
    const canceled = await desk.post(
      `/v1/group-meetings/${future.id}/cancellation`,
      { reasonCode: 'weather' },
      { ifMatch: 1 },
    )
    t.match(canceled.body, { status: 'canceled', cancellation: { reasonCode: 'weather' } })
    t.same(await run('select id from reservations where holder_id = $1', [future.id]), [])
  })

  t.test('a group shows to who may see its chart, and clinicians book what they lead alone', async t => {
    const { url } = await makeGroup(ground)
    const foreign = await createTestPractice(test)
    const [meeting] = (await post(desk, `${url}/meetings`, meetings(ground, { firstOn: dayIn(100) }))).body
      .meetings
    for (const by of [colleague, foreign.owner, await practice.staff(['biller'])]) {
      t.equal((await by.get(url)).status, 404)
      t.equal((await by.get(`/v1/group-meetings/${meeting.id}`)).status, 404)
      t.notOk((await by.get('/v1/groups')).body.data.some((one: { id: string }) => url.endsWith(one.id)))
    }
    t.equal((await leader.get(url)).status, 200)
    t.equal((await post(leader, `${url}/meetings`, meetings(ground, { firstOn: dayIn(101) }))).status, 201)
    const together = meetings(ground, {
      firstOn: dayIn(102),
      facilitatorIds: [leader.staffId, colleague.staffId],
    })
    t.equal(code(await post(leader, `${url}/meetings`, together)), 'not-permitted')
    t.equal((await post(desk, `${url}/meetings`, together)).status, 201)
    const stranger = (await ground.client([colleague])).clientId
    const brought = await post(leader, `${url}/members`, { clientId: stranger })
    t.equal(code(brought), 'unknown-reference', 'a client the leader may not see')
    const key = randomUUID()
    const once = { clientId: await person() }
    const replies = [
      await desk.post(`${url}/members`, once, { key }),
      await desk.post(`${url}/members`, once, { key }),
    ]
    t.same(replies[0]?.body, replies[1]?.body, 'a repeated request is answered alike')
    t.equal(code(await desk.post(`${url}/members`, once)), 'idempotency-key-required')
  })

  t.test('16 people take the last five seats at once: five get one', async t => {
    const { url, group } = await makeGroup(ground, { capacity: 5 })
    await post(desk, `${url}/meetings`, meetings(ground, { firstOn: dayIn(130), weeks: 3 }))
    const people = await ground.people(16, leader)
    const replies = await Promise.all(people.map(clientId => join(url, clientId)))
    t.equal(replies.filter(({ status }) => status === 201).length, 5)
    t.same([...new Set(replies.filter(({ status }) => status !== 201).map(code))], ['conflict'])
    const seats = await run(
      'select seat_number from therapy_group_members where group_id = $1 and left_at is null order by 1',
      [group.id],
    )
    t.same(
      seats.map(row => row.seat_number),
      [1, 2, 3, 4, 5],
    )
  })

  t.test('the database itself sells no seat twice and none that is not there', async t => {
    const { url, group } = await makeGroup(ground, { capacity: 2 })
    await join(url, await person())
    const sit = (number: number, clientId: string) =>
      run(
        'insert into therapy_group_members (practice_id, group_id, client_id, seat_number) values ($1, $2, $3, $4)',
        [practice.id, group.id, clientId, number],
      )
    await t.rejects(sit(1, await person()), /therapy_group_members_seat_key/)
    await t.rejects(sit(3, await person()), /therapy_group_members_seat_fkey/)
  })
})

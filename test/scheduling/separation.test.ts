import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createGroupPractice, dayIn, makeGroup, meetings, post } from '../support/groups.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { day, seriesOf } from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('keeping people apart', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const ground = await createGroupPractice(test, practice)
  const { desk, leader, colleague } = ground
  const { body } = await practice.owner.get('/v1/practice')
  const policies = { partnersApartMinutes: 20 }
  t.equal((await practice.owner.patch('/v1/practice', { policies }, { ifMatch: body.version })).status, 200)
  const person = async (clinician: Caller) => (await ground.people(1, clinician))[0] ?? ''
  /** Partners, each with a clinician of their own, who know nothing of the other. */
  const partners = async () => {
    const ids = [await person(leader), await person(colleague)] as const
    const { coupleId } = await ground.couple([...ids])
    return { coupleId, ids }
  }
  const bookFor = (clinician: Caller, clientId: string) => {
    const room = clinician === leader ? ground.rooms[0] : ground.rooms[1]
    const { book } = bookingsOf(ground, clinician, clientId)
    return (by: Caller, startsAt: string, more: object = {}) => book(by, startsAt, { roomId: room, ...more })
  }
  const neutral = { code: 'resource-busy', resource: 'unspecified' }

  t.test(
    'partners neither come nor go within the minutes of each other, and only the front desk learns why',
    async t => {
      const { ids } = await partners()
      const [his, hers] = [bookFor(leader, ids[0]), bookFor(colleague, ids[1])]
      t.equal((await his(desk, at(20, 17))).status, 201)
      const minutes = [
        [16, 0, 409, 'she leaves 10 minutes before he comes'],
        [15, 45, 201, 'she leaves 25 minutes before'],
        [17, 25, 201, 'she comes while he is in session'],
        [18, 0, 409, 'she comes 10 minutes after he left'],
      ] as const
      for (const [hour, minute, status, what] of minutes) {
        const reply = await hers(colleague, at(20, hour, minute))
        t.equal(reply.status, status, `${what}: ${JSON.stringify(reply.body)}`)
        if (status === 409) t.match(reply.body, neutral)
        if (status === 409) t.notOk('separation' in reply.body)
        if (status === 201)
          await desk.post(
            `/v1/appointments/${reply.body.id}/cancellation`,
            { reasonCode: 'other', by: 'practice' },
            { ifMatch: 1 },
          )
      }
      t.match((await hers(desk, at(20, 18))).body, { ...neutral, separation: true })
      t.equal(
        (await hers(colleague, at(20, 18), { mode: 'telehealth', locationId: null, roomId: null })).status,
        201,
      )
    },
  )

  t.test('the refusal is that of any hour that does not work', async t => {
    const { ids } = await partners()
    t.equal((await bookFor(leader, ids[0])(desk, at(21, 17))).status, 201)
    const apart = await bookFor(colleague, ids[1])(colleague, at(21, 18))
    const taken = await bookFor(colleague, ids[1])(colleague, at(21, 17), { roomId: ground.rooms[0] })
    t.same({ ...apart.body, requestId: '' }, { ...taken.body, requestId: '' })
  })

  t.test('who moves, or takes a cancellation back, is kept apart too', async t => {
    const { ids } = await partners()
    const [his, hers] = [bookFor(leader, ids[0]), bookFor(colleague, ids[1])]
    t.equal((await his(desk, at(22, 17))).status, 201)
    const { id } = (await hers(colleague, at(22, 21))).body
    const near = { startsAt: at(22, 18) }
    t.match((await colleague.patch(`/v1/appointments/${id}`, near, { ifMatch: 1 })).body, neutral)
    t.equal(
      (await colleague.patch(`/v1/appointments/${id}`, { startsAt: at(22, 20) }, { ifMatch: 1 })).status,
      200,
    )
    const url = `/v1/appointments/${id}/cancellation`
    await colleague.post(url, { reasonCode: 'illness', by: 'client' }, { ifMatch: 2 })
    t.equal((await his(desk, at(22, 21))).status, 201)
    t.match((await colleague.delete(url, { ifMatch: 3 })).body, neutral)
  })

  t.test(
    '16 requests for both partners at once: whatever was booked lies apart, without deadlock',
    async t => {
      const { ids } = await partners()
      const [his, hers] = [bookFor(leader, ids[0]), bookFor(colleague, ids[1])]
      const replies = await Promise.all(
        Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? his : hers)(desk, at(23, 14, 10 * n))),
      )
      t.ok(replies.every(({ status }) => status === 201 || status === 409))
      const booked = replies.filter(({ status }) => status === 201).map(({ body }) => body)
      t.ok(booked.length > 0)
      const moments = (row: { startsAt: string; endsAt: string }) =>
        [row.startsAt, row.endsAt].map(Date.parse)
      for (const one of booked)
        for (const other of booked)
          if (one.clientId !== other.clientId)
            for (const a of moments(one)) for (const b of moments(other)) t.ok(Math.abs(a - b) >= 20 * 60_000)
    },
  )

  t.test('a search offers no hour that would be refused', async t => {
    const { ids } = await partners()
    const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({
      weekday,
      startsAt: '08:00',
      endsAt: '18:00',
      locationId: ground.locationId,
      telehealth: true,
    }))
    const week = `/v1/staff-members/${colleague.staffId}/working-hours`
    t.equal((await practice.owner.post(week, { effectiveFrom: '2026-01-01', hours })).status, 201)
    t.equal((await bookFor(leader, ids[0])(desk, at(24, 19))).status, 201)
    const day = at(24, 19).slice(0, 10)
    const search = {
      serviceId: ground.services.individual,
      mode: 'in_person',
      clinicianIds: [colleague.staffId],
      roomIds: [ground.rooms[1]],
      clientId: ids[1],
      from: day,
      until: day,
      limit: 200,
    }
    const { slots } = (await colleague.post('/v1/slots/search', search)).body
    const { clientId: _, ...forNobody } = search
    const all = (await colleague.post('/v1/slots/search', forNobody)).body.slots
    const starts = new Set(slots.map((slot: { startsAt: string }) => slot.startsAt))
    const gone = all
      .map((slot: { startsAt: string }) => slot.startsAt)
      .filter((start: string) => !starts.has(start))
    t.ok(gone.length > 0 && slots.length > 0)
    for (const startsAt of gone)
      t.match((await bookFor(colleague, ids[1])(colleague, startsAt)).body, neutral)
    const [offered] = slots
    t.equal((await bookFor(colleague, ids[1])(colleague, offered.startsAt)).status, 201)
  })

  t.test('partners take no seats in one group; who leads it is not told why', async t => {
    const { ids } = await partners()
    const { url } = await makeGroup(ground)
    const other = await ground.client([leader])
    await ground.run(
      'update care_team_members set staff_id = $1 where chart_id in (select chart_id from chart_members where client_id = $2)',
      [leader.staffId, ids[1]],
    )
    t.equal((await post(leader, `${url}/members`, { clientId: ids[0] })).status, 201)
    t.match((await post(desk, `${url}/members`, { clientId: ids[1] })).body, { ...neutral, separation: true })
    const refused = await post(leader, `${url}/members`, { clientId: ids[1] })
    t.match(refused.body, neutral)
    t.notOk('separation' in refused.body)
    const [meeting] = (await post(desk, `${url}/meetings`, meetings(ground, { firstOn: dayIn(40) }))).body
      .meetings
    const elsewhere = bookingsOf(ground, colleague, other.clientId)
    t.equal((await elsewhere.book(desk, meeting.startsAt, { roomId: ground.rooms[1] })).status, 201)
    const busy = await post(leader, `${url}/members`, { clientId: other.clientId })
    t.same(busy.status, 409)
  })

  t.test('two partners who ask for seats at once do not both get one', async t => {
    for (const _ of [1, 2, 3]) {
      const { ids } = await partners()
      const { url } = await makeGroup(ground)
      const replies = await Promise.all(ids.map(clientId => post(desk, `${url}/members`, { clientId })))
      t.same(replies.map(({ status }) => status).sort(), [201, 409])
    }
  })

  t.test('a rule for two counts in place of the policy, and shows only to who sees both', async t => {
    const { ids } = await partners()
    const rule = { clientIds: [...ids], apartInGroups: false, apartMinutes: 0, reasonCode: 'couple_work' }
    t.equal((await leader.post('/v1/separation-rules', rule)).body.code, 'unknown-reference')
    const made = await desk.post('/v1/separation-rules', rule)
    t.equal(made.status, 201, JSON.stringify(made.body))
    t.equal(
      (await desk.post('/v1/separation-rules', { ...rule, clientIds: ids.toReversed() })).body.code,
      'already-exists',
    )
    const foreign = await createTestPractice(test)
    for (const by of [leader, colleague, foreign.owner]) {
      t.equal((await by.get(`/v1/separation-rules/${made.body.id}`)).status, 404)
      t.same((await by.get(`/v1/separation-rules?clientId=${ids[0]}`)).body.data, [])
    }
    t.equal((await desk.get(`/v1/separation-rules?clientId=${ids[1]}`)).body.data.length, 1)
    const { url } = await makeGroup(ground, { kind: 'couples' })
    await post(desk, `${url}/meetings`, meetings(ground, { firstOn: dayIn(47), weeks: 2 }))
    for (const clientId of ids) t.equal((await post(desk, `${url}/members`, { clientId })).status, 201)
    t.equal((await bookFor(leader, ids[0])(desk, at(25, 17))).status, 201)
    t.equal((await bookFor(colleague, ids[1])(desk, at(25, 17))).status, 201)
    const end = `/v1/separation-rules/${made.body.id}/end`
    t.equal((await desk.post(end, undefined, { ifMatch: 2 })).body.code, 'stale-version')
    t.match((await desk.post(end, undefined, { ifMatch: 1 })).body, { endedAt: String })
    t.equal((await desk.post(end, undefined, { ifMatch: 2 })).body.code, 'invalid-state')
    t.match((await bookFor(colleague, ids[1])(desk, at(25, 18))).body, neutral)
  })

  t.test('two who are no couple are kept apart by a rule', async t => {
    const [first, second] = [await ground.client([leader]), await ground.client([colleague])]
    const rule = {
      clientIds: [first.clientId, second.clientId],
      apartInGroups: true,
      apartMinutes: 60,
      reasonCode: 'safety',
    }
    t.equal((await desk.post('/v1/separation-rules', rule)).status, 201)
    const { url } = await makeGroup(ground)
    const [meeting] = (await post(desk, `${url}/meetings`, meetings(ground, { firstOn: dayIn(61) }))).body
      .meetings
    t.equal((await post(desk, `${url}/members`, { clientId: first.clientId })).status, 201)
    const after = new Date(Date.parse(meeting.endsAt) + 30 * 60_000).toISOString()
    t.match((await bookFor(colleague, second.clientId)(colleague, after)).body, neutral)
    t.match((await post(desk, `${url}/members`, { clientId: second.clientId })).body, neutral)
    const unknown = { ...rule, clientIds: [first.clientId, randomUUID()] }
    t.equal((await desk.post('/v1/separation-rules', unknown)).body.code, 'unknown-reference')
  })

  t.test('one clinician for both partners takes a reason, asked only of who may see both', async t => {
    const { ids } = await partners()
    const book = bookFor(leader, ids[1])
    const asked = await book(desk, at(26, 17))
    t.same([asked.body.code, asked.body.errors?.[0].pointer], ['invalid-request', '/dualRoleReason'])
    const given = await book(desk, at(26, 17), { dualRoleReason: 'The only one nearby (fictional).' })
    t.equal(given.status, 201, JSON.stringify(given.body))
    t.equal((await book(desk, at(26, 20))).status, 201, 'it stands recorded')
    t.equal((await bookFor(leader, ids[0])(leader, at(26, 23))).status, 201)
  })

  t.test('so does a move, and a change of a series, to that clinician', async t => {
    const dualRoleReason = 'The only one nearby (fictional).'
    const to = { clinicianId: leader.staffId }
    const { ids } = await partners()
    const { body: booked } = await bookFor(colleague, ids[1])(desk, at(27, 17))
    const url = `/v1/appointments/${booked.id}`
    const move = (by: Caller, more: object) => by.patch(url, { ...to, ...more }, { ifMatch: 1 })
    t.match((await move(desk, {})).body.errors, [{ pointer: '/dualRoleReason' }])
    t.equal((await move(desk, { dualRoleReason })).status, 200)

    const others = await partners()
    // After all days that the other tests here book, whatever weekday it is today.
    const series = await seriesOf(ground, colleague, others.ids[1]).book(desk, { firstOn: day(70) })
    const seriesUrl = `/v1/appointment-series/${series.body.series.id}`
    const change = (more: object) => desk.patch(seriesUrl, { ...to, ...more }, { ifMatch: 1 })
    t.match((await change({})).body.errors, [{ pointer: '/dualRoleReason' }])
    t.equal((await change({ time: '07:00', clinicianId: undefined })).status, 200, 'nothing of it changes')
    const changed = await desk.patch(seriesUrl, { ...to, dualRoleReason }, { ifMatch: 2 })
    t.equal(changed.status, 200, JSON.stringify(changed.body))
  })
})

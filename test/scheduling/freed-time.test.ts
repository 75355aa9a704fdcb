import { randomUUID } from 'node:crypto'
import t from 'tap'
import { makeGroup, meetings, post } from '../support/groups.ts'
import { intensivesOf } from '../support/intensives.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { day, seriesOf } from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'
import { createWaitingPractice } from '../support/waitlist.ts'

t.test('time that is given back is offered, whatever gave it back', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const ground = await createWaitingPractice(test, practice)
  const { desk, leader, colleague, run, wait, work, offersTo } = ground
  const person = async () => (await ground.people(1, leader))[0] ?? ''
  const intensives = await intensivesOf(ground, practice, leader)
  const openings = () =>
    run(
      `select clinician_id, mode, location_id, room_id, starts_at, ends_at, status from waitlist_openings
       where practice_id = $1 and created_at > now() - interval '1 hour' order by starts_at, clinician_id`,
      [practice.id],
    )
  const startsOf = async () => (await openings()).map(row => (row.starts_at as Date).toISOString())
  let entry = { id: '', version: 1 }
  t.beforeEach(async () => {
    entry = await wait(await person())
  })
  t.afterEach(async () => {
    for (const { id, version } of (await desk.get('/v1/waitlist-entries?status=waiting&limit=200')).body.data)
      await desk.post(`/v1/waitlist-entries/${id}/withdrawal`, undefined, { ifMatch: version })
    await run('delete from waitlist_offers where practice_id = $1', [practice.id])
    await run('delete from waitlist_openings where practice_id = $1', [practice.id])
  })

  t.test('blocks of an intensive that are canceled or moved', async t => {
    const id = await intensives.planned(desk, { clientId: await person() }, [
      { startsAt: at(10, 17), kind: 'individual', participants: ['a'] },
      { startsAt: at(10, 19), kind: 'individual', participants: ['a'] },
      {
        startsAt: at(11, 17),
        kind: 'individual',
        participants: ['a'],
        clinicianIds: [leader.staffId, colleague.staffId],
      },
    ])
    t.equal((await intensives.book(desk, id)).status, 200)
    t.same(await startsOf(), [], 'what is booked frees nothing')
    const [first] = (await intensives.read(desk, id)).blocks
    const moved = await intensives.step(desk, id, 'moves', {
      blocks: [{ blockId: first.id, startsAt: at(12, 17) }],
      reasonCode: 'illness',
      by: 'client',
    })
    t.equal(moved.status, 200, JSON.stringify(moved.body))
    t.match(await openings(), [
      {
        clinician_id: leader.staffId,
        mode: 'in_person',
        location_id: ground.locationId,
        room_id: ground.rooms[0],
      },
    ])
    t.same(await startsOf(), [at(10, 17)])
    await work()
    t.match((await offersTo(entry.id))[0], { status: 'open', opening: { slot: { startsAt: at(10, 17) } } })
    const canceled = await intensives.step(desk, id, 'cancellation', { by: 'client', reasonCode: 'illness' })
    t.equal(canceled.status, 200)
    t.same(
      await startsOf(),
      [at(10, 17), at(10, 19), at(11, 17), at(11, 17), at(12, 17)],
      'each clinician of a block',
    )
  })

  t.test('an intensive that the clinician cannot give frees nothing for others', async t => {
    const id = await intensives.planned(desk, { clientId: await person() }, [
      { startsAt: at(13, 17), kind: 'individual', participants: ['a'] },
    ])
    await intensives.book(desk, id)
    await intensives.step(desk, id, 'cancellation', { by: 'practice', reasonCode: 'clinician_unavailable' })
    t.same(await startsOf(), [])
  })

  t.test('a date of a series that is moved by itself, and those that move with the series', async t => {
    const series = seriesOf(ground, leader, await person())
    const { body } = await series.book(desk, { firstOn: day(-14), rule: 'FREQ=WEEKLY;COUNT=2' })
    const [one, two] = body.dates
    const startsAt = new Date(Date.parse(one.startsAt) + 86_400_000).toISOString()
    await desk.patch(`/v1/appointments/${one.appointmentId}`, { startsAt }, { ifMatch: 1 })
    t.same(await startsOf(), [one.startsAt])
    const changed = await desk.patch(
      `/v1/appointment-series/${body.series.id}`,
      { time: '20:00', onClash: 'refuse' },
      { ifMatch: 1 },
    )
    t.equal(changed.status, 200, JSON.stringify(changed.body))
    t.same(await startsOf(), [one.startsAt, two.startsAt])
  })

  t.test('an hour at which an overbooked session stands is offered to nobody', async t => {
    const { book } = bookingsOf(ground, leader, await person())
    const { body } = await book(desk, at(18, 17))
    const over = { clientId: await person(), overbook: true, note: 'On purpose (fictional)' }
    t.equal((await book(desk, at(18, 17), over)).status, 201)
    await desk.post(
      `/v1/appointments/${body.id}/cancellation`,
      { reasonCode: 'illness', by: 'client' },
      { ifMatch: 1 },
    )
    await work()
    t.same(await offersTo(entry.id), [])
  })

  t.test('what stays where it is, or moves by less than its length, frees nothing', async t => {
    const { body } = await bookingsOf(ground, leader, await person()).book(desk, at(14, 17))
    await desk.patch(`/v1/appointments/${body.id}`, { roomId: ground.rooms[1] }, { ifMatch: 1 })
    await desk.patch(`/v1/appointments/${body.id}`, { startsAt: at(14, 17, 15) }, { ifMatch: 2 })
    t.same(await startsOf(), [])
  })

  t.test('the hour is offered without the buffers around it, and a hold that ends is not', async t => {
    const buffered = { serviceId: ground.services.buffered }
    const { body } = await bookingsOf(ground, leader, await person()).book(desk, at(15, 17), buffered)
    const hold = await desk.post(
      '/v1/slot-holds',
      {
        serviceId: ground.services.individual,
        clinicianIds: [leader.staffId],
        mode: 'in_person',
        locationId: ground.locationId,
        roomId: ground.rooms[0],
        startsAt: at(15, 20),
      },
      { key: randomUUID() },
    )
    t.equal(hold.status, 201, JSON.stringify(hold.body))
    await desk.delete(`/v1/slot-holds/${hold.body.id}`)
    await desk.post(
      `/v1/appointments/${body.id}/cancellation`,
      { reasonCode: 'illness', by: 'client' },
      { ifMatch: 1 },
    )
    t.match(await openings(), [{ starts_at: new Date(at(15, 17)), ends_at: new Date(at(15, 17, 50)) }])
  })

  t.test(
    'a meeting of a group that is canceled; and what fell into a leave is offered to nobody',
    async t => {
      const { url } = await makeGroup(ground)
      const booked = await post(desk, `${url}/meetings`, meetings(ground, { time: '14:00' }))
      const [meeting] = booked.body.meetings
      await post(desk, `/v1/group-meetings/${meeting.id}/cancellation`, { reasonCode: 'illness' }, 1)
      t.same(await startsOf(), [meeting.startsAt])
      await work()
      t.equal((await offersTo(entry.id))[0]?.status, 'open')
      const other = await wait(await person())
      const { body } = await bookingsOf(ground, leader, await person()).book(desk, at(16, 17))
      const [startsAt, endsAt] = [at(15, 0).slice(0, 16), at(18, 0).slice(0, 16)]
      const away = { kind: 'time_off', staffId: leader.staffId, startsAt, endsAt }
      const leave = await desk.post('/v1/calendar-exceptions', away)
      t.equal(leave.status, 201, JSON.stringify(leave.body))
      await desk.patch(`/v1/appointments/${body.id}`, { startsAt: at(20, 17) }, { ifMatch: 1 })
      await work()
      t.same(
        (await offersTo(other.id)).map((offer: { status: string }) => offer.status),
        [],
      )
    },
  )
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { bookingsOf } from '../support/scheduling.ts'
import {
  allDates,
  createSeriesPractice,
  datesOf,
  day,
  instantOf,
  refusal,
  standingsOf,
} from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('changing a series', async t => {
  const test = await createTestApp(t)
  const { practice, bookable, desk, clinician, setUp, appointment } = await createSeriesPractice(test)

  t.test(
    'this and following: the appointments move, with their ids and history; those before stay',
    async t => {
      const { url, time, dates } = await setUp()
      const change = {
        from: day(21),
        time: '19:15',
        reasonCode: 'travel',
        by: 'client',
        note: 'New shift (fictional).',
      }
      const shown = await desk.post(`${url}/change-preview`, change)
      t.equal(shown.status, 200, JSON.stringify(shown.body))
      t.same(
        standingsOf(shown),
        [21, 28, 35, 42, 49].map(days => `${day(days)} free`),
      )
      t.equal(datesOf(shown)[0]?.startsAt, instantOf(day(21), '19:15'))
      t.equal(
        (await appointment(dates[3]?.appointmentId)).startsAt,
        instantOf(day(21), time),
        'nothing is written',
      )

      const changed = await desk.patch(url, change, { ifMatch: 1 })
      t.equal(changed.status, 200, JSON.stringify(changed.body))
      t.equal(changed.etag, '"v2"')
      t.same(
        standingsOf(changed),
        [21, 28, 35, 42, 49].map(days => `${day(days)} booked`),
      )
      t.same(
        datesOf(changed).map(({ appointmentId }) => appointmentId),
        dates.slice(3).map(({ appointmentId }) => appointmentId),
      )
      t.match(changed.body.series, { time: '19:15', version: 2 })
      const moved = await appointment(dates[3]?.appointmentId)
      t.match(moved, { startsAt: instantOf(day(21), '19:15'), version: 2, series: { date: day(21) } })
      t.equal((await appointment(dates[2]?.appointmentId)).startsAt, instantOf(day(14), time))
      t.match((await desk.get(`/v1/appointments/${moved.id}/changes`)).body.data, [
        { kind: 'booked', startsAt: instantOf(day(21), time) },
        {
          kind: 'moved',
          startsAt: instantOf(day(21), '19:15'),
          reasonCode: 'travel',
          by: 'client',
          note: null,
        },
      ])
      t.match((await desk.get(`${url}/changes`)).body.data, [
        { kind: 'booked' },
        {
          kind: 'changed',
          from: day(21),
          moved: 5,
          booked: 0,
          canceled: 0,
          leftOut: 0,
          note: change.note,
          time: '19:15',
        },
      ])
      t.equal((await desk.patch(url, change, { ifMatch: 1 })).status, 412)
      t.equal((await allDates(desk, String(changed.body.series.id))).body.data.length, 8)
    },
  )

  t.test('another day of the week: each week’s appointment goes with it', async t => {
    const { url, dates, time } = await setUp()
    const changed = await desk.patch(url, { firstOn: day(2), rule: 'FREQ=WEEKLY;COUNT=8' }, { ifMatch: 1 })
    t.equal(changed.status, 200, JSON.stringify(changed.body))
    t.same(
      standingsOf(changed),
      dates.map((_, week) => `${day(2 + week * 7)} booked`),
    )
    t.same(
      datesOf(changed).map(({ appointmentId }) => appointmentId),
      dates.map(({ appointmentId }) => appointmentId),
    )
    t.equal((await appointment(dates[7]?.appointmentId)).startsAt, instantOf(day(51), time))
  })

  t.test('from weekly to fortnightly: every other one is canceled; and back: it is booked anew', async t => {
    const { url, dates, id } = await setUp()
    const less = await desk.patch(
      url,
      { from: day(14), rule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=3' },
      { ifMatch: 1 },
    )
    t.same(standingsOf(less), [
      `${day(14)} kept`,
      `${day(21)} canceled`,
      `${day(28)} kept`,
      `${day(35)} canceled`,
      `${day(42)} kept`,
      `${day(49)} canceled`,
    ])
    t.match(await appointment(dates[3]?.appointmentId), { status: 'canceled', series: null })
    t.same(
      await bookable.run('select 1 from reservations where holder_id = $1', [dates[3]?.appointmentId]),
      [],
    )
    const more = await desk.patch(url, { from: day(14), rule: 'FREQ=WEEKLY;COUNT=6' }, { ifMatch: 2 })
    t.same(
      standingsOf(more),
      [14, 21, 28, 35, 42, 49].map((days, at) => `${day(days)} ${at % 2 ? 'booked' : 'kept'}`),
    )
    t.not(datesOf(more)[1]?.appointmentId, dates[3]?.appointmentId)
    t.equal(datesOf(more)[2]?.appointmentId, dates[4]?.appointmentId)
    t.same(
      standingsOf(await allDates(desk, id)),
      dates.map(({ date }) => `${date} booked`),
    )
    t.match((await desk.get(`${url}/changes`)).body.data[2], { booked: 3, canceled: 0, moved: 0 })
  })

  t.test('an occurrence that was moved, canceled or confirmed by itself', async t => {
    const { url, dates, time, id } = await setUp()
    const [moved, canceled, confirmed] = dates.map(({ appointmentId }) => `/v1/appointments/${appointmentId}`)
    const away = instantOf(day(1), '05:00')
    await desk.patch(String(moved), { startsAt: away }, { ifMatch: 1 })
    await desk.post(`${canceled}/cancellation`, { reasonCode: 'illness', by: 'client' }, { ifMatch: 1 })
    await desk.post(`${confirmed}/confirmation`, undefined, { ifMatch: 1 })
    const listed = await allDates(desk, id)
    t.match(listed.body.data[0], { date: day(0), standing: 'booked', exception: true, startsAt: away })
    t.match(listed.body.data[0], {
      originalStartsAt: instantOf(day(0), time),
      appointmentStatus: 'scheduled',
    })
    t.match(listed.body.data[1], { standing: 'canceled', appointmentStatus: 'canceled' })
    const changed = await desk.patch(
      url,
      { firstOn: day(3), rule: 'FREQ=WEEKLY;COUNT=8', roomId: bookable.rooms[1] },
      { ifMatch: 1 },
    )
    t.equal(changed.status, 200, JSON.stringify(changed.body))
    t.same(standingsOf(changed).slice(0, 4), [
      `${day(3)} kept`,
      `${day(10)} canceled`,
      `${day(17)} booked`,
      `${day(24)} booked`,
    ])
    t.match(await appointment(dates[0]?.appointmentId), {
      startsAt: away,
      roomId: bookable.rooms[0],
      series: { date: day(3) },
    })
    t.match(await appointment(dates[2]?.appointmentId), {
      status: 'scheduled',
      roomId: bookable.rooms[1],
      version: 3,
    })
    t.equal((await appointment(dates[1]?.appointmentId)).status, 'canceled')
  })

  t.test(
    'a change that clashes does nothing, or leaves where they are those that it cannot move',
    async t => {
      const { url, dates, time } = await setUp()
      const { clientId: someone } = await bookable.client([clinician])
      const others = bookingsOf(bookable, clinician, someone)
      const rival = await others.book(desk, instantOf(day(14), '21:00'))
      const later = { time: '21:00' }
      const shown = await desk.post(`${url}/change-preview`, later)
      t.equal(datesOf(shown)[2]?.standing, 'busy')
      const refused = await desk.patch(url, later, { ifMatch: 1 })
      t.match(refused.body, {
        code: 'resource-busy',
        clashes: [{ date: day(14), appointmentId: rival.body.id }],
      })
      t.equal((await appointment(dates[0]?.appointmentId)).version, 1, 'none was moved')
      const changed = await desk.patch(url, { ...later, onClash: 'leave_out' }, { ifMatch: 1 })
      t.same(standingsOf(changed).slice(1, 4), [`${day(7)} booked`, `${day(14)} busy`, `${day(21)} booked`])
      t.match(changed.body.dates[2], {
        exception: true,
        startsAt: instantOf(day(14), time),
        clashesWithId: rival.body.id,
      })
      t.equal((await others.book(desk, instantOf(day(14), time))).status, 409, 'it kept its hour')
      t.equal((await others.book(desk, instantOf(day(21), time))).status, 201, 'the others gave theirs up')
    },
  )

  t.test('a series of every day moves through itself', async t => {
    const { url, dates } = await setUp({
      firstOn: day(70),
      rule: 'FREQ=DAILY;COUNT=5',
      time: '03:00',
      durationMinutes: 720,
    })
    const changed = await desk.patch(url, { time: '12:00' }, { ifMatch: 1 })
    t.same(
      standingsOf(changed),
      dates.map(({ date }) => `${date} booked`),
      JSON.stringify(changed.body),
    )
    const rivals = await bookable.run(
      `select 1 from reservations a join reservations b on b.resource_id = a.resource_id and b.id > a.id
         and b.starts_at < a.ends_at and a.starts_at < b.ends_at where a.practice_id = $1`,
      [practice.id],
    )
    t.same(rivals, [])
  })

  t.test('to another clinician, room or telehealth, where it may be', async t => {
    const { url, dates, chartId } = await setUp()
    const colleague = await practice.staff(['clinician'])
    const changed = await desk.patch(
      url,
      { from: day(35), clinicianId: colleague.staffId, mode: 'telehealth' },
      { ifMatch: 1 },
    )
    t.equal(changed.status, 200, JSON.stringify(changed.body))
    t.match(await appointment(dates[5]?.appointmentId), {
      clinicianId: colleague.staffId,
      mode: 'telehealth',
      roomId: null,
    })
    t.same(refusal(await desk.patch(url, { mode: 'in_person' }, { ifMatch: 2 })), [
      400,
      'invalid-request',
      '/locationId',
    ])
    t.same(refusal(await desk.patch(url, { clinicianId: desk.staffId }, { ifMatch: 2 })), [
      422,
      'unknown-reference',
      '/clinicianId',
    ])
    t.same(refusal(await desk.patch(url, { roomId: randomUUID() }, { ifMatch: 2 })), [
      400,
      'invalid-request',
      '/roomId',
    ])
    t.same(refusal(await desk.patch(url, { onClash: 'refuse' }, { ifMatch: 2 })), [
      400,
      'invalid-request',
      '',
    ])
    t.same(refusal(await desk.patch(url, { rule: 'FREQ=SECONDLY' }, { ifMatch: 2 })), [
      400,
      'invalid-request',
      '/rule',
    ])
    t.equal((await desk.patch(url, {}, { ifMatch: 2 })).status, 400)
    t.equal((await desk.patch(url, { time: '08:00' })).status, 428)
    t.equal(
      (await clinician.patch(url, { time: '08:00' }, { ifMatch: 2 })).status,
      403,
      'it is the colleague’s now',
    )
    t.equal((await colleague.get(url)).status, 200, 'as the own')
    t.equal(chartId.length, 36)
  })

  t.test('what a change leaves out stays as each date has it, where another change begins later', async t => {
    const { url, dates, time, id } = await setUp()
    const later = await desk.patch(url, { from: day(28), time: '22:00', durationMinutes: 80 }, { ifMatch: 1 })
    t.equal(later.status, 200, JSON.stringify(later.body))
    const all = await desk.patch(url, { roomId: bookable.rooms[1] }, { ifMatch: 2 })
    t.same(
      standingsOf(all),
      dates.map(({ date }) => `${date} booked`),
    )
    const [before, after] = [
      await appointment(dates[3]?.appointmentId),
      await appointment(dates[4]?.appointmentId),
    ]
    t.match(before, {
      startsAt: instantOf(day(21), time),
      durationMinutes: 50,
      roomId: bookable.rooms[1],
      version: 2,
    })
    t.match(after, {
      startsAt: instantOf(day(28), '22:00'),
      durationMinutes: 80,
      roomId: bookable.rooms[1],
      version: 3,
    })
    const listed = (await allDates(desk, id)).body.data
    t.equal(listed[3].originalStartsAt, instantOf(day(21), time))
    t.equal(listed[4].originalStartsAt, instantOf(day(28), '22:00'))
    t.same(refusal(await desk.patch(url, { from: day(700), time: '07:00' }, { ifMatch: 3 })), [
      400,
      'invalid-request',
      '/from',
    ])
  })

  t.test('a clinician does not hand a series to others, and strangers find none', async t => {
    const { url, id } = await setUp()
    const colleague = await practice.staff(['clinician'])
    t.equal((await clinician.patch(url, { clinicianId: colleague.staffId }, { ifMatch: 1 })).status, 403)
    const foreign = await createTestPractice(test)
    for (const by of [colleague, foreign.owner]) {
      t.equal((await by.patch(url, { time: '08:00' }, { ifMatch: 1 })).status, 404)
      t.equal((await by.post(`${url}/change-preview`, { time: '08:00' })).status, 404)
      t.equal(
        (await by.post(`${url}/cancellation`, { reasonCode: 'other', by: 'client' }, { ifMatch: 1 })).status,
        404,
      )
      t.equal(
        (
          await by.post(
            `${url}/pauses`,
            { from: day(0), until: day(1), reasonCode: 'other', by: 'client' },
            { ifMatch: 1 },
          )
        ).status,
        404,
      )
      t.equal((await by.delete(`${url}/pauses/${id}`, { ifMatch: 1 })).status, 404)
    }
  })
})

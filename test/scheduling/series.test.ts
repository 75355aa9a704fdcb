import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { allDates, datesOf, day, instantOf, seriesOf, standingsOf } from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('booking a series', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const { clientId, chartId } = await bookable.client([clinician, colleague])
  const { book, preview, body } = seriesOf(bookable, clinician, clientId)
  const single = bookingsOf(bookable, clinician, clientId)
  const mondays = Array.from({ length: 8 }, (_, week) => day(week * 7))

  t.test('each date becomes an appointment of its own, at one time of the wall clock', async t => {
    const reply = await book(desk)
    t.equal(reply.status, 201, JSON.stringify(reply.body))
    const { series, dates, version } = reply.body
    t.equal(reply.headers.location, `/v1/appointment-series/${series.id}`)
    t.equal(reply.etag, '"v1"')
    t.equal(version, 1)
    t.match(series, {
      chartId,
      clientId,
      rule: 'FREQ=WEEKLY;COUNT=8',
      time: '18:00',
      status: 'active',
      pauses: [],
    })
    t.same(
      standingsOf(reply),
      mondays.map(date => `${date} booked`),
    )
    for (const { date, startsAt, localStart } of dates) {
      t.equal(startsAt, instantOf(date, '18:00'))
      t.match(localStart, `${date}T18:00:00-0`)
    }
    t.same((await desk.get(`/v1/appointment-series/${series.id}`)).body, series)
    t.same((await allDates(desk, series.id)).body.data, dates)
    const appointment = (await desk.get(`/v1/appointments/${dates[2].appointmentId}`)).body
    t.match(appointment, {
      status: 'scheduled',
      chartId,
      series: { seriesId: series.id, date: day(14) },
      startsAt: instantOf(day(14), '18:00'),
    })
    const changes = (await desk.get(`/v1/appointments/${appointment.id}/changes`)).body.data
    t.match(changes, [{ kind: 'booked', appointmentVersion: 1 }])
    const steps = (await desk.get(`/v1/appointment-series/${series.id}/changes`)).body.data
    t.match(steps, [{ kind: 'booked', booked: 8, moved: 0, canceled: 0, leftOut: 0, from: day(0) }])
    t.equal((await single.book(desk, instantOf(day(14), '18:30'))).body.code, 'resource-busy')
  })

  t.test(
    'a preview shows what would become of each date, in the shape of the booking, and writes nothing',
    async t => {
      const other = await bookable.client([clinician])
      const at = { clientId: other.clientId, time: '10:00' }
      const rival = await single.book(desk, instantOf(day(7), '10:30'), { roomId: bookable.rooms[1] })
      t.equal(rival.status, 201)
      const shown = await preview(desk, at)
      t.equal(shown.status, 200, JSON.stringify(shown.body))
      t.same([shown.body.series, shown.body.version], [null, null])
      t.same(
        standingsOf(shown),
        mondays.map((date, week) => `${date} ${week === 1 ? 'busy' : 'free'}`),
      )
      t.match(shown.body.dates[1], {
        resource: 'clinician',
        clashesWithId: rival.body.id,
        appointmentId: null,
      })
      t.same((await desk.get(`/v1/appointment-series?chartId=${other.chartId}`)).body.data, [])

      const refused = await book(desk, at)
      t.equal(refused.status, 409)
      t.match(refused.body, {
        code: 'resource-busy',
        resource: 'clinician',
        appointmentId: rival.body.id,
        clashes: [{ date: day(7), resource: 'clinician', appointmentId: rival.body.id }],
      })
      t.equal(refused.body.clashes.length, 1)
      t.same(
        (await desk.get(`/v1/appointment-series?chartId=${other.chartId}`)).body.data,
        [],
        'none of them',
      )
      t.same(await bookable.run('select id from appointments where chart_id = $1', [other.chartId]), [])

      const made = await book(desk, { ...at, onClash: 'leave_out' })
      t.equal(made.status, 201)
      const expected = mondays.map((date, week) => `${date} ${week === 1 ? 'busy' : 'booked'}`)
      t.same(standingsOf(made), expected)
      t.same(standingsOf(await allDates(desk, made.body.series.id)), expected, 'they stay reported')
      t.match((await desk.get(`/v1/appointment-series/${made.body.series.id}/changes`)).body.data, [
        { kind: 'booked', booked: 7, leftOut: 1 },
      ])
    },
  )

  t.test('a clinician learns of a clash only as much as of any busy hour', async t => {
    const [mine, foreign] = [await bookable.client([colleague]), await bookable.client([clinician])]
    const others = bookingsOf(bookable, clinician, foreign.clientId)
    t.equal((await others.book(desk, instantOf(day(8), '14:00'))).status, 201)
    const { preview: look, book: take } = seriesOf(bookable, colleague, mine.clientId)
    const at = { firstOn: day(1), time: '14:00', rule: 'FREQ=WEEKLY;COUNT=2' }
    const shown = await look(colleague, at)
    t.match(shown.body.dates[1], { standing: 'busy', resource: 'unspecified', clashesWithId: null })
    const refused = (await take(colleague, at)).body
    t.match(refused, { code: 'resource-busy', resource: 'unspecified' })
    t.same(refused.clashes, [{ date: day(8), resource: 'unspecified' }])
    t.notOk('appointmentId' in refused)
  })

  t.test(
    'holidays of the place and time off of the clinician are left out, unless they are to be booked',
    async t => {
      const { clientId: someone } = await bookable.client([clinician])
      const off = {
        kind: 'time_off',
        staffId: clinician.staffId,
        startsAt: `${day(16)}T16:30`,
        endsAt: `${day(16)}T18:00`,
      }
      t.equal((await desk.post('/v1/calendar-exceptions', off)).status, 201)
      const feast = { name: 'Founders Day', startsAt: `${day(23)}T00:00`, endsAt: `${day(24)}T00:00` }
      t.equal((await practice.owner.post('/v1/holidays', feast)).status, 201)
      const at = { clientId: someone, firstOn: day(9), time: '16:00', rule: 'FREQ=WEEKLY;COUNT=3' }
      t.same(standingsOf(await preview(desk, at)), [
        `${day(9)} free`,
        `${day(16)} closed`,
        `${day(23)} closed`,
      ])
      const all = await preview(desk, { ...at, onClosedDays: 'book' })
      t.same(standingsOf(all), [`${day(9)} free`, `${day(16)} free`, `${day(23)} free`])
      const made = await book(desk, at)
      t.equal(made.status, 201, JSON.stringify(made.body))
      t.same(standingsOf(made), [`${day(9)} booked`, `${day(16)} closed`, `${day(23)} closed`])
      const none = { ...at, firstOn: day(23), rule: 'FREQ=DAILY;COUNT=1' }
      t.match((await book(desk, none)).body, {
        code: 'invalid-request',
        errors: [{ pointer: '/rule', code: 'closed' }],
      })
    },
  )

  t.test('what cannot be a series is refused, where it is wrong', async t => {
    const refused = async (more: object, code: string, pointer: string) => {
      for (const reply of [await book(desk, more), await preview(desk, more)])
        t.same(
          [reply.body.code, reply.body.errors?.[0]?.pointer],
          [code, pointer],
          JSON.stringify(reply.body),
        )
    }
    for (const rule of [
      'FREQ=HOURLY',
      'WEEKLY',
      'FREQ=WEEKLY;BYHOUR=3',
      'FREQ=WEEKLY;COUNT=3;UNTIL=20990101',
    ])
      await refused({ rule }, 'invalid-request', '/rule')
    await refused({ rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'invalid-request', '/rule')
    await refused({ firstOn: day(-60) }, 'invalid-request', '/firstOn')
    await refused({ firstOn: day(500) }, 'invalid-request', '/firstOn')
    await refused({ locationId: null, roomId: null }, 'invalid-request', '/locationId')
    await refused({ mode: 'telehealth' }, 'invalid-request', '/locationId')
    await refused({ plannedState: 'CA' }, 'invalid-request', '/plannedState')
    await refused({ serviceId: bookable.services.couple }, 'invalid-request', '/serviceId')
    await refused({ serviceId: randomUUID() }, 'unknown-reference', '/serviceId')
    await refused({ clinicianId: desk.staffId }, 'unknown-reference', '/clinicianId')
    await refused({ clientId: randomUUID() }, 'unknown-reference', '/clientId')
    await refused({ clientId: undefined }, 'invalid-request', '')
    t.equal((await book(desk, { time: '25:00' })).status, 400)
    t.equal((await desk.post('/v1/appointment-series', body())).body.code, 'idempotency-key-required')
    t.equal((await book(colleague)).status, 403, 'another clinician’s calendar')
    t.equal((await book(await practice.staff(['biller']))).status, 403)
    const daily = { rule: 'FREQ=DAILY;COUNT=3', firstOn: day(40), time: '07:00', durationMinutes: 1440 }
    t.equal(
      (await book(desk, { ...daily, serviceId: bookable.services.buffered })).body.code,
      'resource-busy',
      'with itself',
    )
  })

  t.test(
    'a booking repeated with one key is made once, and seen by those who may see its appointments',
    async t => {
      const { clientId: someone, chartId: chart } = await bookable.client([clinician])
      const key = randomUUID()
      const more = { clientId: someone, firstOn: day(3), time: '09:00' }
      const [first, second] = [await book(clinician, more, { key }), await book(clinician, more, { key })]
      t.same([first.status, second.status], [201, 201])
      t.same(second.body, first.body)
      const url = `/v1/appointment-series/${first.body.series.id}`
      const foreign = await createTestPractice(test)
      for (const by of [colleague, foreign.owner])
        for (const path of ['', '/dates', '/changes']) t.equal((await by.get(url + path)).status, 404)
      const biller = await practice.staff(['biller'])
      t.match((await biller.get(url)).body, { id: first.body.series.id, roomId: null })
      const listed = async (by = clinician, query = '') =>
        (await by.get(`/v1/appointment-series?chartId=${chart}${query}`)).body.data.length
      t.same(
        [await listed(), await listed(desk), await listed(colleague), await listed(foreign.owner)],
        [1, 1, 0, 0],
      )
      t.same([await listed(clinician, '&status=ended'), await listed(clinician, '&status=active')], [0, 1])
      const page = await desk.get('/v1/appointment-series?limit=1')
      const rest = await desk.get(`/v1/appointment-series?limit=100&cursor=${page.body.nextCursor}`)
      const every = await desk.get('/v1/appointment-series?limit=100')
      t.same([...page.body.data, ...rest.body.data], every.body.data)
      const dates = await desk.get(`${url}/dates?limit=3&from=${day(10)}`)
      t.same(
        datesOf(dates).map(({ date }) => date),
        [day(10), day(17), day(24)],
      )
      const more3 = await desk.get(`${url}/dates?limit=3&from=${day(10)}&cursor=${dates.body.nextCursor}`)
      t.equal(datesOf(more3)[0]?.date, day(31))
    },
  )

  t.test('a couple’s series takes both partners, and telehealth is warned of', async t => {
    const partners = [await bookable.client([clinician]), await bookable.client([clinician])] as const
    const { coupleId } = await bookable.couple([partners[0].clientId, partners[1].clientId], [clinician])
    const more = {
      clientId: undefined,
      coupleId,
      serviceId: bookable.services.couple,
      mode: 'telehealth',
      locationId: undefined,
      roomId: undefined,
      firstOn: day(4),
      time: '20:00',
      plannedState: 'NV',
    }
    const made = await book(desk, more)
    t.equal(made.status, 201, JSON.stringify(made.body))
    t.match(made.body, {
      series: { coupleId, clientId: null },
      warnings: [{ code: 'state_not_licensed', state: 'NV' }],
    })
    const own = bookingsOf(bookable, colleague, partners[1].clientId)
    t.match((await own.book(desk, instantOf(day(11), '20:00'))).body, {
      code: 'resource-busy',
      resource: 'client',
    })
  })

  t.test('a year of weeks costs as many statements as a month of them', async t => {
    const asked = countingOn(test)
    const count = async (weeks: number, offset: number) => {
      const { clientId: someone } = await bookable.client([clinician])
      asked()
      const reply = await book(desk, {
        clientId: someone,
        firstOn: day(offset),
        time: '06:00',
        rule: `FREQ=WEEKLY;COUNT=${weeks}`,
      })
      const { statements } = asked()
      t.equal(reply.status, 201)
      t.equal(reply.body.dates.length, weeks)
      return statements
    }
    const statements = await count(50, 5)
    t.equal(await count(4, 6), statements)
    t.ok(statements > 10 && statements < 40, `${statements}`)
  })
})

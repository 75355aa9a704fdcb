import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { keepSeries } from '../../src/modules/scheduling/index.ts'
import { createTestPractice } from '../support/practice.ts'
import { bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { allDates, datesOf, day, instantOf, seriesOf, standingsOf, today } from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'

const inDays = (days: number) => today.add({ days }).toString()

t.test('what the job does for series, and what leave hits', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const { run } = bookable
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  const round = () =>
    inPractice(test.house.database, systemScope(practice.id, 'appointment-series'), keepSeries)

  let hour = 6
  const setUp = async (more: object = {}) => {
    const { clientId, chartId } = await bookable.client([clinician])
    const time = `${String(hour++).padStart(2, '0')}:00`
    const made = await seriesOf(bookable, clinician, clientId).book(desk, {
      rule: 'FREQ=WEEKLY',
      time,
      ...more,
    })
    if (made.status !== 201) throw new Error(JSON.stringify(made.body))
    const id: string = made.body.series.id
    return { id, url: `/v1/appointment-series/${id}`, time, clientId, chartId, made, dates: datesOf(made) }
  }
  /** As if the job had last been here so many days ago. */
  const age = async (id: string, days: number) => {
    await run(
      `with due as (select on_date, appointment_id from series_dates where series_id = $1 and on_date > $2::date),
         free as (delete from reservations where holder_id in (select appointment_id from due) returning 1)
       update appointment_series set booked_until = $2 where id = $1 and (select count(*) from free) >= 0`,
      [id, inDays(380 - days)],
    )
    await run('delete from series_dates where series_id = $1 and on_date > $2', [id, inDays(380 - days)])
  }
  const seriesOfNow = async (id: string) => (await desk.get(`/v1/appointment-series/${id}`)).body
  const eventsOf = async (id: string) =>
    (await run('select type from events where resource_id = $1 order by occurred_at, id', [id])).map(
      ({ type }) => type,
    )

  t.test('a year ahead is always booked, and a second round finds nothing to do', async t => {
    const { id, time, dates, made } = await setUp()
    t.equal(made.body.series.bookedUntil, inDays(380))
    await round()
    t.equal((await allDates(desk, id)).body.data.length, dates.length, 'nothing is due')
    await age(id, 30)
    const before = (await allDates(desk, id)).body.data.length
    t.ok(before < dates.length)
    await round()
    const after = await allDates(desk, id)
    t.same(
      standingsOf(after),
      dates.map(({ date }) => `${date} booked`),
    )
    t.equal(datesOf(after).at(-1)?.startsAt, instantOf(String(dates.at(-1)?.date), time))
    t.match(await seriesOfNow(id), { version: 1, bookedUntil: inDays(380) })
    await round()
    t.same((await allDates(desk, id)).body, after.body)
    const appointment = `/v1/appointments/${datesOf(after).at(-1)?.appointmentId}`
    t.match((await desk.get(`${appointment}/changes`)).body.data, [{ kind: 'booked', recordedById: null }])
    t.same(await eventsOf(id), ['appointment-series.booked'])
  })

  t.test('dates that are taken, closed or paused are left out, and what nobody chose is told', async t => {
    const { id, url, time, dates, clientId } = await setUp()
    const [first, second, third] = dates.slice(-3).map(({ date }) => date) as [string, string, string]
    await age(id, 30)
    await age(id, 30)
    const { clientId: someone } = await bookable.client([clinician])
    const others = bookingsOf(bookable, clinician, someone)
    t.equal((await others.book(desk, instantOf(first, time))).status, 201)
    const feast = { name: 'Founders Day', startsAt: `${second}T00:00`, endsAt: `${second}T23:00` }
    t.equal((await practice.owner.post('/v1/holidays', feast)).status, 201)
    const pause = { from: third, until: third, reasonCode: 'travel', by: 'client' }
    t.equal((await desk.post(`${url}/pauses`, pause, { ifMatch: 1 })).status, 200)
    await round()
    t.same(standingsOf(await allDates(desk, id)).slice(-3), [
      `${first} busy`,
      `${second} closed`,
      `${third} paused`,
    ])
    t.ok((await eventsOf(id)).includes('appointment-series.dates-left-out'))
    t.equal((await bookingsOf(bookable, clinician, clientId).book(desk, instantOf(second, time))).status, 201)
  })

  t.test('a series whose service, clinician or chart takes no sessions is not booked on', async t => {
    const { id, dates, chartId } = await setUp()
    await age(id, 30)
    await run("update charts set status = 'closed', closed_at = now() where id = $1", [chartId])
    await round()
    t.equal((await allDates(desk, id)).body.data.at(-1).standing, 'unavailable')
    t.equal((await allDates(desk, id)).body.data.length, dates.length)
    await age(id, 30)
    await run("update charts set status = 'open', closed_at = null where id = $1", [chartId])
    await run("update staff_members set status = 'disabled' where id = $1", [clinician.staffId])
    await round()
    await run("update staff_members set status = 'active' where id = $1", [clinician.staffId])
    t.equal((await allDates(desk, id)).body.data.at(-1).standing, 'unavailable')
  })

  t.test(
    'when the rules of a zone change, dates to come follow the clock, and the history says so',
    async t => {
      const { id, url, time, dates } = await setUp({ rule: 'FREQ=WEEKLY;COUNT=6' })
      const [moved, exception, blocked] = dates.slice(0, 3).map(({ appointmentId }) => appointmentId)
      // An hour later for this zone, as an older table would have had it.
      const ids = dates.map(({ appointmentId }) => appointmentId)
      const hours = "interval '1 hour'"
      // What stays there keeps the hour after it.
      hour++
      await run('update reservations set active = false where holder_id = any($1::uuid[])', [ids])
      for (const table of ['appointments', 'reservations'])
        await run(
          `update ${table} set starts_at = starts_at + ${hours}, ends_at = ends_at + ${hours}
         where ${table === 'appointments' ? 'id' : 'holder_id'} = any($1::uuid[])`,
          [ids],
        )
      await run('update reservations set active = true where holder_id = any($1::uuid[])', [ids])
      await run("update appointment_series set zone_version = '1999a' where id = $1", [id])
      const away = instantOf(day(8), '05:00')
      await desk.patch(`/v1/appointments/${exception}`, { startsAt: away }, { ifMatch: 1 })
      const { clientId: someone } = await bookable.client([clinician])
      const rival = await bookingsOf(bookable, clinician, someone).book(desk, instantOf(day(14), time))
      t.equal(rival.status, 201, JSON.stringify(rival.body))
      await round()
      t.match((await desk.get(`/v1/appointments/${moved}`)).body, {
        startsAt: instantOf(day(0), time),
        version: 2,
      })
      t.equal((await desk.get(`/v1/appointments/${exception}`)).body.startsAt, away)
      t.equal(
        Date.parse((await desk.get(`/v1/appointments/${blocked}`)).body.startsAt) -
          Date.parse(instantOf(day(14), time)),
        3_600_000,
      )
      t.match((await desk.get(`${url}/changes`)).body.data[1], {
        kind: 'zone_changed',
        moved: 4,
        leftOut: 1,
        from: day(0),
        recordedById: null,
      })
      t.ok((await eventsOf(id)).includes('appointment-series.zone-changed'))
      const [{ zone_version: version } = {}] = await run(
        'select zone_version from appointment_series where id = $1',
        [id],
      )
      t.equal(version, process.versions.tz)
      await round()
      t.equal((await desk.get(url)).body.version, 2, 'once')
    },
  )

  t.test('two rounds at once book each date once', async t => {
    const { id, dates } = await setUp()
    await age(id, 60)
    await Promise.all([round(), round(), round()])
    const after = await allDates(desk, id)
    t.equal(new Set(datesOf(after).map(({ appointmentId }) => appointmentId)).size, dates.length)
    t.notMatch(test.logLines.join(''), /"level":"error"/)
  })

  t.test('leave lists what it hits, with times that can be had', async t => {
    const { id, time, dates } = await setUp({ rule: 'FREQ=WEEKLY;COUNT=6' })
    const week = [1, 2, 3, 4, 5].map(weekday => ({
      weekday,
      startsAt: '06:00',
      endsAt: '19:00',
      locationId: bookable.locationId,
      telehealth: false,
    }))
    await desk.post(`/v1/staff-members/${clinician.staffId}/working-hours`, {
      effectiveFrom: '2026-01-01',
      hours: week,
    })
    const leave = await desk.post('/v1/calendar-exceptions', {
      kind: 'time_off',
      staffId: clinician.staffId,
      startsAt: `${day(14)}T00:00`,
      endsAt: `${day(19)}T00:00`,
    })
    const url = `/v1/calendar-exceptions/${leave.body.id}/appointments`
    const hit = await desk.get(url)
    t.equal(hit.status, 200, JSON.stringify(hit.body))
    const displaced = hit.body.data.find(
      (entry: { appointment: { id: string } }) => entry.appointment.id === dates[2]?.appointmentId,
    )
    t.match(displaced.appointment, { series: { seriesId: id, date: day(14) } })
    t.equal(displaced.offers.length, 3)
    for (const offer of displaced.offers) {
      t.match(offer, { clinicianIds: [clinician.staffId], locationId: bookable.locationId })
      t.notOk(offer.localStart >= day(14) && offer.localStart < day(19), offer.localStart)
      t.equal(offer.localStart.slice(11, 16), time, 'at its own time of day where that can be had')
    }
    const [offer] = displaced.offers
    const moved = await desk.patch(
      `/v1/appointments/${displaced.appointment.id}`,
      { startsAt: offer.startsAt, roomId: offer.roomId },
      { ifMatch: displaced.appointment.version },
    )
    t.equal(moved.status, 200, JSON.stringify(moved.body))
    const rest = await desk.get(url)
    t.equal(rest.body.data.length, hit.body.data.length - 1)
    for (const entry of rest.body.data)
      t.ok(
        entry.appointment.localStart >= day(14) && entry.appointment.localStart < day(19),
        entry.appointment.localStart,
      )
    const page = await desk.get(`${url}?limit=2`)
    const next = await desk.get(`${url}?limit=50&cursor=${page.body.nextCursor}`)
    t.same([...page.body.data, ...next.body.data], rest.body.data)

    t.equal((await clinician.get(url)).body.data.length, rest.body.data.length)
    const colleague = await practice.staff(['clinician'])
    t.same((await colleague.get(url)).body.data, [], 'nothing of others')
    const foreign = await createTestPractice(test)
    t.equal((await foreign.owner.get(url)).status, 404)
    t.equal((await desk.get(`/v1/calendar-exceptions/${randomUUID()}/appointments`)).status, 404)
    const extra = {
      kind: 'extra_hours',
      telehealth: true,
      staffId: clinician.staffId,
      startsAt: `${day(7)}T00:00`,
      endsAt: `${day(8)}T00:00`,
    }
    const none = await desk.post('/v1/calendar-exceptions', extra)
    t.same((await desk.get(`/v1/calendar-exceptions/${none.body.id}/appointments`)).body.data, [])
  })
})

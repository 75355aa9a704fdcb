import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bookingsOf } from '../support/scheduling.ts'
import {
  allDates,
  createSeriesPractice,
  datesOf,
  day,
  instantOf,
  refusal,
  standingsOf,
  today,
} from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('ending and pausing a series', async t => {
  const test = await createTestApp(t)
  const { practice, bookable, desk, clinician, setUp, appointment } = await createSeriesPractice(test)

  t.test('cancel all, or this and following', async t => {
    const { url, dates, id } = await setUp()
    const reason = { reasonCode: 'not_needed', by: 'practice', note: 'Goals are met (fictional).' }
    const shorter = await desk.post(`${url}/cancellation`, { ...reason, from: day(35) }, { ifMatch: 1 })
    t.equal(shorter.status, 200, JSON.stringify(shorter.body))
    t.same(
      standingsOf(shorter),
      [35, 42, 49].map(days => `${day(days)} canceled`),
    )
    t.match(shorter.body.series, {
      status: 'active',
      rule: `FREQ=WEEKLY;UNTIL=${day(34).replaceAll('-', '')}`,
    })
    t.match(await appointment(dates[6]?.appointmentId), {
      status: 'canceled',
      cancellation: { reasonCode: 'not_needed', by: 'practice' },
    })
    t.match((await desk.get(`/v1/appointments/${dates[6]?.appointmentId}/changes`)).body.data[1], {
      kind: 'canceled',
    })
    const moved = `/v1/appointments/${dates[1]?.appointmentId}`
    await desk.patch(moved, { startsAt: instantOf(day(8), '05:00') }, { ifMatch: 1 })
    const over = await desk.post(`${url}/cancellation`, reason, { ifMatch: 2 })
    t.equal(over.body.series.status, 'ended')
    t.equal((await desk.get(moved)).body.status, 'canceled', 'exceptions too')
    t.same(
      standingsOf(await allDates(desk, id)),
      dates.map(({ date }) => `${date} canceled`),
    )
    t.same(
      await bookable.run('select 1 from reservations where holder_id = any($1::uuid[])', [
        dates.map(date => date.appointmentId),
      ]),
      [],
    )
    t.equal((await desk.patch(url, { time: '08:00' }, { ifMatch: 3 })).body.code, 'invalid-state')
    t.match((await desk.get(`${url}/changes`)).body.data[2], {
      kind: 'canceled',
      canceled: 5,
      note: reason.note,
    })
  })

  t.test(
    'what a client cancels within the window of the policy is late, and grace is counted once for each',
    async t => {
      const { url, clientId, dates } = await setUp({
        rule: 'FREQ=DAILY;COUNT=4',
        firstOn: today.add({ days: 1 }).toString(),
      })
      const policy = await practice.owner.post(
        '/v1/cancellation-policies',
        {
          text: 'Please cancel early (fictional).',
          windowHours: 24 * 14,
          lateCancellationFeeCents: 5_000,
          noShowFeeCents: 5_000,
          graceCount: 1,
          graceMonths: 12,
          effectiveOn: '2026-01-01',
        },
        { key: randomUUID() },
      )
      await desk.post(
        `/v1/clients/${clientId}/cancellation-policy-signatures`,
        {
          cancellationPolicyId: policy.body.id,
          method: 'paper',
          signedOn: '2026-01-02',
        },
        { key: randomUUID() },
      )
      const late = await desk.post(
        `${url}/cancellation`,
        { reasonCode: 'travel', by: 'client' },
        { ifMatch: 1 },
      )
      t.same(
        datesOf(late).map(({ appointmentStatus }) => appointmentStatus),
        dates.map(() => 'late_canceled'),
      )
      const fees = await practice.owner.get(`/v1/appointment-fees?chartId=${late.body.series.chartId}`)
      t.same(fees.body.data.map((fee: { status: string }) => fee.status).sort(), [
        'due',
        'due',
        'due',
        'grace',
      ])
    },
  )

  t.test('to cancel from a day after the last one changes nothing, and makes nothing longer', async t => {
    const { url, id, dates } = await setUp()
    const reason = { reasonCode: 'not_needed', by: 'practice' }
    const { rule } = (await desk.get(url)).body
    const late = await desk.post(`${url}/cancellation`, { ...reason, from: day(120) }, { ifMatch: 1 })
    t.equal(late.status, 200)
    t.match(late.body.series, { status: 'active', rule })
    t.equal(datesOf(await allDates(desk, id)).length, dates.length)
  })

  t.test('the near hours of what is canceled are offered to those who wait', async t => {
    const { clientId } = await bookable.client([clinician])
    const waits = await desk.post(
      '/v1/waitlist-entries',
      { clientId, serviceId: bookable.services.individual, priority: 'routine' },
      { key: randomUUID() },
    )
    t.equal(waits.status, 201, JSON.stringify(waits.body))
    const openings = () =>
      bookable.run(
        `select o.starts_at from waitlist_openings o join outbox x on x.subject_id = o.id and x.kind = 'waitlist-opening'
         where o.practice_id = $1 order by o.starts_at`,
        [practice.id],
      )
    const { url, dates } = await setUp({
      rule: 'FREQ=WEEKLY;COUNT=9',
      firstOn: today.add({ days: 2 }).toString(),
    })
    const pause = { from: String(dates[1]?.date), until: String(dates[1]?.date), by: 'practice' }
    await desk.post(`${url}/pauses`, { ...pause, reasonCode: 'clinician_unavailable' }, { ifMatch: 1 })
    t.same(await openings(), [], 'nobody else could have it either')
    const over = await desk.post(
      `${url}/cancellation`,
      { reasonCode: 'not_needed', by: 'client' },
      { ifMatch: 2 },
    )
    t.equal(over.status, 200, JSON.stringify(over.body))
    const near = [0, 2, 3].map(index => dates[index]?.startsAt)
    t.same(
      (await openings()).map(({ starts_at: at }) => (at as Date).toISOString()),
      near,
      'four weeks of them',
    )
  })

  t.test('a pause cancels what falls into it, and its end books it anew where it is free', async t => {
    const { url, dates, id, time } = await setUp()
    const pause = { from: day(10), until: day(30), reasonCode: 'travel', by: 'client' }
    await desk.patch(
      `/v1/appointments/${dates[2]?.appointmentId}`,
      { startsAt: instantOf(day(36), '05:00') },
      { ifMatch: 1 },
    )
    const paused = await desk.post(`${url}/pauses`, pause, { ifMatch: 1 })
    t.equal(paused.status, 200, JSON.stringify(paused.body))
    t.same(
      standingsOf(paused),
      [`${day(14)} kept`, `${day(21)} paused`, `${day(28)} paused`],
      'one was moved out of it',
    )
    t.match(paused.body.series.pauses, [{ from: day(10), until: day(30) }])
    t.equal((await appointment(dates[3]?.appointmentId)).status, 'canceled')
    const changed = await desk.patch(url, { durationMinutes: 45 }, { ifMatch: 2 })
    t.same(standingsOf(changed).slice(2, 6), [
      `${day(14)} kept`,
      `${day(21)} paused`,
      `${day(28)} paused`,
      `${day(35)} booked`,
    ])
    const { clientId: someone } = await bookable.client([clinician])
    t.equal((await bookingsOf(bookable, clinician, someone).book(desk, instantOf(day(28), time))).status, 201)
    const [{ id: pauseId }] = paused.body.series.pauses
    const resumed = await desk.delete(`${url}/pauses/${pauseId}`, { ifMatch: 3 })
    t.equal(resumed.status, 200, JSON.stringify(resumed.body))
    t.same(standingsOf(resumed), [`${day(21)} booked`, `${day(28)} busy`])
    t.not(datesOf(resumed)[0]?.appointmentId, dates[3]?.appointmentId)
    t.equal((await appointment(datesOf(resumed)[0]?.appointmentId)).durationMinutes, 45)
    t.same(resumed.body.series.pauses, [])
    t.equal((await desk.delete(`${url}/pauses/${pauseId}`, { ifMatch: 4 })).status, 404)
    t.same(refusal(await desk.post(`${url}/pauses`, { ...pause, until: day(9) }, { ifMatch: 4 })), [
      400,
      'invalid-request',
      '/until',
    ])
    t.same(
      (await desk.get(`${url}/changes`)).body.data.map((step: { kind: string }) => step.kind),
      ['booked', 'paused', 'changed', 'resumed'],
    )
    t.equal((await allDates(desk, id)).body.data.length, 8)
  })
})

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { feeOf, freeUntil } from '../../src/modules/scheduling/cancellation-policies/window.rules.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const la = 'America/Los_Angeles'

/** Zone, window in hours, start on the wall clock, the last moment that is free on the wall clock with its offset. */
const windows: readonly [string, number, string, string][] = [
  [la, 48, '2026-11-23T09:00-08:00', '2026-11-21T09:00-08:00'],
  // Clocks go forward on 8 March 2026, back on 1 November: full days are days of the wall clock.
  [la, 48, '2026-03-09T09:00-07:00', '2026-03-07T09:00-08:00'],
  [la, 24, '2026-11-02T09:00-08:00', '2026-11-01T09:00-08:00'],
  [la, 24, '2026-11-01T09:00-08:00', '2026-10-31T09:00-07:00'],
  // 2:30 does not exist on 8 March: an hour later counts.
  [la, 24, '2026-03-09T02:30-07:00', '2026-03-08T03:30-07:00'],
  // 1:30 comes twice on 1 November: the first counts.
  [la, 24, '2026-11-02T01:30-08:00', '2026-11-01T01:30-07:00'],
  // Hours are hours that pass.
  [la, 12, '2026-03-08T09:00-07:00', '2026-03-07T20:00-08:00'],
  [la, 36, '2026-03-09T09:00-07:00', '2026-03-07T20:00-08:00'],
  ['America/New_York', 24, '2026-03-09T09:00-04:00', '2026-03-08T09:00-04:00'],
  ['America/New_York', 48, '2026-03-09T09:00-04:00', '2026-03-07T09:00-05:00'],
  ['America/Phoenix', 48, '2026-03-09T09:00-07:00', '2026-03-07T09:00-07:00'],
  ['Europe/London', 24, '2026-03-29T09:00+01:00', '2026-03-28T09:00+00:00'],
  ['Australia/Lord_Howe', 24, '2026-04-05T09:00+10:30', '2026-04-04T09:00+11:00'],
  [la, 0, '2026-03-09T09:00-07:00', '2026-03-09T09:00-07:00'],
]

t.test('the window is counted on the wall clock of the location, through both changes', async t => {
  for (const [zone, hours, start, until] of windows)
    t.equal(
      freeUntil(new Date(start), zone, hours).toISOString(),
      new Date(until).toISOString(),
      `${hours} h before ${start} in ${zone}`,
    )
  const property = fc.property(
    fc.integer({ min: 0, max: 14 }),
    fc.integer({ min: 0, max: 500_000 }),
    (days, quarter) => {
      const start = new Date(Date.UTC(2026, 0, 1) + quarter * 900_000)
      const wall = (date: Date) =>
        Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(la).toPlainDateTime()
      const until = wall(freeUntil(start, la, days * 24))
      const meant = wall(start).subtract({ days })
      const gap = until.since(meant).total('minutes')
      return gap === 0 || gap === 60
    },
  )
  fc.assert(property, { numRuns: 300 })
  t.pass('whatever the day: the same time of day, or an hour later where it does not exist')
})

t.test('a fee, grace, or nothing', async t => {
  const terms = { graceCount: 1, lateCancellationFeeCents: 7_500, noShowFeeCents: 0 }
  t.same(feeOf('late_cancellation', terms, 0), { amountCents: 7_500, status: 'grace' })
  t.same(feeOf('late_cancellation', terms, 1), { amountCents: 7_500, status: 'due' })
  t.equal(feeOf('no_show', terms, 5), undefined)
})

t.test('cancellation policies', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  const { clientId } = await bookable.client([clinician])
  const { book } = bookingsOf(bookable, clinician, clientId)
  const byClient = { reasonCode: 'schedule_conflict', by: 'client' }
  const terms = {
    text: 'Please cancel two days ahead (fictional).',
    windowHours: 48,
    lateCancellationFeeCents: 7_500,
    noShowFeeCents: 15_000,
    graceCount: 1,
    graceMonths: 12,
    effectiveOn: '2020-01-01',
  }
  const policy = async (more: object = {}, by: Caller = desk) =>
    by.post('/v1/cancellation-policies', { ...terms, ...more }, { key: randomUUID() })
  const sign = (cancellationPolicyId: string, client = clientId, by = desk) =>
    by.post(
      `/v1/clients/${client}/cancellation-policy-signatures`,
      { cancellationPolicyId, method: 'paper', signedOn: '2026-01-02' },
      { key: randomUUID() },
    )
  const cancel = async (startsAt: string, more: object = {}, cancellation: object = byClient) => {
    const { body } = await book(desk, startsAt, { ...more })
    const { body: canceled } = await desk.post(`/v1/appointments/${body.id}/cancellation`, cancellation, {
      ifMatch: 1,
    })
    return canceled
  }
  const feesOf = async (appointmentId: string, by = desk) =>
    (await by.get(`/v1/appointment-fees?appointmentId=${appointmentId}`)).body.data
  let first = ''

  t.test('without a policy nothing is late', async t => {
    t.match(await cancel(at(1, 3)), { status: 'canceled' })
  })

  t.test('versions count up and are never edited; only those who run the practice write them', async t => {
    const made = await policy()
    t.match(made, { status: 201, body: { number: 1, ...terms, currency: 'USD' } })
    first = made.body.id
    const late = await policy({ effectiveOn: '2999-01-01', windowHours: 336 })
    t.equal(late.body.number, 2)
    const { data } = (await clinician.get('/v1/cancellation-policies?limit=1')).body
    t.match(data, [{ number: 2 }])
    t.equal((await policy({}, clinician)).body.code, 'not-permitted')
    t.equal((await policy({ windowHours: -1 })).status, 400)
    const twins = await Promise.all([policy(), policy(), policy()])
    for (const { status } of twins) t.ok(status === 201 || status === 409, `${status}`)
    const numbers = twins.filter(({ status }) => status === 201).map(({ body }) => body.number)
    t.equal(new Set(numbers).size, numbers.length)
  })

  t.test('late by the policy in force costs nothing while it is not signed', async t => {
    const late = await cancel(at(1, 4))
    t.equal(late.status, 'late_canceled')
    t.same(await feesOf(late.id), [])
    t.match(await cancel(at(8, 4)), { status: 'canceled' })
    t.match(await cancel(at(1, 5), {}, { reasonCode: 'clinician_unavailable', by: 'practice' }), {
      status: 'canceled',
    })
  })

  t.test('a version is signed once, by a client one may see, for a day that has come', async t => {
    t.match(await sign(first), { status: 201, body: { policyNumber: 1, clientId, method: 'paper' } })
    t.equal((await sign(first)).body.code, 'already-exists')
    t.equal((await sign(randomUUID())).body.code, 'unknown-reference')
    t.equal((await sign(first, randomUUID())).status, 404)
    t.equal((await sign(first, clientId, await practice.staff(['clinician']))).status, 404)
    t.match((await clinician.get(`/v1/clients/${clientId}/cancellation-policy-signatures`)).body.data, [
      { cancellationPolicyId: first, policyNumber: 1 },
    ])
    const strange = await createTestPractice(test)
    t.equal((await strange.owner.get(`/v1/clients/${clientId}/cancellation-policy-signatures`)).status, 404)
  })

  t.test('the first missed hour has grace, the next is due, and a waiver needs a reason', async t => {
    const one = await cancel(at(1, 6))
    t.match(await feesOf(one.id), [
      { kind: 'late_cancellation', status: 'grace', amount: { amount: 7_500, currency: 'USD' } },
    ])
    const missed = (await book(desk, at(-1, 6))).body
    await desk.post(`/v1/appointments/${missed.id}/no-show`, undefined, { ifMatch: 1 })
    const [fee] = await feesOf(missed.id)
    t.match(fee, { kind: 'no_show', status: 'due', amount: { amount: 15_000 }, occurredAt: at(-1, 6) })
    const url = `/v1/appointment-fees/${fee.id}/waiver`
    t.equal((await desk.post(url, {}, { ifMatch: 1 })).status, 400)
    t.equal((await desk.post(url, { reasonCode: 'illness' }, { ifMatch: 2 })).body.code, 'stale-version')
    const stranger = await practice.staff(['clinician'])
    t.equal((await stranger.post(url, { reasonCode: 'illness' }, { ifMatch: 1 })).status, 404)
    t.same(await feesOf(missed.id, stranger), [])
    const note = 'Canary: a flat tire (fictional).'
    t.match(await clinician.post(url, { reasonCode: 'illness', note }, { ifMatch: 1 }), {
      status: 200,
      body: { status: 'waived', waiver: { reasonCode: 'illness', note, waivedById: clinician.staffId } },
    })
    t.equal((await desk.post(url, { reasonCode: 'other' }, { ifMatch: 2 })).body.code, 'invalid-state')
    const biller = await practice.staff(['biller'])
    t.match(await feesOf(missed.id, biller), [{ waiver: { reasonCode: null, note: null } }])
    const done = { actualStartsAt: at(-1, 6), actualEndsAt: at(-1, 6, 50) }
    await desk.post(`/v1/appointments/${missed.id}/attendance`, done, { ifMatch: 2 })
    t.match(await feesOf(missed.id), [{ status: 'void' }], 'who was there after all owes nothing')
  })

  t.test('a cancellation that is taken back takes its fee along', async t => {
    const late = await cancel(at(1, 7))
    t.match(await feesOf(late.id), [{ status: 'due' }])
    t.match(await desk.delete(`/v1/appointments/${late.id}/cancellation`, { ifMatch: 2 }), {
      body: { status: 'scheduled' },
    })
    t.match(await feesOf(late.id), [{ status: 'void' }])
    const told = await bookable.run(
      `select count(*)::int from events where practice_id = $1 and type = 'appointment-fee.voided'
         and resource_id in (select id from appointment_fees where practice_id = $1 and appointment_id = $2)`,
      [practice.id, late.id],
    )
    t.same(told, [{ count: 1 }], 'who bills is told')
    await desk.post(`/v1/appointments/${late.id}/cancellation`, byClient, { ifMatch: 3 })
    const fees = await feesOf(late.id)
    t.same(fees.map((fee: { status: string }) => fee.status).toSorted(), ['due', 'void'])
  })

  t.test('an hour keeps its grace when it was missed in another way', async t => {
    const other = await bookable.client([clinician])
    await sign(first, other.clientId)
    const { id } = (await book(desk, at(-1, 7), { clientId: other.clientId })).body
    await desk.post(`/v1/appointments/${id}/no-show`, undefined, { ifMatch: 1 })
    t.match(await feesOf(id), [{ kind: 'no_show', status: 'grace' }])
    const canceled = await desk.post(`/v1/appointments/${id}/cancellation`, byClient, { ifMatch: 2 })
    t.match(canceled, { status: 200, body: { status: 'late_canceled' } })
    const fees = await feesOf(id)
    t.same(fees.map((fee: { kind: string; status: string }) => `${fee.kind} ${fee.status}`).toSorted(), [
      'late_cancellation grace',
      'no_show void',
    ])
  })

  t.test('two missed hours at once share no grace', async t => {
    const other = await bookable.client([clinician])
    await sign(first, other.clientId)
    const booked = []
    for (const hour of [8, 9, 10])
      booked.push((await book(desk, at(1, hour), { clientId: other.clientId })).body.id)
    await Promise.all(
      booked.map(id => desk.post(`/v1/appointments/${id}/cancellation`, byClient, { ifMatch: 1 })),
    )
    const { data } = (await desk.get(`/v1/appointment-fees?chartId=${other.chartId}`)).body
    t.same(data.map((fee: { status: string }) => fee.status).toSorted(), ['due', 'due', 'grace'])
  })

  t.test('a couple owes by a version that both signed', async t => {
    const [a, b] = [await bookable.client([clinician]), await bookable.client([clinician])]
    const couple = await bookable.couple([a.clientId, b.clientId], [clinician])
    const ofCouple = { clientId: undefined, coupleId: couple.coupleId, serviceId: bookable.services.couple }
    await sign(first, a.clientId)
    t.same(await feesOf((await cancel(at(1, 11), ofCouple)).id), [])
    const portal = await portalCaller(practice, b.clientId)
    const signed = await portal.post(
      '/v1/portal/cancellation-policy-signatures',
      { cancellationPolicyId: first },
      { key: randomUUID() },
    )
    t.match(signed, { status: 201, body: { method: 'portal', recordedById: null, clientId: b.clientId } })
    t.match(await feesOf((await cancel(at(1, 12), ofCouple)).id), [{ status: 'grace' }])
  })
})

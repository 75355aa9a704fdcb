import { randomUUID } from 'node:crypto'
import t from 'tap'
import { intensivesOf } from '../support/intensives.ts'
import { createTestPractice } from '../support/practice.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('what is given of an intensive', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  const [a, b] = [await bookable.client([clinician]), await bookable.client([clinician])]
  const { coupleId } = await bookable.couple([a.clientId, b.clientId], [clinician])
  const intensives = await intensivesOf(bookable, practice, clinician)
  const { planned, book, step, must, pass, block, read, reservations } = intensives

  /** In progress since `daysAgo`, with blocks that were and blocks that are to come. */
  const running = async (blocks: Parameters<typeof planned>[2]) => {
    const id = await planned(desk, { coupleId }, blocks)
    await must(book(desk, id))
    const started = { to: 'in_progress', despiteOpenGates: pass }
    const { blocks: booked } = await must(step(clinician, id, 'status-changes', started))
    return { id, ids: booked.map((one: { id: string }) => one.id) as string[] }
  }

  t.test(
    'an intensive that ends early earns its part, gives the rest of its time back and says what is owed',
    async t => {
      const { id, ids } = await running([
        { startsAt: at(-2, 16), durationMinutes: 90 },
        { startsAt: at(-2, 18), durationMinutes: 30, kind: 'break', clinicianIds: [], roomId: null },
        { startsAt: at(-1, 16), durationMinutes: 60 },
        { startsAt: at(5, 16), durationMinutes: 150 },
        { startsAt: at(5, 19), durationMinutes: 30, kind: 'staff_huddle', participants: [] },
      ])
      const paid = { kind: 'deposit_received', amountCents: 700_000, onDate: '2026-01-05' }
      await must(step(desk, id, 'money-steps', paid))
      const [first = '', rest = '', second = '', last = ''] = ids
      const deliver = (blocks: object[]) => step(clinician, id, 'deliveries', { blocks })
      t.equal(
        (await deliver([{ blockId: last, deliveredMinutes: 10, reasonCode: 'other' }])).body.code,
        'invalid-state',
      )
      const refusedAt = async (delivery: object, pointer: string, code = 'invalid-request') => {
        const { body } = await deliver([delivery])
        t.same([body.code, body.errors?.[0]?.pointer], [code, pointer])
      }
      await refusedAt({ blockId: first, deliveredMinutes: 91 }, '/blocks/0/deliveredMinutes')
      await refusedAt({ blockId: first, deliveredMinutes: 89 }, '/blocks/0/reasonCode')
      await refusedAt({ blockId: first, deliveredMinutes: 90, reasonCode: 'illness' }, '/blocks/0/reasonCode')
      await refusedAt(
        { blockId: randomUUID(), deliveredMinutes: 0 },
        '/blocks/0/blockId',
        'unknown-reference',
      )
      await must(deliver([{ blockId: first, deliveredMinutes: 0, reasonCode: 'booking_error' }]))
      await must(deliver([{ blockId: first, deliveredMinutes: 90 }]))
      await must(deliver([{ blockId: second, deliveredMinutes: 20, reasonCode: 'illness' }]))
      const ended = await must(step(desk, id, 'status-changes', { to: 'completed', undelivered: 'illness' }))
      t.same(
        ended.blocks.map((one: Record<string, unknown>) => [
          one.status,
          one.deliveredMinutes,
          one.shareCents,
        ]),
        [
          ['delivered', 90, 270_000],
          ['delivered', 30, null],
          ['partly_delivered', 20, 180_000],
          ['not_delivered', 0, 450_000],
          ['not_delivered', 0, null],
        ],
      )
      // 90 of 300 minutes are 270 000; 20 of 60 minutes of 180 000 are 60 000.
      t.match(ended.money.slice(2), [
        { kind: 'earned', amountCents: 330_000 },
        { kind: 'unearned', amountCents: 570_000 },
        { kind: 'refund_due', amountCents: 370_000 },
      ])
      t.notOk((await reservations(id)).some(row => row.holder_id === last))
      t.ok((await reservations(id)).some(row => row.holder_id === second))
      const free = await bookingsOf(bookable, clinician, a.clientId).book(desk, at(5, 16))
      t.equal(free.status, 201, 'the hour is free again')
      const huddle = await bookingsOf(bookable, clinician, a.clientId).book(desk, at(5, 19))
      t.equal(huddle.status, 201, 'that of a huddle to come too')
      t.equal(
        (await step(desk, id, 'money-steps', { ...paid, amountCents: 1 })).body.errors[0].pointer,
        '/amountCents',
        'more than was earned is paid already',
      )
      t.equal((await deliver([{ blockId: rest, deliveredMinutes: 30 }])).body.code, 'invalid-state')
      const back = { kind: 'refund_paid', amountCents: 370_000, onDate: '2026-01-06' }
      t.equal((await must(step(desk, id, 'money-steps', back))).money.at(-1).kind, 'refund_paid')
      t.equal((await step(desk, id, 'money-steps', { ...back, amountCents: 1 })).body.code, 'invalid-request')
      t.equal((await step(desk, id, 'money-steps', { ...paid, amountCents: 1 })).body.code, 'invalid-request')
    },
  )

  t.test('a block may be added and booked while it runs', async t => {
    const { id } = await running([{ startsAt: at(-3, 16) }, { startsAt: at(7, 16) }])
    await must(step(desk, id, 'plan', { blocks: [block({ startsAt: at(7, 17), kind: 'education' })] }))
    const added = (await read(desk, id)).blocks.find((one: { status: string }) => one.status === 'planned')
    const booked = await step(desk, id, 'booking', { blockIds: [added.id] })
    t.match(booked.body, { status: 'in_progress', endsAt: at(7, 18) })
    const again = await step(desk, id, 'booking', { blockIds: [added.id] })
    t.equal(again.body.code, 'invalid-state')
    const unknown = await step(desk, id, 'booking', { blockIds: [randomUUID()] })
    t.same(unknown.body.errors[0].pointer, '/blockIds/0')
    t.equal(
      (await step(desk, id, 'cancellation', { reasonCode: 'other', by: 'client' })).body.code,
      'invalid-state',
    )
  })

  t.test('without a deposit there is nothing to wait for', async t => {
    const { id } = (await intensives.open(desk, { coupleId, depositCents: 0 })).body
    for (const body of [
      { to: 'screened', despiteOpenGates: pass },
      { to: 'contracted', despiteOpenGates: pass },
      { to: 'deposit_due', dueOn: '2026-12-01', despiteOpenGates: pass },
    ])
      await must(step(clinician, id, 'status-changes', body))
    await must(step(desk, id, 'plan', { blocks: [block({ startsAt: at(12, 16) })] }))
    const booked = await step(desk, id, 'booking', {})
    t.match(booked.body, { status: 'scheduled', money: [] })
  })

  t.test(
    'a follow-up series of the couple or of a participant is named in aftercare, and no other',
    async t => {
      const { id } = await running([{ startsAt: at(-5, 16) }])
      const url = `/v1/intensives/${id}/aftercare-tasks`
      const plan = (body: object) => desk.post(url, { dueOn: '2026-12-24', ...body }, { key: randomUUID() })
      const task = (await plan({ kind: 'follow_up_series' })).body
      const other = (await plan({ kind: 'check_in_call' })).body
      const seriesFor = async (chartId: string) => {
        const [row] = await bookable.run(
          `insert into appointment_series (practice_id, id, chart_id, service_id, clinician_id, location_id, mode, duration_minutes,
           rule, first_on, starts_minute, time_zone, on_closed_days, booked_until, zone_version)
         values ($1, uuidv7(), $2, $3, $4, $5, 'in_person', 50, 'FREQ=WEEKLY', '2026-12-01', 540, 'UTC', 'book', '2026-12-01', 'x')
         returning id`,
          [practice.id, chartId, bookable.services.individual, clinician.staffId, bookable.locationId],
        )
        return String(row?.id)
      }
      const name = (taskId: string, seriesId: string, version: number, by = clinician) =>
        by.patch(`${url}/${taskId}`, { seriesId }, { ifMatch: version })
      const stranger = await bookable.client([clinician])
      const strange = await seriesFor(stranger.chartId)
      t.equal((await name(task.id, strange, 1)).body.code, 'unknown-reference')
      t.equal((await name(task.id, randomUUID(), 1)).body.code, 'unknown-reference')
      const own = await seriesFor(a.chartId)
      t.match((await name(task.id, own, 1)).body, { seriesId: own, status: 'open', version: 2 })
      t.equal((await name(other.id, own, 1)).body.code, 'invalid-request')
      const dropped = await desk.patch(`${url}/${other.id}`, { status: 'dropped' }, { ifMatch: 1 })
      t.match(dropped.body, { status: 'dropped' })
      t.equal((await desk.patch(`${url}/${randomUUID()}`, { status: 'done' }, { ifMatch: 1 })).status, 404)
      t.equal((await plan({ kind: 'summary', participant: 'a' })).status, 201)
      const listed = (await read(desk, id)).aftercareTasks
      t.equal(listed.length, 3)
    },
  )

  t.test('eighteen blocks are planned, booked, moved and canceled in as many statements as one', async t => {
    const cost = countingOn(test)
    const costs = []
    for (const [count, first] of [
      [1, 20],
      [18, 50],
    ] as const) {
      const days = Array.from({ length: count }, (_, index) => ({
        startsAt: at(first + Math.floor(index / 6), 10 + (index % 6)),
      }))
      const id = await intensives.ready(desk, { coupleId })
      let version = Number((await read(desk, id)).version)
      const counted: number[] = []
      const take = async (path: string, body: object) => {
        cost()
        const answer = await step(desk, id, path, body, version)
        counted.push(cost().statements)
        version = answer.body.version
        t.equal(answer.status, 200, JSON.stringify(answer.body))
        t.equal(answer.body.blocks.length, count)
      }
      await take('plan', { blocks: days.map(block) })
      await take('booking', { despiteOpenGates: pass })
      await take('moves', { firstOn: at(first + 10, 10).slice(0, 10) })
      await take('cancellation', { reasonCode: 'other', by: 'client' })
      costs.push(counted)
    }
    t.same(costs[1], costs[0])
  })
})

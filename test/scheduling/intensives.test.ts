import { randomUUID } from 'node:crypto'
import t from 'tap'
import { intensivesOf } from '../support/intensives.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('intensives', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const team = [clinician]
  const ofA = await practice.staff(['clinician'])
  const a = await bookable.client([clinician, ofA])
  const b = await bookable.client(team)
  const { coupleId, chartId } = await bookable.couple([a.clientId, b.clientId], team)
  const intensives = await intensivesOf(bookable, practice, clinician)
  const { open, block, read, step, must, pass, ready, planned, book, reservations } = intensives
  const couple = { coupleId }

  /** Three days of two blocks each. */
  const threeDays = (first: number) =>
    [0, 1, 2].flatMap(day => [
      { startsAt: at(first + day, 17) },
      { startsAt: at(first + day, 18), kind: 'individual', participants: ['a'] },
      {
        startsAt: at(first + day, 18),
        kind: 'individual',
        participants: ['b'],
        clinicianIds: [colleague.staffId],
        roomId: bookable.rooms[1],
      },
    ])

  t.test('goes from inquiry to aftercare, and every step stands in its history', async t => {
    const made = await open(desk, couple)
    t.equal(made.status, 201, JSON.stringify(made.body))
    t.match(made.body, {
      status: 'inquiry',
      chartId,
      coupleId,
      clientId: null,
      participants: [
        { participant: 'a', clientId: a.clientId },
        { participant: 'b', clientId: b.clientId },
      ],
      startsAt: null,
    })
    t.equal(made.body.gates.length, 4 * 2 + 2)
    const { id } = made.body
    for (const gate of ['stability', 'medical', 'risk', 'contract'])
      for (const participant of ['a', 'b'])
        await must(step(clinician, id, 'gate-marks', { gate, participant, status: 'met' }))
    await must(step(clinician, id, 'gate-marks', { gate: 'estimate', status: 'met' }))
    await must(step(desk, id, 'status-changes', { to: 'screened' }))
    await must(step(desk, id, 'status-changes', { to: 'contracted' }))
    const due = await must(step(desk, id, 'status-changes', { to: 'deposit_due', dueOn: '2026-12-01' }))
    t.match(due.money, [{ kind: 'deposit_due', amountCents: 200_000, onDate: '2026-12-01' }])
    const blocks = [
      { startsAt: at(-1, 17) },
      { startsAt: at(-1, 18), kind: 'individual', participants: ['a'] },
      { startsAt: at(-1, 19), kind: 'break', clinicianIds: [], roomId: null },
    ]
    await must(step(desk, id, 'plan', { blocks: blocks.map(block) }))
    const unpaid = await step(desk, id, 'booking', {})
    t.match(unpaid.body, { code: 'gates-open', openGates: [{ gate: 'deposit' }] })
    const paid = { kind: 'deposit_received', amountCents: 200_000, onDate: '2026-01-05' }
    const met = await must(step(desk, id, 'money-steps', paid))
    t.match(
      met.gates.find((line: { gate: string }) => line.gate === 'deposit'),
      { status: 'met', recordedById: null },
    )
    const booked = await must(step(desk, id, 'booking', {}))
    t.match(booked, { status: 'scheduled', startsAt: at(-1, 17), endsAt: at(-1, 20) })
    t.same(
      (await reservations(id)).map(row => row.resource_kind),
      ['client', 'client', 'clinician', 'room', 'client', 'clinician', 'room', 'client', 'client'],
    )
    await must(step(desk, id, 'status-changes', { to: 'in_progress' }))
    const [joint, alone] = booked.blocks
    const early = await step(desk, id, 'status-changes', { to: 'completed' })
    t.equal(early.body.code, 'invalid-state', 'nothing is known of the blocks')
    const deliveries = [
      { blockId: joint.id, deliveredMinutes: 60 },
      { blockId: alone.id, deliveredMinutes: 30, reasonCode: 'illness' },
    ]
    await must(step(clinician, id, 'deliveries', { blocks: deliveries }))
    const completed = await must(step(desk, id, 'status-changes', { to: 'completed' }))
    t.same(
      completed.blocks.map((one: { status: string; shareCents: number }) => [one.status, one.shareCents]),
      [
        ['delivered', 450_000],
        ['partly_delivered', 450_000],
        ['delivered', null],
      ],
    )
    t.match(completed.money.slice(2), [
      { kind: 'earned', amountCents: 675_000 },
      { kind: 'unearned', amountCents: 225_000 },
    ])
    const aftercare = await must(step(desk, id, 'status-changes', { to: 'aftercare' }))
    const task = await desk.post(
      `/v1/intensives/${id}/aftercare-tasks`,
      {
        kind: 'check_in_call',
        participant: 'b',
        dueOn: '2026-12-24',
        note: 'Call in the evening (fictional).',
      },
      { key: randomUUID() },
    )
    t.equal(task.status, 201, JSON.stringify(task.body))
    const url = `/v1/intensives/${id}/aftercare-tasks/${task.body.id}`
    const done = await desk.patch(url, { status: 'done' }, { ifMatch: 1 })
    t.match(done.body, { status: 'done', participant: 'b', version: 2 })
    t.equal((await desk.patch(url, { status: 'done' }, { ifMatch: 2 })).body.code, 'invalid-state')
    t.equal((await desk.patch(url, { status: 'done' }, { ifMatch: 1 })).status, 412)
    const { data } = (await desk.get(`/v1/intensives/${id}/changes?limit=200`)).body
    t.equal(data.length, aftercare.version, 'one for each version')
    t.same(
      data.slice(-6).map((change: { kind: string }) => change.kind),
      ['money_recorded', 'booked', 'status_changed', 'delivered', 'status_changed', 'status_changed'],
    )
    const first = (await desk.get(`/v1/intensives/${id}/changes?limit=2`)).body
    const second = (await desk.get(`/v1/intensives/${id}/changes?limit=2&cursor=${first.nextCursor}`)).body
    t.same([...first.data, ...second.data], data.slice(0, 4))
  })

  t.test('a three-day intensive that clashes on day 3 writes nothing, and names the block', async t => {
    const taken = await bookingsOf(bookable, colleague, b.clientId).book(desk, at(22, 18, 30), {
      roomId: null,
    })
    t.equal(taken.status, 201, JSON.stringify(taken.body))
    const id = await planned(desk, couple, threeDays(20))
    const before = await read(desk, id)
    const refused = await book(desk, id)
    t.equal(refused.status, 409)
    t.equal(refused.body.code, 'resource-busy')
    t.same(refused.body.clashes.map((clash: { resource: string }) => clash.resource).toSorted(), [
      'client',
      'clinician',
    ])
    for (const clash of refused.body.clashes) t.equal(clash.appointmentId, taken.body.id)
    const named = before.blocks.find((one: { id: string }) => one.id === refused.body.clashes[0].blockId)
    t.equal(named.startsAt, at(22, 18))
    t.same(named.participants, ['b'])
    t.same(await read(desk, id), before)
    t.same(await reservations(id), [])
    const others = before.blocks.filter((one: { id: string }) => one.id !== named.id)
    const some = await book(desk, id, { blockIds: others.map((one: { id: string }) => one.id) })
    t.equal(some.status, 200, 'the others may be booked by block')
    t.same(
      some.body.blocks
        .filter((one: { status: string }) => one.status === 'planned')
        .map((one: { id: string }) => one.id),
      [named.id],
    )
    const moved = { blocks: [block({ ...threeDays(20).at(-1), startsAt: at(22, 19, 30) } as never)] }
    await must(step(desk, id, 'plan', moved))
    const rest = await step(desk, id, 'booking', {})
    t.equal(rest.status, 200, 'and the last one at another time')
    t.equal((await reservations(id)).length, 6 * 3 + 3 * 4)
  })

  t.test('who may not see what is in the way is told that something is, and nothing else', async t => {
    const other = await bookable.client([colleague])
    const hour = await bookingsOf(bookable, colleague, other.clientId).book(desk, at(30, 17))
    t.equal(hour.status, 201)
    const id = await planned(clinician, { clientId: a.clientId }, [
      { startsAt: at(30, 17), kind: 'individual', participants: ['a'] },
    ])
    const { body } = await book(clinician, id)
    const [{ id: blockId }] = (await read(clinician, id)).blocks
    t.match(body, { code: 'resource-busy', resource: 'unspecified' })
    t.same(body.clashes, [{ blockId, resource: 'unspecified' }])
    t.notOk('appointmentId' in body)
  })

  t.test('moves in whole on the wall clock, by block, and all of it or nothing', async t => {
    const id = await planned(desk, couple, threeDays(40))
    const booked = (await book(desk, id)).body
    t.equal(booked.status, 'scheduled', JSON.stringify(booked))
    const onOtherDay = at(50, 17).slice(0, 10)
    const moved = await step(desk, id, 'moves', { firstOn: onOtherDay, reasonCode: 'travel', by: 'client' })
    t.equal(moved.status, 200, JSON.stringify(moved.body))
    const clock = ({ localStart }: { localStart: string }) => localStart.slice(11, 16)
    t.same(moved.body.blocks.map(clock), booked.blocks.map(clock))
    t.equal(moved.body.blocks[0].localStart.slice(0, 10), onOtherDay)
    t.same(new Set(moved.body.blocks.map((one: { version: number }) => one.version)), new Set([3]))
    t.equal((await bookingsOf(bookable, clinician, a.clientId).book(desk, at(40, 17))).status, 201)
    const [joint, alone] = moved.body.blocks
    const own = alone.participants[0] === 'a' ? alone : moved.body.blocks[2]
    const swap = {
      blocks: [
        { blockId: joint.id, startsAt: own.startsAt, roomId: bookable.rooms[0] },
        { blockId: own.id, startsAt: joint.startsAt },
      ],
    }
    const blocked = await step(desk, id, 'moves', swap)
    t.equal(blocked.body.code, 'invalid-request', 'b would be in two blocks')
    const others = moved.body.blocks.filter((one: { id: string }) => one.id !== joint.id).slice(0, 2)
    const change = {
      blocks: [
        { blockId: joint.id, startsAt: others[0].startsAt },
        ...others.map((one: { id: string }) => ({ blockId: one.id, startsAt: joint.startsAt })),
      ],
    }
    const swapped = await step(desk, id, 'moves', change)
    t.equal(swapped.status, 200, JSON.stringify(swapped.body))
    const stale = await step(desk, id, 'moves', change, booked.version)
    t.equal(stale.status, 412)
    const long = { roomId: null, durationMinutes: 300 }
    t.equal((await bookingsOf(bookable, colleague, b.clientId).book(desk, at(61, 15), long)).status, 201)
    const standing = await read(desk, id)
    const clash = await step(desk, id, 'moves', { firstOn: at(60, 17).slice(0, 10) })
    t.equal(clash.body.code, 'resource-busy')
    t.equal(new Set(clash.body.clashes.map((one: { blockId: string }) => one.blockId)).size, 2, 'those of B')
    t.same(await read(desk, id), standing)
    const { data } = (await desk.get(`/v1/intensives/${id}/changes?limit=200`)).body
    const steps = data.filter((one: { blocks: unknown[] }) => one.blocks.length > 0)
    t.same(
      steps.map((one: { kind: string; blocks: unknown[] }) => [one.kind, one.blocks.length]),
      [
        ['booked', 9],
        ['moved', 9],
        ['moved', 3],
      ],
    )
    t.equal(steps[0].blocks[0].startsAt, at(40, 17), 'the time it was moved from')
    const both = await step(desk, id, 'moves', { ...change, firstOn: onOtherDay })
    t.equal(both.body.code, 'invalid-request')
  })

  t.test('canceling leaves nothing behind, and says what goes back', async t => {
    const id = await planned(desk, couple, threeDays(70))
    const paid = { kind: 'deposit_received', amountCents: 150_001, onDate: '2026-01-05' }
    const short = await must(step(desk, id, 'money-steps', paid))
    t.equal(short.gates.find((line: { gate: string }) => line.gate === 'deposit').status, 'open')
    const booked = (await book(desk, id)).body
    const some = booked.blocks.slice(0, 3).map((one: { id: string }) => one.id)
    const reason = { reasonCode: 'illness', by: 'client', note: 'Will call again (fictional).' }
    const less = await step(desk, id, 'cancellation', { ...reason, blockIds: some })
    t.equal(less.status, 200, JSON.stringify(less.body))
    t.match(less.body, { status: 'scheduled', startsAt: at(71, 17), money: booked.money })
    t.equal((await reservations(id)).length, 2 * 10)
    const left = less.body.blocks.slice(3).map((one: { id: string }) => one.id)
    const all = await step(desk, id, 'cancellation', { ...reason, blockIds: left })
    t.equal(all.body.code, 'invalid-state')
    const gone = await step(desk, id, 'cancellation', reason)
    t.match(gone.body, {
      status: 'canceled',
      startsAt: null,
      cancellation: { reasonCode: 'illness', by: 'client' },
    })
    t.match(gone.body.money.slice(2), [{ kind: 'refund_due', amountCents: 150_001 }])
    t.same(await reservations(id), [])
    t.equal((await step(desk, id, 'booking', {})).body.code, 'invalid-state')
    t.equal((await step(desk, id, 'cancellation', reason)).body.code, 'invalid-state')
    const tooMuch = { kind: 'refund_paid', amountCents: 150_002, onDate: '2026-01-06' }
    t.equal((await step(desk, id, 'money-steps', tooMuch)).body.code, 'invalid-request')
    await must(step(desk, id, 'money-steps', { ...tooMuch, amountCents: 150_001 }))
    t.equal(
      (await step(desk, id, 'money-steps', { ...tooMuch, amountCents: 1 })).body.code,
      'invalid-request',
    )
    const near = await planned(desk, couple, [{ startsAt: at(8, 17) }])
    await must(step(desk, near, 'money-steps', paid))
    t.equal((await book(desk, near)).status, 200)
    const half = (await step(desk, near, 'cancellation', reason)).body
    t.match(half.money.slice(2), [
      { kind: 'refund_due', amountCents: 75_000 },
      { kind: 'forfeited', amountCents: 75_001 },
    ])
  })

  t.test('clinical gates are judged by the care team, and the front desk sees no note on them', async t => {
    const { id } = (await open(desk, couple)).body
    const mark = { gate: 'risk', participant: 'a', status: 'met', note: 'Talked it through (fictional).' }
    t.equal((await step(desk, id, 'gate-marks', mark)).status, 403)
    t.equal((await step(clinician, id, 'gate-marks', mark)).status, 200)
    const line = async (by: typeof desk) =>
      (await read(by, id)).gates.find(
        (one: { gate: string; participant: string }) => one.gate === 'risk' && one.participant === 'a',
      )
    t.match(await line(clinician), { status: 'met', note: mark.note, recordedById: clinician.staffId })
    t.match(await line(desk), { status: 'met', note: null })
    const override = { to: 'screened', despiteOpenGates: { reasonCode: 'urgent' } }
    const refused = await step(desk, id, 'status-changes', { to: 'screened' })
    t.equal(refused.body.code, 'gates-open')
    t.same(refused.body.openGates, [
      { gate: 'stability', participant: 'a' },
      { gate: 'stability', participant: 'b' },
      { gate: 'medical', participant: 'a' },
      { gate: 'medical', participant: 'b' },
      { gate: 'risk', participant: 'b' },
    ])
    t.equal((await step(desk, id, 'status-changes', override)).status, 403)
    const passed = await step(clinician, id, 'status-changes', override)
    t.equal(passed.status, 200)
    t.equal(
      passed.body.gates.filter((one: { status: string }) => one.status === 'overridden').length,
      5,
      'each of them is recorded',
    )
    const again = await step(clinician, id, 'gate-marks', { ...mark, status: 'open' })
    t.match(
      again.body.gates.find(
        (one: { gate: string; participant: string }) => one.gate === 'risk' && one.participant === 'a',
      ),
      { status: 'open' },
    )
    for (const wrong of [
      { gate: 'risk', status: 'met' },
      { gate: 'deposit', participant: 'a', status: 'met' },
      { gate: 'contract', participant: 'a', status: 'overridden' },
      { gate: 'contract', participant: 'a', status: 'met', reasonCode: 'urgent' },
    ])
      t.equal((await step(clinician, id, 'gate-marks', wrong)).body.code, 'invalid-request')
  })

  t.test('only what may follow follows', async t => {
    const { id } = (await open(desk, couple)).body
    const refusedAs = async (path: string, body: object, code = 'invalid-state') =>
      t.equal((await step(desk, id, path, body)).body.code, code, `${path} ${JSON.stringify(body)}`)
    await refusedAs('status-changes', { to: 'contracted' })
    await refusedAs('status-changes', { to: 'in_progress' })
    await refusedAs('booking', {})
    await refusedAs('moves', { firstOn: '2026-12-14' })
    await refusedAs('deliveries', { blocks: [{ blockId: randomUUID(), deliveredMinutes: 0 }] })
    await refusedAs('money-steps', { kind: 'deposit_received', amountCents: 1, onDate: '2026-01-05' })
    const ahead = await planned(desk, couple, [{ startsAt: at(90, 17) }])
    t.equal((await book(desk, ahead)).status, 200)
    const start = { to: 'in_progress', despiteOpenGates: pass }
    t.equal((await step(clinician, ahead, 'status-changes', start)).body.code, 'invalid-state')
    const terms = (version: number, body: object) =>
      desk.patch(`/v1/intensives/${ahead}`, body, { ifMatch: version })
    const { version } = await read(desk, ahead)
    t.equal((await terms(version, { priceCents: 1 })).body.code, 'invalid-state')
    t.equal((await terms(version, { leadStaffId: null })).body.code, 'invalid-state')
    const fresh = (await open(desk, couple)).body
    const change = { priceCents: 500_000, depositCents: 0, leadStaffId: clinician.staffId }
    const changed = await desk.patch(`/v1/intensives/${fresh.id}`, change, { ifMatch: 1 })
    t.match(changed.body, { ...change, version: 2 })
    t.equal((await desk.patch(`/v1/intensives/${fresh.id}`, change, { ifMatch: 1 })).status, 412)
    t.equal((await desk.patch(`/v1/intensives/${fresh.id}`, change)).status, 428)
    const more = { depositCents: 500_001 }
    t.equal(
      (await desk.patch(`/v1/intensives/${fresh.id}`, more, { ifMatch: 2 })).body.code,
      'invalid-request',
    )
  })

  t.test('a plan that cannot be is refused where it is wrong', async t => {
    const id = await ready(desk, couple)
    const refusedAt = async (blocks: object[], pointer: string, code = 'invalid-request') => {
      const { body } = await step(desk, id, 'plan', { blocks })
      t.same([body.code, body.errors?.[0]?.pointer], [code, pointer], JSON.stringify(body))
    }
    const one = block({ startsAt: at(95, 17) })
    await refusedAt([{ ...one, participants: ['a'] }], '/blocks/0/participants')
    await refusedAt([{ ...one, kind: 'individual' }], '/blocks/0/participants')
    await refusedAt([{ ...one, kind: 'staff_huddle' }], '/blocks/0/participants')
    await refusedAt([{ ...one, clinicianIds: [] }], '/blocks/0/clinicianIds')
    await refusedAt([{ ...one, clinicianIds: [desk.staffId] }], '/blocks/0/clinicianIds', 'unknown-reference')
    await refusedAt([{ ...one, roomId: randomUUID() }], '/blocks/0/roomId', 'unknown-reference')
    await refusedAt([{ ...one, startsAt: at(95, 17).replace('00.000', '30.000') }], '/blocks/0/startsAt')
    await refusedAt([{ ...one, startsAt: '2036-01-01T17:00:00Z' }], '/blocks/0/startsAt')
    await refusedAt([one, { ...one, startsAt: at(95, 17, 59) }], '/blocks/1')
    const huddle = { ...one, kind: 'staff_huddle', participants: [], startsAt: at(95, 16) }
    const { body } = await step(desk, id, 'plan', { blocks: [one, huddle] })
    t.same(
      body.blocks.map((planned: { kind: string }) => planned.kind),
      ['staff_huddle', 'joint'],
    )
    t.same(await reservations(id), [], 'it takes nobody’s time')
    const single = (await open(desk, { clientId: a.clientId })).body.id
    const ofB = await step(desk, single, 'plan', { blocks: [{ ...one, participants: ['a', 'b'] }] })
    t.equal(ofB.body.errors[0].pointer, '/blocks/0/participants')
  })

  t.test(
    'others see nothing of it: another practice, another clinician, a partner’s own clinician',
    async t => {
      const id = await planned(desk, couple, [{ startsAt: at(100, 17) }])
      const foreign = await createTestPractice(test)
      const outsider = await practice.staff(['clinician'])
      const biller = await practice.staff(['biller'])
      for (const by of [foreign.owner, outsider, ofA]) {
        t.equal((await by.get(`/v1/intensives/${id}`)).status, 404)
        t.equal((await by.get(`/v1/intensives/${id}/changes`)).status, 404)
        t.equal((await by.get(`/v1/intensives/${id}/itineraries/a`)).status, 404)
        t.same((await by.get(`/v1/intensives?chartId=${chartId}`)).body.data, [])
        const url = `/v1/intensives/${id}/booking`
        t.equal((await by.post(url, {}, { ifMatch: 1, key: randomUUID() })).status, 404)
      }
      const part = (await biller.get(`/v1/intensives/${id}`)).body
      t.match(part, { participants: [], blocks: [], gates: [], aftercareTasks: [], priceCents: 900_000 })
      t.equal((await biller.get(`/v1/intensives/${id}/itineraries/a`)).status, 404)
      const own = await step(clinician, id, 'booking', { despiteOpenGates: pass })
      t.equal(own.status, 200, 'a clinician of the team books the own calendar')
      const shared = await planned(clinician, couple, threeDays(103))
      t.equal((await book(clinician, shared)).status, 403, 'and no other')
      const listed = (await clinician.get('/v1/intensives?status=scheduled&limit=200')).body.data
      t.ok(listed.some((one: { id: string }) => one.id === id))
      const page = (await desk.get('/v1/intensives?limit=2')).body
      const next = (await desk.get(`/v1/intensives?limit=2&cursor=${page.nextCursor}`)).body
      const ids = [...page.data, ...next.data].map((one: { id: string }) => one.id)
      t.same(ids, ids.toSorted().toReversed(), 'newest first')
      t.equal(new Set(ids).size, 4)
    },
  )

  t.test('what is named must be there: services, places, people', async t => {
    const refused = async (more: object, code: string, pointer: string) => {
      const { body } = await open(desk, { ...couple, ...more })
      t.same([body.code, body.errors?.[0]?.pointer], [code, pointer], JSON.stringify(body))
    }
    await refused({ serviceId: bookable.services.couple }, 'invalid-request', '/serviceId')
    await refused({ serviceId: randomUUID() }, 'unknown-reference', '/serviceId')
    await refused({ locationId: randomUUID() }, 'unknown-reference', '/locationId')
    await refused({ leadStaffId: desk.staffId }, 'unknown-reference', '/leadStaffId')
    await refused({ coupleId: randomUUID() }, 'unknown-reference', '/coupleId')
    await refused({ clientId: a.clientId }, 'invalid-request', '')
    await refused({ depositCents: 900_001 }, 'invalid-request', '/depositCents')
    const twice = [1, 2].map(percent => ({ daysBefore: 3, percent }))
    await refused({ refunds: twice }, 'invalid-request', '/refunds')
    const merged = await bookable.client(team)
    await bookable.run('insert into chart_members (practice_id, chart_id, client_id) values ($1, $2, $3)', [
      practice.id,
      merged.chartId,
      a.clientId,
    ])
    t.same((await open(desk, { clientId: merged.clientId })).body.participants, [
      { participant: 'a', clientId: merged.clientId },
    ])
    const key = randomUUID()
    const body = {
      ...couple,
      serviceId: intensives.serviceId,
      locationId: bookable.locationId,
      priceCents: 1,
      depositCents: 0,
    }
    const [first, again] = [
      await desk.post('/v1/intensives', body, { key }),
      await desk.post('/v1/intensives', body, { key }),
    ]
    t.same(again.body, first.body, 'a repeated key opens one')
    t.equal((await desk.post('/v1/intensives', body)).status, 428)
  })

  t.test(
    'partners who are kept apart do not meet at the door, except within their own intensive',
    async t => {
      const { version } = (await practice.owner.get('/v1/practice')).body
      const policies = { partnersApartMinutes: 20 }
      t.equal((await practice.owner.patch('/v1/practice', { policies }, { ifMatch: version })).status, 200)
      const hers = await bookingsOf(bookable, colleague, b.clientId).book(desk, at(130, 17), {
        roomId: bookable.rooms[1],
      })
      t.equal(hers.status, 201, JSON.stringify(hers.body))
      const blocks = [{ startsAt: at(130, 18), kind: 'individual', participants: ['a'] }]
      const id = await planned(clinician, { clientId: a.clientId }, blocks)
      const [{ id: blockId }] = (await read(clinician, id)).blocks
      const refused = await book(clinician, id)
      t.match(refused.body, { code: 'resource-busy', resource: 'unspecified' })
      t.same(refused.body.clashes, [{ blockId, resource: 'unspecified' }])
      t.notOk('separation' in refused.body)
      t.match((await book(desk, id)).body, { separation: true, clashes: [{ blockId }] })
      t.same(await reservations(id), [])
      const together = await planned(desk, couple, threeDays(132))
      t.equal((await book(desk, together)).status, 200)
    },
  )
})

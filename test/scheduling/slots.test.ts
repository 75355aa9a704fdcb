import { randomUUID } from 'node:crypto'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const zone = 'America/Los_Angeles'
const today = Temporal.Now.plainDateISO(zone)
/** A Monday some weeks ahead. */
const monday = today.add({ days: 22 - today.dayOfWeek })
const day = (days: number) => monday.add({ days }).toString()
const instant = (days: number, time: string) =>
  Temporal.PlainDateTime.from(`${day(days)}T${time}`)
    .toZonedDateTime(zone)
    .toInstant()
    .toString({
      fractionalSecondDigits: 3,
    })
const startsOf = ({ body }: Reply): string[] =>
  body.slots.map((slot: { localStart: string }) => slot.localStart.slice(5, 16))
const local = (days: number, time: string) => `${day(days).slice(5)}T${time}`

t.test('slots', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const { locationId, rooms, services } = bookable
  const { owner } = practice
  const desk = await practice.staff(['admin'])

  const workWeek = (clinician: Caller, hours: object[], more: object = {}, by = desk) =>
    by.post(`/v1/staff-members/${clinician.staffId}/working-hours`, {
      effectiveFrom: '2026-01-01',
      hours,
      ...more,
    })
  const hours = (weekday: number, startsAt: string, endsAt: string, more: object = {}) => ({
    weekday,
    startsAt,
    endsAt,
    locationId,
    telehealth: false,
    ...more,
  })
  const someone = async (...week: object[]) => {
    const clinician = await practice.staff(['clinician'])
    const reply = await workWeek(clinician, week)
    t.equal(reply.status, 201, JSON.stringify(reply.body))
    return clinician
  }
  const search = (more: object, by = desk) =>
    by.post('/v1/slots/search', {
      serviceId: services.individual,
      mode: 'in_person',
      from: day(0),
      until: day(6),
      gridMinutes: 60,
      ...more,
    })

  t.test('a week is added, and the one that begins last is listed first', async t => {
    const clinician = await someone(hours(1, '09:00', '12:00'))
    const next = { effectiveFrom: day(14), mostSessionsPerDay: 5, minimumNoticeMinutes: 120 }
    const added = await workWeek(clinician, [hours(2, '13:00', '24:00')], next, clinician)
    t.equal(added.status, 201)
    const listed = await clinician.get(`/v1/staff-members/${clinician.staffId}/working-hours`)
    t.equal(listed.body.data.length, 2)
    t.same(listed.body.data[0], added.body)
    t.match(added.body, { ...next, hours: [hours(2, '13:00', '24:00')], recordedById: clinician.staffId })
    const page = await clinician.get(`/v1/staff-members/${clinician.staffId}/working-hours?limit=1`)
    const rest = await clinician.get(
      `/v1/staff-members/${clinician.staffId}/working-hours?limit=1&cursor=${page.body.nextCursor}`,
    )
    t.same([...page.body.data, ...rest.body.data], listed.body.data)
  })

  t.test('a week that cannot be, or is somebody else’s, is refused', async t => {
    const clinician = await practice.staff(['clinician'])
    const refused = async (status: number, code: string, week: object[], by = desk) => {
      const reply = await workWeek(clinician, week, {}, by)
      t.same([reply.status, reply.body.code], [status, code])
      return reply.body.errors?.[0]?.pointer
    }
    t.equal(await refused(400, 'invalid-request', [hours(1, '12:00', '09:00')]), '/hours/0/endsAt')
    const twice = [
      hours(1, '09:00', '12:00'),
      hours(1, '11:00', '13:00', { locationId: null, telehealth: true }),
    ]
    t.equal(await refused(400, 'invalid-request', twice), '/hours/1/startsAt')
    t.equal(
      await refused(400, 'invalid-request', [hours(1, '09:00', '12:00', { locationId: null })]),
      '/hours/0/locationId',
    )
    await refused(422, 'unknown-reference', [hours(1, '09:00', '12:00', { locationId: randomUUID() })])
    await refused(403, 'not-permitted', [], await practice.staff(['clinician']))
    await refused(403, 'not-permitted', [], await practice.staff(['biller']))
    const url = `/v1/staff-members/${randomUUID()}/working-hours`
    t.equal((await desk.get(url)).status, 404)
    t.equal((await desk.post(url, { effectiveFrom: '2026-01-01', hours: [] })).status, 404)
    const other = await createTestPractice(test)
    t.equal((await workWeek(clinician, [], {}, other.owner)).status, 404)
  })

  t.test('time off is entered, listed by its last day and withdrawn', async t => {
    const clinician = await someone()
    const add = (body: object, by = clinician) => by.post('/v1/calendar-exceptions', body)
    const off = { kind: 'time_off', staffId: clinician.staffId }
    const long = await add({ ...off, startsAt: `${day(0)}T12:00`, endsAt: `${day(5)}T00:00` })
    const short = await add({ ...off, startsAt: `${day(1)}T00:00`, endsAt: `${day(1)}T10:30` })
    t.match(long, { status: 201, body: { startsAt: `${day(0)}T12:00`, endsAt: `${day(5)}T00:00` } })
    const list = async (from: string, until: string, more = '') =>
      (
        await desk.get(
          `/v1/calendar-exceptions?from=${from}&until=${until}&staffId=${clinician.staffId}${more}`,
        )
      ).body.data.map(({ id }: { id: string }) => id)
    t.same(await list(day(0), day(7)), [short.body.id, long.body.id])
    t.same(await list(day(2), day(4)), [long.body.id])
    t.same(await list(day(5), day(7)), [], 'the midnight that ends it is not part of it')
    t.same(await list(day(0), day(7), '&kind=extra_hours'), [])
    const url = `/v1/calendar-exceptions/${long.body.id}`
    t.same((await clinician.get(url)).body, long.body)
    t.equal((await (await practice.staff(['clinician'])).delete(url)).status, 403)
    t.equal((await (await createTestPractice(test)).owner.delete(url)).status, 404)
    t.equal((await clinician.delete(url)).status, 204)
    t.equal((await clinician.delete(url)).status, 404)
    t.same(await list(day(0), day(7)), [short.body.id])
  })

  t.test('exceptions that say too little or too much are refused', async t => {
    const clinician = await someone()
    const { staffId } = clinician
    const period = { startsAt: `${day(0)}T00:00`, endsAt: `${day(1)}T00:00` }
    const bad: [object, string][] = [
      [{ kind: 'time_off', staffId, locationId }, '/locationId'],
      [{ kind: 'time_off', staffId, telehealth: true }, '/telehealth'],
      [{ kind: 'extra_hours', staffId }, '/locationId'],
      [{ kind: 'time_off', staffId, startsAt: '2027-02-30T00:00' }, '/startsAt'],
      [{ kind: 'time_off', staffId, endsAt: period.startsAt }, '/endsAt'],
    ]
    for (const [body, pointer] of bad) {
      const reply = await desk.post('/v1/calendar-exceptions', { ...period, ...body })
      t.same([reply.status, reply.body.errors?.[0]?.pointer], [400, pointer], JSON.stringify(body))
    }
    for (const body of [
      { kind: 'time_off' },
      { kind: 'time_off', staffId, name: 'Flu' },
      { kind: 'holiday', staffId },
    ])
      t.equal((await desk.post('/v1/calendar-exceptions', { ...period, ...body })).status, 400)
    const holiday = { name: 'Founders Day', ...period }
    t.equal((await clinician.post('/v1/holidays', holiday)).status, 403)
    const kept = await desk.post('/v1/holidays', { ...holiday, locationId: randomUUID() })
    t.equal(kept.body.code, 'unknown-reference')
    const closed = (await desk.post('/v1/holidays', holiday)).body
    t.match(closed, { kind: 'holiday', name: 'Founders Day', staffId: null, locationId: null })
    t.equal((await clinician.delete(`/v1/calendar-exceptions/${closed.id}`)).status, 403)
    t.equal((await desk.delete(`/v1/calendar-exceptions/${closed.id}`)).status, 204)
    const unknown = { kind: 'time_off', staffId: randomUUID(), ...period }
    t.equal((await desk.post('/v1/calendar-exceptions', unknown)).body.code, 'unknown-reference')
  })

  t.test('slots follow the week, what is booked, time off and holidays', async t => {
    const clinician = await someone(
      hours(1, '09:00', '13:00'),
      hours(2, '09:00', '11:00'),
      hours(4, '09:00', '10:00'),
    )
    const { clientId } = await bookable.client([clinician])
    const mine = { clinicianIds: [clinician.staffId] }
    const { book } = bookingsOf(bookable, clinician, clientId)
    const booked = await book(desk, instant(0, '10:00'))
    t.equal(booked.status, 201, JSON.stringify(booked.body))
    const found = await search(mine)
    t.equal(found.status, 200, JSON.stringify(found.body))
    t.same(startsOf(found), [
      local(0, '09:00'),
      local(0, '11:00'),
      local(0, '12:00'),
      local(1, '09:00'),
      local(1, '10:00'),
      local(3, '09:00'),
    ])
    t.match(found.body.slots[0], {
      clinicianIds: [clinician.staffId],
      locationId,
      roomId: /./,
      startsAt: instant(0, '09:00'),
      endsAt: instant(0, '09:50'),
      timeZone: zone,
    })
    const off = {
      kind: 'time_off',
      staffId: clinician.staffId,
      startsAt: `${day(0)}T11:30`,
      endsAt: `${day(1)}T09:30`,
    }
    await desk.post('/v1/calendar-exceptions', off)
    const holiday = {
      name: 'Founders Day',
      startsAt: `${day(3)}T00:00`,
      endsAt: `${day(4)}T00:00`,
      locationId,
    }
    const closed = await desk.post('/v1/holidays', holiday)
    t.same(startsOf(await search(mine)), [local(0, '09:00'), local(1, '10:00')])
    await desk.delete(`/v1/calendar-exceptions/${closed.body.id}`)
    const wishes = { ...mine, weekdays: [4, 5], earliest: '08:30', latest: '10:00' }
    t.same(startsOf(await search(wishes)), [local(3, '09:00')])
    t.same(startsOf(await search({ ...mine, earliest: '09:30', limit: 1 })), [local(1, '10:00')])
  })

  t.test('a room that is offered is open, large enough and has what the service needs', async t => {
    const clinician = await someone(hours(1, '09:00', '12:00'))
    const mine = { clinicianIds: [clinician.staffId] }
    const fitted = await owner.post('/v1/services', {
      name: 'Neurofeedback',
      kind: 'individual',
      durationMinutes: 60,
      modes: ['in_person'],
      requiredFeatures: ['amplifier'],
      locationIds: [locationId],
    })
    t.equal(fitted.status, 201, JSON.stringify(fitted.body))
    const wanted = { ...mine, serviceId: fitted.body.id }
    t.same(startsOf(await search(wanted)), [], 'no room has it')
    const made = await owner.post(`/v1/locations/${locationId}/rooms`, {
      name: 'Lab',
      capacity: 2,
      features: ['amplifier', 'two-sofas'],
      openingHours: [{ weekday: 1, startsAt: '10:00', endsAt: '11:30' }],
    })
    t.match(made, { status: 201, body: { features: ['amplifier', 'two-sofas'] } })
    const found = await search(wanted)
    t.same(startsOf(found), [local(0, '10:00')])
    t.equal(found.body.slots[0].roomId, made.body.id)
    t.same(startsOf(await search({ ...wanted, roomFeatures: ['piano'] })), [])
    const couple = { ...mine, serviceId: services.couple, roomIds: [made.body.id] }
    t.same(startsOf(await search(couple)), [], 'it seats two, and three come')
    const url = `/v1/locations/${locationId}/rooms/${made.body.id}`
    const open = await owner.patch(url, { openingHours: null }, { ifMatch: 1 })
    t.match(open, { status: 200, body: { openingHours: null, features: ['amplifier', 'two-sofas'] } })
    t.equal(startsOf(await search(wanted)).length, 3)
    const wrong = { openingHours: [{ weekday: 1, startsAt: '10:00', endsAt: '10:00' }] }
    t.equal((await owner.patch(url, wrong, { ifMatch: 2 })).body.errors[0].pointer, '/openingHours/0/endsAt')
    const nowhere = await owner.patch(
      `/v1/services/${fitted.body.id}`,
      { locationIds: [randomUUID()] },
      { ifMatch: 1 },
    )
    t.equal(nowhere.body.code, 'unknown-reference')
    await owner.patch(url, { status: 'closed' }, { ifMatch: 2 })
  })

  t.test('a service that asks for a credential is given by who holds it', async t => {
    const clinician = await someone(hours(1, '09:00', '10:00'), hours(2, '09:00', '10:00'))
    const service = await owner.post('/v1/services', {
      name: 'EMDR',
      kind: 'individual',
      durationMinutes: 50,
      modes: ['in_person'],
      credentialCodes: ['EMDRIA', 'EMDRIA-C'],
    })
    const wanted = { serviceId: service.body.id, clinicianIds: [clinician.staffId] }
    t.same(startsOf(await search(wanted)), [])
    const credential = {
      code: 'EMDRIA',
      issuer: 'Example Institute (fictional)',
      status: 'held',
      expiresOn: day(0),
    }
    const { clientId } = await bookable.client([clinician])
    const { book } = bookingsOf(bookable, clinician, clientId)
    const bookIt = () => book(desk, instant(0, '20:00'), { serviceId: service.body.id })
    t.match((await bookIt()).body, { code: 'unknown-reference', errors: [{ code: 'credential' }] })
    const held = await owner.post(`/v1/staff-members/${clinician.staffId}/credentials`, credential)
    t.equal(held.status, 201, JSON.stringify(held.body))
    t.same(startsOf(await search(wanted)), [local(0, '09:00')], 'until it expires')
    t.equal((await bookIt()).status, 201)
    const url = `/v1/services/${service.body.id}`
    const elsewhere = await owner.post('/v1/locations', { name: 'Fjord Office', timeZone: zone })
    await owner.patch(url, { locationIds: [elsewhere.body.id] }, { ifMatch: 1 })
    t.match((await bookIt()).body, { code: 'unknown-reference', errors: [{ pointer: '/locationId' }] })
  })

  t.test('an hour that is overbooked is not offered, also when what it doubled is gone', async t => {
    const clinician = await someone(hours(6, '09:00', '12:00'))
    const [one, two] = [await bookable.client([clinician]), await bookable.client([clinician])]
    const { book } = bookingsOf(bookable, clinician, one.clientId)
    const { body } = await book(desk, instant(5, '09:00'))
    const over = { clientId: two.clientId, overbook: true, note: 'On purpose (fictional)' }
    t.equal((await book(desk, instant(5, '09:30'), over)).status, 201)
    const mine = { clinicianIds: [clinician.staffId], withoutRoom: true }
    t.same(startsOf(await search(mine)), [local(5, '11:00')], 'not where only the second one is')
    const canceled = await desk.post(
      `/v1/appointments/${body.id}/cancellation`,
      { reasonCode: 'illness', by: 'practice' },
      { ifMatch: 1 },
    )
    t.equal(canceled.status, 200)
    t.same(startsOf(await search(mine)), [local(5, '11:00')])
    const inRoom = { ...mine, withoutRoom: false, from: day(5), until: day(5) }
    t.ok(
      (await search(inRoom)).body.slots.every(
        (slot: { localStart: string }) => slot.localStart >= local(5, '11:00'),
      ),
    )
  })

  t.test('the way from another location is left free', async t => {
    const far = await owner.post('/v1/locations', { name: 'Dune Office', timeZone: zone })
    const way = { fromLocationId: locationId, toLocationId: far.body.id, minutes: 45 }
    t.equal((await clinicianOf(practice)).status, 403, 'the ways are the practice’s')
    t.equal((await owner.put('/v1/travel-times', way)).status, 200)
    t.equal((await owner.put('/v1/travel-times', { ...way, toLocationId: locationId })).status, 400)
    const back = { fromLocationId: far.body.id, toLocationId: locationId, minutes: 60 }
    t.match(await owner.put('/v1/travel-times', back), { status: 200, body: { minutes: 60 } })
    t.same(
      (await owner.get('/v1/travel-times')).body.data.map(({ minutes }: { minutes: number }) => minutes),
      [60],
    )
    const clinician = await someone(
      hours(1, '09:00', '10:00'),
      hours(1, '10:00', '14:00', { locationId: far.body.id }),
    )
    const { clientId } = await bookable.client([clinician])
    const mine = { clinicianIds: [clinician.staffId], withoutRoom: true }
    t.equal(startsOf(await search(mine)).length, 5)
    await bookingsOf(bookable, clinician, clientId).book(desk, instant(0, '09:00'))
    t.same(startsOf(await search(mine)), [local(0, '11:00'), local(0, '12:00'), local(0, '13:00')])
  })

  t.test('partners are offered no hour that one of them has, and nobody is told why', async t => {
    const [clinician, hidden] = [
      await someone(hours(1, '09:00', '11:00')),
      await practice.staff(['clinician']),
    ]
    const [first, second] = [await bookable.client(), await bookable.client([hidden])]
    const { coupleId } = await bookable.couple([first.clientId, second.clientId], [clinician])
    const own = await bookingsOf(bookable, hidden, second.clientId).book(desk, instant(0, '09:00'), {
      roomId: rooms[1],
    })
    t.equal(own.status, 201)
    const wanted = { serviceId: services.couple, durationMinutes: 50, coupleId }
    const found = await search(wanted, clinician)
    t.same(startsOf(found), [local(0, '10:00')])
    t.same(Object.keys(found.body), ['slots'])
  })

  t.test('every slot that is shown can be booked, and is then shown no more', async t => {
    const clinician = await someone(hours(3, '08:00', '16:00'), hours(4, '08:00', '16:00'))
    const { clientId } = await bookable.client([clinician])
    const asked = {
      serviceId: services.buffered,
      clinicianIds: [clinician.staffId],
      clientId,
      gridMinutes: 5,
      limit: 200,
    }
    const { book } = bookingsOf(bookable, clinician, clientId)
    await book(desk, instant(2, '09:10'))
    await book(desk, instant(2, '12:00'))
    let booked = 0
    for (;;) {
      const { slots } = (await search(asked)).body
      const slot = slots[(booked * 7) % slots.length]
      if (!slot) break
      const { status, body } = await book(desk, slot.startsAt, {
        serviceId: services.buffered,
        roomId: slot.roomId,
      })
      t.equal(status, 201, JSON.stringify(body))
      booked += 1
    }
    t.ok(booked >= 6, `${booked} were booked`)
  })

  t.test('who may not see or book something may not search with it', async t => {
    const [clinician, other] = [await someone(hours(1, '15:00', '16:00')), await someone()]
    const { clientId } = await bookable.client([other])
    t.equal((await search({ clinicianIds: [other.staffId] }, clinician)).body.code, 'not-permitted')
    const own = await search({}, clinician)
    t.same(
      own.body.slots.map((slot: { clinicianIds: string[] }) => slot.clinicianIds),
      [[clinician.staffId]],
    )
    const refused = async (more: object, pointer: string, by = desk) => {
      const reply = await search(more, by)
      t.match(reply, { status: 422, body: { code: 'unknown-reference', errors: [{ pointer }] } })
    }
    await refused({ clientId }, '/clientId', clinician)
    await refused({ clientId: randomUUID() }, '/clientId')
    await refused({ clinicianIds: [randomUUID()] }, '/clinicianIds')
    await refused({ clinicianIds: [desk.staffId] }, '/clinicianIds')
    await refused({ locationIds: [randomUUID()] }, '/locationIds')
    await refused({ roomIds: [randomUUID()] }, '/roomIds')
    await refused({ serviceId: randomUUID() }, '/serviceId')
    t.equal((await search({}, await practice.staff(['biller']))).status, 403)
    for (const [more, pointer] of [
      [{ until: day(-1) }, '/until'],
      [{ until: day(62) }, '/until'],
      [{ from: '2020-01-01', until: '2020-01-02' }, '/from'],
      [{ earliest: '10:00', latest: '10:00' }, '/latest'],
      [{ mode: 'telehealth', locationIds: [locationId] }, '/locationIds'],
      [{ withoutRoom: true, roomIds: [rooms[0]] }, '/roomIds'],
      [{ together: true }, '/clinicianIds'],
    ] as const)
      t.match(await search(more), { status: 400, body: { errors: [{ pointer }] } }, JSON.stringify(more))
  })

  t.test('every week at one time: the dates that fit and those that do not', async t => {
    const clinician = await someone(hours(2, '18:00', '19:00'))
    const { clientId } = await bookable.client([clinician])
    await bookingsOf(bookable, clinician, clientId).book(desk, instant(8, '18:00'))
    const asked = {
      serviceId: services.individual,
      mode: 'in_person',
      clinicianIds: [clinician.staffId],
      firstOn: day(1),
      time: '18:00',
      weeks: 12,
    }
    const { status, body } = await desk.post('/v1/slots/weekly-search', asked)
    t.equal(status, 200, JSON.stringify(body))
    t.equal(body.options[0].fitting, 11)
    t.same(
      body.options[0].dates
        .filter(({ fits }: { fits: boolean }) => !fits)
        .map(({ date }: { date: string }) => date),
      [day(8)],
    )
    const wednesdays = await desk.post('/v1/slots/weekly-search', { ...asked, firstOn: day(2) })
    t.same(wednesdays.body, { options: [] })
    const tooFar = await desk.post('/v1/slots/weekly-search', { ...asked, weeks: 53, everyWeeks: 8 })
    t.equal(tooFar.body.errors[0].pointer, '/weeks')
  })

  t.test('three days in a row', async t => {
    const clinician = await someone(...[1, 2, 3, 5].map(weekday => hours(weekday, '09:00', '15:00')))
    const asked = {
      serviceId: services.individual,
      durationMinutes: 300,
      mode: 'in_person',
      withoutRoom: true,
      clinicianIds: [clinician.staffId],
      from: day(0),
      until: day(13),
      days: 3,
      gridMinutes: 60,
      atOneTime: true,
    }
    const { status, body } = await desk.post('/v1/slots/consecutive-days-search', asked)
    t.equal(status, 200, JSON.stringify(body))
    t.same(
      body.runs.map(({ firstOn }: { firstOn: string }) => firstOn),
      [day(0), day(7)],
    )
    t.same(startsOf({ body: body.runs[0] } as Reply), [
      local(0, '09:00'),
      local(1, '09:00'),
      local(2, '09:00'),
    ])
  })
})

async function clinicianOf({ staff }: { staff: (roles: ['clinician']) => Promise<Caller> }): Promise<Reply> {
  const id = randomUUID()
  return (await staff(['clinician'])).put('/v1/travel-times', {
    fromLocationId: id,
    toLocationId: id,
    minutes: 1,
  })
}

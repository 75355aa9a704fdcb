import { randomUUID } from 'node:crypto'
import t from 'tap'
import { intensivesOf } from '../support/intensives.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('itinerary templates', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const [a, b] = [await bookable.client([clinician]), await bookable.client([clinician])]
  const { coupleId } = await bookable.couple([a.clientId, b.clientId], [clinician])
  const { ready, step, must, book } = await intensivesOf(bookable, practice, clinician)
  await bookable.run('update rooms set capacity = 4 where id = any($1)', [bookable.rooms])
  for (const { staffId } of [clinician, colleague]) {
    const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({
      weekday,
      startsAt: '08:00',
      endsAt: '18:00',
      locationId: bookable.locationId,
      telehealth: false,
    }))
    const url = `/v1/staff-members/${staffId}/working-hours`
    await must(practice.owner.post(url, { effectiveFrom: '2026-01-01', hours }))
  }
  const both = [clinician.staffId, colleague.staffId]
  const [from, until] = [at(20, 12).slice(0, 10), at(24, 12).slice(0, 10)]
  const shipped = (await desk.get('/v1/intensive-templates')).body.data
  const templateOf = (audience: string, days: number) =>
    shipped.find((one: { audience: string; days: number }) => one.audience === audience && one.days === days)
      .id
  const fitting = (id: string, more: object = {}, by = desk) =>
    by.post(`/v1/intensives/${id}/fittings`, {
      intensiveTemplateId: templateOf('couple', 3),
      clinicianIds: both,
      from,
      until,
      ...more,
    })

  t.test('a shipped template is fitted to what is free, planned and booked as it is', async t => {
    const id = await ready(desk, { coupleId })
    const { status, body } = await fitting(id)
    t.equal(status, 200, JSON.stringify(body))
    t.equal(body.options.length, 5)
    t.equal(body.options[0].firstOn, from)
    t.equal(body.options[0].blocks.length, 21)
    const planned = await must(step(desk, id, 'plan', { blocks: body.options[0].blocks }))
    t.equal(planned.blocks[0].localStart.slice(11, 16), '08:30')
    t.equal((await book(desk, id)).status, 200)
    const other = await ready(desk, { coupleId })
    const { options } = (await fitting(other)).body
    t.same(
      options.map((one: { firstOn: string }) => one.firstOn),
      [at(23, 12).slice(0, 10), at(24, 12).slice(0, 10)],
      'those days are taken now',
    )
  })

  t.test('a block is shifted where its own time is taken, and only as far as is said', async t => {
    const { clientId } = await bookable.client([clinician])
    const taken = await bookingsOf(bookable, clinician, clientId).book(desk, at(40, 17), { roomId: null })
    t.equal(taken.status, 201)
    const id = await ready(desk, { clientId: a.clientId })
    const day = at(40, 12).slice(0, 10)
    const single = {
      intensiveTemplateId: templateOf('individual', 2),
      clinicianIds: [clinician.staffId],
      from: day,
      until: day,
    }
    t.same((await fitting(id, single)).body.options, [])
    const [option] = (await fitting(id, { ...single, shiftMinutes: 240 })).body.options
    const busy = [Date.parse(at(40, 17)), Date.parse(at(40, 17, 50))] as const
    for (const { startsAt, durationMinutes } of option.blocks) {
      const start = Date.parse(startsAt)
      t.ok(start >= busy[1] || start + durationMinutes * 60_000 <= busy[0], startsAt)
    }
    await must(step(desk, id, 'plan', { blocks: option.blocks }))
    t.equal((await book(desk, id)).status, 200)
  })

  t.test('what cannot be fitted is refused where it is wrong', async t => {
    const id = await ready(desk, { coupleId })
    const refused = async (more: object, code: string, pointer: string) => {
      const { body } = await fitting(id, more)
      t.same([body.code, body.errors?.[0]?.pointer], [code, pointer], JSON.stringify(body))
    }
    await refused(
      { intensiveTemplateId: templateOf('individual', 3) },
      'invalid-request',
      '/intensiveTemplateId',
    )
    await refused({ intensiveTemplateId: randomUUID() }, 'unknown-reference', '/intensiveTemplateId')
    await refused({ clinicianIds: [clinician.staffId] }, 'invalid-request', '/clinicianIds')
    await refused({ clinicianIds: [clinician.staffId, desk.staffId] }, 'unknown-reference', '/clinicianIds')
    await refused({ until: at(19, 12).slice(0, 10) }, 'invalid-request', '/until')
    await refused({ until: at(60, 12).slice(0, 10) }, 'invalid-request', '/until')
    await refused({ from: '2020-01-01', until: '2020-01-02' }, 'invalid-request', '/from')
    t.equal((await fitting(id, {}, clinician)).status, 403, 'clinicians fit their own calendar')
    t.equal((await fitting(id, {}, colleague)).status, 404)
  })

  t.test('a practice makes its own, and what was planned by it stays as it is', async t => {
    const block = {
      day: 1,
      startsAt: '09:00',
      durationMinutes: 60,
      kind: 'individual',
      participants: ['a'],
      clinicians: [1],
      needsRoom: true,
    }
    const template = { name: 'One day (fictional)', audience: 'individual', days: 1, blocks: [block] }
    t.equal((await clinician.post('/v1/intensive-templates', template)).status, 403)
    const made = await desk.post('/v1/intensive-templates', template)
    t.equal(made.status, 201)
    t.match(made.body, { ...template, isShipped: false, status: 'active', version: 1 })
    const url = `/v1/intensive-templates/${made.body.id}`
    t.same((await clinician.get(url)).body, made.body)
    const refusedAt = async (change: object, pointer: string) => {
      const { body } = await desk.post('/v1/intensive-templates', { ...template, ...change })
      t.same([body.code, body.errors?.[0]?.pointer], ['invalid-request', pointer], JSON.stringify(body))
    }
    await refusedAt({ blocks: [{ ...block, day: 2 }] }, '/blocks/0/day')
    await refusedAt({ blocks: [{ ...block, startsAt: '23:30' }] }, '/blocks/0/durationMinutes')
    await refusedAt({ blocks: [{ ...block, participants: ['b'] }] }, '/blocks/0/participants')
    await refusedAt({ blocks: [{ ...block, clinicians: [] }] }, '/blocks/0/clinicians')
    await refusedAt({ blocks: [block, { ...block, startsAt: '09:30' }] }, '/blocks/1')
    const id = await ready(desk, { clientId: a.clientId })
    const question = { intensiveTemplateId: made.body.id, clinicianIds: [clinician.staffId] }
    t.ok((await fitting(id, question)).body.options.length > 0)
    const retired = await desk.patch(url, { status: 'retired' }, { ifMatch: 1 })
    t.match(retired.body, { status: 'retired', version: 2, blocks: [block] })
    t.equal((await desk.patch(url, { status: 'active' }, { ifMatch: 1 })).status, 412)
    t.equal((await fitting(id, question)).body.code, 'unknown-reference')
    const own = `/v1/intensive-templates/${templateOf('couple', 2)}`
    t.equal((await desk.patch(own, { name: 'Ours' }, { ifMatch: 1 })).body.code, 'invalid-state')
    const foreign = await createTestPractice(test)
    t.equal((await foreign.owner.get(url)).status, 404)
    t.equal((await foreign.owner.patch(url, { name: 'Ours' }, { ifMatch: 2 })).status, 404)
    t.equal((await foreign.owner.get('/v1/intensive-templates')).body.data.length, shipped.length)
    const pages = [(await desk.get('/v1/intensive-templates?limit=4')).body]
    for (let cursor = pages[0].nextCursor; cursor; cursor = pages.at(-1)?.nextCursor)
      pages.push((await desk.get(`/v1/intensive-templates?limit=4&cursor=${cursor}`)).body)
    const all = pages.flatMap(({ data }) => data.map((one: { id: string }) => one.id))
    t.equal(new Set(all).size, shipped.length + 1)
    t.equal(all.length, shipped.length + 1)
  })
})

import ICAL from 'ical.js'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { intensivesOf } from '../support/intensives.ts'
import { textOf } from '../support/pdf-text.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('itineraries', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  await bookable.run(`update staff_members set display_name = 'Dr. Nightowl' where id = $1`, [
    colleague.staffId,
  ])
  const [a, b] = [await bookable.client([clinician]), await bookable.client([clinician])]
  await bookable.run(`update clients set legal_given_name = 'Aster' where id = $1`, [a.clientId])
  await bookable.run(`update clients set legal_given_name = 'Birch' where id = $1`, [b.clientId])
  const { coupleId, chartId } = await bookable.couple([a.clientId, b.clientId], [clinician])
  const intensives = await intensivesOf(bookable, practice, clinician)
  const { planned, book, step, read } = intensives

  /** Of B alone: another kind, another clinician, another room. */
  const ofB = {
    kind: 'emdr',
    participants: ['b'],
    clinicianIds: [colleague.staffId],
    roomId: bookable.rooms[1],
  }
  const id = await planned(desk, { coupleId }, [
    { startsAt: at(20, 15), ...ofB },
    { startsAt: at(20, 17) },
    { startsAt: at(20, 18), kind: 'individual', participants: ['a'] },
    { startsAt: at(20, 18), ...ofB },
    { startsAt: at(20, 19), kind: 'break', clinicianIds: [], roomId: null },
    { startsAt: at(20, 16), kind: 'staff_huddle', participants: [] },
    { startsAt: at(21, 17), ...ofB },
  ])
  const portals = [
    await portalCaller(practice, a.clientId),
    await portalCaller(practice, b.clientId),
  ] as const
  const [portalA, portalB] = portals

  const raw = (by: Caller, url: string) =>
    test.app.inject({ url, headers: { authorization: `Bearer ${by.token}` } })
  const mine = `/v1/portal/intensives/${id}/itinerary`
  const blocksOf = (body: { days: { blocks: { id: string; kind: string; startsAt: string }[] }[] }) =>
    body.days.flatMap(({ blocks }) => blocks)
  /** Whatever tells of B's own hours: words, names, times, ids. */
  const secrets = async () => {
    const { blocks } = await read(desk, id)
    const own = blocks.filter((one: { participants: string[] }) => one.participants.join() === 'b')
    return [
      'emdr',
      'EMDR',
      'Nightowl',
      'Cedar',
      'Birch',
      b.clientId,
      chartId,
      ...own.map((one: { id: string }) => one.id),
    ]
  }

  t.test('what is planned and not booked is in nobody’s itinerary', async t => {
    t.same((await portalA.get('/v1/portal/intensives')).body.data, [])
    t.same(blocksOf((await portalA.get(mine)).body), [])
    t.same(blocksOf((await desk.get(`/v1/intensives/${id}/itineraries/a`)).body), [])
    t.equal((await book(desk, id)).status, 200)
  })

  t.test('each participant finds the joint blocks and the own ones, staff the same by place', async t => {
    const [forA, forB] = [(await portalA.get(mine)).body, (await portalB.get(mine)).body]
    t.same(
      blocksOf(forA).map(({ kind, startsAt }) => [kind, startsAt]),
      [
        ['joint', at(20, 17)],
        ['individual', at(20, 18)],
        ['break', at(20, 19)],
      ],
    )
    t.same(
      blocksOf(forB).map(({ kind }) => kind),
      ['emdr', 'joint', 'emdr', 'break', 'emdr'],
    )
    t.match(forA, { timeZone: 'America/Los_Angeles', locationName: 'Harbor Office' })
    t.same((await desk.get(`/v1/intensives/${id}/itineraries/a`)).body, forA)
    t.same((await clinician.get(`/v1/intensives/${id}/itineraries/b`)).body, forB)
    const [[ownA], [ownB]] = [
      (await portalA.get('/v1/portal/intensives')).body.data,
      (await portalB.get('/v1/portal/intensives')).body.data,
    ]
    t.match(ownA, { id, startsAt: at(20, 17), endsAt: at(20, 20), isCanceled: false })
    t.match(ownB, { id, startsAt: at(20, 15), endsAt: at(21, 18) })
  })

  t.test('who acts for a client finds none of a couple’s: it is the partner’s too', async t => {
    const representativeId = uuidv7()
    await bookable.run(
      `insert into related_people (practice_id, id, client_id, given_name, family_name, relationship, roles, may_know)
       values ($1, $2, $3, 'Robin', 'Example', 'parent', '{personal_representative}', '{treatment}')`,
      [practice.id, representativeId, a.clientId],
    )
    const parent = await portalCaller(practice, a.clientId, representativeId)
    t.same((await parent.get('/v1/portal/intensives')).body.data, [])
    for (const what of ['', '/document', '/calendar'])
      t.equal((await parent.get(`${mine}${what}`)).status, 404)
  })

  t.test('nothing that A can read tells of B’s own hours: JSON, PDF, calendar, list, headers', async t => {
    const told = []
    for (const url of ['/v1/portal/intensives', mine, `${mine}/document`, `${mine}/calendar`]) {
      const { statusCode, headers, rawPayload } = await raw(portalA, url)
      t.equal(statusCode, 200, url)
      const isPdf = headers['content-type'] === 'application/pdf'
      told.push(isPdf ? textOf(rawPayload) : rawPayload.toString(), JSON.stringify(headers))
    }
    for (const word of await secrets()) for (const text of told) t.notOk(text.includes(word), word)
    t.ok(
      told.some(text => text.includes('Aster')),
      'the paper is for A',
    )
    const before = await raw(portalA, mine)
    const { blocks } = await read(desk, id)
    const last = blocks.at(-1)
    const moved = await step(desk, id, 'moves', { blocks: [{ blockId: last.id, startsAt: at(21, 19) }] })
    t.equal(moved.status, 200, JSON.stringify(moved.body))
    const after = await raw(portalA, mine)
    t.equal(after.headers.etag, before.headers.etag, 'a move of B’s changes nothing for A')
    t.equal(after.payload, before.payload)
  })

  t.test('the calendar is neutral, and follows moves and cancellations by UID and SEQUENCE', async t => {
    const events = async (by: Caller) => {
      const { headers, payload } = await raw(by, `${mine}/calendar`)
      t.match(headers['content-type'], /^text\/calendar/)
      const calendar = new ICAL.Component(ICAL.parse(payload))
      return calendar.getAllSubcomponents('vevent').map(one => ({
        uid: String(one.getFirstPropertyValue('uid')),
        sequence: Number(one.getFirstPropertyValue('sequence')),
        status: String(one.getFirstPropertyValue('status')),
        summary: String(one.getFirstPropertyValue('summary')),
        startsAt: new ICAL.Event(one).startDate.toJSDate().toISOString(),
      }))
    }
    const before = await events(portalB)
    t.same(
      before.map(({ startsAt }) => startsAt),
      [at(20, 15), at(20, 17), at(20, 18), at(20, 19), at(21, 19)],
    )
    t.same(new Set(before.map(({ summary }) => summary)), new Set(['Appointment']))
    const [early, joint] = (await read(desk, id)).blocks.filter((one: { participants: string[] }) =>
      one.participants.includes('b'),
    )
    const reason = { reasonCode: 'other', by: 'practice' }
    t.equal((await step(desk, id, 'cancellation', { ...reason, blockIds: [early.id] })).status, 200)
    const change = { blocks: [{ blockId: joint.id, startsAt: at(20, 20) }] }
    t.equal((await step(desk, id, 'moves', change)).status, 200)
    const after = await events(portalB)
    const byUid = (list: typeof after, uid: string) => list.find(one => one.uid.includes(uid))
    t.match(byUid(after, early.id), { status: 'CANCELLED', startsAt: at(20, 15) })
    t.match(byUid(after, joint.id), { status: 'CONFIRMED', startsAt: at(20, 20) })
    for (const changed of [early.id, joint.id])
      t.ok((byUid(after, changed)?.sequence ?? 0) > (byUid(before, changed)?.sequence ?? 0))
    t.same(after.map(({ uid }) => uid).toSorted(), before.map(({ uid }) => uid).toSorted())
  })

  t.test('the same version is the same paper, and what was canceled is not on it', async t => {
    const url = `/v1/intensives/${id}/itineraries/b/document`
    const [first, again] = [await raw(desk, url), await raw(desk, url)]
    t.same(first.rawPayload, again.rawPayload)
    t.equal(first.headers['content-disposition'], 'attachment; filename="itinerary.pdf"')
    const text = textOf(first.rawPayload)
    for (const word of ['Birch Example', 'EMDR', 'Dr. Nightowl', 'Cedar', 'America/Los Angeles'])
      t.ok(text.includes(word), word)
    const { days } = (await desk.get(`/v1/intensives/${id}/itineraries/b`)).body
    const gone = blocksOf({ days })[0]
    t.match(gone, { status: 'canceled', kind: 'emdr' })
    t.equal((text.match(/EMDR/g) ?? []).length, 2, 'of three')
  })

  t.test('nobody else has an itinerary of it', async t => {
    const other = await portalCaller(practice, (await bookable.client([clinician])).clientId)
    for (const path of ['', '/document', '/calendar'])
      t.equal((await other.get(`${mine}${path}`)).status, 404)
    t.equal((await desk.get(`/v1/portal/intensives/${id}/itinerary`)).status, 403)
    t.equal((await portalA.get(`/v1/intensives/${id}`)).status, 403)
    t.equal((await portalA.get(`/v1/intensives/${id}/itineraries/b`)).status, 403)
    const single = await planned(desk, { clientId: a.clientId }, [
      { startsAt: at(25, 17), kind: 'individual', participants: ['a'] },
    ])
    t.equal((await book(desk, single)).status, 200)
    t.equal((await desk.get(`/v1/intensives/${single}/itineraries/b`)).status, 404)
    t.equal((await portalB.get(`/v1/portal/intensives/${single}/itinerary`)).status, 404)
    t.equal((await portalA.get('/v1/portal/intensives?limit=1')).body.data[0].id, single, 'newest first')
  })

  t.test('who left the couple finds it no longer', async t => {
    await bookable.run('update chart_members set left_at = now() where chart_id = $1 and client_id = $2', [
      chartId,
      b.clientId,
    ])
    t.equal((await portalB.get(mine)).status, 404)
    t.same((await portalB.get('/v1/portal/intensives')).body.data, [])
    t.equal((await portalA.get(mine)).status, 200)
    const moved = await step(desk, id, 'moves', { firstOn: at(40, 17).slice(0, 10) })
    t.equal(moved.body.code, 'invalid-state', 'nobody’s time is taken who is not in this care')
  })
})

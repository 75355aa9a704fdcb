import { randomUUID } from 'node:crypto'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { createApiClientCaller } from '../support/api-client.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const range = `from=${at(0, 0)}&to=${at(60, 0)}`

async function idsFor(caller: Caller, filter = ''): Promise<string[]> {
  const { body } = await caller.get(`/v1/appointments?${range}${filter}`)
  return body.data.map((appointment: { id: string }) => appointment.id)
}

t.test('lists of appointments', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const supervisor = await practice.staff(['supervisor'])
  const [ann, ben, both] = [
    await practice.staff(['clinician'], { supervisorId: supervisor.staffId }),
    await practice.staff(['clinician']),
    await practice.staff(['clinician']),
  ]
  const biller = await practice.staff(['biller'])
  const a = await bookable.client([ann])
  const b = await bookable.client([ben])
  const couple = await bookable.couple([a.clientId, b.clientId], [both])
  const { book } = bookingsOf(bookable, ann, a.clientId)
  const ofA = (await book(desk, at(3, 17))).body
  const ofB = (await book(desk, at(3, 18), { clientId: b.clientId, clinicianId: ben.staffId })).body
  const ofCouple = (
    await book(desk, at(3, 19), {
      clientId: undefined,
      coupleId: couple.coupleId,
      serviceId: bookable.services.couple,
      clinicianId: both.staffId,
    })
  ).body
  const every = [ofA.id, ofB.id, ofCouple.id]

  t.test('each role sees what it may', async t => {
    t.same(await idsFor(desk), every)
    t.same(await idsFor(ann), [ofA.id])
    t.same(await idsFor(ben), [ofB.id])
    t.same(await idsFor(both), [ofCouple.id])
    t.same(await idsFor(supervisor), [ofA.id])
    t.same(await idsFor(biller), every)
    t.same(await idsFor(await practice.staff(['clinician'])), [])
  })

  t.test('a calendar names whom each session is for, to those who may read clients or couples', async t => {
    const namesFor = async (caller: Caller): Promise<unknown[]> => {
      const { body } = await caller.get(`/v1/appointments?${range}`)
      return body.data.map((appointment: { displayName: string | null }) => appointment.displayName)
    }
    const [one, two] = ['Casey Example', 'Casey Example & Casey Example']
    t.same(await namesFor(desk), [one, one, two])
    t.same(await namesFor(ann), [one])
    t.same(await namesFor(biller), [one, one, null], 'who reads no couples is told of no partner')
    const sync = await createApiClientCaller(test, practice, ['appointments:read'])
    t.same(await namesFor(sync), [null, null, null])
    t.equal(ofA.displayName, one, 'the answer to a booking says it too')
    t.same(await idsFor(desk, `&chartId=${ofCouple.chartId}`), [ofCouple.id])
    t.same(await idsFor(ann, `&chartId=${ofCouple.chartId}`), [])
  })

  t.test(
    'a list of one client never holds the partner, nor the couple for those who may not see it',
    async t => {
      const byA = `&clientId=${a.clientId}`
      t.same(await idsFor(desk, byA), [ofA.id, ofCouple.id])
      t.same(await idsFor(ann, byA), [ofA.id])
      t.same(await idsFor(ben, byA), [])
      t.same(await idsFor(both, byA), [ofCouple.id])
      t.same(await idsFor(biller, byA), [ofA.id])
      t.same(await idsFor(desk, `&coupleId=${couple.coupleId}`), [ofCouple.id])
      t.same(await idsFor(ann, `&coupleId=${couple.coupleId}`), [])
      t.same(await idsFor(desk, `&clientId=${randomUUID()}`), [])
    },
  )

  t.test(
    'a clinician who only holds one session of a couple does not learn whose partner a client is',
    async t => {
      const guest = await practice.staff(['clinician'])
      const held = await book(desk, at(4, 19), {
        clientId: undefined,
        coupleId: couple.coupleId,
        serviceId: bookable.services.couple,
        clinicianId: guest.staffId,
      })
      t.same(await idsFor(guest), [held.body.id])
      t.same(await idsFor(guest, `&clientId=${a.clientId}`), [])
      await desk.post(
        `/v1/appointments/${held.body.id}/cancellation`,
        { reasonCode: 'other', by: 'practice' },
        { ifMatch: 1 },
      )
    },
  )

  t.test('filters narrow, and pages follow each other without gap or repeat', async t => {
    t.same(await idsFor(desk, `&clinicianId=${ben.staffId}`), [ofB.id])
    t.same(await idsFor(desk, `&locationId=${bookable.locationId}&status=scheduled`), every)
    t.same(await idsFor(desk, `&locationId=${randomUUID()}`), [])
    t.same(await idsFor(desk, '&status=completed'), [])
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const url: string = `/v1/appointments?${range}&status=scheduled&limit=1${cursor ? `&cursor=${cursor}` : ''}`
      const { body } = await desk.get(url)
      seen.push(...body.data.map((appointment: { id: string }) => appointment.id))
      cursor = body.nextCursor
      if (cursor)
        t.equal(
          (await ann.get(`/v1/appointments?${range}&status=scheduled&limit=1&cursor=${cursor}`)).body.code,
          'invalid-cursor',
        )
    } while (cursor)
    t.same(seen, every)
  })

  t.test('a range is needed, of 62 days at most', async t => {
    t.equal((await desk.get('/v1/appointments')).status, 400)
    t.equal((await desk.get(`/v1/appointments?from=${at(0, 0)}&to=${at(63, 0)}`)).status, 400)
    t.equal((await desk.get(`/v1/appointments?from=${at(1, 0)}&to=${at(1, 0)}`)).status, 400)
    t.equal(
      (await desk.get('/v1/appointments?from=0000-01-01T00:00:00Z&to=0000-01-02T00:00:00Z')).status,
      400,
      'the database has no year 0',
    )
    t.equal((await desk.get(`/v1/appointments?from=${at(0, 0)}&to=2016-12-31T23:59:60Z`)).status, 400)
  })

  t.test('a biller sees when and what, and neither room nor reason nor note', async t => {
    const { body } = await book(desk, at(5, 17))
    const reason = { reasonCode: 'illness', by: 'client', note: 'canary-note' }
    await desk.post(`/v1/appointments/${body.id}/cancellation`, reason, { ifMatch: 1 })
    const seen = await biller.get(`/v1/appointments/${body.id}`)
    t.match(seen.body, {
      clientId: a.clientId,
      startsAt: at(5, 17),
      roomId: null,
      cancellation: { reasonCode: null, by: 'client' },
    })
    const history = await biller.get(`/v1/appointments/${body.id}/changes`)
    t.match(history.body.data, [{ roomId: null }, { reasonCode: null, note: null }])
    const own = await ann.get(`/v1/appointments/${body.id}/changes`)
    t.match(own.body.data, [{ roomId: bookable.rooms[0] }, { reasonCode: 'illness', note: 'canary-note' }])
  })

  t.test('who bills and also treats sees the own sessions in full', async t => {
    const dual = await practice.staff(['biller', 'clinician'])
    const own = await book(desk, at(6, 17), { clinicianId: dual.staffId })
    t.equal((await dual.get(`/v1/appointments/${own.body.id}`)).body.roomId, bookable.rooms[0])
    t.equal((await dual.get(`/v1/appointments/${ofA.id}`)).body.roomId, null)
  })

  t.test('who left the care team keeps the hour in the calendar, and reads no more notes of it', async t => {
    const leaving = await practice.staff(['clinician'])
    const { clientId } = await bookable.client([leaving])
    const booked = (await book(desk, at(20, 17), { clientId, clinicianId: leaving.staffId })).body
    const url = `/v1/appointments/${booked.id}`
    const note = 'Called about the move (fictional).'
    await desk.post(`${url}/cancellation`, { reasonCode: 'other', by: 'client', note }, { ifMatch: 1 })
    const noteSeen = async () => (await leaving.get(`${url}/changes`)).body.data[1].note
    t.equal(await noteSeen(), note)
    await bookable.run(`update care_team_members set ends_on = '2020-02-01' where staff_id = $1`, [
      leaving.staffId,
    ])
    t.equal((await leaving.get(url)).status, 200)
    t.equal(await noteSeen(), null)
  })

  t.test('an integration sees by its scopes: no notes, and no couples by way of a client', async t => {
    const reads = await createApiClientCaller(test, practice, ['appointments:read'])
    const readsCouples = await createApiClientCaller(test, practice, ['appointments:read', 'couples:read'])
    const byA = `&clientId=${a.clientId}&status=scheduled&clinicianId=`
    t.same(await idsFor(reads, byA + both.staffId), [])
    t.same(await idsFor(readsCouples, byA + both.staffId), [ofCouple.id])
    t.equal((await reads.get(`/v1/appointments/${ofA.id}`)).body.roomId, bookable.rooms[0])
    const moved = await desk.patch(
      `/v1/appointments/${ofA.id}`,
      { startsAt: at(3, 16), note: 'canary-note' },
      { ifMatch: 1 },
    )
    t.equal(moved.status, 200)
    t.notMatch(JSON.stringify((await reads.get(`/v1/appointments/${ofA.id}/changes`)).body), /canary/)
    t.match(JSON.stringify((await desk.get(`/v1/appointments/${ofA.id}/changes`)).body), /canary/)
    t.equal((await book(reads, at(7, 17))).body.code, 'not-permitted')
    const writes = await createApiClientCaller(test, practice, ['appointments:read', 'appointments:write'])
    t.equal((await book(writes, at(7, 17))).status, 201)
  })

  t.test('emergency access opens the appointments of its chart for reading, and is recorded', async t => {
    const covering = await practice.staff(['clinician'])
    const url = `/v1/appointments/${ofB.id}`
    t.equal((await covering.get(url)).status, 404)
    await bookable.run(
      `insert into emergency_accesses (practice_id, chart_id, staff_id, reason_code, narrative, expires_at)
       values ($1, $2, $3, 'medical', '', now() + interval '10 minutes')`,
      [practice.id, b.chartId, covering.staffId],
    )
    t.equal((await covering.get(url)).status, 200)
    t.same(await idsFor(covering), [ofB.id])
    t.equal((await covering.patch(url, { startsAt: at(3, 9) }, { ifMatch: 1 })).body.code, 'not-permitted')
    const own = { clientId: b.clientId, clinicianId: covering.staffId }
    t.equal((await book(covering, at(8, 17), own)).status, 422)
    const audited = await bookable.run(
      `select operation, purpose from audit_log where practice_id = $1 and actor_id = $2
         and emergency_access_id is not null and decision = 'granted' order by operation`,
      [practice.id, covering.actorId],
    )
    t.same(audited, [
      { operation: 'getAppointment', purpose: 'emergency' },
      { operation: 'listAppointments', purpose: 'emergency' },
    ])
  })

  t.test(
    'an instant stays an instant: the wall clock follows the zone through both changes of the clock',
    async t => {
      const zone = 'America/Los_Angeles'
      let change = Temporal.Now.zonedDateTimeISO(zone).getTimeZoneTransition('next')
      for (const _ of [1, 2]) {
        const instant = change?.toInstant()
        for (const hours of [-1, 0]) {
          const start = instant?.add({ hours })
          const made = await book(desk, start?.toString() ?? '', {
            mode: 'telehealth',
            locationId: null,
            roomId: null,
          })
          t.equal(made.status, 201)
          const wall = start?.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' })
          t.equal(made.body.localStart.slice(0, 19), wall)
          t.equal(Date.parse(made.body.localStart), start?.epochMilliseconds)
        }
        change = change?.getTimeZoneTransition('next') ?? null
      }
    },
  )
})

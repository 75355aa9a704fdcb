import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import {
  journeyOf,
  must,
  publishedTemplate,
  shipped,
  signedOff,
  type TestJourney,
} from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']

t.test('progress letters', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const own = await publishedTemplate(practice.owner)
  const client = await people.client('Jordan', [clinician])
  const journey = await journeyOf(clinician, client.chartId, { ...own, startedOn: day(-90) })
  must(await signedOff(journey, 'giving_back'))
  must(
    await journey.step('safe_place', 'status-changes', {
      to: 'in_progress',
      note: 'zebra-lantern-fictional',
    }),
  )
  must(await journey.step('early_signs', 'status-changes', { to: 'not_applicable', note: 'zebra too' }))
  const court = { recipientKind: 'court', recipientName: 'Faketown Superior Court (fictional)' }
  const write = (to: TestJourney, body: Body, key = randomUUID()) =>
    clinician.post(`${to.url}/progress-letters`, { ...court, ...body }, { key })

  const sessionOf = async (daysAgo: number, status: string) => {
    const [service] = await people.run(
      `insert into services (practice_id, name, kind, duration_minutes, modes) values ($1, $2, 'individual', 50, '{telehealth}') returning id`,
      [practice.id, `Session ${randomUUID()}`],
    )
    const attended = status === 'attended' ? 'now()' : 'null::timestamptz'
    const canceled = status === 'canceled' ? `now(), 'client', 'illness'` : 'null::timestamptz, null, null'
    await people.run(
      `insert into appointments (practice_id, chart_id, service_id, clinician_id, mode, time_zone, starts_at, ends_at, status,
         actual_starts_at, actual_ends_at, canceled_at, cancellation_by, cancellation_reason)
       values ($1, $2, $3, $4, 'telehealth', 'America/Los_Angeles', now() - make_interval(days => $5),
         now() - make_interval(days => $5) + interval '1 hour', $6, ${attended}, ${attended} + interval '50 minutes', ${canceled})`,
      [practice.id, client.chartId, service?.id, clinician.staffId, daysAgo, status],
    )
  }
  for (const daysAgo of [100, 80, 40, 5]) await sessionOf(daysAgo, 'attended')
  await sessionOf(20, 'no_show')
  await sessionOf(10, 'canceled')
  await sessionOf(1, 'booked')

  t.test('a letter of attendance tells how often, and not that there is a program', async t => {
    const letter = await write(journey, { allowed: ['attendance'] })
    t.equal(letter.status, 201)
    t.match(letter.headers.location, /progress-letters/)
    t.same(letter.body.facts, { attendance: { attended: 3, missed: 1, canceled: 1 } })
    t.match(letter.body.text, /Regarding: Jordan Example/)
    t.match(letter.body.text, /Sessions attended: 3\. Missed without notice: 1\. Canceled: 1\./)
    t.match(letter.body.text, /Test clinician$/)
    t.notMatch(JSON.stringify(letter.body), /step|task|safe|giving|Quiet/i)
    const lately = await write(journey, { allowed: ['attendance'], from: day(-50), to: day(-30) })
    t.same(lately.body.facts.attendance, { attended: 1, missed: 0, canceled: 0 })
  })

  t.test('a letter of counts names no task, and one of tasks nothing that anybody wrote', async t => {
    const counts = must(await write(journey, { allowed: ['counts'] }))
    t.same(counts.facts, { counts: { applicable: 3, done: 1, inWork: 1 } })
    t.notMatch(JSON.stringify(counts), /safe place|give something|Quiet/i)
    const tasks = must(await write(journey, { allowed: ['tasks'] }))
    t.same(tasks.facts, {
      tasks: [
        { label: 'Make a safe place', state: 'in_work' },
        { label: 'Keep a daily rhythm', state: 'open' },
        { label: 'Give something back', state: 'done' },
      ],
    })
    t.match(tasks.text, /- Make a safe place: in work/)
    t.notMatch(JSON.stringify(tasks), /zebra|attended/)
  })

  t.test('a letter of stages tells those of its time', async t => {
    const model = { programTemplateId: shipped.recoveryStages, templateNumber: 1, startedOn: day(-90) }
    const staged = await journeyOf(clinician, client.chartId, model)
    const enter = async (stageKey: string, from: number, to: number | null) => {
      const stages = `${staged.url}/stages`
      const { id } = must(await clinician.post(stages, { stageKey, enteredOn: day(from), note: 'zebra' }))
      if (to !== null)
        must(await clinician.post(`${stages}/${id}/departure`, { leftOn: day(to) }, { ifMatch: 1 }))
    }
    await enter('crisis', -90, -60)
    await enter('shock', -70, -10)
    await enter('grief', -5, null)
    const letter = must(await write(staged, { allowed: ['stages'], from: day(-50), to: day(-20) }))
    t.same(letter.facts, { stages: [{ label: 'Shock', enteredOn: day(-70), leftOn: null }] })
    t.notMatch(JSON.stringify(letter), /zebra/)
  })

  t.test('a letter stays as it was written, sealed, whatever happens after', async t => {
    const letter = must(await write(journey, { allowed: ['counts', 'tasks'] }))
    must(await journey.step('giving_back', 'reopening', { reason: 'lapse' }))
    const read = await clinician.get(`${journey.url}/progress-letters/${letter.id}`)
    t.same(read.body, letter)
    const rows = await people.run('select * from journey_letters where id = $1', [letter.id])
    t.notMatch(JSON.stringify(rows), /Faketown|Jordan|safe place/)
    const [audit] = await people.run(
      `select fields, client_ids from audit_log where resource_id = $1 and operation = 'writeProgressLetter'`,
      [letter.id],
    )
    t.same(
      audit,
      { fields: ['counts', 'tasks'], client_ids: [client.id] },
      'what was told is in the audit trail',
    )
  })

  t.test('the same key writes one letter, and a list names them', async t => {
    const [one, two] = [await people.client('Casey', [clinician]), randomUUID()]
    const other = await journeyOf(clinician, one.chartId, own)
    const first = await write(other, { allowed: ['counts'] }, two)
    const again = await write(other, { allowed: ['counts'] }, two)
    t.same(again.body, first.body)
    const second = must(await write(other, { allowed: ['attendance'] }))
    const url = `${other.url}/progress-letters`
    const { data, nextCursor } = must(await clinician.get(`${url}?limit=1`))
    t.same(data, [
      {
        id: first.body.id,
        journeyId: other.id,
        recipientKind: 'court',
        allowed: ['counts'],
        writtenById: clinician.staffId,
        writtenAt: first.body.writtenAt,
      },
    ])
    t.equal(must(await clinician.get(`${url}?limit=1&cursor=${nextCursor}`)).data[0].id, second.id)
    t.equal((await clinician.get(`${journey.url}/progress-letters/${second.id}`)).status, 404)
    t.equal((await (await practice.staff(['clinician'])).get(url)).status, 404)
  })

  t.test('nothing is told without saying what is allowed, nor of a time that is to come', async t => {
    t.equal((await write(journey, { allowed: [] })).status, 400)
    t.equal((await write(journey, { allowed: ['diagnosis'] })).status, 400)
    t.equal((await write(journey, { allowed: ['counts'], to: day(1) })).body.errors[0].pointer, '/to')
    t.equal((await write(journey, { allowed: ['counts'], from: day(), to: day(-1) })).status, 400)
    const without = await clinician.post(`${journey.url}/progress-letters`, { ...court, allowed: ['counts'] })
    t.equal(without.body.code, 'idempotency-key-required')
  })

  t.test('of a couple’s journey there are no letters', async t => {
    const partner = await people.client('Alex', [clinician])
    const couple = must(
      await link(practice.owner, client.id, partner.id, { primaryClinicianId: clinician.staffId }),
    )
    const joint = await journeyOf(clinician, couple.chartId, own)
    t.equal((await write(joint, { allowed: ['counts'] })).body.code, 'invalid-state')
  })
})

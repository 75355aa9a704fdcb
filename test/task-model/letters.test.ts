import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { textOf } from '../support/pdf-text.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { court as courtName, disclosuresOf, released, revoke } from '../support/releases.ts'
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
  const { id: releaseId } = await released(clinician, client.chartId, client.id)
  const court = { releaseIds: [releaseId] }
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
    t.match(letter.body, { recipientKind: 'court', recipientName: courtName })
    t.match(
      letter.body.text,
      /Test clinician\n\nGiven under a release of information signed on 2026-01-05, which holds until 2099-12-31\.$/,
    )
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
    const releaseIds = [(await released(clinician, one.chartId, one.id)).id]
    const first = await write(other, { releaseIds, allowed: ['counts'] }, two)
    const again = await write(other, { releaseIds, allowed: ['counts'] }, two)
    t.same(again.body, first.body)
    const second = must(await write(other, { releaseIds, allowed: ['attendance'] }))
    t.equal((await disclosuresOf(clinician, one.chartId)).length, 2, 'and one disclosure each')
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

  t.test('what the release does not allow is not told, nor on a day on which it does not hold', async t => {
    const refused = async (more: Body, allowed = ['attendance']) => {
      const { id } = await released(clinician, client.chartId, client.id, more)
      const { status, body } = await write(journey, { releaseIds: [id], allowed })
      t.equal(status, 409)
      t.equal(body.code, 'not-released')
      return body.errors
    }
    t.match(await refused({ categories: ['counts'] }, ['counts', 'attendance', 'tasks']), [
      { pointer: '/releaseIds/0', code: 'category' },
      { pointer: '/releaseIds/0', code: 'category' },
    ])
    t.match(await refused({ signedOn: day(), fromOn: day(2) }), [{ code: 'not-yet' }])
    const past = await released(clinician, client.chartId, client.id)
    await people.run('update releases set until_on = $2 where id = $1', [past.id, day(-1)])
    t.match((await write(journey, { releaseIds: [past.id], allowed: ['counts'] })).body.errors, [
      { code: 'expired' },
    ])
    const taken = await released(clinician, client.chartId, client.id)
    must(await revoke(clinician, taken))
    t.match((await write(journey, { releaseIds: [taken.id], allowed: ['counts'] })).body.errors, [
      { code: 'revoked' },
    ])
    const other = await people.client('Sam', [clinician])
    const theirs = await released(clinician, other.chartId, other.id)
    for (const id of [theirs.id, randomUUID()]) {
      const { status, body } = await write(journey, { releaseIds: [releaseId, id], allowed: ['counts'] })
      t.equal(status, 422)
      t.equal(body.errors[0].pointer, '/releaseIds/1')
    }
  })

  t.test('a letter and a revocation at once: the letter was first, or is not written', async t => {
    const one = await released(clinician, client.chartId, client.id)
    const [letter, revoked] = await Promise.all([
      write(journey, { releaseIds: [one.id], allowed: ['counts'] }),
      revoke(clinician, one),
    ])
    t.equal(revoked.status, 200)
    t.ok(letter.status === 201 || letter.body.code === 'not-released')
    t.equal((await write(journey, { releaseIds: [one.id], allowed: ['counts'] })).status, 409)
  })

  t.test('to the client themself it takes no release, and is a disclosure all the same', async t => {
    const letter = must(await write(journey, { releaseIds: [], allowed: ['counts'] }))
    t.match(letter, { recipientKind: 'client', recipientName: 'Jordan Example' })
    t.notMatch(letter.text, /release/)
    const [latest] = await disclosuresOf(clinician, client.chartId)
    t.match(latest, {
      recordId: letter.id,
      releaseId: null,
      recipient: null,
      clientId: client.id,
      categories: ['counts'],
      accountable: false,
    })
  })

  t.test('records of a part 2 program carry the notice, and are accountable', async t => {
    const { id } = await released(clinician, client.chartId, client.id, { part2: true })
    const letter = must(await write(journey, { releaseIds: [id], allowed: ['attendance'] }))
    t.match(letter.text, /and allows to be told: attendance, counts, tasks, stages\.$/m)
    t.match(letter.text, /42 CFR part 2 prohibits unauthorized use or disclosure of these records\.$/)
    t.match((await disclosuresOf(clinician, client.chartId))[0], { accountable: true, recordId: letter.id })
  })

  t.test('a letter is printed as it was written, always the same', async t => {
    const letter = must(await write(journey, { allowed: ['attendance'] }))
    const print = (id = letter.id) =>
      test.app.inject({
        url: `${journey.url}/progress-letters/${id}/document`,
        headers: { authorization: `Bearer ${clinician.token}` },
      })
    const first = await print()
    t.equal(first.statusCode, 200)
    t.equal(first.headers['content-type'], 'application/pdf')
    const text = textOf(first.rawPayload)
    t.match(text, /Regarding: Jordan Example/)
    t.match(text, /Sessions attended: 3/)
    t.same((await print()).rawPayload, first.rawPayload)
    t.equal((await print(randomUUID())).statusCode, 404)
    t.notMatch(first.rawPayload.toString('latin1'), /Jordan/, 'the file’s own properties name nobody')
  })

  t.test('of a couple’s journey both partners release, each for themselves, also who has left', async t => {
    const partner = await people.client('Alex', [clinician])
    const couple = must(
      await link(practice.owner, client.id, partner.id, { primaryClinicianId: clinician.staffId }),
    )
    const joint = await journeyOf(clinician, couple.chartId, own)
    const one = await released(clinician, couple.chartId, client.id, { categories: ['counts', 'tasks'] })
    const alone = await write(joint, { releaseIds: [one.id], allowed: ['counts'] })
    t.match(alone.body, { code: 'not-released', errors: [{ code: 'signer-missing' }] })
    t.notMatch(JSON.stringify(alone.body), new RegExp(`${partner.id}|Alex`))
    t.equal((await write(joint, { releaseIds: [], allowed: ['counts'] })).body.code, 'not-released')
    t.equal((await write(joint, { releaseIds: [releaseId], allowed: ['counts'] })).status, 422, 'own chart’s')
    const elsewhere = await released(clinician, couple.chartId, partner.id, { recipient: 'Another Court' })
    const two = await write(joint, { releaseIds: [one.id, elsewhere.id], allowed: ['counts'] })
    t.match(two.body.errors, [{ pointer: '/releaseIds/1', code: 'recipient' }])
    await people.run(`update chart_members set left_at = now() where chart_id = $1 and client_id = $2`, [
      couple.chartId,
      partner.id,
    ])
    t.equal(
      (await write(joint, { releaseIds: [one.id], allowed: ['counts'] })).status,
      409,
      'left, and asked',
    )
    const other = await released(clinician, couple.chartId, partner.id, {
      recipient: ` ${courtName.toUpperCase()}`,
    })
    const both = { releaseIds: [one.id, other.id] }
    t.match((await write(joint, { ...both, allowed: ['tasks', 'stages'] })).body.errors, [
      { code: 'category' },
    ])
    const letter = must(await write(joint, { ...both, allowed: ['counts'] }))
    t.match(letter.text, /Regarding: (Jordan Example and Alex|Alex Example and Jordan) Example/)
    t.same(
      (await disclosuresOf(clinician, couple.chartId)).map(({ clientId }) => clientId).toSorted(),
      [client.id, partner.id].toSorted(),
    )
    must(await revoke(clinician, other))
    t.equal((await write(joint, { ...both, allowed: ['counts'] })).status, 409, 'one took it back')
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { journeyOf, must, publishedTemplate } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']

t.test('performables', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const own = await publishedTemplate(practice.owner)
  const begin = async () => {
    const { chartId } = await people.client('Jordan', [clinician])
    return { chartId, journey: await journeyOf(clinician, chartId, own) }
  }
  const written = { kind: 'text', occurredOn: day(-1), note: 'The library (fictional).' }

  t.test('a performable is drafted, submitted, sent back, accepted, and may need work again', async t => {
    const { journey } = await begin()
    const step = (to: string, note?: string) =>
      journey.performableStep('safe_place', 'map', { to, ...(note ? { note } : {}) })
    for (const wrong of ['accepted', 'needs_work', 'todo'])
      t.equal((await step(wrong)).body.code, 'invalid-state', wrong)
    t.match((await step('drafting')).body, { status: 'drafting', version: 2, key: 'map' })
    must(await step('submitted'))
    must(await step('needs_work', 'One more place.'))
    must(await step('submitted'))
    t.equal((await step('accepted')).body.status, 'accepted')
    t.match((await journey.read()).progress.performables, { total: 7, accepted: 1, percent: 14 })
    must(await step('needs_work'))
    const { id } = await journey.task('safe_place')
    const { history } = must(await clinician.get(`${journey.url}/tasks/${id}`))
    t.same(
      history.map((one: Body) => [one.fromStatus, one.toStatus, one.note]),
      [
        ['todo', 'drafting', null],
        ['drafting', 'submitted', null],
        ['submitted', 'needs_work', 'One more place.'],
        ['needs_work', 'submitted', null],
        ['submitted', 'accepted', null],
        ['accepted', 'needs_work', null],
      ],
    )
  })

  t.test('evidence is what the performable asks for, with the day it was done', async t => {
    const { journey } = await begin()
    const refused = async (task: string, key: string, body: Body, pointer: string) => {
      const reply = await journey.addEvidence(task, key, body)
      t.equal(reply.status, 400)
      t.equal(reply.body.errors[0].pointer, pointer)
    }
    await refused('safe_place', 'map', { ...written, kind: 'count', quantity: 3 }, '/kind')
    await refused('safe_place', 'map', { kind: 'text', occurredOn: day() }, '/note')
    await refused('safe_place', 'map', { ...written, quantity: 3 }, '/quantity')
    await refused('safe_place', 'map', { ...written, occurredOn: day(1) }, '/occurredOn')
    await refused('daily_rhythm', 'mornings', { kind: 'count', occurredOn: day() }, '/quantity')
    await refused('early_signs', 'readiness', { kind: 'instrument', occurredOn: day() }, '/instrumentKey')
    await refused('safe_place', 'map', { kind: 'presentation', occurredOn: day() }, '/presentedIn')
    const added = await journey.addEvidence('safe_place', 'map', written)
    t.match(added.body, { evidenceCount: 1, lastEvidenceOn: day(-1), presentedIn: [] })
    t.match(added.body.evidence, [
      { ...written, enteredBy: 'staff', recordedById: clinician.staffId, withdrawnAt: null },
    ])
    const counted = { kind: 'count', occurredOn: day(), quantity: 12 }
    t.match((await journey.addEvidence('daily_rhythm', 'mornings', counted)).body.evidence, [counted])
    const scale = { kind: 'instrument', occurredOn: day(), instrumentKey: 'ruler' }
    t.match((await journey.addEvidence('early_signs', 'readiness', scale)).body.evidence, [scale])
    must(await journey.addEvidence('early_signs', 'shared_plan', { kind: 'attestation', occurredOn: day() }))
    must(await journey.addEvidence('daily_rhythm', 'checkup', { kind: 'date', occurredOn: '2026-02-03' }))
    for (const presentedIn of ['group', 'sponsor'])
      must(
        await journey.addEvidence('safe_place', 'map', {
          kind: 'presentation',
          occurredOn: day(),
          presentedIn,
        }),
      )
    t.same((await journey.performable('safe_place', 'map')).presentedIn, ['group', 'sponsor'])
  })

  t.test('a session is one of this chart', async t => {
    const { chartId, journey } = await begin()
    const elsewhere = await people.client('Casey', [clinician])
    const book = async (chart: string) => {
      const [service] = await people.run(
        `insert into services (practice_id, name, kind, duration_minutes, modes) values ($1, $2, 'individual', 50, '{telehealth}') returning id`,
        [practice.id, `Session ${randomUUID()}`],
      )
      const [row] = await people.run(
        `insert into appointments (practice_id, chart_id, service_id, clinician_id, mode, time_zone, starts_at, ends_at)
         values ($1, $2, $3, $4, 'telehealth', 'UTC', now(), now() + interval '1 hour') returning id`,
        [practice.id, chart, service?.id, clinician.staffId],
      )
      return row?.id
    }
    const told = (appointmentId: unknown) =>
      journey.addEvidence('safe_place', 'told_somebody', {
        kind: 'session',
        occurredOn: day(),
        appointmentId,
      })
    const appointmentId = await book(chartId)
    t.match((await told(appointmentId)).body.evidence, [{ appointmentId }])
    for (const wrong of [await book(elsewhere.chartId), randomUUID()])
      t.equal((await told(wrong)).body.code, 'unknown-reference')
  })

  t.test('an entry is withdrawn once, stays to be read, and does not count', async t => {
    const { journey } = await begin()
    const { evidence, id } = must(await journey.addEvidence('safe_place', 'map', written))
    const url = `${journey.url}/performables/${id}/evidence/${evidence[0].id}/withdrawal`
    const replies = await Promise.all([clinician.post(url), clinician.post(url)])
    t.same(replies.map(({ status }) => status).sort(), [200, 409])
    const read = must(await clinician.get(`${journey.url}/performables/${id}`))
    t.match(read, { evidenceCount: 0, lastEvidenceOn: null, evidence: [{ note: written.note }] })
    t.ok(read.evidence[0].withdrawnAt)
    const missing = `${journey.url}/performables/${id}/evidence/${randomUUID()}/withdrawal`
    t.equal((await clinician.post(missing)).status, 404)
    const other = await journey.performable('safe_place', 'secrets')
    const crossed = `${journey.url}/performables/${other.id}/evidence/${evidence[0].id}/withdrawal`
    t.equal((await clinician.post(crossed)).status, 404)
  })

  t.test('what is written of a restricted performable is for the care team', async t => {
    const { journey } = await begin()
    const secret = { ...written, note: 'zebra-lantern-fictional' }
    const { id } = must(await journey.addEvidence('safe_place', 'secrets', secret))
    must(await journey.addEvidence('safe_place', 'map', written))
    must(await journey.performableStep('safe_place', 'secrets', { to: 'submitted' }))
    must(await journey.performableStep('safe_place', 'secrets', { to: 'needs_work', note: 'zebra too' }))
    const forTeam = await clinician.get(`${journey.url}/performables/${id}`)
    t.match(forTeam.body.evidence, [{ note: secret.note }])
    const forSupervisor = await supervisor.get(`${journey.url}/performables/${id}`)
    t.match(forSupervisor.body, { status: 'needs_work', evidence: [{ note: null }] })
    const { id: mapId, task } = {
      ...(await journey.performable('safe_place', 'map')),
      task: await journey.task('safe_place'),
    }
    t.match((await supervisor.get(`${journey.url}/performables/${mapId}`)).body.evidence, [
      { note: written.note },
    ])
    for (const url of [journey.url, `${journey.url}/tasks/${task.id}`]) {
      t.notMatch(JSON.stringify((await supervisor.get(url)).body), /zebra/)
      t.match(JSON.stringify((await clinician.get(url)).body), /zebra too/)
    }
    const rows = await people.run('select * from journey_evidence where journey_id = $1', [journey.id])
    t.notMatch(JSON.stringify(rows), /zebra/)
  })

  t.test('a task and a performable of another journey are not found in this one', async t => {
    const [{ journey }, other] = [await begin(), await begin()]
    const { id } = await other.journey.performable('safe_place', 'map')
    const { id: taskId } = await other.journey.task('safe_place')
    t.equal((await clinician.get(`${journey.url}/performables/${id}`)).status, 404)
    t.equal((await clinician.get(`${journey.url}/tasks/${taskId}`)).status, 404)
    const step = `${journey.url}/performables/${id}`
    t.equal((await clinician.post(`${step}/status-changes`, { to: 'drafting' }, { ifMatch: 1 })).status, 404)
    t.equal((await clinician.post(`${step}/evidence`, written)).status, 404)
    t.equal((await other.journey.performable('safe_place', 'map')).evidenceCount, 0)
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import {
  enroll,
  journeyOf,
  must,
  programOf,
  publishedTemplate,
  shipped,
  signedOff,
} from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']

t.test('journeys', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const own = await publishedTemplate(practice.owner, programOf('own'))
  const newChart = async () => (await people.client('Jordan', [clinician])).chartId

  t.test('a client is enrolled in a program that ships, and sees its thirty tasks', async t => {
    const chartId = await newChart()
    const reply = await enroll(clinician, chartId, {
      programTemplateId: shipped.thirtyTasks,
      templateNumber: 1,
    })
    t.equal(reply.status, 201)
    t.equal(reply.headers.location, `/v1/charts/${chartId}/journeys/${reply.body.id}`)
    t.match(reply.body, { status: 'active', startedOn: day(), releasedToClient: false })
    const journey = must(await clinician.get(`/v1/charts/${chartId}/journeys/${reply.body.id}`))
    t.equal(journey.tasks.length, 30)
    t.match(journey.tasks[0], {
      key: 'denial',
      number: 1,
      status: 'not_started',
      daysInStatus: 0,
      stuck: false,
    })
    t.equal(journey.tasks[0].performables.length, 6)
    t.match(journey.progress, { applicable: 30, done: 0, inWork: 0, percent: 0 })
    t.match(journey.sections[0], { key: 'early', applicable: 7, done: 0, percent: 0 })
    t.match(journey.velocity, { last30Days: 0, last90Days: 0, perMonth: null })
    t.same(
      journey.history.map((one: Body) => [one.kind, one.toStatus]),
      [['enrolled', 'active']],
    )
    const kept = await practice.owner.get(`/v1/program-templates/${shipped.thirtyTasks}`)
    t.equal(kept.body.versions.length, 1, 'the practice keeps the version, and still sees one')
  })

  t.test('whoever is in a program is in it once, also of two at the same time', async t => {
    const chartId = await newChart()
    const replies = await Promise.all([1, 2, 3].map(() => enroll(clinician, chartId, own)))
    t.same(replies.map(({ status }) => status).sort(), [201, 409, 409])
    const { id, version } = replies.find(({ status }) => status === 201)?.body ?? {}
    const url = `/v1/charts/${chartId}/journeys/${id}/status-changes`
    must(await clinician.post(url, { to: 'completed' }, { ifMatch: version }))
    t.equal((await enroll(clinician, chartId, own)).status, 201, 'once it is completed it may begin again')
    const back = await clinician.post(url, { to: 'active' }, { ifMatch: version + 1 })
    t.equal(back.body.code, 'already-exists')
    const list = await clinician.get(`/v1/charts/${chartId}/journeys?status=completed`)
    t.same(
      list.body.data.map((one: Body) => one.id),
      [id],
    )
  })

  t.test('the same key enrolls once', async t => {
    const chartId = await newChart()
    const key = randomUUID()
    const url = `/v1/charts/${chartId}/journeys`
    const first = await clinician.post(url, own, { key })
    const second = await clinician.post(url, own, { key })
    t.same(second.body, first.body)
    t.equal(second.headers['idempotency-replayed'], 'true')
  })

  t.test('a draft and a retired version take nobody in', async t => {
    const chartId = await newChart()
    const draft = must(await practice.owner.post('/v1/program-templates', programOf('closed')))
    const version = { programTemplateId: draft.templateId, templateNumber: 1 }
    t.equal((await enroll(clinician, chartId, version)).body.code, 'invalid-state')
    const url = `/v1/program-templates/${draft.templateId}/versions/1`
    must(await practice.owner.post(`${url}/publication`, undefined, { ifMatch: 1 }))
    const journey = await journeyOf(clinician, chartId, version)
    must(await practice.owner.post(`${url}/retirement`, undefined, { ifMatch: 2 }))
    t.equal((await enroll(clinician, await newChart(), version)).body.code, 'invalid-state')
    t.equal((await signedOff(journey, 'giving_back')).status, 200, 'who is in it goes on')
    for (const unknown of [
      { ...version, templateNumber: 9 },
      { ...version, programTemplateId: randomUUID() },
    ])
      t.equal((await enroll(clinician, chartId, unknown)).body.code, 'unknown-reference')
  })

  t.test('a journey pauses, ends and goes on; nothing moves in it meanwhile', async t => {
    const journey = await journeyOf(clinician, await newChart(), own)
    const change = (to: string, version: number, note?: string) =>
      clinician.post(`${journey.url}/status-changes`, { to, ...(note ? { note } : {}) }, { ifMatch: version })
    t.equal((await change('active', 1)).body.code, 'invalid-state')
    t.match((await change('paused', 1, 'A break.')).body, { status: 'paused', version: 2, endedOn: null })
    t.equal((await change('active', 1)).body.code, 'stale-version')
    const task = await journey.step('safe_place', 'status-changes', { to: 'in_progress' })
    t.equal(task.body.code, 'invalid-state')
    t.match((await change('transferred', 2)).body, { status: 'transferred', endedOn: day() })
    t.equal((await change('paused', 3)).body.code, 'invalid-state')
    t.match((await change('active', 3)).body, { status: 'active', endedOn: null })
    const { history } = await journey.read()
    t.same(
      history.map((one: Body) => [one.fromStatus, one.toStatus, one.note]),
      [
        [null, 'active', null],
        ['active', 'paused', 'A break.'],
        ['paused', 'transferred', null],
        ['transferred', 'active', null],
      ],
    )
  })

  t.test('the first day is a day that has been', async t => {
    const chartId = await newChart()
    const early = await enroll(clinician, chartId, { ...own, startedOn: day(1) })
    t.equal(early.body.errors[0].pointer, '/startedOn')
    const journey = await journeyOf(clinician, chartId, { ...own, startedOn: '2026-01-31' })
    const changed = await clinician.patch(journey.url, { startedOn: '2026-02-01' }, { ifMatch: 1 })
    t.match(changed.body, { startedOn: '2026-02-01', version: 2 })
    t.equal((await clinician.patch(journey.url, { startedOn: day(2) }, { ifMatch: 2 })).status, 400)
    t.equal(
      (await clinician.patch(journey.url, { releasedToClient: true })).body.code,
      'precondition-required',
    )
  })

  t.test('the counts on a journey are those of its tasks, also when many change at once', async t => {
    const journey = await journeyOf(clinician, await newChart(), own)
    const { tasks } = await journey.read()
    const started = await Promise.all(
      tasks.map((task: Body) =>
        clinician.post(
          `${journey.url}/tasks/${task.id}/status-changes`,
          { to: 'in_progress' },
          { ifMatch: task.version },
        ),
      ),
    )
    t.same(
      started.map(({ status }) => status),
      [200, 200, 200, 200],
    )
    must(await journey.step('early_signs', 'status-changes', { to: 'not_applicable', note: 'Not here.' }))
    must(await journey.step('giving_back', 'status-changes', { to: 'submitted' }))
    must(await journey.step('giving_back', 'sign-off', {}))
    must(await journey.step('daily_rhythm', 'status-changes', { to: 'submitted' }))
    const read = await journey.read()
    t.match(read.progress, { applicable: 3, done: 1, inWork: 2, percent: 33 })
    t.match(read.sections, [
      { key: 'arriving', applicable: 2, done: 0, inWork: 2, percent: 0 },
      { key: 'steadying', applicable: 1, done: 1, inWork: 0, percent: 100 },
    ])
    const [row] = await people.run(
      `select tasks_applicable, tasks_done, tasks_waiting, progress_permille from journeys where id = $1`,
      [journey.id],
    )
    t.same(row, { tasks_applicable: 3, tasks_done: 1, tasks_waiting: 1, progress_permille: 333 })
  })

  t.test('what changed is told since the last session, or since when somebody asks', async t => {
    const client = await people.client('Casey', [clinician])
    const journey = await journeyOf(clinician, client.chartId, own)
    must(await journey.step('safe_place', 'status-changes', { to: 'in_progress' }))
    const all = (await journey.read()).changes
    t.equal(all.basis, 'start')
    t.same(
      all.steps.map((one: Body) => one.toStatus),
      ['in_progress', 'active'],
    )
    const soon = new Date(Date.now() + 60_000).toISOString()
    t.match((await journey.read(`?since=${soon}`)).changes, { basis: 'given', steps: [] })
    t.equal((await clinician.get(`${journey.url}?since=yesterday`)).status, 400)
    const [service] = await people.run(
      `insert into services (practice_id, name, kind, duration_minutes, modes) values ($1, 'Session', 'individual', 50, '{telehealth}') returning id`,
      [practice.id],
    )
    await people.run(
      `insert into appointments (practice_id, chart_id, service_id, clinician_id, mode, time_zone, starts_at, ends_at, status,
         actual_starts_at, actual_ends_at)
       values ($1, $2, $3, $4, 'telehealth', 'America/Los_Angeles', now() - interval '1 hour', now(), 'attended',
         now() - interval '1 hour', now())`,
      [practice.id, client.chartId, service?.id, clinician.staffId],
    )
    t.match((await journey.read()).changes, { basis: 'last_session', steps: [] })
    must(await journey.step('safe_place', 'status-changes', { to: 'submitted' }))
    t.equal((await journey.read()).changes.steps.length, 1)
  })

  t.test('what has not moved for long is shown, in work only', async t => {
    const journey = await journeyOf(clinician, await newChart(), own)
    must(await journey.step('safe_place', 'status-changes', { to: 'in_progress' }))
    await people.run(
      `update journey_tasks
       set status_since = (now() at time zone 'America/Los_Angeles' - interval '40 days') at time zone 'America/Los_Angeles'
       where journey_id = $1`,
      [journey.id],
    )
    const stuck = async (query: string) =>
      (await journey.read(query)).tasks.filter((one: Body) => one.stuck).map((one: Body) => one.key)
    t.same(await stuck(''), ['safe_place'])
    t.same(await stuck('?stuckAfterDays=40'), [])
    t.equal((await journey.task('daily_rhythm')).daysInStatus, 40)
  })

  t.test('in a couple’s chart a journey is for both, or for the partner who is named', async t => {
    const [first, second] = [await people.client('Alex', [clinician]), await people.client('Bo')]
    const couple = must(
      await link(practice.owner, first.id, second.id, { primaryClinicianId: clinician.staffId }),
    )
    const forPartners = { programTemplateId: shipped.partnerStages, templateNumber: 1 }
    const refused = await enroll(clinician, couple.chartId, forPartners)
    t.match(refused.body.errors, [{ pointer: '/programTemplateId', code: 'audience' }])
    const named = await enroll(clinician, couple.chartId, { ...forPartners, clientId: second.id })
    t.match(named.body, { clientId: second.id })
    const together = await enroll(clinician, couple.chartId, own)
    t.match(together.body, { clientId: null })
    t.equal((await enroll(clinician, couple.chartId, { ...own, clientId: first.id })).status, 201)
    t.equal((await enroll(clinician, couple.chartId, own)).status, 409)
    const stranger = await people.client('Chris', [clinician])
    for (const clientId of [stranger.id, randomUUID()])
      t.equal((await enroll(clinician, couple.chartId, { ...own, clientId })).body.code, 'unknown-reference')
    t.same((await clinician.get(`/v1/charts/${first.chartId}/journeys`)).body.data, [], 'and nowhere else')
    const group = await practice.owner.post('/v1/charts', {
      kind: 'group',
      name: 'Group',
      primaryClinicianId: clinician.staffId,
    })
    t.equal((await enroll(clinician, group.body.id, own)).status, 400)
  })

  t.test('who may not see the chart finds nothing, exactly as where there is nothing', async t => {
    const chartId = await newChart()
    const journey = await journeyOf(clinician, chartId, own)
    const { id: taskId, performables } = await journey.task('safe_place')
    const performableId = performables[0].id
    const other = await createTestPractice(test)
    const outsiders = [
      await practice.staff(['clinician']),
      await other.staff(['clinician']),
      await practice.staff(['supervisor']),
    ]
    const elsewhere = await newChart()
    for (const outsider of outsiders) {
      const missing = await outsider.get(`/v1/charts/${randomUUID()}/journeys/${randomUUID()}`)
      for (const path of ['', `/tasks/${taskId}`, `/performables/${performableId}`]) {
        const hidden = await outsider.get(`${journey.url}${path}`)
        t.equal(hidden.status, 404)
        t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
      }
      t.equal((await outsider.get(`/v1/charts/${chartId}/journeys`)).status, 404)
    }
    const asked = await clinician.get(`/v1/charts/${elsewhere}/journeys/${journey.id}`)
    t.equal(asked.status, 404, 'nor in another chart')
    t.equal((await practice.owner.get(journey.url)).body.code, 'not-permitted')
    const change = { to: 'in_progress' }
    const url = `${journey.url}/tasks/${taskId}/status-changes`
    t.equal((await (outsiders[0] ?? clinician).post(url, change, { ifMatch: 1 })).status, 404)
  })

  t.test('a supervisor reads the journeys of supervisees and does not write them', async t => {
    const supervisor = await practice.staff(['supervisor'])
    const supervised = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
    const { chartId } = await people.client('Drew', [supervised])
    const journey = await journeyOf(supervised, chartId, own)
    t.equal((await supervisor.get(journey.url)).status, 200)
    t.equal((await enroll(supervisor, chartId, own)).body.code, 'not-permitted')
    const both = await practice.staff(['clinician', 'supervisor'])
    await people.run('update staff_members set supervisor_id = $1 where id = $2', [
      both.staffId,
      supervised.staffId,
    ])
    t.equal((await both.get(journey.url)).status, 200)
    t.equal(
      (await enroll(both, chartId, { ...own, templateNumber: 1 })).status,
      404,
      'writing needs the care team, whatever other roles one has',
    )
  })

  t.test('a closed chart is read only', async t => {
    const chartId = await newChart()
    const journey = await journeyOf(clinician, chartId, own)
    const { version } = must(await practice.owner.get(`/v1/charts/${chartId}`))
    must(await practice.owner.post(`/v1/charts/${chartId}/closure`, undefined, { ifMatch: version }))
    t.equal((await clinician.get(journey.url)).status, 200)
    const step = await journey.step('safe_place', 'status-changes', { to: 'in_progress' })
    t.equal(step.body.code, 'invalid-state')
  })
})

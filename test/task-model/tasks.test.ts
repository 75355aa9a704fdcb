import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day } from '../support/couples.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { journeyOf, must, publishedTemplate, signedOff, type TestJourney } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']
const codeOf = (reply: Reply) => reply.body.code ?? reply.status

t.test('tasks', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const own = await publishedTemplate(practice.owner)
  const begin = async (by: Caller = clinician) =>
    journeyOf(by, (await people.client('Jordan', [by])).chartId, own)
  const to = (journey: TestJourney, status: string, more: Body = {}) =>
    journey.step('giving_back', 'status-changes', { to: status, ...more })

  t.test('a task goes from not started to maintained, and each step is kept', async t => {
    const journey = await begin()
    t.match((await to(journey, 'in_progress', { note: 'We begin.' })).body, {
      status: 'in_progress',
      version: 2,
    })
    t.equal((await to(journey, 'submitted')).body.status, 'submitted')
    t.equal((await to(journey, 'returned', { note: 'A little more.' })).body.status, 'returned')
    t.equal((await to(journey, 'submitted')).body.status, 'submitted')
    const signed = await journey.step('giving_back', 'sign-off', { note: 'Well done.' })
    t.match(signed.body, { status: 'signed_off', signerId: clinician.staffId, reopenCount: 0 })
    t.match(signed.body.signOffs, [
      { role: 'signer', signerId: clinician.staffId, credentials: 'Test clinician' },
    ])
    const maintained = await to(journey, 'maintained')
    t.same(
      maintained.body.history.map((one: Body) => [one.kind, one.fromStatus, one.toStatus, one.note]),
      [
        ['status_changed', 'not_started', 'in_progress', 'We begin.'],
        ['status_changed', 'in_progress', 'submitted', null],
        ['status_changed', 'submitted', 'returned', 'A little more.'],
        ['status_changed', 'returned', 'submitted', null],
        ['signed_off', 'submitted', 'signed_off', 'Well done.'],
        ['status_changed', 'signed_off', 'maintained', null],
      ],
    )
    t.same((await clinician.get(`${journey.url}/tasks/${maintained.body.id}`)).body, maintained.body)
  })

  t.test('steps that do not fit are refused, and nothing moves', async t => {
    const journey = await begin()
    const refused = async (statuses: string[], more: Body = {}) => {
      for (const status of statuses) t.equal(codeOf(await to(journey, status, more)), 'invalid-state', status)
    }
    const signOff = () => journey.step('giving_back', 'sign-off', {})
    const reopen = () => journey.step('giving_back', 'reopening', { reason: 'lapse' })
    await refused(['submitted', 'returned', 'maintained'])
    t.equal(codeOf(await signOff()), 'invalid-state')
    t.equal(codeOf(await reopen()), 'invalid-state')
    must(await to(journey, 'in_progress'))
    await refused(['in_progress', 'returned', 'maintained'])
    t.equal(codeOf(await signOff()), 'invalid-state')
    must(await to(journey, 'submitted'))
    await refused(['in_progress', 'submitted', 'maintained'])
    must(await signOff())
    await refused(['in_progress', 'submitted', 'returned'])
    await refused(['not_applicable'], { note: 'No.' })
    await refused(['deferred'], { deferredUntil: day(3) })
    t.equal(codeOf(await signOff()), 'invalid-state')
    t.equal((await journey.task('giving_back')).status, 'signed_off')
    t.equal(codeOf(await to(journey, 'signed_off')), 'invalid-request', 'nobody signs by saying so')
  })

  t.test('a stale version is refused, and of two who take a step one is told', async t => {
    const journey = await begin()
    const { id } = await journey.task('safe_place')
    const url = `${journey.url}/tasks/${id}/status-changes`
    const start = () => clinician.post(url, { to: 'in_progress' }, { ifMatch: 1 })
    const replies = await Promise.all([start(), start(), start()])
    t.same(replies.map(({ status }) => status).sort(), [200, 412, 412])
    t.equal(codeOf(await clinician.post(url, { to: 'submitted' })), 'precondition-required')
    t.equal(
      codeOf(await clinician.post(`${journey.url}/tasks/${id}/sign-off`, {}, { ifMatch: 2 })),
      'idempotency-key-required',
    )
  })

  t.test('the same key signs once', async t => {
    const journey = await begin()
    must(await to(journey, 'in_progress'))
    must(await to(journey, 'submitted'))
    const { id, version } = await journey.task('giving_back')
    const url = `${journey.url}/tasks/${id}/sign-off`
    const key = randomUUID()
    const first = await clinician.post(url, {}, { ifMatch: version, key })
    const again = await clinician.post(url, {}, { ifMatch: version, key })
    t.equal(first.status, 200)
    t.same(again.body, first.body)
    t.equal(again.body.signOffs.length, 1)
  })

  t.test('a task that was signed off is reopened for a reason, and signed again', async t => {
    const journey = await begin()
    must(await signedOff(journey, 'giving_back'))
    t.equal(codeOf(await journey.step('giving_back', 'reopening', { reason: 'boredom' })), 'invalid-request')
    const reopened = await journey.step('giving_back', 'reopening', {
      reason: 'new_addiction',
      note: 'Gaming.',
    })
    t.match(reopened.body, { status: 'in_progress', reopenCount: 1 })
    t.match(reopened.body.history.at(-1), { kind: 'reopened', reason: 'new_addiction', note: 'Gaming.' })
    t.equal((await journey.read()).progress.done, 0)
    must(await to(journey, 'submitted'))
    must(await journey.step('giving_back', 'sign-off', {}))
    must(await to(journey, 'maintained'))
    const again = await journey.step('giving_back', 'reopening', { reason: 'lapse' })
    t.match(again.body, { status: 'in_progress', reopenCount: 2 })
    t.equal(again.body.signOffs.length, 2, 'both signatures stay')
    t.ok(again.body.lastSignedOffAt)
  })

  t.test('a lapse that opens a task again is of the same chart, and the history names it', async t => {
    const { chartId } = await people.client('Jordan', [clinician])
    const { chartId: otherChartId } = await people.client('Jordan', [clinician])
    const journey = await journeyOf(clinician, chartId, own)
    const lapseIn = async (chart: string) => {
      const url = `/v1/charts/${chart}`
      const addiction = must(await clinician.post(`${url}/addictions`, { type: 'internet' }))
      const lapse = { addictionId: addiction.id, occurredOn: day(-1), severity: 'slip' }
      return must(await clinician.post(`${url}/lapses`, lapse, { key: randomUUID() }))
    }
    const [lapse, mistaken, elsewhere] = [
      await lapseIn(chartId),
      await lapseIn(chartId),
      await lapseIn(otherChartId),
    ]
    const withdrawal = { to: 'withdrawn', reason: 'A mistake (fictional).' }
    const lapses = `/v1/charts/${chartId}/lapses`
    must(await clinician.post(`${lapses}/${mistaken.id}/status-changes`, withdrawal, { ifMatch: 1 }))
    must(await signedOff(journey, 'giving_back'))
    const reopen = (body: Body) => journey.step('giving_back', 'reopening', body)
    t.match((await reopen({ reason: 'new_information', lapseId: lapse.id })).body.errors, [
      { pointer: '/lapseId', code: 'not-allowed' },
    ])
    for (const lapseId of [mistaken.id, elsewhere.id, randomUUID()])
      t.match((await reopen({ reason: 'lapse', lapseId })).body, {
        code: 'unknown-reference',
        errors: [{ pointer: '/lapseId' }],
      })
    const reopened = await reopen({ reason: 'lapse', lapseId: lapse.id, note: 'We look again.' })
    t.match(reopened.body, { status: 'in_progress', reopenCount: 1 })
    t.match(reopened.body.history.at(-1), { kind: 'reopened', reason: 'lapse', lapseId: lapse.id })
    t.ok(reopened.body.history.slice(0, -1).every((one: Body) => one.lapseId === null))
    const { changes } = await journey.read()
    t.ok(changes.steps.some((one: Body) => one.lapseId === lapse.id))
  })

  t.test(
    'a task rests until a day to come, or does not apply for a reason; both can be taken up again',
    async t => {
      const journey = await begin()
      const refused = async (more: Body, pointer: string) =>
        t.equal((await to(journey, more.to, more)).body.errors[0].pointer, pointer)
      await refused({ to: 'deferred' }, '/deferredUntil')
      await refused({ to: 'deferred', deferredUntil: day() }, '/deferredUntil')
      await refused({ to: 'in_progress', deferredUntil: day(9) }, '/deferredUntil')
      await refused({ to: 'not_applicable' }, '/note')
      const deferred = await to(journey, 'deferred', { deferredUntil: day(30) })
      t.match(deferred.body, { status: 'deferred', deferredUntil: day(30), deferralOver: false })
      await people.run(`update journey_tasks set deferred_until = '2026-01-02' where id = $1`, [
        deferred.body.id,
      ])
      t.equal((await journey.task('giving_back')).deferralOver, true)
      t.match((await to(journey, 'not_applicable', { note: 'No children.' })).body, {
        status: 'not_applicable',
        deferredUntil: null,
      })
      t.match((await journey.read()).progress, { applicable: 3 })
      t.equal((await to(journey, 'in_progress')).body.status, 'in_progress')
      t.match((await journey.read()).progress, { applicable: 4 })
    },
  )

  t.test('prerequisites are hints: they are shown and hinder nobody', async t => {
    const journey = await begin()
    t.same((await journey.task('early_signs')).openPrerequisiteKeys, ['safe_place', 'daily_rhythm'])
    t.equal((await journey.step('early_signs', 'status-changes', { to: 'in_progress' })).status, 200)
    must(await signedOff(journey, 'safe_place'))
    must(
      await journey.step('daily_rhythm', 'status-changes', { to: 'not_applicable', note: 'Works nights.' }),
    )
    t.same((await journey.task('early_signs')).openPrerequisiteKeys, [])
  })

  t.test('what is required is accepted before a signature, or it is said why not', async t => {
    const journey = await begin()
    must(await journey.step('safe_place', 'status-changes', { to: 'in_progress' }))
    must(await journey.step('safe_place', 'status-changes', { to: 'submitted' }))
    t.equal(codeOf(await journey.step('safe_place', 'sign-off', {})), 'invalid-state')
    const signed = await journey.step('safe_place', 'sign-off', {
      overrideReason: 'Told in session instead.',
    })
    t.match(signed.body, { status: 'signed_off' })
    t.match(signed.body.history.at(-1), { kind: 'signed_off', note: 'Told in session instead.' })
  })

  t.test('what an associate signs waits for their own supervisor, who co-signs or gives it back', async t => {
    const supervisor = await practice.staff(['supervisor'])
    const associate = await practice.staff(['clinician'], {
      supervisorId: supervisor.staffId,
      cosignRequired: true,
    })
    const journey = await begin(associate)
    const byAssociate = async (what: string, body: Body) => journey.step('giving_back', what, body)
    const bySupervisor = async (what: string, body?: Body, by: Caller = supervisor) =>
      journey.step('giving_back', what, body, by)
    must(await byAssociate('status-changes', { to: 'in_progress' }))
    must(await byAssociate('status-changes', { to: 'submitted' }))
    t.equal(codeOf(await bySupervisor('cosignature')), 'invalid-state')
    const pending = await byAssociate('sign-off', {})
    t.match(pending.body, { status: 'pending_cosign', lastSignedOffAt: null })
    t.match((await journey.read()).progress, { done: 0, inWork: 1 })
    const otherSupervisor = await practice.staff(['supervisor'])
    const colleague = await practice.staff(['clinician'], { supervisorId: otherSupervisor.staffId })
    const [chart] = await people.run('select chart_id from journeys where id = $1', [journey.id])
    await people.run(
      `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, 'covering', '2020-01-01')`,
      [practice.id, chart?.chart_id, colleague.staffId],
    )
    t.equal((await otherSupervisor.get(journey.url)).status, 200)
    t.equal((await bySupervisor('cosignature', undefined, otherSupervisor)).status, 404)
    t.equal(codeOf(await byAssociate('cosignature', undefined)), 'not-permitted')
    t.equal(codeOf(await bySupervisor('sign-off', {})), 'not-permitted')
    const back = await bySupervisor('cosignature-refusal', { remarks: 'Once more, please.' })
    t.match(back.body, { status: 'submitted' })
    t.match(back.body.history.at(-1), { kind: 'cosign_returned', note: 'Once more, please.' })
    must(await byAssociate('sign-off', {}))
    const { id, version } = await journey.task('giving_back')
    const worklist = async (by: Caller) =>
      must(await by.get('/v1/journey-tasks')).data.map((one: Body) => [one.taskId, one.label, one.signerId])
    t.same(await worklist(supervisor), [[id, 'Give something back', associate.staffId]])
    t.same(await worklist(otherSupervisor), [])
    t.equal(codeOf(await associate.get('/v1/journey-tasks')), 'not-permitted')
    const url = `${journey.url}/tasks/${id}/cosignature`
    const twice = await Promise.all(
      [1, 2].map(() => supervisor.post(url, undefined, { ifMatch: version, key: randomUUID() })),
    )
    t.same(twice.map(({ status }) => status).sort(), [200, 412])
    t.same(await worklist(supervisor), [])
    t.match((await journey.read()).progress, { done: 1 })
    const task = await clinicianView(associate, journey, id)
    t.same(
      task.signOffs.map((one: Body) => [one.role, one.signerId]),
      [
        ['signer', associate.staffId],
        ['signer', associate.staffId],
        ['cosigner', supervisor.staffId],
      ],
    )
    t.equal(task.signerId, associate.staffId)
  })

  t.test('days in each status add up to the days since the journey began', async t => {
    const journey = await begin()
    const { id } = await journey.task('giving_back')
    must(await to(journey, 'in_progress'))
    must(await to(journey, 'submitted'))
    // By the wall: a day on which the clocks change counts as one.
    const ago = `(now() at time zone 'America/Los_Angeles' - $2::interval) at time zone 'America/Los_Angeles'`
    await people.run(`update journeys set created_at = ${ago} where id = $1`, [journey.id, '20 days'])
    const moved = `update journey_events set recorded_at = ${ago} where journey_id = $1 and to_status = $3`
    await people.run(moved, [journey.id, '12 days', 'in_progress'])
    await people.run(moved, [journey.id, '5 days', 'submitted'])
    const { body } = await clinician.get(`${journey.url}/tasks/${id}`)
    t.same(body.daysByStatus, [
      { status: 'not_started', days: 8 },
      { status: 'in_progress', days: 7 },
      { status: 'submitted', days: 5 },
    ])
  })

  t.test('words are sealed, and the history is only added to', async t => {
    const journey = await begin()
    must(await to(journey, 'in_progress', { note: 'zebra-lantern-fictional' }))
    const rows = await people.run('select words_sealed, * from journey_events where journey_id = $1', [
      journey.id,
    ])
    t.notMatch(JSON.stringify(rows), /zebra/)
    t.notMatch(test.logLines.join('\n'), /zebra/)
  })
})

const clinicianView = async (by: Caller, journey: TestJourney, taskId: string) =>
  must(await by.get(`${journey.url}/tasks/${taskId}`))

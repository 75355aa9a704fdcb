import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { journeyOf, must, publishedTemplate, signedOff } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']
const base = '/v1/portal/journeys'

t.test('a client’s own journeys', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const own = await publishedTemplate(practice.owner)
  const client = await people.client('Jordan', [clinician])
  const portal = await portalCaller(practice, client.id)
  const journey = await journeyOf(clinician, client.chartId, { ...own, releasedToClient: true })
  const url = `${base}/${journey.id}`
  const mine = async (key: string): Promise<Body> => {
    const { id } = await journey.task(key)
    return must(await portal.get(url)).tasks.find((task: Body) => task.id === id)
  }

  t.test('what was released is shown, and nothing else', async t => {
    const hidden = await people.client('Robin', [clinician])
    const other = await journeyOf(clinician, hidden.chartId, own)
    const others = await portalCaller(practice, hidden.id)
    t.same(must(await others.get(base)).data, [], 'nothing is released unless somebody says so')
    t.equal((await others.get(`${base}/${other.id}`)).status, 404)
    t.equal((await others.get(url)).status, 404)
    t.same(
      must(await portal.get(base)).data.map((one: Body) => one.id),
      [journey.id],
    )
    const shown = must(await portal.get(url))
    t.match(shown, { title: 'Quiet Harbor steps (example)', applicable: 4, done: 0, status: 'active' })
    t.equal(shown.tasks[0].performables.length, 3)
    t.notMatch(Object.keys(shown.tasks[0]), /stuck|signer|history|daysInStatus/)
    must(await clinician.patch(other.url, { releasedToClient: true }, { ifMatch: 1 }))
    t.equal((await others.get(`${base}/${other.id}`)).status, 200)
    must(await clinician.patch(other.url, { releasedToClient: false }, { ifMatch: 2 }))
    t.equal((await others.get(`${base}/${other.id}`)).status, 404)
  })

  t.test('a client hands in what was done, and submits the task; a clinician signs it off', async t => {
    must(await journey.step('safe_place', 'status-changes', { to: 'in_progress' }))
    const { id: taskId, performables } = await mine('safe_place')
    const map = performables[0]
    const hand = (body: Body, version: number) =>
      portal.post(`${url}/performables/${map.id}/submission`, body, { ifMatch: version })
    const evidence = { occurredOn: day(-2), note: 'Kitchen, library (fictional).' }
    t.equal((await hand({ evidence: { occurredOn: day(-2) } }, 1)).body.errors[0].pointer, '/evidence/note')
    t.equal((await hand({ evidence: { ...evidence, occurredOn: day(3) } }, 1)).status, 400)
    const twins = await Promise.all([hand({ evidence }, 1), hand({ evidence }, 1)])
    t.same(twins.map(({ status }) => status).sort(), [200, 412])
    const seen = must(await clinician.get(`${journey.url}/performables/${map.id}`))
    t.match(seen, { status: 'submitted', evidenceCount: 1 })
    t.match(seen.evidence, [{ ...evidence, kind: 'text', enteredBy: 'client', recordedById: null }])
    must(await journey.performableStep('safe_place', 'map', { to: 'needs_work', note: 'One more place.' }))
    t.match((await mine('safe_place')).performables[0], { status: 'needs_work', remark: 'One more place.' })
    must(await hand({}, 4))
    const { version } = await mine('safe_place')
    const submit = (ifMatch: number) =>
      portal.post(`${url}/tasks/${taskId}/submission`, { note: 'I think this is it.' }, { ifMatch })
    t.equal((await submit(9)).body.code, 'stale-version')
    const submitted = await submit(version)
    t.match(submitted.body.tasks[0], { status: 'submitted' })
    t.equal((await submit(version + 1)).body.code, 'invalid-state')
    const task = must(await clinician.get(`${journey.url}/tasks/${taskId}`))
    t.match(task.history.at(-1), { toStatus: 'submitted', note: 'I think this is it.', enteredBy: 'client' })
    must(await journey.step('safe_place', 'status-changes', { to: 'returned', note: 'Nearly there.' }))
    t.match(await mine('safe_place'), { status: 'returned', remark: 'Nearly there.' })
    t.equal(
      (await portal.post(`${journey.url}/tasks/${taskId}/sign-off`, {}, { key: randomUUID() })).status,
      403,
    )
    must(await journey.performableStep('safe_place', 'map', { to: 'accepted' }))
    must(await journey.step('safe_place', 'status-changes', { to: 'submitted' }))
    must(await journey.step('safe_place', 'sign-off', {}))
    t.equal((await mine('safe_place')).status, 'signed_off')
  })

  t.test('remarks on what is restricted are for the client, and not for who acts in their name', async t => {
    const [guardian] = await people.run(
      `insert into related_people (practice_id, client_id, given_name, relationship, roles, may_know)
       values ($1, $2, 'Robin', 'parent', '{guardian}', '{treatment}') returning id`,
      [practice.id, client.id],
    )
    must(await journey.performableStep('safe_place', 'secrets', { to: 'submitted' }))
    must(
      await journey.performableStep('safe_place', 'secrets', { to: 'needs_work', note: 'zebra-fictional' }),
    )
    const acting = await portalCaller(practice, client.id, String(guardian?.id))
    const [forClient, forGuardian] = [must(await portal.get(url)), must(await acting.get(url))]
    t.match(JSON.stringify(forClient), /zebra/)
    t.notMatch(JSON.stringify(forGuardian), /zebra/)
    t.equal(forGuardian.tasks[0].performables[0].remark, 'One more place.')
  })

  t.test('what the practice records is submitted without evidence', async t => {
    const { performables } = await mine('early_signs')
    const url_ = `${url}/performables/${performables[0].id}/submission`
    const wrong = await portal.post(url_, { evidence: { occurredOn: day() } }, { ifMatch: 1 })
    t.equal(wrong.body.errors[0].pointer, '/evidence')
    t.equal((await portal.post(url_, {}, { ifMatch: 1 })).status, 200)
  })

  t.test('a client asks to reopen a task; a clinician agrees or does not', async t => {
    must(await signedOff(journey, 'giving_back'))
    const ask = async () => {
      const { id, version } = await mine('giving_back')
      return portal.post(
        `${url}/tasks/${id}/reopen-request`,
        { note: 'It came up again.' },
        { ifMatch: version },
      )
    }
    t.ok((await ask()).body.tasks[3].reopenRequestedAt)
    t.equal((await ask()).body.code, 'invalid-state')
    const asked = await journey.task('giving_back')
    t.match(asked, { status: 'signed_off' })
    const caseload = must(await clinician.get('/v1/journeys?sort=waiting&limit=1')).data[0]
    t.match(caseload, { journeyId: journey.id, waiting: 1 })
    const refused = await journey.step('giving_back', 'reopen-request-refusal', { note: 'We talk first.' })
    t.match(refused.body, { status: 'signed_off', reopenRequestedAt: null })
    t.equal((await journey.step('giving_back', 'reopen-request-refusal', {})).body.code, 'invalid-state')
    must(await ask())
    const agreed = await journey.step('giving_back', 'reopening', { reason: 'client_request' })
    t.match(agreed.body, { status: 'in_progress', reopenRequestedAt: null, reopenCount: 1 })
    t.same(
      agreed.body.history.slice(-4).map((one: Body) => [one.kind, one.enteredBy]),
      [
        ['reopen_requested', 'client'],
        ['reopen_refused', 'staff'],
        ['reopen_requested', 'client'],
        ['reopened', 'staff'],
      ],
    )
    t.equal((await ask()).body.code, 'invalid-state', 'what is open need not be reopened')
  })

  t.test('staff and portal stay apart, and so do partners and practices', async t => {
    t.equal((await clinician.get(url)).body.code, 'not-permitted')
    t.equal((await portal.get(journey.url)).body.code, 'not-permitted')
    t.equal((await portal.get('/v1/journeys')).body.code, 'not-permitted')
    const partner = await people.client('Alex')
    const couple = must(
      await link(practice.owner, client.id, partner.id, { primaryClinicianId: clinician.staffId }),
    )
    const joint = await journeyOf(clinician, couple.chartId, { ...own, releasedToClient: true })
    const ofPartner = await portalCaller(practice, partner.id)
    for (const caller of [portal, ofPartner]) t.equal((await caller.get(`${base}/${joint.id}`)).status, 404)
    const stranger = await portalCaller(await createTestPractice(test), client.id).catch(() => undefined)
    t.equal(stranger, undefined, 'nobody gets a token for another practice’s client')
    const missing = await ofPartner.get(`${base}/${randomUUID()}`)
    const hidden = await ofPartner.get(url)
    t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    const { id, version } = await mine('daily_rhythm')
    const submit = await ofPartner.post(`${url}/tasks/${id}/submission`, {}, { ifMatch: version })
    t.equal(submit.status, 404)
  })

  t.test('nothing is sent to a journey that rests', async t => {
    must(await journey.step('daily_rhythm', 'status-changes', { to: 'in_progress' }))
    const { version: journeyVersion } = await journey.read()
    must(await clinician.post(`${journey.url}/status-changes`, { to: 'paused' }, { ifMatch: journeyVersion }))
    const { id, version } = await mine('daily_rhythm')
    const submit = await portal.post(`${url}/tasks/${id}/submission`, {}, { ifMatch: version })
    t.equal(submit.body.code, 'invalid-state')
    t.equal((await portal.get(url)).body.status, 'paused')
  })
})

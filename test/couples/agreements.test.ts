import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { couplePeople, day, link } from '../support/couples.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('agreements', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const people = couplePeople(test, practice)
  const joint = await practice.staff(['clinician'])

  const couple = async () => {
    const [a, b] = [await people.client('Alex'), await people.client('Blair')]
    const { body } = await link(owner, a.id, b.id, { primaryClinicianId: joint.staffId })
    return { a: a.id, b: b.id, url: `/v1/couples/${body.id}` }
  }
  const propose = (by: Caller, url: string, more: Record<string, unknown> = {}) =>
    by.post(
      `${url}/agreements`,
      { topic: 'check_in', title: 'Sunday check-in', terms: 'We talk each Sunday (canary-terms).', ...more },
      { key: randomUUID() },
    )
  const accept = (url: string, agreement: Reply['body'], clientId: string, acceptedOn = day(-1)) =>
    joint.post(
      `${url}/agreements/${agreement.id}/acceptances`,
      { clientId, acceptedOn },
      { ifMatch: agreement.version, key: randomUUID() },
    )
  const step = (url: string, agreement: Reply['body'], status: string, effectiveOn = day()) =>
    joint.post(
      `${url}/agreements/${agreement.id}/status-changes`,
      { status, effectiveOn },
      { ifMatch: agreement.version },
    )

  t.test('it holds when each partner has accepted, and its history stays', async t => {
    const { url, a, b } = await couple()
    const made = await propose(joint, url, { consequences: 'We tell our therapist.', startsOn: day() })
    t.equal(made.status, 201)
    t.match(made.body, { status: 'proposed', title: 'Sunday check-in', startsOn: day(), endsOn: null })
    const one = await accept(url, made.body, a)
    t.equal(one.body.status, 'proposed')
    t.equal((await accept(url, one.body, a)).body.code, 'invalid-state')
    const two = await accept(url, one.body, b)
    t.equal(two.body.status, 'agreed')
    const broken = await step(url, two.body, 'broken')
    const ended = await step(url, broken.body, 'ended')
    t.same(
      ended.body.history.map((c: { status: string; effectiveOn: string }) => [c.status, c.effectiveOn]),
      [
        ['proposed', day()],
        ['agreed', day(-1)],
        ['broken', day()],
        ['ended', day()],
      ],
    )
    t.same((await joint.get(`${url}/agreements/${made.body.id}`)).body, ended.body)
    t.same((await joint.get(`${url}/agreements?status=ended`)).body.data, [ended.body])
    t.same((await joint.get(`${url}/agreements?status=agreed`)).body.data, [])
  })

  t.test('impossible steps and wrong values are refused', async t => {
    const { url, a } = await couple()
    const { body } = await propose(joint, url)
    t.equal((await step(url, body, 'broken')).body.code, 'invalid-state')
    t.equal((await step(url, body, 'ended', day(2))).body.errors[0].pointer, '/effectiveOn')
    t.equal((await accept(url, body, a, day(2))).body.errors[0].pointer, '/acceptedOn')
    const stranger = (await people.client('Casey')).id
    t.equal((await accept(url, body, stranger)).body.errors[0].pointer, '/clientId')
    t.equal((await accept(url, { ...body, version: 9 }, a)).body.code, 'stale-version')
    const dates = await propose(joint, url, { startsOn: day(), endsOn: day(-1) })
    t.equal(dates.body.errors[0].pointer, '/endsOn')
    const strict = await propose(joint, url, { topic: 'canary-topic' })
    t.equal(strict.status, 400)
    t.notMatch(JSON.stringify(strict.body), /canary/)
    const replies = await Promise.all([0, 1, 2].map(() => accept(url, body, a)))
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412])
  })

  t.test('agreements are clinical: the joint care team reads them, the front desk does not', async t => {
    const { url } = await couple()
    const { body } = await propose(joint, url)
    const missing = await owner.get(`${url}/agreements/${randomUUID()}`)
    for (const by of [owner, await practice.staff(['admin']), await practice.staff(['clinician'])]) {
      t.equal((await by.get(`${url}/agreements`)).status, 404)
      t.same(
        { ...(await by.get(`${url}/agreements/${body.id}`)).body, requestId: '' },
        { ...missing.body, requestId: '' },
      )
      t.equal((await propose(by, url)).status, 404)
    }
    const stranger = (await createTestPractice(test)).owner
    t.equal((await stranger.get(`${url}/agreements/${body.id}`)).status, 404)
  })

  t.test('an integration sees what both accepted, and only with the clinical scope', async t => {
    const { url, a, b } = await couple()
    const { body: open } = await propose(joint, url)
    const one = await accept(url, (await propose(joint, url)).body, a)
    const { body: agreed } = await accept(url, one.body, b)
    const narrow = await createApiClientCaller(test, practice, ['couples:read'])
    t.equal((await narrow.get(`${url}/agreements`)).status, 404)
    const wide = await createApiClientCaller(test, practice, ['couples:read', 'notes:read'])
    t.same((await wide.get(`${url}/agreements`)).body.data, [agreed])
    t.equal((await wide.get(`${url}/agreements/${open.id}`)).status, 404)
  })

  t.test('the timeline tells the joint care team, not the front desk, and of no mere proposal', async t => {
    const { url, a, b } = await couple()
    const chartId = (await joint.get(url)).body.chartId
    const { body: proposed } = await propose(joint, url)
    const one = await accept(url, proposed, a)
    await accept(url, one.body, b)
    const types = async (by: Caller) =>
      (await by.get(`/v1/charts/${chartId}/timeline`)).body.data
        .map((entry: { type: string }) => entry.type)
        .filter((type: string) => type.startsWith('couple-agreement'))
    t.same(await types(joint), ['couple-agreement.agreed'])
    t.same(await types(owner), [])
  })

  t.test('title and terms are sealed at rest, and never logged', async t => {
    const { url } = await couple()
    const { body } = await propose(joint, url)
    const rows = await people.run('select content_sealed from couple_agreements where id = $1', [body.id])
    t.notOk(String(rows[0]?.content_sealed).includes('canary-terms'))
    t.notMatch(test.logLines.join(''), /canary-terms|Sunday check-in/)
  })
})

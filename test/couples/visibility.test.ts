import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { couplePeople, link } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

t.test('who sees a couple', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const people = couplePeople(test, practice)
  const ofA = await practice.staff(['clinician'])
  const ofB = await practice.staff(['clinician'])
  const joint = await practice.staff(['clinician'])
  const a = await people.client('Ada', [ofA])
  const b = await people.client('Bea', [ofB])
  const { body: couple } = await link(owner, a.id, b.id, { primaryClinicianId: joint.staffId })
  const url = `/v1/couples/${couple.id}`

  t.test('a partner’s own clinician sees neither the couple nor the other partner', async t => {
    const missing = plain(await ofA.get(`/v1/couples/${randomUUID()}`))
    for (const path of ['', '/history', '/policies', '/agreements']) {
      t.same(plain(await ofA.get(`${url}${path}`)), missing)
    }
    t.equal((await ofA.get(`/v1/clients/${a.id}`)).status, 200)
    t.equal((await ofA.get(`/v1/clients/${b.id}`)).status, 404)
    t.equal((await ofA.get(`/v1/charts/${couple.chartId}`)).status, 404)
    t.same((await ofA.get('/v1/couples')).body, { data: [], nextCursor: null })
    t.same((await ofA.get(`/v1/couples?clientId=${a.id}`)).body, { data: [], nextCursor: null })
    for (const path of ['', '/related-people', '/status-changes']) {
      const { body } = await ofA.get(`/v1/clients/${a.id}${path}`)
      t.notMatch(JSON.stringify(body), new RegExp(`${b.id}|${couple.id}|${couple.chartId}|Bea`))
    }
    const charts = await ofA.get(`/v1/charts?clientId=${a.id}`)
    t.same(
      charts.body.data.map((chart: { id: string }) => chart.id),
      [a.chartId],
    )
  })

  t.test('the couple’s clinician sees the two by name, and neither client nor individual chart', async t => {
    const seen = await joint.get(url)
    t.equal(seen.status, 200)
    for (const member of seen.body.members) t.same(Object.keys(member).sort(), ['clientId', 'displayName'])
    for (const { id, chartId } of [a, b]) {
      t.equal((await joint.get(`/v1/clients/${id}`)).status, 404)
      t.equal((await joint.get(`/v1/charts/${chartId}`)).status, 404)
      t.same((await joint.get(`/v1/couples?clientId=${id}`)).body.data, [seen.body])
    }
    t.same((await joint.get('/v1/clients')).body.data, [])
  })

  t.test(
    'the front desk and integrations with the scope see it; billing and other scopes do not',
    async t => {
      t.same((await owner.get('/v1/couples')).body.data, [couple])
      const reads = await createApiClientCaller(test, practice, ['couples:read'])
      t.equal((await reads.get(url)).status, 200)
      t.equal((await reads.get(`${url}/agreements`)).status, 404)
      const other = await createApiClientCaller(test, practice, ['clients:read'])
      t.equal((await other.get(url)).body.code, 'not-permitted')
      t.equal((await (await practice.staff(['biller'])).get(url)).body.code, 'not-permitted')
    },
  )

  t.test('another practice finds nothing, exactly like what does not exist', async t => {
    const stranger = (await createTestPractice(test)).owner
    t.same(plain(await stranger.get(url)), plain(await stranger.get(`/v1/couples/${randomUUID()}`)))
    const step = { status: 'separated', effectiveOn: couple.statusEffectiveOn }
    t.equal((await stranger.post(`${url}/status-changes`, step, { ifMatch: 1 })).status, 404)
    t.equal((await link(stranger, a.id, b.id)).body.code, 'unknown-reference')
    t.same((await stranger.get('/v1/couples')).body.data, [])
  })

  t.test('the audit names both clients only where the couple was shown', async t => {
    const rows = await people.run(
      `select actor_id, decision, client_ids from audit_log
       where practice_id = $1 and operation = 'getCouple' and resource_id = $2`,
      [practice.id, couple.id],
    )
    const of = (actorId: string) => rows.filter(row => row.actor_id === actorId)
    t.ok(of(ofA.actorId).length > 0 && of(joint.actorId).length > 0)
    for (const row of of(ofA.actorId)) t.same([row.decision, row.client_ids], ['denied', []])
    for (const row of of(joint.actorId)) t.same((row.client_ids as string[]).sort(), [a.id, b.id].sort())
  })

  t.test('events carry ids only, and the joint chart', async t => {
    const events = await people.run(
      `select resource_id, chart_id from events where practice_id = $1 and type = 'couple.created'`,
      [practice.id],
    )
    t.same(events, [{ resource_id: couple.id, chart_id: couple.chartId }])
  })

  t.test('pages follow each other without gap or repeat', async t => {
    for (const name of ['Cy', 'Di', 'Ed']) await link(owner, a.id, (await people.client(name)).id)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { body }: Reply = await owner.get(`/v1/couples?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...body.data.map((one: { id: string }) => one.id))
      cursor = body.nextCursor
    } while (cursor)
    t.equal(seen.length, 4)
    t.equal(new Set(seen).size, 4)
    t.equal((await owner.get('/v1/couples?status=ended')).body.data.length, 0)
    t.equal(
      (await owner.get(`/v1/couples?updatedSince=${new Date(Date.now() + 60_000).toISOString()}`)).body.data
        .length,
      0,
    )
    t.equal(
      (await owner.get('/v1/couples?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).body.code,
      'invalid-cursor',
    )
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

interface Entry {
  id: string
  operation: string
  actorId: string
  staffId: string | null
  decision: string
  outcome: string | null
  fields: string[]
  clientIds: string[]
}

/** Every entry of a filter, over all pages. */
async function readAll(reader: Caller, query: string): Promise<Entry[]> {
  const entries: Entry[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body } = await reader.get(`/v1/audit?${query}${cursor ? `&cursor=${cursor}` : ''}`)
    entries.push(...body.data)
    cursor = body.nextCursor
  }
  return entries
}

t.test('the audit trail', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])

  t.test('tells who did what, newest first, with names of fields and no values', async t => {
    const made = await owner.post('/v1/locations', { name: 'canary-name', timeZone: 'UTC' })
    await owner.patch(`/v1/locations/${made.body.id}`, { phone: '+15555550100' }, { ifMatch: 1 })
    const { body } = await owner.get('/v1/audit?limit=2')
    t.match(body.data[0], {
      operation: 'changeLocation',
      actorKind: 'user',
      actorId: owner.actorId,
      decision: 'granted',
      purpose: 'operations',
      resourceType: 'location',
      resourceId: made.body.id,
      fields: ['phone'],
    })
    t.equal(body.data[1].operation, 'createLocation')
    t.notMatch(JSON.stringify(body), /canary|0100/)
  })

  t.test('tells what was refused, and that it was read itself', async t => {
    await clinician.post('/v1/locations', { name: 'X', timeZone: 'UTC' })
    const denied = await readAll(owner, `actorId=${clinician.actorId}`)
    t.match(denied[0], { operation: 'createLocation', decision: 'denied', outcome: 'not-permitted' })
    t.equal((await owner.get('/v1/audit?limit=1')).body.data[0].operation, 'listAudit')
  })

  t.test('pages follow each other without gap or repeat, also of rows of one microsecond', async t => {
    const other = await createTestPractice(test)
    await asAdmin(test.adminUrl, admin =>
      admin.query(
        `insert into cairn.audit_log (practice_id, occurred_at, actor_kind, actor_id, request_id, operation, decision, purpose)
         select $1, date_trunc('hour', now()) + make_interval(secs => (n / 3) * 0.000001), 'system', $1, 'r', 'made', 'granted', 'operations'
         from generate_series(1, 20) n`,
        [other.id],
      ),
    )
    const entries = await readAll(other.owner, 'operation=made&limit=3')
    t.equal(entries.length, 20)
    t.equal(new Set(entries.map(entry => entry.id)).size, 20)
  })

  t.test('is searched by actor, client, chart, operation and time', async t => {
    const other = await createTestPractice(test)
    const [client, chart, actor] = [randomUUID(), randomUUID(), randomUUID()]
    await asAdmin(test.adminUrl, async admin => {
      const insert = `insert into cairn.audit_log (practice_id, occurred_at, actor_kind, actor_id, request_id, operation, decision, purpose, chart_id, client_ids)
        values ($1, now() - make_interval(hours => $2), 'user', $3, 'r', $4, 'granted', 'treatment', $5, $6)`
      await admin.query(insert, [other.id, 1, actor, 'one', null, [client, randomUUID()]])
      await admin.query(insert, [other.id, 2, randomUUID(), 'two', chart, []])
      await admin.query(insert, [other.id, 3, actor, 'three', chart, [client]])
    })
    const operations = async (query: string) =>
      (await readAll(other.owner, query)).map(entry => entry.operation)
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
    t.same(
      (await operations(`clientId=${client}`)).filter(name => name !== 'listAudit'),
      ['one', 'three'],
    )
    t.same(
      (await operations(`chartId=${chart}`)).filter(name => name !== 'listAudit'),
      ['two', 'three'],
    )
    t.same(await operations(`actorId=${actor}`), ['one', 'three'])
    t.same(await operations('operation=two'), ['two'])
    t.same(await operations(`from=${hoursAgo(2.5)}&to=${hoursAgo(0.5)}`), ['one', 'two'])
    t.same(await operations(`actorId=${actor}&chartId=${chart}`), ['three'])
  })

  t.test('says which member of staff it was, and is searched by them', async t => {
    await clinician.get('/v1/practice')
    const entries = await readAll(owner, `staffId=${clinician.staffId}`)
    t.ok(entries.length > 0)
    for (const entry of entries) {
      t.equal(entry.staffId, clinician.staffId)
      t.equal(entry.actorId, clinician.actorId)
    }
    const stranger = (await createTestPractice(test)).owner
    t.same(await readAll(stranger, `staffId=${clinician.staffId}`), [])
  })

  t.test('is for those who hold audit:read, of their own practice', async t => {
    t.equal((await clinician.get('/v1/audit')).body.code, 'not-permitted')
    const admin = await practice.staff(['admin'])
    t.equal((await admin.get('/v1/audit')).body.code, 'not-permitted')
    const stranger = (await createTestPractice(test)).owner
    const seen = await readAll(stranger, `actorId=${owner.actorId}`)
    t.same(seen, [])
    const { body } = await owner.get('/v1/audit?limit=1')
    t.equal((await stranger.get(`/v1/audit?cursor=${body.nextCursor}`)).body.code, 'invalid-cursor')
  })

  t.test('odd values are refused and not echoed', async t => {
    for (const query of ['actorId=canary', 'from=canary', 'operation=a%27b', 'limit=0', 'canary=1']) {
      const reply = await owner.get(`/v1/audit?${query}`)
      t.equal(reply.status, 400, query)
      t.notMatch(JSON.stringify(reply.body), /canary/)
    }
  })
})

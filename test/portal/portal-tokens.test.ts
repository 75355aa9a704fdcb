import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { mergeInto, registerClient } from '../support/clients.ts'
import { portalCaller } from '../support/portal.ts'
import {
  type Caller,
  callerOf,
  createTestPractice,
  type Reply,
  type TestPractice,
} from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const visible = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

/** A practice with a front-end and a clinician. */
async function createPractice(test: TestApp) {
  const practice = await createTestPractice(test)
  const clinician = await practice.staff(['clinician'])
  const frontEnd = await createApiClientCaller(test, practice, ['portal:issue'])
  const client = (details: Record<string, unknown> = {}): Promise<{ id: string; version: number }> =>
    registerClient(practice.owner, {
      status: 'active',
      primaryClinicianId: clinician.staffId,
      birthDate: '1990-05-01',
      ...details,
    })
  const get = (clientId: string, more: object = {}) =>
    frontEnd.post('/v1/portal-tokens', { clientId, ...more })
  const enter = async (clientId: string, more: object = {}) => {
    const { status, body } = await get(clientId, more)
    if (status !== 201) throw new Error(JSON.stringify(body))
    return { ...callerOf(test, body.accessToken, clientId, ''), tokenId: String(body.id) }
  }
  return { practice, clinician, frontEnd, client, get, enter }
}

const isOver = async (portal: Caller) => (await portal.get('/v1/portal/me')).status === 401

t.test('portal tokens', async t => {
  const test = await createTestApp(t)
  const { practice, clinician, frontEnd, client, get, enter } = await createPractice(test)
  const { owner } = practice

  t.test('a front-end gets one for a client, who then is greeted by name', async t => {
    const { id } = await client({ preferredName: 'Jo' })
    const reply = await get(id, { ttlMinutes: 5 })
    t.equal(reply.status, 201)
    t.match(reply.body, { clientId: id, representativeId: null, tokenType: 'Bearer' })
    const minutes = (Date.parse(reply.body.expiresAt) - Date.now()) / 60_000
    t.ok(minutes > 4 && minutes < 5.5, 'for as long as asked')
    const me = await callerOf(test, reply.body.accessToken, id, '').get('/v1/portal/me')
    t.equal(me.status, 200)
    t.match(me.body, {
      clientId: id,
      greetingName: 'Jo',
      representativeId: null,
      practice: { timeZone: 'America/Los_Angeles' },
      expiresAt: reply.body.expiresAt,
    })
    t.equal((await get(id, { ttlMinutes: 16 })).status, 400)
    t.equal((await get(id, { ttlMinutes: 0 })).status, 400)
  })

  t.test('whoever is no client with an open chart here is refused alike', async t => {
    const stranger = await createPractice(test)
    const merged = await client()
    await mergeInto(owner, (await client()).id, merged.id)
    const dead = await client()
    const died = { to: 'deceased', reason: 'death_reported' }
    await owner.post(`/v1/clients/${dead.id}/status-changes`, died, { ifMatch: dead.version })
    const closed = await client()
    const chart = (await owner.get(`/v1/charts?clientId=${closed.id}`)).body.data[0]
    t.equal(
      (await owner.post(`/v1/charts/${chart.id}/closure`, undefined, { ifMatch: chart.version })).status,
      200,
    )
    const missing = await get(randomUUID())
    t.equal(missing.body.code, 'unknown-reference')
    for (const { id } of [merged, dead, closed, await stranger.client()])
      t.same(visible(await get(id)), visible(missing))
  })

  t.test('nobody but an API client with that scope gets one', async t => {
    const { id } = await client()
    const other = await createApiClientCaller(test, practice, ['clients:read', 'clients:write'])
    for (const caller of [owner, clinician, other, await portalCaller(practice, id)])
      t.equal((await caller.post('/v1/portal-tokens', { clientId: id })).status, 403)
  })

  t.test('it is over with the next use', async t => {
    const { id } = await client()
    const elsewhere = await createApiClientCaller(test, practice, ['portal:issue'])

    t.test('when the front-end ends it', async t => {
      const [one, other] = [await enter(id), await enter(id)]
      t.equal((await elsewhere.delete(`/v1/portal-tokens/${one.tokenId}`)).status, 404, 'its own front-end')
      t.notOk(await isOver(one))
      t.equal((await frontEnd.delete(`/v1/portal-tokens/${one.tokenId}`)).status, 204)
      t.equal((await frontEnd.delete(`/v1/portal-tokens/${one.tokenId}`)).status, 404, 'it is gone')
      t.ok(await isOver(one))
      t.notOk(await isOver(other), 'the other goes on')
      t.equal((await frontEnd.delete(`/v1/portal-tokens/${randomUUID()}`)).status, 404)
    })

    t.test('when the front-end ends all of a client', async t => {
      const [one, other] = [await enter(id), await enter(id)]
      const another = await enter((await client()).id)
      t.equal((await elsewhere.delete(`/v1/portal-clients/${id}/tokens`)).status, 204)
      t.notOk(await isOver(one), 'another front-end ended its own')
      t.equal((await frontEnd.delete(`/v1/portal-clients/${id}/tokens`)).status, 204)
      t.same([await isOver(one), await isOver(other), await isOver(another)], [true, true, false])
      t.equal((await frontEnd.delete(`/v1/portal-clients/${randomUUID()}/tokens`)).status, 404)
    })

    t.test('when the practice ends all of a client, which takes reach', async t => {
      const portal = await enter(id)
      const outsider = await practice.staff(['clinician'])
      const url = `/v1/clients/${id}/portal-tokens`
      t.equal((await outsider.delete(url)).status, 404)
      t.notOk(await isOver(portal))
      t.equal((await clinician.delete(url)).status, 204)
      t.ok(await isOver(portal))
    })

    t.test('when its time is up, by the clock of the database', async t => {
      const portal = await enter(id)
      await asAdmin(test.adminUrl, admin =>
        admin.query(
          `update cairn.portal_sessions set created_at = now() - interval '11 minutes', expires_at = now() - interval '1 second' where id = $1`,
          [portal.tokenId],
        ),
      )
      t.ok(await isOver(portal))
    })

    t.test('when the client is merged, and the survivor gets one', async t => {
      const [survivor, merged] = [await client(), await client()]
      const portal = await enter(merged.id)
      t.equal((await mergeInto(owner, survivor.id, merged.id)).status, 201)
      t.ok(await isOver(portal))
      t.equal((await (await enter(survivor.id)).get('/v1/portal/me')).body.clientId, survivor.id)
    })

    t.test('when the client has died', async t => {
      const { id: clientId, version } = await client()
      const portal = await enter(clientId)
      const died = { to: 'deceased', reason: 'death_reported' }
      await owner.post(`/v1/clients/${clientId}/status-changes`, died, { ifMatch: version })
      t.ok(await isOver(portal))
    })

    t.test('when the front-end is revoked or changed', async t => {
      const admin = await practice.staff(['owner'], { mfa: true })
      const running = await enter(id)
      t.equal((await admin.delete(`/v1/api-clients/${frontEnd.actorId}`)).status, 204)
      t.ok(await isOver(running))
      const portal = await portalCaller(practice, id)
      t.notOk(await isOver(portal))
      await asAdmin(test.adminUrl, admin =>
        admin.query('update cairn.api_clients set version = version + 1 where practice_id = $1', [
          practice.id,
        ]),
      )
      t.ok(await isOver(portal), 'a token says which version of the front-end got it')
    })
  })
})

t.test('representatives', async t => {
  const test = await createTestApp(t)
  const { practice, clinician, client, get, enter } = await createPractice(test)
  const { owner } = practice

  const relate = async (clientId: string, details: object = {}) =>
    (
      await owner.post(`/v1/clients/${clientId}/related-people`, {
        givenName: 'Robin',
        relationship: 'parent',
        roles: ['guardian'],
        mayKnow: ['treatment'],
        ...details,
      })
    ).body.id as string
  const minorIn = async (basis: 'parent' | 'none') => {
    const { id } = await client({ birthDate: '2012-05-04' })
    const parent = await relate(id)
    if (basis === 'parent') await consent(owner, id, { basis, consentingPersonId: parent })
    return { id, parent }
  }
  const alone = {
    basis: 'minor_self',
    maturity: { determinedById: clinician.staffId, determinedOn: '2026-01-02' },
    parentInvolvement: { decision: 'not_appropriate', attempts: [], reason: 'safety' },
  }
  const refused = async (clientId: string, representativeId: string) =>
    (await get(clientId, { representativeId })).body.code === 'unknown-reference'

  t.test('a parent who consented uses the portal for the minor, and is named', async t => {
    const { id, parent } = await minorIn('parent')
    const portal = await enter(id, { representativeId: parent })
    t.match((await portal.get('/v1/portal/me')).body, { clientId: id, representativeId: parent })
    const admin = await practice.staff(['owner'])
    const audited = (await admin.get(`/v1/audit?clientId=${id}`)).body.data.find(
      (entry: { operation: string }) => entry.operation === 'getPortalMe',
    )
    t.match(audited, { actorKind: 'client', actorId: id, sessionId: portal.tokenId, decision: 'granted' })
  })

  t.test('a minor who consents alone is represented by nobody, at once', async t => {
    const { id, parent } = await minorIn('parent')
    const [before, own] = [await enter(id, { representativeId: parent }), await enter(id)]
    t.notOk(await isOver(before))
    t.equal((await consent(owner, id, alone)).status, 201)
    t.ok(await isOver(before), "the parent's token is over")
    t.notOk(await isOver(own), "the minor's is not")
    t.ok(await refused(id, parent))
  })

  t.test('without a basis of care on record nobody represents a minor', async t => {
    const { id, parent } = await minorIn('none')
    t.ok(await refused(id, parent))
  })

  t.test(
    'an adult is represented by a personal representative, not by a guardian of former years',
    async t => {
      const { id } = await client()
      t.ok(await refused(id, await relate(id)))
      const person = await relate(id, { roles: ['personal_representative'], relationship: 'sibling' })
      t.notOk(await isOver(await enter(id, { representativeId: person })))
    },
  )

  t.test('who may not know of the treatment, or no longer, is refused, and their token is over', async t => {
    const { id } = await client()
    const roles = ['personal_representative']
    t.ok(await refused(id, await relate(id, { roles, mayKnow: ['appointments', 'billing'] })))
    for (const change of [{ mayKnow: [] }, { status: 'ended' }, { roles: [] }]) {
      const person = await relate(id, { roles })
      const portal = await enter(id, { representativeId: person })
      t.notOk(await isOver(portal))
      const url = `/v1/clients/${id}/related-people/${person}`
      t.equal((await owner.patch(url, change, { ifMatch: 1 })).status, 200)
      t.ok(await isOver(portal))
      t.ok(await refused(id, person))
    }
  })

  t.test('somebody around another client is refused like nobody', async t => {
    const [one, other] = [await client(), await client()]
    const person = await relate(other.id, { roles: ['personal_representative'] })
    t.same(
      visible(await get(one.id, { representativeId: person })),
      visible(await get(one.id, { representativeId: randomUUID() })),
    )
  })
})

t.test('a client has a share of the requests that staff have', async t => {
  const test = await createTestApp(t, {
    env: { RATE_LIMIT_PER_MINUTE: '40' },
    alone: 'a limit is that of one process',
  })
  const practice: TestPractice = await createTestPractice(test)
  const { id } = await registerClient(practice.owner)
  const portal = await portalCaller(practice, id)
  const statuses = []
  for (let turn = 0; turn < 5; turn++) statuses.push((await portal.get('/v1/portal/me')).status)
  t.same(statuses, [200, 200, 200, 200, 429])
  t.equal((await practice.owner.get('/v1/practice')).status, 200)
})

function consent(owner: Caller, clientId: string, body: object): Promise<Reply> {
  return owner.post(`/v1/clients/${clientId}/minor-consents`, body)
}

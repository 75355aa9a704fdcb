import { randomUUID } from 'node:crypto'
import t from 'tap'
import { mergeInto, registerClient } from '../support/clients.ts'
import { couplePeople, day, link } from '../support/couples.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

/** All that can be read of a client, without what a merge and its undoing must raise. */
async function everything(caller: Caller, id: string) {
  const paths = ['', '/identifiers', '/related-people', '/status-changes']
  const replies = await Promise.all(paths.map(path => caller.get(`/v1/clients/${id}${path}`)))
  const charts = await caller.get(`/v1/charts?clientId=${id}`)
  const [client, ...rest] = replies.map(reply => reply.body)
  return [
    { ...client, version: 0, updatedAt: '' },
    ...rest,
    charts.body.data.map((chart: { id: string }) => chart.id),
  ]
}

t.test('merges', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice

  const idsFound = async (caller: Caller, search: object): Promise<string[]> =>
    (await caller.post('/v1/clients/search', search)).body.data.map(
      (found: { client: { id: string } }) => found.client.id,
    )

  t.test('a merge keeps both histories, leads to the survivor, and is undone exactly', async t => {
    const survivor = await registerClient(owner, { legalGivenName: 'Alexandra', legalFamilyName: 'Survivor' })
    const merged = await registerClient(owner, {
      legalGivenName: 'Sandra',
      legalFamilyName: 'Twofold',
      status: 'active',
      externalIds: { 'old-system': 'T-1' },
      contactPoints: [{ system: 'phone', value: '+15555550177', kind: 'home' }],
    })
    const person = { givenName: 'Robin', relationship: 'parent' }
    await owner.post(`/v1/clients/${merged.id}/related-people`, person)
    await owner.post(`/v1/clients/${merged.id}/identifiers`, { kind: 'medicare', value: '1AAA-AA0-AA00' })
    const before = await Promise.all([everything(owner, survivor.id), everything(owner, merged.id)])

    const merge = await mergeInto(owner, survivor.id, merged.id)
    t.equal(merge.status, 201)
    const former = await owner.get(`/v1/clients/${merged.id}`)
    t.match(former.body, {
      status: 'merged',
      mergedIntoId: survivor.id,
      externalIds: { 'old-system': 'T-1' },
    })
    const phone = '+15555550177'
    for (const search of [
      { text: 'sandra twofold' },
      { text: 'alexandra' },
      { phone },
      { externalId: { system: 'old-system', value: 'T-1' } },
      { identifier: { kind: 'medicare', value: '1AAAAA0AA00' } },
    ]) {
      t.same(await idsFound(owner, search), [survivor.id], JSON.stringify(search))
    }
    const charts = (await owner.get(`/v1/charts?clientId=${survivor.id}`)).body.data
    t.equal(charts.length, 2, 'both individual charts, separate')
    t.same(
      (await owner.get(`/v1/clients/${survivor.id}/merges`)).body.data.map(
        (entry: { id: string }) => entry.id,
      ),
      [merge.body.id],
    )
    t.notOk(
      (await owner.get('/v1/clients?limit=200')).body.data.some((c: { id: string }) => c.id === merged.id),
    )

    const undone = await owner.delete(`/v1/client-merges/${merge.body.id}`, { ifMatch: merge.body.version })
    t.equal(undone.status, 200)
    t.ok(undone.body.undoneAt)
    t.same(await Promise.all([everything(owner, survivor.id), everything(owner, merged.id)]), before)
    t.same(await idsFound(owner, { text: 'sandra twofold' }), [merged.id])
    t.same(await idsFound(owner, { phone }), [merged.id])
    t.equal(
      (await owner.delete(`/v1/client-merges/${merge.body.id}`, { ifMatch: 2 })).body.code,
      'invalid-state',
    )
    t.equal((await owner.get(`/v1/client-merges/${merge.body.id}`)).body.version, 2)
  })

  t.test('a merged record is read-only', async t => {
    const [one, two] = [await registerClient(owner), await registerClient(owner)]
    await mergeInto(owner, one.id, two.id)
    const url = `/v1/clients/${two.id}`
    t.equal((await owner.patch(url, { gender: 'x' }, { ifMatch: 2 })).body.code, 'invalid-state')
    const person = { givenName: 'R', relationship: 'parent' }
    t.equal((await owner.post(`${url}/related-people`, person)).body.code, 'invalid-state')
    const change = { to: 'active', reason: 'care_started' }
    t.equal((await owner.post(`${url}/status-changes`, change, { ifMatch: 2 })).body.code, 'invalid-state')
    t.equal((await mergeInto(owner, two.id, one.id)).body.code, 'invalid-state')
  })

  t.test('after either changed, a merge stays', async t => {
    const [one, two] = [await registerClient(owner), await registerClient(owner)]
    const { body } = await mergeInto(owner, one.id, two.id)
    const changed = await owner.patch(
      `/v1/clients/${one.id}`,
      { gender: 'x' },
      { ifMatch: body.survivorVersion },
    )
    t.equal(changed.status, 200)
    const undo = `/v1/client-merges/${body.id}`
    t.equal((await owner.delete(undo)).body.code, 'precondition-required')
    t.equal((await owner.delete(undo, { ifMatch: 7 })).body.code, 'stale-version')
    t.equal(
      (await owner.delete(`/v1/client-merges/${body.id}`, { ifMatch: body.version })).body.code,
      'invalid-state',
    )
    t.equal((await owner.get(`/v1/clients/${two.id}`)).body.mergedIntoId, one.id)
  })

  t.test('merges in a row lead to the last survivor and are undone from the last', async t => {
    const [a, b, c] = [await registerClient(owner), await registerClient(owner), await registerClient(owner)]
    const first = await mergeInto(owner, b.id, a.id)
    const second = await mergeInto(owner, c.id, b.id)
    t.equal((await owner.get(`/v1/clients/${a.id}`)).body.mergedIntoId, c.id)
    t.equal(
      (await owner.delete(`/v1/client-merges/${first.body.id}`, { ifMatch: first.body.version })).body.code,
      'invalid-state',
    )
    t.equal(
      (await owner.delete(`/v1/client-merges/${second.body.id}`, { ifMatch: second.body.version })).status,
      200,
    )
    t.equal((await owner.get(`/v1/clients/${a.id}`)).body.mergedIntoId, b.id)
    t.equal(
      (await owner.delete(`/v1/client-merges/${first.body.id}`, { ifMatch: first.body.version })).status,
      200,
    )
    for (const { id } of [a, b, c]) {
      t.match((await owner.get(`/v1/clients/${id}`)).body, { status: 'inquiry', mergedIntoId: null })
    }
  })

  t.test('of merges at the same time one is done, and two ways round never both', async t => {
    const [a, b, c] = [await registerClient(owner), await registerClient(owner), await registerClient(owner)]
    const body = (mergedClientId: string) => ({
      mergedClientId,
      reason: 'registered_twice',
      survivorVersion: 1,
      mergedVersion: 1,
    })
    const merge = (survivor: string, merged: string) =>
      owner.post(`/v1/clients/${survivor}/merge`, body(merged), { key: randomUUID() })
    const replies = await Promise.all([
      merge(a.id, b.id),
      merge(b.id, a.id),
      merge(b.id, c.id),
      merge(c.id, a.id),
    ])
    t.equal(replies.filter(reply => reply.status === 201).length, 1)
    t.ok(replies.every(reply => [201, 409, 412].includes(reply.status)))
  })

  t.test('undone at the same time, a merge is undone once', async t => {
    const [a, b] = [await registerClient(owner), await registerClient(owner)]
    const { body } = await mergeInto(owner, a.id, b.id)
    const replies = await Promise.all(
      [1, 2, 3].map(() => owner.delete(`/v1/client-merges/${body.id}`, { ifMatch: body.version })),
    )
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412])
  })

  t.test('a merge needs its permission, its key, both versions and two visible records', async t => {
    const clinician = await practice.staff(['clinician'])
    const [a, b] = [await registerClient(clinician), await registerClient(clinician)]
    t.equal((await mergeInto(clinician, a.id, b.id)).body.code, 'not-permitted')
    const url = `/v1/clients/${a.id}/merge`
    const body = { mergedClientId: b.id, reason: 'registered_twice', survivorVersion: 1, mergedVersion: 1 }
    t.equal((await owner.post(url, body)).body.code, 'idempotency-key-required')
    const send = (change: object) => owner.post(url, { ...body, ...change }, { key: randomUUID() })
    t.equal((await send({ survivorVersion: 2 })).body.code, 'stale-version')
    t.equal((await send({ mergedVersion: 2 })).body.code, 'stale-version')
    t.equal((await send({ mergedClientId: a.id })).body.code, 'unknown-reference')
    t.equal((await send({ mergedClientId: randomUUID() })).body.code, 'unknown-reference')
    const stranger = (await createTestPractice(test)).owner
    const foreign = await registerClient(stranger)
    t.equal((await send({ mergedClientId: foreign.id })).body.code, 'unknown-reference')
    t.equal((await mergeInto(owner, a.id, b.id)).status, 201)
    const [merge] = (await owner.get(`/v1/clients/${a.id}/merges`)).body.data
    t.equal((await stranger.delete(`/v1/client-merges/${merge.id}`, { ifMatch: 1 })).status, 404)
    t.equal((await stranger.get(`/v1/client-merges/${merge.id}`)).status, 404)
    t.equal(
      (await clinician.delete(`/v1/client-merges/${merge.id}`, { ifMatch: 1 })).body.code,
      'not-permitted',
    )
  })

  t.test('partners of a couple are never merged, not even through a record merged before', async t => {
    const people = couplePeople(test, practice)
    const [a, b] = [await people.client('Ada'), await people.client('Bea')]
    const { body: couple } = await link(owner, a.id, b.id)
    for (const [survivor, merged] of [
      [a, b],
      [b, a],
    ] as const)
      t.equal((await mergeInto(owner, survivor.id, merged.id)).body.code, 'invalid-state')
    const again = await people.client('Ada')
    t.equal((await mergeInto(owner, again.id, a.id)).status, 201)
    t.equal((await mergeInto(owner, again.id, b.id)).body.code, 'invalid-state')
    t.equal((await mergeInto(owner, b.id, again.id)).body.code, 'invalid-state')
    const over = { status: 'ended', effectiveOn: day(), endReason: 'care_concluded' }
    await owner.post(`/v1/couples/${couple.id}/status-changes`, over, { ifMatch: 1 })
    t.equal((await mergeInto(owner, again.id, b.id)).body.code, 'invalid-state', 'nor after it ended')
  })

  t.test("the survivor can be reached by the merged record's care team, until it is undone", async t => {
    const clinician = await practice.staff(['clinician'])
    const survivor = await registerClient(owner)
    const merged = await registerClient(clinician)
    t.equal((await clinician.get(`/v1/clients/${survivor.id}`)).status, 404)
    const { body } = await mergeInto(owner, survivor.id, merged.id)
    t.equal((await clinician.get(`/v1/clients/${survivor.id}`)).status, 200)
    await owner.delete(`/v1/client-merges/${body.id}`, { ifMatch: body.version })
    t.equal((await clinician.get(`/v1/clients/${survivor.id}`)).status, 404)
  })
})

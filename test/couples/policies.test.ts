import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('confidentiality policies', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const people = couplePeople(test, practice)
  const joint = await practice.staff(['clinician'])
  const outsider = await practice.staff(['clinician'])
  const text = 'We keep no secrets from each other in this work (fictional canary-text).'

  const couple = async () => {
    const [a, b] = [await people.client('Alex', [outsider]), await people.client('Blair')]
    const { body } = await link(owner, a.id, b.id, { primaryClinicianId: joint.staffId })
    return { a: a.id, b: b.id, url: `/v1/couples/${body.id}` }
  }
  const draft = (url: string, more: Record<string, unknown> = {}) =>
    joint.post(`${url}/policies`, { kind: 'no_secrets', text, ...more }, { key: randomUUID() })
  const offered = async (url: string): Promise<Reply> => {
    const { body } = await draft(url)
    return joint.post(`${url}/policies/${body.id}/offer`, undefined, { ifMatch: 1 })
  }
  const sign = (by: Caller, url: string, policy: Reply['body'], clientId: string, version = policy.version) =>
    by.post(
      `${url}/policies/${policy.id}/signatures`,
      {
        clientId,
        method: 'wet_ink',
        signedAt: new Date(Date.now() - 60_000).toISOString(),
        contentHash: policy.contentHash,
      },
      { ifMatch: version, key: randomUUID() },
    )
  const withdraw = (url: string, policy: Reply['body'], clientId: string) =>
    joint.post(
      `${url}/policies/${policy.id}/withdrawals`,
      { clientId, method: 'in_writing', withdrawnAt: new Date().toISOString() },
      { ifMatch: policy.version, key: randomUUID() },
    )
  const inForce = async (url: string, a: string, b: string) => {
    const one = await sign(joint, url, (await offered(url)).body, a)
    return (await sign(joint, url, one.body, b)).body
  }

  t.test('a policy is in force when each partner has signed, and not before', async t => {
    const { url, a, b } = await couple()
    const offer = (await offered(url)).body
    t.equal(offer.status, 'offered')
    const one = await sign(joint, url, offer, b)
    t.equal(one.status, 200)
    t.match(one.body, { status: 'offered', signedCount: 1, requiredCount: 2, inForceAt: null })
    const twice = await sign(joint, url, one.body, b)
    t.equal(twice.body.code, 'invalid-state', 'one partner cannot sign for both')
    const two = await sign(joint, url, one.body, a)
    t.match(two.body, { status: 'in_force', signedCount: 2 })
    t.same((await joint.get(`${url}/policies/${offer.id}`)).body, two.body)
    const rows = await people.run(
      'select client_id, act, attested_by, content_hash from couple_policy_signatures where policy_id = $1 order by policy_version',
      [offer.id],
    )
    t.same(
      rows.map(row => [
        row.client_id,
        row.act,
        row.attested_by,
        (row.content_hash as Buffer).toString('hex'),
      ]),
      [b, a].map(clientId => [clientId, 'signed', joint.staffId, offer.contentHash]),
    )
  })

  t.test('one withdrawal suspends it for both, and a new signature brings it back', async t => {
    const { url, a, b } = await couple()
    const bound = await inForce(url, a, b)
    const suspended = await withdraw(url, bound, a)
    t.match(suspended.body, { status: 'suspended', signedCount: 1 })
    t.equal((await withdraw(url, suspended.body, a)).body.code, 'invalid-state')
    const back = await sign(joint, url, suspended.body, a)
    t.match(back.body, { status: 'in_force', signedCount: 2, inForceAt: bound.inForceAt })
    const rows = await people.run(
      'select act from couple_policy_signatures where policy_id = $1 order by policy_version',
      [bound.id],
    )
    t.same(
      rows.map(row => row.act),
      ['signed', 'signed', 'withdrawn', 'signed'],
      'no act is lost',
    )
  })

  t.test('a partner who left the joint care can withdraw, and cannot sign', async t => {
    const { url, a, b } = await couple()
    const bound = await inForce(url, a, b)
    const left = { status: 'separated', effectiveOn: day(), leavingClientIds: [b] }
    t.equal((await joint.post(`${url}/status-changes`, left, { ifMatch: 1 })).status, 200)
    const suspended = await withdraw(url, bound, b)
    t.equal(suspended.body.status, 'suspended')
    t.equal((await sign(joint, url, suspended.body, b)).body.code, 'invalid-state')
    const next = await draft(url)
    const offer = await joint.post(`${url}/policies/${next.body.id}/offer`, undefined, { ifMatch: 1 })
    t.equal(offer.body.code, 'invalid-state')
    t.notMatch(offer.body.detail, /Blair|Alex/)
  })

  t.test('the next one in force supersedes the one before, which is kept', async t => {
    const { url, a, b } = await couple()
    const first = await inForce(url, a, b)
    const draftOfNext = (await draft(url, { kind: 'limited_secrets' })).body
    t.equal(draftOfNext.number, 2)
    t.equal((await draft(url)).body.code, 'invalid-state', 'one draft or offer at a time')
    const offer = await joint.post(`${url}/policies/${draftOfNext.id}/offer`, undefined, { ifMatch: 1 })
    const one = await sign(joint, url, offer.body, a)
    t.equal((await joint.get(`${url}/policies/${first.id}`)).body.status, 'in_force', 'until both signed')
    await sign(joint, url, one.body, b)
    const { body } = await joint.get(`${url}/policies`)
    t.same(
      body.data.map((p: Reply['body']) => [p.number, p.kind, p.status, p.signedCount, p.text === text]),
      [
        [1, 'no_secrets', 'superseded', 2, true],
        [2, 'limited_secrets', 'in_force', 2, true],
      ],
    )
    t.equal((await joint.get(`${url}/policies?status=in_force`)).body.data.length, 1)
    const page = await joint.get(`${url}/policies?limit=1`)
    t.equal(
      (await joint.get(`${url}/policies?limit=1&cursor=${page.body.nextCursor}`)).body.data[0].number,
      2,
    )
  })

  t.test('a draft changes and an offer does not; both can be canceled', async t => {
    const { url } = await couple()
    const made = (await draft(url)).body
    const path = `${url}/policies/${made.id}`
    const changed = await joint.patch(path, { text: 'Other text.' }, { ifMatch: 1 })
    t.match(changed.body, { kind: 'no_secrets', text: 'Other text.', version: 2 })
    t.not(changed.body.contentHash, made.contentHash)
    t.equal((await joint.patch(path, { text }, { ifMatch: 1 })).body.code, 'stale-version')
    t.equal((await joint.post(`${path}/offer`, undefined, { ifMatch: 2 })).body.status, 'offered')
    t.equal((await joint.patch(path, { text }, { ifMatch: 3 })).body.code, 'invalid-state')
    const canceled = await joint.post(`${path}/cancellation`, undefined, { ifMatch: 3 })
    t.equal(canceled.body.status, 'canceled')
    t.equal((await draft(url)).status, 201)
  })

  t.test('what was signed must be this text, now, by a partner', async t => {
    const { url, a } = await couple()
    const drafted = (await draft(url)).body
    t.equal((await sign(joint, url, drafted, a)).body.code, 'invalid-state', 'a draft is not signed')
    const offer = (await joint.post(`${url}/policies/${drafted.id}/offer`, undefined, { ifMatch: 1 })).body
    t.equal((await sign(joint, url, { ...offer, contentHash: '0'.repeat(64) }, a)).body.code, 'conflict')
    const stranger = (await people.client('Casey')).id
    t.equal((await sign(joint, url, offer, stranger)).body.errors[0].pointer, '/clientId')
    t.equal((await sign(joint, url, offer, a, 1)).body.code, 'stale-version')
    const later = await joint.post(
      `${url}/policies/${offer.id}/signatures`,
      { clientId: a, method: 'electronic', signedAt: '2999-01-01T00:00:00Z', contentHash: offer.contentHash },
      { ifMatch: offer.version, key: randomUUID() },
    )
    t.equal(later.body.errors[0].pointer, '/signedAt')
    t.equal((await withdraw(url, offer, a)).body.code, 'invalid-state')
  })

  t.test('of signatures at once one is taken and the others ask to read again; a key signs once', async t => {
    const { url, a, b } = await couple()
    const offer = (await offered(url)).body
    const replies = await Promise.all([a, b, a, b].map(clientId => sign(joint, url, offer, clientId)))
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412, 412])
    const signed = replies.find(reply => reply.status === 200)?.body
    const other = signed.partners.find((p: { state: string }) => p.state === 'not_signed').clientId
    const key = randomUUID()
    const body = {
      clientId: other,
      method: 'electronic',
      signedAt: new Date().toISOString(),
      contentHash: offer.contentHash,
    }
    const path = `${url}/policies/${offer.id}/signatures`
    const first = await joint.post(path, body, { ifMatch: signed.version, key })
    const second = await joint.post(path, body, { ifMatch: signed.version, key })
    t.equal(first.body.status, 'in_force')
    t.same(second.body, first.body)
    t.equal(second.headers['idempotency-replayed'], 'true')
    t.equal((await joint.post(path, body, { ifMatch: signed.version })).body.code, 'idempotency-key-required')
  })

  t.test('only the couple’s own clinicians are told who signed', async t => {
    const { url, a, b } = await couple()
    const one = (await sign(owner, url, (await offered(url)).body, b)).body
    t.same(
      one.partners.map((p: Reply['body']) => [p.clientId, p.state]),
      [
        [null, 'not_signed'],
        [null, 'signed'],
      ],
    )
    const own = (await joint.get(`${url}/policies/${one.id}`)).body
    t.same(
      own.partners.map((p: Reply['body']) => [p.clientId, p.state]),
      [
        [a, 'not_signed'],
        [b, 'signed'],
      ],
    )
    t.equal(own.signedCount, one.signedCount)
  })

  t.test('a partner’s own clinician and another practice find nothing', async t => {
    const { url, a } = await couple()
    const offer = (await offered(url)).body
    const stranger = (await createTestPractice(test)).owner
    for (const by of [outsider, stranger]) {
      t.equal((await by.get(`${url}/policies`)).status, 404)
      t.equal((await by.get(`${url}/policies/${offer.id}`)).status, 404)
      t.equal((await sign(by, url, offer, a)).status, 404)
    }
    const other = await couple()
    t.equal((await joint.get(`${other.url}/policies/${offer.id}`)).status, 404)
  })

  t.test('the text is sealed at rest, and texts and signatures cannot be rewritten', async t => {
    const { url, a } = await couple()
    const offer = (await offered(url)).body
    await sign(joint, url, offer, a)
    const rows = await people.run('select text_sealed from couple_policy_texts where policy_id = $1', [
      offer.id,
    ])
    t.notOk(String(rows[0]?.text_sealed).includes('canary-text'))
    const rights = await people.run(
      `select t, r from unnest(array['couple_policy_texts', 'couple_policy_signatures', 'couple_status_changes',
         'couple_identified_patients', 'couple_agreement_acceptances', 'couple_agreement_changes']) t,
         unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) r
       where has_table_privilege('cairn_app', 'cairn.' || t, r)`,
      [],
    )
    t.same(rights, [])
    t.notMatch(test.logLines.join(''), /canary-text/)
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import {
  authorizations,
  authorize,
  chartOf,
  completedNote,
  notes,
  revoke,
} from '../support/psychotherapy-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const own = '/v1/portal/psychotherapy-authorizations'

t.test('an authorization is taken back by others than the author', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const author = await practice.staff(['clinician'])
  const reader = await practice.staff(['clinician'])
  const admin = await practice.staff(['admin'])
  const given = async (by: Caller = author) => {
    const { clientId, chartId } = await chartOf(practice, by)
    const noteId = await completedNote(by, chartId, { text: 'Kept apart' })
    const { body } = await authorize(by, chartId, { clientId, recipientStaffId: reader.staffId })
    return { clientId, chartId, noteId, id: String(body.id), portal: await portalCaller(practice, clientId) }
  }
  const revokeOwn = (by: Caller, id: string, version = 1) =>
    by.post(`${own}/${id}/revocation`, undefined, { ifMatch: version, key: randomUUID() })
  const withdraw = (by: Caller, id: string) => by.post(`${authorizations}/${id}/withdrawal`)
  const disable = async ({ staffId }: Caller) => {
    const url = `/v1/staff-members/${staffId}`
    const { body } = await practice.owner.get(url)
    return practice.owner.post(`${url}/disablement`, undefined, { ifMatch: body.version })
  }
  const revokedAt = async (id: string) => {
    const { rows } = await asAdmin(test.adminUrl, db =>
      db.query('select revoked_at from cairn.psychotherapy_authorizations where id = $1', [id]),
    )
    return rows[0]?.revoked_at
  }

  t.test('by the client at the portal: theirs alone, and nothing of a note', async t => {
    const { id, noteId, portal } = await given()
    const other = await given()
    const { body } = await portal.get(own)
    t.match(body.data, [{ id, scope: ['psychotherapy_notes'], revokedAt: null, version: 1 }])
    t.same(Object.keys(body.data[0]).toSorted(), [
      'createdAt',
      'expiresOn',
      'id',
      'revokedAt',
      'scope',
      'signedOn',
      'version',
    ])
    t.equal((await reader.get(`${notes}/${noteId}`)).status, 200)
    t.equal((await revokeOwn(other.portal, id)).status, 404, 'another client’s')
    t.equal((await revokeOwn(portal, randomUUID())).status, 404)
    t.equal((await revokeOwn(portal, id, 7)).status, 412)
    const twins = await Promise.all([revokeOwn(portal, id), revokeOwn(portal, id)])
    t.same(twins.map(({ status }) => status).toSorted(), [200, 412])
    t.equal((await revokeOwn(portal, id, 2)).body.code, 'invalid-state')
    t.equal((await reader.get(`${notes}/${noteId}`)).status, 404)
    t.equal((await portal.get(`${notes}/${noteId}`)).status, 404, 'it opens no note')
    t.not((await author.get(`${authorizations}/${id}`)).body.revokedAt, null)
    t.equal(await revokedAt(other.id), null)
  })

  t.test('by an owner or administrator once the author has left, who learns nothing else', async t => {
    const leaving = await practice.staff(['clinician'])
    const { id, noteId } = await given(leaving)
    t.equal((await withdraw(admin, id)).status, 404, 'the author works here')
    t.equal((await disable(leaving)).status, 200)
    const elsewhere = await createTestPractice(test)
    for (const by of [reader, author, elsewhere.owner]) t.equal((await withdraw(by, id)).status, 404)
    t.equal((await withdraw(admin, randomUUID())).status, 404)
    const withdrawn = await withdraw(admin, id)
    t.equal(withdrawn.status, 200)
    t.same(Object.keys(withdrawn.body).toSorted(), ['id', 'revokedAt'])
    t.same((await withdraw(practice.owner, id)).body, withdrawn.body, 'twice changes nothing')
    for (const url of [`${authorizations}/${id}`, authorizations, `${notes}/${noteId}`, notes])
      t.equal((await admin.get(url)).status, 404, url)
    t.ok(await revokedAt(id))
  })

  t.test('as before, by the author; and the audit trail says who did', async t => {
    const { id, clientId, portal } = await given()
    t.equal((await revoke(author, id)).status, 200)
    t.equal((await revokeOwn(portal, id, 2)).body.code, 'invalid-state')
    const mine = await given()
    await revokeOwn(mine.portal, mine.id)
    const { rows } = await asAdmin(test.adminUrl, db =>
      db.query(
        `select actor_id, client_ids, fields from cairn.audit_log
         where resource_id = $1 and operation = 'revokeOwnPsychotherapyAuthorization'`,
        [mine.id],
      ),
    )
    t.same(rows, [{ actor_id: mine.clientId, client_ids: [mine.clientId], fields: ['revokedAt'] }])
    t.not(clientId, mine.clientId)
  })

  t.test('no row can be given, or its term changed, in the name of a client', async t => {
    const { id, clientId } = await given()
    await t.rejects(
      asAdmin(test.adminUrl, async db => {
        await db.query('set role cairn_app')
        await db.query('begin')
        await db.query('select app.use_practice($1, $2, false)', [practice.id, clientId])
        await db.query('update cairn.psychotherapy_authorizations set version = 9 where id = $1', [id])
      }),
      /row-level security/,
    )
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { Caller, Reply } from '../support/practice.ts'
import {
  addAddendum,
  authorizations,
  authorize,
  chartOf,
  completedNote,
  joinTeam,
  leaveTeam,
  notes,
  revoke,
  startNote,
  step,
  supervise,
} from '../support/psychotherapy-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'
import { makeCouple, makeGroup } from '../support/world/care.ts'
import { createGround } from '../support/world/ground.ts'

t.test('who may read a psychotherapy note besides its author', async t => {
  const test = await createTestApp(t)
  const ground = await createGround(test)
  const { practice } = ground
  const { owner, clinician: author, supervisor, biller } = ground.callers
  const reader = await practice.staff(['clinician'])
  const read = (by: Caller, id: string) => by.get(`${notes}/${id}`).then(({ status }) => status)
  const listed = async (by: Caller): Promise<string[]> =>
    (await by.get(`${notes}?limit=200`)).body.data.map(({ id }: { id: string }) => id)
  const errorOf = ({ status, body }: Reply) => `${status} ${body.errors?.[0]?.pointer ?? body.code}`
  const toReader = { recipientStaffId: reader.staffId }

  t.test('a live authorization opens completed notes of its kind to its recipient', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    const id = await completedNote(author, chartId, { text: 'Kept apart' })
    const { body: draft } = await startNote(author, chartId)
    const sud = await completedNote(author, chartId, { kind: 'sud_counseling' })
    t.equal(await read(reader, id), 404)
    const authorization = await authorize(author, chartId, { clientId, ...toReader })
    t.equal(authorization.status, 201)
    t.match(authorization.body, { scope: ['psychotherapy_notes'], authorId: author.staffId, revokedAt: null })
    t.equal((await reader.get(`${notes}/${id}`)).body.text, 'Kept apart')
    t.equal((await reader.get(`${notes}/${id}/revisions/1`)).status, 200)
    t.same([await read(reader, draft.id), await read(reader, sud)], [404, 404], 'no draft, no other kind')
    t.same(await listed(reader), [id])
    t.same(
      [
        (await reader.patch(`${notes}/${id}`, { text: 'x' }, { ifMatch: 2 })).status,
        (await step(reader, id, 'reopening', 2)).status,
        (await step(reader, id, 'entered-in-error', 2, { reason: 'x' })).status,
        (await addAddendum(reader, id, 'x')).status,
        (await reader.get(`/v1/charts/${chartId}`)).status,
      ],
      [404, 404, 404, 404, 404],
      'it opens nothing else',
    )
    await step(author, id, 'reopening', 2)
    t.equal(await read(reader, id), 404, 'what is being written is its author’s')
  })

  t.test('SUD counseling notes need a consent of their own', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    const id = await completedNote(author, chartId, { kind: 'sud_counseling' })
    await authorize(author, chartId, { clientId, ...toReader })
    t.equal(await read(reader, id), 404)
    await authorize(author, chartId, { clientId, ...toReader, scope: ['sud_counseling_notes'] })
    t.equal(await read(reader, id), 200)
  })

  t.test('an authorization for anything else besides is refused', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    for (const scope of [
      ['psychotherapy_notes', 'progress_notes'],
      ['progress_notes', 'psychotherapy_notes'],
      ['psychotherapy_notes', 'sud_counseling_notes'],
      ['psychotherapy_notes', 'psychotherapy_notes'],
      ['sud_counseling_notes', 'billing_records'],
      ['progress_notes'],
      ['whole_record'],
    ]) {
      const { status, body } = await authorize(author, chartId, { clientId, ...toReader, scope })
      t.same([status, body.code], [422, 'authorization-combined'], scope.join(' '))
    }
    t.same((await author.get(`${authorizations}?chartId=${chartId}`)).body.data, [])
  })

  t.test('it ends with its day and with its revocation', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    const id = await completedNote(author, chartId)
    const { body: first } = await authorize(author, chartId, { clientId, ...toReader })
    const key = randomUUID()
    const twin = await authorize(author, chartId, { clientId, ...toReader }, key)
    t.equal((await authorize(author, chartId, { clientId, ...toReader }, key)).body.id, twin.body.id)
    t.equal((await revoke(author, twin.body.id)).status, 200)
    t.equal(await read(reader, id), 200)
    await asAdmin(test.adminUrl, admin =>
      admin.query(
        `update cairn.psychotherapy_authorizations set expires_on = current_date - 2 where id = $1`,
        [first.id],
      ),
    )
    t.equal(await read(reader, id), 404, 'expired')
    const { body: second } = await authorize(author, chartId, { clientId, ...toReader })
    t.equal(await read(reader, id), 200)
    t.equal((await revoke(author, second.id, 7)).status, 412)
    const ended = await Promise.all([revoke(author, second.id), revoke(author, second.id)])
    t.equal(ended.filter(({ status }) => status === 200).length, 1)
    t.equal(await read(reader, id), 404, 'revoked')
    t.equal((await revoke(author, second.id, 2)).body.code, 'invalid-state')
    t.notOk((await listed(reader)).includes(id))
  })

  t.test('an author who left the chart can still enter that it was taken back', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    const id = await completedNote(author, chartId)
    const { body } = await authorize(author, chartId, { clientId, ...toReader })
    await leaveTeam(owner, chartId)
    t.same([await read(author, id), await read(reader, id)], [404, 200])
    t.equal((await revoke(author, body.id)).status, 200)
    t.equal(await read(reader, id), 404)
  })

  t.test('it holds no longer than its author works here', async t => {
    const leaver = await practice.staff(['clinician'])
    const { clientId, chartId } = await chartOf(practice, leaver)
    const id = await completedNote(leaver, chartId)
    await authorize(leaver, chartId, { clientId, ...toReader })
    t.equal(await read(reader, id), 200)
    await asAdmin(test.adminUrl, admin =>
      admin.query(`update cairn.staff_members set status = 'disabled' where id = $1`, [leaver.staffId]),
    )
    t.equal(await read(reader, id), 404)
  })

  t.test('to somebody outside it is recorded, and opens nothing here', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    const id = await completedNote(author, chartId)
    const { body } = await authorize(author, chartId, { clientId, recipient: 'Dr. Outside (fictional)' })
    t.match(body, { recipient: 'Dr. Outside (fictional)', recipientStaffId: null })
    t.equal(await read(reader, id), 404)
  })

  t.test('it is shown to the author and the recipient, and revoked by the author', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    await joinTeam(owner, chartId, reader)
    const other = await practice.staff(['clinician'])
    await joinTeam(owner, chartId, other)
    const { body } = await authorize(author, chartId, { clientId, ...toReader })
    const url = `${authorizations}/${body.id}`
    const seen = [author, reader, other, owner, supervisor, biller].map(by => by.get(url))
    t.same(
      (await Promise.all(seen)).map(({ status }) => status),
      [200, 200, 404, 404, 404, 404],
    )
    t.same([(await revoke(reader, body.id)).status, (await revoke(other, body.id)).status], [404, 404])
    t.same((await other.get(`${authorizations}?chartId=${chartId}`)).body.data, [])
    t.equal((await reader.get(`${authorizations}?chartId=${chartId}`)).body.data.length, 1)
  })

  t.test('nobody opens the notes of another author, and nobody opens any to themselves', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    await joinTeam(owner, chartId, reader)
    const id = await completedNote(author, chartId)
    const accomplice = await practice.staff(['clinician'])
    const grant = await authorize(reader, chartId, { clientId, recipientStaffId: accomplice.staffId })
    t.equal(grant.status, 201, 'for notes of their own, if they have any')
    t.equal(await read(accomplice, id), 404)
    const self = await authorize(reader, chartId, { clientId, recipientStaffId: reader.staffId })
    t.equal(errorOf(self), '422 /recipientStaffId')
    const stranger = await authorize(accomplice, chartId, { clientId, ...toReader })
    t.equal(stranger.status, 404)
  })

  t.test('bad values are refused', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    const { clientId: elsewhere } = await chartOf(practice, author)
    for (const [change, refusal] of [
      [{ clientId: elsewhere }, '422 /clientId'],
      [{ recipientStaffId: biller.staffId }, '422 /recipientStaffId'],
      [{ recipientStaffId: randomUUID() }, '422 /recipientStaffId'],
      [{ representativeId: randomUUID() }, '422 /representativeId'],
      [{ signedOn: '2999-01-01' }, '400 /signedOn'],
      [{ expiresOn: '2026-01-06' }, '400 /expiresOn'],
      [{ scope: [] }, '400 /scope'],
      [{ scope: ['everything'] }, '400 /scope/0'],
    ] as const)
      t.equal(errorOf(await authorize(author, chartId, { clientId, ...toReader, ...change })), refusal)
  })

  t.test('a minor who does not consent alone is represented', async t => {
    const { clientId, chartId } = await chartOf(practice, author, { birthDate: '2015-05-04' })
    t.equal(errorOf(await authorize(author, chartId, { clientId, ...toReader })), '400 /representativeId')
  })

  t.test('a couple releases together, a group not at all', async t => {
    const couple = await makeCouple(ground)
    const id = await completedNote(author, couple.chartId)
    const [one, other] = couple.clientIds
    await authorize(author, couple.chartId, { clientId: one, ...toReader })
    t.equal(await read(reader, id), 404, 'one of two signed')
    const { body } = await authorize(author, couple.chartId, { clientId: other, ...toReader })
    t.equal(await read(reader, id), 200)
    await revoke(author, body.id)
    t.equal(await read(reader, id), 404, 'one of two took it back')
    const group = await makeGroup(ground)
    await completedNote(author, group.chartId)
    const refused = await authorize(author, group.chartId, { clientId: group.clientId, ...toReader })
    t.equal(refused.body.code, 'invalid-state')
  })

  t.test('a supervisor reads what those write whom they train', async t => {
    const trainee = await practice.staff(['clinician'])
    const { chartId } = await chartOf(practice, trainee)
    const id = await completedNote(trainee, chartId)
    const { body: draft } = await startNote(trainee, chartId)
    t.equal(await read(supervisor, id), 404, 'no supervisor')
    await supervise(owner, trainee, { supervisorId: supervisor.staffId })
    t.equal(await read(supervisor, id), 404, 'a supervisor who does not train them')
    await supervise(owner, trainee, { supervisorId: supervisor.staffId, forTraining: true })
    t.equal(await read(supervisor, id), 200)
    t.ok((await listed(supervisor)).includes(id))
    t.same([await read(supervisor, draft.id), await read(owner, id)], [404, 404])
    t.equal((await addAddendum(supervisor, id, 'x')).status, 404, 'reading only')
    await leaveTeam(owner, chartId)
    t.same(
      [await read(trainee, id), await read(supervisor, id)],
      [404, 404],
      'who left the chart left them there',
    )
    t.notOk((await listed(supervisor)).includes(id))
    t.same(await listed(trainee), [])
    await joinTeam(owner, chartId, trainee)
    t.same([await read(trainee, id), await read(supervisor, id)], [200, 200])
    await supervise(owner, trainee, { supervisorId: supervisor.staffId, forTraining: false })
    t.equal(await read(supervisor, id), 404)
  })

  t.test('a reading by others says in the audit trail by what right', async t => {
    const { clientId, chartId } = await chartOf(practice, author)
    const id = await completedNote(author, chartId)
    await authorize(author, chartId, { clientId, ...toReader })
    await read(reader, id)
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query(
        `select fields, chart_id, client_ids from cairn.audit_log
         where resource_id = $1 and actor_id = $2 and decision = 'granted'`,
        [id, reader.actorId],
      ),
    )
    t.same(rows, [{ fields: ['byAuthorization'], chart_id: chartId, client_ids: [clientId] }])
  })
})

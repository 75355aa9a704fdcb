import t from 'tap'
import { verifyPracticeNotes } from '../../src/commands/notes.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { createTestPractice } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import { addAddendum, dapSections, signedNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('an associate’s notes', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const supervisor = await practice.staff(['clinician', 'supervisor'])
  const associate = await practice.staff(['clinician'], {
    supervisorId: supervisor.staffId,
    cosignRequired: true,
  })
  const { chartId } = await bookable.client([associate])
  const urlOf = (note: { body: { id: string } }) => `/v1/session-notes/${note.body.id}`

  t.test('a note waits for the supervisor, who finds, reads and co-signs it', async t => {
    const pending = await signedNote(associate, chartId)
    t.match(pending.body, { status: 'pending_cosign', revision: 1 })
    const list = await supervisor.get('/v1/session-notes?view=awaiting_cosign')
    t.same(
      list.body.data.map((head: { id: string }) => head.id),
      [pending.body.id],
    )
    t.same((await supervisor.get(urlOf(pending))).body.sections, dapSections)
    t.equal((await addAddendum(associate, pending.body.id, 'x')).body.code, 'invalid-state')
    const cosigned = await step(supervisor, pending.body.id, 'cosignature', 2)
    t.match(cosigned.body, { status: 'cosigned', version: 3, sections: dapSections })
    const [first, second] = cosigned.body.signatures
    t.match([first, second], [{ role: 'author' }, { role: 'cosigner', signerId: supervisor.staffId }])
    t.equal(second.contentHash, first.contentHash)
    t.same((await supervisor.get('/v1/session-notes?view=awaiting_cosign')).body.data, [])
    t.equal((await step(supervisor, pending.body.id, 'cosignature', 3)).body.code, 'invalid-state')
    t.equal((await addAddendum(associate, pending.body.id, 'x')).status, 201)
  })

  t.test('co-signed twice at once, it has exactly one co-signature', async t => {
    const pending = await signedNote(associate, chartId)
    const replies = await Promise.all([1, 2].map(() => step(supervisor, pending.body.id, 'cosignature', 2)))
    t.same(replies.map(({ status }) => status).sort(), [200, 412])
  })

  t.test('of all that may become of a note that waits, one thing does', async t => {
    const { body } = await signedNote(associate, chartId)
    const stale = [
      await step(supervisor, body.id, 'cosignature', 1),
      await step(supervisor, body.id, 'return', 1, { remarks: 'Read long ago.' }),
      await step(associate, body.id, 'entered-in-error', 1, { reason: 'Read long ago.' }),
    ]
    t.same([...new Set(stale.map(({ status }) => status))], [412])
    const replies = await Promise.all([
      step(supervisor, body.id, 'cosignature', 2),
      step(supervisor, body.id, 'return', 2, { remarks: 'At once.' }),
      step(associate, body.id, 'entered-in-error', 2, { reason: 'At once.' }),
    ])
    t.equal(replies.filter(({ status }) => status === 200).length, 1)
    t.ok(
      replies.every(({ status }) => [200, 404, 412].includes(status)),
      'a draft again, it is not there',
    )
    t.same((await verifyPracticeNotes(test.house.database, practice.id)).findings, [])
  })

  t.test('returned with remarks, it is the author’s draft again, and what was signed is kept', async t => {
    const pending = await signedNote(associate, chartId)
    const remarks = { remarks: 'Please link the intervention to the plan.' }
    const returned = await step(supervisor, pending.body.id, 'return', 2, remarks)
    t.match(returned.body, { status: 'draft', version: 3, revision: 1 })
    t.equal((await supervisor.get(urlOf(pending))).status, 404, 'a draft is its author’s alone')
    const draft = await associate.get(urlOf(pending))
    t.match(draft.body, { sections: dapSections, signatures: [], returns: [{ ...remarks, revision: 1 }] })
    await associate.patch(urlOf(pending), { sections: { plan: 'Linked to goal two.' } }, { ifMatch: 3 })
    const again = await step(associate, pending.body.id, 'signature', 4)
    t.match(again.body, { status: 'pending_cosign', revision: 2, version: 5 })
    const before = await supervisor.get(`${urlOf(pending)}/revisions/1`)
    t.equal(before.body.sections.plan, dapSections.plan)
    t.match((await supervisor.get(urlOf(pending))).body, { returns: [remarks] })
    const cosigned = await step(supervisor, pending.body.id, 'cosignature', 5)
    t.equal(cosigned.body.sections.plan, 'Linked to goal two.')
    t.match(cosigned.body.signatures, [{ role: 'author' }, { role: 'cosigner' }])
    const onTeam = await practice.staff(['clinician'])
    await bookable.run(
      `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, 'covering', '2020-01-01')`,
      [practice.id, chartId, onTeam.staffId],
    )
    t.same((await onTeam.get(urlOf(pending))).body.returns, [], 'remarks are between those two')
    t.equal((await onTeam.get(`${urlOf(pending)}/revisions/1`)).status, 404)
    t.equal((await onTeam.get(`${urlOf(pending)}/revisions/2`)).status, 200)
  })

  t.test('nobody but the author’s own supervisor co-signs or returns', async t => {
    const pending = await signedNote(associate, chartId)
    const otherSupervisor = await practice.staff(['clinician', 'supervisor'])
    const onChart = await practice.staff(['clinician'], { supervisorId: otherSupervisor.staffId })
    await bookable.run(
      `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, 'covering', '2020-01-01')`,
      [practice.id, chartId, onChart.staffId],
    )
    const stranger = await practice.staff(['supervisor'])
    t.equal((await otherSupervisor.get(urlOf(pending))).status, 200, 'supervises somebody of this chart')
    for (const other of [otherSupervisor, stranger]) {
      t.equal((await step(other, pending.body.id, 'cosignature', 2)).status, 404)
      t.equal((await step(other, pending.body.id, 'return', 2, { remarks: 'x' })).status, 404)
      t.same((await other.get('/v1/session-notes?view=awaiting_cosign')).body.data, [])
    }
    t.equal((await stranger.get(urlOf(pending))).status, 404)
    t.equal((await step(associate, pending.body.id, 'cosignature', 2)).body.code, 'not-permitted')
    t.equal((await step(onChart, pending.body.id, 'return', 2, { remarks: 'x' })).body.code, 'not-permitted')
  })

  t.test('an integration does not see a note that waits, and the author may mark it as an error', async t => {
    const pending = await signedNote(associate, chartId)
    const api = await createApiClientCaller(test, practice, ['notes:read'])
    t.equal((await api.get(urlOf(pending))).status, 404)
    const marked = await step(associate, pending.body.id, 'entered-in-error', 2, { reason: 'Wrong chart.' })
    t.equal(marked.body.status, 'entered_in_error')
    t.equal((await step(supervisor, pending.body.id, 'cosignature', 3)).body.code, 'invalid-state')
    t.equal((await api.get(urlOf(pending))).status, 200)
  })
})

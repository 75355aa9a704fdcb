import { randomUUID } from 'node:crypto'
import t from 'tap'
import { tellOfPolicyRelease } from '../../src/modules/session-notes/index.ts'
import { couplePeople, day } from '../support/couples.ts'
import { amendmentStep, enterAmendment, release } from '../support/note-followups.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { addAddendum, signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('what a client has a right to after the end of treatment, and what is told', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const supervisor = await practice.staff(['clinician', 'supervisor'])
  const clinician = await practice.staff(['clinician'])
  const associate = await practice.staff(['clinician'], {
    supervisorId: supervisor.staffId,
    cosignRequired: true,
  })
  const close = async (chartId: string) => {
    const { body } = await clinician.get(`/v1/charts/${chartId}`)
    const closed = await practice.owner.post(`/v1/charts/${chartId}/closure`, undefined, {
      ifMatch: body.version,
      key: randomUUID(),
    })
    t.equal(closed.status, 200)
  }
  const discharged = async () => {
    const client = await people.client('Alex', [clinician, associate])
    const { body: note } = await signedNote(clinician, client.chartId)
    await release(clinician, note.id)
    const { body: draft } = await startNote(clinician, client.chartId)
    await close(client.chartId)
    return { client, note, draft, portal: await portalCaller(practice, client.id) }
  }
  const review = (by: Caller, noteId: string, addendumId: string, body: object) =>
    by.post(`/v1/session-notes/${noteId}/addenda/${addendumId}/review`, body, { key: randomUUID() })
  const addendaOf = async (noteId: string): Promise<{ id: string; status: string }[]> =>
    (await clinician.get(`/v1/session-notes/${noteId}`)).body.addenda
  const requestOf = async (id: string) => (await clinician.get(`/v1/amendment-requests/${id}`)).body

  t.test('a request is entered, denied, disputed and rebutted in a closed chart', async t => {
    const { client, note } = await discharged()
    const { body: request, status } = await enterAmendment(clinician, note.id, client.id, day())
    t.equal(status, 201)
    const denial = { reasonCode: 'accurate_and_complete' }
    t.equal((await amendmentStep(clinician, request.id, 'extension', 1)).status, 200)
    t.equal((await amendmentStep(clinician, request.id, 'denial', 2, denial)).status, 200)
    t.equal((await amendmentStep(clinician, request.id, 'disagreement', 3)).status, 200)
    t.match((await amendmentStep(clinician, request.id, 'rebuttal', 4)).body, { status: 'rebutted' })
    t.equal((await clinician.get(`/v1/charts/${client.chartId}`)).body.status, 'closed')
  })

  t.test('nothing else is written there', async t => {
    const { client, note, draft } = await discharged()
    for (const refused of [
      await addAddendum(clinician, note.id, 'Later'),
      await startNote(clinician, client.chartId),
      await clinician.patch(`/v1/session-notes/${draft.id}`, { sections: { plan: 'x' } }, { ifMatch: 1 }),
      await step(clinician, draft.id, 'signature', 1),
      await release(clinician, note.id),
    ])
      t.match(refused.body, { code: 'invalid-state' })
  })

  t.test('the client asks and disagrees at the portal, about a note of their own alone', async t => {
    const { note, portal } = await discharged()
    const url = `/v1/portal/session-notes/${note.id}/amendment-requests`
    const text = { text: 'Please (fictional).' }
    const other = await people.client('Robin', [clinician])
    const stranger = await portalCaller(practice, other.id)
    t.equal((await stranger.post(url, text, { key: randomUUID() })).status, 404)
    const key = randomUUID()
    const asked = await portal.post(url, text, { key })
    t.equal(asked.status, 201)
    t.same((await portal.post(url, text, { key })).body, asked.body, 'sent twice, it is one')
    await amendmentStep(clinician, asked.body.id, 'denial', 1, { reasonCode: 'not_accessible' })
    const disagree = (by: Caller) =>
      by.post(`/v1/portal/amendment-requests/${asked.body.id}/disagreement`, text, {
        key: randomUUID(),
        ifMatch: 2,
      })
    t.equal((await disagree(stranger)).status, 404)
    t.equal((await disagree(portal)).body.status, 'disagreed')
    t.equal((await portal.get(`/v1/portal/session-notes/${note.id}`)).status, 404, 'the chart stays closed')
  })

  t.test('what an associate accepts is named once it is in effect', async t => {
    const { client, note } = await discharged()
    const { body: request } = await enterAmendment(clinician, note.id, client.id, day())
    const accepted = await amendmentStep(associate, request.id, 'acceptance', 1, {
      addendum: 'On time (fictional).',
    })
    const awaited = { status: 'accepted', addendumId: null, addendumStatus: 'awaiting_cosignature' }
    t.match(accepted.body, awaited)
    t.match(await requestOf(request.id), awaited)
    const [first] = await addendaOf(note.id)
    t.equal(first?.status, 'pending_cosign')
    const again = {
      reason: 'Amended',
      text: 'Ten past (fictional).',
      amendmentRequestId: request.id,
    }
    const send = (by: Caller, noteId: string) =>
      by.post(`/v1/session-notes/${noteId}/addenda`, again, { key: randomUUID() })
    t.equal((await send(associate, note.id)).body.code, 'invalid-state', 'nobody returned it')
    const returned = { decision: 'returned', remarks: 'Say when (fictional).' }
    t.equal((await review(supervisor, note.id, first?.id ?? '', returned)).status, 200)
    t.match(await requestOf(request.id), awaited, 'what was returned is awaited anew')
    const { body: another } = await signedNote(clinician, (await people.client('Kim', [clinician])).chartId)
    t.equal((await send(clinician, another.id)).body.code, 'unknown-reference')
    const second = await send(associate, note.id)
    t.match(second.body, { status: 'pending_cosign' })
    t.equal((await send(associate, note.id)).body.code, 'invalid-state', 'one is awaited already')
    t.equal((await review(supervisor, note.id, second.body.id, { decision: 'cosigned' })).status, 200)
    t.match(await requestOf(request.id), { addendumId: second.body.id, addendumStatus: 'effective' })
    const { body: list } = await clinician.get('/v1/amendment-requests?status=accepted')
    t.match(
      list.data.find(({ id }: { id: string }) => id === request.id),
      { addendumId: second.body.id, addendumStatus: 'effective' },
    )
  })

  t.test('an addendum of another kind is not co-signed in a closed chart', async t => {
    const client = await people.client('Alex', [clinician, associate])
    const { body: note } = await signedNote(clinician, client.chartId)
    const { body: added } = await addAddendum(associate, note.id, 'Later')
    await close(client.chartId)
    const refused = await review(supervisor, note.id, added.id, { decision: 'cosigned' })
    t.equal(refused.body.code, 'invalid-state')
  })

  t.test('a release by policy is told once: at the signature, the co-signature or its time', async t => {
    const policy = async (noteReleaseAfterHours: number | null) => {
      const { body } = await practice.owner.get('/v1/practice')
      const policies = { noteReleaseAfterHours }
      return practice.owner.patch('/v1/practice', { policies }, { ifMatch: body.version })
    }
    const told = async (noteId: string) =>
      (
        await people.run(`select id from events where resource_id = $1 and type = 'session-note.released'`, [
          noteId,
        ])
      ).length
    const { chartId } = await people.client('Alex', [clinician, associate])
    await policy(0)
    const { body: atOnce } = await signedNote(clinician, chartId)
    t.equal(await told(atOnce.id), 1)
    await release(clinician, atOnce.id)
    t.equal(await told(atOnce.id), 1, 'it was released already')
    const { body: pending } = await signedNote(associate, chartId)
    t.equal(await told(pending.id), 0, 'nobody can read it yet')
    await step(supervisor, pending.id, 'cosignature', pending.version)
    t.equal(await told(pending.id), 1)
    await policy(24)
    const { body: later } = await signedNote(clinician, chartId)
    const run = () => tellOfPolicyRelease(test.house, practice.id, later.id)
    await run()
    t.equal(await told(later.id), 0, 'its time has not come')
    await people.run(`update note_releases set visible_from = now() where note_id = $1`, [later.id])
    await Promise.all([run(), run()])
    t.equal(await told(later.id), 1)
    const { body: early } = await signedNote(clinician, chartId)
    await release(clinician, early.id)
    await people.run(`update note_releases set visible_from = now() where note_id = $1`, [early.id])
    await tellOfPolicyRelease(test.house, practice.id, early.id)
    t.equal(await told(early.id), 1, 'by hand it was told before')
    const { body: wrong } = await signedNote(clinician, chartId)
    await step(clinician, wrong.id, 'entered-in-error', wrong.version, { reason: 'Twice (fictional).' })
    await people.run(`update note_releases set visible_from = now() where note_id = $1`, [wrong.id])
    await tellOfPolicyRelease(test.house, practice.id, wrong.id)
    t.equal(await told(wrong.id), 0)
    await policy(null)
  })
})

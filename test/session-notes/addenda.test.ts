import { randomUUID } from 'node:crypto'
import t from 'tap'
import { verifyPracticeNotes } from '../../src/commands/notes.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import { addAddendum, signedNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('an associate’s addenda', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const supervisor = await practice.staff(['clinician', 'supervisor'])
  const otherSupervisor = await practice.staff(['clinician', 'supervisor'])
  const associate = await practice.staff(['clinician'], {
    supervisorId: supervisor.staffId,
    cosignRequired: true,
  })
  const colleague = await practice.staff(['clinician'])
  const { clientId, chartId } = await bookable.client([associate, colleague, otherSupervisor])
  const integration = await createApiClientCaller(test, practice, ['notes:read'])
  const review = (by: Caller, noteId: string, addendumId: string, body: object, key: string = randomUUID()) =>
    by.post(`/v1/session-notes/${noteId}/addenda/${addendumId}/review`, body, { key })
  const cosigned = async () => {
    const { body } = await signedNote(associate, chartId)
    await step(supervisor, body.id, 'cosignature', body.version)
    return String(body.id)
  }
  const addendaFor = async (by: Caller, noteId: string): Promise<[string, string][]> =>
    (await by.get(`/v1/session-notes/${noteId}`)).body.addenda.map((one: Record<string, string>) => [
      one.text,
      one.status,
    ])
  const waiting = async (by: Caller) =>
    (await by.get('/v1/session-notes?view=awaiting_cosign')).body.data.map(({ id }: { id: string }) => id)

  t.test('one waits for the supervisor, and until then is final for nobody outside', async t => {
    const noteId = await cosigned()
    await step(supervisor, noteId, 'lock', 3)
    t.same(await waiting(supervisor), [])
    const added = await addAddendum(associate, noteId, 'Bullace')
    t.match(added, { status: 201, body: { status: 'pending_cosign', review: null } })
    t.same(await waiting(supervisor), [noteId])
    t.same(await waiting(otherSupervisor), [])
    for (const by of [associate, colleague, supervisor])
      t.same(await addendaFor(by, noteId), [['Bullace', 'pending_cosign']])
    t.same(await addendaFor(integration, noteId), [])
    const { version } = (await supervisor.get(`/v1/session-notes/${noteId}`)).body
    const key = randomUUID()
    const done = await review(supervisor, noteId, added.body.id, { decision: 'cosigned' }, key)
    t.match(done, {
      status: 200,
      body: {
        id: added.body.id,
        status: 'cosigned',
        contentHash: added.body.contentHash,
        review: { reviewerId: supervisor.staffId, remarks: null },
      },
    })
    t.same((await review(supervisor, noteId, added.body.id, { decision: 'cosigned' }, key)).body, done.body)
    t.same(await waiting(supervisor), [])
    t.same(await addendaFor(integration, noteId), [['Bullace', 'cosigned']])
    t.equal((await supervisor.get(`/v1/session-notes/${noteId}`)).body.version, version + 1)
    const again = await review(supervisor, noteId, added.body.id, { decision: 'returned', remarks: 'x' })
    t.equal(again.body.code, 'invalid-state')
  })

  t.test('one that is returned is between its author and their supervisor', async t => {
    const noteId = await cosigned()
    const added = await addAddendum(associate, noteId, 'Damson')
    const returned = { decision: 'returned', remarks: 'Say when it was (fictional).' }
    for (const bad of [
      { decision: 'returned' },
      { decision: 'cosigned', remarks: 'x' },
      { decision: 'later' },
    ])
      t.equal((await review(supervisor, noteId, added.body.id, bad)).status, 400)
    t.equal((await review(supervisor, noteId, added.body.id, returned)).body.status, 'returned')
    for (const by of [associate, supervisor]) t.same(await addendaFor(by, noteId), [['Damson', 'returned']])
    for (const by of [colleague, integration]) t.same(await addendaFor(by, noteId), [])
    const search = async (by: Caller) =>
      (await by.post(`/v1/charts/${chartId}/note-search`, { words: 'Damson' })).body.data.length
    t.same([await search(associate), await search(colleague)], [1, 0])
    await addAddendum(associate, noteId, 'Damson, at ten')
    t.same(await addendaFor(colleague, noteId), [['Damson, at ten', 'pending_cosign']])
    t.same(await waiting(supervisor), [noteId])
    const { findings } = await verifyPracticeNotes(test.house.database, practice.id)
    t.same(findings, [])
    await bookable.run(
      `update session_note_addendum_reviews set decision = 'cosigned', document = null where addendum_id = $1`,
      [added.body.id],
    )
    t.match((await verifyPracticeNotes(test.house.database, practice.id)).findings, [
      { noteId, problem: 'addendum-altered' },
    ])
  })

  t.test('the client reads it once it is co-signed', async t => {
    const portal = await portalCaller(practice, clientId)
    const noteId = await cosigned()
    await colleague.post(`/v1/session-notes/${noteId}/release`, undefined, { key: randomUUID() })
    const read = async () =>
      (await portal.get(`/v1/portal/session-notes/${noteId}`)).body.addenda?.map(
        ({ text }: { text: string }) => text,
      )
    const added = await addAddendum(associate, noteId, 'Bullace')
    t.same(await read(), [])
    await review(supervisor, noteId, added.body.id, { decision: 'cosigned' })
    t.same(await read(), ['Bullace'])
  })

  t.test('two who decide at once: one of them; nobody else decides', async t => {
    const noteId = await cosigned()
    const { body: added } = await addAddendum(associate, noteId, 'Quince')
    for (const by of [otherSupervisor, practice.owner, associate, colleague, integration]) {
      const { status } = await review(by, noteId, added.id, { decision: 'cosigned' })
      t.ok([403, 404].includes(status), String(status))
    }
    const elsewhere = await (await createTestPractice(test)).staff(['supervisor'])
    t.equal((await review(elsewhere, noteId, added.id, { decision: 'cosigned' })).status, 404)
    const another = await cosigned()
    t.equal((await review(supervisor, another, added.id, { decision: 'cosigned' })).status, 404)
    const replies = await Promise.all([
      review(supervisor, noteId, added.id, { decision: 'cosigned' }),
      review(supervisor, noteId, added.id, { decision: 'returned', remarks: 'At once.' }),
    ])
    t.same(replies.map(({ status }) => status).sort(), [200, 409])
    const { body: plain } = await addAddendum(colleague, noteId, 'Sloe')
    t.match(plain, { status: 'signed', review: null })
    t.equal((await review(supervisor, noteId, plain.id, { decision: 'cosigned' })).status, 404)
  })
})

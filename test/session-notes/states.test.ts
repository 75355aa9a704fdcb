import { randomUUID } from 'node:crypto'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { verifyPracticeNotes } from '../../src/commands/notes.ts'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../src/lib/database/practice-transaction.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { lockDueNotes } from '../../src/modules/session-notes/index.ts'
import { places, sealContent, sealOf } from '../../src/modules/session-notes/sealing.ts'
import { contentHash, type SignedContentV1 } from '../../src/modules/session-notes/signed-content.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { asSystem } from '../support/clients-raw.ts'
import { register } from '../support/emdr.ts'
import { confirmation, decideBilling, hold, release } from '../support/note-followups.ts'
import { createTestPractice, type TestPractice } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import {
  addAddendum,
  headerFor,
  sessionEnding,
  signedNote,
  startNote,
  step,
} from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

async function setPolicies({ owner }: TestPractice, policies: Record<string, unknown>): Promise<void> {
  const { etag } = await owner.get('/v1/practice')
  const version = Number(/v(\d+)/.exec(etag)?.[1])
  const { status } = await owner.patch('/v1/practice', { policies }, { ifMatch: version })
  if (status !== 200) throw new Error(`The policies were answered with ${status}`)
}

t.test('the states of a note', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const supervisor = await practice.staff(['supervisor'])
  const author = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const colleague = await practice.staff(['clinician'])
  const { chartId, clientId } = await bookable.client([author, colleague])
  const urlOf = (id: string) => `/v1/session-notes/${id}`
  const readiness = (id: string, version: number, ready: boolean) =>
    author.post(`${urlOf(id)}/readiness`, { ready }, { ifMatch: version })

  t.test('a note that lacks nothing is put aside for signing, and stays as it is meanwhile', async t => {
    const bare = await startNote(author, chartId, { sections: {} })
    t.equal((await readiness(bare.body.id, 1, true)).body.code, 'invalid-state')
    const { body } = await startNote(author, chartId)
    const ready = await readiness(body.id, 1, true)
    t.match(ready.body, { status: 'ready', version: 2 })
    t.equal((await readiness(body.id, 2, true)).body.code, 'invalid-state')
    const change = { sections: { plan: 'x' } }
    t.equal((await author.patch(urlOf(body.id), change, { ifMatch: 2 })).body.code, 'invalid-state')
    t.equal((await colleague.get(urlOf(body.id))).status, 404, 'only its author sees it')
    t.equal((await supervisor.get(urlOf(body.id))).status, 404)
    const { body: mine } = await author.get('/v1/session-notes?view=unsigned')
    t.ok(
      mine.data.some(
        ({ id, status }: { id: string; status: string }) => id === body.id && status === 'ready',
      ),
    )
    t.match((await readiness(body.id, 2, false)).body, { status: 'draft', version: 3 })
    t.equal((await readiness(body.id, 3, false)).body.code, 'invalid-state')
    t.equal((await author.patch(urlOf(body.id), change, { ifMatch: 3 })).status, 200)
    await readiness(body.id, 4, true)
    const signed = await step(author, body.id, 'signature', 5)
    t.match(signed.body, { status: 'signed', version: 6, sections: { plan: 'x' } })
    t.equal((await readiness(body.id, 6, false)).body.code, 'invalid-state')
  })

  t.test('of a save and of putting it aside at once, one wins', async t => {
    const { body } = await startNote(author, chartId)
    const replies = await Promise.all([
      readiness(body.id, 1, true),
      author.patch(urlOf(body.id), { sections: { plan: 'y' } }, { ifMatch: 1 }),
    ])
    t.equal(replies.filter(({ status }) => status === 200).length, 1)
  })

  t.test(
    'author and supervisor lock a signed note; there is no way back, and it can still be added to',
    async t => {
      const byAuthor = await signedNote(author, chartId)
      const bySupervisor = await signedNote(author, chartId)
      const draft = await startNote(author, chartId)
      t.equal((await step(author, draft.body.id, 'lock', 1)).body.code, 'invalid-state')
      const { id } = byAuthor.body
      const api = await createApiClientCaller(test, practice, ['notes:read'])
      const stranger = await practice.staff(['clinician', 'supervisor'])
      for (const other of [colleague, stranger, api])
        t.equal((await step(other, id, 'lock', 2)).status, 404, 'nobody else')
      t.equal((await step(author, id, 'lock', 1)).status, 412)
      const twins = await Promise.all([step(author, id, 'lock', 2), step(supervisor, id, 'lock', 2)])
      t.same(twins.map(({ status }) => status).sort(), [200, 412].sort())
      const now = (await author.get(urlOf(id))).body
      t.match(now, { status: 'locked', version: 3 })
      t.ok([author.staffId, supervisor.staffId].includes(now.lock.lockedById))
      t.equal((await step(author, id, 'lock', 3)).body.code, 'invalid-state')
      const done = await step(supervisor, bySupervisor.body.id, 'lock', 2)
      t.equal(done.body.lock.lockedById, supervisor.staffId)
      t.equal((await addAddendum(colleague, id, 'More (fictional).')).status, 201)
      const marked = await step(author, id, 'entered-in-error', 4, { reason: 'Wrong chart (fictional).' })
      t.equal(marked.body.status, 'entered_in_error')
      t.ok((await api.get(urlOf(bySupervisor.body.id))).body.lock)
    },
  )

  t.test('an address in capital letters names the same note, and what is sealed of it holds', async t => {
    const { body } = await signedNote(author, chartId)
    const id = body.id.toUpperCase()
    t.equal((await addAddendum(author, id, 'More (fictional).')).status, 201)
    t.equal((await step(author, id, 'lock', 3)).status, 200)
    t.same((await verifyPracticeNotes(test.house.database, practice.id)).findings, [])
  })

  t.test('in a closed chart nothing is done with a note, nor with what goes with it', async t => {
    const closing = await bookable.client([author])
    const { body: draft } = await startNote(author, closing.chartId)
    const { body: note } = await signedNote(author, closing.chartId)
    const { body: facts } = await author.get(`${urlOf(note.id)}/billing-facts`)
    await bookable.run(`update charts set status = 'closed', closed_at = now() where id = $1`, [
      closing.chartId,
    ])
    const card = { coversOn: note.sessionDate }
    const refused = await Promise.all([
      readiness(draft.id, 1, true),
      step(author, draft.id, 'signature', 1),
      step(author, note.id, 'lock', 2),
      step(author, note.id, 'entered-in-error', 2, { reason: 'Late (fictional).' }),
      addAddendum(author, note.id, 'Late (fictional).'),
      release(author, note.id),
      hold(author, note.id, 60),
      decideBilling(author, note.id, 1, confirmation(facts)),
      register(author, closing.chartId),
      author.post(`/v1/charts/${closing.chartId}/diary-cards`, card, { key: randomUUID() }),
    ])
    t.same([...new Set(refused.map(({ status, body }) => `${status} ${body.code}`))], ['409 invalid-state'])
    t.equal((await author.get(urlOf(note.id))).body.version, 2, 'and it is read as before')
  })

  t.test('what waits for its co-signature is not locked, and what is locked is not returned', async t => {
    const associate = await practice.staff(['clinician'], {
      supervisorId: supervisor.staffId,
      cosignRequired: true,
    })
    const shared = await bookable.client([associate])
    const { body } = await signedNote(associate, shared.chartId)
    t.equal((await step(associate, body.id, 'lock', 2)).body.code, 'invalid-state')
    await step(supervisor, body.id, 'cosignature', 2)
    t.equal((await step(supervisor, body.id, 'lock', 3)).status, 200)
    const remarks = { remarks: 'Late (fictional).' }
    t.equal((await step(supervisor, body.id, 'return', 4, remarks)).body.code, 'invalid-state')
  })

  t.test('the practice’s policy locks what nothing happened to for its hours, and nothing else', async t => {
    const quiet = await createTestPractice(test)
    const ground = await createBookablePractice(test, quiet)
    const by = await quiet.staff(['clinician'])
    const own = await ground.client([by])
    const [old, recent, draft] = [
      await signedNote(by, own.chartId),
      await signedNote(by, own.chartId),
      await startNote(by, own.chartId),
    ]
    const { body: facts } = await by.get(`${urlOf(old.body.id)}/billing-facts`)
    t.equal((await decideBilling(by, old.body.id, 1, confirmation(facts))).status, 200)
    const age = `update session_notes set updated_at = now() - interval '30 hours' where id = any($1::uuid[])`
    await ground.run(age, [[old.body.id, draft.body.id]])
    const round = () => asSystem(test, quiet, lockDueNotes)
    const states = async () =>
      Promise.all([old, recent, draft].map(async note => (await by.get(urlOf(note.body.id))).body.status))
    await round()
    t.same(await states(), ['signed', 'signed', 'draft'], 'a week is not over')
    await setPolicies(quiet, { lockNotesAfterHours: null })
    await round()
    t.same(await states(), ['signed', 'signed', 'draft'], 'people decide')
    await setPolicies(quiet, { lockNotesAfterHours: 24 })
    await Promise.all([round(), round()])
    t.same(await states(), ['locked', 'signed', 'draft'])
    t.equal((await by.get(urlOf(old.body.id))).body.lock.lockedById, null)
    const events = await ground.run(
      `select count(*)::int as count from events where type = 'session-note.locked' and resource_id = $1`,
      [old.body.id],
    )
    t.equal(events[0]?.count, 1)
    const final = `select 1 from events where type = 'note-billing-facts.finalized' and resource_id = $1`
    t.equal((await ground.run(final, [old.body.id])).length, 1, 'what was confirmed is final, and told to be')
    t.same((await verifyPracticeNotes(test.house.database, quiet.id)).findings, [])
  })

  t.test('whose signature needs another is the practice’s policy', async t => {
    const strict = await createTestPractice(test)
    const ground = await createBookablePractice(test, strict)
    const today = Temporal.Now.plainDateISO('America/Los_Angeles').toString()
    const person = async (license?: string, candidate?: string) => {
      const by = await strict.staff(['clinician'])
      const base = `/v1/staff-members/${by.staffId}`
      const details = { profession: 'Example', state: 'CA', number: by.staffId.slice(-6).toUpperCase() }
      if (license)
        await strict.owner.post(`${base}/licenses`, { ...details, licenseType: license, status: 'active' })
      if (candidate)
        await strict.owner.post(`${base}/credentials`, {
          code: candidate,
          issuer: 'Example Institute',
          status: 'candidate',
        })
      return by
    }
    const people = {
      associate: await person('AMFT'),
      candidate: await person('LMFT', 'CSAT'),
      licensed: await person('LMFT', 'EMDRIA'),
      technician: await person(),
    }
    const statuses = async () =>
      Promise.all(
        Object.values(people).map(async by => {
          const own = await ground.client([by])
          return (await signedNote(by, own.chartId, { sessionDate: today, startedAt: null, endedAt: null }))
            .body.status
        }),
      )
    t.same(await statuses(), ['signed', 'signed', 'signed', 'signed'])
    await setPolicies(strict, {
      cosignRequiredOf: { licenseTypes: ['AMFT'], candidatesFor: ['CSAT'], unlicensed: true },
    })
    t.same(await statuses(), ['pending_cosign', 'pending_cosign', 'signed', 'pending_cosign'])
  })

  t.test('drafts beyond the hours of the practice are a list of their own', async t => {
    const own = await bookable.client([author])
    const late = await startNote(author, own.chartId, sessionEnding(100))
    const recent = await startNote(author, own.chartId, sessionEnding(2))
    const dated = await startNote(author, own.chartId, {
      startedAt: null,
      endedAt: null,
      sessionDate: '2026-01-05',
    })
    const { body } = await author.get('/v1/session-notes?view=overdue&limit=200')
    const listed = body.data.map(({ id }: { id: string }) => id)
    t.same(
      [late, recent, dated].map(note => listed.includes(note.body.id)),
      [true, false, true],
    )
    t.same((await colleague.get('/v1/session-notes?view=overdue')).body.data, [])
  })

  t.test(
    'what was written before there were parts is read, verified, co-signed and gone on with',
    async t => {
      const { body } = await signedNote(author, chartId)
      const old = await inPractice(test.house.database, systemScope(practice.id, 'test'), trx =>
        layFormatOne(trx, { chartId, authorId: author.staffId, like: body }),
      )
      const read = (await author.get(urlOf(old.signedId))).body
      t.match(read, { header: {}, parts: [], carried: [], sections: { plan: 'Old (fictional).' } })
      t.same(read.headings.length, 3)
      const revision = (await author.get(`${urlOf(old.signedId)}/revisions/1`)).body
      t.same([revision.format, revision.header, revision.parts], [1, undefined, undefined])
      t.same((await verifyPracticeNotes(test.house.database, practice.id)).findings, [])
      const draft = (await author.get(urlOf(old.draftId))).body
      t.match(draft, { status: 'draft', sections: { plan: 'Old draft (fictional).' }, parts: [] })
      const header = await headerFor(author, chartId)
      const sections = { data: 'x', assessment: 'y' }
      const { startedAt, endedAt } = body
      const change = { startedAt, endedAt, header, sections }
      const saved = await author.patch(urlOf(old.draftId), change, { ifMatch: 1 })
      t.equal(saved.status, 200)
      t.match((await step(author, old.draftId, 'signature', 2)).body, {
        status: 'signed',
        header: { attendance: [{ clientId }] },
        sections: { plan: 'Old draft (fictional).' },
      })
    },
  )
})

interface Old {
  chartId: string
  authorId: string
  like: { template: { key: string; version: number }; timeZone: string }
}

/** A signed note and a draft as the release before wrote them. */
async function layFormatOne(trx: PracticeTransaction, { chartId, authorId, like }: Old) {
  const head = {
    practice_id: trx.practiceId,
    chart_id: chartId,
    author_id: authorId,
    template_key: like.template.key,
    template_version: like.template.version,
    session_date: '2026-01-05',
    time_zone: like.timeZone,
  }
  const insertHead = (more: object) =>
    trx
      .insertInto('session_notes')
      .values({ ...head, ...more })
      .returning('id')
      .executeTakeFirstOrThrow()
  const signedAt = new Date('2026-01-05T20:00:00.000Z')
  const { id: noteId } = await insertHead({ status: 'signed', revision: 1, signed_at: signedAt })
  const content: SignedContentV1 = {
    format: 1,
    noteId,
    revision: 1,
    chartId,
    authorId,
    appointmentId: null,
    template: like.template,
    sessionDate: head.session_date,
    startedAt: null,
    endedAt: null,
    timeZone: like.timeZone,
    lateEntry: false,
    sections: { data: 'Old.', assessment: 'Old.', plan: 'Old (fictional).' },
  }
  const of = { practice_id: trx.practiceId, note_id: noteId, revision: 1 }
  await trx
    .insertInto('session_note_contents')
    .values({ ...of, document: await sealContent(trx, content) })
    .execute()
  const facts = { role: 'author' as const, signerId: authorId, credentials: 'Casey Example', signedAt }
  const signature = { noteId, revision: 1, ...facts, contentHash: contentHash(content) }
  await trx
    .insertInto('session_note_signatures')
    .values({
      ...of,
      role: facts.role,
      signer_id: authorId,
      credentials: facts.credentials,
      signed_at: signedAt,
      content_hash: Buffer.from(signature.contentHash, 'hex'),
      seal: await sealOf(trx, { signature }),
    })
    .execute()
  const { id: draftId } = await insertHead({})
  const draft = { format: 1, sections: { plan: 'Old draft (fictional).' } }
  await trx
    .insertInto('session_note_drafts')
    .values({
      practice_id: trx.practiceId,
      note_id: draftId,
      version: 1,
      document: await trx.seal(places.draft(draftId, 1), JSON.stringify(draft)),
    })
    .execute()
  return { signedId: noteId, draftId }
}

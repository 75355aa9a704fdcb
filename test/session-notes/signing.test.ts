import { createHash, randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { createTestPractice } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import {
  addAddendum,
  dapSections,
  sessionEnding,
  signedNote,
  startNote,
  step,
} from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('signing session notes', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const author = await practice.staff(['clinician'])
  const colleague = await practice.staff(['clinician'])
  const { chartId } = await bookable.client([author, colleague])
  const urlOf = (note: { body: { id: string } }) => `/v1/session-notes/${note.body.id}`

  t.test('a signed note is final, and read by the care team', async t => {
    const signed = await signedNote(author, chartId)
    t.equal(signed.status, 200)
    t.match(signed.body, {
      status: 'signed',
      revision: 1,
      version: 2,
      lateEntry: false,
      sections: dapSections,
    })
    const [signature] = signed.body.signatures
    t.match(signature, { role: 'author', signerId: author.staffId, contentHash: /^[0-9a-f]{64}$/ })
    t.match(signature.credentials, 'Test clinician')
    t.same((await colleague.get(urlOf(signed))).body, signed.body)
    const save = await author.patch(urlOf(signed), { sections: { plan: 'x' } }, { ifMatch: 2 })
    t.equal(save.body.code, 'invalid-state')
    const revision = await colleague.get(`${urlOf(signed)}/revisions/1`)
    t.match(revision.body, { noteId: signed.body.id, sections: dapSections, signatures: [signature] })
    t.equal((await colleague.get(`${urlOf(signed)}/revisions/2`)).status, 404)
    const list = await colleague.get(`/v1/charts/${chartId}/session-notes?status=signed`)
    t.same(
      list.body.data.map((head: { id: string }) => head.id),
      [signed.body.id],
    )
  })

  t.test('whoever has the signed revision can compute the hash that was signed', async t => {
    const note = await signedNote(author, chartId)
    const { body } = await author.get(`${urlOf(note)}/revisions/1`)
    const { signatures, ...document } = body
    const inOrder = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(inOrder)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .toSorted(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, member]) => [key, inOrder(member)]),
            )
          : value
    const hash = createHash('sha256').update(JSON.stringify(inOrder(document)))
    t.equal(hash.digest('hex'), signatures[0].contentHash)
  })

  t.test('signed from two devices at once, it has exactly one signature', async t => {
    const { body } = await startNote(author, chartId)
    const replies = await Promise.all([1, 2, 3].map(() => step(author, body.id, 'signature', 1)))
    t.same(replies.map(({ status }) => status).sort(), [200, 412, 412])
    const rows = await bookable.run('select role from session_note_signatures where note_id = $1', [body.id])
    t.same(rows, [{ role: 'author' }])
  })

  t.test(
    'an autosave and a signature at once: nothing that was saved is left out of what was signed',
    async t => {
      const { body } = await startNote(author, chartId)
      const [saved, signed] = await Promise.all([
        author.patch(`/v1/session-notes/${body.id}`, { sections: { plan: 'changed' } }, { ifMatch: 1 }),
        step(author, body.id, 'signature', 1),
      ])
      t.same([saved.status, signed.status].filter(status => status === 200).length, 1)
      const read = await author.get(`/v1/session-notes/${body.id}`)
      t.equal(read.body.sections.plan, saved.status === 200 ? 'changed' : dapSections.plan)
      t.equal(read.body.status, saved.status === 200 ? 'draft' : 'signed')
    },
  )

  t.test('the same key signs once and answers alike; without a key or a version it is refused', async t => {
    const { body } = await startNote(author, chartId)
    const url = `/v1/session-notes/${body.id}/signature`
    t.equal((await author.post(url, undefined, { ifMatch: 1 })).body.code, 'idempotency-key-required')
    t.equal((await author.post(url, undefined, { key: randomUUID() })).body.code, 'precondition-required')
    const key = randomUUID()
    const first = await author.post(url, undefined, { ifMatch: 1, key })
    const second = await author.post(url, undefined, { ifMatch: 1, key })
    t.same(second.body, first.body)
    t.equal(second.headers['idempotency-replayed'], 'true')
  })

  t.test('an unfinished note, or one whose session has not begun, is not signed', async t => {
    const unfinished = await startNote(author, chartId, { sections: { data: 'only this', plan: '  ' } })
    const refused = await step(author, unfinished.body.id, 'signature', 1)
    t.equal(refused.body.code, 'invalid-state')
    t.same(
      refused.body.errors.map((error: { pointer: string }) => error.pointer),
      ['/sections/assessment', '/sections/plan'],
    )
    const ahead = await startNote(author, chartId, sessionEnding(-30))
    t.equal((await step(author, ahead.body.id, 'signature', 1)).body.code, 'invalid-state')
    t.equal((await author.get(urlOf(ahead))).body.status, 'draft')
    const startedAt = new Date(Date.now() - 5 * 60_000).toISOString()
    const endedAt = new Date(Date.now() + 60 * 60_000).toISOString()
    const during = await startNote(author, chartId, { startedAt, endedAt })
    const early = await step(author, during.body.id, 'signature', 1)
    t.equal(early.body.code, 'invalid-state', 'minutes that are still to come are not signed for')
    t.match(early.body.detail, /endedAt/)
    const ahead20 = new Date(Date.now() + 20_000).toISOString()
    const clock = await startNote(author, chartId, { startedAt, endedAt: ahead20 })
    t.equal((await step(author, clock.body.id, 'signature', 1)).status, 200, 'a clock may be ahead of ours')
  })

  t.test('a note signed long after its session is marked as a late entry', async t => {
    t.equal((await signedNote(author, chartId, sessionEnding(47))).body.lateEntry, false)
    t.equal((await signedNote(author, chartId, sessionEnding(49))).body.lateEntry, true)
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
    const unscheduled = { startedAt: null, endedAt: null }
    t.equal(
      (await signedNote(author, chartId, { ...unscheduled, sessionDate: day(1) })).body.lateEntry,
      false,
    )
    t.equal((await signedNote(author, chartId, { ...unscheduled, sessionDate: day(5) })).body.lateEntry, true)
  })

  t.test('addenda are added and never change what was signed', async t => {
    const signed = await signedNote(author, chartId)
    t.equal((await addAddendum(author, signed.body.id, 'One more detail.')).status, 201)
    const byColleague = await addAddendum(colleague, signed.body.id, 'Seen together.')
    t.match(byColleague.body, { authorId: colleague.staffId, text: 'Seen together.' })
    const read = await author.get(urlOf(signed))
    t.same(
      read.body.addenda.map((addendum: { text: string }) => addendum.text),
      ['One more detail.', 'Seen together.'],
    )
    t.same(read.body.sections, signed.body.sections)
    t.same(read.body.signatures, signed.body.signatures)
    t.equal(read.body.version, 4)
    const draft = await startNote(author, chartId)
    t.equal((await addAddendum(author, draft.body.id, 'x')).body.code, 'invalid-state')
    t.equal((await addAddendum(colleague, draft.body.id, 'x')).status, 404)
  })

  t.test('a note entered in error is marked with its reason, stays readable and is final', async t => {
    const signed = await signedNote(author, chartId)
    const reason = { reason: 'Written in the wrong chart.' }
    t.equal((await step(colleague, signed.body.id, 'entered-in-error', 2, reason)).status, 404)
    const marked = await step(author, signed.body.id, 'entered-in-error', 2, reason)
    t.match(marked.body, { status: 'entered_in_error', enteredInError: reason, sections: dapSections })
    t.same((await colleague.get(urlOf(signed))).body, marked.body)
    t.equal((await step(author, signed.body.id, 'entered-in-error', 3, reason)).body.code, 'invalid-state')
    t.equal((await addAddendum(author, signed.body.id, 'x')).body.code, 'invalid-state')
    const draft = await startNote(author, chartId)
    t.equal((await step(author, draft.body.id, 'entered-in-error', 1, reason)).body.code, 'invalid-state')
  })

  t.test('an integration reads what is final, and cannot write', async t => {
    const api = await createApiClientCaller(test, practice, ['notes:read', 'charts:read'])
    const mute = await createApiClientCaller(test, practice, ['clients:read'])
    const other = await bookable.client([author])
    const signed = await signedNote(author, other.chartId)
    await startNote(author, other.chartId)
    t.equal((await api.get(urlOf(signed))).body.sections.plan, dapSections.plan)
    const list = await api.get(`/v1/charts/${other.chartId}/session-notes`)
    t.same(
      list.body.data.map((head: { id: string }) => head.id),
      [signed.body.id],
    )
    t.same((await api.get('/v1/session-notes?view=mine')).body.data, [])
    t.equal((await mute.get(urlOf(signed))).body.code, 'not-permitted')
    t.equal((await step(api, signed.body.id, 'signature', 2)).body.code, 'not-permitted')
  })

  t.test('worklists and pages follow each other without gap or repeat', async t => {
    const writer = await practice.staff(['clinician'])
    const own = await bookable.client([writer])
    for (const hours of [30, 60, 90]) await signedNote(writer, own.chartId, sessionEnding(hours))
    const drafts = [await startNote(writer, own.chartId), await startNote(writer, own.chartId)]
    for (const base of ['/v1/session-notes?view=mine', `/v1/charts/${own.chartId}/session-notes?`]) {
      const seen: { id: string; sessionDate: string }[] = []
      let cursor: string | null = null
      do {
        const { body } = await writer.get(`${base}&limit=2${cursor ? `&cursor=${cursor}` : ''}`)
        seen.push(...body.data)
        cursor = body.nextCursor
      } while (cursor)
      t.equal(new Set(seen.map(({ id }) => id)).size, 5)
      const dates = seen.map(({ sessionDate }) => sessionDate)
      t.same(dates, dates.toSorted().toReversed())
    }
    const unsigned = await writer.get('/v1/session-notes?view=unsigned')
    t.same(
      unsigned.body.data.map((head: { id: string }) => head.id).sort(),
      drafts.map(({ body }) => body.id).sort(),
    )
    t.equal((await writer.get('/v1/session-notes')).status, 400)
    const foreign = await author.get('/v1/session-notes?view=mine&limit=1')
    const stolen = `/v1/session-notes?view=mine&cursor=${foreign.body.nextCursor}`
    t.equal((await writer.get(stolen)).body.code, 'invalid-cursor')
  })

  t.test(
    'every step is an event of the chart, and its timeline tells of those that followed the signature',
    async t => {
      const signed = await signedNote(author, chartId)
      await addAddendum(author, signed.body.id, 'more')
      await step(author, signed.body.id, 'entered-in-error', 3, { reason: 'wrong' })
      const rows = await bookable.run(
        `select type, resource_version, chart_id from events where resource_id = $1 and resource_type = 'session-note'
         order by resource_version`,
        [signed.body.id],
      )
      t.same(
        rows,
        ['created', 'signed', 'amended', 'entered-in-error'].map((verb, index) => ({
          type: `session-note.${verb}`,
          resource_version: index + 1,
          chart_id: chartId,
        })),
      )
      const { body } = await colleague.get(`/v1/charts/${chartId}/timeline?limit=200`)
      const ofNotes = body.data.filter((entry: { type: string }) => entry.type.startsWith('session-note.'))
      t.ok(ofNotes.some((entry: { resourceId: string }) => entry.resourceId === signed.body.id))
      t.notOk(ofNotes.some((entry: { type: string }) => entry.type === 'session-note.created'))
    },
  )
})

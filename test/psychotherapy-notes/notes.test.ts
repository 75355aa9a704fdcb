import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import {
  addAddendum,
  authorize,
  chartOf,
  completedNote,
  notes,
  startNote,
  step,
} from '../support/psychotherapy-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

t.test('psychotherapy notes of their author', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const clinician = await practice.staff(['clinician'])
  const { chartId } = await chartOf(practice, clinician)
  const urlOf = (id: string) => `${notes}/${id}`

  t.test('a note is started, saved, completed and read', async t => {
    const started = await startNote(clinician, chartId, { text: 'First thoughts' })
    t.equal(started.status, 201)
    t.equal(started.headers.location, urlOf(started.body.id))
    t.notOk('text' in started.body, 'the answer leaves out the text')
    t.match(started.body, { chartId, authorId: clinician.staffId, status: 'draft', revision: 0, version: 1 })
    const saved = await clinician.patch(urlOf(started.body.id), { text: 'Second thoughts' }, { ifMatch: 1 })
    t.match(saved.body, { status: 'draft', version: 2 })
    const draft = await clinician.get(urlOf(started.body.id))
    t.match(draft.body, { text: 'Second thoughts', version: 2, addenda: [], enteredInError: null })
    t.match(draft.etag, /^"v2/)
    const completed = await step(clinician, started.body.id, 'completion', 2)
    t.match(completed.body, { status: 'completed', revision: 1, version: 3 })
    t.ok(completed.body.completedAt)
    t.match((await clinician.get(urlOf(started.body.id))).body, {
      text: 'Second thoughts',
      status: 'completed',
      version: 3,
    })
  })

  t.test('every completed text is kept', async t => {
    const id = await completedNote(clinician, chartId, { text: 'One' })
    t.match((await step(clinician, id, 'reopening', 2)).body, { status: 'draft', version: 3, revision: 1 })
    t.equal((await clinician.get(urlOf(id))).body.text, 'One', 'it goes on from the completed text')
    await clinician.patch(urlOf(id), { text: 'Two', conversationOn: '2026-01-04' }, { ifMatch: 3 })
    t.match((await step(clinician, id, 'completion', 4)).body, {
      revision: 2,
      version: 5,
      conversationOn: '2026-01-04',
    })
    t.equal((await clinician.get(`${urlOf(id)}/revisions/1`)).body.text, 'One')
    t.equal((await clinician.get(`${urlOf(id)}/revisions/2`)).body.text, 'Two')
    t.equal((await clinician.get(`${urlOf(id)}/revisions/3`)).status, 404)
  })

  t.test('addenda and the mark "entered in error" stand beside the text', async t => {
    const id = await completedNote(clinician, chartId, { text: 'As it was' })
    const key = randomUUID()
    const added = await addAddendum(clinician, id, 'And then', key)
    t.equal(added.status, 201)
    t.notOk('text' in added.body)
    t.equal(
      (await addAddendum(clinician, id, 'And then', key)).body.id,
      added.body.id,
      'the work is done once',
    )
    t.equal((await addAddendum(clinician, id, 'Once more')).status, 201)
    const marked = await step(clinician, id, 'entered-in-error', 4, { reason: 'Another chart' })
    t.match(marked.body, { status: 'entered_in_error', version: 5 })
    const { body } = await clinician.get(urlOf(id))
    t.same(
      body.addenda.map(({ text }: { text: string }) => text),
      ['And then', 'Once more'],
    )
    t.match(body, { text: 'As it was', enteredInError: { reason: 'Another chart' } })
  })

  t.test('steps that its state does not allow are refused', async t => {
    const { body: draft } = await startNote(clinician, chartId)
    const completed = await completedNote(clinician, chartId)
    const marked = await completedNote(clinician, chartId)
    await step(clinician, marked, 'entered-in-error', 2, { reason: 'Twice' })
    const { body: empty } = await startNote(clinician, chartId, { text: '  ' })
    const refused = [
      await step(clinician, draft.id, 'reopening', 1),
      await step(clinician, draft.id, 'entered-in-error', 1, { reason: 'No' }),
      await addAddendum(clinician, draft.id, 'No'),
      await clinician.patch(urlOf(completed), { text: 'No' }, { ifMatch: 2 }),
      await step(clinician, completed, 'completion', 2),
      await step(clinician, marked, 'reopening', 3),
      await step(clinician, marked, 'entered-in-error', 3, { reason: 'No' }),
      await addAddendum(clinician, marked, 'No'),
      await step(clinician, empty.id, 'completion', 1),
    ]
    t.same([...new Set(refused.map(({ status, body }) => `${status} ${body.code}`))], ['409 invalid-state'])
  })

  t.test('two devices never overwrite each other', async t => {
    const { body: note } = await startNote(clinician, chartId, { text: '' })
    const save = (text: string) => clinician.patch(urlOf(note.id), { text }, { ifMatch: 1 })
    const twins = await Promise.all(['One', 'Other', 'Third'].map(save))
    t.same(twins.map(({ status }) => status).toSorted(), [200, 412, 412])
    const raced = await Promise.all([
      step(clinician, note.id, 'completion', 2),
      clinician.patch(urlOf(note.id), { text: 'Late' }, { ifMatch: 2 }),
      step(clinician, note.id, 'completion', 2),
    ])
    t.equal(raced.filter(({ status }) => status === 200).length, 1)
    t.ok(raced.every(({ status }) => status === 200 || status === 412 || status === 409))
    t.equal((await clinician.patch(urlOf(note.id), { text: 'x' })).status, 428)
    const completed = await completedNote(clinician, chartId)
    const stale = [
      await step(clinician, completed, 'reopening', 1),
      await step(clinician, completed, 'entered-in-error', 1, { reason: 'Read long ago' }),
    ]
    t.same(
      stale.map(({ status }) => status),
      [412, 412],
    )
    const moved = await Promise.all([
      step(clinician, completed, 'reopening', 2),
      step(clinician, completed, 'entered-in-error', 2, { reason: 'At once' }),
    ])
    t.equal(moved.filter(({ status }) => status === 200).length, 1)
    t.ok(moved.every(({ status }) => status === 200 || status === 412))
  })

  t.test('saves of one sitting are one audit row', async t => {
    const { body: note } = await startNote(clinician, chartId)
    for (const version of [1, 2, 3, 4]) {
      const { status } = await clinician.patch(urlOf(note.id), { text: `${version}` }, { ifMatch: version })
      t.equal(status, 200)
    }
    const rows = await asAdmin(test.adminUrl, admin =>
      admin.query(`select fields from cairn.audit_log where resource_id = $1 and operation = $2`, [
        note.id,
        'savePsychotherapyNote',
      ]),
    )
    t.same(rows.rows, [{ fields: ['draft'] }])
  })

  t.test('lists the own notes, the newest first, by pages and filters', async t => {
    const other = await chartOf(practice, clinician)
    const first = await completedNote(clinician, other.chartId)
    const { body: second } = await startNote(clinician, other.chartId, { kind: 'sud_counseling' })
    const idsOf = async (query: string) =>
      (await clinician.get(`${notes}?chartId=${other.chartId}${query}`)).body.data.map(
        ({ id }: { id: string }) => id,
      )
    t.same(await idsOf(''), [second.id, first])
    t.same(await idsOf('&kind=psychotherapy'), [first])
    t.same(await idsOf('&status=draft'), [second.id])
    const page = await clinician.get(`${notes}?chartId=${other.chartId}&limit=1`)
    t.same(await idsOf(`&limit=1&cursor=${page.body.nextCursor}`), [first])
    t.notOk('text' in page.body.data[0])
  })

  t.test('there is no place for what belongs to the record', async t => {
    for (const field of [
      'diagnosis',
      'diagnoses',
      'minutes',
      'startedAt',
      'endedAt',
      'modality',
      'code',
      'plan',
      'medication',
      'results',
      'progress',
      'symptoms',
      'prognosis',
      'appointmentId',
    ]) {
      const { status, body } = await startNote(clinician, chartId, { [field]: 'x' })
      t.equal(status, 400, field)
      t.notMatch(JSON.stringify(body), /"x"/, 'a refusal says back nothing')
    }
  })

  t.test('bad values are refused', async t => {
    for (const bad of [
      { conversationOn: '2999-01-01' },
      { conversationOn: 'soon' },
      { kind: 'progress' },
      { text: 'a'.repeat(50_001) },
      { text: null },
    ])
      t.equal((await startNote(clinician, chartId, bad)).status, 400, JSON.stringify(bad).slice(0, 60))
    const { body: note } = await startNote(clinician, chartId)
    t.equal((await clinician.patch(urlOf(note.id), {}, { ifMatch: 1 })).status, 400)
    t.equal(
      (await clinician.patch(urlOf(note.id), { conversationOn: '2999-01-01' }, { ifMatch: 1 })).status,
      400,
    )
  })

  t.test('nothing is written in a closed chart, and what is there can be read', async t => {
    const closed = await chartOf(practice, clinician)
    const id = await completedNote(clinician, closed.chartId)
    const { body: draft } = await startNote(clinician, closed.chartId)
    await asAdmin(test.adminUrl, admin =>
      admin.query(`update cairn.charts set status = 'closed', closed_at = now() where id = $1`, [
        closed.chartId,
      ]),
    )
    const refused = [
      await startNote(clinician, closed.chartId),
      await addAddendum(clinician, id, 'Late'),
      await clinician.patch(urlOf(draft.id), { text: 'Late' }, { ifMatch: 1 }),
      await step(clinician, draft.id, 'completion', 1),
      await step(clinician, id, 'reopening', 2),
      await step(clinician, id, 'entered-in-error', 2, { reason: 'Late' }),
      await authorize(clinician, closed.chartId, { clientId: closed.clientId }),
    ]
    t.same([...new Set(refused.map(({ status, body }) => `${status} ${body.code}`))], ['409 invalid-state'])
    t.equal((await clinician.get(urlOf(id))).status, 200)
  })
})

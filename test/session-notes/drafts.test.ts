import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { dapSections, marker, sessionEnding, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('drafts of session notes', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const author = await practice.staff(['clinician'])
  const colleague = await practice.staff(['clinician'])
  const { clientId, chartId } = await bookable.client([author, colleague])

  t.test('templates say what belongs under which heading', async t => {
    const { status, body } = await author.get('/v1/note-templates')
    t.equal(status, 200)
    t.same(
      body.data.slice(0, 4).map((template: { key: string }) => template.key),
      ['soap', 'dap', 'birp', 'girp'],
    )
  })

  t.test('a note is started, saved section by section and read back', async t => {
    const started = await startNote(author, chartId, { sections: { data: 'first' } })
    t.equal(started.status, 201)
    t.equal(started.headers.location, `/v1/session-notes/${started.body.id}`)
    t.match(started.body, { status: 'draft', revision: 0, version: 1, authorId: author.staffId })
    const url = `/v1/session-notes/${started.body.id}`
    const saved = await author.patch(url, { sections: { plan: 'next' } }, { ifMatch: started.etag })
    t.equal(saved.status, 200)
    t.equal(saved.etag, '"v2"')
    const emptied = await author.patch(url, { sections: { data: null } }, { ifMatch: 2 })
    t.equal(emptied.etag, '"v3"')
    const read = await author.get(url)
    t.same(read.body.sections, { plan: 'next' })
    t.match(read.etag, /^"v3-/)
  })

  t.test('two devices never overwrite each other', async t => {
    const { body } = await startNote(author, chartId)
    const url = `/v1/session-notes/${body.id}`
    const saves = await Promise.all(
      ['one', 'two', 'three'].map(plan => author.patch(url, { sections: { plan } }, { ifMatch: 1 })),
    )
    t.same(saves.map(({ status }) => status).sort(), [200, 412, 412])
    const winner = ['one', 'two', 'three'][saves.findIndex(({ status }) => status === 200)]
    const read = await author.get(url)
    t.equal(read.body.version, 2)
    t.equal(read.body.sections.plan, winner)
    t.equal((await author.patch(url, { sections: { plan: 'x' } })).body.code, 'precondition-required')
  })

  t.test('nobody but the author finds a draft, on any way', async t => {
    const supervisor = await practice.staff(['supervisor'])
    const associate = await practice.staff(['clinician'], {
      supervisorId: supervisor.staffId,
      cosignRequired: true,
    })
    const shared = await bookable.client([associate, colleague])
    const { body } = await startNote(associate, shared.chartId)
    const url = `/v1/session-notes/${body.id}`
    const missing = await colleague.get(`/v1/session-notes/${randomUUID()}`)
    const api = await createApiClientCaller(test, practice, ['notes:read'])
    for (const other of [colleague, supervisor, api]) {
      const hidden = await other.get(url)
      t.equal(hidden.status, 404)
      t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
      const list = await other.get(`/v1/charts/${shared.chartId}/session-notes`)
      t.equal(list.status, 200)
      t.same(list.body.data, [])
    }
    t.equal((await colleague.patch(url, { sections: { plan: 'x' } }, { ifMatch: 1 })).status, 404)
    t.equal((await step(colleague, body.id, 'signature', 1)).status, 404)
    t.equal((await step(supervisor, body.id, 'cosignature', 1)).status, 404)
  })

  t.test('a chart out of reach is not found, and neither is another practice’s', async t => {
    const stranger = await practice.staff(['clinician'])
    t.equal((await startNote(stranger, chartId)).status, 404)
    t.equal((await stranger.get(`/v1/charts/${chartId}/session-notes`)).status, 404)
    const elsewhere = await (await createTestPractice(test)).staff(['clinician'])
    const { body } = await startNote(author, chartId)
    t.equal((await elsewhere.get(`/v1/session-notes/${body.id}`)).status, 404)
    t.equal((await startNote(elsewhere, chartId)).status, 404)
    t.equal((await step(elsewhere, body.id, 'signature', 1)).status, 404)
  })

  t.test('roles without clinical reach get one answer, whether the note exists or not', async t => {
    const { body } = await startNote(author, chartId)
    for (const role of ['owner', 'admin', 'biller'] as const) {
      const other = await practice.staff([role])
      const hidden = await other.get(`/v1/session-notes/${body.id}`)
      const missing = await other.get(`/v1/session-notes/${randomUUID()}`)
      t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
      t.equal((await startNote(other, chartId)).status, 403)
    }
  })

  t.test('an appointment gives its day and zone, and one author writes one note of it', async t => {
    const { book } = bookingsOf(bookable, author, clientId)
    const { body: appointment } = await book(author, at(-1, 18))
    const about = { appointmentId: appointment.id, startedAt: null, endedAt: null }
    const made = await startNote(author, chartId, about)
    t.equal(made.status, 201)
    t.equal(made.body.appointmentId, appointment.id)
    t.equal(made.body.sessionDate, at(-1, 18).slice(0, 10))
    t.equal(made.body.startedAt, null, 'booked times are not documented times')
    t.equal((await startNote(author, chartId, about)).body.code, 'already-exists')
    t.equal((await startNote(colleague, chartId, about)).status, 201, 'a co-therapist writes an own one')
    const other = await bookable.client([author])
    t.equal((await startNote(author, other.chartId, about)).body.code, 'unknown-reference')
    const missing = { ...about, appointmentId: randomUUID() }
    t.equal((await startNote(author, chartId, missing)).body.code, 'unknown-reference')
  })

  t.test('a couple’s note is written in the couple’s chart and found only there', async t => {
    const [one, two] = [await bookable.client(), await bookable.client()]
    const couple = await bookable.couple([one.clientId, two.clientId], [author])
    const made = await startNote(author, couple.chartId)
    t.equal(made.status, 201)
    t.equal((await author.get(`/v1/charts/${couple.chartId}/session-notes`)).body.data.length, 1)
    t.equal((await author.get(`/v1/charts/${one.chartId}/session-notes`)).status, 404)
  })

  t.test('times must be plausible and agree', async t => {
    const refused = async (more: Record<string, unknown>, pointer: string) => {
      const { status, body } = await startNote(author, chartId, more)
      t.equal(status, 400)
      t.equal(body.errors[0].pointer, pointer)
    }
    const { startedAt, endedAt } = sessionEnding(1)
    await refused({ startedAt: endedAt, endedAt: startedAt }, '/endedAt')
    await refused({ startedAt: null, endedAt }, '/startedAt')
    await refused({ startedAt: null, endedAt: null }, '/sessionDate')
    await refused({ sessionDate: '2001-01-01' }, '/sessionDate')
    await refused({ startedAt: '2026-06-30T23:59:60Z', endedAt: null }, '/startedAt')
    await refused({ sections: { objective: 'x' } }, '/sections')
    t.equal((await startNote(author, chartId, { sections: { Bad: 'x' } })).status, 400)
    t.equal((await startNote(author, chartId, { template: 'narrative' })).status, 400)
    const late = { startedAt: '2026-03-01T07:30:00.000Z', endedAt: null }
    t.equal((await startNote(author, chartId, late)).body.sessionDate, '2026-02-28', 'the day in the zone')
  })

  t.test('times of a draft change with it', async t => {
    const { body } = await startNote(author, chartId, {
      startedAt: null,
      endedAt: null,
      sessionDate: '2026-03-02',
    })
    const url = `/v1/session-notes/${body.id}`
    const times = { startedAt: '2026-03-03T18:00:00.000Z', endedAt: '2026-03-03T18:50:00.000Z' }
    const saved = await author.patch(url, times, { ifMatch: 1 })
    t.match(saved.body, { ...times, sessionDate: '2026-03-03', version: 2 })
    t.match((await author.get(url)).body, { ...times, sessionDate: '2026-03-03', sections: dapSections })
    const wrong = await author.patch(url, { endedAt: '2026-03-03T17:00:00.000Z' }, { ifMatch: 2 })
    t.equal(wrong.body.errors[0].pointer, '/endedAt')
    t.equal((await author.get(url)).body.version, 2, 'a refused change writes nothing')
  })

  t.test('autosaves of one sitting are one audit row and no event', async t => {
    const { body } = await startNote(author, chartId)
    const url = `/v1/session-notes/${body.id}`
    for (let version = 1; version <= 4; version++)
      t.equal(
        (await author.patch(url, { sections: { plan: `${version}` } }, { ifMatch: version })).status,
        200,
      )
    const rows = await bookable.run(
      `select fields, chart_id from audit_log where resource_id = $1 and operation = 'saveSessionNote'`,
      [body.id],
    )
    t.same(rows, [{ fields: ['draft'], chart_id: chartId }])
    const events = await bookable.run('select type from events where resource_id = $1', [body.id])
    t.same(events, [{ type: 'session-note.created' }])
    await bookable.run(
      `update audit_log set occurred_at = occurred_at - interval '16 minutes' where resource_id = $1`,
      [body.id],
    )
    t.equal((await author.patch(url, { sections: { plan: 'later' } }, { ifMatch: 5 })).status, 200)
    const later = await bookable.run(
      `select id from audit_log where resource_id = $1 and operation = 'saveSessionNote'`,
      [body.id],
    )
    t.equal(later.length, 2, 'the next sitting is a row of its own')
  })

  t.test('the draft is sealed in the database', async t => {
    await startNote(author, chartId)
    const rows = await bookable.run('select document from session_note_drafts where practice_id = $1', [
      practice.id,
    ])
    t.ok(rows.length > 0)
    for (const { document } of rows) t.notOk((document as Buffer).includes(marker))
  })

  t.test('who left the care team finds their own notes no more, by replay neither', async t => {
    const leaving = await practice.staff(['clinician'])
    const left = await bookable.client([leaving])
    const key = randomUUID()
    const input = { template: 'dap', ...sessionEnding(1), sections: dapSections }
    const url = `/v1/charts/${left.chartId}/session-notes`
    const made = await leaving.post(url, input, { key })
    t.equal((await leaving.post(url, input, { key })).headers['idempotency-replayed'], 'true')
    t.equal((await leaving.get('/v1/session-notes?view=mine')).body.data.length, 1)
    await bookable.run(`update care_team_members set ends_on = '2020-01-02' where chart_id = $1`, [
      left.chartId,
    ])
    t.equal((await leaving.post(url, input, { key })).status, 404)
    t.equal((await leaving.get(`/v1/session-notes/${made.body.id}`)).status, 404)
    t.same((await leaving.get('/v1/session-notes?view=mine')).body.data, [])
  })

  t.test('nothing is started or saved in a closed chart', async t => {
    const closing = await bookable.client([author])
    const { body } = await startNote(author, closing.chartId)
    await bookable.run(`update charts set status = 'closed', closed_at = now() where id = $1`, [
      closing.chartId,
    ])
    t.equal((await startNote(author, closing.chartId)).body.code, 'invalid-state')
    const save = await author.patch(
      `/v1/session-notes/${body.id}`,
      { sections: { plan: 'x' } },
      { ifMatch: 1 },
    )
    t.equal(save.body.code, 'invalid-state')
    t.equal((await author.get(`/v1/session-notes/${body.id}`)).status, 200)
  })
})

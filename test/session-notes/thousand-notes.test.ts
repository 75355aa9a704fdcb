import t from 'tap'
import { asOwner, layClient } from '../support/clients-raw.ts'
import { createTestPractice } from '../support/practice.ts'
import { type Cost, countingOn } from '../support/round-trips/index.ts'
import { signedNote, startNote } from '../support/session-notes.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

/** Copies one signed note's head and its plain rows so often; the sealed text of a copy is nobody's to open. */
const copyNote = (test: TestApp, noteId: string, times: number) =>
  asOwner(
    test,
    `with copied as (
       insert into session_notes (practice_id, id, chart_id, author_id, template_key, template_version, session_date,
         time_zone, status, revision, signed_at, part_kinds, version)
       select practice_id, uuidv7(), chart_id, author_id, template_key, template_version, session_date - n, time_zone,
         status, revision, signed_at, part_kinds, version
       from session_notes, generate_series(1, $2::integer) n where id = $1
       returning practice_id, id, revision)
     insert into session_note_contents (practice_id, note_id, revision, document)
     select c.practice_id, c.id, c.revision, o.document from copied c, session_note_contents o where o.note_id = $1`,
    [noteId, times],
  )

t.test('a chart with a thousand notes opens at the cost of one with twenty', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const author = await practice.staff(['clinician'])
  const costOf = countingOn(test)
  const chartWith = async (notes: number) => {
    const { chartId } = await layClient(test, practice, 'Robin', [[author, 'primary']])
    const { body: signed } = await signedNote(author, chartId)
    const { body: draft } = await startNote(author, chartId)
    await copyNote(test, signed.id, notes - 2)
    return { chartId, signedId: String(signed.id), draftId: String(draft.id), version: Number(draft.version) }
  }
  type Chart = Awaited<ReturnType<typeof chartWith>>
  const [short, long] = [await chartWith(20), await chartWith(1_000)]

  const requests: [what: string, send: (chart: Chart) => Promise<{ status: number }>][] = [
    ['the list', ({ chartId }) => author.get(`/v1/charts/${chartId}/session-notes`)],
    ['a short page', ({ chartId }) => author.get(`/v1/charts/${chartId}/session-notes?limit=10`)],
    [
      'the list by author',
      ({ chartId }) => author.get(`/v1/charts/${chartId}/session-notes?authorId=${author.staffId}`),
    ],
    ['the list by part', ({ chartId }) => author.get(`/v1/charts/${chartId}/session-notes?partKind=emdr`)],
    ['a signed note', ({ signedId }) => author.get(`/v1/session-notes/${signedId}`)],
    ['a draft', ({ draftId }) => author.get(`/v1/session-notes/${draftId}`)],
    ['the trends', ({ chartId }) => author.get(`/v1/charts/${chartId}/note-trends?from=2024-01-01`)],
    [
      'a save',
      ({ draftId, version }) =>
        author.patch(`/v1/session-notes/${draftId}`, { sections: { plan: 'x' } }, { ifMatch: version }),
    ],
    ['a new note', ({ chartId }) => startNote(author, chartId)],
  ]
  for (const [what, send] of requests) {
    const costs: Cost[] = []
    for (const chart of [short, long]) {
      costOf()
      const { status } = await send(chart)
      costs.push(costOf())
      t.match(String(status), /^2/, what)
    }
    t.equal(costs[1]?.statements, costs[0]?.statements, `${what}: ${costs[0]?.statements} statements`)
  }

  let found = 0
  let cursor = ''
  do {
    const { body } = await author.get(`/v1/charts/${long.chartId}/session-notes?limit=200${cursor}`)
    found += body.data.length
    cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : ''
  } while (cursor)
  t.equal(found, 1_001, 'and all of them are there, page by page')
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { headerFor, marker, signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { planDraft } from '../support/treatment-plans.ts'

const urlOf = (note: { body: { id: string } }) => `/v1/session-notes/${note.body.id}`
const pointers = ({ body }: { body: { errors?: { pointer: string }[] } }) =>
  (body.errors ?? []).map(({ pointer }) => pointer)

/** Beliefs drop by 45 and 25 points, a feeling by 30; homework was done to 60 and to 0 percent. */
const thoughtful = {
  mood: { before: 40, after: 55 },
  homeworkReview: [{ item: 'Log', percentDone: 60 }, { item: 'Walk', percentDone: 0 }, { item: 'Call' }],
  thoughtRecords: [
    {
      thoughts: [
        { text: `They left (${marker}).`, beliefBefore: 80, beliefAfter: 35 },
        { text: 'Nobody calls.', beliefBefore: 50, beliefAfter: 25 },
      ],
      emotions: [
        { name: 'sad', before: 70, after: 40 },
        { name: 'tired', before: 50 },
      ],
      distortions: ['mind_reading', 'labeling'],
    },
    { distortions: ['mind_reading'] },
  ],
}

t.test('notes in parts', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const author = await practice.staff(['clinician'])
  const colleague = await practice.staff(['clinician'])
  const { clientId, chartId } = await bookable.client([author, colleague])
  const partOf = (content: object, kind = 'cbt') => ({ id: randomUUID(), kind, content })
  const save = (note: { body: { id: string } }, version: number, change: object) =>
    author.patch(urlOf(note), change, { ifMatch: version })

  t.test(
    'a part grows by patches: what is not named stays, null empties, arrays stand as a whole',
    async t => {
      const note = await startNote(author, chartId, {
        parts: [partOf({ mood: { before: 40 }, bridge: 'a' })],
      })
      t.equal(note.status, 201)
      const { id } = note.body.parts[0]
      const patch = { mood: { after: 50 }, bridge: null, agenda: [{ item: 'Sleep' }] }
      const saved = await save(note, 1, { parts: { [id]: { kind: 'cbt', content: patch } } })
      t.same([saved.status, saved.body.partKinds], [200, ['cbt']])
      const added = randomUUID()
      await save(note, 2, {
        parts: { [added]: { kind: 'case_management', content: { needs: ['housing'] } } },
      })
      const { body } = await author.get(urlOf(note))
      t.same(body.parts, [
        {
          id,
          kind: 'cbt',
          version: 1,
          content: { mood: { before: 40, after: 50 }, agenda: [{ item: 'Sleep' }] },
        },
        { id: added, kind: 'case_management', version: 1, content: { needs: ['housing'] } },
      ])
      t.same(body.partKinds, ['case_management', 'cbt'])
      const without = await save(note, 3, { parts: { [id]: null } })
      t.same(without.body.partKinds, ['case_management'])
      t.equal((await save(note, 3, { parts: { [id]: null } })).status, 412)
    },
  )

  t.test('what does not fit is refused where it stands, and nothing is saved', async t => {
    const note = await startNote(author, chartId, { parts: [partOf({})] })
    const { id } = note.body.parts[0]
    const content = `/parts/${id}/content`
    for (const [change, pointer] of [
      [{ kind: 'cbt', content: { mood: { before: 101 } } }, `${content}/mood/before`],
      [{ kind: 'cbt', content: { mood: 'good' } }, `${content}/mood`],
      [{ kind: 'cbt', content: { zzz: 1 } }, content],
      [{ kind: 'dbt', content: {} }, `/parts/${id}/kind`],
    ] as const) {
      const refused = await save(note, 1, { parts: { [id]: change } })
      t.same([refused.status, pointers(refused)], [400, [pointer]])
      t.notMatch(JSON.stringify(refused.body), /zzz/)
    }
    const many = Object.fromEntries(
      Array.from({ length: 20 }, () => [randomUUID(), { kind: 'cbt', content: {} }]),
    )
    t.same(pointers(await save(note, 1, { parts: many })), ['/parts'])
    t.equal((await save(note, 1, { parts: { nonsense: { kind: 'cbt', content: {} } } })).status, 400)
    const twin = partOf({})
    t.same(pointers(await startNote(author, chartId, { parts: [twin, twin] })), ['/parts'])
    const elsewhere = await save(note, 1, { parts: { [randomUUID()]: { kind: 'couple', content: {} } } })
    t.equal(elsewhere.status, 400, 'work with a couple stands in the couple’s chart')
    t.equal((await author.get(urlOf(note))).body.version, 1)
  })

  t.test('the header is saved field by field, and names nobody who is not of the chart', async t => {
    const note = await startNote(author, chartId)
    await save(note, 1, { header: { progress: 'some', next: 'Sleep log' } })
    await save(note, 2, { header: { next: null, place: { kind: 'phone' } } })
    const { header } = (await author.get(urlOf(note))).body
    t.same(
      [header.progress, header.next, header.place, header.risk],
      ['some', undefined, { kind: 'phone' }, { status: 'denied' }],
    )
    const stranger = (await bookable.client([author])).clientId
    const refused = await save(note, 3, {
      header: { attendance: [{ clientId: stranger, presence: 'late' }] },
    })
    t.same([refused.body.code, pointers(refused)], ['unknown-reference', ['/header/attendance/0/clientId']])
  })

  t.test('a signature says what is missing; risk and attendance always are needed', async t => {
    const note = await startNote(author, chartId, { header: {}, sections: {}, parts: [partOf({})] })
    const { id } = note.body.parts[0]
    const expected = [
      '/sections/data',
      '/sections/assessment',
      '/sections/plan',
      '/header/attendance',
      '/header/risk',
      `/parts/${id}/content/work`,
    ]
    t.same(
      note.body.checks.missing.map(({ pointer }: { pointer: string }) => pointer),
      expected,
    )
    const refused = await step(author, note.body.id, 'signature', 1)
    t.same([refused.body.code, pointers(refused)], ['invalid-state', expected])
  })

  t.test('a warning never keeps anybody from signing: it needs a reason, which is signed', async t => {
    const header = { ...(await headerFor(author, chartId)), risk: { status: 'present' } }
    const part = partOf({
      work: [{ technique: 'exposure' }],
      thoughtRecords: [{ thoughts: [{ beliefBefore: 5 }] }],
    })
    const { body } = await startNote(author, chartId, { header, parts: [part] })
    const warned = [
      { pointer: '/header/risk', code: 'risk_without_assessment' },
      { pointer: `/parts/${part.id}/content/thoughtRecords/0/thoughts/0`, code: 'belief_not_rated_again' },
    ]
    t.match(body.checks, { missing: [], warnings: warned })
    const refused = await step(author, body.id, 'signature', 1)
    t.match(refused.body, { code: 'invalid-state', errors: warned })
    const overrides = warned.map(warning => ({ ...warning, reason: `Time was up (${marker}).` }))
    const idle = { pointer: '/header', code: 'nothing', reason: 'x' }
    const tooMuch = await step(author, body.id, 'signature', 1, { overrides: [...overrides, idle] })
    t.same(pointers(tooMuch), ['/overrides/2'])
    const signed = await step(author, body.id, 'signature', 1, { overrides })
    t.equal(signed.status, 200)
    t.same(signed.body.overrides, overrides)
    t.equal(signed.body.checks, null)
    t.same((await author.get(`/v1/session-notes/${body.id}/revisions/1`)).body.overrides, overrides)
  })

  t.test('objectives and the risk assessment that a note names are of its chart', async t => {
    const other = await bookable.client([author])
    const plan = async (chart: string) =>
      (await author.post(`/v1/charts/${chart}/treatment-plans`, planDraft(), { key: randomUUID() })).body
    const offer = (chart: string, { id, version }: { id: string; version: number }) =>
      author.post(`/v1/charts/${chart}/treatment-plans/${id}/offer`, undefined, {
        ifMatch: version,
        key: randomUUID(),
      })
    const [mine, theirs] = [await plan(chartId), await plan(other.chartId)]
    await Promise.all([offer(chartId, mine), offer(other.chartId, theirs)])
    const header = await headerFor(author, chartId)
    const strange = {
      ...header,
      risk: { status: 'present', riskAssessmentId: randomUUID() },
      objectives: [
        { planId: mine.id, objectiveKey: 'o1' },
        { planId: mine.id, objectiveKey: 'o9' },
        { planId: theirs.id, objectiveKey: 'o1' },
      ],
    }
    const note = await startNote(author, chartId, { header })
    for (const refused of [
      await startNote(author, chartId, { header: strange }),
      await save(note, 1, { header: strange }),
    ])
      t.same(
        [refused.body.code, pointers(refused)],
        [
          'unknown-reference',
          ['/header/objectives/1', '/header/objectives/2', '/header/risk/riskAssessmentId'],
        ],
      )
    await save(note, 1, { header: { ...header, objectives: [{ planId: mine.id, objectiveKey: 'o1' }] } })
    t.equal((await step(author, note.body.id, 'signature', 2)).status, 200)
    const found = async (query: string) =>
      (await author.get(`/v1/charts/${chartId}/session-notes?${query}`)).body.data?.map(
        ({ id }: { id: string }) => id,
      )
    t.same(await found(`planId=${mine.id}`), [note.body.id])
    t.same(await found(`planId=${mine.id}&objectiveKey=o1`), [note.body.id])
    t.same(await found(`planId=${mine.id}&objectiveKey=o2`), [])
    t.same(await found(`planId=${theirs.id}`), [])
    t.equal((await author.get(`/v1/charts/${chartId}/session-notes?objectiveKey=o1`)).status, 400)
  })

  t.test('the list of a chart is narrowed by author, state and kind of work', async t => {
    const own = await bookable.client([author, colleague])
    const made = [
      await signedNote(author, own.chartId, { parts: [partOf({ work: [{ technique: 'exposure' }] })] }),
      await signedNote(colleague, own.chartId),
      await startNote(author, own.chartId, { parts: [partOf({})] }),
    ]
    const list = async (by: typeof author, query: string) => {
      const { body } = await by.get(`/v1/charts/${own.chartId}/session-notes?${query}`)
      return body.data.map(({ id }: { id: string }) => made.findIndex(note => note.body.id === id)).sort()
    }
    t.same(await list(author, 'partKind=cbt'), [0, 2])
    t.same(await list(colleague, 'partKind=cbt'), [0], 'another’s draft is in no list')
    t.same(await list(colleague, `authorId=${colleague.staffId}`), [1])
    t.same(await list(author, `authorId=${author.staffId}&status=signed`), [0])
    t.same(await list(author, 'partKind=crisis'), [])
  })

  t.test('numbers leave the note at its signature alone, as they are defined', async t => {
    const own = await bookable.client([author])
    const figures = async (noteId: string) =>
      Object.fromEntries(
        (
          await bookable.run(
            `select revision || ' ' || measure as name, value from session_note_figures where note_id = $1`,
            [noteId],
          )
        ).map(({ name, value }) => [name, value]),
      )
    const { body } = await startNote(author, own.chartId, { parts: [partOf(thoughtful)] })
    t.same(await figures(body.id), {}, 'nothing of a draft is counted')
    t.equal((await step(author, body.id, 'signature', 1)).status, 200)
    t.same(await figures(body.id), {
      '1 mood_before': 40,
      '1 mood_after': 55,
      '1 mood_delta': 15,
      '1 belief_drop': 35,
      '1 emotion_drop': 30,
      '1 homework_completion': 30,
      '1 distortion_mind_reading': 2,
      '1 distortion_labeling': 1,
    })
  })

  t.test('each plain kind is signed as its own example says', async t => {
    const own = await bookable.client([author])
    const { body } = await author.get('/v1/note-part-kinds')
    t.ok(body.data.length >= 9)
    const { components } = (await test.app.inject({ url: '/openapi.json' })).json()
    const plain = ['crisis', 'collateral_contact', 'case_management', 'termination', 'intensive_day']
    for (const kind of [...plain, 'intensive_summary', 'no_show', 'intake', 'cbt']) {
      const name = kind.replace(/(?:^|_)([a-z])/g, (_match: string, letter: string) => letter.toUpperCase())
      const content = components.schemas[`${name}Content`].examples[0]
      const note = await signedNote(author, own.chartId, { parts: [partOf(content, kind)] })
      t.same([note.status, note.body.parts?.[0].content], [200, content], kind)
    }
  })

  t.test('sessions that took place and have no note are listed, the longest waiting first', async t => {
    const { book } = bookingsOf(bookable, author, clientId)
    const hour = 3_600_000
    const attend = async (hoursAgo: number) => {
      const startsAt = new Date(Math.floor(Date.now() / hour) * hour - hoursAgo * hour)
      const made = await book(author, startsAt.toISOString())
      const endsAt = new Date(startsAt.getTime() + 50 * 60_000)
      const came = { actualStartsAt: startsAt.toISOString(), actualEndsAt: endsAt.toISOString() }
      const url = `/v1/appointments/${made.body.id}/attendance`
      t.equal((await author.post(url, came, { ifMatch: 1 })).status, 200)
      return String(made.body.id)
    }
    const old = await attend(100)
    const recent = await attend(3)
    const missing = async (by = author) =>
      (await by.get('/v1/missing-session-notes')).body.data.map(
        ({ appointmentId, overdue }: { appointmentId: string; overdue: boolean }) => [appointmentId, overdue],
      )
    t.same(await missing(), [
      [old, true],
      [recent, false],
    ])
    t.same(await missing(colleague), [])
    const first = await author.get('/v1/missing-session-notes?limit=1')
    const second = await author.get(`/v1/missing-session-notes?limit=1&cursor=${first.body.nextCursor}`)
    t.equal(second.body.data[0].appointmentId, recent)
    await startNote(author, chartId, { appointmentId: old })
    t.same(await missing(), [[recent, false]])
  })
})

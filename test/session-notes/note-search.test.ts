import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { placesIn, termsOf } from '../../src/modules/session-notes/search/search.rules.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { asOwner, layClient, layCoupleChart } from '../support/clients-raw.ts'
import { createEmdrGround } from '../support/emdr.ts'
import { portalCaller } from '../support/portal.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { addAddendum, dapSections, headerFor, signedNote, startNote } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('what a search finds', async t => {
  const cases: readonly (readonly [words: string, text: string, found: boolean])[] = [
    ['sleep', 'Sleep log', true],
    ['SLEEP', 'no sleep.', true],
    ['sleep', 'asleep, sleeping', false],
    ['cafe', 'At the Café', true],
    ['café', 'at the cafe', true],
    ['naive strasse', 'Naïve, in the Straße', true],
    ['log sleep', 'sleep log', true],
    ['"log sleep"', 'sleep log', false],
    ['"sleep log"', 'the sleep-log of today', true],
    ['"sleep log', 'sleep log', true],
    ['self-harm', 'self harm denied', true],
    ['self-harm', 'harm to self', false],
    ['o\u0301', 'Ó', true],
    ['a.c', 'abc', false],
    ['2026', 'in 2026', true],
  ]
  for (const [words, text, found] of cases)
    t.equal(placesIn([{ pointer: '/x', text }], termsOf(words)).length > 0, found, `${words} in ${text}`)
  for (const words of ['""', ' . ', '- -', Array.from({ length: 11 }, (_, at) => `w${at}`).join(' ')])
    t.throws(() => termsOf(words), { code: 'invalid-request' })

  t.test('any word of a text finds it, and the excerpt has it', async () => {
    const letter = fc.constantFrom('a', 'b', 'c', 'é', 'ü', 'Ø', 'ß', 'İ', '日', 'ﬁ', '𝒜')
    const word = fc.string({ unit: letter, minLength: 1, maxLength: 8 })
    const filler = fc.array(fc.stringMatching(/^[xyz]{1,30}$/), { maxLength: 20 })
    fc.assert(
      fc.property(word, filler, filler, (one, before, after) => {
        const text = [...before, one, ...after].join(' ')
        const [place] = placesIn([{ pointer: '/x', text }], termsOf(one))
        return place?.excerpt.includes(one) === true && place.excerpt.length <= 142
      }),
      { numRuns: 200 },
    )
  })
})

t.test('searching the notes of a chart', async t => {
  const test = await createTestApp(t)
  const { practice, supervisor, clinician, associate, clientId, chartId } = await createEmdrGround(test)
  const url = `/v1/charts/${chartId}/note-search`
  const search = (words: string, by = clinician, more: Record<string, unknown> = {}) =>
    by.post(url, { words, ...more })
  const idsOf = (reply: { body: { data: { noteId: string }[] } }) => reply.body.data.map(one => one.noteId)
  const on = (sessionDate: string) => ({ sessionDate, startedAt: null, endedAt: null })
  const header = await headerFor(clinician, chartId)
  const partId = randomUUID()
  const first = await signedNote(clinician, chartId, on('2026-01-05'))
  const second = await signedNote(clinician, chartId, {
    ...on('2026-01-12'),
    header: { ...header, response: 'Walked by the río.', progress: 'substantial' },
    parts: [
      {
        id: partId,
        kind: 'cbt',
        content: { work: [{ technique: 'exposure' }], summary: 'A quokka (fictional) was drawn.' },
      },
    ],
  })
  const { body: draft } = await startNote(associate, chartId, {
    ...on('2026-01-20'),
    sections: { ...dapSections, data: 'A pangolin and a quokka (fictional).' },
  })

  t.test('sections, header, parts and addenda are looked through, newest first', async t => {
    t.same(idsOf(await search('wind-down')), [second.body.id, first.body.id])
    const both = await search('RIO quokka')
    t.same(both.body.data, [
      {
        noteId: second.body.id,
        sessionDate: '2026-01-12',
        status: 'signed',
        places: [
          { pointer: '/header/response', excerpt: 'Walked by the río.' },
          { pointer: `/parts/${partId}/content/summary`, excerpt: 'A quokka (fictional) was drawn.' },
        ],
      },
    ])
    t.same(idsOf(await search('rio narwhal')), [], 'all words must stand in it')
    t.same(idsOf(await search('substantial')), [], 'words of lists are no text')
    const added = await addAddendum(clinician, first.body.id, 'An okapi (fictional).')
    t.match((await search('okapi')).body.data, [
      { noteId: first.body.id, places: [{ pointer: `/addenda/${added.body.id}/text` }] },
    ])
  })

  t.test('a draft is found by its author alone', async t => {
    t.same(idsOf(await search('pangolin')), [])
    t.same(idsOf(await search('pangolin', supervisor)), [])
    t.match((await search('pangolin', associate)).body.data, [{ noteId: draft.id, status: 'draft' }])
    t.same(idsOf(await search('quokka', associate)), [draft.id, second.body.id])
  })

  t.test('a long chart is looked through in steps, at the same cost', async t => {
    const one = await search('wind-down', clinician, { limit: 1 })
    t.match(one.body, { searched: 1, data: [{ noteId: second.body.id }] })
    const { nextCursor: cursor } = one.body
    const two = await search('wind-down', clinician, { limit: 1, cursor })
    t.same(idsOf(two), [first.body.id])
    t.equal(two.body.nextCursor, null)
    const none = await search('rio', clinician, {
      limit: 1,
      cursor: (await search('rio', clinician, { limit: 1 })).body.nextCursor,
    })
    t.match(none.body, { data: [], searched: 1, nextCursor: null })
    t.equal((await search('okapi', clinician, { cursor })).body.code, 'invalid-cursor')
    t.equal((await search('wind-down', associate, { cursor })).body.code, 'invalid-cursor')
    const cost = countingOn(test)
    const costOf = async (limit: number) => {
      cost()
      await search('wind-down', clinician, { limit })
      return cost().statements
    }
    await costOf(1)
    t.equal(await costOf(1), await costOf(50))
  })

  t.test('the words stand in no log and in no audit row', async t => {
    await search('unwritten-xylograph')
    const rows = await asOwner(
      test,
      `select to_jsonb(a)::text as text from audit_log a where practice_id = $1`,
      [practice.id],
    )
    t.ok(rows.some(({ text }) => String(text).includes('searchChartNotes')))
    t.notOk(rows.some(({ text }) => String(text).includes('xylograph')))
  })

  t.test('bad values are refused, and nothing is said of them', async t => {
    for (const body of [
      {},
      { words: '' },
      { words: '...' },
      { words: 'x'.repeat(201) },
      { words: 'a', limit: 0 },
    ])
      t.equal((await clinician.post(url, body)).body.code, 'invalid-request')
    t.equal((await search('x', clinician, { cursor: 'abc' })).body.code, 'invalid-cursor')
  })

  t.test('nobody else finds anything', async t => {
    const outsider = await practice.staff(['clinician'])
    const { clinician: stranger } = await createEmdrGround(test)
    const partnerClinician = await practice.staff(['clinician'])
    const partner = await layClient(test, practice, 'Sam', [[partnerClinician, 'primary']])
    const couple = await layCoupleChart(
      test,
      practice,
      [clientId, partner.clientId],
      [[partnerClinician, 'primary']],
    )
    for (const by of [outsider, stranger, partnerClinician]) t.equal((await search('quokka', by)).status, 404)
    const joint = await partnerClinician.post(`/v1/charts/${couple}/note-search`, { words: 'quokka' })
    t.match(joint.body, { data: [], searched: 0 }, 'a joint chart has none of a partner’s own')
    const portal = await portalCaller(practice, clientId)
    for (const by of [portal, await practice.staff(['biller']), practice.owner])
      t.equal((await search('quokka', by)).status, 403)
    const machine = await createApiClientCaller(test, practice, ['notes:read'])
    t.same(idsOf(await search('quokka', machine)), [second.body.id], 'an integration finds what is final')
  })
})

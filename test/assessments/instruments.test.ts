import t from 'tap'
import { exampleDefinition as example } from '../../src/modules/assessments/definitions.schemas.ts'
import { adultIn, assign, complete, completed, urlOf } from '../support/assessments.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('instruments', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'])
  const draft = (key: string, definition: object = example, by = owner) =>
    by.post('/v1/instruments', { key, definition })
  const publish = (key: string, version = 1) =>
    owner.post(`/v1/instruments/${key}/publication`, undefined, { ifMatch: version })

  t.test('are listed by key, the service’s and the practice’s own, page by page', async t => {
    await draft('aa-first')
    await draft('zz-last')
    const keys: string[] = []
    let next = ''
    do {
      const { body } = await clinician.get(`/v1/instruments?limit=10${next}`)
      keys.push(...body.data.map((one: { key: string }) => one.key))
      next = body.nextCursor ? `&cursor=${body.nextCursor}` : ''
    } while (next)
    t.equal(keys.length, 24)
    t.same(keys, [...keys].sort())
    t.match(keys, ['aa-first', 'ace'])
    const published = await clinician.get('/v1/instruments?status=published&limit=200')
    t.equal(published.body.data.length, 22)
  })

  t.test('show their sources, and say what is not confirmed', async t => {
    const { body } = await clinician.get('/v1/instruments/hbi-19')
    t.match(body, { origin: 'shipped', status: 'published', edition: 1, texts: [] })
    t.match(body.definition.scales[0].cutoffs[0], { value: 53, confidence: 'unconfirmed' })
    t.equal((await clinician.get('/v1/instruments/hbi-19?edition=2')).status, 404)
    t.equal((await clinician.get('/v1/instruments/no-such')).status, 404)
  })

  t.test(
    'of the practice are drafted, changed, published for good, and followed by another edition',
    async t => {
      const key = 'evening-check'
      const made = await draft(key)
      t.match(made.body, { origin: 'own', status: 'draft', edition: 1, version: 1 })
      t.equal((await draft(key)).body.code, 'already-exists', 'a key has one draft')
      const { chartId } = await adultIn(practice, clinician)
      t.equal(
        (await assign(clinician, chartId, key)).body.code,
        'unknown-reference',
        'a draft is not assigned',
      )
      const changed = await owner.put(
        `/v1/instruments/${key}/draft`,
        { definition: { ...example, title: 'Evening check, mended (fictional)' } },
        { ifMatch: 1 },
      )
      t.equal(changed.body.version, 2)
      t.equal((await publish(key)).body.code, 'stale-version')
      const twins = await Promise.all([publish(key, 2), publish(key, 2)])
      t.equal(twins.filter(reply => reply.status === 200).length, 1)
      const put = await owner.put(`/v1/instruments/${key}/draft`, { definition: example }, { ifMatch: 3 })
      t.equal(put.body.code, 'invalid-state')
      const waiting = (await assign(clinician, chartId, key)).body
      const next = await draft(key, { ...example, title: 'Second' })
      t.match(next.body, { edition: 2, status: 'draft' })
      await publish(key)
      t.equal((await owner.get(`/v1/instruments/${key}?edition=1`)).body.status, 'retired')
      t.equal((await owner.get(`/v1/instruments/${key}`)).body.edition, 2)
      const done = await complete(clinician, waiting, { 1: 0, 2: 2 })
      t.match(done.body, {
        instrument: { edition: 1, title: 'Evening check, mended (fictional)' },
        result: { scales: [{ value: 4 }], flags: [{ key: 'very_restless' }] },
      })
      t.match((await clinician.get(`/v1/alerts?chartId=${chartId}`)).body.data, [{ severity: 'attention' }])
      t.equal((await assign(clinician, chartId, key)).body.instrument.edition, 2)
    },
  )

  t.test('taken out of use are not assigned, and their series end', async t => {
    await draft('old-check')
    await publish('old-check')
    const { chartId } = await adultIn(practice, clinician)
    const { body } = await assign(clinician, chartId, 'old-check', { repeatEveryWeeks: 1 })
    const retired = await owner.post('/v1/instruments/old-check/retirement', undefined, { ifMatch: 2 })
    t.equal(retired.body.status, 'retired')
    t.equal((await assign(clinician, chartId, 'old-check')).body.code, 'unknown-reference')
    await complete(clinician, body, { 1: 1, 2: 1 })
    t.equal((await clinician.get(urlOf(chartId))).body.data.length, 1)
    const again = await owner.post('/v1/instruments/old-check/retirement', undefined, { ifMatch: 3 })
    t.equal(again.body.code, 'invalid-state')
  })

  t.test('that cannot be scored are refused, with the place of what is wrong', async t => {
    const [scale] = example.scales
    for (const [change, pointer] of [
      [{ items: [...example.items, { key: '1', label: 'Again', responses: 'zero_to_two' }] }, '/items/2/key'],
      [
        { items: [{ key: '1', label: 'One', responses: 'none_such' }, example.items[1]] },
        '/items/0/responses',
      ],
      [
        { items: [{ ...example.items[0], askIf: { item: '2', atLeast: 1 } }, example.items[1]] },
        '/items/0/askIf/item',
      ],
      [{ scales: [{ ...scale, items: ['1', '9'] }] }, '/scales/0/items'],
      [{ scales: [{ ...scale, mostMissing: 2 }] }, '/scales/0/mostMissing'],
      [{ scales: [{ ...scale, method: 'count' }] }, '/scales/0/countFrom'],
      [{ scales: [{ ...scale, method: 'rule' }] }, '/scales/0/rule'],
      [
        {
          scales: [
            {
              key: 'both',
              label: 'Both',
              method: 'rule',
              rule: { kind: 'weighted', terms: [{ scale: 'both', weight: 1 }] },
              mostMissing: 0,
              higherIs: 'worse',
              confidence: 'confirmed',
            },
          ],
        },
        '/scales/0/rule',
      ],
      [{ flags: [{ ...example.flags[0], any: [{ item: '7', atLeast: 1 }] }] }, '/flags/0/any/0/item'],
    ] as const) {
      const refused = await draft('broken-check', { ...example, ...change })
      t.equal(refused.status, 400)
      t.equal(refused.body.errors[0].pointer, `/definition${pointer}`)
    }
    t.equal((await draft('phq-9')).body.code, 'already-exists', 'keys of the service are taken')
    t.equal((await draft('Canary key')).status, 400)
  })

  t.test(
    'wording comes in under a right of the practice, for every item, and replaces what was there',
    async t => {
      const item = [
        { linkId: '1', text: 'I felt calm (fictional).', type: 'choice' },
        { linkId: '2', text: 'I felt restless (fictional).', type: 'choice' },
      ]
      const right = { basis: 'own_work', statement: 'Written by the practice (fictional).' }
      await draft('worded-check')
      const bring = (questionnaire: object, more: object = {}, by = owner) =>
        by.post('/v1/instruments/worded-check/texts', {
          questionnaire: { resourceType: 'Questionnaire', item, ...questionnaire },
          right,
          ...more,
        })
      t.equal((await bring({})).body.code, 'invalid-state', 'not to a draft')
      await publish('worded-check')
      t.equal((await bring({}, {}, clinician)).status, 403)
      t.equal((await bring({ item: [item[0]] })).body.errors[0].pointer, '/questionnaire/item')
      t.equal((await bring({ item: [...item, item[0]] })).status, 400)
      t.equal((await bring({ item: [{ ...item[0], text: 7 }, item[1]] })).status, 400)
      t.equal((await bring({}, { itemKeys: { a: '9' } })).body.errors[0].pointer, '/itemKeys')
      t.equal((await bring({}, { right: { basis: 'own_work' } })).status, 400)
      t.equal((await bring({ resourceType: 'Patient' })).status, 400)
      t.equal((await bring({})).status, 201)
      const second = await bring({ title: 'Ignored', item: [{ linkId: 'group', item }] }, {}, supervisor)
      t.equal(second.status, 201)
      await bring({ language: 'es' })
      const { body } = await clinician.get('/v1/instruments/worded-check')
      t.same(
        body.texts.map((text: { language: string }) => text.language),
        ['en', 'es'],
      )
      t.equal(body.texts[0].id, second.body.id)
      t.equal((await owner.delete(`/v1/instruments/worded-check/texts/${second.body.id}`)).status, 204)
      t.equal((await owner.delete(`/v1/instruments/worded-check/texts/${second.body.id}`)).status, 404)
      t.equal((await owner.delete(`/v1/instruments/phq-9/texts/${body.texts[1].id}`)).status, 404)
    },
  )

  t.test('belong to their practice, and those who may not change the library cannot', async t => {
    await draft('secret-check')
    const elsewhere = await createTestPractice(test)
    t.equal((await elsewhere.owner.get('/v1/instruments/secret-check')).status, 404)
    t.equal((await draft('secret-check', example, elsewhere.owner)).status, 201)
    t.equal((await draft('another-check', example, clinician)).status, 403)
    t.equal((await draft('another-check', example, supervisor)).status, 201)
    const own = await elsewhere.staff(['clinician'])
    const { chartId } = await adultIn(elsewhere, own)
    await publish('secret-check')
    t.equal((await assign(own, chartId, 'secret-check')).body.code, 'unknown-reference')
    t.match(await completed(own, chartId, 'bps', { 1: 2, 2: 2, 3: 0, 4: 0, 5: 0 }), {
      result: {
        scales: [{ value: 4, screens: [{ key: 'threshold', population: '105 men who sought treatment' }] }],
      },
    })
  })
})

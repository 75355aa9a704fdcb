import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { programOf, publishedTemplate, shipped } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']
const base = '/v1/program-templates'

t.test('program templates', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])

  t.test('what ships can be read by everybody who works there, and changed by nobody', async t => {
    const { body } = await clinician.get(`${base}?limit=6`)
    t.same(
      body.data.map((one: Body) => [one.key, one.kind, one.shipped]),
      [
        ['thirty-tasks', 'task_program', true],
        ['recovery-six-stages', 'stage_model', true],
        ['recovery-three-phases', 'stage_model', true],
        ['partner-six-stages', 'stage_model', true],
        ['partner-three-phases', 'stage_model', true],
        ['quiet-harbor-steps', 'task_program', true],
      ],
    )
    const version = `${base}/${shipped.thirtyTasks}/versions/1`
    const thirty = await owner.get(version)
    t.equal(thirty.body.document.tasks.length, 30)
    t.equal(new Set(thirty.body.document.tasks.map((one: Body) => one.key)).size, 30)
    const { document } = thirty.body
    t.equal((await owner.put(version, document, { ifMatch: 1 })).body.code, 'invalid-state')
    t.equal((await owner.post(`${version}/retirement`, undefined, { ifMatch: 1 })).body.code, 'invalid-state')
    t.equal(
      (await owner.post(`${base}/${shipped.thirtyTasks}/versions`, document)).body.code,
      'invalid-state',
    )
    t.equal((await owner.post(base, document)).body.code, 'already-exists')
    const copied = await owner.post(base, { ...document, key: 'licensed-thirty' })
    t.equal(copied.status, 201, 'what is exported can be imported under a key of one’s own')
    t.same(copied.body.document, { ...document, key: 'licensed-thirty' })
  })

  t.test(
    'a draft is written, published and never changed again; the next version is another draft',
    async t => {
      const first = programOf('lifecycle')
      const draft = await owner.post(base, first)
      t.equal(draft.status, 201)
      const url = `${base}/${draft.body.templateId}/versions`
      t.equal(draft.headers.location, `${url}/1`)
      const titled = { ...first, title: 'Another title' }
      t.equal(
        (await owner.put(`${url}/1`, { ...first, key: 'other' }, { ifMatch: 1 })).body.errors[0].pointer,
        '/key',
      )
      const written = await owner.put(`${url}/1`, titled, { ifMatch: 1 })
      t.match(written.body, { version: 2, status: 'draft', document: titled })
      t.equal((await owner.put(`${url}/1`, first, { ifMatch: 1 })).body.code, 'stale-version')
      t.equal((await owner.post(url, first)).body.code, 'already-exists', 'one draft is open at a time')
      const published = await owner.post(`${url}/1/publication`, undefined, { ifMatch: 2 })
      t.match(published.body, { version: 3, status: 'published' })
      t.ok(published.body.publishedAt)
      t.equal((await owner.put(`${url}/1`, first, { ifMatch: 3 })).body.code, 'invalid-state')
      t.equal(
        (await owner.post(`${url}/1/publication`, undefined, { ifMatch: 3 })).body.code,
        'invalid-state',
      )
      const next = await owner.post(url, first)
      t.match(next.body, { number: 2, status: 'draft' })
      t.equal((await owner.post(`${url}/1/retirement`, undefined, { ifMatch: 3 })).body.status, 'retired')
      const head = await owner.get(`${base}/${draft.body.templateId}`)
      t.same(
        head.body.versions.map((one: Body) => [one.number, one.status]),
        [
          [2, 'draft'],
          [1, 'retired'],
        ],
      )
      t.same((await owner.get(`${url}/1`)).body.document, titled, 'what was published is still what it was')
    },
  )

  t.test('of two who write a draft at once one is told', async t => {
    const { body } = await owner.post(base, programOf('two-writers'))
    const url = `${base}/${body.templateId}/versions/1`
    const replies = await Promise.all(
      ['One', 'Two'].map(title => owner.put(url, programOf('two-writers', { title }), { ifMatch: 1 })),
    )
    t.same(replies.map(({ status }) => status).sort(), [200, 412])
    const published = await owner.post(`${url}/publication`, undefined, { ifMatch: 2 })
    t.equal(published.status, 200)
    const add = () => owner.post(`${base}/${body.templateId}/versions`, programOf('two-writers'))
    const added = await Promise.all([add(), add(), add()])
    t.same(added.map(({ status }) => status).sort(), [201, 409, 409], 'one draft is open at a time')
  })

  t.test('a document that does not hold together is refused, place by place', async t => {
    const [first, second] = programOf('x').tasks
    const refused = async (change: Body) => {
      const reply = await owner.post(base, programOf('not-sound', change))
      t.equal(reply.status, 400)
      return reply.body.errors.map((one: Body) => `${one.pointer} ${one.code}`)
    }
    t.same(await refused({ tasks: [] }), ['/tasks required'])
    t.same(await refused({ tasks: [first, { ...second, key: first.key }] }), ['/tasks/1/key unique'])
    t.same(await refused({ tasks: [{ ...first, sectionKey: 'nowhere' }] }), ['/tasks/0/sectionKey unknown'])
    t.same(await refused({ tasks: [{ ...first, prerequisiteKeys: ['nothing'] }] }), [
      '/tasks/0/prerequisiteKeys/0 unknown',
    ])
    const twin = first.performables[0]
    t.same(await refused({ tasks: [{ ...first, performables: [twin, twin] }] }), [
      '/tasks/0/performables/1/key unique',
    ])
    t.same(
      await refused({
        tasks: [
          { ...first, prerequisiteKeys: [second.key] },
          { ...second, prerequisiteKeys: [first.key] },
        ],
      }),
      ['/tasks/0/prerequisiteKeys circle', '/tasks/1/prerequisiteKeys circle'],
    )
    t.same(await refused({ tasks: [{ ...first, prerequisiteKeys: [first.key] }] }), [
      '/tasks/0/prerequisiteKeys circle',
    ])
    const typical = { fromDays: 9, toDays: 3, measuredFrom: 'stage_entry', source: 'x', confidence: 'unsure' }
    const stage = { key: 'one', label: 'One', description: null, typical }
    const model = { kind: 'stage_model', sections: [], tasks: [], stages: [stage] }
    t.same(await refused(model), ['/stages/0/typical/toDays order'])
    t.same(await refused({ ...model, stages: [] }), ['/stages required'])
    t.same(await refused({ kind: 'stage_model' }), [
      '/stages required',
      '/tasks not-allowed',
      '/sections not-allowed',
    ])
    const echoed = await owner.post(base, programOf('not-sound', { secret: 'canary-value' }))
    t.equal(echoed.status, 400)
    t.notMatch(JSON.stringify(echoed.body), /canary/)
  })

  t.test('a key is used once, whoever comes first', async t => {
    const replies = await Promise.all([1, 2, 3].map(() => owner.post(base, programOf('twins'))))
    t.same(replies.map(({ status }) => status).sort(), [201, 409, 409])
  })

  t.test('clinicians read, owners and supervisors write', async t => {
    const supervisor = await practice.staff(['supervisor'])
    t.equal((await supervisor.post(base, programOf('by-supervisor'))).status, 201)
    t.equal((await clinician.post(base, programOf('by-clinician'))).body.code, 'not-permitted')
    t.equal((await (await practice.staff(['biller'])).get(base)).body.code, 'not-permitted')
  })

  t.test('another practice’s template is like none', async t => {
    const own = await publishedTemplate(owner)
    const stranger = (await createTestPractice(test)).owner
    const url = `${base}/${own.programTemplateId}`
    const missing = await stranger.get(`${base}/${randomUUID()}`)
    for (const hidden of [await stranger.get(url), await stranger.get(`${url}/versions/1`)]) {
      t.equal(hidden.status, 404)
      t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    }
    t.equal((await stranger.post(`${url}/versions`, programOf('x'))).status, 404)
    t.equal((await stranger.put(`${url}/versions/1`, programOf('x'), { ifMatch: 1 })).status, 404)
    t.notOk(JSON.stringify((await stranger.get(base)).body).includes(own.programTemplateId))
  })

  t.test('pages go on from what ships to the practice’s own', async t => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor ? `&cursor=${cursor}` : ''
      const { body }: Reply = await owner.get(`${base}?limit=4&kind=task_program${query}`)
      seen.push(...body.data.map((one: Body) => one.id))
      cursor = body.nextCursor
    } while (cursor)
    t.same(seen.slice(0, 2), [shipped.thirtyTasks, shipped.example])
    t.equal(new Set(seen).size, seen.length)
    t.same(seen, seen.toSorted())
    t.ok(seen.length > 4)
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import { headerFor, marker, signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { clientSignature, planDraft } from '../support/treatment-plans.ts'

const weekly = {
  name: `Weekly (${marker})`,
  sections: [
    { key: 'focus', label: 'Focus', help: 'What it was about.', required: true },
    { key: 'plan', label: 'Plan', help: 'What follows.', required: true, text: 'Same time next week.' },
  ],
  parts: [
    { kind: 'cbt', content: { agenda: [{ item: 'Homework' }] } },
    { kind: 'case_management', content: {} },
  ],
}

t.test('what notes are begun with', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const author = await practice.staff(['clinician'])
  const colleague = await practice.staff(['clinician'])
  const supervisor = await practice.staff(['supervisor'])
  const { chartId } = await bookable.client([author, colleague])
  const urlOf = (note: { body: { id: string } }) => `/v1/session-notes/${note.body.id}`
  const start = (by: Caller, template: string, more: object = {}) =>
    startNote(by, chartId, { template, sections: {}, ...more })
  const keysFor = async (by: Caller): Promise<string[]> =>
    (await by.get('/v1/note-templates')).body.data.map(({ key }: { key: string }) => key)

  t.test('the practice’s templates are for everybody, one’s own for nobody else', async t => {
    t.equal((await author.post('/v1/note-templates', weekly)).status, 403)
    t.equal((await supervisor.post('/v1/me/note-templates', weekly)).status, 403)
    const shared = await supervisor.post('/v1/note-templates', weekly)
    const own = await author.post('/v1/me/note-templates', { ...weekly, name: 'Mine' })
    t.match(
      [shared.body, own.body],
      [
        { scope: 'practice', version: 1 },
        { scope: 'personal', version: 1 },
      ],
    )
    t.ok((await keysFor(author)).includes(own.body.key))
    for (const by of [colleague, supervisor, practice.owner]) {
      const keys = await keysFor(by)
      t.ok(keys.includes(shared.body.key))
      t.notOk(keys.includes(own.body.key))
    }
    t.equal((await start(colleague, own.body.key)).body.code, 'unknown-reference')
    const change = { retired: true }
    const at = { ifMatch: 1 }
    for (const [by, url] of [
      [colleague, `/v1/me/note-templates/${own.body.key}`],
      [supervisor, `/v1/note-templates/${own.body.key}`],
      [author, `/v1/me/note-templates/${shared.body.key}`],
    ] as const)
      t.equal((await by.patch(url, change, at)).status, 404)
    const elsewhere = await createTestPractice(test)
    t.notOk((await keysFor(await elsewhere.staff(['clinician']))).includes(shared.body.key))
  })

  t.test('a note keeps what it was begun with, whatever becomes of the template', async t => {
    const { body: template } = await supervisor.post('/v1/note-templates', weekly)
    const url = `/v1/note-templates/${template.key}`
    const note = await start(author, template.key)
    t.match(note.body, {
      template: { key: template.key, version: 1 },
      sections: { plan: 'Same time next week.' },
    })
    const definition = { ...weekly, sections: weekly.sections.slice(0, 1) }
    const next = await supervisor.patch(url, { definition }, { ifMatch: 1 })
    t.match(next.body, { version: 2, retired: false })
    t.equal((await supervisor.patch(url, { definition }, { ifMatch: 1 })).status, 412)
    const twins = await Promise.all([0, 1].map(() => supervisor.patch(url, { definition }, { ifMatch: 2 })))
    t.same(twins.map(({ status }) => status).sort(), [200, 412])
    t.same((await author.get(urlOf(note))).body.headings.length, 2)
    t.equal((await author.patch(urlOf(note), { sections: { plan: 'x' } }, { ifMatch: 1 })).status, 200)
    t.same((await start(author, template.key)).body.headings.length, 1)
    await supervisor.patch(url, { retired: true }, { ifMatch: 3 })
    t.equal((await start(author, template.key)).body.code, 'unknown-reference')
    t.match((await supervisor.patch(url, { retired: false }, { ifMatch: 3 })).body, {
      version: 3,
      retired: false,
    })
    t.equal((await start(author, template.key)).status, 201)
  })

  t.test('a new version does not take back into use what is retired at the same time', async t => {
    for (let round = 0; round < 6; round++) {
      const { body } = await supervisor.post('/v1/note-templates', weekly)
      const url = `/v1/note-templates/${body.key}`
      const [retired] = await Promise.all([
        supervisor.patch(url, { retired: true }, { ifMatch: 1 }),
        supervisor.patch(url, { definition: weekly }, { ifMatch: 1 }),
      ])
      const { data } = (await supervisor.get('/v1/note-templates')).body
      const now = data.find(({ key }: { key: string }) => key === body.key)
      t.match(now, { version: 2, retired: retired.status === 200 })
    }
  })

  t.test('a template that could not be written under is refused', async t => {
    const [focus] = weekly.sections
    for (const wrong of [
      { ...weekly, sections: [focus, focus] },
      { ...weekly, sections: [], parts: [] },
      { ...weekly, parts: [{ kind: 'cbt', content: { mood: 'good' } }] },
      { ...weekly, parts: [{ kind: 'poetry', content: {} }] },
    ])
      t.equal((await supervisor.post('/v1/note-templates', wrong)).status, 400)
    t.equal((await start(author, randomUUID())).body.code, 'unknown-reference')
    t.equal((await start(author, 'sonnet')).status, 400)
  })

  t.test('what a template brings is marked until it is edited, and parts come where they belong', async t => {
    const { body: template } = await author.post('/v1/me/note-templates', weekly)
    const note = await start(author, template.key)
    const [part] = note.body.parts
    t.equal(note.body.parts.length, 2, 'with the parts of the template')
    const agenda = `/parts/${part.id}/content/agenda`
    t.same(note.body.carried, ['/sections/plan', agenda])
    const save = (version: number, change: object) => author.patch(urlOf(note), change, { ifMatch: version })
    const carried = async () => (await author.get(urlOf(note))).body.carried
    await save(1, { sections: { plan: 'Same time next week.', focus: 'Sleep.' } })
    t.same(await carried(), ['/sections/plan', agenda], 'saved as it was, it is not edited')
    await save(2, { sections: { plan: 'Thursday.' } })
    t.same(await carried(), [agenda])
    await save(3, { parts: { [part.id]: { kind: 'cbt', content: { agenda: [{ item: 'Sleep' }] } } } })
    t.same(await carried(), [])
  })

  t.test('a note begins with plan, last note and scores, never with who was there or risk', async t => {
    const own = await bookable.client([author, colleague])
    const base = `/v1/charts/${own.chartId}/treatment-plans`
    const keyed = (more: object = {}) => ({ key: randomUUID(), ...more })
    const { body: plan } = await author.post(base, planDraft(), keyed())
    const url = `${base}/${plan.id}`
    const offered = await author.post(`${url}/offer`, undefined, keyed({ ifMatch: plan.version }))
    const agreed = await author.post(
      `${url}/client-signatures`,
      clientSignature(offered.body, own.clientId),
      keyed({ ifMatch: offered.body.version }),
    )
    const active = await author.post(`${url}/signature`, undefined, keyed({ ifMatch: agreed.body.version }))
    t.equal(active.body.status, 'active')
    const place = {
      kind: 'telehealth_home',
      stateCode: 'CA',
      checkIn: { address: 'x', emergencyContact: 'y', confirmedPrivate: true },
    }
    const last = await signedNote(author, own.chartId, {
      header: {
        ...(await headerFor(author, own.chartId)),
        place,
        interventions: ['Pacing'],
        response: 'Fine.',
      },
      parts: [
        {
          id: randomUUID(),
          kind: 'cbt',
          content: { work: [{ technique: 'exposure' }], homework: [{ what: 'Walk' }] },
        },
      ],
    })
    t.equal(last.status, 200)
    const partId = randomUUID()
    const begin = (by: Caller) =>
      by.post(`/v1/charts/${own.chartId}/session-notes`, {
        template: 'dap',
        sessionDate: new Date().toISOString().slice(0, 10),
        carryForward: true,
        sections: { plan: 'Own words.' },
        parts: [{ id: partId, kind: 'cbt', content: {} }],
      })
    const { body } = await begin(author)
    t.same(body.header, {
      objectives: [{ planId: plan.id, objectiveKey: 'o1' }],
      diagnoses: [{ system: 'icd10cm', code: 'F63.89' }],
      place: { kind: 'telehealth_home', stateCode: 'CA' },
      interventions: ['Pacing'],
    })
    t.same(body.sections, { plan: 'Own words.' }, 'what was reported and observed is of its session')
    t.same(body.parts[0].content, { homeworkReview: [{ item: 'Walk' }] })
    t.same(
      body.carried.toSorted(),
      [
        '/header/diagnoses',
        '/header/interventions',
        '/header/objectives',
        '/header/place',
        `/parts/${partId}/content/homeworkReview`,
      ].toSorted(),
    )
    const { body: theirs } = await begin(colleague)
    t.same(
      [theirs.sections, theirs.header.place],
      [{ plan: 'Own words.' }, undefined],
      'another’s note is not carried',
    )
  })

  t.test('a note of which nothing was written for this session is signed only by saying so', async t => {
    const own = await bookable.client([author])
    const [focus, plan] = weekly.sections
    const sections = [
      { ...focus, text: 'The usual.' },
      { ...plan, carries: true, text: undefined },
    ]
    const { body: template } = await author.post('/v1/me/note-templates', { ...weekly, sections, parts: [] })
    const first = { template: template.key, sections: { plan: 'Walk on Monday.' } }
    await signedNote(author, own.chartId, first)
    await signedNote(author, own.chartId, { sections: { data: 'x', assessment: 'y', plan: 'Another.' } })
    const header = await headerFor(author, own.chartId)
    const again = { template: template.key, header, sections: {}, carryForward: true }
    const begun = await startNote(author, own.chartId, again)
    t.equal(begun.body.sections.plan, 'Walk on Monday.', 'from the last one under the same template')
    t.same(begun.body.checks.missing, [])
    t.equal((await step(author, begun.body.id, 'signature', 1)).body.code, 'invalid-state')
    const signed = await step(author, begun.body.id, 'signature', 1, { confirmCarried: true })
    t.equal(signed.status, 200)
    t.same(signed.body.carried, ['/sections/focus', '/sections/plan'])
    const edited = await startNote(author, own.chartId, again)
    await author.patch(urlOf(edited), { sections: { focus: 'New.' } }, { ifMatch: 1 })
    t.equal((await step(author, edited.body.id, 'signature', 2)).status, 200)
  })

  t.test('a template for each kind of work: the part is the record, and no text is asked for', async t => {
    const { data } = (await author.get('/v1/note-templates')).body
    const house = data.filter(({ scope }: { scope: string }) => scope === 'house')
    const { data: kinds } = (await author.get('/v1/note-part-kinds')).body
    const keys = house.map(({ key }: { key: string }) => key)
    for (const { kind } of kinds) t.ok(keys.includes(kind), `${kind} has one`)
    t.equal(new Set(keys).size, keys.length)
    const own = await bookable.client([author])
    for (const { kind, charts } of kinds) {
      const begun = await author.post(`/v1/charts/${own.chartId}/session-notes`, {
        template: kind,
        sessionDate: '2026-01-05',
      })
      if (!charts.includes('individual')) {
        t.match(begun, { status: 400, body: { errors: [{ pointer: '/template' }] } }, kind)
        continue
      }
      t.match(begun.body, { template: { key: kind, version: 1 }, partKinds: [kind], carried: [] }, kind)
      t.equal(begun.body.parts.length, 1)
      const texts = begun.body.checks.missing.filter(({ pointer }: { pointer: string }) =>
        pointer.startsWith('/sections'),
      )
      t.same(texts, [], `${kind} asks for no text`)
    }
    const twice = await author.post(`/v1/charts/${own.chartId}/session-notes`, {
      template: 'no_show',
      sessionDate: '2026-01-05',
      header: {
        attendance: [{ clientId: own.clientId, presence: 'absent' }],
        risk: { status: 'not_assessed' },
      },
      parts: [
        {
          id: randomUUID(),
          kind: 'no_show',
          content: { reachedOut: ['called'], followUp: 'Called (fictional).' },
        },
      ],
    })
    t.equal(twice.body.parts?.length, 1, JSON.stringify(twice.body))
    t.same([twice.body.checks.missing, twice.body.checks.warnings], [[], []])
    t.equal((await step(author, twice.body.id, 'signature', 1)).body.status, 'signed')
  })

  t.test('a template’s part leaves open what it names of a chart, and the draft asks for it', async t => {
    const publish = (kind: string, content: object) =>
      author.post('/v1/me/note-templates', { ...weekly, sections: [], parts: [{ kind, content }] })
    const work = { phases: ['reevaluation', 'desensitization'] }
    const emdr = await publish('emdr', { bls: 'tactile', targets: [work] })
    t.equal(emdr.status, 201)
    t.equal((await publish('emdr', { targets: [{ ...work, targetId: randomUUID() }] })).status, 400)
    t.equal((await publish('neurofeedback', { protocolId: randomUUID() })).status, 400)
    const training = await publish('neurofeedback', { plannedSessions: 20, impedances: [{ site: 'Cz' }] })
    const own = await bookable.client([author])
    for (const [template, open] of [
      [emdr.body.key, 'targets/0/targetId'],
      [training.body.key, 'protocolId'],
    ]) {
      const { body } = await startNote(author, own.chartId, { template, sections: {} })
      const asked = body.checks.missing.map(({ pointer }: { pointer: string }) => pointer)
      t.ok(asked.includes(`/parts/${body.parts[0].id}/content/${open}`), open)
      t.equal((await step(author, body.id, 'signature', 1)).body.code, 'invalid-state')
    }
  })

  t.test('each part goes on from the last one of its kind, whatever notes came between', async t => {
    const own = await bookable.client([author])
    const content = { needs: ['legal'], actions: 'Called.', openItems: 'The form.' }
    const part = (of: object) => ({ parts: [{ id: randomUUID(), kind: 'case_management', content: of }] })
    await signedNote(author, own.chartId, part(content))
    await signedNote(author, own.chartId)
    const { body } = await startNote(author, own.chartId, { ...part({}), carryForward: true })
    t.same(body.parts[0].content, { needs: ['legal'], openItems: 'The form.' })
    const at = `/parts/${body.parts[0].id}/content`
    t.ok([`${at}/needs`, `${at}/openItems`].every(pointer => body.carried.includes(pointer)))
  })

  t.test('snippets are one’s own, and two devices do not overwrite each other', async t => {
    const url = '/v1/me/note-snippets'
    t.match((await author.get(url)).body, { snippets: [], version: 1 })
    const texts = (text: string) => ({ snippets: [{ key: 'calm', text }] })
    const first = await Promise.all(['a', 'b'].map(text => author.put(url, texts(text), { ifMatch: 1 })))
    t.same(first.map(({ status }) => status).sort(), [200, 412])
    t.equal((await author.put(url, texts(marker), { ifMatch: 2 })).body.version, 3)
    t.equal((await author.put(url, texts('old'), { ifMatch: 2 })).status, 412)
    t.same((await author.get(url)).body, { ...texts(marker), version: 3 })
    t.same((await colleague.get(url)).body.snippets, [])
    const twice = { snippets: [...texts('a').snippets, ...texts('b').snippets] }
    t.equal((await author.put(url, twice, { ifMatch: 3 })).status, 400)
    t.equal((await supervisor.get(url)).status, 403)
  })

  t.test('neither templates nor snippets lie open in a table', async t => {
    for (const table of ['note_template_versions', 'note_snippets']) {
      const [found] = await bookable.run(
        `select count(*)::int as all, count(*) filter (where strpos(x::text, $1) > 0 or strpos(x::text, $2) > 0)::int as open
         from ${table} x`,
        [marker, Buffer.from(marker).toString('hex')],
      )
      t.ok(Number(found?.all) > 0)
      t.equal(found?.open, 0)
    }
  })
})

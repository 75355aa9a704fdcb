import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { planMigration } from '../../src/modules/task-model/migration.rules.ts'
import { couplePeople, day } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import {
  journeyOf,
  must,
  programOf,
  publishedTemplate,
  shipped,
  signedOff,
  type TestJourney,
} from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']

t.test(
  'every key followed now goes on, is left behind, or is asked for: never two ways, never none',
  async t => {
    const keys = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
    fc.assert(
      fc.property(
        keys,
        keys,
        fc.array(fc.tuple(fc.nat(), fc.option(fc.nat()))),
        (followed, offered, picks) => {
          const [from, to] = [new Set<string>(), new Set<string>()]
          const mapping = picks.flatMap(([one, other]) => {
            const fromKey = followed[one % (followed.length || 1)]
            const toKey = other === null ? null : offered[other % (offered.length || 1)]
            if (fromKey === undefined || toKey === undefined || from.has(fromKey)) return []
            if (toKey !== null && to.has(toKey)) return []
            from.add(fromKey)
            if (toKey !== null) to.add(toKey)
            return [{ fromKey, toKey }]
          })
          const { kept, dropped, added, unmapped } = planMigration(followed, offered, mapping)
          const spoken = [...kept.map(({ fromKey }) => fromKey), ...dropped, ...unmapped].toSorted()
          const reached = [...kept.map(({ toKey }) => toKey), ...added].toSorted()
          t.same(spoken, followed.toSorted())
          t.same(reached, offered.toSorted())
        },
      ),
      { numRuns: 50 },
    )
  },
)

t.test('migrating journeys', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const first = programOf('moving')
  const own = await publishedTemplate(practice.owner, first)
  const [safe, rhythm, signs] = first.tasks
  const later = {
    ...first,
    tasks: [
      { ...signs, key: 'warning_signs', label: 'Know warning signs', prerequisiteKeys: [] },
      { ...safe, performables: [safe.performables[0], { ...safe.performables[0], key: 'photo_free_map' }] },
      { ...rhythm, key: 'brand_new', label: 'Something new' },
    ],
  }
  const versions = `/v1/program-templates/${own.programTemplateId}/versions`
  must(await practice.owner.post(versions, later))
  must(await practice.owner.post(`${versions}/2/publication`, undefined, { ifMatch: 1 }))
  const next = { ...own, templateNumber: 2 }
  const mapping = [
    { fromKey: 'early_signs', toKey: 'warning_signs' },
    { fromKey: 'daily_rhythm', toKey: null },
    { fromKey: 'giving_back', toKey: null },
  ]
  const begin = async (template: Body = own) =>
    journeyOf(clinician, (await people.client('Jordan', [clinician])).chartId, template)
  const preview = (journey: TestJourney, plan: Body) =>
    clinician.post(`${journey.url}/migration-preview`, plan)
  const migrate = (journey: TestJourney, plan: Body, version = 1) =>
    clinician.post(`${journey.url}/migration`, plan, { ifMatch: version })

  t.test('a preview says what would become of each key, and changes nothing', async t => {
    const journey = await begin()
    t.same((await preview(journey, { ...next, mapping: [] })).body, {
      kept: [{ fromKey: 'safe_place', toKey: 'safe_place' }],
      dropped: [],
      added: ['warning_signs', 'brand_new'],
      unmapped: ['daily_rhythm', 'early_signs', 'giving_back'],
    })
    t.same((await preview(journey, { ...next, mapping })).body, {
      kept: [
        { fromKey: 'safe_place', toKey: 'safe_place' },
        { fromKey: 'early_signs', toKey: 'warning_signs' },
      ],
      dropped: ['daily_rhythm', 'giving_back'],
      added: ['brand_new'],
      unmapped: [],
    })
    t.equal((await journey.read()).template.number, 1)
  })

  t.test('what goes on keeps status, evidence and history; what is left behind stays to be read', async t => {
    const journey = await begin()
    must(
      await journey.addEvidence('safe_place', 'map', { kind: 'text', occurredOn: day(), note: 'The pond.' }),
    )
    must(await signedOff(journey, 'early_signs'))
    must(await signedOff(journey, 'giving_back'))
    const [before, left] = [await journey.task('early_signs'), await journey.task('giving_back')]
    const incomplete = await migrate(journey, { ...next, mapping: mapping.slice(1) })
    t.match(incomplete.body.errors, [{ pointer: '/mapping', code: 'unmapped' }])
    const moved = await migrate(journey, { ...next, mapping })
    t.equal(moved.status, 200)
    t.match(moved.body, { version: 2, template: { number: 2 }, progress: { applicable: 3, done: 1 } })
    t.same(
      moved.body.tasks.map((one: Body) => [one.key, one.status]),
      [
        ['warning_signs', 'signed_off'],
        ['safe_place', 'not_started'],
        ['brand_new', 'not_started'],
      ],
    )
    t.same(
      moved.body.droppedTasks.map((one: Body) => [one.key, one.label, one.status]),
      [
        ['daily_rhythm', 'Keep a daily rhythm', 'not_started'],
        ['giving_back', 'Give something back', 'signed_off'],
      ],
    )
    t.equal(moved.body.tasks[0].id, before.id)
    const task = must(await clinician.get(`${journey.url}/tasks/${before.id}`))
    t.match(task, { label: 'Know warning signs', signOffs: [{ role: 'signer' }] })
    t.equal(task.history.at(-1).kind, 'migrated')
    t.same(
      (await journey.task('safe_place')).performables.map((one: Body) => [one.key, one.evidenceCount]),
      [
        ['map', 1],
        ['photo_free_map', 0],
      ],
    )
    const old = await clinician.get(`${journey.url}/tasks/${left.id}`)
    t.match(old.body, { label: 'Give something back', signOffs: [{ role: 'signer' }] })
    const url = `${journey.url}/tasks/${left.id}/reopening`
    const reopened = await clinician.post(url, { reason: 'lapse' }, { ifMatch: old.body.version })
    t.equal(reopened.body.code, 'invalid-state', 'nobody works on what was left behind')
    const added = await journey.task('brand_new')
    t.same((await clinician.get(`${journey.url}/tasks/${added.id}`)).body.daysByStatus, [
      { status: 'not_started', days: 0 },
    ])
    t.equal((await journey.step('brand_new', 'status-changes', { to: 'in_progress' })).status, 200)
    const [row] = await people.run('select mapping from journey_migrations where journey_id = $1', [
      journey.id,
    ])
    t.same(row?.mapping, mapping)
  })

  t.test('keys may change places, and a copy of a program that ships may be gone on with', async t => {
    const journey = await begin({ programTemplateId: shipped.example, templateNumber: 1 })
    must(await signedOff(journey, 'giving_back'))
    const swapped = [
      { fromKey: 'giving_back', toKey: 'early_signs' },
      { fromKey: 'early_signs', toKey: 'giving_back' },
    ]
    const moved = await migrate(journey, { ...own, mapping: swapped })
    t.match(moved.body, { template: { id: own.programTemplateId, key: 'moving' } })
    t.same(
      moved.body.tasks.map((one: Body) => [one.key, one.status]),
      [
        ['safe_place', 'not_started'],
        ['daily_rhythm', 'not_started'],
        ['early_signs', 'signed_off'],
        ['giving_back', 'not_started'],
      ],
    )
    t.same(
      (await journey.task('early_signs')).performables.map((one: Body) => one.key),
      ['readiness', 'shared_plan'],
    )
  })

  t.test('a plan that cannot be is refused', async t => {
    const journey = await begin()
    const refused = async (entries: Body[]) =>
      (await migrate(journey, { ...next, mapping: entries })).body.errors.map(
        (one: Body) => `${one.pointer} ${one.code}`,
      )
    t.same(await refused([{ fromKey: 'nothing', toKey: null }]), ['/mapping/0/fromKey unknown'])
    t.same(await refused([{ fromKey: 'early_signs', toKey: 'nothing' }]), ['/mapping/0/toKey unknown'])
    t.same(
      await refused([
        { fromKey: 'early_signs', toKey: 'brand_new' },
        { fromKey: 'giving_back', toKey: 'brand_new' },
        { fromKey: 'giving_back', toKey: null },
      ]),
      ['/mapping/1/toKey unique', '/mapping/2/fromKey unique'],
    )
    t.equal((await migrate(journey, { ...own, mapping: [] })).body.code, 'invalid-state')
    t.equal((await migrate(journey, { ...next, mapping }, 7)).body.code, 'stale-version')
    const unknown = { ...next, programTemplateId: randomUUID(), mapping }
    t.equal((await migrate(journey, unknown)).body.code, 'unknown-reference')
    const model = { programTemplateId: shipped.recoveryStages, templateNumber: 1, mapping: [] }
    t.match((await migrate(journey, model)).body.errors, [{ pointer: '/programTemplateId', code: 'kind' }])
    t.equal((await journey.read()).template.number, 1)
  })

  t.test('of two migrations at once one happens', async t => {
    const journey = await begin()
    const replies = await Promise.all([1, 2].map(() => migrate(journey, { ...next, mapping })))
    t.same(replies.map(({ status }) => status).sort(), [200, 412])
    t.equal((await journey.read()).droppedTasks.length, 2)
  })

  t.test('stages go on too, and those left behind keep their names', async t => {
    const stage = (key: string, label: string) => ({ key, label, description: null, typical: null })
    const model = (stages: Body[]) =>
      programOf('stages', { kind: 'stage_model', sections: [], tasks: [], stages })
    const from = await publishedTemplate(practice.owner, model([stage('one', 'One'), stage('two', 'Two')]))
    const url = `/v1/program-templates/${from.programTemplateId}/versions`
    must(await practice.owner.post(url, model([stage('first', 'First')])))
    must(await practice.owner.post(`${url}/2/publication`, undefined, { ifMatch: 1 }))
    const journey = await begin(from)
    for (const stageKey of ['one', 'two'])
      must(await clinician.post(`${journey.url}/stages`, { stageKey, enteredOn: day(-3) }))
    const plan = {
      ...from,
      templateNumber: 2,
      mapping: [
        { fromKey: 'one', toKey: 'first' },
        { fromKey: 'two', toKey: null },
      ],
    }
    const moved = await migrate(journey, plan)
    t.same(
      moved.body.stages.map((one: Body) => [one.key, one.label]),
      [
        ['first', 'First'],
        ['two', 'Two'],
      ],
    )
  })
})

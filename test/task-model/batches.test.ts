import { randomUUID } from 'node:crypto'
import t from 'tap'
import { workOnBatch } from '../../src/modules/task-model/index.ts'
import { couplePeople } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { journeyOf, must, programOf, publishedTemplate, type TestJourney } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']

t.test('migrating the journeys of a version together', async t => {
  const test = await createTestApp(t)

  /** A practice with two versions of a program: the second knows `safe_place`, and two keys of its own. */
  async function ground() {
    const practice = await createTestPractice(test)
    const people = couplePeople(test, practice)
    const supervisor = await practice.staff(['supervisor'])
    const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
    const colleague = await practice.staff(['clinician'])
    const first = programOf('moving')
    const own = await publishedTemplate(practice.owner, first)
    const [safe, rhythm, signs] = first.tasks
    const later = {
      ...first,
      tasks: [
        { ...signs, key: 'warning_signs', prerequisiteKeys: [] },
        safe,
        { ...rhythm, key: 'brand_new', label: 'Something new' },
      ],
    }
    const versions = `/v1/program-templates/${own.programTemplateId}/versions`
    must(await practice.owner.post(versions, later))
    must(await practice.owner.post(`${versions}/2/publication`, undefined, { ifMatch: 1 }))
    const mapping = [{ fromKey: 'early_signs', toKey: 'warning_signs' }]
    const plan = { ...own, templateNumber: 2, mapping }
    const begin = async (by = clinician) => journeyOf(by, (await people.client('Jordan', [by])).chartId, own)
    const preview = (body: Body = plan, by = practice.owner) =>
      by.post(`${versions}/1/migration-preview`, body)
    const start = (body: Body = plan, by = practice.owner) =>
      by.post(`${versions}/1/migration-batches`, body, { key: randomUUID() })
    const work = (batch: Body, atMost?: number) => workOnBatch(test.house, practice.id, batch.id, atMost)
    const read = async (batch: Body) =>
      must(await practice.owner.get(`/v1/journey-migration-batches/${batch.id}`))
    const members = async (batch: Body, by = clinician, query = '') =>
      must(await by.get(`/v1/journey-migration-batches/${batch.id}/journeys${query}`)).data
    return {
      practice,
      people,
      supervisor,
      clinician,
      colleague,
      versions,
      plan,
      begin,
      preview,
      start,
      work,
      read,
      members,
    }
  }
  const numberOf = async (journey: TestJourney) => (await journey.read()).template.number
  /** What one begins that the second version has no place for. */
  const startRhythm = async (journey: TestJourney) =>
    must(await journey.step('daily_rhythm', 'status-changes', { to: 'in_progress' }))
  const pause = async (journey: TestJourney, by: Body) =>
    must(await by.post(`${journey.url}/status-changes`, { to: 'paused' }, { ifMatch: 1 }))

  t.test('a preview counts, says what needs a decision, and changes nothing', async t => {
    const { clinician, colleague, supervisor, practice, begin, preview, plan } = await ground()
    const [ready, begun, paused] = [await begin(), await begin(), await begin(colleague)]
    await startRhythm(begun)
    await pause(paused, colleague)
    const { status, body } = await preview()
    t.equal(status, 200)
    t.match(body, {
      keys: { unmapped: ['daily_rhythm', 'giving_back'], added: ['brand_new'] },
      total: 3,
      ready: 1,
      needPerson: 2,
      byReason: { undecided_keys: null },
      data: [],
    })
    t.match((await preview(plan, supervisor)).body.data, [
      { journeyId: begun.id, reason: 'undecided_keys', undecidedKeys: ['daily_rhythm'] },
    ])
    t.equal((await preview(plan, clinician)).status, 403, 'who treats does not govern templates')
    t.equal(await numberOf(ready), 1)
    const said = { ...plan, mapping: [...plan.mapping, { fromKey: 'daily_rhythm', toKey: null }] }
    t.match((await preview(said)).body, { ready: 2, needPerson: 1 }, 'somebody said so')
    t.equal((await preview({ ...plan, templateNumber: 1, mapping: [] })).body.code, 'invalid-state')
    t.equal((await preview({ ...plan, programTemplateId: randomUUID() })).body.code, 'unknown-reference')
    const wrong = [{ fromKey: 'nothing_like_it', toKey: null }]
    t.equal((await preview({ ...plan, mapping: wrong })).body.errors[0].pointer, '/mapping/0/fromKey')
    const elsewhere = await createTestPractice(test)
    t.equal((await preview(plan, elsewhere.owner)).status, 404)
    t.equal((await practice.owner.get(`/v1/journey-migration-batches/${randomUUID()}`)).status, 404)
  })

  t.test('each journey goes on once with what it has; what needs a person is left and listed', async t => {
    const { clinician, colleague, practice, supervisor, begin, start, work, read, members, people } =
      await ground()
    const journeys = [await begin(), await begin(), await begin(), await begin(colleague)] as const
    const [plain, begun, ended, foreign] = journeys
    must(await plain.step('early_signs', 'status-changes', { to: 'in_progress' }))
    await startRhythm(begun)
    const batch = must(await start())
    t.match(batch, { status: 'running', total: 4, waiting: 4, migrated: 0, left: 0 })
    t.equal((await start()).body.code, 'conflict', 'one batch of a version at a time')
    const over = { to: 'completed' }
    must(await clinician.post(`${ended.url}/status-changes`, over, { ifMatch: 1 }))
    await Promise.all([work(batch), work(batch)])
    await work(batch)
    t.match(await read(batch), { status: 'finished', total: 4, waiting: 0, migrated: 2, left: 2 })
    t.match((await plain.read()).tasks, [
      { key: 'warning_signs', status: 'in_progress' },
      { key: 'safe_place', status: 'not_started' },
      { key: 'brand_new', status: 'not_started' },
    ])
    t.match(await plain.read(), { template: { number: 2 }, progress: { applicable: 3 } })
    t.equal((await plain.read()).history.filter((one: Body) => one.kind === 'migrated').length, 1)
    t.same(await Promise.all([begun, ended, foreign].map(numberOf)), [1, 1, 2])
    t.match(await members(batch, clinician, '?status=left'), [
      { journeyId: begun.id, reason: 'undecided_keys', undecidedKeys: ['daily_rhythm'] },
      { journeyId: ended.id, reason: 'moved_on', undecidedKeys: [] },
    ])
    t.same(
      (await members(batch, colleague)).map((one: Body) => [one.journeyId, one.status]),
      [[foreign.id, 'migrated']],
      'everybody sees those of their own charts',
    )
    t.equal((await members(batch, supervisor)).length, 3)
    const [chart] = await people.run(
      'select recorded_by from journey_migrations where practice_id = $1 and journey_id = $2 and mapping @> \'[{"toKey": null}]\'',
      [practice.id, plain.id],
    )
    t.same(chart, { recorded_by: practice.owner.staffId })
    const audited = await people.run(
      "select count(distinct chart_id)::int as n from audit_log where practice_id = $1 and operation = 'journey-migration'",
      [practice.id],
    )
    t.same(audited, [{ n: 2 }])
    t.match(must(await start()), { total: 1 }, 'and what was left can be looked at again')
  })

  t.test('after a crash the next run goes on with those that wait', async t => {
    const { begin, start, work, read, people, practice } = await ground()
    const journeys = [await begin(), await begin(), await begin()]
    const batch = must(await start())
    // The first is done, the second fails as often as it is tried, and then does not any more.
    await people.run(
      'alter table journey_migrations add constraint crash check (journey_id <> $1)'.replace(
        '$1',
        `'${journeys[1]?.id}'`,
      ),
      [],
    )
    await t.rejects(work(batch))
    await t.rejects(work(batch))
    t.match(await read(batch), { status: 'running', waiting: 2, migrated: 1 })
    t.equal(await numberOf(journeys[1] as TestJourney), 1, 'nothing half done')
    await people.run('alter table journey_migrations drop constraint crash', [])
    await work(batch)
    t.match(await read(batch), { status: 'finished', migrated: 3 })
    const rows = await people.run(
      'select count(*)::int as n from journey_migrations where practice_id = $1',
      [practice.id],
    )
    t.same(rows, [{ n: 3 }])
  })

  t.test('a run lets other work pass, and asks to go on', async t => {
    const { begin, start, work, read, people, practice } = await ground()
    for (let n = 0; n < 3; n += 1) await begin()
    const batch = must(await start())
    const queued = async () =>
      (
        await people.run(
          "select count(*)::int as n from outbox where practice_id = $1 and kind = 'journey-migration'",
          [practice.id],
        )
      )[0]?.n
    t.equal(await queued(), 1)
    await work(batch, 2)
    t.match(await read(batch), { status: 'running', waiting: 1 })
    t.equal(await queued(), 2)
    await work(batch)
    t.match(await read(batch), { status: 'finished', migrated: 3 })
    t.equal(await queued(), 2)
  })

  t.test('a journey costs as many statements however many there are', async t => {
    const { begin, start, work } = await ground()
    const costOf = countingOn(test)
    const statementsFor = async (count: number) => {
      for (let n = 0; n < count; n += 1) await begin()
      const batch = must(await start())
      costOf()
      await work(batch)
      return costOf().statements
    }
    const [one, two, five] = [await statementsFor(1), await statementsFor(2), await statementsFor(5)]
    t.equal(five - two, 3 * (two - one))
  })
})

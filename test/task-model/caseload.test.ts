import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day } from '../support/couples.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { journeyOf, must, publishedTemplate, shipped, signedOff } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

type Body = Reply['body']

t.test('the caseload and the figures of a cohort', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const supervisor = await practice.staff(['supervisor'])
  const [one, other] = [
    await practice.staff(['clinician'], { supervisorId: supervisor.staffId }),
    await practice.staff(['clinician'], { supervisorId: supervisor.staffId }),
  ]
  const own = await publishedTemplate(practice.owner)
  const begin = async (by: Caller, startedOn = day()) => {
    const { chartId } = await people.client(`Jordan ${randomUUID().slice(0, 4)}`, [by])
    return journeyOf(by, chartId, { ...own, startedOn })
  }
  const idsOf = async (by: Caller, query = '') => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const url: string = `/v1/journeys?limit=2${query}${cursor ? `&cursor=${cursor}` : ''}`
      const { data, nextCursor } = must(await by.get(url))
      seen.push(...data.map((entry: Body) => entry.journeyId))
      cursor = nextCursor
    } while (cursor)
    return seen
  }

  const [a, b, c] = [await begin(one, day(-40)), await begin(one, day(-80)), await begin(one, day(-60))]
  const foreign = await begin(other)
  must(await signedOff(a, 'giving_back'))
  must(await b.step('giving_back', 'status-changes', { to: 'in_progress' }))
  must(await b.step('giving_back', 'status-changes', { to: 'submitted' }))
  must(await c.step('safe_place', 'status-changes', { to: 'in_progress' }))

  t.test('a clinician sees those of their care teams, a supervisor those of all supervisees', async t => {
    t.same((await idsOf(one)).toSorted(), [a.id, b.id, c.id].toSorted())
    t.same(await idsOf(other), [foreign.id])
    t.same((await idsOf(supervisor)).toSorted(), [a.id, b.id, c.id, foreign.id].toSorted())
    t.same(await idsOf(await practice.staff(['clinician'])), [])
    t.same(await idsOf(await (await createTestPractice(test)).staff(['clinician'])), [])
    t.equal((await practice.owner.get('/v1/journeys')).body.code, 'not-permitted')
  })

  t.test('it is sorted by what one looks for, page by page', async t => {
    t.same(await idsOf(one, '&sort=started'), [b.id, c.id, a.id])
    t.same(await idsOf(one, '&sort=last_activity'), [c.id, b.id, a.id])
    t.same((await idsOf(one, '&sort=progress')).at(-1), a.id)
    t.same((await idsOf(one, '&sort=waiting'))[0], b.id)
    t.same(await idsOf(one, '&sort=unmoved'), [b.id, c.id, a.id])
    t.same(await idsOf(one, '&status=paused'), [])
    t.same(await idsOf(one, `&programTemplateId=${shipped.thirtyTasks}`), [])
    t.equal((await idsOf(one, `&programTemplateId=${own.programTemplateId}`)).length, 3)
    const version = (number: number) => `&programTemplateId=${own.programTemplateId}&templateNumber=${number}`
    t.equal((await idsOf(one, version(1))).length, 3, 'who is still on the first version')
    t.same(await idsOf(one, version(2)), [])
    for (const query of ['templateNumber=1', version(0).slice(1)])
      t.equal((await one.get(`/v1/journeys?${query}`)).body.code, 'invalid-request', query)
    const { nextCursor } = must(await one.get('/v1/journeys?limit=1&sort=started'))
    t.equal((await one.get(`/v1/journeys?sort=waiting&cursor=${nextCursor}`)).body.code, 'invalid-cursor')
    t.equal((await other.get(`/v1/journeys?sort=started&cursor=${nextCursor}`)).body.code, 'invalid-cursor')
  })

  t.test('an entry says whose it is and where it stands', async t => {
    const { data } = must(await one.get('/v1/journeys?sort=waiting&limit=1'))
    t.match(data, [
      {
        journeyId: b.id,
        clientId: null,
        template: { id: own.programTemplateId, number: 1 },
        status: 'active',
        startedOn: day(-80),
        applicable: 4,
        done: 0,
        waiting: 1,
        primaryClinicianId: null,
      },
    ])
    t.match(data[0].members[0].displayName, /^Jordan/)
    const stated = must(await supervisor.get(`/v1/journeys?sort=progress`)).data.at(-1)
    t.match(stated, { journeyId: a.id, done: 1, unmovedSince: null })
  })

  t.test('emergency access opens a caseload entry, and says so', async t => {
    const helper = await practice.staff(['clinician'], { mfa: true })
    const asked = {
      reasonCode: 'danger_to_self',
      narrative: 'The client called in distress (fictional).',
      durationMinutes: 30,
    }
    const [, , , chartId] = foreign.url.split('/')
    must(await helper.post(`/v1/charts/${chartId}/emergency-access`, asked, { key: randomUUID() }))
    const reply = await helper.get('/v1/journeys')
    t.same(
      reply.body.data.map((entry: Body) => entry.journeyId),
      [foreign.id],
    )
    t.ok(reply.headers['cairn-emergency-access-expires'])
    const step = { to: 'in_progress' }
    const { id } = await foreign.task('safe_place')
    const url = `${foreign.url}/tasks/${id}/status-changes`
    t.equal((await helper.post(url, step, { ifMatch: 1 })).status, 404, 'and lets nobody write')
  })

  t.test('medians are told of five journeys or more, and change with nobody else’s', async t => {
    const figures = async (by: Caller) =>
      must(await by.get(`/v1/program-templates/${own.programTemplateId}/versions/1/cohort-figures`))
    const silent = await figures(one)
    t.match(silent, { smallestCohort: 5, journeys: null })
    t.match(silent.tasks[3], { key: 'giving_back', signedOffIn: null, medianDaysToSignOff: null })
    const cohort = [a, b, c, await begin(one), await begin(one), await begin(one)]
    for (const journey of [b, ...cohort.slice(3)]) {
      const { status } = await journey.task('giving_back')
      if (status === 'submitted') must(await journey.step('giving_back', 'sign-off', {}))
      else must(await signedOff(journey, 'giving_back'))
    }
    // Days from the start to the sign-off: 2, 4, 6, 10, 30; of work: 1, 1, 3, 5, 9.
    const days: (readonly [number, number])[] = [
      [2, 1],
      [4, 1],
      [6, 3],
      [10, 5],
      [30, 9],
    ]
    for (const [index, journey] of [a, b, ...cohort.slice(3)].entries()) {
      const [total, work] = days[index] ?? [0, 0]
      await people.run(
        `update journeys set started_on = ($2::timestamptz at time zone 'America/Los_Angeles')::date - $3::int where id = $1`,
        [journey.id, '2026-06-15T20:00:00Z', total],
      )
      await people.run(
        `update journey_tasks set first_signed_off_at = '2026-06-15T20:00:00Z'::timestamptz,
           first_started_at = '2026-06-15T20:00:00Z'::timestamptz - make_interval(days => $2)
         where journey_id = $1 and task_key = 'giving_back'`,
        [journey.id, work],
      )
    }
    const told = await figures(one)
    t.equal(told.journeys, 6)
    t.match(told.tasks[3], { signedOffIn: 5, medianDaysToSignOff: 6, medianDaysInWork: 3 })
    t.match(told.tasks[0], { signedOffIn: null, medianDaysToSignOff: null, medianDaysInWork: null })
    must(await signedOff(foreign, 'giving_back'))
    t.same(await figures(one), told, 'what a colleague does changes nothing')
    t.match(await figures(other), { journeys: null })
    t.match(await figures(supervisor), { journeys: 7 })
    t.equal((await figures(supervisor)).tasks[3].signedOffIn, 6)
    const unknown = `/v1/program-templates/${randomUUID()}/versions/1/cohort-figures`
    t.equal((await one.get(unknown)).status, 404)
  })

  t.test('a page costs the same number of statements, however many journeys there are', async t => {
    const costOf = countingOn(test)
    const costOfCaseload = async (by: Caller) => {
      costOf()
      const { data } = must(await by.get('/v1/journeys?limit=200'))
      return { entries: data.length, ...costOf() }
    }
    const [few, many] = [await costOfCaseload(other), await costOfCaseload(one)]
    t.ok(many.entries > few.entries)
    t.equal(many.statements, few.statements)
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { asOwner, layClient, layCoupleChart } from '../support/clients-raw.ts'
import { createTestPractice } from '../support/practice.ts'
import { createRecoveryGround, day } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('addictions, behaviors, triggers and skills', async t => {
  const test = await createTestApp(t)
  const ground = await createRecoveryGround(test)
  const { clinician, supervisor, practice, url, post, made, read } = ground

  t.test('a philosophy is chosen from a day on, and its words follow', async t => {
    t.match(await read('philosophy'), { philosophy: null, words: { headline: 'streak' }, history: [] })
    const set = (body: Record<string, unknown>) => clinician.put(`${url}/philosophy`, body)
    t.equal((await set({ philosophy: 'abstinence', agreedBy: 'both', startsOn: day(-30) })).status, 200)
    const now = await set({ philosophy: 'harm_reduction', agreedBy: 'client' })
    t.match(now.body, {
      philosophy: 'harm_reduction',
      words: { headline: 'events_per_four_weeks', event: { lapse: 'use event' } },
      history: [{ startsOn: day() }, { startsOn: day(-30), philosophy: 'abstinence' }],
    })
    t.equal((await set({ philosophy: 'abstinence', agreedBy: 'both', startsOn: day(1) })).status, 400)
    t.equal((await set({ philosophy: 'abstinence', agreedBy: 'both', startsOn: day(-1) })).status, 400)
    t.equal((await set({ philosophy: 'canary', agreedBy: 'both' })).status, 400)
  })

  t.test('an addiction keeps every status it had, and what it said then', async t => {
    const addiction = await ground.addiction({ ownWord: 'my nights', severity: 4 })
    t.match(addiction, { class: 'process', status: 'active', inCheckIns: true, version: 1, statusOn: day() })
    const one = `${url}/addictions/${addiction.id}`
    const change = { status: 'early_remission', statusOn: day(-2), reason: 'Quiet weeks.', severity: 2 }
    const changed = await clinician.patch(one, change, { ifMatch: 1 })
    t.match(changed.body, {
      status: 'early_remission',
      severity: 2,
      ownWord: 'my nights',
      version: 2,
      history: [
        { version: 1, status: 'active', reason: null },
        { version: 2, status: 'early_remission', statusOn: day(-2), reason: 'Quiet weeks.' },
      ],
    })
    t.same((await clinician.get(one)).body, changed.body)
    t.match((await clinician.get(`${one}?version=1`)).body, { severity: 4, version: 2 })
    t.equal((await clinician.get(`${one}?version=3`)).status, 404)
    t.equal((await clinician.patch(one, change, { ifMatch: 1 })).body.code, 'stale-version')
    t.equal((await clinician.patch(one, change, { ifMatch: 2 })).body.code, 'invalid-state')
    t.equal((await clinician.patch(one, { severity: 1 })).body.code, 'precondition-required')
    const alone = await clinician.patch(one, { statusOn: day() }, { ifMatch: 2 })
    t.equal(alone.body.errors[0].pointer, '/statusOn')
    const twins = await Promise.all(
      [1, 2, 3].map(() => clinician.patch(one, { status: 'watch' }, { ifMatch: 2 })),
    )
    t.same(twins.map(({ status }) => status).sort(), [200, 412, 412])
  })

  t.test('one addiction at most is the primary one, whoever is quicker', async t => {
    const own = await createRecoveryGround(test)
    const replies = await Promise.all(
      ['alcohol', 'gambling', 'love'].map(type => own.post('addictions', { type, isPrimary: true })),
    )
    t.same(replies.map(({ status }) => status).sort(), [201, 409, 409])
    t.equal(replies.find(({ status }) => status === 409)?.body.code, 'conflict')
    t.equal((await own.read('addictions')).data.length, 1)
  })

  t.test('lists go by pages', async t => {
    const own = await createRecoveryGround(test)
    for (const type of ['alcohol', 'gambling', 'love']) await own.addiction({ type })
    const first = await own.read('addictions?limit=2')
    const rest = await own.read(`addictions?limit=2&cursor=${first.nextCursor}`)
    t.same(
      [...first.data, ...rest.data].map(({ type }) => type),
      ['love', 'gambling', 'alcohol'],
    )
    t.equal(rest.nextCursor, null)
    t.equal(
      (await supervisor.get(`${url}/addictions?cursor=${first.nextCursor}`)).body.code,
      'invalid-cursor',
    )
    t.same((await own.read('addictions?status=watch')).data, [])
  })

  t.test('addictions of one chart act on each other, and appear together', async t => {
    const own = await createRecoveryGround(test)
    const [drink, chat] = [await own.addiction({ type: 'alcohol' }), await own.addiction()]
    const between = { fromAddictionId: drink.id, toAddictionId: chat.id, mode: 'disinhibiting' }
    const edge = await own.made('addiction-interactions', { ...between, direction: 'one_way' })
    t.match(edge, { status: 'observed', evidence: null })
    const elsewhere = await ground.addiction()
    const strange = { ...between, toAddictionId: elsewhere.id, direction: 'one_way' }
    t.equal((await own.post('addiction-interactions', strange)).body.code, 'unknown-reference')
    const same = { ...between, toAddictionId: drink.id, direction: 'one_way' }
    t.equal((await own.post('addiction-interactions', same)).status, 400)
    for (const offset of [-1, -2, -3])
      await own.checkIn(day(offset), {
        addictions: [drink, chat].map(({ id }) => ({
          addictionId: id,
          urge: offset === -3 ? 4 : 6,
          innerCircle: false,
          middleCircle: null,
          outerCircle: null,
        })),
      })
    await own.lapse(chat.id, day(-5))
    await own.made('urges', {
      occurredAt: `${day(-5)}T20:00:00Z`,
      addictionId: drink.id,
      stage: 'cue',
      urgeBefore: 7,
      outcome: 'passed',
    })
    const map = await own.read('addiction-map')
    t.same(map.edges, [{ interactionId: edge.id, ...between, direction: 'one_way' }])
    t.same(map.sameDay, [{ firstAddictionId: drink.id, secondAddictionId: chat.id, days: 3 }])
    t.equal(map.nodes.length, 2)
    const ended = await own.clinician.patch(
      `${own.url}/addiction-interactions/${edge.id}`,
      { status: 'ended', evidence: 'Not since spring.' },
      { ifMatch: 1 },
    )
    t.match(ended.body, { status: 'ended', evidence: 'Not since spring.' })
    t.same((await own.read('addiction-map')).edges, [])
    t.equal((await own.clinician.get(`${own.url}/addiction-map?from=${day()}&to=${day(-1)}`)).status, 400)
    t.equal((await own.clinician.get(`${own.url}/addiction-map?from=1950-01-01`)).status, 400)
  })

  t.test('an id means the same in capitals', async t => {
    const [one, other] = [await ground.addiction(), await ground.addiction()]
    const edge = await made('addiction-interactions', {
      fromAddictionId: one.id.toUpperCase(),
      toAddictionId: other.id.toUpperCase(),
      mode: 'masking',
      direction: 'both_ways',
    })
    t.match(edge, { fromAddictionId: one.id, toAddictionId: other.id })
    t.equal((await ground.lapse(one.id.toUpperCase(), day(-1))).addictionId, one.id)
  })

  t.test('criteria are counted, and nothing is concluded from the count', async t => {
    const addiction = await ground.addiction()
    const path = `addictions/${addiction.id}/criteria-reviews`
    const answers = [
      { criterion: 'tolerance', present: 'yes', evidence: 'More each month (canary-evidence).' },
      { criterion: 'withdrawal', present: 'unclear' },
      { criterion: 'consequences', present: 'no' },
    ]
    const review = await made(path, { framework: 'interview_four', ratedBy: 'self', answers })
    t.match(review, { metCount: 1, unclearCount: 1, ratedCount: 3, criteriaCount: 4, answers })
    t.notMatch(JSON.stringify(review), /diagnos|addict\b/i)
    const twice = [...answers, { criterion: 'tolerance', present: 'no' }]
    const wrong = (body: Record<string, unknown>) =>
      post(path, { framework: 'interview_four', ratedBy: 'self', ...body })
    t.equal((await wrong({ answers: twice })).body.errors[0].pointer, '/answers/3/criterion')
    const foreign = await wrong({ answers: [{ criterion: 'craving', present: 'yes' }] })
    t.equal(foreign.body.errors[0].pointer, '/answers/0/criterion')
    t.equal((await wrong({ answers, ratedOn: day(1) })).status, 400)
    t.same((await read(path)).data, [review])
    t.same((await read(`${path}?framework=csat_ten`)).data, [])
    t.equal((await clinician.get(`${url}/addictions/${randomUUID()}/criteria-reviews`)).status, 404)
    const rows = await asOwner(test, 'select content_sealed from criteria_reviews where id = $1', [review.id])
    t.notOk(String(rows[0]?.content_sealed).includes('canary-evidence'))
  })

  t.test('a behavior goes into remission and may return; its legal risk shows what to look at', async t => {
    const behavior = await made('behaviors', {
      code: 'exhibitionism',
      legalRisk: 'yes',
      consentConcern: true,
      lastOn: day(-10),
      ritual: ['the long way home', 'the park'],
    })
    t.match(behavior, { checklist: 'mandated_report_review', daysSinceLast: 10, status: 'active' })
    const one = `${url}/behaviors/${behavior.id}`
    const returned = await clinician.patch(one, { status: 'returned' }, { ifMatch: 1 })
    t.equal(returned.body.code, 'invalid-state')
    const quiet = await clinician.patch(
      one,
      { status: 'in_remission', legalRisk: 'possible' },
      { ifMatch: 1 },
    )
    t.match(quiet.body, { status: 'in_remission', checklist: null })
    t.equal((await clinician.patch(one, { status: 'returned' }, { ifMatch: 2 })).status, 200)
    const addiction = await ground.addiction()
    await ground.lapse(addiction.id, day(-4), { behaviorIds: [behavior.id] })
    t.equal((await clinician.get(one)).body.daysSinceLast, 4)
    const dates = {
      code: 'affair',
      legalRisk: 'none',
      consentConcern: false,
      firstOn: day(-1),
      lastOn: day(-2),
    }
    t.equal((await post('behaviors', dates)).body.errors[0].pointer, '/lastOn')
    t.equal((await post('behaviors', { ...dates, lastOn: day(2) })).body.errors[0].pointer, '/lastOn')
  })

  t.test('a supervisor reads clinical work and learns of no behavior, anywhere', async t => {
    const behavior = await made('behaviors', { code: 'affair', legalRisk: 'none', consentConcern: false })
    const addiction = await ground.addiction()
    const lapse = await ground.lapse(addiction.id, day(-1), { behaviorIds: [behavior.id] })
    t.equal((await supervisor.get(`${url}/behaviors`)).status, 404)
    t.equal((await supervisor.get(`${url}/behaviors/${behavior.id}`)).status, 404)
    const seen = await supervisor.get(`${url}/lapses/${lapse.id}`)
    t.equal(seen.body.behaviorIds, null)
    const plain = await ground.lapse(addiction.id, day(-2))
    t.equal((await supervisor.get(`${url}/lapses/${plain.id}`)).body.behaviorIds, null)
    t.same(lapse.behaviorIds, [behavior.id])
    const types = async (by: typeof supervisor) =>
      (await by.get(`${url}/timeline`)).body.data.map(({ type }: { type: string }) => type)
    t.ok((await types(clinician)).includes('behavior.created'))
    t.notOk((await types(supervisor)).some((type: string) => type.startsWith('behavior')))
    t.ok((await types(supervisor)).includes('lapse.reported'))
  })

  t.test('triggers name the skills that help', async t => {
    const skill = await made('coping-skills', { name: 'Call Sam', family: 'social', level: 'learned' })
    const trigger = await made('triggers', {
      kind: 'emotional',
      label: 'Loneliness',
      copingSkillIds: [skill.id],
    })
    t.match(trigger, { copingSkillIds: [skill.id], intensity: null })
    const strange = { kind: 'emotional', label: 'X', copingSkillIds: [trigger.id] }
    t.equal((await post('triggers', strange)).body.code, 'unknown-reference')
    const better = await clinician.patch(
      `${url}/coping-skills/${skill.id}`,
      { level: 'automatic' },
      { ifMatch: 1 },
    )
    t.match(better.body, { level: 'automatic', name: 'Call Sam' })
    const retired = await clinician.patch(
      `${url}/triggers/${trigger.id}`,
      { status: 'retired', intensity: 2 },
      { ifMatch: 1 },
    )
    t.match(retired.body, {
      status: 'retired',
      intensity: 2,
      history: [{ status: 'active' }, { status: 'retired' }],
    })
    t.equal((await read('triggers?status=active')).data.length, 0)
  })

  t.test('others see nothing of it: another practice, the front desk, a colleague', async t => {
    const addiction = await ground.addiction()
    const stranger = await createTestPractice(test)
    const elsewhere = await stranger.staff(['clinician'])
    const colleague = await practice.staff(['clinician'])
    const paths = [
      'addictions',
      `addictions/${addiction.id}`,
      'behaviors',
      'lapses',
      'check-ins',
      'recovery-figures',
      'philosophy',
    ]
    for (const path of paths) {
      for (const by of [elsewhere, colleague]) t.equal((await by.get(`${url}/${path}`)).status, 404, path)
      for (const by of [practice.owner, await practice.staff(['biller'])])
        t.equal((await by.get(`${url}/${path}`)).status, 403, path)
    }
    t.equal((await colleague.post(`${url}/addictions`, { type: 'love' })).status, 404)
    t.equal((await supervisor.post(`${url}/addictions`, { type: 'love' })).status, 403)
  })

  t.test('one chart leads to nothing of another, nor does a couple’s chart have any', async t => {
    const other = await layClient(test, practice, 'Sage', [[clinician, 'primary']])
    const addiction = await ground.addiction()
    t.equal((await clinician.get(`/v1/charts/${other.chartId}/addictions/${addiction.id}`)).status, 404)
    const couple = await layCoupleChart(
      test,
      practice,
      [ground.clientId, other.clientId],
      [[clinician, 'primary']],
    )
    t.equal((await clinician.get(`/v1/charts/${couple}/addictions`)).status, 404)
    t.equal((await clinician.get(`/v1/charts/${couple}/recovery-figures`)).status, 404)
    t.equal((await clinician.post(`/v1/charts/${couple}/addictions`, { type: 'love' })).status, 404)
  })

  t.test('words are sealed at rest, and never logged', async t => {
    await ground.addiction({ ownWord: 'canary-own-word' })
    const rows = await asOwner(test, 'select content_sealed from recovery_document_revisions')
    t.ok(rows.length > 5)
    t.notOk(rows.some(({ content_sealed }) => String(content_sealed).includes('canary')))
    t.notMatch(test.logLines.join(''), /canary-own-word|Loneliness|the park/)
  })
})

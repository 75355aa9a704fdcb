import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('definitions, lapses and their figures', async t => {
  const test = await createTestApp(t)
  const defined = async (ground: RecoveryGround, effectiveFrom: string) => {
    const addiction = await ground.addiction({ soberSince: day(-100) })
    const definition = await ground.made('sobriety-definitions', {
      addictionId: addiction.id,
      afterNumber: 0,
      effectiveFrom,
      witnessedBy: 'therapist',
      items: [
        { text: 'Private browsing', circle: 'inner' },
        { text: 'Late at the office', circle: 'middle' },
        { text: 'A call a day', circle: 'outer' },
      ],
    })
    const [browsing, late, call] = definition.items.map(({ itemId }: { itemId: string }) => itemId)
    return { addiction, definition, browsing, late, call }
  }
  const streakOf = async (ground: RecoveryGround) => (await ground.figures()).addictions[0].streak

  t.test('items keep their ids from definition to definition; what is left out has ended', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction, definition, browsing, late, call } = await defined(ground, day(-60))
    t.match(definition, { number: 1, inForce: true, endedItems: [], fellowshipBasis: 'custom' })
    const next = await ground.made('sobriety-definitions', {
      addictionId: addiction.id,
      afterNumber: 1,
      effectiveFrom: day(-20),
      note: 'With the sponsor.',
      items: [
        { itemId: browsing, circle: 'inner' },
        { itemId: late, circle: 'inner' },
        { text: 'Sunday walks', circle: 'outer' },
      ],
    })
    t.match(next, {
      number: 2,
      note: 'With the sponsor.',
      items: [
        { itemId: browsing, movedFrom: null, addedOn: day(-60) },
        { itemId: late, movedFrom: 'middle', circle: 'inner', text: 'Late at the office' },
        { text: 'Sunday walks', addedOn: day(-20) },
      ],
      endedItems: [{ itemId: call, circle: 'outer', text: 'A call a day' }],
    })
    const all = await ground.read('sobriety-definitions')
    t.same(
      all.data.map((one: { number: number; inForce: boolean }) => [one.number, one.inForce]),
      [
        [2, true],
        [1, false],
      ],
    )
    const page = await ground.read('sobriety-definitions?limit=1')
    const rest = await ground.read(`sobriety-definitions?limit=1&cursor=${page.nextCursor}`)
    t.same([...page.data, ...rest.data, rest.nextCursor], [...all.data, null])
    const then = await ground.read(`sobriety-definitions?inForceOn=${day(-21)}`)
    t.same(
      then.data.map(({ number }: { number: number }) => number),
      [1],
    )
    t.same((await ground.read(`sobriety-definitions?inForceOn=${day(-90)}`)).data, [])
    t.same((await ground.read(`sobriety-definitions?addictionId=${randomUUID()}`)).data, [])
  })

  t.test('a definition that cannot be is refused, and of twins one is written', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction, browsing } = await defined(ground, day(-60))
    const other = await defined(ground, day(-60))
    const next = (more: Record<string, unknown>) =>
      ground.post('sobriety-definitions', {
        addictionId: addiction.id,
        afterNumber: 1,
        items: [{ itemId: browsing, circle: 'inner' }],
        ...more,
      })
    const pointer = async (more: Record<string, unknown>) => (await next(more)).body.errors[0].pointer
    t.equal(await pointer({ effectiveFrom: day(-61) }), '/effectiveFrom')
    t.equal(await pointer({ effectiveFrom: day(91) }), '/effectiveFrom')
    t.equal(await pointer({ items: [{ circle: 'inner' }] }), '/items/0')
    t.equal(await pointer({ items: [{ itemId: browsing, text: 'both', circle: 'inner' }] }), '/items/0')
    t.equal(await pointer({ items: [{ itemId: other.browsing, circle: 'inner' }] }), '/items/0/itemId')
    const twice = [1, 2].map(() => ({ itemId: browsing, circle: 'inner' }))
    t.equal(await pointer({ items: twice }), '/items/1/itemId')
    t.equal(await pointer({ addictionId: randomUUID() }), '/addictionId')
    t.equal(await pointer({ items: [] }), '/items')
    const replies = await Promise.all([next({}), next({}), next({})])
    t.same(replies.map(({ status }) => status).sort(), [201, 409, 409])
    t.equal(replies.find(({ status }) => status === 409)?.body.code, 'conflict')
    const key = randomUUID()
    const body = {
      addictionId: addiction.id,
      afterNumber: 2,
      items: [{ itemId: browsing, circle: 'middle' }],
    }
    const path = `${ground.url}/sobriety-definitions`
    const [first, again] = [
      await ground.clinician.post(path, body, { key }),
      await ground.clinician.post(path, body, { key }),
    ]
    t.same([again.status, again.body], [201, first.body])
  })

  t.test('an act is counted by the definition of its own day, however late it is told', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction, late, browsing } = await defined(ground, day(-60))
    t.match(await streakOf(ground), { startsOn: day(-100), currentDays: 101, longestDays: 101 })
    const middle = await ground.lapse(addiction.id, day(-30), { circle: null, itemIds: [late] })
    t.match(middle, { countsAs: 'middle', reportedOn: day(), daysUntilReported: 30, word: 'setback' })
    t.match(await streakOf(ground), { currentDays: 101, resetDays: 0 })
    await ground.made('sobriety-definitions', {
      addictionId: addiction.id,
      afterNumber: 1,
      effectiveFrom: day(-20),
      items: [{ itemId: late, circle: 'inner' }],
    })
    t.match(await streakOf(ground), { currentDays: 101 }, 'a later definition does not judge an earlier day')
    t.equal((await ground.lapse(addiction.id, day(-10), { circle: null, itemIds: [late] })).countsAs, 'inner')
    t.match(await streakOf(ground), { sobrietyDate: day(-9), currentDays: 10, longestDays: 90, resetDays: 1 })
    const old = await ground.lapse(addiction.id, day(-50), { circle: null, itemIds: [browsing] })
    t.match(await streakOf(ground), { sobrietyDate: day(-9), longestDays: 50, resetDays: 2 })
    const one = `${ground.url}/lapses/${old.id}`
    const moved = { occurredOn: day(-2), circle: 'inner', itemIds: [], reason: 'It was this week.' }
    t.equal((await ground.clinician.patch(one, moved, { ifMatch: 1 })).status, 200)
    t.match(await streakOf(ground), { sobrietyDate: day(-1), currentDays: 2, longestDays: 90, resetDays: 2 })
    t.match((await ground.clinician.get(`${one}?version=1`)).body, { occurredOn: day(-50), version: 2 })
    const withdrawn = { to: 'withdrawn', reason: 'Entered for somebody else.' }
    t.equal((await ground.clinician.post(`${one}/status-changes`, withdrawn, { ifMatch: 2 })).status, 200)
    t.match(await streakOf(ground), { sobrietyDate: day(-9), currentDays: 10, longestDays: 90 })
    t.match((await ground.figures()).addictions[0], { innerLast28Days: 1, middleLast28Days: 0 })
  })

  t.test('a lapse is learned from step by step, and can be taken up again', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction } = await defined(ground, day(-60))
    const lapse = await ground.lapse(addiction.id, day(-3), { severity: 'slip' })
    const one = `${ground.url}/lapses/${lapse.id}`
    let { version } = lapse
    const to = async (status: string, reason?: string) => {
      const reply = await ground.clinician.post(
        `${one}/status-changes`,
        { to: status, ...(reason ? { reason } : {}) },
        { ifMatch: version },
      )
      if (reply.status === 200) version = reply.body.version
      return reply.status === 200 ? reply.body.status : reply.body.code
    }
    const write = async (fields: Record<string, unknown>) => {
      const reply = await ground.clinician.patch(one, fields, { ifMatch: version })
      version = reply.body.version
      return reply.body
    }
    t.equal(await to('explored'), 'invalid-state', 'nothing was explored')
    await write({ antecedents: ['lonely', 'tired'], chain: ['a quarrel', 'an hour alone'] })
    t.equal(await to('learning_captured'), 'invalid-state', 'one step after the other')
    t.equal(await to('explored'), 'explored')
    t.equal(await to('learning_captured'), 'invalid-state')
    await write({ need: 'Rest', alternative: 'A nap' })
    t.equal(await to('learning_captured'), 'learning_captured')
    t.equal(await to('plan_updated'), 'invalid-state')
    await write({ planChanges: ['No laptop after ten'] })
    t.equal(await to('plan_updated'), 'plan_updated')
    t.equal(await to('closed'), 'closed')
    t.equal(await to('explored'), 'invalid-state', 'back needs a reason')
    t.equal(await to('explored', 'More came up.'), 'explored')
    t.equal(await to('withdrawn', 'In error.'), 'withdrawn')
    t.equal(await to('reported', 'No.'), 'invalid-state')
    t.equal(
      (await ground.clinician.patch(one, { shame: 3 }, { ifMatch: version })).body.code,
      'invalid-state',
    )
  })

  t.test('words follow the philosophy of the day', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction } = await defined(ground, day(-60))
    const choose = (philosophy: string, startsOn: string) =>
      ground.clinician.put(`${ground.url}/philosophy`, { philosophy, agreedBy: 'both', startsOn })
    await choose('abstinence', day(-90))
    await choose('harm_reduction', day(-10))
    t.equal((await ground.lapse(addiction.id, day(-11), { severity: 'relapse' })).word, 'relapse')
    t.equal((await ground.lapse(addiction.id, day(-10), { severity: 'relapse' })).word, 'period of use')
    t.match(await ground.figures(), {
      philosophy: 'harm_reduction',
      words: { headline: 'events_per_four_weeks' },
    })
  })

  t.test('a lapse refuses what cannot be', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction, browsing } = await defined(ground, day(-60))
    const other = await ground.addiction({ type: 'alcohol' })
    const told = (more: Record<string, unknown>) =>
      ground.post('lapses', { addictionId: addiction.id, occurredOn: day(-1), severity: 'slip', ...more })
    const pointer = async (more: Record<string, unknown>) => (await told(more)).body.errors[0].pointer
    t.equal(await pointer({ occurredOn: day(1) }), '/occurredOn')
    t.equal(await pointer({ occurredAt: `${day(-5)}T12:00:00Z` }), '/occurredAt')
    t.equal(await pointer({ addictionId: randomUUID() }), '/addictionId')
    t.equal(await pointer({ addictionId: other.id, itemIds: [browsing] }), '/itemIds')
    t.equal(await pointer({ behaviorIds: [addiction.id] }), '/behaviorIds')
    t.equal(await pointer({ antecedents: ['canary-word'] }), '/antecedents/0')
    t.equal((await told({ occurredAt: `${day(-1)}T20:00:00Z` })).status, 201)
  })

  t.test('what a lapse asks for raises an alert, once', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction } = await defined(ground, day(-60))
    const lapse = await ground.lapse(addiction.id, day(-1), { severity: 'relapse', safetyConcern: true })
    const rules = async () =>
      (await ground.clinician.get(`/v1/alerts?chartId=${ground.chartId}`)).body.data
        .map((alert: { rule: string; severity: string }) => [alert.rule, alert.severity])
        .sort()
    const both = [
      ['lapse_safety', 'urgent'],
      ['rescreen_after_relapse', 'attention'],
    ]
    t.same(await rules(), both)
    await ground.clinician.patch(`${ground.url}/lapses/${lapse.id}`, { shame: 4 }, { ifMatch: 1 })
    t.same(await rules(), both)
  })

  t.test('figures of a chart take the same statements, however much it holds', async t => {
    const ground = await createRecoveryGround(test)
    const { addiction } = await defined(ground, day(-60))
    const costOf = countingOn(test)
    await ground.figures()
    const few = costOf().statements
    for (const offset of [-1, -2, -3, -4]) {
      await ground.lapse(addiction.id, day(offset), {
        antecedents: ['lonely', offset === -1 ? 'tired' : 'bored'],
      })
      await ground.checkIn(day(offset))
    }
    await defined(ground, day(-60))
    costOf()
    const figures = await ground.figures()
    t.equal(costOf().statements, few)
    t.match(figures.lapses, {
      count: 4,
      relapses: 0,
      medianDaysUntilReported: 2.5,
      planChangeRate: 0,
      repeatedAntecedents: [
        { antecedent: 'lonely', count: 4 },
        { antecedent: 'bored', count: 3 },
      ],
    })
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { asOwner } from '../support/clients-raw.ts'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { createTestApp } from '../support/test-app.ts'

const about = (addictionId: string, urge: number | null, innerCircle: boolean | null = false) => ({
  addictionId,
  urge,
  innerCircle,
  middleCircle: null,
  outerCircle: true,
})

t.test('check-ins', async t => {
  const test = await createTestApp(t)
  const alertsOf = async (ground: RecoveryGround) =>
    (await ground.clinician.get(`/v1/alerts?chartId=${ground.chartId}`)).body.data
  const ruleNames = async (ground: RecoveryGround) =>
    (await alertsOf(ground)).map(({ rule }: { rule: string }) => rule)

  t.test('of a day and kind one check-in is in force; a correction keeps both', async t => {
    const ground = await createRecoveryGround(test)
    const first = await ground.checkIn(day(-3), { mood: 4, note: 'A long day.' })
    t.match(first, { inForce: true, daysLate: 3, enteredOn: day(), enteredBy: 'staff', mood: 4, shame: null })
    const twins = await Promise.all(
      [1, 2, 3].map(() => ground.post('check-ins', { kind: 'daily', coversOn: day(-4) })),
    )
    t.same(twins.map(({ status }) => status).sort(), [201, 409, 409])
    t.equal(twins.find(({ status }) => status === 409)?.body.code, 'already-exists')
    t.equal((await ground.post('check-ins', { kind: 'weekly', coversOn: day(-3) })).status, 201)
    const corrections = await Promise.all(
      [5, 6].map(mood => ground.post(`check-ins/${first.id}/corrections`, { mood })),
    )
    t.same(corrections.map(({ status }) => status).sort(), [201, 409])
    const fixed = corrections.find(({ status }) => status === 201)?.body
    t.match(fixed, { supersedesId: first.id, coversOn: day(-3), note: null, inForce: true })
    t.equal((await ground.post(`check-ins/${first.id}/corrections`, { mood: 1 })).body.code, 'invalid-state')
    t.equal((await ground.post(`check-ins/${randomUUID()}/corrections`, { mood: 1 })).status, 404)
    const shown = await ground.read('check-ins?kind=daily')
    t.same(
      shown.data.map(({ coversOn }: { coversOn: string }) => coversOn),
      [day(-3), day(-4)],
    )
    const all = await ground.read(`check-ins?superseded=true&from=${day(-3)}&kind=daily`)
    t.same(
      all.data.map((one: { id: string; inForce: boolean; mood: number }) => [one.id, one.inForce]),
      [
        [fixed.id, true],
        [first.id, false],
      ],
    )
  })

  t.test('what cannot be is refused, and nothing of it repeated', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction()
    const send = (more: Record<string, unknown>) =>
      ground.post('check-ins', { kind: 'daily', coversOn: day(-1), ...more })
    const pointer = async (more: Record<string, unknown>) => (await send(more)).body.errors[0].pointer
    t.equal(await pointer({ coversOn: day(1) }), '/coversOn')
    t.equal(await pointer({ coversOn: '1850-01-01' }), '/coversOn')
    t.equal(await pointer({ mood: 11 }), '/mood')
    t.equal(await pointer({ mood: 1.5 }), '/mood')
    t.equal(await pointer({ sleepMinutes: 1441 }), '/sleepMinutes')
    t.equal(await pointer({ addictions: [about(id, 3), about(id, 4)] }), '/addictions')
    t.equal(await pointer({ addictions: [about(randomUUID(), 3)] }), '/addictions')
    const canary = await send({ canary: 'canary' })
    t.equal(canary.status, 400)
    t.notMatch(JSON.stringify(canary.body), /canary/)
    t.same((await ground.read('check-ins')).data, [])
    const key = randomUUID()
    const body = { kind: 'daily', coversOn: day(-1), mood: 3 }
    const url = `${ground.url}/check-ins`
    const [one, again] = [
      await ground.clinician.post(url, body, { key }),
      await ground.clinician.post(url, body, { key }),
    ]
    t.same([one.status, again.status, again.body], [201, 201, one.body])
  })

  t.test('an inner circle that was touched ends a streak, and a corrected one does not', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction({ soberSince: day(-30) })
    const streak = async () => (await ground.figures()).addictions[0].streak
    const said = await ground.checkIn(day(-5), { addictions: [about(id, 5, true)] })
    t.match(await streak(), { sobrietyDate: day(-4), currentDays: 5, longestDays: 25 })
    await ground.made(`check-ins/${said.id}/corrections`, { addictions: [about(id, 5, false)] })
    t.match(await streak(), { sobrietyDate: day(-30), currentDays: 31 })
    await ground.made('check-ins', { kind: 'weekly', coversOn: day(-1), addictions: [about(id, 5, true)] })
    t.match(await streak(), { sobrietyDate: day() }, 'a week counts on its last day')
    await ground.lapse(id, day(-6))
    t.match(await streak(), { sobrietyDate: day(-5), currentDays: 6 }, 'until a lapse says the day')
  })

  t.test('trends are means of what was answered, by day and by week', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction()
    const monday = '2026-01-05'
    await ground.checkIn(monday, { mood: 4, sleepMinutes: 400, addictions: [about(id, 2)] })
    await ground.checkIn('2026-01-06', { mood: 7, addictions: [about(id, 7, true)] })
    await ground.made('check-ins', { kind: 'weekly', coversOn: '2026-01-11', mood: 5 })
    await ground.checkIn('2026-01-12', { shame: 8 })
    const trends = async (by: string) => ground.read(`check-in-trends?from=2026-01-01&to=2026-01-31&by=${by}`)
    const weeks = (await trends('week')).points
    t.match(weeks, [
      {
        on: monday,
        checkIns: 3,
        mood: 5.33,
        sleepMinutes: 400,
        shame: null,
        addictions: [
          { addictionId: id, meanUrge: 4.5, maxUrge: 7, innerDays: 1, middleDays: 0, outerDays: 2 },
        ],
      },
      { on: '2026-01-12', checkIns: 1, mood: null, shame: 8, addictions: [] },
    ])
    t.same(
      (await trends('day')).points.map(({ on }: { on: string }) => on),
      [monday, '2026-01-06', '2026-01-12'],
      'what is said of a week is no day’s',
    )
    t.equal(
      (await ground.clinician.get(`${ground.url}/check-in-trends?from=2024-01-01&to=2026-01-31`)).status,
      400,
    )
    t.equal((await ground.clinician.get(`${ground.url}/check-in-trends?from=2024-01-01&by=week`)).status, 200)
  })

  t.test('five thousand check-ins are one statement', async t => {
    const ground = await createRecoveryGround(test)
    await asOwner(
      test,
      `insert into check_ins (practice_id, chart_id, kind, covers_on, entered_on, mood, entered_by)
       select $1::uuid, $2::uuid, 'daily', current_date - n, current_date - n, n % 11, 'staff' from generate_series(1, 3600) n
       union all select $1::uuid, $2::uuid, 'weekly', current_date - n, current_date - n, n % 11, 'staff' from generate_series(1, 1400) n`,
      [ground.practice.id, ground.chartId],
    )
    const costOf = countingOn(test)
    await ground.read('check-in-trends?by=week')
    const few = costOf().statements
    const trends = await ground.read(`check-in-trends?by=week&from=${day(-3690)}`)
    t.equal(costOf().statements, few)
    t.ok(trends.points.length > 500)
    const sum = trends.points.reduce((all: number, { checkIns }: { checkIns: number }) => all + checkIns, 0)
    t.equal(sum, 5_000)
  })

  t.test('hopelessness and very strong urges alert; what is old is no news', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction()
    await ground.checkIn(day(-20), { hopelessness: 10, addictions: [about(id, 10)] })
    t.same(await ruleNames(ground), [])
    const yesterday = await ground.checkIn(day(-1), {
      hopelessness: 7,
      depression: 8,
      addictions: [about(id, 9)],
    })
    t.same((await ruleNames(ground)).sort(), ['hopelessness', 'strong_urge'])
    const low = (await alertsOf(ground)).find(({ rule }: { rule: string }) => rule === 'hopelessness')
    t.match(low, { severity: 'urgent', evidence: { level: 8, coversOn: day(-1) } })
    t.ok(low.respondBy)
    await ground.made(`check-ins/${yesterday.id}/corrections`, {
      hopelessness: 7,
      depression: 8,
      addictions: [about(id, 10)],
    })
    t.equal((await ruleNames(ground)).length, 2, 'the same strength of the same day is still the same')
    await ground.checkIn(day(), { hopelessness: 10, addictions: [about(id, 10)] })
    t.same(
      (await alertsOf(ground))
        .filter(({ rule }: { rule: string }) => rule === 'hopelessness')
        .map(({ evidence }: { evidence: { level: number } }) => evidence.level)
        .sort(),
      [10, 8],
      'what comes later, and is worse, is told while the first one still waits',
    )
  })

  t.test('one addiction that falls silent while another rises is noticed, once', async t => {
    const ground = await createRecoveryGround(test)
    const [quiet, loud] = [await ground.addiction({ type: 'alcohol' }), await ground.addiction()]
    for (const offset of [-14, -12, -10, -8])
      await ground.checkIn(day(offset), { addictions: [about(quiet.id, 1), about(loud.id, 2)] })
    for (const offset of [-6, -5, -4])
      await ground.checkIn(day(offset), { addictions: [about(quiet.id, 0), about(loud.id, 4)] })
    t.same(await ruleNames(ground), [], 'a rise of two is not enough')
    for (const offset of [-3, -2, -1])
      await ground.checkIn(day(offset), { addictions: [about(quiet.id, 2), about(loud.id, 7)] })
    t.same(await ruleNames(ground), ['substitution'])
    const [alert] = await alertsOf(ground)
    t.match(alert.evidence, { silentAddictionId: quiet.id, risingAddictionId: loud.id })
    const types = (await ground.read('timeline')).data.map(({ type }: { type: string }) => type)
    t.equal(types.filter((type: string) => type === 'substitution.detected').length, 1)
  })

  t.test('silence is what was told of, in the circle where the act counts', async t => {
    const risingBeside = async (quietUrge: number | null) => {
      const ground = await createRecoveryGround(test)
      const [quiet, loud] = [await ground.addiction({ type: 'alcohol' }), await ground.addiction()]
      for (const offset of [-13, -12, -10, -8, -6, -5, -4])
        await ground.checkIn(day(offset), {
          addictions: [about(quiet.id, quietUrge, quietUrge === null ? null : false), about(loud.id, 1)],
        })
      const rise = async () => {
        for (const offset of [-3, -2, -1])
          await ground.checkIn(day(offset), { addictions: [about(loud.id, 9)] })
        const names: string[] = await ruleNames(ground)
        return names.includes('substitution')
      }
      return { ground, quiet, rise }
    }
    t.equal(await (await risingBeside(1)).rise(), true, 'the ground of the others')
    t.equal(await (await risingBeside(null)).rise(), false, 'no answer is not silence')

    const weekly = await risingBeside(1)
    const touched = { kind: 'weekly', coversOn: day(-4), addictions: [about(weekly.quiet.id, 1, true)] }
    await weekly.ground.made('check-ins', touched)
    t.equal(await weekly.rise(), false, 'a weekly form tells of an act too')

    const placed = await risingBeside(1)
    const definition = await placed.ground.made('sobriety-definitions', {
      addictionId: placed.quiet.id,
      afterNumber: 0,
      effectiveFrom: day(-60),
      witnessedBy: 'therapist',
      items: [{ text: 'Any drink', circle: 'inner' }],
    })
    await placed.ground.lapse(placed.quiet.id, day(-5), {
      circle: 'middle',
      itemIds: definition.items.map(({ itemId }: { itemId: string }) => itemId),
    })
    t.equal(await placed.rise(), false, 'what the definition calls inner is inner')
  })

  t.test('a milestone is told at the first check-in since, once for each beginning', async t => {
    const ground = await createRecoveryGround(test)
    let contract = await ground.made('abstinence-contracts', {
      scope: 'all_sexual',
      partnerSex: 'not_allowed',
      plannedDays: 90,
      proposedOn: day(-40),
    })
    for (const step of ['agreed', 'started'])
      contract = (
        await ground.clinician.post(
          `${ground.url}/abstinence-contracts/${contract.id}/steps`,
          { step, effectiveOn: day(-40) },
          { ifMatch: contract.version, key: randomUUID() },
        )
      ).body
    const told = async () =>
      (await ground.read('timeline')).data.filter(
        ({ type }: { type: string }) => type === 'abstinence-contract.milestone-reached',
      ).length
    await ground.checkIn(day(-12))
    t.equal(await told(), 0, 'day 29')
    const { id } = await ground.addiction()
    await ground.checkIn(day(-11), { addictions: [about(id, 8, true)] })
    t.equal(await told(), 0, 'day 30, but it tells of an act of the inner circle')
    await ground.checkIn(day(-10), { addictions: [about(id, 2)] })
    t.equal(await told(), 1)
    await Promise.all([ground.checkIn(day(-9)), ground.checkIn(day(-8))])
    t.equal(await told(), 1)
    t.match((await ground.figures()).contracts, [
      { contractId: contract.id, dayNumber: 41, checkedDays: 5, elapsedDays: 41 },
    ])
  })
})

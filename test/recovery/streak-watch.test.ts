import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { rounds } from '../../src/modules/jobs.ts'
import { anniversary } from '../../src/modules/recovery/days.rules.ts'
import { milestonesOf } from '../../src/modules/recovery/streaks/streak-watch.ts'
import { asOwner } from '../support/clients-raw.ts'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

const watched = {
  addictionId: 'addiction',
  chartId: 'chart',
  today: '2028-03-31',
  soberSince: '2028-03-01',
  philosophy: null,
  definitions: [],
  lapses: [],
  touched: [],
}
const told = (more: Partial<Parameters<typeof milestonesOf>[0]>) =>
  milestonesOf({ ...watched, ...more }).map(({ unit, count, startsOn, reachedOn }) => [
    unit,
    count,
    startsOn,
    reachedOn,
  ])

t.test('milestones that are news, by hand', async t => {
  t.same(told({}), [['days', 30, '2028-03-01', '2028-03-30']], 'day 30 was yesterday')
  t.same(told({ today: '2028-03-29' }), [], 'tomorrow is none')
  t.same(told({ today: '2028-04-05' }).length, 1, 'six days back is news')
  t.same(told({ today: '2028-04-06' }), [], 'a week back is none')
  t.same(told({ soberSince: null }), [])
  t.equal(told({ philosophy: 'abstinence' }).length, 1)
  t.same(
    told({ philosophy: 'harm_reduction' }),
    [],
    'where days in a row do not come first, they are not told',
  )
  t.same(
    told({ soberSince: '2027-03-31' }),
    [['years', 1, '2027-03-31', '2028-03-31']],
    'of a streak of a year its anniversary alone',
  )
  t.same(told({ today: '2029-02-28', soberSince: '2028-02-29' }), [['years', 1, '2028-02-29', '2029-02-28']])
  const lapse = { on: '2028-03-01', itemIds: ['item'], circle: 'middle' as const }
  t.equal(told({ lapses: [lapse] }).length, 1, 'the middle circle ends nothing')
  const definition = {
    number: 1,
    effectiveFrom: '2028-01-01',
    items: [{ itemId: 'item', circle: 'inner' as const }],
  }
  t.same(
    told({ lapses: [lapse], definitions: [definition] }),
    [['days', 30, '2028-03-02', '2028-03-31']],
    'by the definition of that day it was the inner one: the streak began a day later',
  )
  const touched = [{ kind: 'daily' as const, coversOn: '2028-03-02' }]
  t.same(told({ lapses: [lapse], definitions: [definition], touched }), [], 'a check-in ends it too')
})

t.test('the clock tells of streaks', async t => {
  const test = await createTestApp(t)
  const round = ({ practice }: RecoveryGround) =>
    inPractice(test.house.database, systemScope(practice.id, 'recovery-watch'), rounds['recovery-watch'])
  /** As on another day: the chart was not looked at today. */
  const again = async (ground: RecoveryGround) => {
    await asOwner(test, 'update streak_watches set looked_on = looked_on - 1 where chart_id = $1', [
      ground.chartId,
    ])
    await round(ground)
  }
  const milestones = (ground: RecoveryGround) =>
    asOwner(
      test,
      `select unit, count, starts_on::text, reached_on::text from sobriety_milestones where chart_id = $1 order by told_at, count`,
      [ground.chartId],
    )
  const events = async (ground: RecoveryGround) => {
    const rows = await asOwner(
      test,
      `select resource_id from events where chart_id = $1 and type = 'addiction.milestone-reached'`,
      [ground.chartId],
    )
    return rows.map(({ resource_id }) => resource_id)
  }

  t.test('a milestone is told once, however many look', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction({ soberSince: day(-29) })
    await ground.addiction({ type: 'work', soberSince: day(-28) })
    await ground.addiction({ type: 'gaming' })
    await Promise.all([round(ground), round(ground), round(ground)])
    await round(ground)
    await again(ground)
    t.same(await events(ground), [id])
    t.match(await milestones(ground), [{ unit: 'days', count: 30, starts_on: day(-29), reached_on: day() }])
    const [figures] = (await ground.figures()).addictions
    t.match(figures.streak.milestones[0], { count: 30, on: day(), reached: true }, 'as the figures have it')
  })

  t.test('under harm reduction no streak is told of, until another philosophy is followed', async t => {
    const ground = await createRecoveryGround(test)
    const choose = (philosophy: string, startsOn: string) =>
      ground.clinician.put(`${ground.url}/philosophy`, { philosophy, agreedBy: 'client', startsOn })
    const { id } = await ground.addiction({ soberSince: day(-30) })
    await choose('abstinence', day(-60))
    await choose('harm_reduction', day(-1))
    await round(ground)
    t.same(await events(ground), [])
    await choose('integrated', day())
    await again(ground)
    t.same(await events(ground), [id])
  })

  t.test('the timeline of the chart shows it to its care team', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction({ soberSince: day(-59) })
    await round(ground)
    const { data } = (await ground.clinician.get(`/v1/charts/${ground.chartId}/timeline?limit=200`)).body
    const entry = data.find(({ type }: { type: string }) => type === 'addiction.milestone-reached')
    t.match(entry, { resourceId: id })
    const feed = await ground.practice.owner.get('/v1/events?limit=200')
    t.notMatch(JSON.stringify(feed.body), /milestone-reached/, 'the feed of the practice does not tell')
  })

  t.test('a lapse that is told late tells nothing again; a new streak is a new one', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction({ soberSince: day(-92) })
    await asOwner(
      test,
      `insert into sobriety_milestones (practice_id, chart_id, addiction_id, unit, count, starts_on, reached_on)
       select $1, $2, $3, 'days', m.count, $4::date, $4::date + m.count - 1 from (values (30), (60), (90)) m(count)`,
      [ground.practice.id, ground.chartId, id, day(-92)],
    )
    // Told today: it was on the third day, so today is day 90 of the streak that began the day after.
    const lapse = await ground.lapse(id, day(-90))
    await round(ground)
    t.match((await ground.figures()).addictions[0].streak, { sobrietyDate: day(-89), currentDays: 90 })
    t.same(await events(ground), [], 'day 90 of these days was told before')
    // It was a mistake: the streak is again the one that was told of.
    await ground.clinician.post(
      `${ground.url}/lapses/${lapse.id}/status-changes`,
      { to: 'withdrawn', reason: 'Another client’s (fictional).' },
      { ifMatch: lapse.version },
    )
    await again(ground)
    t.same(await events(ground), [])
    t.equal((await milestones(ground)).length, 3)
    // A lapse after everything that was told of: what follows it is another streak.
    const fresh = await createRecoveryGround(test)
    const other = await fresh.addiction({ soberSince: day(-120) })
    await asOwner(
      test,
      `insert into sobriety_milestones (practice_id, chart_id, addiction_id, unit, count, starts_on, reached_on)
       values ($1, $2, $3, 'days', 30, $4, $5)`,
      [fresh.practice.id, fresh.chartId, other.id, day(-120), day(-91)],
    )
    await fresh.lapse(other.id, day(-30))
    await round(fresh)
    t.same(await events(fresh), [other.id])
    t.match((await milestones(fresh))[1], { count: 30, starts_on: day(-29), reached_on: day() })
  })

  t.test('what lies back a week is no news, and closed charts are left alone', async t => {
    const ground = await createRecoveryGround(test)
    await ground.addiction({ soberSince: anniversary(day(-8), -2) })
    await round(ground)
    t.same(await events(ground), [])
    const closed = await createRecoveryGround(test)
    await closed.addiction({ soberSince: day(-29) })
    await asOwner(test, `update charts set status = 'closed', closed_at = now() where id = $1`, [
      closed.chartId,
    ])
    await round(closed)
    t.same(await events(closed), [])
  })

  t.test('days are the client’s own', async t => {
    const ground = await createRecoveryGround(test)
    await asOwner(test, `update clients set time_zone = 'Pacific/Kiritimati' where id = $1`, [
      ground.clientId,
    ])
    const { today } = await ground.figures()
    const { id } = await ground.addiction({ soberSince: day(-28) })
    await round(ground)
    const isAhead = today > day()
    t.same(await events(ground), isAhead ? [id] : [], 'where it is tomorrow already, day 30 is there already')
  })
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { reviewsMissed } from '../../src/modules/recovery/abstinence/abstinence.rules.ts'
import { listOldReviews } from '../../src/modules/recovery/abstinence/old-reviews.ts'
import { watchDates } from '../../src/modules/recovery/watched-dates.ts'
import { asOwner } from '../support/clients-raw.ts'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('which reviews were missed, by hand', async t => {
  const days = ['2028-01-31', '2028-02-29', '2028-03-31']
  const reviewed = (effectiveOn: string) => ({ step: 'reviewed' as const, effectiveOn })
  t.same(reviewsMissed(days, [], '2028-02-29'), ['2028-01-31'], 'today is not yet missed')
  t.same(reviewsMissed(days, [], '2028-03-01'), ['2028-01-31', '2028-02-29'])
  t.same(reviewsMissed(days, [reviewed('2028-01-30')], '2028-02-01'), ['2028-01-31'], 'a day too early')
  t.same(reviewsMissed(days, [reviewed('2028-02-10')], '2028-03-01'), ['2028-02-29'])
  t.same(reviewsMissed(days, [{ step: 'continued', effectiveOn: '2028-02-10' }], '2028-02-01'), [
    '2028-01-31',
  ])
})

t.test('what was agreed for a day', async t => {
  const test = await createTestApp(t)
  const watch = ({ practice }: RecoveryGround) =>
    inPractice(test.house.database, systemScope(practice.id, 'recovery-watch'), watchDates)
  const alertsOf = async (ground: RecoveryGround, by = ground.clinician) =>
    (await by.get(`/v1/alerts?chartId=${ground.chartId}&limit=200`)).body.data
  const resolve = (ground: RecoveryGround, alert: { id: string; version: number }) =>
    ground.clinician.post(
      `${ground.url}/alerts/${alert.id}/resolution`,
      { outcome: 'handled' },
      { ifMatch: alert.version },
    )
  const agreed = async (ground: RecoveryGround, reviewsOn: string[]) => {
    const terms = { scope: 'self', partnerSex: 'allowed', plannedDays: 60, proposedOn: day(-40), reviewsOn }
    return step(ground, await ground.made('abstinence-contracts', terms), 'agreed', day(-40))
  }
  const step = async (
    ground: RecoveryGround,
    contract: { id: string; version: number },
    name: string,
    effectiveOn: string,
  ) => {
    const { status, body } = await ground.clinician.post(
      `${ground.url}/abstinence-contracts/${contract.id}/steps`,
      { step: name, effectiveOn },
      { ifMatch: contract.version, key: randomUUID() },
    )
    t.equal(status, 200, name)
    return body
  }

  t.test('a review of a contract that was missed is one alert, until it is held', async t => {
    const ground = await createRecoveryGround(test)
    const contract = await agreed(ground, [day(-20), day(-1), day(), day(20)])
    t.equal(contract.reviewOverdue, true)
    await Promise.all([watch(ground), watch(ground)])
    await watch(ground)
    const [second, first, ...more] = await alertsOf(ground)
    t.same(more, [])
    const due = { rule: 'recovery_review_overdue', severity: 'info', status: 'open' }
    t.match(
      [first, second],
      [
        { ...due, evidence: { contractId: contract.id, dueOn: day(-20) } },
        { ...due, evidence: { contractId: contract.id, dueOn: day(-1) } },
      ],
    )
    t.equal((await alertsOf(ground, ground.supervisor)).length, 2)
    t.equal((await resolve(ground, first)).status, 200)
    await watch(ground)
    t.equal((await alertsOf(ground)).length, 2, 'what was resolved is not raised again for the same day')
    const early = await step(ground, contract, 'reviewed', day(-2))
    t.match([early.status, early.reviewOverdue], ['agreed', true], 'held before the second day')
    t.match(await alertsOf(ground), [{ status: 'open' }, { status: 'resolved' }])
    const held = await step(ground, early, 'reviewed', day())
    t.match(held, { status: 'agreed', reviewOverdue: false, dayNumber: 0 })
    t.match(await alertsOf(ground), [{ status: 'resolved', outcome: 'handled' }, {}])
    t.match((await ground.read('abstinence-contracts')).data, [{ reviewOverdue: false }])
  })

  t.test(
    'contracts from before days of review were watched are brought in once, in any order of rounds',
    async t => {
      const ground = await createRecoveryGround(test)
      const { practice } = ground
      const contracts = [await agreed(ground, [day(-20), day(20)]), await agreed(ground, [])]
      // As migrations left what was made before: the days in the sealed terms alone.
      await asOwner(
        test,
        "update abstinence_contracts set reviews_on = '{}', reviews_listed = false where practice_id = $1",
        [practice.id],
      )
      await watch(ground)
      t.same(await alertsOf(ground), [])
      const list = () =>
        inPractice(test.house.database, systemScope(practice.id, 'recovery-watch'), listOldReviews)
      await Promise.all([list(), list()])
      await list()
      const rows = await asOwner(
        test,
        'select reviews_on::text[] as days, reviews_listed as listed from abstinence_contracts where practice_id = $1 order by id',
        [practice.id],
      )
      t.same(rows, [
        { days: [day(-20), day(20)], listed: true },
        { days: [], listed: true },
      ])
      await watch(ground)
      t.match(await alertsOf(ground), [{ evidence: { contractId: contracts[0].id, dueOn: day(-20) } }])
    },
  )

  t.test('a proposal is not watched, and a contract that ended no longer', async t => {
    const ground = await createRecoveryGround(test)
    const terms = { scope: 'self', partnerSex: 'allowed', plannedDays: 60, proposedOn: day(-40) }
    const proposal = await ground.made('abstinence-contracts', { ...terms, reviewsOn: [day(-3)] })
    t.equal(proposal.reviewOverdue, false)
    const refused = await ground.clinician.post(
      `${ground.url}/abstinence-contracts/${proposal.id}/steps`,
      { step: 'reviewed', effectiveOn: day() },
      { ifMatch: 1, key: randomUUID() },
    )
    t.equal(refused.body.code, 'invalid-state')
    await watch(ground)
    t.same(await alertsOf(ground), [])
    const contract = await agreed(ground, [day(-3)])
    await watch(ground)
    const ended = await step(ground, contract, 'ended_early', day())
    t.equal(ended.reviewOverdue, false)
    t.match(await alertsOf(ground), [{ status: 'resolved', outcome: 'no_longer_applies' }])
    const future = await ground.clinician.post(
      `${ground.url}/abstinence-contracts/${contract.id}/steps`,
      { step: 'reviewed', effectiveOn: day(1) },
      { ifMatch: ended.version, key: randomUUID() },
    )
    t.equal(future.body.code, 'invalid-state')
  })

  t.test('that a partner was to be told of a lapse by now', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction()
    const past = new Date(Date.now() - 60_000).toISOString()
    const ahead = new Date(Date.now() + 3_600_000).toISOString()
    await ground.lapse(id, day(-1), { partnerDisclosureDueAt: ahead })
    const lapse = await ground.lapse(id, day(-1), { partnerDisclosureDueAt: past })
    t.equal(lapse.partnerDisclosureOverdue, true)
    await Promise.all([watch(ground), watch(ground)])
    const [alert, ...more] = await alertsOf(ground)
    t.same(more, [])
    t.match(alert, {
      rule: 'partner_disclosure_overdue',
      severity: 'attention',
      evidence: { lapseId: lapse.id, dueAt: past },
    })
    const change = (body: Record<string, unknown>, version: number) =>
      ground.clinician.patch(`${ground.url}/lapses/${lapse.id}`, body, { ifMatch: version })
    t.equal((await change({ partnerToldOn: day(1) }, 1)).body.code, 'invalid-request')
    t.equal((await change({ need: 'Rest (fictional).' }, 1)).status, 200)
    t.match(await alertsOf(ground), [{ status: 'open' }], 'another change leaves it')
    const told = await change({ partnerToldOn: day() }, 2)
    t.match(told.body, { partnerToldOn: day(), partnerDisclosureOverdue: false })
    t.match(await alertsOf(ground), [{ status: 'resolved', outcome: 'handled' }])
    await watch(ground)
    t.equal((await alertsOf(ground)).length, 1)
    const other = await ground.lapse(id, day(-2), { partnerDisclosureDueAt: past })
    await watch(ground)
    await ground.clinician.post(
      `${ground.url}/lapses/${other.id}/status-changes`,
      { to: 'withdrawn', reason: 'Another client’s (fictional).' },
      { ifMatch: 1 },
    )
    t.match(await alertsOf(ground), [{ status: 'resolved', outcome: 'no_longer_applies' }, {}])
  })

  t.test('closed charts and other practices are left alone', async t => {
    const ground = await createRecoveryGround(test)
    await agreed(ground, [day(-3)])
    await watch(await createRecoveryGround(test))
    t.same(await alertsOf(ground), [])
    await asOwner(test, `update charts set status = 'closed', closed_at = now() where id = $1`, [
      ground.chartId,
    ])
    await watch(ground)
    t.same(await asOwner(test, 'select from alerts where chart_id = $1', [ground.chartId]), [])
  })
})

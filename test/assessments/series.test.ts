import fc from 'fast-check'
import t from 'tap'
import { minutesToEndOf, nextInSeries } from '../../src/modules/assessments/assignments.rules.ts'
import { expireAssignment } from '../../src/modules/assessments/index.ts'
import { adultIn, assign, complete, coupleIn, each, urlOf } from '../support/assessments.ts'
import { day } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

t.test('the next of a series falls on the first day of its rhythm after the last one ended', async t => {
  const next = (
    dueOn: string | null,
    expiresOn: string | null,
    repeatWeeks: number | null,
    endedOn: string,
  ) => nextInSeries({ dueOn, expiresOn, repeatWeeks }, endedOn)
  t.equal(next('2026-03-02', null, null, '2026-03-02'), null)
  t.match(next('2026-03-02', null, 4, '2026-03-02'), { dueOn: '2026-03-30', expiresOn: null })
  t.match(next('2026-03-02', null, 4, '2026-02-27'), { dueOn: '2026-03-30' }, 'answered early')
  t.match(next('2026-03-02', null, 4, '2026-03-29'), { dueOn: '2026-03-30' }, 'answered late')
  t.match(next('2026-03-02', null, 4, '2026-03-30'), { dueOn: '2026-04-27' }, 'a whole round late')
  t.match(next('2026-03-02', '2026-03-09', 1, '2026-03-09'), { dueOn: '2026-03-16', expiresOn: '2026-03-23' })
  t.match(next(null, null, 2, '2026-02-20'), { dueOn: '2026-03-06' })
  t.match(next('2028-02-29', '2028-03-01', 52, '2028-03-01'), {
    dueOn: '2029-02-27',
    expiresOn: '2029-02-28',
  })
})

t.test(
  'whenever it ended: the next is due after that, in the rhythm, and never a round too late',
  async t => {
    const days = fc
      .integer({ min: 0, max: 20_000 })
      .map(offset => new Date(Date.UTC(2020, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10))
    const dayOf = (date: string) => Date.parse(date) / 86_400_000
    fc.assert(
      fc.property(days, days, fc.integer({ min: 1, max: 52 }), (dueOn, endedOn, repeatWeeks) => {
        const next = nextInSeries({ dueOn, expiresOn: null, repeatWeeks }, endedOn)
        if (!next?.dueOn) return false
        const ahead = dayOf(next.dueOn) - dayOf(dueOn)
        const after = dayOf(next.dueOn) - Math.max(dayOf(endedOn), dayOf(dueOn))
        return ahead % (7 * repeatWeeks) === 0 && after > 0 && after <= 7 * repeatWeeks
      }),
      { numRuns: 300 },
    )
    t.pass('for 300 series')
  },
)

t.test('a last day ends at midnight of its zone, on days of 23 and 25 hours too', async t => {
  const minutes = (last: string, now: string) => minutesToEndOf(last, 'America/Los_Angeles', new Date(now))
  t.equal(minutes('2026-11-20', '2026-11-20T08:00:00Z'), 24 * 60 + 2)
  t.equal(minutes('2026-03-08', '2026-03-08T08:00:00Z'), 23 * 60 + 2)
  t.equal(minutes('2026-11-01', '2026-11-01T07:00:00Z'), 25 * 60 + 2)
  t.equal(minutes('2026-11-20', '2026-12-20T08:00:00Z'), 2)
})

t.test('a series', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const clinician = await practice.staff(['clinician'])
  const adult = () => adultIn(practice, clinician)
  const list = async (chartId: string) => (await clinician.get(urlOf(chartId))).body.data
  /** Its last day is over, as time would have it. */
  const past = (id: string) =>
    asAdmin(test.adminUrl, admin =>
      admin.query(
        'update cairn.assessment_assignments set due_on = due_on - 30, expires_on = expires_on - 30 where id = $1',
        [id],
      ),
    )

  t.test('goes on when one is completed, once', async t => {
    const { chartId } = await adult()
    const { body } = await assign(clinician, chartId, 'phq-9', { repeatEveryWeeks: 4 })
    t.match(body, { dueOn: day(), repeatEveryWeeks: 4, seriesId: body.id, occurrence: 1 })
    await Promise.all([0, 1].map(() => complete(clinician, body, each(9, 0))))
    const [next, first, ...more] = await list(chartId)
    t.same(more, [])
    t.equal(first.status, 'completed')
    t.match(next, { status: 'assigned', seriesId: body.id, occurrence: 2, repeatEveryWeeks: 4 })
    t.equal((Date.parse(next.dueOn) - Date.parse(body.dueOn)) / 86_400_000, 28)
    t.equal(next.assignedById, clinician.staffId)
  })

  t.test('goes on when one runs out, once, and what ran out is not answered any more', async t => {
    const { chartId } = await adult()
    const days = { dueOn: day(), expiresOn: day(5), repeatEveryWeeks: 1 }
    const { body } = await assign(clinician, chartId, 'phq-9', days)
    const saved = await clinician.patch(
      `${urlOf(chartId)}/${body.id}/answers`,
      { answers: { 1: 2 } },
      { ifMatch: 1 },
    )
    await expireAssignment(test.house, practice.id, body.id)
    t.equal((await list(chartId))[0].status, 'in_progress', 'before its last day nothing happens')
    await past(body.id)
    t.equal(
      (await complete(clinician, { ...body, version: saved.body.version }, {})).body.code,
      'invalid-state',
    )
    await expireAssignment(test.house, practice.id, body.id)
    await expireAssignment(test.house, practice.id, body.id)
    const [next, first, ...more] = await list(chartId)
    t.same(more, [])
    t.equal(first.status, 'expired')
    t.match(next, { status: 'assigned', occurrence: 2 })
    t.equal((Date.parse(next.expiresOn) - Date.parse(next.dueOn)) / 86_400_000, 5)
    const gone = await clinician.get(`${urlOf(chartId)}/${body.id}`)
    t.same(gone.body.answers, {}, 'half an answer is not kept')
    t.match(gone.body.history.at(-1), { change: 'expired', recordedById: null })
  })

  t.test('ends by a change of its rhythm, or when what waits is voided', async t => {
    const { chartId } = await adult()
    const { body } = await assign(clinician, chartId, 'phq-9', { repeatEveryWeeks: 2 })
    const ended = await clinician.patch(
      `${urlOf(chartId)}/${body.id}`,
      { repeatEveryWeeks: null },
      { ifMatch: 1 },
    )
    t.equal(ended.body.repeatEveryWeeks, null)
    await complete(clinician, ended.body, each(9, 0))
    t.equal((await list(chartId)).length, 1)
    const other = (await assign(clinician, chartId, 'phq-9', { repeatEveryWeeks: 2 })).body
    const reason = 'Not needed (fictional).'
    await clinician.post(
      `${urlOf(chartId)}/${other.id}/voiding`,
      { reason, replace: false },
      { ifMatch: 1, key: 'voiding-once' },
    )
    t.equal((await list(chartId)).length, 2)
  })

  t.test('ends when its chart is closed or its partner has left', async t => {
    const couple = await coupleIn(test, practice, clinician)
    const days = { dueOn: day(), expiresOn: day(1), repeatEveryWeeks: 1, clientId: couple.b }
    const { body } = await assign(clinician, couple.chartId, 'ras', days)
    await asAdmin(test.adminUrl, admin =>
      admin.query('update cairn.chart_members set left_at = now() where chart_id = $1 and client_id = $2', [
        couple.chartId,
        couple.b,
      ]),
    )
    await past(body.id)
    await expireAssignment(test.house, practice.id, body.id)
    const all = await list(couple.chartId)
    t.same(
      all.map((one: { status: string }) => one.status),
      ['expired'],
    )
  })
})

import t from 'tap'
import { asOwner } from '../support/clients-raw.ts'
import { couplePeople, link } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { recordsIn } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('cohorts are counted without names, and small ones not at all', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])
  const supervisor = await practice.staff(['supervisor'])
  const many = <T>(count: number, make: (at: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, at) => make(at)))

  t.test('education by topic and audience: charts, not assignments', async t => {
    const report = '/v1/reports/education?from=2026-01-01&to=2026-01-31'
    const assign = async (done: number | null, topic: string, times = 1, discussed = false) => {
      const { chartId } = await people.client('Alex', [clinician])
      const records = recordsIn(practice, clinician, chartId)
      for (let time = 0; time < times; time += 1) {
        let record = await records.made('education_assignment', {
          occurredOn: '2026-01-05',
          content: { topic },
        })
        if (done === null) continue
        const on = { effectiveOn: `2026-01-${String(5 + done).padStart(2, '0')}` }
        record = (await records.step(record, { status: 'completed', ...on })).body
        if (discussed) await records.step(record, { status: 'discussed', ...on })
      }
      return { chartId, records }
    }
    // Eleven charts: six completed after 2, 2, 4, 6, 8 and 8 days, five did not.
    const days = [2, 2, 4, 6, 8, 8]
    await many(6, at => assign(days[at] ?? 0, 'habit', 1, at === 0))
    await many(5, () => assign(null, 'habit'))
    // One person with six assignments is no group; four are none either.
    await assign(1, 'trauma', 6)
    await many(4, () => assign(1, 'cycle'))
    const { body } = await owner.get(report)
    t.same(body, {
      smallestCount: 5,
      rows: [
        {
          topic: 'habit',
          audience: 'client',
          charts: 11,
          completed: 6,
          discussed: null,
          medianDaysToComplete: 5,
        },
      ],
    })
    t.same((await supervisor.get(report)).body, body)
    const { records } = await assign(1, 'cycle')
    t.equal((await owner.get(report)).body.rows[0].topic, 'cycle', 'the fifth makes a group')
    const [last] = (await clinician.get(records.url)).body.data
    await records.step(last, { status: 'withdrawn', reason: 'By mistake.' })
    t.equal((await owner.get(report)).body.rows.length, 1, 'what is withdrawn counts nowhere')
    t.same((await owner.get('/v1/reports/education?from=2026-02-01&to=2026-02-01')).body.rows, [])
    t.equal((await owner.get('/v1/reports/education?from=2026-02-02&to=2026-02-01')).status, 400)
    t.equal((await clinician.get(report)).status, 403)
    t.same((await (await createTestPractice(test)).owner.get(report)).body.rows, [])
  })

  t.test('partners’ own support: what is hidden cannot be worked out', async t => {
    const report = '/v1/reports/partner-care'
    const empty = {
      smallestCount: 5,
      couples: null,
      notRecorded: null,
      notEngaged: null,
      offered: null,
      engaged: null,
      ownTherapist: null,
      group: null,
      ownTherapistPercent: null,
    }
    t.same((await owner.get(report)).body, empty)
    const couple = async (status: string | null) => {
      const [first, second] = [await people.client('Alex'), await people.client('Blair')]
      const { chartId } = (await link(owner, first.id, second.id)).body
      await asOwner(
        test,
        `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, 'primary', '2020-01-01')`,
        [practice.id, chartId, clinician.staffId],
      )
      const records = recordsIn(practice, clinician, String(chartId))
      if (status === null) return
      const record = await records.made('partner_care', { occurredOn: '2026-01-05' })
      if (status !== 'not_engaged') await records.step(record, { status })
    }
    await many(4, () => couple('own_therapist'))
    t.same((await owner.get(report)).body, empty)
    // Six of their own, five of whom nothing is known, one who was offered something.
    await many(2, () => couple('own_therapist'))
    await many(5, () => couple(null))
    await couple('offered')
    t.same((await owner.get(report)).body, {
      ...empty,
      couples: 12,
      ownTherapist: 6,
      ownTherapistPercent: 50,
    })
    await many(4, () => couple('offered'))
    t.match((await owner.get(report)).body, {
      couples: 16,
      notRecorded: 5,
      offered: 5,
      ownTherapist: 6,
      ownTherapistPercent: 38,
      group: null,
    })
  })
})

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { movement } from '../../src/modules/assessments/trends.rules.ts'
import { adultIn, completed, coupleIn, each } from '../support/assessments.ts'
import { day } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const threshold = (points: number, confidence: 'confirmed' | 'unconfirmed' = 'confirmed') => ({
  kind: 'reliable' as const,
  points,
  source: 'A fictional study',
  year: null,
  population: null,
  confidence,
})

t.test('a change counts from its confirmed threshold on, in the direction of the scale', async t => {
  const worse = { higherIs: 'worse' as const, changes: [threshold(5), threshold(2, 'unconfirmed')] }
  t.equal(movement(worse, 'reliable', 20, 16), 'below_threshold')
  t.equal(movement(worse, 'reliable', 20, 15), 'better')
  t.equal(movement(worse, 'reliable', 20, 25), 'worse')
  t.equal(movement({ ...worse, higherIs: 'better' }, 'reliable', 20, 25), 'better')
  t.equal(movement({ ...worse, higherIs: 'neither' }, 'reliable', 20, 25), null)
  t.equal(movement(worse, 'clinical', 20, 25), null, 'no threshold of this kind')
  t.equal(movement({ ...worse, changes: [threshold(5, 'unconfirmed')] }, 'reliable', 20, 40), null)
  t.equal(movement(worse, 'reliable', null, 25), null)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 }), (from, to) => {
      const there = movement(worse, 'reliable', from, to)
      const back = movement(worse, 'reliable', to, from)
      return there === 'better' ? back === 'worse' : there === 'worse' ? back === 'better' : back === there
    }),
    { numRuns: 200 },
  )
})

t.test('figures', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const clinician = await practice.staff(['clinician'])

  t.test('a trend by hand: PCL-5 at 46, 42, 34, one unanswered, and a voided one', async t => {
    const { chartId } = await adultIn(practice, clinician)
    const pcl = (answers: Record<string, number>) => completed(clinician, chartId, 'pcl-5', answers)
    // 20 items of 2 and three raised by 2; by 1 twice; lowered to 34.
    await pcl({ ...each(20, 2), 1: 4, 2: 4, 3: 4 })
    await pcl({ ...each(20, 2), 1: 3, 2: 3 })
    const voided = await pcl(each(20, 4))
    await clinician.post(
      `/v1/charts/${chartId}/assessment-assignments/${voided.id}/voiding`,
      { reason: 'Another person answered (fictional).', replace: false },
      { ifMatch: voided.version, key: randomUUID() },
    )
    await pcl({ ...each(20, 2), 1: 0, 2: 0, 3: 0 })
    await pcl(each(19, 1))
    const { body } = await clinician.get(`/v1/charts/${chartId}/score-trends?instrument=pcl-5`)
    const total = body.data[0]
    t.match(total, {
      scale: 'total',
      higherIs: 'worse',
      reliableChange: { points: 5 },
      clinicalChange: { points: 10 },
      bands: null,
    })
    t.same(
      total.points.map((point: Record<string, unknown>) => [
        point.value,
        point.changeFromFirst,
        point.reliableChange,
        point.clinicalChange,
      ]),
      [
        [46, 0, 'below_threshold', 'below_threshold'],
        [42, -4, 'below_threshold', 'below_threshold'],
        [34, -12, 'better', 'better'],
        [null, null, null, null],
      ],
    )
    t.same(
      total.points.map((point: { screens: string[] }) => point.screens),
      [['probable_range'], ['probable_range'], ['probable_range'], []],
    )
    t.equal(body.data.length, 10)
    t.equal(body.truncated, false)
    const none = await clinician.get(`/v1/charts/${chartId}/score-trends?instrument=gad-7`)
    t.same(none.body.data[0].points, [])
    t.match(none.body.data[0], {
      reliableChange: null,
      bands: { levels: [{ from: 0 }, { from: 5 }, {}, {}] },
    })
    t.equal(
      (await clinician.get(`/v1/charts/${chartId}/score-trends?instrument=no-such`)).body.code,
      'unknown-reference',
    )
    t.equal((await clinician.get(`/v1/charts/${chartId}/score-trends?instrument=ecr-rs`)).status, 400)
    t.equal(
      (await clinician.get(`/v1/charts/${chartId}/score-trends?instrument=ecr-rs&target=mother`)).status,
      200,
    )
  })

  t.test('a trend takes the same statements for two scores as for two hundred', async t => {
    const { chartId } = await adultIn(practice, clinician)
    await completed(clinician, chartId, 'gad-7', each(7, 1))
    const many = () =>
      asAdmin(test.adminUrl, async admin => {
        await admin.query('set search_path to cairn')
        await admin.query(
          `with made as (insert into assessment_assignments (practice_id, chart_id, instrument_key, edition, data_class, mode,
             status, series_id, assigned_by)
           select practice_id, chart_id, instrument_key, edition, data_class, mode, 'reviewed', uuidv7(), assigned_by
           from assessment_assignments, generate_series(1, 199) where chart_id = $1 returning practice_id, id),
         done as (insert into assessments (practice_id, assignment_id, answers_sealed, flags, algorithm_version, completed_on,
             entered_by) select practice_id, id, '', '{}', 1, current_date, 'client' from made
             returning practice_id, assignment_id)
         insert into assessment_scores (practice_id, assignment_id, scale, value, missing, prorated, met)
         select practice_id, assignment_id, 'total', 9, 0, false, '{}' from done`,
          [chartId],
        )
      })
    await many()
    const started = performance.now()
    const { body } = await clinician.get(`/v1/charts/${chartId}/score-trends?instrument=gad-7`)
    t.equal(body.data[0].points.length, 200)
    t.ok(performance.now() - started < 2_000)
  })

  t.test('partners’ scores meet only while both agree', async t => {
    const couple = await coupleIn(test, practice, clinician)
    const { chartId, a, b } = couple
    const url = `/v1/charts/${chartId}`
    await completed(clinician, chartId, 'csi-16', each(16, 2), { clientId: a })
    await completed(clinician, chartId, 'csi-16', each(16, 3), { clientId: b })
    const agree = (clientId: string, instrumentKey = 'csi-16', givenOn = day(-1)) =>
      clinician.post(
        `${url}/score-sharing-consents`,
        { clientId, instrumentKey, method: 'in_person', givenOn },
        { key: randomUUID() },
      )
    const paired = () => clinician.get(`${url}/paired-scores?instrument=csi-16`)
    t.equal(
      (await clinician.get(`${url}/score-trends?instrument=csi-16`)).body.errors[0].pointer,
      'query/clientId',
    )
    t.same(
      (await clinician.get(`${url}/score-trends?instrument=csi-16&clientId=${randomUUID()}`)).body.data,
      [],
    )
    const own = await clinician.get(`${url}/score-trends?instrument=csi-16&clientId=${a}`)
    t.same(
      own.body.data[0].points.map((point: { value: number }) => point.value),
      [32],
    )
    t.equal((await paired()).status, 404)
    t.equal((await agree(a, 'csi-16', day(1))).body.errors[0].pointer, '/givenOn')
    t.equal((await agree(randomUUID())).body.errors[0].pointer, '/clientId')
    t.equal((await agree(a)).status, 201)
    t.equal((await paired()).status, 404, 'one of them is not enough')
    t.equal((await agree(a)).body.code, 'already-exists')
    await agree(b, 'ras')
    t.equal((await paired()).status, 404, 'nor is a consent to something else')
    const twins = await Promise.all([agree(b), agree(b)])
    t.same(twins.map(reply => reply.status).sort(), [201, 409])
    t.same(
      (await paired()).body.scales[0].partners.map(
        (one: { clientId: string; points: { value: number }[] }) => [
          one.clientId,
          one.points.map(point => point.value),
        ],
      ),
      [
        [a, [32]],
        [b, [48]],
      ],
    )
    const consent = twins.find(reply => reply.status === 201)?.body
    const withdrawal = `${url}/score-sharing-consents/${consent.id}/withdrawal`
    t.equal((await clinician.post(withdrawal, undefined, { ifMatch: 9 })).body.code, 'stale-version')
    const gone = await clinician.post(withdrawal, undefined, { ifMatch: 1 })
    t.ok(gone.body.withdrawnAt)
    t.equal((await paired()).status, 404)
    t.equal((await clinician.post(withdrawal, undefined, { ifMatch: 2 })).body.code, 'invalid-state')
    t.equal((await agree(b)).status, 201, 'who took it back may agree again')
    t.equal((await paired()).status, 200)
    const list = await clinician.get(`${url}/score-sharing-consents?instrument=csi-16`)
    t.equal(list.body.data.length, 3)
    await asAdmin(test.adminUrl, admin =>
      admin.query('update cairn.chart_members set left_at = now() where chart_id = $1 and client_id = $2', [
        chartId,
        b,
      ]),
    )
    t.equal((await paired()).status, 404, 'who left is not shown')
  })

  t.test('scores of a partner’s own chart never come into the joint one', async t => {
    const couple = await coupleIn(test, practice, clinician)
    for (const clientId of [couple.a, couple.b])
      await clinician.post(
        `/v1/charts/${couple.chartId}/score-sharing-consents`,
        { clientId, instrumentKey: 'phq-9', method: 'wet_ink', givenOn: day() },
        { key: randomUUID() },
      )
    const team = { staffId: clinician.staffId, role: 'co_therapist' }
    await practice.owner.post(`/v1/charts/${couple.aChart}/care-team`, team)
    await completed(clinician, couple.aChart, 'phq-9', each(9, 1))
    const { body } = await clinician.get(`/v1/charts/${couple.chartId}/paired-scores?instrument=phq-9`)
    t.same(
      body.scales[0].partners.map((one: { points: unknown[] }) => one.points),
      [[], []],
    )
    const wrong = await clinician.get(`/v1/charts/${couple.aChart}/paired-scores?instrument=phq-9`)
    t.equal(wrong.body.code, 'invalid-state')
    const outsider = await practice.staff(['clinician'])
    t.equal((await outsider.get(`/v1/charts/${couple.chartId}/paired-scores?instrument=phq-9`)).status, 404)
  })
})

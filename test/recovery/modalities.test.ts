import t from 'tap'
import { attachmentOf } from '../../src/modules/recovery/records/figures/attachment.rules.ts'
import { modalitiesOf } from '../../src/modules/recovery/records/figures/modalities.rules.ts'
import { completed, each } from '../support/assessments.ts'
import { asOwner } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { ago, row } from '../support/record-figures.ts'
import { createRecordGround } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('responses are counted and averaged for each fit that is recorded', async t => {
  const fit = (id: string, ...keys: string[]) => row('modality_fit', ago(50), { id, status: 'active', keys })
  const response = (relatedId: string, days: number, value: number) =>
    row('modality_response', ago(days), { relatedId, measures: [value] })
  const rows = [
    fit('somatic', 'somatic', 'bottom_up', 'unstable_safety'),
    fit('cbt', 'cbt', 'top_down'),
    ...[-2, 0, 1, 1, 2].map((value, at) => response('somatic', 40 - at, value)),
    response('cbt', 10, -1),
    row('modality_response', ago(1), { relatedId: 'cbt', measures: [2], status: 'withdrawn' }),
  ]
  const [somatic, cbt] = modalitiesOf(rows)
  t.match(somatic, {
    recordId: 'somatic',
    contraindications: ['unstable_safety'],
    sessions: 5,
    responses: { muchWorse: 1, worse: 0, same: 1, better: 2, muchBetter: 1 },
    mean: 0.4,
    lastThree: 1.33,
  })
  t.match(cbt, { sessions: 1, mean: -1, lastThree: null, series: [{ on: ago(10), response: -1 }] })
  t.match(modalitiesOf([fit('emdr', 'emdr', 'mixed')]), [{ sessions: 0, mean: null, series: [] }])
})

t.test(
  'attachment by person is one series of what was scored and what was written, nothing twice',
  async t => {
    const scored = (target: string | null, completedOn: string, scores: Record<string, number>) => ({
      instrumentKey: target ? 'ecr-rs' : 'ecr-r',
      target,
      completedOn,
      scores,
    })
    const written = (on: string, target: string, instrument: string) =>
      row('attachment', on, { keys: [target, instrument], measures: [5, 4] })
    const figures = attachmentOf(
      [
        written(ago(9), 'partner', 'ecr_rs'),
        written(ago(5), 'partner', 'ecr_rs'),
        written(ago(5), 'mother', 'interview'),
      ],
      [
        scored('partner', ago(5), { anxiety: 3, avoidance: 2 }),
        scored(null, ago(4), { anxiety: 2.5, avoidance: 2.25 }),
        scored('father', ago(3), { avoidance: 2 }),
      ],
    )
    const of = (target: string) => figures.find(one => one.target === target)?.series
    t.same(of('partner'), [
      { on: ago(9), anxiety: 5, avoidance: 4, instrument: 'ecr_rs', from: 'record' },
      { on: ago(5), anxiety: 3, avoidance: 2, instrument: 'ecr_rs', from: 'assessment' },
    ])
    t.match(of('mother'), [{ instrument: 'interview', from: 'record' }])
    t.match(of('general'), [{ instrument: 'ecr_r', anxiety: 2.5, avoidance: 2.25 }])
    t.equal(of('father'), undefined, 'a point needs both dimensions')
  },
)

t.test('modalities and attachment in the figures of a chart', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { clinician, chartId, clientId, made, write, step } = ground
  const insights = async () => (await clinician.get(`/v1/charts/${chartId}/recovery-insights`)).body
  await asOwner(test, `update clients set birth_date = '1988-04-02' where id = $1`, [clientId])

  t.test('a contraindication warns and does not block; a response belongs to a fit of the chart', async t => {
    const fit = await made('modality_fit', { reviewOn: '2030-01-01' })
    t.same([fit.status, fit.warnings], ['considered', ['contraindicated']])
    const active = await step(fit, { status: 'active' })
    t.same([active.status, active.body.warnings], [200, ['contraindicated']])
    const fine = await made('modality_fit', {
      content: { modality: 'cbt', direction: 'top_down', contraindications: [] },
    })
    t.same(fine.warnings, [])
    for (const response of [-3, 3, 0.5])
      t.equal(
        (await write('modality_response', { relatedRecordId: fit.id, content: { response } })).status,
        400,
      )
    t.equal((await write('modality_response')).status, 400)
    const friend = await made('support_person')
    const wrong = await write('modality_response', { relatedRecordId: friend.id })
    t.equal(wrong.body.code, 'unknown-reference')
    for (const [index, response] of [-1, 2].entries())
      await made('modality_response', {
        relatedRecordId: fit.id,
        occurredOn: day(index - 3),
        content: { response },
      })
    t.match((await insights()).modalities, [
      {
        modality: 'somatic',
        status: 'active',
        sessions: 2,
        mean: 0.5,
        responses: { worse: 1, muchBetter: 1 },
      },
      { modality: 'cbt', sessions: 0 },
    ])
    t.notMatch(JSON.stringify(await insights()), 'Few words', 'the rationale stays in its record')
  })

  t.test('what the ECR-RS and ECR-R say stands in the plot of each person, without a category', async t => {
    await completed(clinician, chartId, 'ecr-rs', each(9, 2), { target: 'partner' })
    await completed(clinician, chartId, 'ecr-r', each(36, 4))
    const { attachment } = await insights()
    const of = (target: string) => attachment.find((one: { target: string }) => one.target === target)?.series
    // Items 1 to 4 are reversed: (4 × 6 + 2 × 2) / 6.
    t.match(of('partner'), [{ avoidance: 4.6667, anxiety: 2, instrument: 'ecr_rs', from: 'assessment' }])
    t.match(of('general'), [{ avoidance: 4, anxiety: 4, instrument: 'ecr_r' }])
    t.notMatch(JSON.stringify(attachment), 'label')
  })
})

import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'

export const exampleIds = {
  chart: '019c0000-0000-7000-8000-0000000000c1',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  protocol: '019c0000-0000-7000-8000-000000002001',
  baseline: '019c0000-0000-7000-8000-000000002002',
  otherBaseline: '019c0000-0000-7000-8000-000000002003',
} as const

const History = OneOf(['none', 'possible', 'known'] as const)

const content = {
  method: OneOf(['qeeg', 'mini_qeeg', 'single_channel', 'none'] as const, {
    description: 'How it was recorded.',
  }),
  eyes: Nullable(
    OneOf(['open', 'closed', 'both'] as const, {
      description: 'Conditions of the recording; null without one.',
    }),
  ),
  findings: Nullable(Text(10_000, { description: 'What it showed.' })),
  medications: Nullable(Text(4_000, { description: 'Taken at intake; they change the EEG.' })),
  seizures: component(
    'NeurofeedbackSeizures',
    strictObject(
      { history: History, note: Nullable(Text(2_000)) },
      { description: 'Seizures in the history.', examples: [{ history: 'none', note: null }] },
    ),
  ),
  headInjury: component(
    'NeurofeedbackHeadInjury',
    strictObject(
      { history: History, note: Nullable(Text(2_000)) },
      {
        description: 'Injury of the head or brain in the history.',
        examples: [{ history: 'possible', note: 'A fall from a bicycle (fictional).' }],
      },
    ),
  ),
  consentOn: Nullable(
    CalendarDate('The day the client consented to neurofeedback; null while they have not.', '2026-01-05'),
  ),
}

const exampleContent = {
  method: 'qeeg' as const,
  eyes: 'both' as const,
  findings: 'More theta than expected over the midline (fictional).',
  medications: null,
  seizures: { history: 'none' as const, note: null },
  headInjury: { history: 'possible' as const, note: 'A fall from a bicycle (fictional).' },
  consentOn: '2026-01-05',
}

const recordedOn = CalendarDate('The day of the recording or interview; not in the future.', '2026-01-05')

export const NeurofeedbackBaseline = component(
  'NeurofeedbackBaseline',
  strictObject(
    {
      id: Id('The baseline.', exampleIds.baseline),
      chartId: Id('The chart it belongs to.', exampleIds.chart),
      recordedOn,
      ...content,
      correctsId: Nullable(Id('The baseline it takes the place of.', exampleIds.otherBaseline)),
      inForce: Type.Boolean({ description: 'False once another one took its place.' }),
      recordedById: Id('The member of staff who recorded it.', exampleIds.staff),
      createdAt: Instant('When it was recorded.', '2026-01-05T18:00:00.000Z'),
    },
    {
      description: 'What was found before training, or again later.',
      examples: [
        {
          id: exampleIds.baseline,
          chartId: exampleIds.chart,
          recordedOn: '2026-01-05',
          ...exampleContent,
          correctsId: null,
          inForce: true,
          recordedById: exampleIds.staff,
          createdAt: '2026-01-05T18:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewNeurofeedbackBaseline = component(
  'NewNeurofeedbackBaseline',
  strictObject(
    {
      recordedOn,
      ...content,
      correctsId: Type.Optional(
        Nullable(
          Id(
            'A baseline of this chart that was wrong; it stays, and counts no more.',
            exampleIds.otherBaseline,
          ),
        ),
      ),
    },
    {
      description:
        'A baseline to record. It does not change afterwards: a mistake is corrected by another one.',
      examples: [{ recordedOn: '2026-01-05', ...exampleContent }],
    },
  ),
)

export const BaselinePage = listOf('NeurofeedbackBaselinePage', NeurofeedbackBaseline)
export const ChartParams = strictObject({ chartId: Id('The chart.', exampleIds.chart) })
export const BaselineQuery = strictObject(PageQuery)

export type NeurofeedbackBaseline = Static<typeof NeurofeedbackBaseline>
export type NewNeurofeedbackBaseline = Static<typeof NewNeurofeedbackBaseline>
export type BaselineQuery = Static<typeof BaselineQuery>

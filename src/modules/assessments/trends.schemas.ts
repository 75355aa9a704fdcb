import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'
import { ids } from './assignments.schemas.ts'
import { InstrumentKey, targets } from './definitions.schemas.ts'

const Movement = Nullable(
  OneOf(['better', 'worse', 'below_threshold'] as const, {
    description: 'By a confirmed threshold; null where there is none.',
  }),
)

const ScoredInstrument = component(
  'ScoredInstrument',
  strictObject(
    { key: InstrumentKey, title: Type.String() },
    { description: 'What the scores are of.', examples: [{ key: 'csi-16', title: 'CSI-16' }] },
  ),
)

const Threshold = Nullable(
  component(
    'ConfirmedChange',
    strictObject(
      { points: Type.Number(), source: Type.String() },
      {
        description: 'From which difference on a change counts; null where none is confirmed.',
        examples: [{ points: 5, source: 'National Center for PTSD' }],
      },
    ),
  ),
)

const Point = strictObject({
  assessmentId: Id('The assessment.', ids.assignment),
  completedOn: CalendarDate('The day it was completed, where the client lives.', '2026-11-30'),
  edition: Type.Integer({ minimum: 1 }),
  value: Nullable(Type.Number()),
  prorated: Type.Boolean(),
  band: Nullable(Type.String({ description: 'The key of the band.' })),
  screens: Type.Array(Type.String({ description: 'The key of a threshold it meets.' })),
  changeFromFirst: Nullable(Type.Number({ description: 'From the first score of the series.' })),
  reliableChange: Movement,
  clinicalChange: Movement,
})

const examplePoint = {
  assessmentId: ids.assignment,
  completedOn: '2026-11-30',
  edition: 1,
  value: 34,
  prorated: false,
  band: null,
  screens: ['probable_range'],
  changeFromFirst: -12,
  reliableChange: 'better' as const,
  clinicalChange: 'better' as const,
}

export const ScoreTrend = component(
  'ScoreTrend',
  strictObject(
    {
      instrument: ScoredInstrument,
      clientId: Nullable(Id('The partner it is about; in a couple’s chart only.', ids.client)),
      target: Nullable(OneOf(targets)),
      truncated: Type.Boolean({ description: 'There are older scores than those shown.' }),
      nextCursor: Type.Null({ description: 'Always: all series stand on one page.' }),
      data: Type.Array(
        strictObject({
          scale: Type.String(),
          label: Type.String(),
          higherIs: OneOf(['worse', 'better', 'neither'] as const),
          confidence: OneOf(['confirmed', 'unconfirmed'] as const),
          bands: Nullable(
            strictObject({
              source: Type.String(),
              levels: Type.Array(
                strictObject({ from: Type.Number(), key: Type.String(), label: Type.String() }),
              ),
            }),
          ),
          reliableChange: Threshold,
          clinicalChange: Threshold,
          points: Type.Array(Point, { description: 'Oldest first.' }),
        }),
      ),
    },
    {
      description:
        'The scores of one instrument over time, a series for each scale. Voided assessments are not in it.',
      examples: [
        {
          instrument: { key: 'pcl-5', title: 'PCL-5' },
          clientId: null,
          target: null,
          truncated: false,
          nextCursor: null,
          data: [
            {
              scale: 'total',
              label: 'Total',
              higherIs: 'worse',
              confidence: 'confirmed',
              bands: null,
              reliableChange: { points: 5, source: 'National Center for PTSD' },
              clinicalChange: { points: 10, source: 'National Center for PTSD' },
              points: [examplePoint],
            },
          ],
        },
      ],
    },
  ),
)

export const TrendQuery = strictObject({
  instrument: InstrumentKey,
  clientId: Type.Optional(Id('The partner: needed in a couple’s chart, and only there.', ids.client)),
  target: Type.Optional(
    OneOf(targets, {
      description: 'Of whom it asked, where it asks of several people.',
      examples: ['partner'],
    }),
  ),
})

const PairedPoint = strictObject({
  completedOn: CalendarDate('The day it was completed.', '2026-11-30'),
  value: Nullable(Type.Number()),
  band: Nullable(Type.String()),
  screens: Type.Array(Type.String()),
})

export const PairedScores = component(
  'PairedScores',
  strictObject(
    {
      instrument: ScoredInstrument,
      scales: Type.Array(
        strictObject({
          scale: Type.String(),
          label: Type.String(),
          higherIs: OneOf(['worse', 'better', 'neither'] as const),
          partners: Type.Array(
            strictObject({
              clientId: Id('The partner.', ids.client),
              points: Type.Array(PairedPoint, { description: 'Oldest first.' }),
            }),
          ),
        }),
      ),
    },
    {
      description: 'Scores of both partners side by side, while both agree to it. Never an answer.',
      examples: [
        {
          instrument: { key: 'csi-16', title: 'CSI-16' },
          scales: [
            {
              scale: 'total',
              label: 'Total',
              higherIs: 'better',
              partners: [
                {
                  clientId: ids.client,
                  points: [{ completedOn: '2026-11-30', value: 55, band: null, screens: [] }],
                },
              ],
            },
          ],
        },
      ],
    },
  ),
)

export const PairedQuery = strictObject({ instrument: InstrumentKey })

export type ScoreTrend = Static<typeof ScoreTrend>
export type TrendQuery = Static<typeof TrendQuery>
export type PairedScores = Static<typeof PairedScores>

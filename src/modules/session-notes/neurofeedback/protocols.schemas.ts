import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  Reason,
  strictObject,
  Text,
  Version,
} from '../../../lib/schemas.ts'
import { Band, Hertz, Site } from './bands.schemas.ts'
import { exampleIds } from './baselines.schemas.ts'
import { protocolChanges, protocolStatuses } from './protocols.rules.ts'

const protocolNames = [
  'smr',
  'theta_beta',
  'alpha_beta',
  'alpha_theta',
  'scp',
  'ilf',
  'z_score',
  'other',
] as const

const NewBand = component(
  'NewTrainedBand',
  strictObject(
    { band: Band, lowHz: Type.Optional(Hertz), highHz: Type.Optional(Hertz) },
    {
      description: 'A band; without a range the one that the practice works with is written down.',
      examples: [{ band: 'smr' }],
    },
  ),
)
const SetBand = component(
  'TrainedBand',
  strictObject(
    { band: Band, lowHz: Hertz, highHz: Hertz },
    { description: 'A band and its range.', examples: [{ band: 'smr', lowHz: 12, highHz: 15 }] },
  ),
)

const percent = (description: string) => Type.Integer({ minimum: 0, maximum: 100, description })

const RewardTarget = component(
  'NeurofeedbackRewardTarget',
  strictObject(
    { fromPercent: percent('At least.'), toPercent: percent('At most.') },
    {
      description: 'Share of the time that is to be rewarded. Commonly 60 to 80 percent (general knowledge).',
      examples: [{ fromPercent: 60, toPercent: 80 }],
    },
  ),
)

const fields = {
  name: OneOf(protocolNames, { description: 'What kind of training it is.' }),
  goal: Nullable(Text(1_000, { description: 'What it is for.' })),
  sites: Type.Array(Site, { minItems: 1, maxItems: 24, uniqueItems: true }),
  reference: Nullable(Text(60, { description: 'Site of the reference electrode.' })),
  ground: Nullable(Text(60, { description: 'Site of the ground electrode.' })),
  montage: Nullable(
    OneOf(['referential', 'bipolar', 'linked_ears', 'laplacian', 'average_reference', 'other'] as const),
  ),
  thresholds: OneOf(['manual', 'automatic'] as const, { description: 'How thresholds are set.' }),
  rewardTarget: Nullable(RewardTarget),
  feedback: Type.Array(OneOf(['visual', 'auditory', 'tactile'] as const), { maxItems: 3, uniqueItems: true }),
  plannedSessions: Nullable(Type.Integer({ minimum: 1, maximum: 1_000 })),
  baselineId: Nullable(Id('The baseline it was chosen by.', exampleIds.baseline)),
}

const bandLists = <B extends typeof NewBand | typeof SetBand>(band: B) => ({
  rewardBands: Type.Array(band, { maxItems: 6, description: 'To be raised; each band once.' }),
  inhibitBands: Type.Array(band, { maxItems: 6, description: 'To be kept low; each band once.' }),
})

const exampleFields = {
  name: 'smr' as const,
  goal: 'Steadier attention (fictional).',
  sites: ['Cz'],
  reference: 'A1',
  ground: 'A2',
  montage: 'referential' as const,
  thresholds: 'automatic' as const,
  rewardTarget: { fromPercent: 60, toPercent: 80 },
  feedback: ['visual' as const],
  plannedSessions: 20,
  baselineId: exampleIds.baseline,
}

const exampleSettings = {
  ...exampleFields,
  rewardBands: [{ band: 'smr' as const, lowHz: 12, highHz: 15 }],
  inhibitBands: [{ band: 'theta' as const, lowHz: 4, highHz: 7 }],
}

const NewSettings = component(
  'NewNeurofeedbackSettings',
  strictObject(
    { ...fields, ...bandLists(NewBand) },
    {
      description: 'What is trained, where and how.',
      examples: [
        { ...exampleFields, rewardBands: [{ band: 'smr' }], inhibitBands: exampleSettings.inhibitBands },
      ],
    },
  ),
)

export const Settings = component(
  'NeurofeedbackSettings',
  strictObject(
    { ...fields, ...bandLists(SetBand) },
    {
      description: 'What is trained, where and how, with the range of every band.',
      examples: [exampleSettings],
    },
  ),
)

const Revision = Type.Integer({
  minimum: 1,
  description: 'Counts its settings; sessions name the one they used.',
})

const head = {
  id: Id('The protocol.', exampleIds.protocol),
  chartId: Id('The chart it belongs to.', exampleIds.chart),
  status: OneOf(protocolStatuses),
  revision: Revision,
  settings: Settings,
  version: Version,
  createdAt: Instant('When it was started.', '2026-01-05T18:00:00.000Z'),
  updatedAt: Instant('When it last changed.', '2026-01-05T18:00:00.000Z'),
}

const exampleHead = {
  id: exampleIds.protocol,
  chartId: exampleIds.chart,
  status: 'active' as const,
  revision: 1,
  settings: exampleSettings,
  version: 1,
  createdAt: '2026-01-05T18:00:00.000Z',
  updatedAt: '2026-01-05T18:00:00.000Z',
}

export const ProtocolSummary = component(
  'NeurofeedbackProtocolSummary',
  strictObject(head, {
    description: 'A training protocol with the settings in force.',
    examples: [exampleHead],
  }),
)

const Change = component(
  'NeurofeedbackProtocolChange',
  strictObject(
    {
      change: OneOf(protocolChanges),
      version: Version,
      revision: Revision,
      settings: Nullable(Settings),
      reason: Nullable(Type.String({ description: 'Why; null of the beginning only.' })),
      recordedById: Id('The member of staff who changed it.', exampleIds.staff),
      createdAt: Instant('When.', '2026-01-05T18:00:00.000Z'),
    },
    {
      description: 'One step in the life of a protocol, with new settings where it set some.',
      examples: [
        {
          change: 'started',
          version: 1,
          revision: 1,
          settings: exampleSettings,
          reason: null,
          recordedById: exampleIds.staff,
          createdAt: '2026-01-05T18:00:00.000Z',
        },
      ],
    },
  ),
)

export const Protocol = component(
  'NeurofeedbackProtocol',
  strictObject(
    { ...head, history: Type.Array(Change, { description: 'Oldest first.' }) },
    {
      description: 'A training protocol with all that became of it.',
      examples: [
        {
          ...exampleHead,
          history: [
            {
              change: 'started',
              version: 1,
              revision: 1,
              settings: exampleSettings,
              reason: null,
              recordedById: exampleIds.staff,
              createdAt: '2026-01-05T18:00:00.000Z',
            },
          ],
        },
      ],
    },
  ),
)

export const NewProtocol = component(
  'NewNeurofeedbackProtocol',
  strictObject(
    { settings: NewSettings },
    {
      description: 'A training protocol to start.',
      examples: [
        {
          settings: {
            ...exampleFields,
            rewardBands: [{ band: 'smr' }],
            inhibitBands: exampleSettings.inhibitBands,
          },
        },
      ],
    },
  ),
)

const reason = Reason(1_000, { description: 'Why it changes.' })

export const ProtocolRevision = component(
  'NeurofeedbackProtocolRevision',
  strictObject(
    { settings: NewSettings, reason },
    {
      description: 'The settings as a whole, from now on, and why.',
      examples: [
        {
          settings: { ...exampleSettings, plannedSessions: 30 },
          reason: 'Progress, and more sessions agreed on (fictional).',
        },
      ],
    },
  ),
)

export const ProtocolStep = component(
  'NeurofeedbackProtocolStep',
  strictObject(
    { status: OneOf(protocolStatuses, { description: '`active` resumes a paused one.' }), reason },
    {
      description: 'That a protocol is paused, resumed or ended, and why.',
      examples: [{ status: 'paused', reason: 'Headaches after two sessions (fictional).' }],
    },
  ),
)

export const ProtocolParams = strictObject({
  chartId: Id('The chart.', exampleIds.chart),
  protocolId: Id('The protocol.', exampleIds.protocol),
})
export const ProtocolQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(protocolStatuses, { description: 'Only these.', examples: ['active'] })),
})
export const ProtocolPage = listOf('NeurofeedbackProtocolPage', ProtocolSummary)

export type NewSettings = Static<typeof NewSettings>
export type Settings = Static<typeof Settings>
export type ProtocolSummary = Static<typeof ProtocolSummary>
export type Protocol = Static<typeof Protocol>
export type NewProtocol = Static<typeof NewProtocol>
export type ProtocolRevision = Static<typeof ProtocolRevision>
export type ProtocolStep = Static<typeof ProtocolStep>
export type ProtocolQuery = Static<typeof ProtocolQuery>

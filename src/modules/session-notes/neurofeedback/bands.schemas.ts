import { type Static, Type } from 'typebox'
import { component, listOf, OneOf, strictObject, Text } from '../../../lib/schemas.ts'
import { bandKeys, usualConfidence, usualSource } from './bands.ts'

export const Band = OneOf(bandKeys, { description: 'Which band.' })
export const Hertz = Type.Number({ minimum: 0, maximum: 200, description: 'In Hz.' })

/** Where an electrode stands. */
export const Site = Type.String({
  pattern: '^[A-Za-z]{1,3}[0-9]{0,2}$',
  description: 'Site of the 10-20 system.',
  examples: ['Cz'],
})

const range = { band: Band, lowHz: Hertz, highHz: Hertz }
const Revision = Type.Integer({
  minimum: 0,
  maximum: 1_000_000,
  description: 'How often the practice has set it; 0 while it works with the usual range.',
})

export const NeurofeedbackBand = component(
  'NeurofeedbackBand',
  strictObject(
    {
      ...range,
      source: Type.String({ description: 'Where the range is from.' }),
      confidence: OneOf(['verified', 'general_knowledge', 'practice'] as const, {
        description: '`practice`: the practice set it and vouches for it.',
      }),
      revision: Revision,
    },
    {
      description: 'The range a practice takes a frequency band for.',
      examples: [
        { band: 'smr', lowHz: 12, highHz: 15, source: usualSource, confidence: usualConfidence, revision: 0 },
      ],
    },
  ),
)

export const NewBandRange = component(
  'NewNeurofeedbackBandRange',
  strictObject(
    {
      ...range,
      source: Text(200, { description: 'Where the range is from: a book, a device, a course.' }),
      afterRevision: Revision,
    },
    {
      description: 'The range the practice takes a band for from now on.',
      examples: [
        { band: 'alpha', lowHz: 8, highHz: 13, source: 'Manual of an example device', afterRevision: 0 },
      ],
    },
  ),
)

export const BandList = listOf('NeurofeedbackBandList', NeurofeedbackBand)

export type NeurofeedbackBand = Static<typeof NeurofeedbackBand>
export type NewBandRange = Static<typeof NewBandRange>

import { type Static, Type } from 'typebox'
import { limits } from '../../lib/limits.ts'
import { component, Nullable, OneOf, strictObject, Text } from '../../lib/schemas.ts'

/** How an instrument is asked and scored, as data. Shipped instruments and a practice's own have the same shape. */

const most = limits.assessments

const Key = (description: string) =>
  Type.String({ pattern: '^[a-z0-9][a-z0-9_]{0,39}$', description, examples: ['total'] })

export const ItemKey = Type.String({ pattern: '^[a-z0-9][a-z0-9_]{0,39}$' })

export const InstrumentKey = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
  description: 'Names the instrument.',
  examples: ['phq-9'],
})

export const confidences = ['confirmed', 'unconfirmed'] as const

const Confidence = OneOf(confidences, {
  description:
    'Confirmed: seen in the published source. What is unconfirmed is listed, and never used for a result.',
})

const source = {
  source: Text(300, { description: 'Where it was published.' }),
  year: Nullable(Type.Integer({ minimum: 1900, maximum: 2100 })),
  population: Nullable(Text(200, { description: 'Whom it was found for.' })),
  confidence: Confidence,
}

export const Condition = component(
  'InstrumentCondition',
  strictObject(
    {
      item: Key('The item.'),
      atLeast: Type.Integer({ description: 'The answer from which on it holds.' }),
    },
    { description: 'An answer that reaches a value.', examples: [{ item: '2', atLeast: 1 }] },
  ),
)

export const ResponseSet = component(
  'InstrumentResponseSet',
  strictObject(
    {
      key: Key('Names the set.'),
      options: Type.Array(
        strictObject({
          value: Type.Integer({ minimum: -1_000, maximum: 1_000 }),
          label: Text(200, { description: 'In our own words.' }),
        }),
        { minItems: 2, maxItems: 101 },
      ),
    },
    {
      description: 'The answers that items may have.',
      examples: [
        {
          key: 'yes_no',
          options: [
            { value: 0, label: 'No' },
            { value: 1, label: 'Yes' },
          ],
        },
      ],
    },
  ),
)

export const InstrumentItem = component(
  'InstrumentItem',
  strictObject(
    {
      key: Key('The number of the item.'),
      label: Text(200, { description: 'A short label of our own; the wording comes in by an import.' }),
      responses: Key('Its set of answers.'),
      reverse: Type.Optional(
        Type.Boolean({ description: 'Scored as the lowest plus the highest value less the answer.' }),
      ),
      askIf: Type.Optional(Condition),
    },
    {
      description: 'One question.',
      examples: [{ key: '1', label: 'Interest', responses: 'frequency' }],
    },
  ),
)

const Rule = Type.Union([
  strictObject(
    {
      kind: OneOf(['weighted'] as const),
      terms: Type.Array(strictObject({ scale: Key('An earlier scale.'), weight: Type.Number() }), {
        minItems: 1,
        maxItems: 20,
      }),
    },
    { description: 'Earlier scales, each times its weight, added up.' },
  ),
  strictObject(
    {
      kind: OneOf(['all'] as const),
      conditions: Type.Array(strictObject({ scale: Key('An earlier scale.'), atLeast: Type.Number() }), {
        minItems: 1,
        maxItems: 20,
      }),
    },
    { description: '1 when each of these scales reaches its number, else 0.' },
  ),
  strictObject(
    {
      kind: OneOf(['tiers'] as const),
      tiers: Type.Array(
        strictObject({
          value: Type.Integer({ minimum: 1 }),
          any: Type.Array(Condition, { minItems: 1, maxItems: 50 }),
        }),
        { minItems: 1, maxItems: 10 },
      ),
    },
    {
      description:
        'The highest of these values of which any condition holds, else 0; null while a missing answer could make it higher.',
    },
  ),
])

const Bands = strictObject(
  {
    ...source,
    levels: Type.Array(
      strictObject({
        from: Type.Number({ description: 'The lowest value of this band.' }),
        key: Key('Names the band.'),
        label: Text(120, { description: 'A range of scores, never a diagnosis.' }),
      }),
      { minItems: 1, maxItems: 20 },
    ),
  },
  { description: 'Ranges of the score, from the lowest up.' },
)

const Cutoff = strictObject(
  {
    key: Key('Names the cut-off.'),
    op: OneOf(['gte', 'gt', 'lte', 'lt'] as const),
    value: Type.Number(),
    label: Text(200),
    ...source,
  },
  { description: 'A threshold somebody published. Meeting it is the result of a screen, not a diagnosis.' },
)

const ChangeThreshold = strictObject(
  {
    kind: OneOf(['reliable', 'clinical'] as const),
    points: Type.Number({ exclusiveMinimum: 0 }),
    ...source,
  },
  { description: 'How many points of difference count as a change.' },
)

export const InstrumentScale = component(
  'InstrumentScale',
  strictObject(
    {
      key: Key('Names the scale.'),
      label: Text(120),
      method: OneOf(['sum', 'mean', 'count', 'rule'] as const),
      items: Type.Optional(Type.Array(Key('An item.'), { minItems: 1, maxItems: most.itemsPerInstrument })),
      countFrom: Type.Optional(
        Type.Integer({ description: 'With `count`: answers from this value on are counted.' }),
      ),
      rule: Type.Optional(Rule),
      mostMissing: Type.Integer({
        minimum: 0,
        maximum: 100,
        description:
          'With more missing answers there is no score; with fewer, the mean of the others fills in.',
      }),
      higherIs: OneOf(['worse', 'better', 'neither'] as const),
      confidence: Confidence,
      bands: Type.Optional(Bands),
      cutoffs: Type.Optional(Type.Array(Cutoff, { maxItems: 20 })),
      changes: Type.Optional(Type.Array(ChangeThreshold, { maxItems: 10 })),
    },
    {
      description: 'One score and how it comes about.',
      examples: [
        {
          key: 'total',
          label: 'Total',
          method: 'sum',
          items: ['1', '2'],
          mostMissing: 0,
          higherIs: 'worse',
          confidence: 'confirmed',
        },
      ],
    },
  ),
)

const Flag = strictObject(
  {
    key: Key('Names the flag.'),
    label: Text(200),
    severity: OneOf(['attention', 'urgent'] as const),
    any: Type.Array(Condition, { minItems: 1, maxItems: 50 }),
  },
  { description: 'Answers that somebody has to look at soon, whatever the score: they raise an alert.' },
)

const License = strictObject({
  status: OneOf(['public_domain', 'free', 'free_with_credit', 'noncommercial', 'permission_needed'] as const),
  holder: Nullable(Text(200)),
  note: Text(500),
})

export const targets = ['mother', 'father', 'partner', 'best_friend'] as const

const Targets = Type.Array(OneOf(targets), {
  uniqueItems: true,
  maxItems: targets.length,
  description: 'Of whom it is asked, one assessment each.',
})

/** A tiny instrument of a practice's own. */
export const exampleDefinition = {
  title: 'Evening check (fictional)',
  recall: 'Today',
  adultOnly: false,
  dataClass: 'clinical' as const,
  license: { status: 'free' as const, holder: null, note: 'Written by the practice (fictional).' },
  responseSets: [
    {
      key: 'zero_to_two',
      options: [
        { value: 0, label: 'No' },
        { value: 1, label: 'Somewhat' },
        { value: 2, label: 'Yes' },
      ],
    },
  ],
  items: [
    { key: '1', label: 'Calm', responses: 'zero_to_two', reverse: true },
    { key: '2', label: 'Restless', responses: 'zero_to_two' },
  ],
  scales: [
    {
      key: 'total',
      label: 'Total',
      method: 'sum' as const,
      items: ['1', '2'],
      mostMissing: 0,
      higherIs: 'worse' as const,
      confidence: 'confirmed' as const,
    },
  ],
  flags: [
    {
      key: 'very_restless',
      label: 'Very restless',
      severity: 'attention' as const,
      any: [{ item: '2', atLeast: 2 }],
    },
  ],
}

export const InstrumentDefinition = component(
  'InstrumentDefinition',
  strictObject(
    {
      title: Text(200),
      recall: Nullable(Text(80, { description: 'The time it asks about.' })),
      adultOnly: Type.Boolean({ description: 'Validated for adults: it is not assigned to minors.' }),
      dataClass: OneOf(['clinical', 'restricted'] as const, {
        description: 'Restricted: only the care team comes to know of answers and scores.',
      }),
      license: License,
      responseSets: Type.Array(ResponseSet, { minItems: 1, maxItems: 20 }),
      items: Type.Array(InstrumentItem, { minItems: 1, maxItems: most.itemsPerInstrument }),
      scales: Type.Array(InstrumentScale, { minItems: 1, maxItems: most.scalesPerInstrument }),
      flags: Type.Array(Flag, { maxItems: 20 }),
      targets: Type.Optional(Targets),
    },
    {
      description: 'How an instrument is asked and scored: numbers of items and rules, not the wording.',
      examples: [exampleDefinition],
    },
  ),
)

export type InstrumentDefinition = Static<typeof InstrumentDefinition>
export type InstrumentItem = Static<typeof InstrumentItem>
export type InstrumentScale = Static<typeof InstrumentScale>
export type Condition = Static<typeof Condition>
export type ScaleRule = Static<typeof Rule>
export type Cutoff = Static<typeof Cutoff>
export type ResponseSet = Static<typeof ResponseSet>
export type Target = (typeof targets)[number]

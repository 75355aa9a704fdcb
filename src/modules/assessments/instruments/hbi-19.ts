import { keys, numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

const factor = (key: string, label: string, items: string[]) =>
  scale({ key, label, items, confidence: 'unconfirmed' })

export const hbi19: ShippedInstrument = {
  key: 'hbi-19',
  edition: 1,
  definition: {
    title: 'HBI-19',
    recall: '90 days',
    adultOnly: true,
    dataClass: 'clinical',
    license: {
      status: 'permission_needed',
      holder: 'R. C. Reid',
      note: 'Ask its author for commercial use.',
    },
    responseSets: [responseSet('frequency', 1, ['Never', 'Seldom', 'At times', 'Often', 'Very often'])],
    items: numbered(19, 'frequency'),
    scales: [
      // A large study could not set an adequate threshold (Bőthe 2018, n = 18,034): a dimension, not a verdict.
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 19),
        cutoffs: [
          {
            key: 'proposed',
            op: 'gte',
            value: 53,
            label: 'At or above a threshold that was proposed, and disputed since',
            source: 'Reid et al. 2011; Bőthe et al. 2018 could not set one',
            year: 2011,
            population: 'Men in treatment',
            confidence: 'unconfirmed',
          },
        ],
      }),
      factor('coping', 'Coping', keys(1, 3, 6, 8, 13, 16, 18)),
      factor('control', 'Control', keys(2, 4, 7, 10, 11, 12, 15, 17)),
      factor('consequences', 'Consequences', keys(5, 9, 14, 19)),
    ],
    flags: [],
  },
}

import { numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

export const scs: ShippedInstrument = {
  key: 'scs',
  edition: 1,
  definition: {
    title: 'SCS',
    recall: null,
    adultOnly: true,
    dataClass: 'clinical',
    license: {
      status: 'permission_needed',
      holder: 'S. C. Kalichman',
      note: 'In a published handbook, free for research; ask for commercial use.',
    },
    responseSets: [
      responseSet('fit', 1, ['Not like me', 'A little like me', 'Mostly like me', 'Very much like me']),
    ],
    items: numbered(10, 'fit'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 10),
        cutoffs: [
          {
            key: 'threshold',
            op: 'gte',
            value: 24,
            label: 'At or above a published threshold',
            source:
              'Hook et al., as tabulated in J Am Acad Psychiatry Law; Ventuneac et al. 2015 found none that fits well',
            year: 2010,
            population: null,
            confidence: 'confirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

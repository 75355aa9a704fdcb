import { numbered, numbers, type ShippedInstrument, scale, span } from './building.ts'

export const ras: ShippedInstrument = {
  key: 'ras',
  edition: 1,
  definition: {
    title: 'RAS',
    recall: null,
    adultOnly: false,
    dataClass: 'clinical',
    license: { status: 'free_with_credit', holder: 'S. S. Hendrick', note: 'Free to use with citation.' },
    responseSets: [span('degree', [1, 5], ['Low', 'High'])],
    items: numbered(7, 'degree', { reverse: [4, 7] }),
    scales: [
      scale({ key: 'total', label: 'Total', items: numbers(1, 7), higherIs: 'better' }),
      scale({
        key: 'mean',
        label: 'Mean',
        method: 'mean',
        items: numbers(1, 7),
        higherIs: 'better',
        cutoffs: [
          {
            key: 'content_range',
            op: 'gt',
            value: 4,
            label: 'Above the mean of couples without distress',
            source: 'Hendrick et al. 1998; to be checked against the primary paper',
            year: 1998,
            population: null,
            confidence: 'unconfirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

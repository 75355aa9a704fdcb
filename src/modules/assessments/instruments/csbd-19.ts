import { numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

const factor = (key: string, label: string, first: number, last: number) =>
  scale({ key, label, items: numbers(first, last), confidence: 'unconfirmed' })

export const csbd19: ShippedInstrument = {
  key: 'csbd-19',
  edition: 1,
  definition: {
    title: 'CSBD-19',
    recall: '6 months',
    adultOnly: true,
    dataClass: 'clinical',
    license: {
      status: 'free_with_credit',
      holder: 'B. Bőthe and others',
      note: 'Free access in many languages, by its authors. Cite it and keep its wording.',
    },
    responseSets: [responseSet('agreement', 1, ['Not at all', 'Rather not', 'Rather so', 'Entirely'])],
    items: numbered(19, 'agreement'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 19),
        cutoffs: [
          {
            key: 'high_range',
            op: 'gte',
            value: 50,
            label: 'At or above a threshold that was proposed',
            source: 'Bőthe et al., J Behav Addict 9; to be checked against the primary paper',
            year: 2020,
            population: 'Adults of three countries',
            confidence: 'unconfirmed',
          },
        ],
      }),
      factor('control', 'Control', 1, 3),
      factor('salience', 'Salience', 4, 6),
      factor('relapse', 'Relapse', 7, 9),
      factor('dissatisfaction', 'Dissatisfaction', 10, 12),
      factor('consequences', 'Negative consequences', 13, 19),
    ],
    flags: [],
  },
}

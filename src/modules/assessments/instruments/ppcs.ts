import { keys, numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

const common = {
  recall: '6 months',
  adultOnly: true,
  dataClass: 'clinical',
  license: { status: 'free_with_credit', holder: 'B. Bőthe and others', note: 'Free to use with citation.' },
  responseSets: [
    responseSet('frequency', 1, [
      'Never',
      'Rarely',
      'Now and then',
      'At times',
      'Often',
      'Very often',
      'Always',
    ]),
  ],
  flags: [],
} as const satisfies object

const factor = (key: string, label: string, first: number) =>
  scale({ key, label, items: keys(first, first + 6, first + 12), confidence: 'unconfirmed' })

export const ppcs18: ShippedInstrument = {
  key: 'ppcs-18',
  edition: 1,
  definition: {
    ...common,
    responseSets: [...common.responseSets],
    flags: [],
    title: 'PPCS-18',
    items: numbered(18, 'frequency'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 18),
        cutoffs: [
          {
            key: 'threshold',
            op: 'gte',
            value: 76,
            label: 'At or above the published threshold',
            source: 'Bőthe et al., J Sex Res 55',
            year: 2018,
            population: 'Adults who use pornography',
            confidence: 'confirmed',
          },
        ],
      }),
      factor('salience', 'Salience', 1),
      factor('mood', 'Change of mood', 2),
      factor('conflict', 'Conflict', 3),
      factor('tolerance', 'Tolerance', 4),
      factor('relapse', 'Relapse', 5),
      factor('withdrawal', 'Withdrawal', 6),
    ],
  },
}

export const ppcs6: ShippedInstrument = {
  key: 'ppcs-6',
  edition: 1,
  definition: {
    ...common,
    responseSets: [...common.responseSets],
    flags: [],
    title: 'PPCS-6',
    items: numbered(6, 'frequency'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 6),
        cutoffs: [
          {
            key: 'threshold',
            op: 'gte',
            value: 20,
            label: 'At or above a threshold that was proposed',
            source: 'Bőthe et al. 2021; to be checked against the primary paper',
            year: 2021,
            population: null,
            confidence: 'unconfirmed',
          },
        ],
      }),
    ],
  },
}

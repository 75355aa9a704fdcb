import { numbered, numbers, type ShippedInstrument, scale, span } from './building.ts'

export const csi16: ShippedInstrument = {
  key: 'csi-16',
  edition: 1,
  definition: {
    title: 'CSI-16',
    recall: null,
    adultOnly: false,
    dataClass: 'clinical',
    license: {
      status: 'free',
      holder: 'J. L. Funk and R. D. Rogge',
      note: 'Free for research and clinical use.',
    },
    responseSets: [
      span('zero_to_six', [0, 6], ['Low', 'High']),
      span('zero_to_five', [0, 5], ['Low', 'High']),
    ],
    items: numbered(16, 'zero_to_five').map(item =>
      item.key === '1' ? { ...item, responses: 'zero_to_six' } : item,
    ),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 16),
        higherIs: 'better',
        cutoffs: [
          {
            key: 'dissatisfaction',
            op: 'lt',
            value: 51.5,
            label: 'Below a threshold that was proposed',
            source: 'Funk & Rogge 2007; to be checked against the primary paper',
            year: 2007,
            population: null,
            confidence: 'unconfirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

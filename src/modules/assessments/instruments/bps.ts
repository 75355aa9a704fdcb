import { numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

export const bps: ShippedInstrument = {
  key: 'bps',
  edition: 1,
  definition: {
    title: 'BPS',
    recall: '6 months',
    adultOnly: true,
    dataClass: 'clinical',
    license: {
      status: 'permission_needed',
      holder: 'S. W. Kraus and others',
      note: 'Printed in an open-access article; ask for commercial use.',
    },
    responseSets: [responseSet('frequency', 0, ['Never', 'At times', 'Often'])],
    items: numbered(5, 'frequency'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 5),
        cutoffs: [
          {
            key: 'threshold',
            op: 'gte',
            value: 4,
            label: 'At or above the published threshold',
            source: 'Kraus et al., J Behav Addict 9',
            year: 2020,
            population: '105 men who sought treatment',
            confidence: 'confirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

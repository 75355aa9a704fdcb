import { numbered, numbers, type ShippedInstrument, scale, yesNo } from './building.ts'

export const pathos: ShippedInstrument = {
  key: 'pathos',
  edition: 1,
  definition: {
    title: 'PATHOS',
    recall: null,
    adultOnly: true,
    dataClass: 'clinical',
    license: {
      status: 'permission_needed',
      holder: 'P. J. Carnes and others',
      note: 'Printed in an article; ask for commercial use.',
    },
    responseSets: [yesNo],
    items: numbered(6, 'yes_no'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        method: 'count',
        countFrom: 1,
        items: numbers(1, 6),
        cutoffs: [
          {
            key: 'screen',
            op: 'gte',
            value: 3,
            label: 'At or above the published screening threshold',
            source: 'Carnes et al., J Addict Med 6',
            year: 2012,
            population: 'Adults in treatment and controls, men and women',
            confidence: 'confirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

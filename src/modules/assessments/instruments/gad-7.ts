import { numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

const spitzer = {
  source: 'Spitzer et al., Arch Intern Med 166',
  year: 2006,
  population: 'Primary care patients',
  confidence: 'confirmed',
} as const

export const gad7: ShippedInstrument = {
  key: 'gad-7',
  edition: 1,
  definition: {
    title: 'GAD-7',
    recall: '2 weeks',
    adultOnly: false,
    dataClass: 'clinical',
    license: { status: 'free', holder: 'Pfizer', note: 'Free to use without permission.' },
    responseSets: [responseSet('frequency', 0, ['Never', 'Some days', 'Most days', 'Almost daily'])],
    items: numbered(7, 'frequency', {
      labels: [
        'Nervous',
        'Control of worry',
        'Amount of worry',
        'Relaxing',
        'Restless',
        'Irritable',
        'Afraid',
      ],
    }),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 7),
        bands: {
          ...spitzer,
          levels: [
            { from: 0, key: 'minimal', label: 'Minimal symptoms' },
            { from: 5, key: 'mild', label: 'Mild symptoms' },
            { from: 10, key: 'moderate', label: 'Moderate symptoms' },
            { from: 15, key: 'severe', label: 'Severe symptoms' },
          ],
        },
        cutoffs: [
          {
            key: 'screen',
            op: 'gte',
            value: 10,
            label: 'At or above the published screening threshold',
            ...spitzer,
          },
        ],
        changes: [
          {
            kind: 'reliable',
            points: 4,
            source: 'In common use; to be checked against the primary paper',
            year: null,
            population: null,
            confidence: 'unconfirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

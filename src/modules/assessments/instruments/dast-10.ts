import { numbered, numbers, type ShippedInstrument, scale, yesNo } from './building.ts'

export const dast10: ShippedInstrument = {
  key: 'dast-10',
  edition: 1,
  definition: {
    title: 'DAST-10',
    recall: '1 year',
    adultOnly: false,
    dataClass: 'clinical',
    license: {
      status: 'noncommercial',
      holder: 'H. A. Skinner; Centre for Addiction and Mental Health',
      note: 'May be reproduced for noncommercial clinical, research and training use with credit.',
    },
    responseSets: [yesNo],
    // A no to item 3 scores, so a form of noes scores 1.
    items: numbered(10, 'yes_no', { reverse: [3] }),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 10),
        bands: {
          source: 'Skinner, Addict Behav 7',
          year: 1982,
          population: null,
          confidence: 'confirmed',
          levels: [
            { from: 0, key: 'none', label: 'None reported' },
            { from: 1, key: 'low', label: 'Low level' },
            { from: 3, key: 'moderate', label: 'Moderate level' },
            { from: 6, key: 'substantial', label: 'Substantial level' },
            { from: 9, key: 'severe', label: 'Severe level' },
          ],
        },
      }),
    ],
    flags: [],
  },
}

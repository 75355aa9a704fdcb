import { numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

/** Items with other answers than the frequency of something. */
const setOf: Readonly<Record<string, string>> = { 1: 'how_often', 2: 'how_many', 9: 'ever', 10: 'ever' }

const perSex = (value: number, population: string, key: string) => ({
  key,
  op: 'gte' as const,
  value,
  label: 'At or above a screening threshold in common use',
  source: 'In common use for AUDIT-C; to be checked against the primary paper',
  year: null,
  population,
  confidence: 'unconfirmed' as const,
})

export const audit: ShippedInstrument = {
  key: 'audit',
  edition: 1,
  definition: {
    title: 'AUDIT (with AUDIT-C)',
    recall: '1 year',
    adultOnly: false,
    dataClass: 'clinical',
    license: {
      status: 'noncommercial',
      holder: 'World Health Organization',
      note: 'Free for noncommercial use with credit to the WHO. What counts as a drink differs between countries.',
    },
    responseSets: [
      responseSet('how_often', 0, [
        'Never',
        'Monthly or rarer',
        'Some days a month',
        'Some days a week',
        'Most days',
      ]),
      responseSet('how_many', 0, ['1 or 2', '3 or 4', '5 or 6', '7 to 9', '10 or more']),
      responseSet('frequency', 0, ['Never', 'Rarer than monthly', 'Monthly', 'Weekly', 'Daily or nearly so']),
      {
        key: 'ever',
        options: [
          { value: 0, label: 'No' },
          { value: 2, label: 'Yes, longer ago than a year' },
          { value: 4, label: 'Yes, within a year' },
        ],
      },
    ],
    items: numbered(10, 'frequency').map(item => ({ ...item, responses: setOf[item.key] ?? 'frequency' })),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 10),
        bands: {
          source: 'Babor et al., AUDIT manual, 2nd edition (WHO)',
          year: 2001,
          population: 'Primary care patients',
          confidence: 'confirmed',
          levels: [
            { from: 0, key: 'zone_1', label: 'Zone I' },
            { from: 8, key: 'zone_2', label: 'Zone II' },
            { from: 16, key: 'zone_3', label: 'Zone III' },
            { from: 20, key: 'zone_4', label: 'Zone IV' },
          ],
        },
      }),
      scale({
        key: 'consumption',
        label: 'Consumption (AUDIT-C)',
        items: numbers(1, 3),
        cutoffs: [perSex(4, 'Men', 'men'), perSex(3, 'Women', 'women')],
      }),
      scale({ key: 'dependence', label: 'Signs of dependence', items: numbers(4, 6) }),
      scale({ key: 'harm', label: 'Harm', items: numbers(7, 10) }),
    ],
    flags: [],
  },
}

import { numbered, numbers, type ShippedInstrument, scale, yesNo } from './building.ts'

/** The core of 20 items. Keys of the subscales and supplementary sets are not certain, so they are not here. */
export const sastRCore: ShippedInstrument = {
  key: 'sast-r-core',
  edition: 1,
  definition: {
    title: 'SAST-R (core)',
    recall: null,
    adultOnly: true,
    dataClass: 'restricted',
    license: {
      status: 'permission_needed',
      holder: 'P. J. Carnes and IITAP',
      note: 'Needs permission; keep no more than the core score without it.',
    },
    responseSets: [yesNo],
    items: numbered(20, 'yes_no'),
    scales: [
      scale({
        key: 'core',
        label: 'Core',
        method: 'count',
        countFrom: 1,
        items: numbers(1, 20),
        cutoffs: [
          {
            key: 'proposed',
            op: 'gte',
            value: 6,
            label: 'At or above a threshold that was proposed',
            source: 'Carnes, Green & Carnes 2010; to be checked against the primary paper',
            year: 2010,
            population: null,
            confidence: 'unconfirmed',
          },
          {
            key: 'polish_men',
            op: 'gte',
            value: 5,
            label: 'At or above the threshold found for men in Poland',
            source: 'Gola et al. 2016',
            year: 2016,
            population: 'Men in Poland',
            confidence: 'confirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

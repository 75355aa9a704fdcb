import { numbered, numbers, type ShippedInstrument, scale, yesNo } from './building.ts'

export const ace: ShippedInstrument = {
  key: 'ace',
  edition: 1,
  definition: {
    title: 'ACE',
    recall: 'Before the age of 18',
    adultOnly: true,
    // It counts what happened to somebody as a child.
    dataClass: 'restricted',
    license: { status: 'free', holder: 'CDC and Kaiser Permanente', note: 'Freely usable.' },
    responseSets: [yesNo],
    items: numbered(10, 'yes_no'),
    scales: [
      scale({
        key: 'count',
        label: 'Kinds of adversity',
        method: 'count',
        countFrom: 1,
        items: numbers(1, 10),
        cutoffs: [
          {
            key: 'population_marker',
            op: 'gte',
            value: 4,
            label: 'A marker of risk in populations, not for one person',
            source: 'Felitti et al., Am J Prev Med 14; Anda et al. 2020 warn against its use for individuals',
            year: 1998,
            population: 'Adults in population studies',
            confidence: 'unconfirmed',
          },
        ],
      }),
    ],
    flags: [],
  },
}

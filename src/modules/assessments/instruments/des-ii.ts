import { keys, numbered, numbers, type ShippedInstrument, scale, span } from './building.ts'

const subscale = (key: string, label: string, items: string[]) =>
  scale({ key, label, method: 'mean', items, confidence: 'unconfirmed' })

export const desIi: ShippedInstrument = {
  key: 'des-ii',
  edition: 1,
  definition: {
    title: 'DES-II (with DES-T)',
    recall: null,
    adultOnly: true,
    dataClass: 'clinical',
    license: {
      status: 'free',
      holder: 'E. B. Carlson and F. W. Putnam',
      note: 'Free of copyright, by the appendix of its authors.',
    },
    responseSets: [span('percent', [0, 100], ['Never', 'Always'], 10)],
    items: numbered(28, 'percent'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        method: 'mean',
        items: numbers(1, 28),
        cutoffs: [
          {
            key: 'closer_look',
            op: 'gte',
            value: 30,
            label: 'From here on a closer look at dissociation is suggested',
            source: 'Carlson & Putnam, Dissociation 6; to be checked against the primary paper',
            year: 1993,
            population: null,
            confidence: 'unconfirmed',
          },
        ],
      }),
      subscale('amnesia', 'Amnesia', keys(3, 4, 5, 6, 8, 10, 25, 26)),
      subscale('depersonalization', 'Depersonalization and derealization', keys(7, 11, 12, 13, 27, 28)),
      subscale('absorption', 'Absorption', keys(2, 14, 15, 17, 18, 20)),
      subscale('taxon', 'DES-T', keys(3, 5, 7, 8, 12, 13, 22, 27)),
    ],
    flags: [],
  },
}

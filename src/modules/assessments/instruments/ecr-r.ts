import { numbered, numbers, type ShippedInstrument, scale, span } from './building.ts'

const dimension = (key: string, label: string, first: number, last: number) =>
  scale({
    key,
    label,
    method: 'mean',
    items: numbers(first, last),
    confidence: 'unconfirmed',
    higherIs: 'neither',
  })

/** Two dimensions, no category: norms only, no clinical threshold. Forms shuffle the items; keys are those of the list. */
export const ecrR: ShippedInstrument = {
  key: 'ecr-r',
  edition: 1,
  definition: {
    title: 'ECR-R',
    recall: null,
    adultOnly: false,
    dataClass: 'clinical',
    license: { status: 'free', holder: 'R. C. Fraley and others', note: 'Published for open use.' },
    responseSets: [span('agreement', [1, 7], ['Not at all', 'Entirely'])],
    items: numbered(36, 'agreement', { reverse: [9, 11, 20, 22, 26, 27, 28, 29, 30, 31, 33, 34, 35, 36] }),
    scales: [dimension('anxiety', 'Anxiety', 1, 18), dimension('avoidance', 'Avoidance', 19, 36)],
    flags: [],
  },
}

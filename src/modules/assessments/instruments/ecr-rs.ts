import { numbered, numbers, type ShippedInstrument, scale, span } from './building.ts'

const dimension = (key: string, label: string, first: number, last: number) =>
  scale({ key, label, method: 'mean', items: numbers(first, last), higherIs: 'neither' })

export const ecrRs: ShippedInstrument = {
  key: 'ecr-rs',
  edition: 1,
  definition: {
    title: 'ECR-RS',
    recall: null,
    adultOnly: false,
    dataClass: 'clinical',
    license: { status: 'free', holder: 'R. C. Fraley and others', note: 'Published for open use.' },
    responseSets: [span('agreement', [1, 7], ['Not at all', 'Entirely'])],
    items: numbered(9, 'agreement', { reverse: [1, 2, 3, 4] }),
    scales: [dimension('avoidance', 'Avoidance', 1, 6), dimension('anxiety', 'Anxiety', 7, 9)],
    flags: [],
    targets: ['mother', 'father', 'partner', 'best_friend'],
  },
}

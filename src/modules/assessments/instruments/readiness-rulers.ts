import { keys, numbered, type ShippedInstrument, scale, span } from './building.ts'

const labels = ['Importance', 'Confidence', 'Readiness'] as const

export const readinessRulers: ShippedInstrument = {
  key: 'readiness-rulers',
  edition: 1,
  definition: {
    title: 'Readiness rulers',
    recall: 'Today',
    adultOnly: false,
    dataClass: 'clinical',
    license: {
      status: 'free',
      holder: 'Center for Evidence-Based Practices, Case Western Reserve',
      note: 'Free.',
    },
    responseSets: [span('ruler', [0, 10], ['Not at all', 'Entirely'])],
    items: numbered(3, 'ruler', { labels }),
    scales: labels.map((label, index) =>
      scale({ key: label.toLowerCase(), label, items: keys(index + 1), higherIs: 'neither' }),
    ),
    flags: [],
  },
}

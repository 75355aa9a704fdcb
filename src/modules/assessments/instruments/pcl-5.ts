import { numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

const nationalCenter = {
  source: 'National Center for PTSD (US Department of Veterans Affairs)',
  year: null,
  population: null,
  confidence: 'confirmed',
} as const

const clusters = [
  ['b', 'Intrusion', 1, 5],
  ['c', 'Avoidance', 6, 7],
  ['d', 'Thoughts and mood', 8, 14],
  ['e', 'Arousal', 15, 20],
] as const

export const pcl5: ShippedInstrument = {
  key: 'pcl-5',
  edition: 1,
  definition: {
    title: 'PCL-5',
    recall: '1 month',
    adultOnly: false,
    dataClass: 'clinical',
    license: { status: 'public_domain', holder: 'US government', note: 'Work of the US government.' },
    responseSets: [responseSet('degree', 0, ['None', 'Slight', 'Medium', 'Strong', 'Extreme'])],
    items: numbered(20, 'degree'),
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 20),
        cutoffs: [
          {
            key: 'probable_range',
            op: 'gte',
            value: 31,
            label: 'In or above the range 31 to 33 that the source suggests for a closer look',
            ...nationalCenter,
          },
        ],
        changes: [
          { kind: 'reliable', points: 5, ...nationalCenter },
          { kind: 'clinical', points: 10, ...nationalCenter },
          {
            kind: 'reliable',
            points: 15,
            ...nationalCenter,
            source: 'Later work of the National Center for PTSD; to be checked',
            confidence: 'unconfirmed',
          },
        ],
      }),
      ...clusters.map(([key, label, first, last]) =>
        scale({
          key: `cluster_${key}`,
          label: `${label} (criterion ${key.toUpperCase()})`,
          items: numbers(first, last),
        }),
      ),
      // An answer of 2 or more counts as a symptom.
      ...clusters.map(([key, label, first, last]) =>
        scale({
          key: `symptoms_${key}`,
          label: `${label}: symptoms counted`,
          method: 'count',
          countFrom: 2,
          items: numbers(first, last),
        }),
      ),
      scale({
        key: 'symptom_rule',
        label: 'Pattern of symptoms',
        method: 'rule',
        rule: {
          kind: 'all',
          conditions: [
            { scale: 'symptoms_b', atLeast: 1 },
            { scale: 'symptoms_c', atLeast: 1 },
            { scale: 'symptoms_d', atLeast: 2 },
            { scale: 'symptoms_e', atLeast: 2 },
          ],
        },
        cutoffs: [
          {
            key: 'symptom_pattern',
            op: 'gte',
            value: 1,
            label: 'The pattern of symptoms that the source suggests for a closer look',
            ...nationalCenter,
          },
        ],
      }),
    ],
    flags: [],
  },
}

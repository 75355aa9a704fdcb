import { numbered, numbers, responseSet, type ShippedInstrument, scale } from './building.ts'

export const phq9: ShippedInstrument = {
  key: 'phq-9',
  edition: 1,
  definition: {
    title: 'PHQ-9',
    recall: '2 weeks',
    adultOnly: false,
    dataClass: 'clinical',
    license: { status: 'free', holder: 'Pfizer', note: 'Free to use without permission.' },
    responseSets: [
      responseSet('frequency', 0, ['Never', 'Some days', 'Most days', 'Almost daily']),
      responseSet('difficulty', 0, ['None', 'Some', 'Much', 'Extreme']),
    ],
    items: [
      ...numbered(9, 'frequency', {
        labels: [
          'Interest',
          'Mood',
          'Sleep',
          'Energy',
          'Appetite',
          'Self-worth',
          'Concentration',
          'Pace',
          'Thoughts of death or self-harm',
        ],
      }),
      // Asked about, never scored.
      { key: '10', label: 'Difficulty in daily life', responses: 'difficulty' },
    ],
    scales: [
      scale({
        key: 'total',
        label: 'Total',
        items: numbers(1, 9),
        mostMissing: 2,
        bands: {
          source: 'Kroenke, Spitzer & Williams, J Gen Intern Med 16',
          year: 2001,
          population: 'Primary care patients',
          confidence: 'confirmed',
          levels: [
            { from: 0, key: 'minimal', label: 'Minimal symptoms' },
            { from: 5, key: 'mild', label: 'Mild symptoms' },
            { from: 10, key: 'moderate', label: 'Moderate symptoms' },
            { from: 15, key: 'moderately_severe', label: 'Moderately severe symptoms' },
            { from: 20, key: 'severe', label: 'Severe symptoms' },
          ],
        },
        changes: [
          {
            kind: 'clinical',
            points: 5,
            source: 'In common use; to be checked against the primary paper',
            year: null,
            population: null,
            confidence: 'unconfirmed',
          },
        ],
      }),
    ],
    flags: [
      {
        key: 'self_harm_item',
        label: 'An answer about thoughts of death or self-harm',
        severity: 'urgent',
        any: [{ item: '9', atLeast: 1 }],
      },
    ],
  },
}

import { type ShippedInstrument, scale, yesNo } from './building.ts'

const item = (key: string, label: string, ifYesTo?: string) => ({
  key,
  label,
  responses: 'yes_no',
  ...(ifYesTo ? { askIf: { item: ifYesTo, atLeast: 1 } } : {}),
})

const yes = (...items: string[]) => items.map(key => ({ item: key, atLeast: 1 }))

const tiers = {
  high: yes('4', '5', '6_recent'),
  moderate: yes('3', '6'),
  low: yes('1', '2'),
}

/** Items 3 to 5 are asked after a yes to 2, the last one after a yes to 6. There is no sum. */
export const cssrsScreener: ShippedInstrument = {
  key: 'c-ssrs-screener',
  edition: 1,
  definition: {
    title: 'C-SSRS screener',
    recall: '1 month; behavior in the lifetime and in 3 months',
    adultOnly: false,
    dataClass: 'clinical',
    license: {
      status: 'free',
      holder: 'Columbia Lighthouse Project',
      note: 'No cost or license in health records; the project reviews screenshots. What follows a result is set locally.',
    },
    responseSets: [yesNo],
    items: [
      item('1', 'Wish to be dead'),
      item('2', 'Thoughts of suicide'),
      item('3', 'Thoughts with a method', '2'),
      item('4', 'Some intent', '2'),
      item('5', 'Plan and intent', '2'),
      item('6', 'Behavior, ever'),
      item('6_recent', 'Behavior in the past 3 months', '6'),
    ],
    scales: [
      scale({
        key: 'triage',
        label: 'Triage',
        method: 'rule',
        rule: {
          kind: 'tiers',
          tiers: [
            { value: 3, any: tiers.high },
            { value: 2, any: tiers.moderate },
            { value: 1, any: tiers.low },
          ],
        },
        bands: {
          source: 'Columbia Lighthouse Project, triage of the screener',
          year: null,
          population: null,
          confidence: 'confirmed',
          levels: [
            { from: 0, key: 'none', label: 'No yes' },
            { from: 1, key: 'low', label: 'Low' },
            { from: 2, key: 'moderate', label: 'Moderate' },
            { from: 3, key: 'high', label: 'High' },
          ],
        },
      }),
    ],
    flags: [
      { key: 'triage_high', label: 'An answer of the high level', severity: 'urgent', any: tiers.high },
      {
        key: 'triage_moderate',
        label: 'An answer of the moderate level',
        severity: 'urgent',
        any: tiers.moderate,
      },
      { key: 'triage_low', label: 'An answer of the low level', severity: 'attention', any: tiers.low },
    ],
  },
}

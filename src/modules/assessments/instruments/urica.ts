import { keys, numbered, type ShippedInstrument, scale, span } from './building.ts'

const stage = (key: string, label: string, ...items: number[]) =>
  scale({ key, label, method: 'mean', items: keys(...items), higherIs: 'neither' })

/**
 * The 32-item form. Items 4, 9, 20 and 31 are in no scale. Its publishers call cut-offs arbitrary, so there are none;
 * the readiness score is for intake, during treatment action and maintenance are looked at.
 */
export const urica: ShippedInstrument = {
  key: 'urica',
  edition: 1,
  definition: {
    title: 'URICA (32 items)',
    recall: null,
    adultOnly: false,
    dataClass: 'clinical',
    license: {
      status: 'free',
      holder: 'HABITS Lab, UMBC',
      note: 'Free; forms for alcohol and drugs are reproduced by permission.',
    },
    responseSets: [span('agreement', [1, 5], ['Not at all', 'Entirely'])],
    items: numbered(32, 'agreement'),
    scales: [
      stage('precontemplation', 'Precontemplation', 1, 5, 11, 13, 23, 26, 29),
      stage('contemplation', 'Contemplation', 2, 8, 12, 15, 19, 21, 24),
      stage('action', 'Action', 3, 7, 10, 14, 17, 25, 30),
      stage('maintenance', 'Maintenance', 6, 16, 18, 22, 27, 28, 32),
      scale({
        key: 'readiness',
        label: 'Readiness',
        method: 'rule',
        higherIs: 'neither',
        rule: {
          kind: 'weighted',
          terms: [
            { scale: 'contemplation', weight: 1 },
            { scale: 'action', weight: 1 },
            { scale: 'maintenance', weight: 1 },
            { scale: 'precontemplation', weight: -1 },
          ],
        },
      }),
    ],
    flags: [],
  },
}

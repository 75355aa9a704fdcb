import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/** keys: category. measures: distress now, age from, age to. */
export const traumaEvent = defineKind({
  kind: 'trauma_event',
  name: 'RecoveryTraumaEvent',
  title: 'Entry of the trauma inventory',
  about:
    'A label for what happened, never the story: that belongs in psychotherapy notes. Processing it before containment, coping skills and stabilization are in place answers warnings and takes an `overrideReason`.',
  dataClass: 'restricted',
  charts: ['individual'],
  content: contentOf(
    {
      category: OneOf(
        ['big_t', 'little_t', 'cumulative', 'attachment', 'early_exposure', 'none_identified'] as const,
        {
          description:
            '`early_exposure`: to pornography or technology. `none_identified`: asked, and none found.',
        },
      ),
      label: Words(120, 'A few words by which client and clinician know it.'),
      ageFromYears: Type.Optional(Rating(0, 110, 'From this age on.')),
      ageToYears: Type.Optional(Rating(0, 110, 'Up to this age.')),
      relation: Type.Optional(
        OneOf(
          ['parent', 'sibling', 'relative', 'partner', 'peer', 'authority', 'stranger', 'none'] as const,
          {
            description: 'What whoever did it was to the client.',
          },
        ),
      ),
      sudNow: Rating(0, 10, 'Subjective units of distress, now.'),
      reportable: OneOf(['no', 'unclear', 'yes'] as const, {
        description: 'Whether a duty to report may follow. Anything but `no` is answered with a warning.',
      }),
    },
    'An entry of the trauma inventory.',
    { category: 'little_t', label: 'The move (fictional)', ageFromYears: 9, sudNow: 6, reportable: 'no' },
  ),
  steps: {
    identified: ['stabilizing', 'ready_to_process', 'deferred'],
    stabilizing: ['ready_to_process', 'deferred'],
    ready_to_process: ['stabilizing', 'processing', 'deferred'],
    processing: ['stabilizing', 'resolved', 'deferred'],
    resolved: ['stabilizing'],
    deferred: ['identified', 'stabilizing'],
  },
  over: ['resolved', 'deferred'],
  reviewOn: 'When readiness is looked at again.',
  notices: ({ reportable }) => (reportable === 'no' ? [] : ['check_reporting_duty']),
  indexed: ({ category, sudNow, ageFromYears, ageToYears }) => ({
    keys: [category],
    measures: [sudNow, ageFromYears ?? null, ageToYears ?? null],
  }),
})

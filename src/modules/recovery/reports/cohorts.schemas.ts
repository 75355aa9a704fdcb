import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { CalendarDate, component, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'

const count = (description: string) =>
  Nullable(
    Type.Integer({
      description: `${description} Null where it, or what it leaves over, would tell of fewer than five.`,
    }),
  )

const smallest = Type.Integer({ description: 'No count below this is told.' })

export const EducationCohortQuery = strictObject({
  from: CalendarDate('Assigned on this day or later.', '2026-01-01'),
  to: CalendarDate('And on this day or before.', '2026-12-31'),
})

export const EducationCohort = component(
  'EducationCohort',
  strictObject(
    {
      smallestCount: smallest,
      rows: Type.Array(
        strictObject({
          topic: Type.String({ description: 'As in the records.' }),
          audience: OneOf(['client', 'partner', 'parent', 'group'] as const),
          charts: Type.Integer({ description: 'Clients and couples to whom it was assigned.' }),
          completed: count('Of those, how many completed all of it that was assigned.'),
          discussed: count('Of those, how many completed all of it and talked about some of it.'),
          medianDaysToComplete: Nullable(
            Type.Number({
              description:
                'From the day of assignment to the first completion; null where too few completed.',
            }),
          ),
        }),
        { description: 'By topic and audience; those with too few are left out.' },
      ),
    },
    {
      description: 'How education was completed in the whole practice, without names.',
      examples: [
        {
          smallestCount: limits.smallestCount,
          rows: [
            {
              topic: 'habit',
              audience: 'client',
              charts: 21,
              completed: 14,
              discussed: 9,
              medianDaysToComplete: 9.5,
            },
          ],
        },
      ],
    },
  ),
)

export const PartnerCareCohort = component(
  'PartnerCareCohort',
  strictObject(
    {
      smallestCount: smallest,
      couples: Nullable(
        Type.Integer({ description: 'Couples in joint care now; null when there are fewer.' }),
      ),
      notRecorded: count('Couples of whom nothing is recorded about it.'),
      notEngaged: count('Couples whose partner has no support of their own.'),
      offered: count('Couples whose partner was offered some.'),
      engaged: count('Couples whose partner has some.'),
      ownTherapist: count('Couples whose partner has a therapist of their own.'),
      group: count('Couples whose partner is in a group.'),
      ownTherapistPercent: Nullable(
        Type.Integer({ description: '100 · ownTherapist / couples, rounded; null where either is.' }),
      ),
    },
    {
      description: 'How far partners have support of their own, in the whole practice, without names.',
      examples: [
        {
          smallestCount: limits.smallestCount,
          couples: 40,
          notRecorded: 12,
          notEngaged: 6,
          offered: null,
          engaged: null,
          ownTherapist: 14,
          group: null,
          ownTherapistPercent: 35,
        },
      ],
    },
  ),
)

export type EducationCohortQuery = Static<typeof EducationCohortQuery>
export type EducationCohort = Static<typeof EducationCohort>
export type PartnerCareCohort = Static<typeof PartnerCareCohort>

import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { CalendarDate, component, Id, strictObject } from '../../../lib/schemas.ts'
import { NewBlock } from './blocks.schemas.ts'
import { example } from './examples.ts'

const { together, fittingDays } = limits.scheduling

export const NewFitting = component(
  'NewIntensiveFitting',
  strictObject(
    {
      intensiveTemplateId: Id('The itinerary that is wanted.', example.template),
      clinicianIds: Type.Array(Id('A clinician.', example.clinician), {
        minItems: 1,
        maxItems: together,
        uniqueItems: true,
        description: 'Who takes the places that the template numbers from 1 on.',
        examples: [[example.clinician]],
      }),
      from: CalendarDate('The first date on which it may begin.', '2026-12-07'),
      until: CalendarDate(`The last; at most ${fittingDays} dates are looked at.`, '2026-12-20'),
      shiftMinutes: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 240,
          default: 0,
          description:
            'How much later than in the template a block may start, in steps of 15 minutes: each block takes the first time that is free.',
          examples: [60],
        }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 20, default: 5, description: 'Most answers.', examples: [5] }),
      ),
    },
    {
      description: 'A template to fit to what is free.',
      examples: [
        {
          intensiveTemplateId: example.template,
          clinicianIds: [example.clinician],
          from: '2026-12-07',
          until: '2026-12-20',
          shiftMinutes: 60,
        },
      ],
    },
  ),
)

export const Fittings = component(
  'IntensiveFittings',
  strictObject(
    {
      options: Type.Array(
        strictObject({
          firstOn: CalendarDate('The first day.', '2026-12-07'),
          blocks: Type.Array(NewBlock, { description: 'As a plan takes them.' }),
        }),
      ),
    },
    {
      description: 'Itineraries that fit, by first day. They are not kept: plan one and book it.',
      examples: [
        {
          options: [
            {
              firstOn: '2026-12-07',
              blocks: [
                {
                  kind: 'individual',
                  participants: ['a'],
                  clinicianIds: [example.clinician],
                  roomId: example.room,
                  startsAt: '2026-12-07T17:00:00.000Z',
                  durationMinutes: 90,
                },
              ],
            },
          ],
        },
      ],
    },
  ),
)

export type NewFitting = Static<typeof NewFitting>
export type Fittings = Static<typeof Fittings>

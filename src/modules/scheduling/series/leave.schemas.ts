import { type Static, Type } from 'typebox'
import { component, listOf, PageQuery, strictObject } from '../../../lib/schemas.ts'
import { Appointment } from '../appointments.schemas.ts'
import { Slot } from '../slots/slots.schemas.ts'

const shown = (schema: object) => (schema as { examples: unknown[] }).examples[0]

export const DisplacedAppointment = component(
  'DisplacedAppointment',
  strictObject(
    {
      appointment: Appointment,
      offers: Type.Array(Slot, {
        description:
          'Other times with the same clinician at the same place, at most one on a day: first those at its own time of day, nearest day first. None for callers who do not keep that calendar.',
      }),
    },
    {
      description:
        'An appointment that falls into time off or a holiday, with times to which it could be moved.',
      examples: [{ appointment: shown(Appointment), offers: [shown(Slot)] }],
    },
  ),
)

export const DisplacedQuery = strictObject({
  cursor: PageQuery.cursor,
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 50,
      default: 20,
      description: 'Most entries to return.',
      examples: [20],
    }),
  ),
})
export const DisplacedPage = listOf('DisplacedAppointmentPage', DisplacedAppointment)

export type DisplacedAppointment = Static<typeof DisplacedAppointment>
export type DisplacedQuery = Static<typeof DisplacedQuery>

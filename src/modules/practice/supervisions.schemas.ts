import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, listOf, Nullable, PageQuery, strictObject } from '../../lib/schemas.ts'

const supervisorId = Id('The supervisor.', '019c0000-0000-7000-8000-0000000000b2')
const forTraining = Type.Boolean({
  description: 'The supervision is part of a training, where the law opens more to the supervisor.',
})

export const SupervisionChange = component(
  'SupervisionChange',
  strictObject(
    {
      supervisorId: Nullable(supervisorId),
      forTraining: Type.Optional(forTraining),
    },
    {
      description: 'Who supervises from today; null for nobody.',
      examples: [{ supervisorId: '019c0000-0000-7000-8000-0000000000b2', forTraining: true }],
    },
  ),
)

export const Supervision = component(
  'Supervision',
  strictObject(
    {
      id: Id('This span of supervision.', '019c0000-0000-7000-8000-0000000000b9'),
      staffId: Id('Who was supervised.', '019c0000-0000-7000-8000-0000000000b1'),
      supervisorId,
      forTraining,
      startsOn: CalendarDate('First day.', '2026-11-01'),
      endsOn: Nullable(CalendarDate('Last day; null while it lasts.', '2026-11-30')),
    },
    {
      description: 'Who supervised whom, and when.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000b9',
          staffId: '019c0000-0000-7000-8000-0000000000b1',
          supervisorId: '019c0000-0000-7000-8000-0000000000b2',
          forTraining: true,
          startsOn: '2026-11-01',
          endsOn: null,
        },
      ],
    },
  ),
)

export const SupervisionQuery = strictObject(PageQuery)
export const SupervisionPage = listOf('SupervisionPage', Supervision)

export type Supervision = Static<typeof Supervision>
export type SupervisionChange = Static<typeof SupervisionChange>
export type SupervisionQuery = Static<typeof SupervisionQuery>

import { type Static, Type } from 'typebox'
import { component, Id, listOf, PageQuery, strictObject } from '../../../lib/schemas.ts'

const example = {
  from: '019c0000-0000-7000-8000-0000000000a1',
  to: '019c0000-0000-7000-8000-0000000000a2',
}

export const TravelTime = component(
  'TravelTime',
  strictObject(
    {
      fromLocationId: Id('One of the locations.', example.from),
      toLocationId: Id('The other one.', example.to),
      minutes: Type.Integer({ minimum: 0, maximum: 600, description: 'How long it takes.', examples: [35] }),
    },
    {
      description: 'The way between two locations; it takes as long back.',
      examples: [{ fromLocationId: example.from, toLocationId: example.to, minutes: 35 }],
    },
  ),
)

export const TravelTimeQuery = strictObject(PageQuery)
export const TravelTimePage = listOf('TravelTimePage', TravelTime)

export type TravelTime = Static<typeof TravelTime>
export type TravelTimeQuery = Static<typeof TravelTimeQuery>

import { type Static, Type } from 'typebox'
import { invalidField } from '../../lib/problems.ts'
import { component, strictObject } from '../../lib/schemas.ts'

/** A time of day on the wall clock. */
export const ClockTime = (description: string, example = '09:00') =>
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description, examples: [example] })

/** The end of something on the wall clock, up to midnight. */
export const ClockEnd = (description: string, example = '17:00') =>
  Type.String({
    pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
    description: `${description} \`24:00\` is the end of the day.`,
    examples: [example],
  })

/** 1 is Monday, as in ISO 8601. */
export const Weekday = Type.Integer({
  minimum: 1,
  maximum: 7,
  description: '1 is Monday, 7 is Sunday.',
  examples: [2],
})

export const WeeklyHours = component(
  'WeeklyHours',
  strictObject(
    {
      weekday: Weekday,
      startsAt: ClockTime('From when, on the wall clock of the place.'),
      endsAt: ClockEnd('Until when; after `startsAt`.'),
    },
    {
      description: 'A time of every week.',
      examples: [{ weekday: 2, startsAt: '09:00', endsAt: '17:00' }],
    },
  ),
)
export type WeeklyHours = Static<typeof WeeklyHours>

/** As the database keeps it: minutes from midnight. */
export interface WeeklyMinutes {
  weekday: number
  startsMinute: number
  endsMinute: number
}

/** Minutes from midnight of `HH:MM`. */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** `HH:MM` of minutes from midnight. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/**
 * @param pointer of the list in the body
 * @throws Problem `invalid-request` where one does not end after it starts
 */
export function toMinutes(hours: readonly WeeklyHours[], pointer: string): WeeklyMinutes[] {
  return hours.map(({ weekday, startsAt, endsAt }, index) => {
    const [startsMinute, endsMinute] = [minuteOf(startsAt), minuteOf(endsAt)]
    if (endsMinute <= startsMinute)
      throw invalidField(`${pointer}/${index}/endsAt`, 'range', 'Must be after the start.')
    return { weekday, startsMinute, endsMinute }
  })
}

export const toWeeklyHours = ({ weekday, startsMinute, endsMinute }: WeeklyMinutes): WeeklyHours => ({
  weekday,
  startsAt: clockOf(startsMinute),
  endsAt: clockOf(endsMinute),
})

/** What a room has and a service needs: a short key of the practice's own. */
export const Features = (description: string) =>
  Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }), {
    maxItems: 20,
    uniqueItems: true,
    description,
    examples: [['two-sofas']],
  })

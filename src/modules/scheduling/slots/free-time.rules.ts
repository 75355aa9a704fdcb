import { addDays, datesBetween, type LocalCalendar, localCalendar, weekdayOf } from './local-calendar.ts'
import { merged, type Span, without } from './spans.ts'

/** A time of the week on the wall clock: 1 is Monday, minutes count from midnight. */
export interface WeeklySpan {
  weekday: number
  startsMinute: number
  endsMinute: number
}

export interface WorkingSpan extends WeeklySpan {
  /** Where the clinician is; null for telehealth from anywhere. */
  locationId: string | null
  telehealth: boolean
}

/** A version of a clinician's week. */
export interface WorkingHours {
  id: string
  staffId: string
  effectiveFrom: string
  mostSessionsPerDay: number | null
  minimumNoticeMinutes: number
  spans: readonly WorkingSpan[]
}

export interface CalendarException {
  kind: 'time_off' | 'extra_hours' | 'holiday'
  staffId: string | null
  locationId: string | null
  telehealth: boolean
  startsOn: string
  startsMinute: number
  endsOn: string
  endsMinute: number
}

export interface Location {
  id: string
  timeZone: string
}

/** From the first to the last date, both included. */
export interface Dates {
  from: string
  until: string
}

export interface WorkingTime {
  practiceZone: string
  locations: readonly Location[]
  hours: readonly WorkingHours[]
  exceptions: readonly CalendarException[]
}

/** In person at a location, or by telehealth. */
export type Place = string | null

/**
 * When clinicians are there: weekly hours and extra hours without time off and holidays. What they have booked is not
 * looked at here.
 */
export function workingTimeOf({ practiceZone, locations, hours, exceptions }: WorkingTime, dates: Dates) {
  const zones = new Map(locations.map(({ id, timeZone }) => [id, timeZone]))
  const calendars = new Map<string, LocalCalendar>()
  const calendarAt = (place: Place): LocalCalendar => {
    const zone = (place && zones.get(place)) || practiceZone
    const known = calendars.get(zone) ?? localCalendar(zone)
    calendars.set(zone, known)
    return known
  }
  // A date of one zone reaches into the dates beside it of another.
  const days = datesBetween(addDays(dates.from, -1), addDays(dates.until, 1)).map(date => ({
    date,
    weekday: weekdayOf(date),
  }))
  const versionsOf = versionsByStaff(hours)

  const spanOf = (exception: CalendarException, place: Place): Span => {
    const calendar = calendarAt(place)
    const { startsOn, startsMinute, endsOn, endsMinute } = exception
    return [calendar.bound(startsOn, startsMinute), calendar.bound(endsOn, endsMinute)]
  }
  /** What keeps a clinician from working at one of the places. */
  const offAt = (staffId: string, place: Place): Span[] =>
    exceptions
      .filter(({ kind, staffId: whose, locationId }) =>
        kind === 'holiday'
          ? locationId === null || locationId === place
          : kind === 'time_off' && whose === staffId,
      )
      .map(exception => spanOf(exception, place))

  const weeklyAt = (staffId: string, origin: Place, inPerson: boolean): Span[] => {
    const versions = versionsOf.get(staffId) ?? []
    const calendar = calendarAt(origin)
    return days.flatMap(({ date, weekday }) =>
      (versionOn(versions, date)?.spans ?? [])
        .filter(
          span =>
            span.weekday === weekday && span.locationId === origin && (inPerson ? true : span.telehealth),
        )
        .map(
          span => [calendar.bound(date, span.startsMinute), calendar.bound(date, span.endsMinute)] as const,
        ),
    )
  }
  const extraAt = (staffId: string, origin: Place, inPerson: boolean): Span[] =>
    exceptions
      .filter(
        ({ kind, staffId: whose, locationId, telehealth }) =>
          kind === 'extra_hours' &&
          whose === staffId &&
          locationId === origin &&
          (inPerson ? true : telehealth),
      )
      .map(exception => spanOf(exception, origin))

  const from = (staffId: string, origin: Place, inPerson: boolean): Span[] =>
    without(
      merged([...weeklyAt(staffId, origin, inPerson), ...extraAt(staffId, origin, inPerson)]),
      merged(offAt(staffId, origin)),
    )

  return {
    calendarAt,
    /** In person at the place; by telehealth, wherever the clinician is then, where there is none. */
    at(staffId: string, place: Place): Span[] {
      if (place !== null) return from(staffId, place, true)
      const origins: Place[] = [null, ...locations.map(({ id }) => id)]
      return merged(origins.flatMap(origin => from(staffId, origin, false)))
    },
    /** The version of the week that counts on this date. */
    versionOn: (staffId: string, date: string) => versionOn(versionsOf.get(staffId) ?? [], date),
  }
}

/** Of each clinician, the ones that begin last first; of one beginning the one entered last. */
function versionsByStaff(hours: readonly WorkingHours[]): Map<string, WorkingHours[]> {
  const latestFirst = hours.toSorted((a, b) =>
    a.effectiveFrom === b.effectiveFrom
      ? b.id.localeCompare(a.id)
      : b.effectiveFrom.localeCompare(a.effectiveFrom),
  )
  return Map.groupBy(latestFirst, ({ staffId }) => staffId)
}

const versionOn = (latestFirst: readonly WorkingHours[], date: string) =>
  latestFirst.find(({ effectiveFrom }) => effectiveFrom <= date)

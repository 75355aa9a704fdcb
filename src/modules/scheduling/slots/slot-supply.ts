import type { Dates, Place, WeeklySpan, WorkingTime } from './free-time.rules.ts'

export interface Credential {
  staffId: string
  /** First and last day on which it is good; null is open. */
  from: string | null
  until: string | null
}

export interface Room {
  id: string
  locationId: string
  /** Null is open at any time. */
  openingHours: readonly WeeklySpan[] | null
}

/** Time that a clinician, a room or a client has taken, buffers included. */
export interface Busy {
  resourceId: string
  start: number
  end: number
}

/** A session of a clinician at a place, from where the way to another one takes time. */
export interface Elsewhere extends Busy {
  locationId: string
}

export interface TravelTime {
  between: readonly [string, string]
  minutes: number
}

/** Everything that a search leans on, as it stands now. */
export interface SlotSupply extends WorkingTime {
  /** Who may give the service if the credentials allow it, in the order in which they are offered. */
  clinicianIds: readonly string[]
  /** Those that the service asks for; null when it asks for none. */
  credentials: readonly Credential[] | null
  /** Rooms that have what is needed, in the order in which they are given away. */
  rooms: readonly Room[]
  busy: readonly Busy[]
  elsewhere: readonly Elsewhere[]
  travelTimes: readonly TravelTime[]
}

/** What is looked for, whatever the pattern. */
export interface Wanted {
  minutes: number
  bufferBefore: number
  bufferAfter: number
  /** Whose time must be free besides the clinicians'. */
  clientIds: readonly string[]
  /** Every one of the clinicians together, or any one of them. */
  together: boolean
  places: readonly Place[]
  needsRoom: boolean
  now: number
}

/** Which starts are looked at. */
export interface Grid extends Dates {
  gridMinutes: number
  weekdays: readonly number[]
  /** The slot starts no earlier and ends no later; minutes of the wall clock from midnight. */
  earliest: number
  latest: number
}

/** Who gives it where: what stays the same in a pattern. */
export interface Setting {
  clinicianIds: readonly string[]
  locationId: Place
}

/** A start on the wall clock of a place, and its instant. */
export interface Start {
  date: string
  minute: number
  start: number
}

export interface Slot extends Setting, Start {
  end: number
  timeZone: string
  roomId: string | null
}

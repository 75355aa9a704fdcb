import type {
  ClientMessagePolicy,
  NewCancellationPolicy,
  NewGroupSession,
  NewWaitlistEntry,
} from '../../openapi/client/index.ts'
import type { DemoNote } from './demo-data.ts'

/** A day of the week, so many weeks from the week of the start; 1 is Monday. */
export interface DemoDay {
  week: number
  weekday: number
}

/** Whose it is: a client by the id in the file of clients, or a couple by its place in `couples`. */
export interface DemoUnit {
  client?: string
  couple?: number
}

export interface DemoPlace {
  mode: 'in_person' | 'telehealth'
  room?: string
}

export interface DemoAppointment extends DemoDay, DemoUnit, DemoPlace {
  clinician: string
  /** Wall clock of the practice. */
  time: string
  service: string
  /** What has come of it: once it is over, or, for `confirmed` and `canceled`, at any time. */
  outcome?: 'attended' | 'no_show' | 'canceled' | 'confirmed'
  note?: DemoNote
}

export interface DemoSeries extends DemoUnit, DemoPlace {
  clinician: string
  service: string
  weekday: number
  time: string
  everyWeeks: number
  firstWeek: number
  /** The date of this week is held on another day. */
  moved?: DemoDay & { time: string }
  /** Nothing from the first day of one week to the last of another. */
  pause?: { fromWeek: number; untilWeek: number }
}

/** An intensive by a template that came with the service, laid on the days from the first one on. */
export interface DemoIntensive extends DemoUnit, DemoDay {
  template: string
  /** In the order of the template. */
  clinicians: string[]
  /** The room of each clinician. */
  rooms: string[]
  priceCents: number
  depositCents: number
  until: 'deposit_due' | 'scheduled' | 'aftercare'
  aftercare: (DemoDay & { kind: 'check_in_call'; done: boolean })[]
}

export interface DemoGroup {
  name: string
  clinician: string
  members: string[]
  service: string
  room: string
  capacity: number
  weekday: number
  time: string
  firstWeek: number
  weeks: number
  curriculum: string[]
  /** Of each meeting that is over. */
  record: NewGroupSession['record']
  memberNote: { participation: number; presentation: string; response: string; plan: string }
}

export interface DemoWaiting {
  client: string
  /** For this service, or for a seat of the group. */
  service?: string
  group?: boolean
  clinicians?: string[]
  weekdays?: number[]
  priority: NewWaitlistEntry['priority']
  note: string
}

/** When there is time, and what fills it. */
export interface DemoSchedule {
  hours: {
    clinician: string
    hours: { weekday: number; startsAt: string; endsAt: string; telehealth: boolean; office: boolean }[]
    mostSessionsPerDay: number
    minimumNoticeMinutes: number
  }[]
  holiday: DemoDay & { name: string }
  leave: { clinician: string; week: number; fromWeekday: number; untilWeekday: number }
  cancellationPolicy: Omit<NewCancellationPolicy, 'effectiveOn'> & { signedBy: string[] }
  appointments: DemoAppointment[]
  series: DemoSeries[]
  intensives: DemoIntensive[]
  group: DemoGroup
  waitlist: DemoWaiting[]
  clientMessages: ClientMessagePolicy
}

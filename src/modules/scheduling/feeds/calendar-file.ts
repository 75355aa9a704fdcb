import { limits } from '../../../lib/limits.ts'
import type { BookedTime } from '../calendar/booked-times.ts'

/** A time as a feed shows it. */
export interface Entry
  extends Pick<BookedTime, 'id' | 'version' | 'startsAt' | 'endsAt' | 'isCanceled' | 'changedAt'> {
  /** Null says nothing of where. */
  place: string | null
}

/**
 * A calendar as RFC 5545 has it, in neutral words. The same entries always give the same bytes. An entry keeps its UID
 * for good and its SEQUENCE grows with every change, so that programs follow moves and cancellations.
 */
export async function calendarFile(entries: readonly Entry[]): Promise<Uint8Array> {
  // Loaded with the first feed that is read: most processes start without one.
  const {
    default: ical,
    ICalCalendarMethod,
    ICalEventClass,
    ICalEventStatus,
  } = await import('ical-generator')
  const calendar = ical({
    name: 'Appointments',
    prodId: { company: 'Cairn', product: 'Calendar feed', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: limits.calendarFeeds.refreshSeconds,
  })
  for (const { id, version, startsAt, endsAt, isCanceled, changedAt, place } of entries)
    calendar.createEvent({
      id,
      sequence: version - 1,
      start: startsAt,
      end: endsAt,
      stamp: changedAt,
      lastModified: changedAt,
      summary: 'Appointment',
      class: ICalEventClass.PRIVATE,
      status: isCanceled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      ...(place !== null && { location: place }),
    })
  return Buffer.from(calendar.toString())
}

import type { Item, What } from './due.rules.ts'

/** What may be said of a practice to somebody who did not ask for neutral words. */
export interface Sender {
  name: string
  phone: string | null
}

/** A time as the message says it. */
export interface Said extends Pick<Item, 'what' | 'startsAt'> {
  /** In which the client reads it. */
  timeZone: string
}

const mostLines = 8

const headOf: Readonly<Record<What, string>> = {
  reminder: 'Reminder: your appointment is on',
  booked: 'Your appointment is booked for',
  moved: 'Your appointment is now on',
  canceled: 'Canceled: your appointment on',
  offered: 'An appointment that you wait for is free. Please answer by',
}

const lineOf: Readonly<Record<What, string>> = {
  reminder: 'Reminder',
  booked: 'Booked',
  moved: 'Now on',
  canceled: 'Canceled',
  offered: 'Free, please answer by',
}

/**
 * A message in neutral words: times, and nothing of who gives them, what they are or who else comes.
 *
 * @param sender who says so; undefined where the client asked for neutral words
 */
export function messageOf(
  said: readonly Said[],
  sender: Sender | undefined,
  now: Date,
): { subject: string; text: string } {
  const [first, ...others] = said.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  if (!first) throw new Error('A message says something')
  const body = others.length === 0 ? [`${headOf[first.what]} ${whenOf(first, now)}.`] : listOf(said, now)
  const from = sender ? [[sender.name, sender.phone].filter(Boolean).join(', ')] : []
  return { subject: 'Your appointment', text: [...body, ...from].join('\n') }
}

function listOf(said: readonly Said[], now: Date): string[] {
  const ordered = said.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  const lines = ordered.slice(0, mostLines).map(one => `${lineOf[one.what]}: ${whenOf(one, now)}`)
  const rest = ordered.length - lines.length
  return ['Your appointments:', ...lines, ...(rest > 0 ? [`and ${rest} more`] : [])]
}

/** Such as `Tue, Nov 24, 4:00 PM PST`; with the year where it is another one. */
export function whenOf({ startsAt, timeZone }: Omit<Said, 'what'>, now: Date): string {
  const yearOf = (at: Date) => new Intl.DateTimeFormat('en-US', { year: 'numeric', timeZone }).format(at)
  const format = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...(yearOf(startsAt) === yearOf(now) ? {} : { year: 'numeric' as const }),
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  })
  // Phones send plain letters in one message where a narrow space takes two.
  return format.format(startsAt).replaceAll(/[\u00a0\u202f]/g, ' ')
}

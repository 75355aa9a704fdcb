import { randomUUID } from 'node:crypto'

export const text = 'He said: “I have not told her yet.” 🕊'
export const place = { table: 'session_notes', column: 'body', rowId: randomUUID(), rowVersion: 3 }

/** A clock that stands still until it is moved on. */
export function adjustableClock(start = '2026-03-02T09:00:00Z') {
  let now = new Date(start).getTime()
  return { now: () => new Date(now), advance: (ms: number) => void (now += ms) }
}

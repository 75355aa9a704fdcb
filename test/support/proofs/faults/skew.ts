const TrueDate = Date
let skewMs = 0

/** The process's own clock, wrong by so much: whatever asks this process for the time is told that. */
class SkewedDate extends TrueDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(SkewedDate.now())
    else super(...(given as [string]))
  }

  static override now(): number {
    return TrueDate.now() + skewMs
  }
}

/** Sets the clock of this process ahead, or back. 0 mends it. */
export function skewClock(ms: number): void {
  skewMs = ms
  globalThis.Date = ms === 0 ? TrueDate : (SkewedDate as DateConstructor)
}

export const trueNow = () => TrueDate.now()

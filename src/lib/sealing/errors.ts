/**
 * Sealed bytes did not open: they were changed, cut, or belong to another practice, row or column, or an
 * older version of the row. Names the place, never the content.
 */
export class SealBroken extends Error {
  override name = 'SealBroken'

  constructor(place: string) {
    super(`The seal on ${place} is broken: it was altered, moved, or sealed with another key`)
  }
}

/** The key was destroyed on purpose (crypto-shredding). What it sealed can never be read again. */
export class KeyDestroyed extends Error {
  override name = 'KeyDestroyed'
}

/** The key cannot be had now: the provider is away, or does not hold this version yet. Answer 503 and retry. */
export class KeyUnavailable extends Error {
  override name = 'KeyUnavailable'
}

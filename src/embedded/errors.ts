/** A problem with the embedded database that the person at the keyboard can mend; the message says how. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError'
}

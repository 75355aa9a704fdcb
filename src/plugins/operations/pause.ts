/**
 * Answered by a read that found nothing yet: its transaction ends, `until` is awaited holding neither a
 * connection nor a lock, and the handler runs again with `waitedMs`. The request is still audited once.
 */
export class Pause {
  readonly until: (signal: AbortSignal) => Promise<boolean>

  /**
   * @param until resolves when it is worth looking again: true when something is there, false when there is
   *   no more waiting. Its signal says that the caller has gone.
   */
  constructor(until: (signal: AbortSignal) => Promise<boolean>) {
    this.until = until
  }
}

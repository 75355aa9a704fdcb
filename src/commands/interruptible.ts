import { constants } from 'node:os'

/** Why the work was left; the exit code is the one that shells know for the signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(signal: Signal) {
    super(`Interrupted by ${signal}: nothing half done is left.`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/**
 * A signal would end the process at once, past every `finally`, and leave a server running that is not its child in
 * that sense. Here the work hears of it, puts away what it has begun, and fails.
 *
 * @throws Interrupted in place of whatever the work failed with because of it
 */
export async function interruptible<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const hear = (signal: NodeJS.Signals) => abort.abort(new Interrupted(signal as Signal))
  for (const signal of signals) process.on(signal, hear)
  try {
    return await work(abort.signal)
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error
  } finally {
    for (const signal of signals) process.off(signal, hear)
  }
}

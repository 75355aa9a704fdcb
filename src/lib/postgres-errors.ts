import { DatabaseError } from 'pg'
import { constraintProblems } from './constraint-problems.ts'
import { WrongServer } from './database/fence.ts'
import { Problem, type ProblemCode } from './problems.ts'

/** The connection went away; whether the work was done is not known. Safe to repeat with the same key. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection'
}

const retryable = new Set(['40001', '40P01'])
/** 25006 is what a former primary says that now only follows; the classes 08 and 53 count as a whole. */
const busy = new Set(['57014', '55P03', '57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '25006'])
const lostConnection =
  /^(Connection terminated|Query read timeout|Client (was closed|has encountered)|timeout exceeded)/
const socketCode =
  /^(ECONN(REFUSED|RESET|ABORTED)|E(HOST|NET)(UNREACH|DOWN)|EPIPE|ETIMEDOUT|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN)$/

/** True where the whole transaction may simply run again. */
export const isRetryable = (error: unknown) =>
  error instanceof DatabaseError && error.code !== undefined && retryable.has(error.code)

/** Says only that an earlier statement of the transaction failed. */
export const isAborted = (error: unknown) => error instanceof DatabaseError && error.code === '25P02'

export const isLockTimeout = (error: unknown) => error instanceof DatabaseError && error.code === '55P03'

/** The violated constraint. A cluster leaves the field empty and names the shard in its message. */
export function constraintOf(error: unknown): string | undefined {
  if (!(error instanceof DatabaseError) || !error.code?.startsWith('23')) return undefined
  if (error.constraint) return error.constraint
  return /constraint "([a-z0-9_]+?)(?:_\d{6,})?"/.exec(error.message)?.[1]
}

const byClass: Readonly<Record<string, ProblemCode>> = {
  '23505': 'already-exists',
  '23P01': 'conflict',
  '23503': 'unknown-reference',
  '23514': 'invalid-request',
  '23502': 'invalid-request',
}

/**
 * Translates what the database answered. Only codes and names are read: driver messages carry user
 * data and never leave. Returns undefined for anything that is a fault of ours.
 */
export function problemFromPostgres(error: unknown): Problem | undefined {
  if (error instanceof LostConnection || error instanceof WrongServer) return unavailable(error)
  if (error instanceof DatabaseError && error.code) return fromCode(error, error.code)
  if (error instanceof Error && isLostConnection(error)) return unavailable(error)
  return undefined
}

/**
 * True where the database is away, full or overloaded, rather than at odds with what it was asked: repeating
 * later may help. Also knows copies of errors that are plain objects, as the job queue reports them.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Problem) return error.status === 503
  if (typeof error !== 'object' || error === null) return false
  return error instanceof LostConnection || isUnavailableCode(codeOf(error)) || isLostConnection(error)
}

function fromCode(error: DatabaseError, code: string): Problem | undefined {
  const known = constraintProblems[constraintOf(error) ?? '']
  if (known) {
    const { detail, pointer } = known
    const errors = pointer ? { errors: [{ pointer, code: 'taken', detail }] } : {}
    return new Problem(known.code, { detail, ...errors, cause: error })
  }
  const general = byClass[code]
  if (general) return new Problem(general, { cause: error })
  if (code.startsWith('22') || code.startsWith('54')) return new Problem('invalid-request', { cause: error })
  if (isUnavailableCode(code)) return unavailable(error)
  return undefined
}

const unavailable = (cause: unknown) => new Problem('service-busy', { retryAfter: 1, cause })

const isUnavailableCode = (code: string) => retryable.has(code) || busy.has(code) || /^(08|53)...$/.test(code)

const isLostConnection = (error: object) =>
  socketCode.test(codeOf(error)) ||
  ('message' in error && typeof error.message === 'string' && lostConnection.test(error.message))

const codeOf = (error: object) => ('code' in error && typeof error.code === 'string' ? error.code : '')

import { type DestinationStream, type Logger, pino } from 'pino'

/**
 * The log. Lines leave a page at a time or after a tenth of a second, and at exit: a write of its own for each cost as much
 * as an answer. Its serializers are an allow-list: a request shows its method and route pattern, an error its
 * name and code. A URL, a body or a driver's message never reaches a line.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: {
        req: (request: { method?: string; id?: string }) => ({ method: request.method, id: request.id }),
        res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
        err: serializeError,
        error: serializeError,
      },
    },
    destination ?? pino.destination({ sync: false, minLength: 4_096, periodicFlush: 100 }),
  )
}

/**
 * What the log may know of an error: its name, its code and where it was thrown. Never its message: that of a
 * database, a mail server or a parser repeats what a person wrote.
 */
export function errorForLog(error: unknown): Record<string, unknown> {
  const shown = describeError(error)
  described.add(shown)
  return shown
}

/** Results of `errorForLog`: the serializer of a line meets them again and must not hide them. */
const described = new WeakSet<object>()

const serializeError = (error: unknown) =>
  typeof error === 'object' && error && described.has(error) ? error : errorForLog(error)

function describeError(error: unknown): Record<string, unknown> {
  // The job queue reports copies of errors, which are plain objects.
  if (!(error instanceof Error)) return { name: typeof error, ...codeOf(error) }
  const fromDatabase = 'severity' in error
  return {
    name: error.name,
    ...('code' in error ? { code: error.code } : {}),
    ...('constraint' in error
      ? { constraint: error.constraint, table: 'table' in error ? error.table : undefined }
      : {}),
    ...(fromDatabase ? {} : { stack: framesOf(error) }),
  }
}

/** The calls that led to an error, without its message, which stands before them. */
export const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter(line => frame.test(line))
    .join('\n')
const frame = /^ {4}at \S.*(:\d+:\d+\)?|\(<anonymous>\)|\(native\))$/

const codeOf = (error: unknown) =>
  typeof error === 'object' && error && 'code' in error && /^[A-Z0-9_]{3,40}$/.test(String(error.code))
    ? { code: error.code }
    : {}

import { BackupError } from './errors.ts'

/** A day alone or a time without its offset would be somebody's guess. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/i

/**
 * An instant as PostgreSQL reads it, to the microsecond, in UTC.
 *
 * @throws BackupError for anything but a date and time with its offset
 */
export function parseInstant(text: string): string {
  const milliseconds = rfc3339.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(milliseconds)) {
    throw new BackupError(
      `--to "${text}" is no instant. Give date, time and offset, such as 2026-11-22T09:30:00-05:00 ` +
        'or 2026-11-22T14:30:00Z, or "latest".',
    )
  }
  const micros = /\.(\d{1,6})/.exec(text)?.[1]?.padEnd(6, '0') ?? '000000'
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, `.${micros}Z`)
}

import { explainDatabase } from '../explain-database.ts'
import { uuidShape } from '../lib/uuid.ts'
import { Interrupted } from './interruptible.ts'

/**
 * For a command's `catch`: says on standard error why it failed and sets the exit code. A mistyped option is
 * answered with the usage; a database's own message, which may hold data, is never shown.
 */
export function sayWhyFailed(usage: string): (error: unknown) => void {
  return error => {
    process.stderr.write(`${whyFailed(error, usage)}\n`)
    process.exitCode = error instanceof Interrupted ? error.exitCode : 2
  }
}

function whyFailed(error: unknown, usage: string): string {
  if (!(error instanceof Error)) return 'The command failed.'
  const code = 'code' in error ? String(error.code) : ''
  if (code.startsWith('ERR_PARSE_ARGS')) return usage
  const fromDatabase = explainDatabase(code)
  if (fromDatabase) return `DATABASE_URL: ${fromDatabase} (${code})`
  if ('severity' in error) return `PostgreSQL refused it (${code}).`
  return error.message
}

/** The value of `--practice`, in the spelling of the database. @throws Error when it is no id */
export function practiceIdOf(value: string): string
export function practiceIdOf(value: string | undefined): string | undefined
export function practiceIdOf(value: string | undefined): string | undefined {
  if (value === undefined || uuidShape.test(value)) return value?.toLowerCase()
  throw new Error(`--practice takes a practice's id, not "${value}". \`npm run keys -- status\` lists them.`)
}

import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { EmbeddedDatabaseError } from './embedded/errors.ts'

export interface DemoAccount {
  role: string
  email: string
  password: string
}

/** A line for people, while something takes long. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Says once that the service is ready: a short banner for people, one JSON line for programs. */
export function announce({
  url,
  config,
  log,
  demo,
}: {
  url: string
  config: Config
  log: Logger
  demo: DemoAccount[] | undefined
}): void {
  const lines = [
    '',
    'Cairn is ready.',
    `  API    ${url}/v1`,
    ...(config.DOCS ? [`  Docs   ${url}/docs`] : []),
    ...(config.DEV_INBOX ? [`  Inbox  ${url}/dev/inbox`] : []),
    ...(demo
      ? [
          '  Demo sign-ins (fictional)',
          ...demo.map(({ role, email, password }) => `    ${role.padEnd(12)} ${email}  ${password}`),
        ]
      : []),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  log.info({ url, ...(demo ? { demo } : {}) }, 'ready')
}

/** Why the process ends. Errors that say what to do are shown without a stack. */
export function sayWhyNot(error: unknown): void {
  const expected =
    error instanceof EmbeddedDatabaseError || (error instanceof Error && error.name === 'StartError')
  const text =
    error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`\nCairn stopped: ${text}\n`)
}

/** Something the operator can mend; the message says how. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

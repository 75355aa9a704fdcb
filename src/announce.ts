import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { EmbeddedDatabaseError } from './embedded/errors.ts'
import { framesOf } from './lib/log.ts'
import { KeyringProblem } from './lib/sealing/keyring-file.ts'

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
    ...(config.BOARD ? [`  Board  ${url}/board`] : []),
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

/**
 * Why the process ends. Errors that say what to do are shown without a stack. Once the process is `serving`, the
 * message of any other may repeat what a person wrote: then only its name and where it was thrown are shown.
 */
export function sayWhyNot(error: unknown, { serving = false } = {}): void {
  const expected = expectedErrors.some(kind => error instanceof kind)
  const text = serving && !expected ? placeOf(error) : messageOf(error, { withStack: !expected })
  process.stderr.write(`\nCairn stopped: ${text}\n`)
}

const messageOf = (error: unknown, { withStack }: { withStack: boolean }) =>
  error instanceof Error ? (withStack && error.stack) || error.message : String(error)

const placeOf = (error: unknown) =>
  error instanceof Error ? `${error.name}\n${framesOf(error)}` : `a ${typeof error} was thrown`

/** Something the operator can mend; the message says how. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

const expectedErrors = [StartError, ConfigError, EmbeddedDatabaseError, KeyringProblem]

import { readFileSync } from 'node:fs'
import { envSchema } from 'env-schema'
import { type Static, Type } from 'typebox'
import { ConfigError } from './config-error.ts'
import { limits } from './lib/limits.ts'

/** Every setting, its meaning and its default. The only reader of the environment. */
const Settings = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on.' }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 3000,
    description: 'Port to listen on; 0 takes a free one.',
  }),
  PUBLIC_URL: Type.String({
    default: '',
    description: 'How the outside reaches the service; issuer of its tokens. Default: the listening address.',
  }),
  CAIRN_DATA_DIR: Type.String({
    default: '.cairn',
    description: 'Folder of the embedded PostgreSQL and of the keyring when none is named.',
  }),
  CAIRN_KEYRING_FILE: Type.String({
    default: '',
    description:
      'The keyring. Default: `keyring.json` in the data folder. Lose it and the sealed data is lost.',
  }),
  DATABASE_URL: Type.String({
    default: '',
    description:
      'A PostgreSQL 18 of yours, as a role that may create roles and migrate. Empty: the embedded one.',
  }),
  DATABASE_APP_URL: Type.String({
    default: '',
    description: 'The same database as `cairn_app`. Default: derived from DATABASE_URL and the keyring.',
  }),
  DATABASE_RELAY_URL: Type.String({
    default: '',
    description: 'The same database as `cairn_relay`. Default: derived likewise.',
  }),
  DATABASE_POOL_SIZE: Type.Integer({
    minimum: 2,
    maximum: 200,
    default: 10,
    description: 'Connections of this process.',
  }),
  DATABASE_NAMED_STATEMENTS: Type.Boolean({
    default: true,
    description: 'Off only behind a pooler that cannot follow prepared statements (PgBouncer before 1.21).',
  }),
  MIGRATE_ON_START: Type.Boolean({
    default: true,
    description: 'Run migrations at start. Off where a deploy step runs them.',
  }),
  PROCESS_ROLE: Type.Union([Type.Literal('all'), Type.Literal('api'), Type.Literal('worker')], {
    default: 'all',
    description: 'What this process does: `all`, `api` (HTTP) or `worker` (relay and jobs).',
  }),
  SETUP_TOKEN: Type.String({
    default: '',
    description: 'Allows `POST /v1/practices` to whoever sends it. Empty: no practice can be made over HTTP.',
  }),
  LOG_LEVEL: Type.Union(
    (['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const).map(level =>
      Type.Literal(level),
    ),
    {
      default: 'info',
      description: 'How much is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    },
  ),
  TRUST_PROXY: Type.String({
    default: '',
    description: 'Addresses of your own proxies, comma-separated: only their X-Forwarded-For is believed.',
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    description: 'Origins of your front-ends, comma-separated. Empty: no cross-origin use.',
  }),
  DOCS: Type.Boolean({ default: true, description: 'Serve the docs page and /openapi.json.' }),
  BOARD: Type.Boolean({ default: true, description: 'Serve the scheduling board at /board.' }),
  METRICS: Type.Boolean({ default: true, description: 'Serve /metrics.' }),
  DEV_INBOX: Type.Optional(
    Type.Boolean({
      description:
        'Keep outgoing mail in memory, readable by anybody at /dev/inbox. Never in production. Default: only with the ' +
        'embedded PostgreSQL on an address that other machines cannot reach, without SMTP_URL and PUBLIC_URL.',
    }),
  ),
  SMTP_URL: Type.String({
    default: '',
    description: 'smtp(s)://user:password@host:port for invitations, resets and messages to clients.',
  }),
  TEXT_GATEWAY_URL: Type.String({
    default: '',
    description:
      'Where text messages to clients are posted as `{ id, to, text }` (docs/scheduling.md). Empty: none are sent.',
  }),
  TEXT_GATEWAY_TOKEN: Type.String({
    default: '',
    description: 'Bearer token for the gateway of text messages.',
  }),
  MAIL_FROM: Type.String({ default: 'Cairn <no-reply@cairn.example>', description: 'Sender of mail.' }),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 1,
    default: limits.rate.perMinute,
    description: 'Requests a minute per signed-in actor or address.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
    default: '',
    description: 'Where traces go (OTLP over HTTP). Empty: none.',
  }),
  AUDIT_ANCHOR_FILE: Type.String({
    default: '',
    description: 'A file on other storage to which the head of each audit chain is appended.',
  }),
})

type Raw = Static<typeof Settings>
export type Config = Readonly<Raw>

/** Settings that may come from a file, `NAME_FILE`, as container secrets do. */
const fromFile = [
  'DATABASE_URL',
  'DATABASE_APP_URL',
  'DATABASE_RELAY_URL',
  'SETUP_TOKEN',
  'SMTP_URL',
  'TEXT_GATEWAY_TOKEN',
] as const

/** @throws ConfigError that names the setting, when one is missing or wrong */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const data: Record<string, string | undefined> = { ...environment }
  for (const name of fromFile) {
    const file = data[`${name}_FILE`]
    if (file && !data[name]) data[name] = readSecret(`${name}_FILE`, file)
  }
  try {
    return Object.freeze(envSchema<Raw>({ schema: Settings, data, env: false }))
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'A setting is wrong'
    throw new ConfigError(`${reason}. README.md lists the settings.`, { cause: error })
  }
}

/** An empty file is a secret that was not put there yet: taken for "none", it would start another kind of service. */
function readSecret(setting: string, file: string): string {
  let secret: string
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ConfigError(`${setting} names ${file}, which cannot be read (${code}).`, { cause: error })
  }
  if (secret === '') throw new ConfigError(`${setting} names ${file}, which is empty.`)
  return secret
}

/** For the configuration table of the README. */
export const settingsSchema = Settings

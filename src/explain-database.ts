import { StartError } from './announce.ts'

type DatabaseSetting = 'DATABASE_URL' | 'DATABASE_APP_URL' | 'DATABASE_RELAY_URL'

/**
 * Runs what needs a connection at start, and says in words what the operator can do when it is refused.
 * Never repeats the address, which may hold a password, nor the driver's message.
 */
export async function explaining<T>(setting: DatabaseSetting, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const reason = explainDatabase(code, setting)
    throw reason ? new StartError(`${setting}: ${reason} (${code})`, { cause: error }) : error
  }
}

/** What an error code of a connection means for the operator; undefined for one that means nothing to them. */
export const explainDatabase = (code: string, setting: DatabaseSetting = 'DATABASE_URL') =>
  reasons[code]?.(setting)

const unreachable = () => 'no PostgreSQL answers there. Is it running, and are host and port right?'

const refused = (setting: DatabaseSetting) =>
  setting === 'DATABASE_URL'
    ? 'PostgreSQL refuses the sign-in. Check user and password.'
    : 'PostgreSQL refuses the sign-in. Passwords of the runtime roles derive from the keyring: is it the one that ' +
      'was used by `npm run migrate`? Run that once with this keyring, or give the URL a password.'

const reasons: Readonly<Record<string, (setting: DatabaseSetting) => string>> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  '28P01': refused,
  '28000': refused,
  '3D000': () => 'there is no such database. Create it first.',
  '42501': () =>
    'this role may not do what migrating needs. Use a superuser, or a role with CREATEROLE and BYPASSRLS that ' +
    'owns the database.',
  STANDBY: () => 'this server is a standby. Point the URL at the primary.',
  OLD_PRIMARY: () =>
    'another server has taken the place of this one (docs/operations.md, "Fail-over"). Point the URL at the new primary.',
  '55P03': () =>
    'a transaction has held a table for ten minutes, so that it could not be changed. End that, then run this again.',
  '3F000': () => 'the database is not migrated. Run `npm run migrate` (or set MIGRATE_ON_START=true).',
}

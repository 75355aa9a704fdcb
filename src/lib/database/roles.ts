import { hkdfSync, type KeyObject } from 'node:crypto'
import pg from 'pg'
import { limits } from '../limits.ts'

/** The roles of the house. The owner runs migrations and never serves a request. */
export const ownerRole = 'cairn_owner'
export type RuntimeRole = 'cairn_app' | 'cairn_relay'
export const runtimeRoles: readonly RuntimeRole[] = ['cairn_app', 'cairn_relay']

/**
 * The password of a runtime role, derived from the keyring's master secret: every process that holds
 * the keyring agrees on it and none has to store it.
 */
export function rolePassword(master: KeyObject, role: RuntimeRole): string {
  return Buffer.from(hkdfSync('sha256', master, '', `cairn database role ${role}`, 24)).toString('base64url')
}

const roleSettings: Readonly<Record<string, string>> = {
  search_path: 'cairn, public',
  transaction_timeout: `${limits.database.transactionMs}ms`,
  statement_timeout: `${limits.database.statementMs}ms`,
  lock_timeout: `${limits.database.lockMs}ms`,
  idle_in_transaction_session_timeout: `${limits.database.idleInTransactionMs}ms`,
  log_min_error_statement: 'panic',
  timezone: 'UTC',
}
/** Settings that only a superuser may give a role; the server's own configuration has them otherwise. */
const privilegedSettings = new Set(['log_min_error_statement'])

/**
 * Creates or repairs the owner and the runtime roles. Idempotent; needs an administrator's connection.
 * The owner has BYPASSRLS because foreign-key validation obeys FORCE ROW SECURITY; runtime roles never do.
 */
export async function ensureRoles(admin: pg.ClientBase, master: KeyObject): Promise<void> {
  const superuser = await isSuperuser(admin)
  await admin.query('select pg_advisory_lock(727001)')
  try {
    await ensureRole(admin, ownerRole, 'nologin bypassrls')
    await admin.query(`grant ${ownerRole} to current_user`)
    for (const role of runtimeRoles) {
      const attributes = 'login nosuperuser nobypassrls nocreatedb nocreaterole noinherit'
      await ensureRole(admin, role, attributes)
      await admin.query(`alter role ${role} password ${pg.escapeLiteral(rolePassword(master, role))}`)
      for (const [name, value] of Object.entries(roleSettings)) {
        if (privilegedSettings.has(name) && !superuser) continue
        await admin.query(`alter role ${role} set ${name} = ${settingLiteral(name, value)}`)
      }
    }
  } finally {
    await admin.query('select pg_advisory_unlock(727001)')
  }
}

const settingLiteral = (name: string, value: string) =>
  name === 'search_path' ? value : pg.escapeLiteral(value)

async function ensureRole(admin: pg.ClientBase, role: string, attributes: string): Promise<void> {
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role])
  if (rowCount === 0) await admin.query(`create role ${role} ${attributes}`)
}

async function isSuperuser(admin: pg.ClientBase): Promise<boolean> {
  const { rows } = await admin.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  )
  return rows[0]?.rolsuper === true
}

/** Refuses a connection whose role could walk past row security. Called at boot. */
export async function assertFencedRole(connection: pg.Pool | pg.ClientBase, role: string): Promise<void> {
  const { rows } = await connection.query<{ name: string; unfenced: boolean; owns: boolean; ddl: boolean }>(`
    select current_user as name,
      bool_or(r.rolsuper or r.rolbypassrls) as unfenced,
      exists (select from pg_class c where c.relowner = (select oid from pg_roles where rolname = current_user)
        and c.relnamespace = 'cairn'::regnamespace) as owns,
      has_schema_privilege(current_user, 'cairn', 'create') as ddl
    from pg_roles r where pg_has_role(current_user, r.oid, 'member')`)
  const found = rows[0]
  if (!found || found.unfenced || found.owns || found.ddl) {
    throw new Error(
      `The ${role} connection signs in as "${found?.name}", a role that could bypass row security. ` +
        'Point it at a role that is no superuser, has no BYPASSRLS, owns no table and is no member of such a role ' +
        '(`npm run migrate` creates cairn_app and cairn_relay).',
    )
  }
}

/** An administrator's URL, turned into a runtime role's: same server and database, its own login. */
export function roleUrl(adminUrl: string, role: RuntimeRole, master: KeyObject): string {
  const url = new URL(adminUrl)
  url.username = role
  url.password = rolePassword(master, role)
  return url.href
}

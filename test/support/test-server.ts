import type { KeyObject } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { migrate } from '../../src/lib/database/migrate.ts'
import { onOneConnection } from '../../src/lib/database/one-connection.ts'
import { rolePassword, runtimeRoles } from '../../src/lib/database/roles.ts'
import { createLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { describeApi } from '../../src/openapi/describe-api.ts'
import { startTestServer, stopTestServer, type TestServerState } from './database-server.ts'
import { type Pooler, startPooler, stopPooler } from './proofs/cluster/pgbouncer.ts'

const folder = fileURLToPath(new URL('../../.tap/cairn/', import.meta.url))
/** A run of its own beside another names its own file. */
const { TEST_SERVER_STATE } = process.env
const stateFile = TEST_SERVER_STATE ?? `${folder}server.json`
export const templateName = 'cairn_template'

export interface PreparedServer {
  server: TestServerState
  keyringFile: string
  /** What stands between the service and the server, by `TEST_POOLER=pgbouncer`. */
  pooler?: Pooler
  /** The OpenAPI document, made once for all files of a run: every file holds its answers against it. */
  documentFile?: string
}

/** Starts a server and migrates the template database on it. */
async function prepare(ownerPid: number): Promise<PreparedServer> {
  await mkdir(folder, { recursive: true })
  const { state } = await startTestServer({ ownerPid })
  const prepared: PreparedServer = { server: state, keyringFile: `${folder}keyring-${process.pid}.json` }
  const keyring = await createLocalKeyring(prepared.keyringFile)
  await asAdmin(state.adminUrl, async admin => {
    await admin.query(`drop database if exists ${templateName} with (force)`)
    await admin.query(`create database ${templateName}`)
  })
  await migrate(databaseUrl(state.adminUrl, templateName), keyring.rolePasswordMaster)
  if (process.env.TEST_POOLER === 'pgbouncer')
    prepared.pooler = await startPooler({
      serverUrl: state.adminUrl,
      users: runtimeUsers(keyring.rolePasswordMaster),
      poolSize: 4,
      ownerPid,
    })
  keyring.close()
  return prepared
}

/** The runtime roles with their passwords, for a pooler. */
export const runtimeUsers = (master: KeyObject) =>
  Object.fromEntries(runtimeRoles.map(role => [role, rolePassword(master, role)]))

async function end(prepared: PreparedServer): Promise<void> {
  if (prepared.pooler) await stopPooler(prepared.pooler)
  await rm(prepared.keyringFile, { force: true })
  if (prepared.documentFile) await rm(prepared.documentFile, { force: true })
  await stopTestServer(prepared.server)
}

/** The server of a whole run, for all its test files; `endTestServer` ends it from another process. */
export async function prepareTestServer(options: { ownerPid: number }): Promise<void> {
  const prepared = await prepare(options.ownerPid)
  const documentFile = `${folder}document-${process.pid}.json`
  await writeFile(documentFile, JSON.stringify(await describeApi()))
  await writeFile(stateFile, JSON.stringify({ ...prepared, documentFile }))
}

export async function endTestServer(): Promise<void> {
  const prepared = await readPrepared()
  await rm(stateFile, { force: true })
  if (prepared) await end(prepared)
}

let own: Promise<PreparedServer> | undefined

/** The server of this run. A test file that is run by itself has one of its own and ends it when it is done. */
export async function testServer(): Promise<PreparedServer> {
  const shared = underTheRunner ? await readPrepared() : undefined
  if (shared) return shared
  own ??= prepare(process.pid).then(server => {
    process.once('beforeExit', () => void end(server))
    return server
  })
  return own
}

const underTheRunner = process.env.TAP_CHILD_ID !== undefined || TEST_SERVER_STATE !== undefined

async function readPrepared(): Promise<PreparedServer | undefined> {
  try {
    return JSON.parse(await readFile(stateFile, 'utf8'))
  } catch {
    return undefined
  }
}

/** Looks behind the fence. */
export const asAdmin = <T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> =>
  onOneConnection(url, work)

/** The same server and login, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../src/lib/database/migrate.ts'
import { createLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { startTestServer, stopTestServer, type TestServerState } from './database-server.ts'

const folder = fileURLToPath(new URL('../../.tap/cairn/', import.meta.url))
const stateFile = `${folder}server.json`
export const templateName = 'cairn_template'

export interface PreparedServer {
  server: TestServerState
  keyringFile: string
}

/** Starts the server of a test run and migrates the template database once. */
export async function prepareTestServer(options: { ownerPid: number }): Promise<PreparedServer> {
  await mkdir(folder, { recursive: true })
  const { state } = await startTestServer(options)
  const prepared = { server: state, keyringFile: `${folder}keyring-${process.pid}.json` }
  const keyring = await createLocalKeyring(prepared.keyringFile)
  await asAdmin(state.adminUrl, async admin => {
    await admin.query(`drop database if exists ${templateName} with (force)`)
    await admin.query(`create database ${templateName}`)
  })
  await migrate(databaseUrl(state.adminUrl, templateName), keyring.rolePasswordMaster)
  keyring.close()
  await writeFile(stateFile, JSON.stringify(prepared))
  return prepared
}

export async function endTestServer(): Promise<void> {
  const prepared = await readPrepared()
  if (!prepared) return
  await rm(stateFile, { force: true })
  await rm(prepared.keyringFile, { force: true })
  await stopTestServer(prepared.server)
}

let own: Promise<PreparedServer> | undefined

/** The server of this run. A test file that is run by itself starts one and ends it when it is done. */
export async function testServer(): Promise<PreparedServer> {
  const prepared = await readPrepared()
  if (prepared && (await answers(prepared.server.adminUrl))) return prepared
  own ??= prepareTestServer({ ownerPid: process.pid }).then(server => {
    process.once('beforeExit', () => void endTestServer())
    return server
  })
  return own
}

async function readPrepared(): Promise<PreparedServer | undefined> {
  try {
    return JSON.parse(await readFile(stateFile, 'utf8'))
  } catch {
    return undefined
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await asAdmin(url, admin => admin.query('select'))
    return true
  } catch {
    return false
  }
}

export async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => {})
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

/** The same server and login, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

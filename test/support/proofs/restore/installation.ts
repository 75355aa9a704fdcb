import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type pg from 'pg'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp } from '../../../../src/app.ts'
import { startArchiving } from '../../../../src/backup/archiving.ts'
import { adminUrl } from '../../../../src/commands/owner-connection.ts'
import { type Config, loadConfig } from '../../../../src/config.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../../../src/embedded/server.ts'
import { createLocalKeyring } from '../../../../src/lib/sealing/keyring.ts'
import { openDatabase } from '../../../../src/open-database.ts'
import { openHouse } from '../../../../src/open-house.ts'
import { checkedInject } from '../../checked-inject.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'

export interface Folders {
  /** The data folder of the first life. */
  data: string
  backups: string
  keyringFile: string
  anchorFile: string
  /** Another data folder, empty; removed afterwards with its server. */
  fresh(): string
}

const leastMemoryBytes = 2 * 1024 ** 3

/** Folders for one test, in memory where there is enough of it: a restore writes every file to the disk. */
export async function makeFolders(t: Test): Promise<Folders> {
  const root = await mkdtemp(path.join(await parentFolder(), 'cairn-restore-'))
  await chmod(root, 0o755)
  const data = path.join(root, 'data')
  const all = [data]
  t.teardown(async () => {
    for (const folder of all) await removeEmbeddedPostgres(folder)
    await rm(root, { recursive: true, force: true })
  })
  return {
    data,
    backups: path.join(root, 'backups'),
    keyringFile: path.join(root, 'keys', 'keyring.json'),
    anchorFile: path.join(root, 'keys', 'anchors.jsonl'),
    fresh() {
      const folder = path.join(root, `restored-${all.length}`)
      all.push(folder)
      return folder
    },
  }
}

async function parentFolder(): Promise<string> {
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize >= leastMemoryBytes ? '/dev/shm' : os.tmpdir()
}

export function configOf({ data, keyringFile, anchorFile }: Folders, dataDir = data): Config {
  return loadConfig({
    CAIRN_DATA_DIR: dataDir,
    CAIRN_KEYRING_FILE: keyringFile,
    AUDIT_ANCHOR_FILE: anchorFile,
    SETUP_TOKEN: randomBytes(16).toString('hex'),
    RATE_LIMIT_PER_MINUTE: '1000000',
    LOG_LEVEL: 'warn',
  })
}

export interface Life extends TestApp {
  end(): Promise<void>
}

/**
 * A server that archives from its start. One that is told to later restarts its archiver, which PostgreSQL does not do
 * within ten seconds of its start: the long form waits for that.
 */
export async function archiveFromTheStart({ data, backups }: Folders): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir: data, durable: true })
  await asAdmin(server.url, client => startArchiving(client, backups))
  await server.stop()
}

/** The service in this process, on the embedded PostgreSQL as `npm start` runs it: durable, with its archive. */
export async function startLife(config: Config): Promise<Life> {
  const keyring = await createLocalKeyring(config.CAIRN_KEYRING_FILE)
  const database = await openDatabase(config, keyring, () => {})
  const logLines: string[] = []
  const house = await openHouse({
    config,
    keyring,
    appUrl: database.appUrl,
    log: pino({ level: config.LOG_LEVEL }, { write: (line: string) => void logLines.push(line) }),
    mailer: { send: async () => {}, inbox: [] },
  })
  const app = await buildApp(house)
  await app.ready()
  checkedInject(app)
  const { appUrl, relayUrl } = database
  let ended = false
  return {
    app,
    house,
    adminUrl: await adminUrl(config),
    appUrl,
    relayUrl,
    sentMail: [],
    logLines,
    setupToken: config.SETUP_TOKEN,
    async end() {
      if (ended) return
      ended = true
      await app.close()
      await house.database.pool.end()
      keyring.close()
      await database.close()
    },
  }
}

export const rowsOf = <Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []) =>
  asAdmin(url, async client => (await client.query<Row>(sql, values)).rows)

/** By the database's clock, to the microsecond. */
export async function nowOf(url: string): Promise<string> {
  const [row] = await rowsOf<{ at: string }>(
    url,
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`,
  )
  return row?.at ?? ''
}

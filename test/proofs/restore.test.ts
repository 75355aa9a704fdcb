import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { archivedSegments, listBaseBackups } from '../../src/backup/backup-folder.ts'
import { verifyAudit } from '../../src/commands/audit.ts'
import { backUp } from '../../src/commands/backup.ts'
import { checkSeals } from '../../src/commands/keys.ts'
import { restoreBackup } from '../../src/commands/restore.ts'
import type { Config } from '../../src/config.ts'
import { isThere } from '../../src/embedded/files.ts'
import { findEmbeddedPostgres } from '../../src/embedded/server.ts'
import { createPool } from '../../src/lib/database/connect.ts'
import { createAuditSealer } from '../../src/lib/jobs/audit-sealer.ts'
import { numberEvents } from '../../src/lib/jobs/relay.ts'
import { createLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { createTestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import {
  archiveFromTheStart,
  configOf,
  type Folders,
  type Life,
  makeFolders,
  nowOf,
  rowsOf,
  startLife,
} from '../support/proofs/restore/installation.ts'
import { tableHashes } from '../support/proofs/restore/table-hashes.ts'
import { startWriters } from '../support/proofs/restore/writers.ts'
import { startService } from '../support/service.ts'
import { asAdmin } from '../support/test-server.ts'

const here = proof('restore')
t.setTimeout(here.long ? 900_000 : 120_000)
const silent = () => {}
const dayMs = 86_400_000

/** What the worker does every few seconds, once. */
async function tidy(life: Life): Promise<void> {
  const relay = createPool({ url: life.relayUrl, size: 1, applicationName: 'cairn-relay', onError: silent })
  try {
    while (await numberEvents(relay));
    const sealer = createAuditSealer(life.house, relay)
    while (await sealer.seal());
    await sealer.anchor()
  } finally {
    await relay.end()
  }
}

/** Has everything that is written by now archived, as a minute would. */
async function archiveAll(url: string, { backups }: Folders): Promise<void> {
  const [row] = await rowsOf<{ segment: string }>(url, 'select pg_walfile_name(pg_switch_wal()) as segment')
  const deadline = Date.now() + 30_000
  while (!(await archivedSegments(backups)).includes(row?.segment ?? '')) {
    if (Date.now() > deadline) throw new Error(`${row?.segment} was not archived`)
    await sleep(20)
  }
}

t.test('a practice goes back to the moment before a mistake', async t => {
  const folders = await makeFolders(t)
  const config = configOf(folders)
  if (!here.long) await archiveFromTheStart(folders)
  const life = await startLife(config)
  t.teardown(() => life.end())
  const practice = await createTestPractice(life)
  const figures: Record<string, number> = {}
  const [owner, admin] = [practice.owner, await practice.staff(['owner', 'admin'])]

  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const writers = await startWriters([owner, admin], life.adminUrl)
  await sleep(here.amount(300, 5_000))
  await backUp(config, { to: folders.backups, keep: 2 }, say)
  await sleep(here.amount(300, 5_000))
  const before = await writers.stop()
  t.equal(before.failed, 0, 'nobody was disturbed by the backup')
  await tidy(life)

  const instant = await nowOf(life.adminUrl)
  const hashes = await tableHashes(life.adminUrl)
  await sleep(5)

  // What happens afterwards, the mistake among it.
  const lost = await startWriters([owner], life.adminUrl)
  await sleep(300)
  const { acknowledged: undone } = await lost.stop()
  if (here.long) await recoveryPoint(life, folders, figures)
  const late = await createTestPractice(life)
  t.equal((await late.owner.get('/v1/practice')).status, 200)
  await asAdmin(life.adminUrl, async client => {
    await client.query('drop table cairn.session_note_drafts cascade')
    await client.query('delete from cairn.locations')
    await client.query('delete from cairn.idempotency_keys')
  })
  await tidy(life)
  await archiveAll(life.adminUrl, folders)
  await life.end()

  t.test('the backup has everything but the keys', async t => {
    const text = said.join('\n')
    t.match(text, /The keyring \(fingerprint [0-9a-f]{16}\) is not in it/)
    const keyring = JSON.parse(await readFile(folders.keyringFile, 'utf8'))
    const secrets = [keyring.auditKey, keyring.rolePasswordMaster, keyring.keyEncryptionKeys[0].key]
    const password = (await readFile(path.join(folders.data, 'postgres.password'), 'utf8')).trim()
    let looked = 0
    for (const entry of await readdir(folders.backups, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = await readFile(path.join(entry.parentPath, entry.name))
      looked += 1
      for (const secret of [...secrets, password]) {
        if (bytes.includes(secret)) t.fail(`${entry.name} holds a secret`)
        if (bytes.includes(Buffer.from(secret, 'base64url'))) t.fail(`${entry.name} holds a key`)
      }
    }
    t.ok(looked > 500)
  })

  t.test('what cannot be restored is refused in words, and nothing is written', t =>
    refusals(t, folders, config, instant),
  )

  const into = folders.fresh()
  const restored = { ...config, CAIRN_DATA_DIR: into }
  const anchorsBefore = await readFile(folders.anchorFile, 'utf8')
  let recoverySeconds = 0

  await t.test('the database is what it was, row by row', async t => {
    const lines: string[] = []
    const started = performance.now()
    await restoreBackup(config, { from: folders.backups, to: instant, into }, line => void lines.push(line))
    const service = await startService(into, {
      CAIRN_KEYRING_FILE: folders.keyringFile,
      PROCESS_ROLE: 'api',
      LOG_LEVEL: 'info',
    })
    t.teardown(() => service.stop())
    t.equal((await fetch(`${service.url}/readyz`)).status, 200)
    recoverySeconds = (performance.now() - started) / 1000
    const url = (await findEmbeddedPostgres(into))?.url.replace(/\/postgres$/, '/cairn') ?? ''
    t.same(await tableHashes(url), hashes)
    const text = lines.join('\n')
    t.match(text, new RegExp(`holds the database as of ${instant}`))
    t.match(text, /It holds 1 practices, \d+ rows/)
    t.match(text, /Its last transaction is of \d{4}-/)

    t.test('what may have been revoked since is ended', async t => {
      const reply = await fetch(`${service.url}/v1/practice`, {
        headers: { authorization: `Bearer ${owner.token}` },
      })
      t.equal(reply.status, 401)
      const [open] = await rowsOf<{ n: number }>(
        url,
        'select count(*)::int as n from cairn.sessions where ended_at is null',
      )
      t.equal(open?.n, 0)
    })

    t.test('the audit chain is whole, and the lost rows are named', async t => {
      const losses: unknown[] = []
      t.equal(await verifyAudit(restored, {}, silent, loss => void losses.push(loss)), true)
      t.match(losses, [
        { practiceId: practice.id, restoredTo: instant },
        { practiceId: late.id, first: 1 },
      ])
      const file = `${folders.anchorFile}.before`
      await writeFile(file, anchorsBefore)
      t.equal(
        await verifyAudit(restored, { anchorFile: file }, silent),
        false,
        'without the note it is a cut chain',
      )
      const [row] = await rowsOf<{ request_id: string }>(
        url,
        `select request_id from cairn.audit_log where operation = 'restoreBackup'`,
      )
      t.equal(row?.request_id, `restored-to:${instant}`)
    })

    t.test('every sealed text opens', async t => {
      const checked: string[] = []
      t.equal(await checkSeals(restored, line => void checked.push(line)), true)
      const opened = Number(/(\d+) sealed texts open/.exec(checked.join('\n'))?.[1])
      t.equal(opened, before.acknowledged)
    })
  })

  t.test('readers of events learn of it, wherever they were', async t => {
    const second = await startLife(restored)
    t.teardown(() => second.end())
    await tidy(second)
    const positions = await rowsOf<{ position: string; type: string }>(
      second.adminUrl,
      `select p.position, e.type from cairn.event_positions p join cairn.events e on e.id = p.event_id order by p.position`,
    )
    const last = positions.at(-1)
    t.equal(last?.type, 'practice.restored')
    t.ok(Number(last?.position) > before.acknowledged + undone, 'behind every position that was given out')
    const member = await createApiClientCaller(second, practice, ['practice:read', 'events:read'])
    const types: string[] = []
    let cursor: string | undefined
    do {
      const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
      const page = await member.get(`/v1/events?limit=200${query}`)
      t.equal(page.status, 200)
      for (const event of page.body.data) types.push(event.type)
      if (page.body.data.length === 0) break
      cursor = page.body.nextCursor
    } while (cursor)
    t.equal(types.at(-1), 'practice.restored', 'the feed goes on over the gap')
    if (here.long) await backedUpAnew(t, restored, folders)
  })

  here.report({
    'rows written': before.acknowledged,
    'rows after the instant': undone,
    tables: Object.keys(hashes).length,
    'recovery time s': Number(recoverySeconds.toFixed(1)),
    ...figures,
  })
})

/**
 * How much would be lost if the machine burned down: the age of the newest marker that is archived, looked at again
 * and again while nothing but the clock closes a segment.
 */
async function recoveryPoint({ adminUrl }: Life, { backups }: Folders, figures: Record<string, number>) {
  let worst = 0
  const started = Date.now()
  let newest = { count: (await archivedSegments(backups)).length, at: started }
  const seconds = here.amount(0, 130, 'RESTORE_SECONDS')
  while (Date.now() - started < seconds * 1_000) {
    await rowsOf(adminUrl, 'insert into public.markers values (gen_random_uuid(), clock_timestamp())')
    await sleep(1_000)
    const { length: count } = await archivedSegments(backups)
    if (count > newest.count) newest = { count, at: Date.now() }
    worst = Math.max(worst, Date.now() - newest.at)
  }
  figures['segments closed by the clock'] = newest.count
  figures['recovery point s, at worst'] = Math.round(worst / 1_000)
}

/** The restored database is another life: into another folder, of which the oldest backups go. */
async function backedUpAnew(t: Test, config: Config, { backups }: Folders): Promise<void> {
  await t.rejects(backUp(config, { to: backups }, silent), { message: /before it was restored/ })
  const to = `${backups}-anew`
  await backUp(config, { to, keep: 1 }, silent)
  const killed = path.join(to, 'base', '.unfinished-killed')
  await mkdir(killed)
  await backUp(config, { to, keep: 1 }, silent)
  const [kept, ...others] = await listBaseBackups(to)
  t.same(others, [], 'the oldest one went')
  t.notOk(await isThere(killed), 'and what a killed one had left')
  t.equal((await archivedSegments(to))[0], kept?.manifest.firstSegment, 'with the log that only it needed')
}

/** Each refusal in its words; the data folder is as it was. */
async function refusals(t: Test, folders: Folders, config: Config, instant: string): Promise<void> {
  const into = folders.fresh()
  const refused = async (what: string, words: RegExp, change: { from?: string; to?: string } = {}) => {
    const command = { from: folders.backups, to: instant, into, ...change }
    await t.rejects(restoreBackup(config, command, silent), { message: words }, what)
    t.same(await readdir(into).catch(() => []), [], `${what}: nothing is left`)
  }
  const [name = ''] = await readdir(path.join(folders.backups, 'base'))
  const base = path.join(folders.backups, 'base', name)
  /** The same while one file is another, or missing. */
  const refusedWith = async (
    what: string,
    words: RegExp,
    file: string,
    content?: string | Buffer,
    to = instant,
  ) => {
    const aside = `${file}.aside`
    await rename(file, aside)
    if (content !== undefined) await writeFile(file, content)
    await refused(what, words, { to })
    await rename(aside, file)
  }

  await refused('a time without its offset', /is no instant/, { to: '2026-11-22T09:30:00' })
  await refused('a day that does not exist', /is no instant/, { to: '2026-02-30T25:00:00Z' })
  await refused('another folder', /is no folder of `npm run backup`/, { from: path.dirname(folders.backups) })
  await refused('an instant before the backup', /oldest backup .* was finished at/, {
    to: new Date(Date.parse(instant) - dayMs).toISOString(),
  })
  const manifest = path.join(base, 'manifest.json')
  await refusedWith('a backup that was killed midway', /holds no finished backup/, manifest)
  const changed = (await readFile(manifest, 'utf8')).replace('"timeline":1', '"timeline":2')
  await refusedWith('a manifest that was changed', /its manifest is not as it was written/, manifest, changed)
  const version = path.join(base, 'data', 'PG_VERSION')
  await refusedWith('a file that was changed', /PG_VERSION is not as it was written/, version, '17\n')

  const otherKeyring = path.join(path.dirname(folders.keyringFile), 'other.json')
  const other = await createLocalKeyring(otherKeyring)
  other.close()
  await t.rejects(
    restoreBackup(
      { ...config, CAIRN_KEYRING_FILE: otherKeyring },
      { from: folders.backups, to: instant, into },
      silent,
    ),
    { message: new RegExp(`fingerprint ${other.fingerprint}\\) does not open this backup`) },
    'another keyring',
  )
  await mkdir(into, { recursive: true })
  await writeFile(path.join(into, 'postgres.password'), 'in use')
  await t.rejects(
    restoreBackup(config, { from: folders.backups, to: instant, into }, silent),
    { message: /is in use/ },
    'a folder that is in use',
  )
  await rm(path.join(into, 'postgres.password'))
  const unable = restoreBackup(config, { from: folders.backups, to: instant, into: folders.data }, silent)
  await t.rejects(unable, { message: /is in use/ }, 'the data folder itself')

  const dayAfter = new Date(Date.now() + dayMs).toISOString()
  await refused('an instant after the end', /archive ends before .* its last transaction is of/, {
    to: dayAfter,
  })
  const segments = await archivedSegments(folders.backups)
  const fileOf = async (segment: string) => {
    const file = path.join(folders.backups, 'wal', segment)
    return (await isThere(file)) ? file : `${file}.zst`
  }
  const needed = await fileOf(segments.find(segment => segment >= firstNeeded(changed)) ?? '')
  await refusedWith('the log that the base backup needs is missing', /base backup itself needs it/, needed)
  if (!here.long) return

  const later = await fileOf(segments.at(-2) ?? '')
  await refusedWith('a missing segment', /is missing\. The log reaches to/, later, undefined, dayAfter)
  await refusedWith('a missing segment, and the latest', /in silence/, later, undefined, 'latest')
  const lastFile = await fileOf(segments.at(-1) ?? '')
  for (const file of [later, lastFile]) {
    const bytes = await readFile(file)
    await refusedWith(
      'a segment that was cut',
      /is damaged/,
      file,
      bytes.subarray(0, bytes.length / 2),
      dayAfter,
    )
    const flipped = Buffer.from(bytes)
    for (let at = 300; at < flipped.length; at += 512) flipped[at] = (flipped[at] ?? 0) ^ 0xff
    await refusedWith('a segment with other bytes, and the latest', /is damaged/, file, flipped, 'latest')
  }
}

const firstNeeded = (manifest: string) => /"firstSegment":"(\w+)"/.exec(manifest)?.[1] ?? ''

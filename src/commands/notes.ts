import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../config.ts'
import { writeAudit } from '../lib/audit.ts'
import type { Database } from '../lib/database/in-practice.ts'
import { inPractice } from '../lib/database/in-practice.ts'
import { createLogger } from '../lib/log.ts'
import { createMailer } from '../lib/mail.ts'
import { systemScope } from '../lib/scope.ts'
import { loadLocalKeyring } from '../lib/sealing/keyring.ts'
import { type NoteFinding, verifyGroupSessions, verifyNotes } from '../modules/session-notes/index.ts'
import { openHouse } from '../open-house.ts'
import { practiceIdOf, sayWhyFailed } from './command-line.ts'
import { appUrlOf, asOwner } from './owner-connection.ts'

const usage = `npm run notes -- verify [--practice <id>]

Opens what was signed of each note and group session, computes its hash again and holds it against its signatures. Prints the id
of each that was altered behind the service's back, never any of its text.`

export interface NotesReport {
  practiceId: string
  /** Notes and group sessions that were ever signed. */
  checked: number
  findings: NoteFinding[]
}

/** Few enough to be checked within one transaction's time. */
const batch = 50

/** Checks every signed note and group session of a practice, one batch a transaction; each batch is in the audit trail. */
export async function verifyPracticeNotes(database: Database, practiceId: string): Promise<NotesReport> {
  const report: NotesReport = { practiceId, checked: 0, findings: [] }
  for (const verify of [verifyNotes, verifyGroupSessions]) {
    let after: string | undefined
    do {
      const verified = await inPractice(database, systemScope(practiceId, 'verify-notes'), trx => {
        trx.audit({ resourceType: verify === verifyNotes ? 'session-note' : 'group-session' })
        writeAudit(trx, { decision: 'granted' })
        return verify(trx, { after, limit: batch })
      })
      report.checked += verified.checked
      report.findings.push(...verified.findings)
      after = verified.last
    } while (after)
  }
  return report
}

const describe = ({ practiceId, checked, findings }: NotesReport): string =>
  [
    `${practiceId}  ${checked} signed notes, ${findings.length === 0 ? 'all intact' : `${findings.length} FINDINGS`}`,
    ...findings.map(({ noteId, problem }) => `  ${noteId}  ${problem}`),
  ].join('\n')

/** All of them, or the one that was asked for. @throws Error when there is no such practice */
async function practicesOf(config: Config, asked: string | undefined): Promise<string[]> {
  return asOwner(config, async owner => {
    const { rows } = await owner.query<{ practice_id: string }>(
      'select practice_id from practices where $1::uuid is null or practice_id = $1 order by practice_id',
      [asked ?? null],
    )
    if (asked && rows.length === 0) throw new Error(`There is no practice ${asked}.`)
    return rows.map(row => row.practice_id)
  })
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false }, practice: { type: 'string' } },
  })
  if (values.help) return void process.stdout.write(`${usage}\n`)
  if (positionals.length !== 1 || positionals[0] !== 'verify') throw new Error(usage)
  const config = loadConfig()
  const practiceIds = await practicesOf(config, practiceIdOf(values.practice))
  const keyring = await loadLocalKeyring(
    config.CAIRN_KEYRING_FILE || join(config.CAIRN_DATA_DIR, 'keyring.json'),
  )
  const appUrl = await appUrlOf(config, keyring)
  const log = createLogger(config.LOG_LEVEL)
  const { database } = await openHouse({ config, keyring, appUrl, log, mailer: createMailer(config) })
  try {
    for (const practiceId of practiceIds) {
      const report = await verifyPracticeNotes(database, practiceId)
      process.stdout.write(`${describe(report)}\n`)
      if (report.findings.length > 0) process.exitCode = 1
    }
  } finally {
    await database.pool.end()
    keyring.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().catch(sayWhyFailed(usage))

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { type Config, loadConfig } from '../config.ts'
import { assertKeyringFits } from '../keyring-check.ts'
import { type LostRows, readAnchorFile } from '../lib/audit-anchors.ts'
import type { ChainHead } from '../lib/audit-chain.ts'
import { type ChainReport, verifyChain } from '../lib/audit-verification.ts'
import { loadLocalKeyring } from '../lib/sealing/keyring.ts'
import { practiceIdOf, sayWhyFailed } from './command-line.ts'
import { adminUrl, asOwner } from './owner-connection.ts'

const usage = `npm run audit -- verify [--practice <id>] [--anchors <file>]

Walks the audit chain of each practice and names the first row that was changed, deleted, reordered or added
afterwards. With an anchor file (AUDIT_ANCHOR_FILE, or --anchors) it also notices an end that was cut off and a
chain that was made anew.`

export interface Verification {
  /** Undefined: every practice. */
  practiceId?: string | undefined
  anchorFile?: string | undefined
}

/** Verifies the chains, reporting each as it is done. @returns whether all of them are intact */
export async function verifyAudit(
  config: Config,
  { practiceId, anchorFile }: Verification,
  onReport: (report: ChainReport) => void,
  onLoss: (lost: LostRows) => void = () => {},
): Promise<boolean> {
  const path = anchorFile || config.AUDIT_ANCHOR_FILE
  const kept = path ? await readAnchorFile(path) : { anchors: [], lost: [] }
  const anchors = Map.groupBy(kept.anchors, anchor => anchor.practiceId)
  const keyringFile = config.CAIRN_KEYRING_FILE || join(config.CAIRN_DATA_DIR, 'keyring.json')
  const keyring = await loadLocalKeyring(keyringFile)
  try {
    // With another keyring every row would look changed.
    await assertKeyringFits(await adminUrl(config), keyring, keyringFile)
    return await asOwner(config, async owner => {
      let intact = true
      for (const id of practiceId ? [practiceId] : await practicesOf(owner, anchors)) {
        const report = await verifyChain(owner, keyring.auditKey, id, anchors.get(id) ?? [])
        onReport(report)
        if (report.firstBad) intact = false
      }
      for (const lost of kept.lost) if (!practiceId || lost.practiceId === practiceId) onLoss(lost)
      return intact
    })
  } finally {
    keyring.close()
  }
}

/** From the log itself and from the anchors: a directory could have been shortened. */
async function practicesOf(
  owner: pg.ClientBase,
  anchors: ReadonlyMap<string, ChainHead[]>,
): Promise<string[]> {
  const { rows } = await owner.query<{ practice_id: string }>(
    'select practice_id from practices union select practice_id from audit_seals',
  )
  return [...new Set([...rows.map(row => row.practice_id), ...anchors.keys()])].sort()
}

function describe({ practiceId, intact, unsealed, firstBad }: ChainReport): string {
  const waiting = unsealed > 0 ? `, ${unsealed} not sealed yet` : ''
  if (!firstBad) return `${practiceId}  intact: ${intact} rows${waiting}`
  const { fault, sequence, auditId, occurredAt } = firstBad
  const place = [
    ...(sequence === null ? [] : [`sequence ${sequence}`]),
    ...(auditId === null ? [] : [`row ${auditId}`]),
    ...(occurredAt === null ? [] : [`of ${occurredAt}`]),
  ]
  return `${practiceId}  BROKEN, ${fault}: ${place.join(', ')}; ${intact} rows before it are intact`
}

const describeLoss = ({ practiceId, restoredTo, first, last }: LostRows) =>
  `${practiceId}  RESTORED to ${restoredTo}: rows ${first} to ${last} of the life before were lost with it`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      practice: { type: 'string' },
      anchors: { type: 'string' },
    },
  })
  if (values.help) return void process.stdout.write(`${usage}\n`)
  if (positionals.length !== 1 || positionals[0] !== 'verify') throw new Error(usage)
  const intact = await verifyAudit(
    loadConfig(),
    { practiceId: practiceIdOf(values.practice), anchorFile: values.anchors },
    report => process.stdout.write(`${describe(report)}\n`),
    lost => process.stdout.write(`${describeLoss(lost)}\n`),
  )
  if (!intact) process.exitCode = 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().catch(sayWhyFailed(usage))

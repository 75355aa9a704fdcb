import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { isSupervisorOf } from '../practice/index.ts'
import { listAddenda } from './addenda.repository.ts'
import { shownAddenda } from './addenda.view.ts'
import { amendmentsOf } from './amendments/amendments.view.ts'
import { openTargetsOf } from './emdr/targets-in-notes.ts'
import { openContent, openDraft, places } from './sealing.ts'
import type { NoteRow, OpenNote } from './session-notes.repository.ts'
import { missingIn } from './session-notes.rules.ts'
import type { NoteRevision, SessionNote, SessionNoteSummary } from './session-notes.schemas.ts'
import { documentOf } from './signed-content.ts'
import * as signed from './signed-notes.repository.ts'
import type { NoteReturn, NoteSignature } from './steps.schemas.ts'
import { warningsOf } from './warnings.ts'

/** A note's head as the API shows it. */
export function toSummary(row: NoteRow): SessionNoteSummary {
  return {
    id: row.id,
    chartId: row.chart_id,
    authorId: row.author_id,
    appointmentId: row.appointment_id,
    template: { key: row.template_key, version: row.template_version },
    sessionDate: row.session_date,
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    timeZone: row.time_zone,
    status: row.status,
    partKinds: row.part_kinds,
    revision: row.revision,
    signedAt: row.signed_at?.toISOString() ?? null,
    lateEntry: row.late_entry,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** The whole note, its texts opened. */
export async function toNote(trx: PracticeTransaction, note: OpenNote): Promise<SessionNote> {
  const { row, chart } = note
  const [content, signatures, addenda, corrections, lock, requests, openTargets] = await Promise.all([
    row.draft ? undefined : signed.findContent(trx, note, row.revision),
    row.draft ? [] : signed.listSignatures(trx, note, row.revision),
    row.draft ? [] : listAddenda(trx, note),
    row.revision === 0 ? [] : signed.listCorrections(trx, note),
    row.draft ? undefined : signed.findLock(trx, note),
    row.draft ? [] : amendmentsOf(trx, row.id),
    row.draft ? openTargetsOf(trx, chart) : [],
  ])
  const said = await saidIn(trx, row, content)
  return {
    ...toSummary(row),
    intensiveBlockIds: row.block_ids,
    ...said,
    checks: row.draft
      ? { missing: missingIn(said, chart.kind), warnings: await warningsOf(trx, note, said) }
      : null,
    openTargets,
    lock: lock ? { lockedAt: lock.locked_at.toISOString(), lockedById: lock.locked_by } : null,
    signatures: signatures.map(toSignature),
    addenda: await shownAddenda(trx, addenda),
    amendmentRequests: requests,
    returns: await returnsOf(trx, row.author_id, corrections),
    enteredInError: await errorMarkOf(trx, corrections),
  }
}

async function saidIn(
  trx: PracticeTransaction,
  row: OpenNote['row'],
  content: signed.ContentRow | undefined,
): Promise<ReturnType<typeof documentOf>> {
  if (row.draft) {
    const { format: _format, ...document } = await openDraft(trx, row, row.draft)
    return { ...document, overrides: [] }
  }
  if (!content) throw new Error('A signed note has no content')
  return documentOf(await openContent(trx, content))
}

/** Remarks are between a supervisor and the author; nobody else is told that there were any. */
async function returnsOf(
  trx: PracticeTransaction,
  authorId: string,
  corrections: signed.CorrectionRow[],
): Promise<NoteReturn[]> {
  const returned = corrections.filter(({ kind }) => kind === 'returned')
  if (returned.length === 0) return []
  const isAuthor = trx.scope.actor.staffId === authorId
  if (!isAuthor && !(await isSupervisorOf(trx, authorId))) return []
  return Promise.all(
    returned.map(async row => ({
      staffId: row.staff_id,
      revision: row.revision,
      returnedAt: row.occurred_at.toISOString(),
      remarks: await openCorrection(trx, row),
    })),
  )
}

async function errorMarkOf(
  trx: PracticeTransaction,
  corrections: signed.CorrectionRow[],
): Promise<SessionNote['enteredInError']> {
  const row = corrections.find(({ kind }) => kind === 'entered_in_error')
  if (!row) return null
  return {
    staffId: row.staff_id,
    markedAt: row.occurred_at.toISOString(),
    reason: await openCorrection(trx, row),
  }
}

const openCorrection = async (trx: PracticeTransaction, { id, document }: signed.CorrectionRow) =>
  (await trx.open(places.correction(id), document)).toString()

function toSignature(row: signed.SignatureRow): NoteSignature {
  return {
    role: row.role as NoteSignature['role'],
    signerId: row.signer_id,
    credentials: row.credentials,
    signedAt: row.signed_at.toISOString(),
    contentHash: row.content_hash.toString('hex'),
  }
}

/** A signed revision, from the signed document itself rather than from the head. */
export async function toRevision(
  trx: PracticeTransaction,
  content: signed.ContentRow,
  signatures: signed.SignatureRow[],
): Promise<NoteRevision> {
  return { ...(await openContent(trx, content)), signatures: signatures.map(toSignature) }
}

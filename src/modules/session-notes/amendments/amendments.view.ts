import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import * as repository from './amendments.repository.ts'
import type { DenialReasonCode, PaperKind } from './amendments.rules.ts'
import type { AmendmentRequest, AmendmentSummary } from './amendments.schemas.ts'

/** Where what was said stands. */
export const place = (paperId: string) => ({
  table: 'note_amendment_papers',
  column: 'document_sealed',
  rowId: paperId,
  rowVersion: 1,
})

export const toSummary = (row: repository.RequestRow): AmendmentSummary => ({
  id: row.id,
  noteId: row.note_id,
  clientId: row.client_id,
  status: row.status,
  receivedOn: row.received_on,
  dueOn: row.due_on,
  extended: row.extended,
  denialReason: row.denial_reason as DenialReasonCode | null,
  addendumId: row.addendum_status === 'effective' ? row.addendum_id : null,
  addendumStatus: row.addendum_status,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

/** All requests about a note whose door was passed, with their papers, oldest first: they go with the note. */
export async function amendmentsOf(trx: PracticeTransaction, noteId: string): Promise<AmendmentRequest[]> {
  return withPapers(trx, await repository.listOfNote(trx, noteId))
}

export async function withPapers(
  trx: PracticeTransaction,
  rows: readonly repository.RequestRow[],
): Promise<AmendmentRequest[]> {
  if (rows.length === 0) return []
  const papers = await repository.listPapers(
    trx,
    rows.map(({ id }) => id),
  )
  return Promise.all(
    rows.map(async row => ({
      ...toSummary(row),
      papers: await Promise.all(
        papers.filter(paper => paper.request_id === row.id).map(paper => toPaper(trx, paper)),
      ),
    })),
  )
}

async function toPaper(trx: PracticeTransaction, row: repository.PaperRow) {
  return {
    kind: row.kind as PaperKind,
    text: (await trx.open(place(row.id), row.document_sealed)).toString(),
    enteredBy: row.entered_by === 'client' ? ('client' as const) : ('staff' as const),
    recordedById: row.recorded_by,
    representativeId: row.representative_id,
    occurredAt: row.occurred_at.toISOString(),
  }
}

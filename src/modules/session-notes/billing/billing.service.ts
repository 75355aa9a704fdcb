import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { knockInVain, openChart } from '../../charts/index.ts'
import { factsEvent } from './announce.ts'
import * as repository from './billing.repository.ts'
import {
  type Billed,
  factsStatus,
  isChanged,
  requireDecidable,
  requireReason,
  requireSense,
} from './billing.rules.ts'
import type { BillingFacts, BillingFactsQuery, NewBillingDecision } from './billing.schemas.ts'
import { labelOf } from './codes.rules.ts'
import type { FactsDocument } from './facts.ts'

/** @throws Problem `not-found`, also while the note is not final */
export async function getFacts(trx: PracticeTransaction, noteId: string): Promise<BillingFacts> {
  return toFacts(trx, await openFactsOf(trx, noteId, 'billing-facts:read'))
}

/** The newest session first. @throws Problem `invalid-cursor` */
export async function listFacts(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: BillingFactsQuery,
): Promise<Page<BillingFacts>> {
  trx.audit({ resourceType: 'note-billing-facts' })
  const key = trx.cursorKey(filter, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const rows = await repository.listFacts(trx, filter, { limit, after })
  trx.audit({ chartIds: rows.slice(0, limit).map(row => row.chart_id) })
  return openedPage(
    rows,
    limit,
    each(row => toFacts(trx, row)),
    row => trx.cursorAfter(filter, [row.session_date, row.note_id]),
  )
}

/**
 * Confirms what was suggested, or decides otherwise with a reason.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` once they are final or withdrawn, `invalid-request`
 */
export async function decide(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  decision: NewBillingDecision,
): Promise<BillingFacts> {
  const row = await openFactsOf(trx, noteId, 'billing-facts:write')
  if (versionOf(row) !== version) throw new Problem('stale-version')
  requireDecidable(factsStatus(row.note_status, row.number > 0))
  requireSense(decision)
  requireReason(isChanged(suggestedBy(await repository.openFacts(trx, row)), decision), decision.reason)
  trx.audit({ fields: ['decision'] })
  await repository.insertDecision(trx, row, { format: 1, ...decision }, recorder(trx))
  const resourceVersion = version + 1
  emit(trx, {
    type: 'note-billing-facts.confirmed',
    resourceId: noteId,
    resourceVersion,
    chartId: row.chart_id,
  })
  if (row.note_status === 'locked') emit(trx, factsEvent('finalized', { id: noteId, chartId: row.chart_id }))
  const now = await repository.findFacts(trx, noteId)
  if (!now) throw notFound()
  return toFacts(trx, now)
}

/** The door to the facts of a note: through the billing data of its chart, never through the note. */
async function openFactsOf(
  trx: PracticeTransaction,
  noteId: string,
  permission: 'billing-facts:read' | 'billing-facts:write',
): Promise<repository.FactsRow> {
  trx.audit({ resourceType: 'note-billing-facts', resourceId: noteId })
  const row = await repository.findFacts(trx, noteId)
  if (!row) return knockInVain(trx)
  const write = permission === 'billing-facts:write'
  await openChart(trx, row.chart_id, { dataClass: 'billing', permission, ...(write ? { write } : {}) })
  return row
}

const versionOf = (row: repository.FactsRow) => row.number + 1

const suggestedBy = ({ suggestion, modifiers, placeOfService }: FactsDocument): Billed => ({
  code: suggestion.code,
  addOns: suggestion.addOns,
  modifiers,
  placeOfService,
})

async function toFacts(trx: PracticeTransaction, row: repository.FactsRow): Promise<BillingFacts> {
  const [facts, decision] = await Promise.all([
    repository.openFacts(trx, row),
    repository.openDecision(trx, row),
  ])
  const { presentIds, suggestion, placeOfService, modifiers, format: _format, ...same } = facts
  return {
    noteId: row.note_id,
    chartId: row.chart_id,
    revision: row.revision,
    status: factsStatus(row.note_status, decision !== undefined),
    sessionDate: row.session_date,
    ...same,
    attendanceCount: presentIds.length,
    presentClientIds: presentIds,
    suggestion: { ...suggestion, placeOfService, modifiers },
    decision: decision ? toDecision(row, facts, decision) : null,
    version: versionOf(row),
    createdAt: row.created_at.toISOString(),
  }
}

function toDecision(
  { decided_by, decided_at, session_date: day }: repository.FactsRow,
  facts: FactsDocument,
  { format: _format, ...decision }: repository.DecisionDocument,
): NonNullable<BillingFacts['decision']> {
  if (!decided_by || !decided_at) throw new Error('A decision is somebody’s')
  return {
    ...decision,
    label: decision.code && labelOf(decision.code, day),
    addOns: decision.addOns.map(one => ({ ...one, label: labelOf(one.code, day) })),
    changed: isChanged(suggestedBy(facts), decision),
    decidedById: decided_by,
    decidedAt: decided_at.toISOString(),
  }
}

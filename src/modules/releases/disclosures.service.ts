import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { each, openedPage, type Page } from '../../lib/pages.ts'
import { openChart, openOwnChart, readableClasses } from '../charts/index.ts'
import * as repository from './disclosures.repository.ts'
import type { Disclosure } from './disclosures.schemas.ts'
import type { PageOnly } from './releases.schemas.ts'
import { openTerms } from './releases.service.ts'

/**
 * What was given out of a chart, newest first. Reports of legal matters are restricted: for whoever may not see those, they
 * were not given out.
 *
 * @throws Problem `not-found`, `invalid-cursor`
 */
export async function listDisclosures(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<Disclosure>> {
  trx.audit({ resourceType: 'disclosure' })
  const before = trx.cursorKey({ chartId }, cursor)?.[0] as string | undefined
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'releases:read' })
  const classes = readableClasses(trx.scope.actor, chart).includes('restricted') ? all : clinical
  const rows = await repository.listDisclosures(trx, chart.id, { classes, limit, before })
  return openedPage(rows, limit, opened(trx), row => trx.cursorAfter({ chartId }, [row.id]))
}

/**
 * What was given out about the client, in their own chart and in one they share. Whoever acts in the client’s name sees
 * nothing restricted.
 *
 * @throws Problem `not-found`, `invalid-cursor`
 */
export async function listOwnDisclosures(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<Disclosure>> {
  trx.audit({ resourceType: 'disclosure' })
  const before = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const { clientIds } = await openOwnChart(trx)
  const classes = trx.scope.actor.representativeId ? clinical : all
  const rows = await repository.listDisclosuresOf(trx, clientIds, { classes, limit, before })
  return openedPage(rows, limit, opened(trx), row => trx.cursorAfter({}, [row.id]))
}

const clinical = ['clinical'] as const
const all = ['clinical', 'restricted'] as const

const opened = (trx: PracticeTransaction) => each((row: repository.DisclosureRow) => toDisclosure(trx, row))

async function toDisclosure(trx: PracticeTransaction, row: repository.DisclosureRow): Promise<Disclosure> {
  const { release_id, terms_sealed } = row
  const terms = release_id && terms_sealed && (await openTerms(trx, { id: release_id, terms_sealed }))
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.client_id,
    releaseId: release_id,
    recipientKind: row.recipient_kind,
    recipient: terms ? terms.recipient : null,
    purpose: terms ? terms.purpose : null,
    categories: row.categories,
    kind: row.letter_id ? 'progress_letter' : 'legal_report',
    recordId: row.letter_id ?? row.record_id ?? '',
    accountable: row.part2 ?? false,
    disclosedOn: row.disclosed_on,
    disclosedById: row.disclosed_by,
    recordedAt: row.recorded_at.toISOString(),
  }
}

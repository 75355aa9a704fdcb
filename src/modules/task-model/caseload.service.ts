import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField } from '../../lib/problems.ts'
import { useEmergencyForCharts } from '../charts/index.ts'
import { type CaseloadRow, listCaseload, ofCaseload } from './caseload.repository.ts'
import type { CaseloadEntry, CaseloadQuery } from './caseload.schemas.ts'
import { Contents } from './journey.view.ts'
import { findContents, type VersionRow } from './templates.repository.ts'

/**
 * Journeys in the charts that are open to the caller: clinicians see those of their care teams, supervisors those of
 * their supervisees.
 *
 * @throws Problem `invalid-cursor`, `invalid-request` for the number of a version without its template
 */
export async function getCaseload(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, sort = 'last_activity', ...wanted }: CaseloadQuery,
): Promise<Page<CaseloadEntry>> {
  trx.audit({ resourceType: 'journey' })
  const { status, programTemplateId, templateNumber } = wanted
  if (templateNumber !== undefined && programTemplateId === undefined)
    throw invalidField('query/templateNumber', 'not-alone', 'Only together with `programTemplateId`.')
  const filter = { sort, status, programTemplateId, templateNumber }
  const key = trx.cursorKey(filter, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const rows = await listCaseload(trx, { ...filter, limit, after })
  const contents = new Contents(await findContents(trx, rows))
  const page = toPage(
    rows,
    limit,
    row => toEntry(row, contents.of(row)),
    row => trx.cursorAfter(filter, [row.sort_key, row.id]),
  )
  trx.audit({ clientIds: page.data.flatMap(({ members }) => members.map(({ clientId }) => clientId)) })
  const shown = page.data.map(({ chartId }) => chartId)
  await useEmergencyForCharts(trx, shown, ofCaseload.dataClass, ofCaseload.permission)
  return page
}

const toEntry = (row: CaseloadRow, { content }: VersionRow): CaseloadEntry => ({
  journeyId: row.id,
  chartId: row.chart_id,
  clientId: row.client_id,
  members: row.members.map(({ client_id, display_name }) => ({
    clientId: client_id,
    displayName: display_name,
  })),
  primaryClinicianId: row.primary_clinician_id,
  template: {
    id: row.template_id,
    number: row.template_number,
    key: content.key,
    title: content.title,
    kind: content.kind,
  },
  status: row.status,
  startedOn: row.started_on,
  applicable: row.tasks_applicable,
  done: row.tasks_done,
  waiting: row.tasks_waiting,
  unmovedSince: row.stalest_since?.toISOString() ?? null,
  lastActivityAt: row.last_activity_at.toISOString(),
})

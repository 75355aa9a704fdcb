import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { notFound } from '../../../lib/problems.ts'
import { findPractice, today } from '../../practice/index.ts'
import { withdrawn } from '../records/kind.ts'
import { contentOf } from '../records/record.view.ts'
import { findRecord } from '../records/records.repository.ts'
import { openToRead } from '../records/sight.ts'
import { type Deadline, deadlinesOf } from './deadlines.rules.ts'
import type { MandatedReportDeadlines } from './deadlines.schemas.ts'

/** @throws Problem `not-found` for a record that is not there, may not be seen, or is no mandated report */
export async function getDeadlines(
  trx: PracticeTransaction,
  chartId: string,
  recordId: string,
): Promise<MandatedReportDeadlines> {
  const sight = await openToRead(trx, chartId)
  trx.audit({ resourceType: 'recovery-record', resourceId: recordId })
  const [row, practice, day] = await Promise.all([
    findRecord(trx, sight, recordId),
    findPractice(trx),
    today(trx),
    trx.sealer(),
  ])
  if (!row || row.kind !== 'mandated_report' || !practice) throw notFound()
  const content = await contentOf(trx, row)
  const [type = '', decision, jurisdiction = String(content.jurisdiction)] = row.keys
  const knownAt = instantIn(content, 'knownAt')
  const isDue = decision !== 'not_reportable' && row.status !== withdrawn && row.status !== 'closed'
  const steps = deadlinesOf({ type, jurisdiction, knownAt }, practice.time_zone, day)
  return {
    recordId,
    jurisdiction,
    knownAt,
    steps: steps.map(deadline => {
      const doneAt = instantIn(content, deadline.step === 'oral' ? 'oralAt' : 'writtenAt')
      return { ...deadline, doneAt, overdue: isDue && doneAt === null && hasPassed(deadline) }
    }),
  }
}

function instantIn(content: Record<string, unknown>, field: string): string | null {
  const value = content[field]
  return typeof value === 'string' ? new Date(value).toISOString() : null
}

const hasPassed = ({ dueAt }: Deadline) => dueAt !== null && Date.parse(dueAt) < Date.now()

import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type {
  DB,
  RiskAssessmentChanges,
  RiskAssessmentRevisions,
  RiskAssessmentSignatures,
  RiskAssessments,
} from '../../lib/database/schema.ts'
import { changeAtVersion, type RowVersion } from '../../lib/versions.ts'
import type { OpenChart } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'
import type { RiskQuery } from './risk-assessments.schemas.ts'

type Revision = Selectable<RiskAssessmentRevisions>

/** A revision with who signed it. */
export type RevisionRow = Revision & {
  signer_id: string | null
  signed_at: Date | null
  signed_hash: Buffer | null
}
export type RiskRow = Selectable<RiskAssessments> &
  Pick<Revision, 'acute' | 'chronic' | 'next_review_on'> & { signed: boolean; review_overdue: boolean }
export type ChangeRow = Selectable<RiskAssessmentChanges>

const isOverdue = (trx: PracticeTransaction) =>
  sql<boolean>`coalesce(h.status <> 'closed' and r.next_review_on < ${practiceToday(trx)}, false)`

const heads = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('risk_assessments as h')
    .innerJoin('risk_assessment_revisions as r', join =>
      join
        .onRef('r.practice_id', '=', 'h.practice_id')
        .onRef('r.risk_assessment_id', '=', 'h.id')
        .onRef('r.revision', '=', 'h.revision'),
    )
    .leftJoin('risk_assessment_signatures as s', join =>
      join
        .onRef('s.practice_id', '=', 'h.practice_id')
        .onRef('s.risk_assessment_id', '=', 'h.id')
        .onRef('s.revision', '=', 'h.revision'),
    )
    .selectAll('h')
    .select(isOverdue(trx).as('review_overdue'))
    .select(['r.acute', 'r.chronic', 'r.next_review_on', sql<boolean>`s.revision is not null`.as('signed')])
    .where('h.practice_id', '=', trx.practiceId)
    .where('h.chart_id', '=', chart.id)

export function findRisk(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<RiskRow | undefined> {
  return heads(trx, chart).where('h.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first. */
export function listRisks(
  trx: PracticeTransaction,
  chart: OpenChart,
  {
    limit,
    before,
    status,
    reviewOverdue,
  }: Omit<RiskQuery, 'cursor'> & { limit: number; before: string | undefined },
): Promise<RiskRow[]> {
  let query = heads(trx, chart)
  if (status) query = query.where('h.status', '=', status)
  if (reviewOverdue !== undefined) query = query.where(isOverdue(trx), '=', reviewOverdue)
  if (before) query = query.where('h.id', '<', before)
  return query
    .orderBy('h.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export function findRevision(
  trx: PracticeTransaction,
  id: string,
  revision: number,
): Promise<RevisionRow | undefined> {
  return trx
    .selectFrom('risk_assessment_revisions as r')
    .leftJoin('risk_assessment_signatures as s', join =>
      join
        .onRef('s.practice_id', '=', 'r.practice_id')
        .onRef('s.risk_assessment_id', '=', 'r.risk_assessment_id')
        .onRef('s.revision', '=', 'r.revision'),
    )
    .selectAll('r')
    .select(['s.signer_id', 's.signed_at', 's.content_hash as signed_hash'])
    .where('r.practice_id', '=', trx.practiceId)
    .where('r.risk_assessment_id', '=', id)
    .where('r.revision', '=', revision)
    .executeTakeFirst()
}

export async function insertRisk(trx: PracticeTransaction, id: string, chart: OpenChart): Promise<void> {
  await trx
    .insertInto('risk_assessments')
    .values({ practice_id: trx.practiceId, id, chart_id: chart.id })
    .execute()
}

export async function insertRevision(
  trx: PracticeTransaction,
  values: Omit<Insertable<RiskAssessmentRevisions>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('risk_assessment_revisions')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

export async function insertSignature(
  trx: PracticeTransaction,
  values: Omit<Insertable<RiskAssessmentSignatures>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('risk_assessment_signatures')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** @throws Problem `stale-version` */
export const changeRisk = (
  trx: PracticeTransaction,
  at: RowVersion,
  changes: UpdateObject<DB, 'risk_assessments'>,
) => changeAtVersion(trx, 'risk_assessments', at, changes)

export async function insertChange(
  trx: PracticeTransaction,
  values: Omit<Insertable<RiskAssessmentChanges>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('risk_assessment_changes')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Oldest first. */
export function listChanges(trx: PracticeTransaction, id: string): Promise<ChangeRow[]> {
  return trx
    .selectFrom('risk_assessment_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('risk_assessment_id', '=', id)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}

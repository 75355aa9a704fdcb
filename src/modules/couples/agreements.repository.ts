import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type {
  CoupleAgreementAcceptances,
  CoupleAgreementChanges,
  CoupleAgreements,
} from '../../lib/database/schema.ts'
import type { OpenChart } from '../charts/index.ts'
import type { AgreementStatus } from './agreements.rules.ts'

export type AgreementRow = Selectable<CoupleAgreements>
export type AcceptanceRow = Selectable<CoupleAgreementAcceptances>
export type ChangeRow = Selectable<CoupleAgreementChanges>

/** An opened couple whose joint chart was passed for clinical data: agreements are part of that record. */
export interface ClinicalCouple {
  id: string
  chart: OpenChart
}

/** Integrations are shown only what both have accepted. */
const agreements = (trx: PracticeTransaction, { id, chart }: ClinicalCouple) => {
  const query = trx
    .selectFrom('couple_agreements')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('couple_id', '=', id)
  if (chart.via !== 'scope') return query
  const accepted = trx
    .selectFrom('couple_agreement_changes')
    .select('agreement_id')
    .where('practice_id', '=', trx.practiceId)
    .where('status', '=', 'agreed')
  return query.where('id', 'in', accepted)
}

export function findAgreement(
  trx: PracticeTransaction,
  couple: ClinicalCouple,
  id: string,
): Promise<AgreementRow | undefined> {
  return agreements(trx, couple).where('id', '=', id).executeTakeFirst()
}

/** One row more than asked for, oldest first. */
export function listAgreements(
  trx: PracticeTransaction,
  couple: ClinicalCouple,
  { limit, status, after }: { limit: number; status: AgreementStatus | undefined; after: string | undefined },
): Promise<AgreementRow[]> {
  let query = agreements(trx, couple)
  if (status) query = query.where('status', '=', status)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export async function insertAgreement(
  trx: PracticeTransaction,
  values: Omit<Insertable<CoupleAgreements>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('couple_agreements')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Changes an agreement that was read under the couple's lock and so still has this version. */
export async function updateAgreement(
  trx: PracticeTransaction,
  id: string,
  version: number,
  status: AgreementStatus,
): Promise<void> {
  await trx
    .updateTable('couple_agreements')
    .set({ status, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
}

export async function insertAcceptance(
  trx: PracticeTransaction,
  values: Omit<Insertable<CoupleAgreementAcceptances>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('couple_agreement_acceptances')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

export async function insertChange(
  trx: PracticeTransaction,
  values: Omit<Insertable<CoupleAgreementChanges>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('couple_agreement_changes')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

export function listAcceptances(trx: PracticeTransaction, ids: readonly string[]): Promise<AcceptanceRow[]> {
  return trx
    .selectFrom('couple_agreement_acceptances')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('agreement_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('recorded_at')
    .orderBy('client_id')
    .execute()
}

/** Oldest first. */
export function listChanges(trx: PracticeTransaction, ids: readonly string[]): Promise<ChangeRow[]> {
  return trx
    .selectFrom('couple_agreement_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('agreement_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}

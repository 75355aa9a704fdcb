import { type Insertable, type InsertObject, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { DB, Inquiries, InquirySteps } from '../../lib/database/schema.ts'
import { changeAtVersion } from '../../lib/versions.ts'
import { isClientWithin } from '../charts/index.ts'
import type { InquiryStatus } from './inquiries.rules.ts'
import type { InquiryQuery } from './inquiries.schemas.ts'
import { sees } from './sight.ts'

/** An inquiry that the actor may see. */
export interface InquiryRow extends Selectable<Inquiries> {
  status: InquiryStatus
  /** Whether what was said may be read too. */
  words_shown: boolean
  /** Whom it became, where the actor may see that client. */
  shown_client_id: string | null
}
export type StepRow = Selectable<InquirySteps>

type Verb = 'inquiries:read' | 'inquiries:write'

const visible = (trx: PracticeTransaction, permission: Verb) =>
  trx
    .selectFrom('inquiries as i')
    .selectAll('i')
    .select(({ ref }) => ref('i.status').$castTo<InquiryStatus>().as('status'))
    .select(sees(trx, 'clinical', 'inquiries:read').as('words_shown'))
    .select(
      sql<string | null>`case when ${isClientWithin(trx, 'i.client_id')} then i.client_id end`.as(
        'shown_client_id',
      ),
    )
    .where('i.practice_id', '=', trx.practiceId)
    .where(sees(trx, 'administrative', permission))

export function findInquiry(
  trx: PracticeTransaction,
  id: string,
  permission: Verb,
): Promise<InquiryRow | undefined> {
  return visible(trx, permission).where('i.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first. */
export function listInquiries(
  trx: PracticeTransaction,
  {
    limit,
    before,
    status,
    urgent,
    assignedToId,
  }: Omit<InquiryQuery, 'cursor'> & { limit: number; before: string | undefined },
): Promise<InquiryRow[]> {
  let query = visible(trx, 'inquiries:read')
  if (status) query = query.where('i.status', '=', status)
  if (urgent !== undefined) query = query.where('i.urgent', '=', urgent)
  if (assignedToId) query = query.where('i.assigned_to', '=', assignedToId)
  if (before) query = query.where('i.id', '<', before)
  return query
    .orderBy('i.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertInquiry(
  trx: PracticeTransaction,
  values: Omit<InsertObject<DB, 'inquiries'>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('inquiries')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** The inquiry after a change. @throws Problem `stale-version` when somebody was faster */
export async function changeInquiry(
  trx: PracticeTransaction,
  row: InquiryRow,
  changes: UpdateObject<DB, 'inquiries'>,
): Promise<InquiryRow> {
  const changed = await changeAtVersion(trx, 'inquiries', row, changes)
  return { ...row, ...changed, status: changed.status as InquiryStatus }
}

export async function insertStep(
  trx: PracticeTransaction,
  values: Omit<Insertable<InquirySteps>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('inquiry_steps')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Oldest first. */
export function listSteps(trx: PracticeTransaction, { id }: InquiryRow): Promise<StepRow[]> {
  return trx
    .selectFrom('inquiry_steps')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('inquiry_id', '=', id)
    .orderBy('id')
    .execute()
}

/** Whether an inquiry may be given to this member of staff: an active clinician. */
export async function isClinician(trx: PracticeTransaction, staffId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('staff_members')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', staffId)
    .where('status', '=', 'active')
    .where(sql<boolean>`'clinician' = any(roles)`)
    .executeTakeFirst()
  return row !== undefined
}

import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import { findInquiry, type InquiryRow } from './inquiries.repository.ts'

/**
 * The one door to an inquiry. A replay passes it again, and shows what was said only to those who may still read it.
 *
 * @throws Problem `not-found` for one that is not there or may not be seen
 */
export async function openInquiry(
  trx: PracticeTransaction,
  id: string,
  permission: 'inquiries:read' | 'inquiries:write',
): Promise<InquiryRow> {
  trx.audit({ resourceType: 'inquiry', resourceId: id })
  const row = await findInquiry(trx, id, permission)
  if (!row) throw notFound()
  trx.passDoor({ door: 'inquiry', id, need: row.words_shown ? 'clinical' : 'administrative' })
  return row
}

/** As the caller read it, to change it. @throws Problem `not-found`, `stale-version` */
export async function openInquiryAt(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<InquiryRow> {
  return atVersion(await openInquiry(trx, id, 'inquiries:write'), version)
}

/** @throws Problem `not-found` for who may not see now what was answered then */
export async function passInquiryAgain(trx: PracticeTransaction, id: string, need: string): Promise<void> {
  const row = await openInquiry(trx, id, 'inquiries:read')
  if (need === 'clinical' && !row.words_shown) throw notFound()
}

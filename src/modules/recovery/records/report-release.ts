import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { type Allowed, allowedBy, sameRecipient } from '../../releases/index.ts'
import type { RecordKind } from './kind.ts'
import type { Sight } from './records.repository.ts'
import type { RecordStep } from './records.schemas.ts'

const pointer = '/releaseId'

/**
 * What allows a report to go out, where a step is that: the release of information that the step names, for the recipient
 * whom the report names.
 *
 * @returns undefined for every other step
 * @throws Problem `not-released`, `unknown-reference`, `invalid-request`
 */
export async function basisOfStep(
  trx: PracticeTransaction,
  { chart }: Sight,
  { kind, content, on }: { kind: RecordKind; content: Record<string, unknown>; on: string },
  { status, releaseId }: RecordStep,
): Promise<Allowed | undefined> {
  const told = status === 'released' ? kind.tells?.(content) : undefined
  if (!told) {
    if (releaseId) throw invalidField(pointer, 'unknown', 'Only a report that goes out takes a release.')
    return undefined
  }
  if (!releaseId) throw refused('required', 'A report goes out on a release of information.')
  const allowed = await allowedBy(trx, chart, {
    releaseIds: [releaseId],
    categories: [told.category],
    on,
    pointerOf: () => pointer,
  })
  if (!allowed.recipient || !sameRecipient(allowed.recipient, told.recipient))
    throw refused('recipient', 'It is for another recipient than the report.')
  return allowed
}

const refused = (code: string, detail: string) =>
  new Problem('not-released', { errors: [{ pointer, code, detail }] })

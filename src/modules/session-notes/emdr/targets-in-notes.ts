import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { unknownReference } from '../../../lib/problems.ts'
import { type OpenChart, readableClasses } from '../../charts/index.ts'
import type { NotePart } from '../parts/parts.schemas.ts'
import { emdrParts, worksIn } from './emdr-parts.ts'
import * as repository from './targets.repository.ts'
import type { OpenEmdrTarget } from './targets.schemas.ts'
import { openEach, toOpenTarget } from './targets.view.ts'

const mostOpen = 20

/**
 * What the next session has to look at again, for the draft of a note. Empty where the chart has no registry, and for
 * whoever may not see it.
 */
export async function openTargetsOf(trx: PracticeTransaction, chart: OpenChart): Promise<OpenEmdrTarget[]> {
  if (chart.kind !== 'individual') return []
  if (!readableClasses(trx.scope.actor, chart).includes('restricted')) return []
  const rows = await repository.listOpenTargets(trx, chart, mostOpen)
  if (rows.length === 0) return []
  return (await openEach(trx, rows)).map(toOpenTarget)
}

/**
 * The targets that the parts of a new note name must be of its chart. Saves of a draft are not asked, but its signature
 * is.
 *
 * @throws Problem `unknown-reference`
 */
export async function requireKnownTargets(
  trx: PracticeTransaction,
  chart: OpenChart,
  parts: readonly NotePart[],
): Promise<void> {
  const works = worksIn(emdrParts(parts))
  if (works.length === 0) return
  const ids = works.map(({ targetId }) => targetId)
  const known = await repository.knownIds(trx, chart, ids)
  const unknown = works.find(({ targetId }) => !known.has(targetId))
  if (unknown) throw unknownReference(`${unknown.pointer}/targetId`)
}

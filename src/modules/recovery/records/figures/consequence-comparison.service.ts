import type { PracticeTransaction } from '../../../../lib/database/practice-transaction.ts'
import { invalidField } from '../../../../lib/problems.ts'
import { clientToday } from '../../../clients/index.ts'
import { notAfter } from '../../days.ts'
import { openChanges } from '../record.view.ts'
import { openToRead } from '../sight.ts'
import { compareConsequences } from './consequence-comparison.rules.ts'
import type { ComparisonQuery, ConsequenceComparison } from './consequence-comparison.schemas.ts'
import { consequenceRevisions } from './insights.repository.ts'

/** @throws Problem `not-found`; `invalid-request` for a later day in the future or before the earlier one */
export async function getComparison(
  trx: PracticeTransaction,
  chartId: string,
  query: ComparisonQuery,
): Promise<ConsequenceComparison> {
  const sight = await openToRead(trx, chartId)
  trx.audit({ resourceType: 'consequence-comparison' })
  const [today, rows] = await Promise.all([
    clientToday(trx, sight.chart),
    consequenceRevisions(trx, sight),
    trx.sealer(),
  ])
  const days = { before: query.before, after: notAfter(today, 'query/after', query.after) }
  if (days.after < days.before) throw invalidField('query/before', 'order', 'Must not be after `after`.')
  const changes = await openChanges(trx, rows)
  const read = rows.map(({ record_id, occurred_on }, index) => ({
    record_id,
    occurred_on,
    step: changes[index],
  }))
  const histories = [...Map.groupBy(read, ({ record_id }) => record_id).values()].map(some => ({
    occurredOn: some[0]?.occurred_on ?? '',
    steps: some.flatMap(({ step }) =>
      step ? [{ ...step, content: step.content as { domain: string; severity: number } | null }] : [],
    ),
  }))
  return { ...days, ...compareConsequences(histories, days) }
}

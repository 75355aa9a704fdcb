import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { raiseAlert, settleAlert } from '../../alerts/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { getPolicies } from '../../practice/index.ts'
import { lookAtAlliance } from '../engagement/alliance.ts'
import { withdrawn } from './kind.ts'
import { kindNamed } from './kinds/index.ts'
import type { RecordRow } from './records.repository.ts'

/** Raises what the content of a record calls for, in the transaction that writes it. */
export async function lookAtOnce(
  trx: PracticeTransaction,
  chart: OpenChart,
  row: RecordRow,
  content: Record<string, unknown>,
): Promise<void> {
  const { alarm } = kindNamed(row.kind)
  const found = alarm?.find(content)
  if (alarm && found) {
    const { riskResponseMinutes } = await getPolicies(trx)
    await raiseAlert(trx, chart, {
      rule: alarm.rule,
      severity: found.severity,
      key: row.id,
      evidence: { recordId: row.id, ...found.evidence },
      respondWithinMinutes: riskResponseMinutes,
    })
  }
  if (row.kind === 'session_feedback') await lookAtAlliance(trx, chart, row)
}

/** What a record had to be looked at for is done once the record is over, and was nothing once it is withdrawn. */
export async function settleAlarm(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, kind: name, status }: RecordRow,
): Promise<void> {
  const { alarm, over = [] } = kindNamed(name)
  if (!alarm || (status !== withdrawn && !over.includes(status))) return
  const outcome = status === withdrawn ? 'no_longer_applies' : 'handled'
  await settleAlert(trx, chart, { rule: alarm.rule, key: id, outcome })
}

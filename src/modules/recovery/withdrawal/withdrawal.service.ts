import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { clientToday } from '../../clients/index.ts'
import { onDay, stepsOf } from '../abstinence/abstinence.repository.ts'
import { contractKind } from '../abstinence/kind.ts'
import { readDocument } from '../documents/documents.ts'
import { openRecovery } from '../recovery-door.ts'
import { thresholds } from '../thresholds.ts'
import { feltDays } from './withdrawal.repository.ts'
import { contractRuns, withdrawalOf } from './withdrawal.rules.ts'
import type { WithdrawalCurve } from './withdrawal.schemas.ts'

const reading = {
  noticed: thresholds.withdrawal_noticed.value,
  quietDays: thresholds.withdrawal_quiet.value,
}

/** How withdrawal was felt, by the days of a contract. @throws Problem `not-found` */
export async function getWithdrawal(
  trx: PracticeTransaction,
  chartId: string,
  contractId: string,
): Promise<WithdrawalCurve> {
  const chart = await openRecovery(trx, chartId, 'read')
  const [{ content }, steps, today] = await Promise.all([
    readDocument(trx, chart, contractKind, contractId),
    stepsOf(trx, [contractId]),
    clientToday(trx, chart),
  ])
  const runs = contractRuns(steps.map(onDay), today)
  const { addictionId } = content
  const from = runs[0]?.startsOn
  const felt = from ? await feltDays(trx, chart, { from, to: today, addictionId }) : []
  return {
    contractId,
    noticedFrom: reading.noticed,
    settledAfterDays: reading.quietDays,
    runs: runs.map(run => withdrawalOf(run, felt, reading)),
  }
}

import type { PracticeTransaction } from '../../../../lib/database/practice-transaction.ts'
import { scoresOverTime } from '../../../assessments/index.ts'
import { clientToday } from '../../../clients/index.ts'
import { dayAfter } from '../../days.rules.ts'
import { openToRead } from '../sight.ts'
import { attachmentInstruments, attachmentOf } from './attachment.rules.ts'
import { connectionOf, intimacyOf, substitutesOf } from './connection.rules.ts'
import { consequencesOf } from './consequences.rules.ts'
import { containmentOf } from './containment.rules.ts'
import { cycleOf } from './cycle.rules.ts'
import { harmReductionOf } from './harm-reduction.rules.ts'
import { integrationOf, ratingsOf } from './honesty.rules.ts'
import * as repository from './insights.repository.ts'
import type { RecoveryInsights } from './insights.schemas.ts'
import { meetingsOf } from './meetings.rules.ts'
import { modalitiesOf } from './modalities.rules.ts'
import { blocksOf, educationOf, restrictedOf } from './overview.rules.ts'
import { readinessOf } from './readiness.rules.ts'
import { technologyOf } from './technology.rules.ts'

/** How far back entries of logs are looked at. No figure needs more; a year shows the seasons of a cycle. */
const days = 366

/**
 * Every figure of one chart, from what its reader may see: nothing restricted shows through a number.
 *
 * @throws Problem `not-found`
 */
export async function getInsights(trx: PracticeTransaction, chartId: string): Promise<RecoveryInsights> {
  const sight = await openToRead(trx, chartId)
  trx.audit({ resourceType: 'recovery-insights' })
  const today = await clientToday(trx, sight.chart)
  const since = dayAfter(today, 1 - days)
  const [rows, checked, steps, contracts, scored] = await Promise.all([
    repository.figureRows(trx, sight, since),
    repository.checkedCompany(trx, sight, since),
    repository.figureSteps(trx, sight),
    repository.runningContracts(trx, sight),
    scoresOverTime(trx, sight.chart, attachmentInstruments),
  ])
  return {
    today,
    connection: connectionOf(rows, today, checked),
    substitutes: substitutesOf(rows, today),
    meetings: meetingsOf(rows, today, checked),
    containment: containmentOf(rows, steps, today),
    harmReduction: harmReductionOf(rows, today),
    readiness: readinessOf(rows, contracts),
    cycle: cycleOf(rows, today),
    consequences: consequencesOf(rows),
    blocks: blocksOf(rows),
    integration: integrationOf(rows, today),
    ratings: ratingsOf(rows, today),
    attachment: attachmentOf(rows, scored),
    modalities: modalitiesOf(rows),
    intimacy: intimacyOf(rows, today),
    technology: technologyOf(rows, steps, today),
    education: educationOf(rows, today),
    restricted: sight.classes.includes('restricted') ? restrictedOf(rows) : null,
  }
}

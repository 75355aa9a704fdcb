import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type NewAlert, raiseAlert, type Severity } from '../alerts/index.ts'
import type { AlertRuleRow } from './alert-rules.repository.ts'
import type { OpenAssignment } from './assignments.service.ts'
import type { KnownInstrument } from './library.ts'
import type { Scores } from './scoring.rules.ts'

export interface Alarming {
  instrument: KnownInstrument
  scores: Scores
  /** The practice's own for this instrument. */
  rules: readonly AlertRuleRow[]
  riskResponseMinutes: number
}

/**
 * Raises what answers and scores call for, in the transaction that stores them: one alert for the answers, one for each
 * of the practice's own rules. Of a restricted instrument only the care team is told. Evidence is keys and numbers.
 */
export async function raiseAlerts(
  trx: PracticeTransaction,
  { chart, row }: OpenAssignment,
  { instrument, scores, rules, riskResponseMinutes }: Alarming,
): Promise<void> {
  const restricted = row.data_class === 'restricted'
  const about = { assessmentId: row.id, instrument: instrument.key }
  const flags = instrument.definition.flags.filter(({ key }) => scores.flags.includes(key))
  const worst = flags.find(({ severity }) => severity === 'urgent') ?? flags[0]
  const ofAnswers: NewAlert[] = []
  if (worst)
    ofAnswers.push({
      rule: restricted ? 'restricted_assessment_answer' : 'assessment_answer',
      severity: worst.severity,
      key: row.id,
      evidence: { ...about, flag: worst.key },
      respondWithinMinutes: riskResponseMinutes,
    })
  const ofRules = rules
    .filter(rule => reached(rule, scores))
    .map(
      (rule): NewAlert => ({
        rule: restricted ? 'restricted_assessment_score' : 'assessment_score',
        severity: rule.severity as Severity,
        key: `${row.id}:${rule.id}`,
        evidence: { ...about, scale: rule.scale, value: valueOf(rule, scores) ?? 0, atLeast: rule.at_least },
        respondWithinMinutes: rule.respond_within_minutes ?? riskResponseMinutes,
      }),
    )
  await Promise.all([...ofAnswers, ...ofRules].map(alert => raiseAlert(trx, chart, alert)))
}

const valueOf = ({ scale }: AlertRuleRow, { scales }: Scores) =>
  scales.find(one => one.scale === scale)?.value

function reached(rule: AlertRuleRow, scores: Scores): boolean {
  const value = valueOf(rule, scores)
  return typeof value === 'number' && value >= rule.at_least
}

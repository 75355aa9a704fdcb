import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type Evidence, type NewAlert, raiseAlert, type Severity } from '../alerts/index.ts'
import type { AlertRuleRow } from './alert-rules.repository.ts'
import type { OpenAssignment } from './assignments.service.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'
import type { KnownInstrument } from './library.ts'
import { type Answers, flagsLeftOpen, type Scores } from './scoring.rules.ts'

export interface Alarming {
  instrument: KnownInstrument
  scores: Scores
  answers: Answers
  /** The practice's own for this instrument. */
  rules: readonly AlertRuleRow[]
  riskResponseMinutes: number
}

/**
 * Raises what answers and scores call for, in the transaction that stores them: one alert for the answers, one for each
 * of the practice's own rules. A question that an answer called for and that was left out is taken for what it might have
 * told: someone broke off there. Of a restricted instrument only the care team is told. Evidence is keys and numbers.
 */
export async function raiseAlerts(
  trx: PracticeTransaction,
  { chart, row }: OpenAssignment,
  { instrument, scores, answers, rules, riskResponseMinutes }: Alarming,
): Promise<void> {
  const restricted = row.data_class === 'restricted'
  const about = { assessmentId: row.id, instrument: instrument.key }
  const flags = instrument.definition.flags.filter(({ key }) => scores.flags.includes(key))
  const leftOpen = flagsLeftOpen(instrument.definition, answers)
  const worst = worstOf(flags) ?? worstOf(leftOpen)
  const ofAnswers: NewAlert[] = []
  if (worst)
    ofAnswers.push({
      rule: restricted ? 'restricted_assessment_answer' : 'assessment_answer',
      severity: worstOf([...flags, ...leftOpen])?.severity ?? worst.severity,
      key: row.id,
      evidence: { ...about, flag: worst.key, leftOpen: leftOpen.length > 0 },
      respondWithinMinutes: riskResponseMinutes,
    })
  const ofRules = rules.flatMap((rule): NewAlert[] => {
    const value = valueOf(rule, scores, answers)
    if (value === undefined || !reached(rule, value)) return []
    return [
      {
        rule: restricted ? 'restricted_assessment_score' : 'assessment_score',
        severity: rule.severity as Severity,
        key: `${row.id}:${rule.id}`,
        evidence: { ...about, ...conditionOf(rule), value },
        respondWithinMinutes: rule.respond_within_minutes ?? riskResponseMinutes,
      },
    ]
  })
  await Promise.all([...ofAnswers, ...ofRules].map(alert => raiseAlert(trx, chart, alert)))
}

const worstOf = (flags: InstrumentDefinition['flags']) =>
  flags.find(({ severity }) => severity === 'urgent') ?? flags[0]

/** The score, or the answer as it was given; undefined where there is none. */
function valueOf(rule: AlertRuleRow, { scales }: Scores, answers: Answers): number | undefined {
  const key = rule.scale
  if (rule.subject === 'item') return Object.hasOwn(answers, key) ? answers[key] : undefined
  return scales.find(({ scale }) => scale === key)?.value ?? undefined
}

const reached = ({ at_least, at_most }: AlertRuleRow, value: number) => value >= at_least && value <= at_most

const conditionOf = ({ subject, scale, at_least, at_most }: AlertRuleRow): Evidence => ({
  [subject]: scale,
  ...(Number.isFinite(at_least) ? { atLeast: at_least } : {}),
  ...(Number.isFinite(at_most) ? { atMost: at_most } : {}),
})

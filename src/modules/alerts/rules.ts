import { Problem } from '../../lib/problems.ts'

export const severities = ['info', 'attention', 'urgent'] as const
export type Severity = (typeof severities)[number]

export const alertStatuses = ['open', 'acknowledged', 'resolved'] as const
export type AlertStatus = (typeof alertStatuses)[number]

export const outcomes = ['handled', 'referred', 'no_longer_applies', 'false_alarm'] as const

/** What staff may be concerned about without a rule having found it. */
export const concerns = ['safety', 'attendance', 'progress', 'supervision', 'coordination', 'other'] as const

/** What of a chart one must be allowed to read to be told of an alert. */
export const alertClasses = ['clinical', 'restricted'] as const
export type AlertClass = (typeof alertClasses)[number]

interface AlertRule {
  /** In plain words, for whoever reads the alert. */
  explains: string
  /** `restricted` where the rule looks at restricted data: then only the care team learns that there is an alert. */
  dataClass: AlertClass
}

/** Every rule that may raise an alert. A module that raises alerts adds its own here. */
export const alertRules = {
  assessment_answer: {
    explains: 'An answer of an assessment has to be looked at soon, whatever its score.',
    dataClass: 'clinical',
  },
  restricted_assessment_answer: {
    explains: 'An answer of a restricted assessment has to be looked at soon, whatever its score.',
    dataClass: 'restricted',
  },
  assessment_score: {
    explains: 'A score or an answer is one at which the practice wants somebody to look.',
    dataClass: 'clinical',
  },
  restricted_assessment_score: {
    explains: 'A score or an answer of a restricted assessment is one at which the practice wants a look.',
    dataClass: 'restricted',
  },
  high_risk_unsigned: {
    explains: 'A risk assessment of a high acute level was written and is not signed.',
    dataClass: 'clinical',
  },
  staff_concern: { explains: 'A member of staff asked for attention.', dataClass: 'clinical' },
  restricted_concern: {
    explains: 'A member of the care team asked for attention to something restricted.',
    dataClass: 'restricted',
  },
  strong_urge: { explains: 'The client noted a very strong urge.', dataClass: 'clinical' },
  suicide_urge: {
    explains: 'A diary card tells of an urge to suicide that is strong, or was acted on: look at the risk.',
    dataClass: 'clinical',
  },
  hopelessness: {
    explains: 'A check-in says that hopelessness or depression is very high: look at the risk.',
    dataClass: 'clinical',
  },
  substitution: {
    explains: 'One addiction has been silent for some time while another one rises.',
    dataClass: 'clinical',
  },
  rescreen_after_relapse: {
    explains: 'A return to an earlier pattern was reported: screen for risk again.',
    dataClass: 'clinical',
  },
  lapse_safety: {
    explains: 'Whoever reported a lapse said that somebody may not be safe.',
    dataClass: 'clinical',
  },
  relationship_safety: {
    explains: 'What was said alone about a close relationship has to be looked at soon.',
    dataClass: 'clinical',
  },
  alliance_drop: {
    explains: 'How the client finds the sessions has fallen clearly.',
    dataClass: 'clinical',
  },
  dropout_risk: {
    explains: 'Missed sessions, or less trust in them together with less readiness: the client may leave.',
    dataClass: 'clinical',
  },
  containment_breached: { explains: 'A containment plan was breached.', dataClass: 'clinical' },
  isolation: {
    explains: 'No contact with a support person and no meeting for some days.',
    dataClass: 'clinical',
  },
  partner_disclosure_overdue: {
    explains: 'The time until which the partner was to be told of a lapse has passed.',
    dataClass: 'clinical',
  },
  safety_review_overdue: {
    explains: 'The day by which a risk assessment or a safety plan was to be looked at again has passed.',
    dataClass: 'clinical',
  },
  plan_review_overdue: {
    explains: 'The day by which the treatment plan was to be reviewed has passed.',
    dataClass: 'clinical',
  },
  partner_consent_withdrawn: {
    explains: 'A partner withdrew consent to a contract of abstinence.',
    dataClass: 'clinical',
  },
  recovery_review_overdue: {
    explains: 'A review or due date of recovery work has passed.',
    dataClass: 'clinical',
  },
  restricted_review_overdue: {
    explains: 'A review or due date of restricted recovery work has passed.',
    dataClass: 'restricted',
  },
  mandated_report_deadline: {
    explains: 'The time that the law gives for a step of a mandated report is nearly over, or has passed.',
    dataClass: 'restricted',
  },
  mandated_report_due: {
    explains: 'A step of a mandated report is due.',
    dataClass: 'restricted',
  },
} as const satisfies Readonly<Record<string, AlertRule>>

export type AlertRuleName = keyof typeof alertRules

export const ruleNames = Object.keys(alertRules) as [AlertRuleName, ...AlertRuleName[]]

const stepsFrom: Readonly<Record<AlertStatus, readonly AlertStep[]>> = {
  open: ['acknowledged', 'reassigned', 'resolved'],
  acknowledged: ['reassigned', 'resolved'],
  resolved: [],
}

/** What people do about an alert. A resolved one stays: what comes back is another alert. */
export type AlertStep = 'acknowledged' | 'reassigned' | 'resolved'

/** What an alert's history is made of: what people did, a rule that found it and the clock. */
export const historySteps = ['raised', 'acknowledged', 'reassigned', 'overdue', 'resolved'] as const
export type HistoryStep = (typeof historySteps)[number]

/** @throws Problem `invalid-state` */
export function checkStep(status: AlertStatus, step: AlertStep): void {
  if (stepsFrom[status].includes(step)) return
  throw new Problem('invalid-state', {
    detail: status === 'resolved' ? 'This alert is resolved.' : 'This alert was acknowledged before.',
  })
}

/** What an alert may hold of its cause: ids, numbers, dates and key words. */
export type Evidence = Readonly<Record<string, string | number | boolean>>

export const evidenceName = /^[a-z][A-Za-z0-9]{0,39}$/
const word = /^[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}$/

/** Words that a person wrote have spaces in them. @throws TypeError for evidence that could be such words */
export function checkEvidence(evidence: Evidence): void {
  for (const [key, value] of Object.entries(evidence)) {
    if (!evidenceName.test(key) || (typeof value === 'string' && !word.test(value)))
      throw new TypeError('Evidence of an alert is ids, numbers, dates and key words')
  }
}

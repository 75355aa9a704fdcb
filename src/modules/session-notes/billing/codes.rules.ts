import shippedRules from './code-rules.json' with { type: 'json' }
import shippedPlaces from './places.json' with { type: 'json' }

/** What a rule is about. `crisis_more` and `add_on` never stand alone. */
type Use =
  | 'individual'
  | 'intake'
  | 'crisis'
  | 'crisis_more'
  | 'joint_with_patient'
  | 'joint_without_patient'
  | 'group'
  | 'biofeedback'
  | 'biofeedback_alone'
  | 'add_on'

export const confidences = ['published', 'general_knowledge', 'uncertain'] as const

interface Dated {
  validFrom: string
  validTo: string | null
  source: string
  confidence: (typeof confidences)[number]
}

/** When a code fits, from one day to another. Minutes are whole minutes face to face, both ends included. */
export interface CodeRule extends Dated {
  code: string
  /** Our own short words: the descriptors of CPT are licensed and not here. */
  label: string
  use: Use
  minMinutes: number | null
  maxMinutes: number | null
}

export interface PlaceRule extends Dated {
  place: string
  placeOfService: string | null
  modifier: string | null
}

export const codeRules = shippedRules as readonly CodeRule[]
export const placeRules = shippedPlaces as readonly PlaceRule[]

/** What a session was, as far as codes ask. */
export type Setting =
  | 'individual'
  | 'intake'
  | 'crisis'
  | 'joint_with_patient'
  | 'joint_without_patient'
  | 'joint_unclear'
  | 'group'
  | 'group_record'
  | 'biofeedback'
  | 'intensive'
  | 'missed'
  | 'without_client'

export interface SessionKind {
  chartKind: 'individual' | 'couple' | 'group'
  partKinds: readonly string[]
  presentIds: readonly string[]
  /** Whoever wrote the note is named in it as the technician who ran the training. */
  authorIsTechnician: boolean
  /** It was booked as a block of an intensive. */
  bookedAsIntensive: boolean
  /** In whose name a couple's sessions are billed; null where nobody is named, or for other charts. */
  identifiedPatientId: string | null
}

/** What a session was. The kinds of its parts say more than its chart. */
export function settingOf({
  chartKind,
  partKinds,
  presentIds,
  authorIsTechnician,
  bookedAsIntensive,
  identifiedPatientId,
}: SessionKind): Setting {
  const has = (...kinds: string[]) => kinds.some(kind => partKinds.includes(kind))
  if (has('no_show')) return 'missed'
  if (bookedAsIntensive || has('intensive_day', 'intensive_summary')) return 'intensive'
  if (has('collateral_contact', 'case_management')) return 'without_client'
  if (chartKind === 'group') return 'group_record'
  if (presentIds.length === 0) return 'missed'
  if (chartKind === 'couple') return jointSetting(presentIds, identifiedPatientId)
  if (has('group_member')) return 'group'
  const isOnlyTraining = partKinds.length > 0 && partKinds.every(kind => kind === 'neurofeedback')
  if (isOnlyTraining || authorIsTechnician) return 'biofeedback'
  if (has('crisis')) return 'crisis'
  return has('intake') ? 'intake' : 'individual'
}

function jointSetting(presentIds: readonly string[], patientId: string | null): Setting {
  if (patientId === null) return 'joint_unclear'
  if (!presentIds.includes(patientId)) return 'joint_without_patient'
  return presentIds.length > 1 ? 'joint_with_patient' : 'individual'
}

export interface Timed {
  setting: Setting
  /** Whole minutes face to face; null where the note does not say when the session began and ended. */
  minutes: number | null
  sessionDate: string
  /** The session held neurofeedback or another biofeedback. */
  biofeedback: boolean
  /** Minutes of training, which are no minutes of psychotherapy. */
  trainingMinutes?: number
  /** A clinician wrote more than the record of a training: there may have been psychotherapy. */
  hasTexts?: boolean
}

export interface SuggestedAddOn {
  code: string
  label: string
  units: number
}

export interface CodeSuggestion {
  /** Null where no code fits: `reason` says why. */
  code: string | null
  label: string | null
  addOns: SuggestedAddOn[]
  reason: string
  alternatives: { code: string; label: string; reason: string }[]
  source: string | null
  confidence: CodeRule['confidence'] | null
}

/**
 * The procedure code that the time rules suggest for a session, and why. A suggestion: payers have rules of their own,
 * so a clinician confirms it.
 */
export function suggestCode(session: Timed, rules: readonly CodeRule[] = codeRules): CodeSuggestion {
  const inForce = rules.filter(rule => isInForce(rule, session.sessionDate))
  const unfit = unfitReasons[session.setting]
  if (unfit) return { ...nothing(unfit), alternatives: alternativesOf(session, inForce) }
  const found = mainCode(session, inForce)
  if (typeof found === 'string') return { ...nothing(found), alternatives: alternativesOf(session, inForce) }
  return {
    code: found.rule.code,
    label: found.rule.label,
    addOns: session.setting === 'crisis' ? crisisAddOns(session.minutes, found.rule, inForce) : [],
    reason: found.reason,
    alternatives: alternativesOf(session, inForce).filter(({ code }) => code !== found.rule.code),
    source: found.rule.source,
    confidence: found.rule.confidence,
  }
}

export const isInForce = ({ validFrom, validTo }: Dated, day: string) =>
  validFrom <= day && (validTo === null || day <= validTo)

const unfitReasons: Readonly<Partial<Record<Setting, string>>> = {
  missed: 'Nobody was there: a missed session is no service.',
  without_client: 'A contact without the client has no code of a session.',
  group_record: 'A group session is billed for each member, from the note in their own chart.',
  intensive: 'There is no code for an intensive of several hours, and hours are not split to imitate codes.',
  joint_unclear: 'The couple has no identified patient: the code depends on whether that partner was there.',
}

const uses: Readonly<Partial<Record<Setting, Use>>> = {
  individual: 'individual',
  intake: 'intake',
  crisis: 'crisis',
  joint_with_patient: 'joint_with_patient',
  joint_without_patient: 'joint_without_patient',
  group: 'group',
  biofeedback: 'biofeedback_alone',
}

interface Found {
  rule: CodeRule
  reason: string
}

/** The rule that fits and why, or why none does. */
function mainCode(session: Timed, rules: readonly CodeRule[]): Found | string {
  const { setting } = session
  const minutes = ofPsychotherapy(session)
  const use = uses[setting]
  const ofUse = rules.filter(rule => rule.use === use)
  const [first] = ofUse
  if (!first) return 'No rule for this kind of session was in force on its day.'
  if (first.minMinutes === null) return { rule: first, reason: `${first.label}: its length does not matter.` }
  if (minutes === null) return 'The note does not say when the session began and ended.'
  const rule = ofUse.find(one => fits(one, minutes))
  const apart = session.trainingMinutes && setting !== 'crisis' ? ' beside training' : ''
  if (rule) return { rule, reason: `${minutes} minutes face to face${apart}: ${spanOf(rule)}.` }
  const shorter =
    setting === 'crisis' ? rules.find(one => one.use === 'individual' && fits(one, minutes)) : undefined
  if (shorter) {
    const reason = `${minutes} minutes face to face are too short for a crisis session: ${spanOf(shorter)}.`
    return { rule: shorter, reason }
  }
  const least = Math.min(...ofUse.map(({ minMinutes }) => minMinutes ?? 0))
  return `${minutes} minutes face to face${apart}: at least ${least} are needed.`
}

/** What is left of an individual session beside training. */
const ofPsychotherapy = ({ setting, minutes, trainingMinutes = 0 }: Timed): number | null =>
  minutes === null || setting === 'crisis' ? minutes : Math.max(0, minutes - trainingMinutes)

const fits = ({ minMinutes, maxMinutes }: CodeRule, minutes: number) =>
  (minMinutes === null || minutes >= minMinutes) && (maxMinutes === null || minutes <= maxMinutes)

function spanOf({ code, minMinutes, maxMinutes }: CodeRule): string {
  if (maxMinutes === null) return `${code} is for ${minMinutes} minutes or more`
  return `${code} is for ${minMinutes} to ${maxMinutes} minutes`
}

/** Each further half hour of a crisis, the first from `minMinutes` of its rule on. */
function crisisAddOns(minutes: number | null, main: CodeRule, rules: readonly CodeRule[]): SuggestedAddOn[] {
  const more = rules.find(rule => rule.use === 'crisis_more')
  if (!more?.minMinutes || minutes === null || main.use !== 'crisis' || minutes < more.minMinutes) return []
  const units = Math.floor((minutes - more.minMinutes) / 30) + 1
  return [{ code: more.code, label: more.label, units }]
}

function alternativesOf(session: Timed, rules: readonly CodeRule[]): CodeSuggestion['alternatives'] {
  const { setting, minutes, biofeedback } = session
  const byTime = (use: Use, reason: string, long = minutes) =>
    rules
      .filter(rule => rule.use === use && (long === null ? rule.minMinutes === null : fits(rule, long)))
      .map(({ code, label }) => ({ code, label, reason }))
  if (setting === 'intake' || setting === 'crisis') {
    return byTime('individual', 'By its length alone, as an individual session.')
  }
  if (setting === 'joint_unclear') {
    return [
      ...byTime('joint_with_patient', 'If the identified patient was there.'),
      ...byTime('joint_without_patient', 'If the identified patient was not there.'),
    ]
  }
  if (setting === 'without_client') {
    return byTime(
      'joint_without_patient',
      'If it was a family session without the client, not a mere contact.',
    )
  }
  if (setting === 'biofeedback' && session.hasTexts) {
    return [
      ...byTime('individual', 'If a clinician gave psychotherapy beside training.', ofPsychotherapy(session)),
      ...byTime('biofeedback', 'If a clinician gave psychotherapy with it, and the payer covers both.'),
    ]
  }
  if (setting !== 'individual' || !biofeedback) return []
  return byTime('biofeedback', 'Where the payer covers biofeedback with a session.')
}

const nothing = (reason: string): CodeSuggestion => ({
  code: null,
  label: null,
  addOns: [],
  reason,
  alternatives: [],
  source: null,
  confidence: null,
})

/** Our label of a code on a day; null for a code that is in no rule of ours, like a payer's own. */
export const labelOf = (code: string, day: string): string | null =>
  codeRules.find(rule => rule.code === code && isInForce(rule, day))?.label ?? null

/** Place of service and telehealth modifier of a place in a note's header. */
export function placeOf(
  place: string | undefined,
  day: string,
): Pick<PlaceRule, 'placeOfService' | 'modifier'> {
  const rule = placeRules.find(one => one.place === place && isInForce(one, day))
  return { placeOfService: rule?.placeOfService ?? null, modifier: rule?.modifier ?? null }
}

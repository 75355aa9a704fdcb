import type { RecordKind } from '../kind.ts'
import { attachment } from './attachment.ts'
import { block } from './block.ts'
import { consequence } from './consequence.ts'
import { contactLog } from './contact-log.ts'
import { containmentPlan } from './containment-plan.ts'
import { cycleEntry } from './cycle-entry.ts'
import { educationAssignment } from './education-assignment.ts'
import { escalationEntry } from './escalation-entry.ts'
import { fellowshipParticipation, meetingLog, sponsor, stepWork } from './fellowship.ts'
import { harmReductionEntry, harmReductionGoal } from './harm-reduction.ts'
import { honestyCheckIn, integrationRating, secret } from './honesty.ts'
import { intimacyPractice } from './intimacy-practice.ts'
import { legalMatter, legalReport, legalRequirement, mandatedReport } from './legal.ts'
import { modalityFit, modalityResponse } from './modality.ts'
import { discoveryEvent, partnerCare } from './partner-care.ts'
import { rating } from './rating.ts'
import { readiness } from './readiness.ts'
import { safetyScreen } from './safety-screen.ts'
import { sessionFeedback } from './session-feedback.ts'
import { sexualityPlan } from './sexuality-plan.ts'
import { substituteBond } from './substitute-bond.ts'
import { supportPerson } from './support-person.ts'
import { accountabilityEvent, techPlan } from './technology.ts'
import { traumaEvent } from './trauma-event.ts'
import { typology } from './typology.ts'

/** Every kind of record, in reading order. A kind also stands in the checks of its table (migrations 0014 and 0038). */
export const kinds: readonly RecordKind[] = [
  block,
  consequence,
  containmentPlan,
  readiness,
  harmReductionGoal,
  harmReductionEntry,
  cycleEntry,
  escalationEntry,
  typology,
  supportPerson,
  contactLog,
  substituteBond,
  attachment,
  fellowshipParticipation,
  meetingLog,
  sponsor,
  stepWork,
  techPlan,
  accountabilityEvent,
  honestyCheckIn,
  integrationRating,
  secret,
  intimacyPractice,
  sexualityPlan,
  educationAssignment,
  rating,
  traumaEvent,
  discoveryEvent,
  partnerCare,
  legalMatter,
  legalRequirement,
  legalReport,
  mandatedReport,
  safetyScreen,
  sessionFeedback,
  modalityFit,
  modalityResponse,
]

const byName = new Map(kinds.map(kind => [kind.kind, kind]))

/** @throws Error for a word that the schema and the database's check do not let pass */
export function kindNamed(name: string): RecordKind {
  const kind = byName.get(name)
  if (!kind) throw new Error('A record is of a kind that is not declared')
  return kind
}

export const statuses: readonly string[] = [...new Set(kinds.flatMap(kind => kind.statuses))]

export const reasonWords: readonly string[] = [
  ...new Set(kinds.flatMap(kind => Object.values(kind.reasons ?? {}).flat())),
]

export const portalKinds = kinds.filter(kind => kind.portal)
/** Statuses that a client may enter. */
export const clientStatuses: readonly string[] = [
  ...new Set(kinds.flatMap(kind => Object.values(kind.clientSteps ?? {}).flat())),
]

export const clientWrittenKinds = kinds.filter(kind => kind.portal === 'write')

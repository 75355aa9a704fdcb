import { kindNamed } from '../kinds/index.ts'
import { counted, type FigureRow, ofKind } from './rows.ts'

const isOpen = ({ kind, status }: FigureRow) => !kindNamed(kind).over?.includes(status)

/** Open blocks, and those that the treatment plan in force has no objective for: there should be none. */
export function blocksOf(rows: readonly FigureRow[]) {
  const open = ofKind(rows, 'block').filter(isOpen)
  return {
    open: open.length,
    byCategory: counted(open.map(({ keys: [category] }) => category ?? '')).map(({ word, count }) => ({
      category: word,
      count,
    })),
    withoutTreatmentPlan: open.filter(({ treatmentPlanId }) => !treatmentPlanId).map(({ id }) => id),
  }
}

export function educationOf(rows: readonly FigureRow[], today: string) {
  const all = ofKind(rows, 'education_assignment')
  const open = all.filter(isOpen)
  return {
    open: open.length,
    overdue: open.filter(({ reviewOn }) => reviewOn !== null && reviewOn < today).length,
    completed: all.length - open.length,
  }
}

/** What the care team alone is shown. */
export function restrictedOf(rows: readonly FigureRow[]) {
  const trauma = ofKind(rows, 'trauma_event')
  const requirements = ofKind(rows, 'legal_requirement').filter(isOpen)
  const legal = ['legal_matter', 'legal_requirement', 'legal_report']
    .flatMap(kind => ofKind(rows, kind))
    .filter(isOpen)
  const plan = ofKind(rows, 'sexuality_plan').at(-1)
  const [steps = 0, stepsDone = 0, alignment = null, satisfaction = null] = plan?.measures ?? []
  return {
    openSecrets: ofKind(rows, 'secret').filter(isOpen).length,
    trauma: counted(trauma.map(({ status }) => status)).map(({ word, count }) => ({ status: word, count })),
    legal: {
      openMatters: ofKind(rows, 'legal_matter').filter(isOpen).length,
      openRequirements: requirements.length,
      outOfCompliance: requirements.filter(({ status }) => status === 'out_of_compliance').length,
      nextDueOn: earliest(legal),
    },
    mandatedReports: {
      open: ofKind(rows, 'mandated_report').filter(isOpen).length,
      nextDueOn: earliest(ofKind(rows, 'mandated_report').filter(isOpen)),
    },
    sexualityPlan: plan
      ? {
          recordId: plan.id,
          status: plan.status,
          steps: steps ?? 0,
          stepsDone: stepsDone ?? 0,
          alignment,
          satisfaction,
        }
      : null,
    escalation: ofKind(rows, 'escalation_entry').map(
      ({ occurredOn, measures: [intensity, risk, novelty, age] }) => ({
        on: occurredOn,
        ageYears: age ?? null,
        intensity: intensity ?? 0,
        riskLevel: risk ?? 0,
        novelty: novelty ?? 0,
      }),
    ),
  }
}

const earliest = (rows: readonly FigureRow[]) =>
  rows.flatMap(({ reviewOn }) => reviewOn ?? []).toSorted()[0] ?? null

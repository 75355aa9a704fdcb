import { invalidField, Problem } from '../../../lib/problems.ts'
import { type ContractDays, type ContractStep, contractDays, type StepOnDay } from '../days.rules.ts'

export const contractStatuses = [
  'proposed',
  'agreed',
  'active',
  'broken',
  'completed',
  'ended_early',
] as const
export type ContractStatus = (typeof contractStatuses)[number]

export const contractScopes = ['all_sexual', 'outside_relationship', 'self', 'specified'] as const

/** What staff may record after the proposal. */
export const recordedSteps = [
  'agreed',
  'started',
  'broken',
  'continued',
  'restarted',
  'extended',
  'completed',
  'ended_early',
  'reviewed',
] as const satisfies readonly ContractStep[]
export type RecordedStep = (typeof recordedSteps)[number]

/** While it holds, its days of review mean something. */
export const holdingStatuses = ['agreed', 'active', 'broken'] as const satisfies readonly ContractStatus[]

interface Step {
  from: readonly ContractStatus[]
  /** The status it leads to; undefined for a step that leaves it as it is. */
  to?: ContractStatus
}

/** A break waits for somebody's choice: it neither continues nor restarts by itself. */
const steps: Readonly<Record<RecordedStep, Step>> = {
  agreed: { from: ['proposed'], to: 'agreed' },
  started: { from: ['agreed'], to: 'active' },
  broken: { from: ['active'], to: 'broken' },
  continued: { from: ['broken'], to: 'active' },
  restarted: { from: ['broken'], to: 'active' },
  extended: { from: ['agreed', 'active'] },
  completed: { from: ['active'], to: 'completed' },
  ended_early: { from: ['proposed', 'agreed', 'active', 'broken'], to: 'ended_early' },
  reviewed: { from: holdingStatuses },
}

/**
 * The status after a step.
 *
 * @throws Problem `invalid-state`
 */
export function statusAfter(from: ContractStatus, step: RecordedStep): ContractStatus {
  const { from: allowed, to } = steps[step]
  if (!allowed.includes(from)) {
    throw new Problem('invalid-state', { detail: 'This step does not fit the status of the contract.' })
  }
  return to ?? from
}

/** Those of its days of review that have passed, and on or after which nobody recorded a review. */
export function reviewsMissed(
  days: readonly string[],
  steps: readonly Pick<StepOnDay, 'step' | 'effectiveOn'>[],
  today: string,
): string[] {
  const reviews = steps.filter(({ step }) => step === 'reviewed')
  return days.filter(day => day < today && !reviews.some(({ effectiveOn }) => effectiveOn >= day))
}

export const isRunning = (status: ContractStatus) => status === 'active' || status === 'broken'

interface NewStep {
  step: RecordedStep
  effectiveOn: string
  lapseId?: string
  plannedDays?: number
}

/** Which fields a step needs; every other one is refused with it. */
const needed: Partial<Record<RecordedStep, 'lapseId' | 'plannedDays'>> = {
  broken: 'lapseId',
  extended: 'plannedDays',
}

/** @throws Problem `invalid-request` for a field that is missing, or that belongs to another step */
export function checkFields(step: NewStep): void {
  for (const field of ['lapseId', 'plannedDays'] as const) {
    const isNeeded = needed[step.step] === field
    if (isNeeded && step[field] === undefined) {
      throw invalidField(`/${field}`, 'required', 'This step needs it.')
    }
    if (!isNeeded && step[field] !== undefined) {
      throw invalidField(`/${field}`, 'not-allowed', 'It belongs to another step.')
    }
  }
}

/**
 * Steps that change no day of the contract, and may be told of later. Consents were steps once; by now they have a record
 * of their own (`consents`).
 */
const besides: ReadonlySet<ContractStep> = new Set(['partner_consented', 'reviewed'])

/**
 * Steps follow each other in time; a contract is completed on its last planned day at the earliest, and only made longer.
 *
 * @param before the steps so far, in order
 * @throws Problem `invalid-request`
 */
export function checkDays(before: readonly StepOnDay[], { step, effectiveOn, plannedDays }: NewStep): void {
  // A lapse is often told of late: that the contract was made longer meanwhile does not undo the day.
  const follows = (one: StepOnDay) =>
    !besides.has(one.step) && !(step === 'broken' && one.step === 'extended')
  const last = before.filter(follows).at(-1)?.effectiveOn
  if (last && effectiveOn < last && !besides.has(step)) {
    throw invalidField('/effectiveOn', 'order', 'Must not be before the step that came last.')
  }
  const days: ContractDays = contractDays(before, effectiveOn)
  if (step === 'completed' && days.dayNumber < days.plannedDays) {
    throw invalidField('/effectiveOn', 'too-early', 'Not before the last planned day.')
  }
  if (step === 'extended' && (plannedDays ?? 0) <= days.plannedDays) {
    throw invalidField('/plannedDays', 'not-longer', 'Must be more days than before.')
  }
}

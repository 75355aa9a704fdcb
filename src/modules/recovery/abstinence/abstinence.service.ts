import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, unknownReference } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { requireAddictions } from '../addictions/addictions.repository.ts'
import { consentSummaries } from '../consents/consents.service.ts'
import { contractDays, dayAfter } from '../days.rules.ts'
import { happenedOn, notFuture } from '../days.ts'
import {
  allDocuments,
  changeDocument,
  createDocument,
  documentAt,
  headOf,
  type Stored,
} from '../documents/documents.ts'
import { documentReads, showOne } from '../documents/reads.ts'
import { findLapse, type LapseRow } from '../lapses/lapses.repository.ts'
import { openRecovery } from '../recovery-door.ts'
import { settleContractReviews } from '../watched-dates.ts'
import * as repository from './abstinence.repository.ts'
import {
  type ContractStatus,
  checkDays,
  checkFields,
  holdingStatuses,
  isRunning,
  type RecordedStep,
  reviewsMissed,
  statusAfter,
} from './abstinence.rules.ts'
import type {
  AbstinenceContract,
  ContractContent,
  NewAbstinenceContract,
  NewContractStep,
} from './abstinence.schemas.ts'
import { contractKind } from './kind.ts'

type StoredContract = Stored<ContractStatus, ContractContent>

export const { list: listContracts, get: getContract } = documentReads(contractKind, showAll)

/** The contracts of an open chart that were agreed and are not over, without what staff noted of their steps. */
export async function ownContracts(trx: PracticeTransaction, chart: OpenChart) {
  const documents = await allDocuments(trx, chart, contractKind)
  const shown = await showAll(
    trx,
    chart,
    documents.filter(({ status }) => status === 'agreed' || isRunning(status)),
  )
  return shown.map(contract => ({
    contractId: contract.id,
    status: contract.status,
    scope: contract.scope,
    specifics: contract.specifics,
    purpose: contract.purpose,
    exceptions: contract.exceptions,
    supportPlan: contract.supportPlan,
    startsOn: contract.startsOn,
    endsOn: contract.endsOn,
    plannedDays: contract.plannedDays,
    dayNumber: contract.dayNumber,
    milestones: contract.milestones,
    partnerConsents: contract.partnerConsents,
  }))
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` in a closed chart */
export async function proposeContract(
  trx: PracticeTransaction,
  chartId: string,
  { plannedDays, proposedOn, ...input }: NewAbstinenceContract,
): Promise<AbstinenceContract> {
  const chart = await openRecovery(trx, chartId, 'write')
  if (input.scope === 'specified' && !input.specifics) {
    throw invalidField('/specifics', 'required', 'Say what exactly where `scope` is `specified`.')
  }
  const [effectiveOn] = await Promise.all([
    happenedOn(trx, chart, '/proposedOn', proposedOn),
    requireAddictions(trx, chart, '/addictionId', [input.addictionId]),
  ])
  const id = uuidv7()
  const content: ContractContent = {
    addictionId: null,
    specifics: null,
    purpose: null,
    exceptions: null,
    supportPlan: null,
    reviewsOn: [],
    ...given(input),
    scope: input.scope,
    partnerSex: input.partnerSex,
  }
  const made = await createDocument(trx, chart, contractKind, {
    id,
    status: 'proposed',
    statusOn: effectiveOn,
    content,
  })
  // Sent in this order, in one round trip.
  const [, , shown] = await Promise.all([
    repository.insertContract(trx, chart, {
      id,
      addiction_id: content.addictionId,
      scope: content.scope,
      reviews_on: content.reviewsOn,
    }),
    addStep(trx, chart, made, { step: 'proposed', effectiveOn, plannedDays }),
    announce(trx, chart, made, 'proposed'),
  ])
  return shown
}

/**
 * Records what happened to a contract: agreed, started, broken by a lapse, continued or restarted, longer, over.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-request`, `unknown-reference`, `invalid-state`, `conflict` when
 *   another contract about the same runs
 */
export async function recordStep(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  { reason, ...step }: NewContractStep,
): Promise<AbstinenceContract> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, before, today, lapse] = await Promise.all([
    documentAt(trx, chart, contractKind, id, version),
    repository.stepsOf(trx, [id]),
    clientToday(trx, chart),
    step.lapseId ? findLapse(trx, chart, step.lapseId) : undefined,
  ])
  const status = statusAfter(current.status, step.step)
  trx.audit({ fields: ['status', 'steps'] })
  checkFields(step)
  checkNotAhead(today, step)
  checkDays(before.map(repository.onDay), step)
  if (step.lapseId) checkLapse(lapse, step.effectiveOn)
  const after = await changeDocument(trx, current, {
    reason: reason ?? null,
    ...(status === current.status ? {} : { status, statusOn: step.effectiveOn }),
  })
  if (isRunning(status) !== isRunning(current.status)) repository.setRunning(trx, id, isRunning(status))
  await settleReviews(trx, chart, after, step)
  // Sent in this order, in one round trip.
  const [, shown] = await Promise.all([
    addStep(trx, chart, after, step),
    announce(trx, chart, after, step.step),
  ])
  return shown
}

/** What a step makes of reviews that were overdue: one was held, or the contract is over. */
async function settleReviews(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id: contractId, status, content }: StoredContract,
  { step, effectiveOn }: Pick<NewContractStep, 'step' | 'effectiveOn'>,
): Promise<void> {
  const isOver = !holdingStatuses.some(running => running === status)
  if (step !== 'reviewed' && !isOver) return
  const days = isOver ? content.reviewsOn : content.reviewsOn.filter(day => day <= effectiveOn)
  const outcome = isOver ? 'no_longer_applies' : 'handled'
  await settleContractReviews(trx, chart, { contractId, days, outcome })
}

const mayBeAhead: ReadonlySet<RecordedStep> = new Set(['started', 'restarted'])

function checkNotAhead(today: string, { step, effectiveOn }: NewContractStep): void {
  const ahead = mayBeAhead.has(step) ? limits.recovery.aheadDays : 0
  if (effectiveOn > dayAfter(today, ahead)) throw notFuture('/effectiveOn')
}

/** A contract is broken by a lapse of this chart, on its day. */
function checkLapse(lapse: LapseRow | undefined, day: string): void {
  if (!lapse || lapse.status === 'withdrawn') throw unknownReference('/lapseId')
  if (lapse.occurred_on !== day) {
    throw invalidField('/effectiveOn', 'other-day', 'Must be the day of the lapse.')
  }
}

function addStep(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, version }: StoredContract,
  step: Omit<NewContractStep, 'step' | 'reason'> & { step: RecordedStep | 'proposed' },
): Promise<void> {
  return repository.insertStep(trx, chart, {
    contract_id: id,
    version,
    step: step.step,
    effective_on: step.effectiveOn,
    planned_days: step.plannedDays ?? null,
    lapse_id: step.lapseId ?? null,
    partner_role: null,
    partner_consented_on: null,
    recorded_by: recorder(trx),
  })
}

const events = {
  proposed: 'abstinence-contract.proposed',
  agreed: 'abstinence-contract.agreed',
  started: 'abstinence-contract.started',
  broken: 'abstinence-contract.broken',
  continued: 'abstinence-contract.continued',
  restarted: 'abstinence-contract.restarted',
  extended: 'abstinence-contract.extended',
  completed: 'abstinence-contract.completed',
  ended_early: 'abstinence-contract.ended-early',
  reviewed: 'abstinence-contract.reviewed',
} as const

async function announce(
  trx: PracticeTransaction,
  chart: OpenChart,
  document: StoredContract,
  step: keyof typeof events,
): Promise<AbstinenceContract> {
  const { id, version } = document
  emit(trx, { type: events[step], resourceId: id, resourceVersion: version, chartId: chart.id })
  return showOne(showAll, trx, chart, document)
}

async function showAll(
  trx: PracticeTransaction,
  chart: OpenChart,
  documents: readonly StoredContract[],
): Promise<AbstinenceContract[]> {
  const ids = documents.map(({ id }) => id)
  const [steps, consentsTo, today] = await Promise.all([
    repository.stepsOf(trx, ids),
    consentSummaries(trx, chart, ids),
    clientToday(trx, chart),
  ])
  return documents.map(document => {
    const own = steps.filter(step => step.contract_id === document.id)
    const days = own.map(repository.onDay)
    return {
      ...headOf(document),
      ...document.content,
      ...contractDays(days, today),
      reviewOverdue:
        holdingStatuses.some(running => running === document.status) &&
        reviewsMissed(document.content.reviewsOn, days, today).length > 0,
      partnerConsents: consentsTo(document.id),
      steps: own.map(toStep),
    }
  })
}

type ShownStep = AbstinenceContract['steps'][number]

const toStep = (row: repository.StepRow): ShownStep => ({
  step: row.step as ShownStep['step'],
  effectiveOn: row.effective_on,
  plannedDays: row.planned_days,
  lapseId: row.lapse_id,
  partnerRole: row.partner_role as ShownStep['partnerRole'],
  recordedById: row.recorded_by,
  createdAt: row.created_at.toISOString(),
})

import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { invalidField, Problem, unknownReference } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { atVersion } from '../../../lib/versions.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { openCouple } from '../../couples/index.ts'
import { holdingStatuses } from '../abstinence/abstinence.rules.ts'
import { contractKind } from '../abstinence/kind.ts'
import { notFuture } from '../days.ts'
import { readDocument } from '../documents/documents.ts'
import { openRecovery } from '../recovery-door.ts'
import { sealedConsent } from '../sealed-places.ts'
import * as repository from './consents.repository.ts'
import type {
  ConsentSummary,
  NewConsentStep,
  NewPartnerConsent,
  PartnerConsent,
  PartnerConsentList,
} from './consents.schemas.ts'
import { announce, takeStep } from './taking.ts'

interface ContractPlace {
  chartId: string
  contractId: string
}

interface ConsentPlace extends ContractPlace {
  partnerConsentId: string
}

const resourceType = 'partner-consent'

/** @throws Problem `not-found` */
export async function listConsents(
  trx: PracticeTransaction,
  { chartId, contractId }: ContractPlace,
): Promise<PartnerConsentList> {
  trx.audit({ resourceType: 'abstinence-contract', resourceId: contractId })
  const chart = await openRecovery(trx, chartId, 'read')
  const [, rows] = await Promise.all([
    readDocument(trx, chart, contractKind, contractId),
    repository.consentsOf(trx, chart, [contractId]),
  ])
  return { consents: await showAll(trx, rows) }
}

/** @throws Problem `not-found` */
export async function getConsent(trx: PracticeTransaction, place: ConsentPlace): Promise<PartnerConsent> {
  trx.audit({ resourceType, resourceId: place.partnerConsentId })
  const chart = await openRecovery(trx, place.chartId, 'read')
  return showOne(trx, await find(trx, chart, place))
}

/**
 * Asks a partner to consent to a contract that is not over, in words that the client agreed to share. A partner who is a
 * client is found by the couple, which the caller has to see.
 *
 * @throws Problem `not-found` also for a couple the caller may not see; `unknown-reference` for one that has no such partner;
 *   `invalid-request`, `invalid-state`, `already-exists` where this partner is asked already
 */
export async function askForConsent(
  trx: PracticeTransaction,
  { chartId, contractId }: ContractPlace,
  { partnerRole, words, clientAgreedOn, coupleId }: NewPartnerConsent,
): Promise<PartnerConsent> {
  const id = uuidv7()
  const record = { resourceType, resourceId: id }
  const couple = coupleId ? await openCouple(trx, coupleId) : null
  trx.audit(record)
  const chart = await openRecovery(trx, chartId, 'write')
  const [contract, today, sealed] = await Promise.all([
    readDocument(trx, chart, contractKind, contractId),
    clientToday(trx, chart),
    trx.seal(sealedConsent(id), words),
  ])
  // The contract and the couple were looked at by the way.
  trx.audit({ ...record, fields: ['partnerRole', 'words', 'clientAgreedOn', 'partner'] })
  if (contract.status !== 'proposed' && !holdingStatuses.some(holding => holding === contract.status))
    throw new Problem('invalid-state', { detail: 'The contract is over.' })
  if (clientAgreedOn > today) throw notFuture('/clientAgreedOn')
  const values = {
    id,
    chart_id: chart.id,
    contract_id: contract.id,
    partner_client_id: couple ? partnerIn(couple, chart) : null,
    partner_role: partnerRole,
    client_agreed_on: clientAgreedOn,
    words_sealed: sealed,
    status_on: clientAgreedOn,
  }
  // Sent in this order, in one round trip.
  const [row] = await Promise.all([
    repository.insertConsent(trx, values),
    repository.insertStep(trx, {
      consent_id: id,
      version: 1,
      step: 'asked',
      effective_on: clientAgreedOn,
      recorded_by: recorder(trx),
    }),
  ])
  announce(trx, row, 'asked')
  return showOne(trx, { ...row, status: 'asked' })
}

/**
 * Records what a partner said to a member of staff, or that the question is taken back.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function recordConsentStep(
  trx: PracticeTransaction,
  place: ConsentPlace,
  version: number,
  { step, effectiveOn }: NewConsentStep,
): Promise<PartnerConsent> {
  trx.audit({ resourceType, resourceId: place.partnerConsentId, fields: ['status'] })
  const chart = await openRecovery(trx, place.chartId, 'write')
  const [found, today] = await Promise.all([find(trx, chart, place), clientToday(trx, chart)])
  const row = atVersion(found, version)
  if (effectiveOn > today) throw notFuture('/effectiveOn')
  if (effectiveOn < row.status_on)
    throw invalidField('/effectiveOn', 'order', 'Must not be before the step that came last.')
  return showOne(trx, await takeStep(trx, row, { step, effectiveOn, recordedBy: recorder(trx) }))
}

/** The client of this chart and their partner are the two of a couple in care. */
function partnerIn({ row, clientIds }: Awaited<ReturnType<typeof openCouple>>, chart: OpenChart): string {
  const [clientId] = chart.clientIds
  const partner = clientIds.find(id => id !== clientId)
  if (row.status === 'ended' || !clientId || !clientIds.includes(clientId) || !partner)
    throw unknownReference('/coupleId')
  return partner
}

async function find(trx: PracticeTransaction, chart: OpenChart, place: ConsentPlace) {
  const { contractId, partnerConsentId: consentId } = place
  const row = await repository.findConsent(trx, chart, { contractId, consentId })
  if (!row) throw new Problem('not-found')
  return row
}

/** What contracts show of the consents to them, by contract; what was taken back is not among them. */
export async function consentSummaries(
  trx: PracticeTransaction,
  chart: OpenChart,
  contractIds: readonly string[],
): Promise<(contractId: string) => ConsentSummary[]> {
  const rows = await repository.consentsOf(trx, chart, contractIds)
  return contractId =>
    rows
      .filter(row => row.contract_id === contractId && row.status !== 'retracted')
      .map(row => ({
        partnerConsentId: row.id,
        partnerRole: row.partner_role as ConsentSummary['partnerRole'],
        status: row.status,
        statusOn: row.status_on,
      }))
}

async function showOne(trx: PracticeTransaction, row: repository.ConsentRow): Promise<PartnerConsent> {
  const [shown] = await showAll(trx, [row])
  if (!shown) throw new Error('One consent is shown as one')
  return shown
}

async function showAll(
  trx: PracticeTransaction,
  rows: readonly repository.ConsentRow[],
): Promise<PartnerConsent[]> {
  const [steps, sealer] = await Promise.all([
    repository.stepsOf(
      trx,
      rows.map(({ id }) => id),
    ),
    trx.sealer(),
  ])
  return Promise.all(
    rows.map(async row => ({
      id: row.id,
      contractId: row.contract_id,
      partnerRole: row.partner_role as PartnerConsent['partnerRole'],
      words: await sealer.openText(sealedConsent(row.id), row.words_sealed),
      clientAgreedOn: row.client_agreed_on,
      status: row.status,
      statusOn: row.status_on,
      steps: steps.filter(step => step.consent_id === row.id).map(toStep),
      version: row.version,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    })),
  )
}

const toStep = (row: repository.ConsentStepRow): PartnerConsent['steps'][number] => ({
  step: row.step as PartnerConsent['steps'][number]['step'],
  effectiveOn: row.effective_on,
  enteredBy: row.recorded_by ? 'staff' : 'partner',
  recordedById: row.recorded_by,
  recordedAt: row.recorded_at.toISOString(),
})

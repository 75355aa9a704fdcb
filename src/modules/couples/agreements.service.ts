import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { openedPage, type Page } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { today } from '../practice/index.ts'
import * as repository from './agreements.repository.ts'
import {
  type AgreementStatus,
  type AgreementTopic,
  checkAgreementStep,
  isAgreed,
} from './agreements.rules.ts'
import type {
  AgreementQuery,
  AgreementStep,
  CoupleAgreement,
  NewAgreementAcceptance,
  NewCoupleAgreement,
} from './agreements.schemas.ts'
import { type OpenCouple, openCouple } from './couple-door.ts'
import { lockCouple, presentClientIds } from './couples.repository.ts'
import { notAPartner } from './partners.rules.ts'
import { checkNotFuture } from './recording.ts'
import { sealedAgreement } from './sealed-places.ts'

/** What of an agreement is sealed. */
type Content = Pick<CoupleAgreement, 'title' | 'terms' | 'consequences'>

/** @throws Problem `not-found` */
export async function getAgreement(
  trx: PracticeTransaction,
  coupleId: string,
  agreementId: string,
): Promise<CoupleAgreement> {
  const couple = await openClinical(trx, coupleId)
  trx.audit({ resourceType: 'couple-agreement', resourceId: agreementId })
  return showAgreement(trx, couple, agreementId)
}

/** @throws Problem `not-found` */
export async function listAgreements(
  trx: PracticeTransaction,
  coupleId: string,
  query: AgreementQuery,
): Promise<Page<CoupleAgreement>> {
  const couple = await openClinical(trx, coupleId)
  trx.audit({ resourceType: 'couple-agreement' })
  const { cursor, limit = limits.page.default, status } = query
  const filter = { coupleId, status }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listAgreements(trx, couple, { limit, status, after })
  return openedPage(
    rows,
    limit,
    shown => showAgreements(trx, shown),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

/** @throws Problem `not-found`, `invalid-state`, `invalid-request` */
export async function proposeAgreement(
  trx: PracticeTransaction,
  coupleId: string,
  input: NewCoupleAgreement,
): Promise<CoupleAgreement> {
  if (input.startsOn && input.endsOn && input.endsOn < input.startsOn) {
    throw invalidField('/endsOn', 'order', 'Must not be before `startsOn`.')
  }
  const couple = await openToChange(trx, coupleId)
  const id = uuidv7()
  trx.audit({ resourceType: 'couple-agreement', resourceId: id, fields: Object.keys(input) })
  const { title, terms, consequences = null } = input
  const content: Content = { title, terms, consequences }
  await repository.insertAgreement(trx, {
    id,
    couple_id: coupleId,
    topic: input.topic,
    content_sealed: await trx.seal(sealedAgreement(id), JSON.stringify(content)),
    starts_on: input.startsOn ?? null,
    ends_on: input.endsOn ?? null,
  })
  await record(trx, id, 'proposed', await today(trx))
  return announce(trx, couple, id, 'proposed')
}

/**
 * Records one partner's own acceptance; with the second the agreement holds.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function acceptAgreement(
  trx: PracticeTransaction,
  coupleId: string,
  agreementId: string,
  version: number,
  input: NewAgreementAcceptance,
): Promise<CoupleAgreement> {
  const { couple, row } = await openAgreementTo('agreed', trx, coupleId, agreementId, version)
  trx.audit({ fields: ['acceptances'] })
  if (!couple.clientIds.includes(input.clientId)) throw notAPartner()
  await checkNotFuture(trx, '/acceptedOn', input.acceptedOn)
  await requirePresent(trx, coupleId, input.clientId)
  const before = await repository.listAcceptances(trx, [agreementId])
  const accepted = before.map(acceptance => acceptance.client_id)
  if (accepted.includes(input.clientId)) {
    throw new Problem('invalid-state', { detail: 'This partner has accepted already.' })
  }
  await repository.insertAcceptance(trx, {
    agreement_id: agreementId,
    client_id: input.clientId,
    accepted_on: input.acceptedOn,
    attested_by: recorder(trx),
  })
  const status = isAgreed(couple.clientIds, [...accepted, input.clientId]) ? 'agreed' : 'proposed'
  await repository.updateAgreement(trx, agreementId, row.version, status)
  if (status === 'agreed') {
    await record(trx, agreementId, status, lastDay([...before.map(one => one.accepted_on), input.acceptedOn]))
  }
  return announce(trx, couple, agreementId, status === 'agreed' ? 'agreed' : 'accepted')
}

/**
 * Records that an agreement was broken, or has ended.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function changeAgreementStatus(
  trx: PracticeTransaction,
  coupleId: string,
  agreementId: string,
  version: number,
  step: AgreementStep,
): Promise<CoupleAgreement> {
  const { couple, row } = await openAgreementTo(step.status, trx, coupleId, agreementId, version)
  trx.audit({ fields: ['status'] })
  await checkNotFuture(trx, '/effectiveOn', step.effectiveOn)
  await repository.updateAgreement(trx, agreementId, row.version, step.status)
  await record(trx, agreementId, step.status, step.effectiveOn)
  const dropped = row.status === 'proposed' && step.status === 'ended'
  return announce(trx, couple, agreementId, dropped ? 'dropped' : step.status)
}

type ClinicalCouple = OpenCouple & repository.ClinicalCouple

const withChart = (couple: OpenCouple): ClinicalCouple => {
  if (!couple.chart) throw notFound()
  return { ...couple, chart: couple.chart }
}

async function openClinical(trx: PracticeTransaction, coupleId: string): Promise<ClinicalCouple> {
  return withChart(await openCouple(trx, coupleId, { dataClass: 'clinical' }))
}

/** Holds the couple, then passes its door: whatever happens to its agreements happens one by one. */
async function openToChange(trx: PracticeTransaction, coupleId: string): Promise<ClinicalCouple> {
  await lockCouple(trx, coupleId)
  return withChart(await openCouple(trx, coupleId, { dataClass: 'clinical', write: true }))
}

async function openAgreementTo(
  status: AgreementStatus,
  trx: PracticeTransaction,
  coupleId: string,
  agreementId: string,
  version: number,
): Promise<{ couple: ClinicalCouple; row: repository.AgreementRow }> {
  const couple = await openToChange(trx, coupleId)
  trx.audit({ resourceType: 'couple-agreement', resourceId: agreementId })
  const row = atVersion(await repository.findAgreement(trx, couple, agreementId), version)
  checkAgreementStep(row.status as AgreementStatus, status)
  return { couple, row }
}

async function requirePresent(trx: PracticeTransaction, coupleId: string, clientId: string): Promise<void> {
  if ((await presentClientIds(trx, coupleId)).includes(clientId)) return
  throw new Problem('invalid-state', { detail: 'A partner who accepts must be in the joint care.' })
}

const lastDay = (days: readonly string[]) => days.reduce((a, b) => (a > b ? a : b))

function record(
  trx: PracticeTransaction,
  agreementId: string,
  status: AgreementStatus,
  day: string,
): Promise<void> {
  return repository.insertChange(trx, {
    id: uuidv7(),
    agreement_id: agreementId,
    status,
    effective_on: day,
    recorded_by: recorder(trx),
  })
}

async function announce(
  trx: PracticeTransaction,
  couple: ClinicalCouple,
  agreementId: string,
  what: 'proposed' | 'accepted' | 'dropped' | 'agreed' | 'broken' | 'ended',
): Promise<CoupleAgreement> {
  const agreement = await showAgreement(trx, couple, agreementId)
  emit(trx, {
    type: `couple-agreement.${what}`,
    resourceId: agreementId,
    resourceVersion: agreement.version,
    chartId: couple.chart.id,
  })
  return agreement
}

async function showAgreement(
  trx: PracticeTransaction,
  couple: ClinicalCouple,
  agreementId: string,
): Promise<CoupleAgreement> {
  const row = await repository.findAgreement(trx, couple, agreementId)
  const [agreement] = row ? await showAgreements(trx, [row]) : []
  if (!agreement) throw notFound()
  return agreement
}

async function showAgreements(
  trx: PracticeTransaction,
  rows: readonly repository.AgreementRow[],
): Promise<CoupleAgreement[]> {
  const ids = rows.map(row => row.id)
  const [acceptances, changes] = await Promise.all([
    repository.listAcceptances(trx, ids),
    repository.listChanges(trx, ids),
  ])
  return Promise.all(
    rows.map(async row => ({
      ...toAgreement(row, await contentOf(trx, row)),
      acceptances: acceptances.filter(one => one.agreement_id === row.id).map(toAcceptance),
      history: changes.filter(one => one.agreement_id === row.id).map(toChange),
    })),
  )
}

async function contentOf(trx: PracticeTransaction, row: repository.AgreementRow): Promise<Content> {
  return JSON.parse((await trx.open(sealedAgreement(row.id), row.content_sealed)).toString()) as Content
}

const toAgreement = (row: repository.AgreementRow, content: Content) => ({
  id: row.id,
  coupleId: row.couple_id,
  topic: row.topic as AgreementTopic,
  ...content,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  status: row.status as AgreementStatus,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

const toAcceptance = (row: repository.AcceptanceRow) => ({
  clientId: row.client_id,
  acceptedOn: row.accepted_on,
})

const toChange = (row: repository.ChangeRow) => ({
  status: row.status as AgreementStatus,
  effectiveOn: row.effective_on,
  recordedById: row.recorded_by,
  createdAt: row.recorded_at.toISOString(),
})

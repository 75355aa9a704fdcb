import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion, changedOrRefused } from '../../lib/versions.ts'
import {
  changeMembers,
  closeChart,
  openCoupleChart,
  useEmergencyForCharts,
  useEmergencyForClients,
} from '../charts/index.ts'
import { today } from '../practice/index.ts'
import { type OpenCouple, openCouple } from './couple-door.ts'
import * as repository from './couples.repository.ts'
import { type CoupleStatus, checkStatusStep, leaving, returning } from './couples.rules.ts'
import type {
  Couple,
  CoupleQuery,
  CoupleStatusStep,
  IdentifiedPatientChoice,
  NewCouple,
  PartnerRegistration,
} from './couples.schemas.ts'
import {
  alreadyLinked,
  openingClinician,
  partnerOf,
  requireFreeRelatedPerson,
  requireLinkable,
  sameClient,
} from './linking.ts'
import { membersOf } from './members.repository.ts'
import { notAPartner } from './partners.rules.ts'
import { checkNotFuture } from './recording.ts'
import { sealedReason } from './sealed-places.ts'

/** @throws Problem `not-found` */
export async function getCouple(trx: PracticeTransaction, id: string): Promise<Couple> {
  const { row } = await openCouple(trx, id)
  return toCouple(trx, row)
}

export async function listCouples(trx: PracticeTransaction, query: CoupleQuery): Promise<Page<Couple>> {
  trx.audit({ resourceType: 'couple' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listCouples(trx, { ...filter, limit, after })
  const shown = rows.slice(0, limit)
  trx.audit({ clientIds: shown.flatMap(repository.clientIdsOf) })
  await useEmergencyFor(trx, shown)
  const show = await couplesView(trx, rows)
  return toPage(rows, limit, show, row => trx.cursorAfter(filter, [row.id]))
}

/** Each couple was reached by its joint chart, or before there is one by the first client. */
async function useEmergencyFor(
  trx: PracticeTransaction,
  rows: readonly repository.CoupleRow[],
): Promise<void> {
  const chartIds = rows.flatMap(row => row.chart_id ?? [])
  await useEmergencyForCharts(trx, chartIds, 'administrative', 'couples:read')
  const halves = rows.filter(row => row.chart_id === null)
  await useEmergencyForClients(
    trx,
    halves.map(row => row.first_client_id),
  )
}

/**
 * Links two people. The joint chart opens with the couple; while the partner is no client yet it waits
 * for that.
 *
 * @throws Problem `unknown-reference`, `already-exists`, `not-permitted`, `invalid-request`
 */
export async function createCouple(trx: PracticeTransaction, input: NewCouple): Promise<Couple> {
  trx.audit({ resourceType: 'couple', fields: Object.keys(input) })
  const partner = partnerOf(input)
  const clinicianId = openingClinician(trx, input.primaryClinicianId)
  await requireLinkable(trx, input.clientId)
  if (partner.clientId !== null) await requireLinkable(trx, partner.clientId)
  else await requireFreeRelatedPerson(trx, input.clientId, partner.relatedPersonId)
  const statusEffectiveOn = input.statusEffectiveOn ?? (await today(trx))
  await checkNotFuture(trx, '/statusEffectiveOn', statusEffectiveOn)
  const clientIds = [input.clientId, ...(partner.clientId ? [partner.clientId] : [])]
  const row = await repository.insertCouple(trx, {
    id: uuidv7(),
    first_client_id: input.clientId,
    second_client_id: partner.clientId,
    related_person_id: partner.relatedPersonId,
    chart_id: partner.clientId
      ? await openCoupleChart(trx, [input.clientId, partner.clientId], careTeam(clinicianId))
      : null,
    opening_clinician_id: clinicianId,
    status: input.status ?? 'together',
    status_from: statusEffectiveOn,
    created_by: recorder(trx),
  })
  if (!row) {
    const refusal = await alreadyLinked(trx, { clientIds, relatedPersonId: partner.relatedPersonId })
    throw refusal ?? new Problem('conflict')
  }
  if (partner.clientId) repository.startPeriods(trx, row.id, clientIds)
  await recordStatus(trx, row.id, { status: row.status as CoupleStatus, effectiveOn: statusEffectiveOn })
  emit(trx, { type: 'couple.created', resourceId: row.id, resourceVersion: row.version, ...chartOf(row) })
  return getCouple(trx, row.id)
}

/**
 * The partner has become a client: binds the two and opens the joint chart.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `unknown-reference`, `already-exists`, `not-permitted`
 */
export async function registerPartner(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { clientId, primaryClinicianId }: PartnerRegistration,
): Promise<Couple> {
  const couple = await openForChange(trx, id, version, ['secondClientId'])
  const { row } = couple
  if (row.second_client_id) {
    throw new Problem('invalid-state', { detail: 'Both partners are clients already.' })
  }
  if (clientId === row.first_client_id) throw sameClient('/clientId')
  const clinicianId = openingClinician(trx, primaryClinicianId ?? row.opening_clinician_id ?? undefined)
  await requireLinkable(trx, clientId)
  const clientIds: [string, string] = [row.first_client_id, clientId]
  const refusal = await alreadyLinked(trx, { clientIds, relatedPersonId: null })
  if (refusal) throw refusal
  const chartId = await openCoupleChart(trx, clientIds, careTeam(clinicianId))
  const changed = await update(trx, couple, version, { second_client_id: clientId, chart_id: chartId })
  repository.startPeriods(trx, id, clientIds)
  emit(trx, { type: 'couple.partner-registered', resourceId: id, resourceVersion: changed.version, chartId })
  return getCouple(trx, id)
}

/**
 * Records a step in the life of the couple. Nothing that was recorded before is changed.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function changeStatus(
  trx: PracticeTransaction,
  id: string,
  version: number,
  step: CoupleStatusStep,
): Promise<Couple> {
  const couple = await openForChange(trx, id, version, Object.keys(step))
  const { row } = couple
  checkStatusStep(row.status as CoupleStatus, step.status)
  await checkStep(trx, row, step)
  const present = await repository.presentClientIds(trx, id)
  const named = step.leavingClientIds ?? []
  if (named.length > 0 && (step.status === 'rejoined' || !named.every(one => present.includes(one)))) {
    throw invalidField('/leavingClientIds', 'present', 'Only a partner in the joint care can leave it.')
  }
  const left = leaving(step.status, present, named)
  const back = couple.chart ? returning(step.status, couple.clientIds, present) : []
  const changed = await update(trx, couple, version, { status: step.status, status_from: step.effectiveOn })
  repository.endPeriods(trx, id, left)
  repository.startPeriods(trx, id, back)
  await recordStatus(trx, id, step)
  if (couple.chart) await changeMembers(trx, couple.chart.id, { left, joined: back })
  if (couple.chart && step.status === 'ended') await closeChart(trx, couple.chart.id)
  emit(trx, {
    type: 'couple.status-changed',
    resourceId: id,
    resourceVersion: changed.version,
    ...chartOf(row),
  })
  return toCouple(trx, changed)
}

/**
 * Says in whose name the couple is billed from a day on, past or to come: what was billed before keeps
 * the name it had.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function setIdentifiedPatient(
  trx: PracticeTransaction,
  id: string,
  version: number,
  choice: IdentifiedPatientChoice,
): Promise<Couple> {
  const couple = await openForChange(trx, id, version, ['identifiedPatientId'])
  if (choice.clientId && !couple.clientIds.includes(choice.clientId)) throw notAPartner()
  const changed = await update(trx, couple, version, {})
  await repository.insertIdentifiedPatient(trx, {
    id: uuidv7(),
    couple_id: id,
    client_id: choice.clientId,
    effective_from: choice.effectiveOn,
    recorded_by: recorder(trx),
  })
  emit(trx, {
    type: 'couple.identified-patient-changed',
    resourceId: id,
    resourceVersion: changed.version,
    ...chartOf(changed),
  })
  return toCouple(trx, changed)
}

async function openForChange(
  trx: PracticeTransaction,
  id: string,
  version: number,
  fields: string[],
): Promise<OpenCouple> {
  const couple = await openCouple(trx, id, { write: true })
  trx.audit({ fields })
  atVersion(couple.row, version)
  return couple
}

function update(
  trx: PracticeTransaction,
  { id }: OpenCouple,
  version: number,
  changes: Parameters<typeof repository.updateCouple>[3],
): Promise<repository.CoupleRow> {
  return repository
    .updateCouple(trx, id, version, changes)
    .then(changed => changedOrRefused(changed, () => repository.findCouple(trx, id)))
}

async function checkStep(
  trx: PracticeTransaction,
  row: repository.CoupleRow,
  step: CoupleStatusStep,
): Promise<void> {
  if ((step.status === 'ended') !== (step.endReason !== undefined)) {
    throw invalidField('/endReason', 'with-ended', 'Required with `ended`, and only there.')
  }
  if (step.effectiveOn < row.status_from) {
    throw invalidField('/effectiveOn', 'order', 'Not before the status it follows.')
  }
  await checkNotFuture(trx, '/effectiveOn', step.effectiveOn)
}

async function recordStatus(
  trx: PracticeTransaction,
  coupleId: string,
  { status, effectiveOn, reason, endReason }: Omit<CoupleStatusStep, 'status'> & { status: CoupleStatus },
): Promise<void> {
  const id = uuidv7()
  repository.insertStatusChange(trx, {
    id,
    couple_id: coupleId,
    status,
    effective_from: effectiveOn,
    end_reason: endReason ?? null,
    reason_sealed: reason === undefined ? null : await trx.seal(sealedReason(id), reason),
    recorded_by: recorder(trx),
  })
}

const careTeam = (clinicianId: string | null) =>
  clinicianId ? [{ staffId: clinicianId, role: 'primary' as const }] : []

const chartOf = (row: repository.CoupleRow) => (row.chart_id ? { chartId: row.chart_id } : {})

async function toCouple(trx: PracticeTransaction, row: repository.CoupleRow): Promise<Couple> {
  return (await couplesView(trx, [row]))(row)
}

async function couplesView(
  trx: PracticeTransaction,
  rows: readonly repository.CoupleRow[],
): Promise<(row: repository.CoupleRow) => Couple> {
  const ids = rows.map(row => row.id)
  const [members, identified, day] = await Promise.all([
    membersOf(trx, rows),
    repository.listIdentifiedPatients(trx, ids),
    today(trx),
  ])
  const patients = new Map(
    identified
      .filter(entry => entry.effective_from <= day)
      .map(entry => [entry.couple_id, entry.client_id] as const),
  )
  return row => ({
    id: row.id,
    members: members(row),
    chartId: row.chart_id,
    status: row.status as CoupleStatus,
    statusEffectiveOn: row.status_from,
    identifiedPatientId: patients.get(row.id) ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  })
}

import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit, emitAll } from '../../lib/events.ts'
import { unknownReference } from '../../lib/problems.ts'
import * as careTeams from './care-team.repository.ts'
import type { CareTeamRole } from './care-team.schemas.ts'
import * as repository from './charts.repository.ts'

/** Somebody to put on a new chart's care team, from today on. */
export interface NewTeamMember {
  staffId: string
  role: CareTeamRole
}

/**
 * Opens the individual chart of a client who was just created. The caller has decided that the actor may.
 *
 * @returns the chart's id
 * @throws Problem `unknown-reference` for a care team of others than active clinicians
 */
export function openIndividualChart(
  trx: PracticeTransaction,
  clientId: string,
  careTeam: readonly NewTeamMember[] = [],
): Promise<string> {
  return open(trx, { kind: 'individual', name: null }, [clientId], careTeam)
}

/** Opens the individual charts of many clients who were just created (an import), without care teams. */
export async function openIndividualCharts(
  trx: PracticeTransaction,
  clientIds: readonly string[],
): Promise<void> {
  const charts = clientIds.map(clientId => ({ id: uuidv7(), clientId }))
  await repository.insertIndividualCharts(trx, charts)
  emitAll(
    trx,
    charts.map(({ id }) => ({ type: 'chart.opened', resourceId: id, resourceVersion: 1, chartId: id })),
  )
}

/** Opens the joint chart of a couple. Nobody comes onto its care team by being on a partner's. */
export function openCoupleChart(
  trx: PracticeTransaction,
  clientIds: readonly [string, string],
  careTeam: readonly NewTeamMember[] = [],
): Promise<string> {
  return open(trx, { kind: 'couple', name: null }, clientIds, careTeam)
}

/** Opens a group's chart, without members: they join over time. */
export function openGroupChart(
  trx: PracticeTransaction,
  name: string,
  careTeam: readonly NewTeamMember[],
): Promise<string> {
  return open(trx, { kind: 'group', name }, [], careTeam)
}

/**
 * Closes a chart with its cause (discharge, the end of couple work); closing a closed one changes
 * nothing. The caller has decided that the actor may.
 */
export async function closeChart(trx: PracticeTransaction, chartId: string): Promise<void> {
  const row = await repository.setStatus(trx, chartId, 'closed')
  if (row) emit(trx, { type: 'chart.closed', resourceId: chartId, resourceVersion: row.version, chartId })
}

async function open(
  trx: PracticeTransaction,
  chart: { kind: 'individual' | 'couple' | 'group'; name: string | null },
  clientIds: readonly string[],
  careTeam: readonly NewTeamMember[],
): Promise<string> {
  const id = uuidv7()
  // Sent in this order, in one round trip.
  const [, , onTeam] = await Promise.all([
    repository.insertChart(trx, { id, ...chart }),
    repository.insertMembers(trx, id, clientIds),
    careTeams.insertFirstMembers(trx, id, careTeam),
  ])
  if (careTeam.some(({ staffId }) => !onTeam.has(staffId))) throw noClinician('/primaryClinicianId')
  trx.audit({ chartId: id, clientIds: [...clientIds] })
  emit(trx, { type: 'chart.opened', resourceId: id, resourceVersion: 1, chartId: id })
  return id
}

/** Others than active clinicians (an associate is one) are on no care team. */
export const noClinician = (pointer: string) =>
  unknownReference(pointer, 'Only active clinicians can be on a care team.')

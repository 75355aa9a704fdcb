import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { invalidField, unknownReference } from '../../../lib/problems.ts'
import type { OpenChart } from '../../charts/index.ts'
import { type ClientClock, type ClientMoment, clientClock, clientMoment } from '../../clients/index.ts'
import { findAppointment } from '../../scheduling/index.ts'
import { canonicalId } from '../documents/ids.ts'
import { type RecordKind, withdrawn } from './kind.ts'
import type { DataClass, RecordRow, Sight } from './records.repository.ts'
import * as repository from './records.repository.ts'
import { refuseLinks } from './records.rules.ts'
import type { NewRecoveryRecord } from './records.schemas.ts'

/** What of the input decides how guarded the record is, before anything was looked up. */
export function classOf(kind: RecordKind, { behaviorId, content }: NewRecoveryRecord): DataClass {
  const restricted = kind.dataClass === 'restricted' || behaviorId || kind.restrictedWhen?.(content)
  return restricted ? 'restricted' : 'clinical'
}

/**
 * Checks what the record is about and belongs to. What belongs to something restricted is so too.
 *
 * @throws Problem `invalid-request`, `unknown-reference`
 */
export async function classInContext(
  trx: PracticeTransaction,
  sight: Sight,
  kind: RecordKind,
  { addictionId, behaviorId, relatedRecordId, ...input }: NewRecoveryRecord,
): Promise<DataClass> {
  const [related, hasAddiction, hasBehavior] = await Promise.all([
    relatedRecordId ? repository.findHead(trx, sight, relatedRecordId) : undefined,
    !addictionId || repository.hasSubject(trx, sight.chart, 'addiction', addictionId),
    !behaviorId || repository.hasSubject(trx, sight.chart, 'behavior', behaviorId),
  ])
  if (!hasAddiction) throw unknownReference('/addictionId')
  if (!hasBehavior) throw unknownReference('/behaviorId')
  const fits = related && kind.related?.kinds.includes(related.kind) && related.status !== withdrawn
  if (relatedRecordId && !fits) throw unknownReference('/relatedRecordId')
  const own = classOf(kind, { ...input, ...given({ behaviorId }) })
  return related?.data_class === 'restricted' ? 'restricted' : own
}

/**
 * The kind has to be one of this chart's, and what is about one partner names a present one.
 *
 * @throws Problem `invalid-request`, `unknown-reference`
 */
export function checkPlace(
  kind: RecordKind,
  { chart }: Sight,
  { clientId, addictionId, behaviorId }: NewRecoveryRecord,
) {
  if (chart.kind === 'group' || !kind.charts.includes(chart.kind))
    throw invalidField('/kind', 'chart-kind', 'Records of this kind are not kept in a chart of this kind.')
  if (clientId && chart.kind !== 'couple')
    throw invalidField(
      '/clientId',
      'chart-kind',
      'Only in the chart of a couple a record names whom it is about.',
    )
  if (clientId && !chart.clientIds.includes(clientId)) throw unknownReference('/clientId')
  if (addictionId && behaviorId)
    throw invalidField('/behaviorId', 'one-of', 'It is about an addiction or about a behavior, not both.')
  if (kind.subject === 'required' && !addictionId && !behaviorId)
    throw invalidField('/addictionId', 'required', 'Say which addiction or behavior it is about.')
}

/** What day it is where the client lives, and on which day there the time of day lay that the content says. */
export function clockFor(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: RecordKind,
  { content }: NewRecoveryRecord,
): Promise<ClientClock | ClientMoment> {
  const at = kind.moment?.(content)
  return at === undefined ? clientClock(trx, chart) : clientMoment(trx, chart, at)
}

/** @throws Problem `unknown-reference` where the content names what is no such document of the chart, or is not in use */
export async function requireTools(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: RecordKind,
  { content }: NewRecoveryRecord,
): Promise<void> {
  const named = (kind.tools?.(content) ?? []).filter(({ id }) => id !== undefined)
  if (named.length === 0) return
  const known = await repository.toolsInUse(
    trx,
    chart,
    named.flatMap(({ id }) => id ?? []),
  )
  for (const { kind: tool, field, id } of named)
    if (!known.has(`${tool} ${canonicalId(id ?? '')}`)) throw unknownReference(`/content/${field}`)
}

/** @throws Problem `unknown-reference` where it is no appointment of this chart */
export async function requireSession(
  trx: PracticeTransaction,
  chart: OpenChart,
  { appointmentId }: NewRecoveryRecord,
): Promise<void> {
  if (!appointmentId) return
  const session = await findAppointment(trx, appointmentId)
  if (session?.chartId !== chart.id) throw unknownReference('/appointmentId')
}

/** @throws Problem `invalid-request` */
export function checkContent(kind: RecordKind, { content }: NewRecoveryRecord, by: 'staff' | 'client'): void {
  if (kind.noLinks || by === 'client') refuseLinks(content)
  if (by === 'client' && kind.isClients && !kind.isClients(content))
    throw invalidField('/content', 'not-own', 'At the portal clients say this of themselves only.')
  kind.check?.(content)
}

/** @throws Problem `invalid-request` */
export function checkSame(row: RecordRow, input: NewRecoveryRecord): void {
  const fixed = [
    ['/kind', row.kind, input.kind],
    ['/clientId', row.client_id, input.clientId ?? row.client_id],
    ['/addictionId', row.addiction_id, input.addictionId ?? row.addiction_id],
    ['/behaviorId', row.behavior_id, input.behaviorId ?? row.behavior_id],
    ['/relatedRecordId', row.related_id, input.relatedRecordId ?? row.related_id],
    ['/correctsRecordId', row.corrects_id, input.correctsRecordId ?? row.corrects_id],
    ['/appointmentId', row.appointment_id, input.appointmentId ?? row.appointment_id],
  ] as const
  for (const [pointer, was, is] of fixed) {
    if (was !== is) throw invalidField(pointer, 'fixed', 'This never changes: write another record instead.')
  }
}

import type { Insertable, Selectable } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { NeurofeedbackProtocolChanges, NeurofeedbackProtocols } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { ProtocolStatus } from './protocols.rules.ts'

export type ProtocolRow = Selectable<NeurofeedbackProtocols>
export type ChangeRow = Selectable<NeurofeedbackProtocolChanges>

/** A protocol with the settings in force, still sealed at the version that set them. */
export interface ProtocolInForce extends ProtocolRow {
  set_at_version: number
  content_sealed: Buffer
}

const protocols = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('neurofeedback_protocols as p')
    .innerJoin('neurofeedback_protocol_changes as c', join =>
      join
        .onRef('c.practice_id', '=', 'p.practice_id')
        .onRef('c.protocol_id', '=', 'p.id')
        .onRef('c.revision', '=', 'p.revision')
        .on('c.content_sealed', 'is not', null),
    )
    .selectAll('p')
    .select(['c.version as set_at_version', 'c.content_sealed'])
    .$narrowType<{ content_sealed: Buffer }>()
    .where('p.practice_id', '=', trx.practiceId)
    .where('p.chart_id', '=', chart.id)

/** One row more than asked for, the newest first. */
export function listProtocols(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, status, after }: { limit: number; status: ProtocolStatus | undefined; after: string | undefined },
): Promise<ProtocolInForce[]> {
  let query = protocols(trx, chart)
  if (status) query = query.where('p.status', '=', status)
  if (after) query = query.where('p.id', '<', after)
  return query
    .orderBy('p.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export function findProtocol(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<ProtocolRow | undefined> {
  return trx
    .selectFrom('neurofeedback_protocols')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Oldest first. */
export function listChanges(trx: PracticeTransaction, id: string): Promise<ChangeRow[]> {
  return trx
    .selectFrom('neurofeedback_protocol_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('protocol_id', '=', id)
    .orderBy('version')
    .execute()
}

export function insertProtocol(trx: PracticeTransaction, chart: OpenChart, id: string): Promise<ProtocolRow> {
  return trx
    .insertInto('neurofeedback_protocols')
    .values({ practice_id: trx.practiceId, id, chart_id: chart.id })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function insertChange(
  trx: PracticeTransaction,
  values: Omit<Insertable<NeurofeedbackProtocolChanges>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('neurofeedback_protocol_changes')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Protocols of a chart that are in use now. */
export async function activeIds(trx: PracticeTransaction, chart: OpenChart): Promise<string[]> {
  const rows = await trx
    .selectFrom('neurofeedback_protocols')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('status', '=', 'active')
    .execute()
  return rows.map(({ id }) => id)
}

/** Protocols of a chart with how many settings each has had, by their ids. */
export async function revisionsOf(
  trx: PracticeTransaction,
  chart: OpenChart,
): Promise<ReadonlyMap<string, number>> {
  const rows = await trx
    .selectFrom('neurofeedback_protocols')
    .select(['id', 'revision'])
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .execute()
  return new Map(rows.map(({ id, revision }) => [id, revision]))
}

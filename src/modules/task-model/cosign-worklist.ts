import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { component, Id, Instant, listOf, PageQuery, strictObject, Version } from '../../lib/schemas.ts'
import { isChartWithin, useEmergencyForCharts } from '../charts/index.ts'
import { superviseeIds } from '../practice/index.ts'
import { Contents } from './journey.view.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { findContents, type VersionRow } from './templates.repository.ts'

const AwaitingCosign = component(
  'TaskAwaitingCosign',
  strictObject(
    {
      taskId: Id('The task.', ids.task),
      journeyId: Id('The journey.', ids.journey),
      chartId: Id('The chart.', ids.chart),
      key: Type.String(),
      label: Type.String(),
      signerId: Id('The supervisee who signed it.', ids.staff),
      waitingSince: Instant('When it was signed.', when),
      version: Version,
    },
    {
      description: 'A task that waits for the caller’s co-signature.',
      examples: [
        {
          taskId: ids.task,
          journeyId: ids.journey,
          chartId: ids.chart,
          key: 'safe_place',
          label: 'Make a safe place',
          signerId: ids.staff,
          waitingSince: when,
          version: 4,
        },
      ],
    },
  ),
)

export const CosignQuery = strictObject(PageQuery)
export const CosignPage = listOf('TaskAwaitingCosignPage', AwaitingCosign)

type AwaitingCosign = Static<typeof AwaitingCosign>

const need = { dataClass: 'clinical', permission: 'programs:cosign' } as const

/** What supervisees signed and the caller has not, the longest waiting first. @throws Problem `invalid-cursor` */
export async function listAwaitingCosign(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: Static<typeof CosignQuery>,
): Promise<Page<AwaitingCosign>> {
  trx.audit({ resourceType: 'journey-task' })
  const key = trx.cursorKey({}, cursor)
  const { staffId } = trx.scope.actor
  const rows = staffId ? await findAwaiting(trx, staffId, { limit, key }) : []
  const contents = new Contents(await findContents(trx, rows))
  const shown = rows.slice(0, limit).map(row => row.chart_id)
  trx.audit({ chartIds: shown })
  await useEmergencyForCharts(trx, shown, need.dataClass, need.permission)
  return toPage(
    rows,
    limit,
    row => toEntry(row, contents.of(row)),
    row => trx.cursorAfter({}, [row.since, row.id]),
  )
}

function findAwaiting(
  trx: PracticeTransaction,
  staffId: string,
  { limit, key }: { limit: number; key: readonly (string | number)[] | undefined },
) {
  let query = trx
    .selectFrom('journey_tasks as t')
    .innerJoin('journeys as j', join =>
      join.onRef('j.practice_id', '=', 't.practice_id').onRef('j.id', '=', 't.journey_id'),
    )
    .select(['t.id', 't.journey_id', 'j.chart_id', 't.template_id', 't.template_number', 't.task_key'])
    .select(['t.status_since', 't.version'])
    .select(eb => eb.ref('t.signer_id').$notNull().as('signer_id'))
    // To the microsecond: a JavaScript date would cut it, and the next page would repeat rows.
    .select(sql<string>`t.status_since::text`.as('since'))
    .where('t.practice_id', '=', trx.practiceId)
    .where('t.signer_id', 'in', superviseeIds(trx, staffId))
    .where('t.status', '=', 'pending_cosign')
    .where('t.dropped_at', 'is', null)
    .where(isChartWithin(trx, 'j.chart_id', need))
  if (key)
    query = query.where(sql<boolean>`(t.status_since, t.id) > (${key[0]}::timestamptz, ${key[1]}::uuid)`)
  return query
    .orderBy('t.status_since')
    .orderBy('t.id')
    .limit(limit + 1)
    .execute()
}

type Row = Awaited<ReturnType<typeof findAwaiting>>[number]

const toEntry = (row: Row, { content }: VersionRow): AwaitingCosign => ({
  taskId: row.id,
  journeyId: row.journey_id,
  chartId: row.chart_id,
  key: row.task_key,
  label: content.tasks.find(({ key }) => key === row.task_key)?.label ?? row.task_key,
  signerId: row.signer_id,
  waitingSince: row.status_since.toISOString(),
  version: row.version,
})

import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emitAll } from '../../lib/events.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { openIndividualCharts } from '../charts/index.ts'
import { holdersOf, insertContactPoints, insertExternalIds } from './clients.repository.ts'
import * as repository from './imports.repository.ts'
import { type CellProblem, readRow } from './imports.rules.ts'
import { type ClientImport, type ImportReport, type ImportRows, mostRows } from './imports.schemas.ts'
import { insertTerms } from './search.repository.ts'
import { wordsOf } from './search-terms.ts'

/** Begins an import; those that were forgotten for a day are discarded. */
export async function beginImport(trx: PracticeTransaction, dryRun: boolean): Promise<ClientImport> {
  await repository.discardForgotten(trx)
  const row = await repository.insertImport(trx, dryRun)
  trx.audit({ resourceType: 'client-import', resourceId: row.id })
  return toImport(row)
}

/** @throws Problem `not-found` */
export async function getImport(trx: PracticeTransaction, id: string): Promise<ClientImport> {
  trx.audit({ resourceType: 'client-import', resourceId: id })
  const row = await repository.findImport(trx, id)
  if (!row) throw notFound()
  return toImport(row)
}

/**
 * Checks rows and keeps the valid ones until the commit.
 *
 * @throws Problem `not-found`, `invalid-state` when it is no longer open, or holds too many rows
 */
export async function stageRows(
  trx: PracticeTransaction,
  importId: string,
  { rows }: ImportRows,
): Promise<ImportReport> {
  const found = await lockOpen(trx, importId)
  if (found.row_count + found.problem_count + rows.length > mostRows) {
    throw new Problem('invalid-state', { detail: `An import holds at most ${mostRows} rows.` })
  }
  const staged: repository.StagedRow[] = []
  const problems: ImportReport['problems'] = []
  const now = new Date()
  for (const { row, values } of rows) {
    const read = readRow(values, now)
    if (Array.isArray(read)) problems.push(...read.map(problem => ({ row, ...problem })))
    else staged.push({ row, content: { ...read, id: uuidv7() }, externalKey: keyOf(read.externalId) })
  }
  const clashes = await clashesOf(trx, importId, staged)
  problems.push(...clashes)
  const clashing = new Set(clashes.map(problem => problem.row))
  const valid = staged.filter(({ row }) => !clashing.has(row))
  await repository.insertRows(trx, importId, valid)
  await indexAhead(trx, valid)
  await repository.updateImport(trx, found, {
    row_count: found.row_count + valid.length,
    problem_count: found.problem_count + rows.length - valid.length,
  })
  return { accepted: valid.length, problems: problems.toSorted((a, b) => a.row - b.row) }
}

/**
 * Makes all rows clients at once, or none.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` for a dry run, an import with problems, or one of another
 *   number of rows; `already-exists` when an external id was taken meanwhile
 */
export async function commitImport(
  trx: PracticeTransaction,
  importId: string,
  version: number,
  rowCount: number,
): Promise<ClientImport> {
  const found = await lockOpen(trx, importId)
  if (found.version !== version) throw new Problem('stale-version')
  const obstacle = obstacleTo(found, rowCount)
  if (obstacle) throw new Problem('invalid-state', { detail: obstacle })
  const clients = await repository.readRows(trx, importId)
  await repository.insertClients(trx, clients)
  await insertContactPoints(
    trx,
    clients.flatMap(({ id, points }) =>
      points.map((point, position) => ({ ...point, clientId: id, position })),
    ),
  )
  const externalIds = clients.flatMap(({ id, externalId }) =>
    externalId ? [{ clientId: id, ...externalId }] : [],
  )
  if ((await insertExternalIds(trx, externalIds)) < externalIds.length) {
    throw new Problem('already-exists', {
      detail: 'An external id was taken while the file was on its way in.',
    })
  }
  await repository.insertFirstStatuses(trx, clients)
  const ids = clients.map(client => client.id)
  await openIndividualCharts(trx, ids)
  emitAll(
    trx,
    ids.map(id => ({ type: 'client.created', resourceId: id, resourceVersion: 1 })),
  )
  trx.audit({ clientIds: ids })
  await repository.deleteRows(trx, importId)
  return toImport(await repository.updateImport(trx, found, { status: 'committed' }))
}

/** Throws away what was staged. @throws Problem `not-found`, `invalid-state` when it was committed */
export async function discardImport(trx: PracticeTransaction, importId: string): Promise<void> {
  const found = await lockOpen(trx, importId)
  await repository.forgetRows(trx, importId)
  await repository.updateImport(trx, found, { status: 'discarded' })
}

/** Search terms are the bulk of the writing; done with each chunk, they leave the commit well within its time. */
async function indexAhead(trx: PracticeTransaction, rows: readonly repository.StagedRow[]): Promise<void> {
  await insertTerms(
    trx,
    rows.map(({ content: { id, legalGivenName, legalFamilyName, preferredName } }) => ({
      clientId: id,
      words: wordsOf(`${legalGivenName} ${legalFamilyName} ${preferredName ?? ''}`),
    })),
  )
}

async function lockOpen(trx: PracticeTransaction, importId: string): Promise<repository.ImportRow> {
  trx.audit({ resourceType: 'client-import', resourceId: importId })
  const row = await repository.findImport(trx, importId, { lock: true })
  if (!row) throw notFound()
  if (row.status !== 'staged') throw new Problem('invalid-state', { detail: `It was ${row.status} before.` })
  return row
}

function obstacleTo(row: repository.ImportRow, rowCount: number): string | undefined {
  if (row.dry_run) return 'This is a dry run. Begin an import with `dryRun: false`.'
  if (row.problem_count > 0) return 'Some rows were not valid. Correct the file and begin anew.'
  if (row.row_count !== rowCount) return 'The number of rows that arrived is another one.'
  return undefined
}

/** What a row shares with others of the file, or with clients who are here already. */
async function clashesOf(
  trx: PracticeTransaction,
  importId: string,
  staged: readonly repository.StagedRow[],
): Promise<ImportReport['problems']> {
  const keys = staged.flatMap(row => row.externalKey ?? [])
  const before = await repository.findStaged(trx, importId, { rows: staged.map(row => row.row), keys })
  const holders = await holdersOf(
    trx,
    staged.flatMap(row => row.content.externalId ?? []),
  )
  const taken = new Set(holders.map(keyOf))
  const problems: ImportReport['problems'] = []
  for (const { row, externalKey } of staged) {
    const problem = clashOf({ row, externalKey }, before, taken)
    if (problem) problems.push({ row, ...problem })
    before.rows.add(row)
    if (externalKey) before.keys.add(externalKey)
  }
  return problems
}

function clashOf(
  { row, externalKey }: Pick<repository.StagedRow, 'row' | 'externalKey'>,
  before: { rows: Set<number>; keys: Set<string> },
  taken: ReadonlySet<string | null>,
): CellProblem | undefined {
  if (before.rows.has(row)) return { column: 'legal_given_name', code: 'repeated-row' }
  if (externalKey === null) return undefined
  if (before.keys.has(externalKey)) return { column: 'external_id', code: 'repeated' }
  return taken.has(externalKey) ? { column: 'external_id', code: 'taken' } : undefined
}

const keyOf = (id: { system: string; value: string } | null) => (id ? `${id.system}|${id.value}` : null)

const toImport = (row: repository.ImportRow): ClientImport => ({
  id: row.id,
  dryRun: row.dry_run,
  status: row.status as ClientImport['status'],
  rowCount: row.row_count,
  problemCount: row.problem_count,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

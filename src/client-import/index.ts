import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type CairnClient, createCairnClient } from '../../openapi/client/index.ts'
import { readRows } from './read-rows.ts'

export { decodeText, NotUnicode } from './read-rows.ts'

export interface ImportOptions {
  /** Where the service listens. */
  url: string
  /** Access token of somebody with `clients:import`. */
  token: string
  /** Path of the CSV file; its header is in docs/import.md. */
  file: string
  /** Without it nothing is written: the file is only looked at. */
  commit: boolean
  onProgress?: (done: number, total: number) => void
}

/** What is wrong with one cell: where and why, never its value. */
export interface RowProblem {
  row: number
  column: string
  code: string
}

export interface ImportResult {
  rows: number
  problems: RowProblem[]
  committed: boolean
}

const rowsAtOnce = 500

/**
 * Takes a practice's own export of clients in, through the API: every row is looked at first, and only a file
 * without a problem is committed, whole.
 *
 * @throws ImportRefused when the service refuses, CsvError when the file is no CSV with the known header, NotUnicode
 */
export async function importClientFile({
  url,
  token,
  file,
  commit,
  onProgress,
}: ImportOptions): Promise<ImportResult> {
  const rows = readRows(await readFile(file))
  const client = createCairnClient({ baseUrl: url, token })
  const begun = await accepted(
    client.POST('/v1/client-imports', { params: once(), body: { dryRun: !commit } }),
  )
  const path = { importId: begun.id }
  const problems: RowProblem[] = []
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const chunk = rows.slice(at, at + rowsAtOnce)
    const report = await accepted(
      client.POST('/v1/client-imports/{importId}/rows', {
        params: { path, ...once() },
        body: { rows: chunk },
      }),
    )
    problems.push(...report.problems)
    onProgress?.(Math.min(at + rowsAtOnce, rows.length), rows.length)
  }
  const mayCommit = commit && problems.length === 0
  if (mayCommit) await commitAll(client, path, rows.length)
  else await accepted(client.DELETE('/v1/client-imports/{importId}', { params: { path } }))
  return { rows: rows.length, problems, committed: mayCommit }
}

async function commitAll(client: CairnClient, path: { importId: string }, rowCount: number): Promise<void> {
  const now = await accepted(client.GET('/v1/client-imports/{importId}', { params: { path } }))
  const header = { ...once().header, 'if-match': `"v${now.version}"` }
  await accepted(
    client.POST('/v1/client-imports/{importId}/commit', { params: { path, header }, body: { rowCount } }),
  )
}

const once = () => ({ header: { 'idempotency-key': randomUUID() } })

/** The service said no; the message is its advice. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}

async function accepted<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call
  if (response.ok) return data as T
  const problem = error as { code?: string; detail?: string } | undefined
  throw new ImportRefused(
    `${response.status} ${problem?.code ?? ''}: ${problem?.detail ?? 'the service did not say why'}`,
  )
}

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findPlacement } from '../../../../src/embedded/placement.ts'
import { asAdmin } from '../../test-server.ts'
import { type Form, type Hit, hitsIn } from './forms.ts'
import type { Stage } from './stage.ts'

/**
 * Everything in the folder of the database, once it is all on disk.
 *
 * @param all also the server's own databases, which nobody ever connects to
 */
export async function searchFolder(stage: Stage, wanted: readonly Form[], { all }: { all: boolean }) {
  await asAdmin(stage.test.adminUrl, admin => admin.query('checkpoint'))
  const placement = await findPlacement(stage.dataDir)
  if (!placement) throw new Error('The database has no folder')
  const entries = await readdir(placement.cluster, { recursive: true, withFileTypes: true })
  const found: { file: string; hit: Hit }[] = []
  for (const entry of entries.filter(one => one.isFile())) {
    const file = join(entry.parentPath, entry.name)
    if (!all && /base.[145]$/.test(entry.parentPath)) continue
    const bytes = await readFile(file)
    const text = entry.parentPath.endsWith('pg_wal') ? withoutPageHeaders(bytes) : bytes
    for (const hit of hitsIn(text, wanted, 100_000)) found.push({ file, hit })
  }
  return found
}

/** WAL as one text: each page of 8 KiB begins with a header, the first of a file with a longer one. */
function withoutPageHeaders(bytes: Buffer): Buffer {
  const pages = Array.from({ length: Math.ceil(bytes.length / 8_192) }, (_, page) => page * 8_192)
  return Buffer.concat(pages.map(at => bytes.subarray(at + (at === 0 ? 40 : 24), at + 8_192)))
}

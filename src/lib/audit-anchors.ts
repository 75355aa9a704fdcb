import { open, readFile } from 'node:fs/promises'
import type { ChainHead } from './audit-chain.ts'

/**
 * Appends chain heads to the anchor file, one JSON object a line. The file belongs on other storage than the
 * database, best where lines can be added and never changed.
 */
export async function appendAnchors(
  path: string,
  heads: Iterable<ChainHead>,
  anchoredAt: Date,
): Promise<void> {
  const lines = [...heads].map(head => JSON.stringify({ ...head, anchoredAt: anchoredAt.toISOString() }))
  if (lines.length === 0) return
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(`${lines.join('\n')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** @throws Error when the file is missing or a line of it is not an anchor */
export async function readAnchors(path: string): Promise<ChainHead[]> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  return lines.flatMap((line, index) => (line === '' ? [] : [parseAnchor(path, line, index + 1)]))
}

function parseAnchor(path: string, line: string, number: number): ChainHead {
  try {
    const { practiceId, sequence, hash } = JSON.parse(line) as Partial<ChainHead>
    if (typeof practiceId === 'string' && typeof sequence === 'number' && typeof hash === 'string') {
      return { practiceId, sequence, hash }
    }
  } catch {
    // Said below, in the same words as for a line of the wrong shape.
  }
  throw new Error(`Line ${number} of ${path} is not an anchor. Was the file changed by hand?`)
}

import { open, readFile } from 'node:fs/promises'
import { type ChainHead, firstLink } from './audit-chain.ts'

/** The head of a chain right after its database was restored: what was anchored behind it is gone for a reason. */
export interface AnchoredRestore extends ChainHead {
  /** RFC 3339: the instant the database was restored to. */
  restoredTo: string
}

/**
 * Appends chain heads to the anchor file, one JSON object a line. The file belongs on other storage than the
 * database, best where lines can be added and never changed.
 */
export async function appendAnchors(
  path: string,
  heads: Iterable<ChainHead | AnchoredRestore>,
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

/**
 * Notes a restore in the anchor file. Practices that were made after the instant are in the file and no more in
 * the database: their chains end at their beginning.
 */
export async function appendRestores(
  path: string,
  chains: readonly AnchoredRestore[],
  restoredTo: string,
  anchoredAt: Date,
): Promise<void> {
  const here = new Set(chains.map(chain => chain.practiceId))
  const known = await readAnchorFile(path).catch(error => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { anchors: [] }
    throw error
  })
  const gone = new Set(known.anchors.map(anchor => anchor.practiceId).filter(id => !here.has(id)))
  const emptied = [...gone].map(practiceId => ({
    practiceId,
    sequence: 0,
    hash: firstLink.toString('hex'),
    restoredTo,
  }))
  await appendAnchors(path, [...chains, ...emptied], anchoredAt)
}

/** What an operator has to know of a restore: these rows of the log were anchored, and are lost. */
export interface LostRows {
  practiceId: string
  restoredTo: string
  first: number
  last: number
}

/** @throws Error when the file is missing or a line of it is not an anchor */
export async function readAnchors(path: string): Promise<ChainHead[]> {
  return (await readAnchorFile(path)).anchors
}

/**
 * The anchors that must hold, and what restores have cost. A restore sets aside what was anchored before it and
 * lies behind its head.
 *
 * @throws Error when the file is missing or a line of it is not an anchor
 */
export async function readAnchorFile(path: string): Promise<{ anchors: ChainHead[]; lost: LostRows[] }> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  let anchors: ChainHead[] = []
  const lost: LostRows[] = []
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const { restoredTo, ...head } = parseAnchor(path, line, index + 1)
    if (restoredTo !== undefined) {
      const behind = anchors.filter(anchor => isBehind(anchor, head))
      const last = Math.max(head.sequence, ...behind.map(anchor => anchor.sequence))
      const { practiceId, sequence } = head
      if (last > sequence) lost.push({ practiceId, restoredTo, first: sequence + 1, last })
      anchors = anchors.filter(anchor => !isBehind(anchor, head))
    }
    anchors.push(head)
  }
  return { anchors, lost }
}

const isBehind = (anchor: ChainHead, head: ChainHead) =>
  anchor.practiceId === head.practiceId && anchor.sequence > head.sequence

function parseAnchor(path: string, line: string, number: number): ChainHead & { restoredTo?: string } {
  try {
    const { practiceId, sequence, hash, restoredTo } = JSON.parse(line) as Partial<AnchoredRestore>
    if (typeof practiceId === 'string' && typeof sequence === 'number' && typeof hash === 'string') {
      return { practiceId, sequence, hash, ...(typeof restoredTo === 'string' ? { restoredTo } : {}) }
    }
  } catch {
    // Said below, in the same words as for a line of the wrong shape.
  }
  throw new Error(`Line ${number} of ${path} is not an anchor. Was the file changed by hand?`)
}

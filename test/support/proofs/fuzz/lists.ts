import type { DocumentedOperation } from '../../operations.ts'
import type { Range } from './range.ts'
import { Fault, type Seen, type Shot } from './shot.ts'

export const isList = ({ parameters }: DocumentedOperation) =>
  parameters.some(({ name }) => name === 'cursor')

const mostPages = 12

/**
 * Walks a list page by page while something is added to it: everything that was there when the walk began comes
 * once, in the order of the whole list; a page costs as many statements as the whole.
 *
 * @throws Fault
 */
export async function walkList(range: Range, operation: DocumentedOperation): Promise<void> {
  const { shot } = await range.prepare(operation)
  const needed = operation.parameters.filter(({ in: where, required }) => where === 'query' && required)
  const query = Object.fromEntries(needed.map(({ name }) => [name, shot.query[name]]))
  const asked = (more: Record<string, unknown>): Shot => ({
    ...shot,
    query: { ...query, ...more },
    change: 'list',
  })
  const limits = operation.parameters.find(({ name }) => name === 'limit')
  const most = Number(limits?.schema.maximum ?? 200)
  const whole = await page(range, asked({ limit: most }), most)
  const size = Math.max(1, Math.ceil(whole.body.data.length / (mostPages - 4)))
  const walked: string[] = []
  let cursor: unknown
  for (let turn = 0; turn < mostPages; turn++) {
    const request = asked({ limit: size, ...(cursor ? { cursor } : {}) })
    const seen = await page(range, request, size)
    walked.push(...keysOf(seen))
    // What is read for the entries shown is not asked for none.
    const isEmpty = seen.body.data.length === 0
    if (!isEmpty && Math.abs(seen.statements - whole.statements) > 3)
      throw new Fault(`${seen.statements} statements, ${whole.statements} for the whole list`, request, seen)
    cursor = seen.body.nextCursor
    if (!cursor || seen.body.data.length < size) break
    if (turn === 0) await addTo(range, shot)
  }
  const all = keysOf(whole)
  if (new Set(walked).size !== walked.length) throw new Fault('an entry comes twice', asked({ limit: size }))
  const again = walked.filter(key => all.includes(key))
  if (again.join() !== all.filter(key => again.includes(key)).join())
    throw new Fault('another order than that of the whole list', asked({ limit: size }))
  const ended = !cursor || walked.length % size !== 0
  if (ended && again.length !== all.length) throw new Fault('an entry is missing', asked({ limit: size }))
}

async function page(range: Range, shot: Shot, limit: number): Promise<Seen> {
  const seen = await range.fire(shot)
  if (seen.status !== 200) throw new Fault('a page is refused', shot, seen)
  if (seen.body.data.length > limit) throw new Fault(`more than ${limit} entries`, shot, seen)
  return seen
}

const keysOf = ({ body }: Seen): string[] =>
  (body.data as Record<string, unknown>[]).map(entry => String(entry.id ?? JSON.stringify(entry)))

/** One more entry, where the same address takes them. */
async function addTo(range: Range, { operation, params }: Shot): Promise<void> {
  const adding = range.operations.find(({ method, path }) => method === 'POST' && path === operation.path)
  if (!adding) return
  const { shot } = await range.prepare(adding)
  await range.fire({ ...shot, params, change: 'added while it is walked' })
}

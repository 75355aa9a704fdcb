import fc from 'fast-check'
import type { DocumentedOperation } from '../../operations.ts'
import { untouchedDigest } from './digest.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { afterSuccess, beforeSuccess } from './probes.ts'
import { type Range, seedFor } from './range.ts'
import { Fault, type Seen, type Shot } from './shot.ts'

/**
 * One valid request, and many that are wrong in one place. All of those are refused and change nothing; then the
 * valid one succeeds, which shows that each was refused for what was wrong with it.
 *
 * @param size how many wrong ones
 * @returns what should not have been answered
 */
export async function volley(range: Range, operation: DocumentedOperation, size: number): Promise<Fault[]> {
  const faults: Fault[] = []
  const note = async (work: () => Promise<unknown>) => {
    await work().catch(error => {
      if (!(error instanceof Fault)) throw error
      faults.push(error)
    })
  }
  const { world, shot: base } = await range.prepare(operation)
  const before = await untouchedDigest(range.test)
  for (const { mutant, runs } of drawn(range, operation, size))
    await note(() => shootMutant(range, base, mutant, runs))
  for (const probe of beforeSuccess(range, world, base))
    await note(async () => {
      const seen = await range.fire(probe.shot)
      if (!probe.statuses.includes(seen.status)) throw new Fault(`not refused`, probe.shot, seen)
    })
  const after = await untouchedDigest(range.test)
  const changed = Object.keys(after).filter(table => after[table] !== before[table])
  if (changed.length > 0) faults.push(new Fault(`refused requests changed ${changed.join(', ')}`, base))
  await note(async () => {
    const key = crypto.randomUUID()
    const valid = { ...base, key: documentsKey(operation) ? key : null, change: 'the valid request' }
    const seen = await range.fire(valid)
    range.tally.meant(operation.id, seen.status < 400)
    if (seen.status >= 400) throw new Fault('the valid request is refused', valid, seen)
    await afterSuccess(range, valid, seen, note)
  })
  return faults
}

const documentsKey = ({ parameters }: DocumentedOperation) =>
  parameters.some(({ name }) => name === 'idempotency-key')

/** Every mutant as often as there is room for, or as many of them as there is room for. */
function drawn(range: Range, operation: DocumentedOperation, size: number) {
  const all = mutantsOf(operation, range.schemas, range.fitsBody(operation))
  const seed = seedFor(range, operation.id, 'drawn')
  const [order = []] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { numRuns: 1, seed })
  const runs = Math.max(1, Math.floor(size / Math.max(1, all.length)))
  return order.slice(0, size).map(mutant => ({ mutant, runs }))
}

async function shootMutant(range: Range, base: Shot, mutant: Mutant, runs: number): Promise<void> {
  const property = fc.asyncProperty(mutant.values, async value => {
    const wrong = mutant.put(base, value)
    if (wrong === base) return
    const change = `${mutant.place}: ${mutant.kind}, ${JSON.stringify(value)?.slice(0, 120)}`
    await expectRefusal(range, { ...wrong, change }, mutant)
  })
  const seed = seedFor(range, base.operation.id, mutant.place, mutant.kind)
  const { errorInstance } = await fc.check(property, { numRuns: runs, seed })
  if (errorInstance) throw errorInstance
}

async function expectRefusal(range: Range, shot: Shot, mutant: Mutant): Promise<void> {
  const seen = await range.fire(shot)
  if (!mutant.statuses.includes(seen.status))
    throw new Fault(`expected ${mutant.statuses.join(' or ')}`, shot, seen)
  if (mutant.named && !namesPlace(seen, mutant.place))
    throw new Fault(`the refusal is not about ${mutant.place}`, shot, seen)
}

/** The pointer leads to the place, or to what surrounds it. */
function namesPlace({ body }: Seen, place: string): boolean {
  if (body?.code !== 'invalid-request') return true
  const pointer = String(body.errors?.[0]?.pointer ?? '')
  const named = (pointer.startsWith('/') || pointer === '' ? `body${pointer}` : pointer).replace(
    /^params/,
    'path',
  )
  return `${place}/`.startsWith(`${named}/`) || `${named}/`.startsWith(`${place}/`)
}

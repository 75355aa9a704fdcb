import fc from 'fast-check'
import type { Json } from '../../api-document.ts'
import type { DocumentedOperation } from '../../operations.ts'
import type { Caller } from '../../practice.ts'
import { bodyOf, callerFor, documentsHeader } from '../../world/requests.ts'
import type { World } from '../../world.ts'
import { operationAt } from './probes.ts'
import type { Range } from './range.ts'
import { Fault, type Seen, type Shot } from './shot.ts'
import { nearInstant } from './values.ts'
import { idIn, type Variant, variantsOf, varied } from './variants.ts'

/** One operation among others, on what the ones before have made. */
interface Step {
  operation: DocumentedOperation
  /** Which of those there are of each kind. */
  pick: number
  /** By somebody who may not be permitted it. */
  byAnother: boolean
  /** With the version before the current one. */
  stale: boolean
  at: string
  variant: Variant | null
}

/** Ids by the names that parameters have; what belongs together stands together. */
type Made = Readonly<Record<string, string>>[]

/** Own accounts are left out: who has signed out can ask nothing more. */
const isShared = ({ permission }: DocumentedOperation) => permission !== 'any' && permission !== 'public'

function sequenceArbitrary({ operations, schemas }: Range): fc.Arbitrary<Step[]> {
  const shared = operations.filter(isShared)
  const tags = [...new Set(shared.map(({ tag }) => tag))]
  const step = (among: readonly DocumentedOperation[]) =>
    fc.constantFrom(...among).chain(operation =>
      fc.record({
        operation: fc.constant(operation),
        pick: fc.nat(20),
        byAnother: often(1, 9),
        stale: often(1, 9),
        at: nearInstant,
        variant: fc.option(variantsOf(operation, schemas) ?? fc.constant(null), { freq: 2 }),
      }),
    )
  return fc
    .constantFrom(...tags)
    .chain(tag =>
      fc.array(
        fc.oneof(
          { weight: 5, arbitrary: step(shared.filter(operation => operation.tag === tag)) },
          { weight: 1, arbitrary: step(shared) },
        ),
        { minLength: 6, maxLength: 16 },
      ),
    )
}

const often = (yes: number, no: number) =>
  fc.oneof({ weight: no, arbitrary: fc.constant(false) }, { weight: yes, arbitrary: fc.constant(true) })

const mostMs = 30_000

/**
 * Operations in any order, each on what those before have made, with the version just read. Whatever is refused
 * leaves what it was about as it was; whatever is done raises its version, and reads as it was answered.
 *
 * @returns what should not have been answered, as the shortest sequence that shows it
 */
export async function trySequences(range: Range, runs: number, seed: number): Promise<Fault[]> {
  const property = fc.asyncProperty(sequenceArbitrary(range), async steps => {
    const world = await range.world()
    const made: Made = []
    const told: string[] = []
    for (const step of steps) {
      const change = await take(range, world, made, step).catch(error => {
        if (!(error instanceof Fault)) throw error
        error.message += `\n  after ${told.join(', ') || 'nothing'}`
        throw error
      })
      told.push(change)
    }
  })
  const { errorInstance } = await fc.check(property, { numRuns: runs, seed, interruptAfterTimeLimit: mostMs })
  if (errorInstance instanceof Fault) return [errorInstance]
  if (errorInstance) throw errorInstance
  return []
}

/** @returns what was done, in a word */
async function take(range: Range, world: World, made: Made, step: Step): Promise<string> {
  const { operation } = step
  const known = idsFor(world, made, step)
  const by = whoFor(world, step)
  const base = requestWith(known, by, step)
  const readable = readableOf(range, base)
  const before = readable && (await range.fire(readable))
  const version = versionOf(before)
  const conditional = documentsHeader(operation, 'if-match')
  const asked = step.stale && version !== undefined ? version - 1 : (version ?? 1)
  const shot = conditional ? { ...base, headers: { 'if-match': `"v${asked}"` } } : base
  const seen = await range.fire(shot)
  if (seen.status === 201) remember(range, made, seen)
  if (conditional && version !== undefined && seen.status < 300 && asked !== version)
    throw new Fault('a stale version was changed', shot, seen)
  if (readable && before?.status === 200 && operation.method !== 'GET')
    await isConsistent(range, { shot, seen, readable, before })
  return `${operation.id} ${seen.status}`
}

function whoFor(world: World, { operation, byAnother, pick }: Step): Caller | null {
  const all = Object.values(world.callers)
  return byAnother ? (all[pick % all.length] ?? null) : callerFor(world, operation.permission)
}

function idsFor(world: World, made: Made, { operation, pick }: Step): World {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  const own = made.filter(one => names.every(name => name in one))
  const others = Object.assign({}, ...made.slice(-(pick % 5)))
  // Some steps stand on what the world has from the start.
  const chosen = pick % 4 === 0 ? {} : (own[pick % Math.max(1, own.length)] ?? {})
  return { ...world, ids: { ...world.ids, ...(pick % 4 === 0 ? {} : others), ...chosen } }
}

function requestWith(world: World, by: Caller | null, { operation, variant, at }: Step): Shot {
  const fields = (operation.bodySchema?.properties ?? {}) as Json
  const now = Object.fromEntries(['startsAt'].filter(name => name in fields).map(name => [name, at]))
  const names = operation.parameters.filter(({ in: where }) => where === 'path').map(({ name }) => name)
  const needed = operation.parameters.filter(({ in: where, required }) => where === 'query' && required)
  const base: Shot = {
    operation,
    by,
    params: Object.fromEntries(names.map(name => [name, idIn(world)(name)])),
    query: Object.fromEntries(needed.map(({ name, example }) => [name, example])),
    body: bodyOf(world, operation, now),
    headers: {},
    change: 'in sequence',
  }
  return variant ? varied(base, variant, idIn(world)) : base
}

/** What a request is about, as it is read: the longest part of its path that has a version. */
function readableOf({ operations }: Range, base: Shot): Shot | undefined {
  const steps = base.operation.path.split('/')
  while (steps.length > 2) {
    const path = steps.join('/')
    const operation = operations.find(
      one => one.method === 'GET' && one.path === path && '304' in statusesOf(one),
    )
    if (operation) return { ...base, operation, query: {}, body: undefined, change: 'read before and after' }
    steps.pop()
  }
  return undefined
}

/** What has a version can be unchanged. */
const statusesOf = ({ statuses }: DocumentedOperation) => Object.fromEntries(statuses.map(one => [one, true]))

const versionOf = (seen: Seen | undefined): number | undefined =>
  typeof seen?.body?.version === 'number' ? seen.body.version : undefined

function remember(range: Range, made: Made, seen: Seen): void {
  const found = operationAt(range, String(seen.headers.location))
  if (found) made.push(found.params)
}

interface Taken {
  shot: Shot
  seen: Seen
  readable: Shot
  before: Seen
}

async function isConsistent(range: Range, { shot, seen, readable, before }: Taken): Promise<void> {
  const after = await range.fire(readable)
  if (seen.status >= 400) {
    if (after.payload !== before.payload)
      throw new Fault(`was refused and changed what is read: ${before.payload} ${after.payload}`, shot, seen)
    return
  }
  const [was = 0, is] = [versionOf(before), versionOf(after)]
  if (is === undefined) return
  if (is < was) throw new Fault(`the version went from ${was} to ${is}`, shot, seen)
  const isSame = seen.body?.id !== undefined && seen.body.id === after.body.id
  if (isSame && versionOf(seen) !== undefined && versionOf(seen) !== is)
    throw new Fault(`version ${is} is read`, shot, seen)
  if (is === was && ownFields(after) !== ownFields(before))
    throw new Fault(`changed without a new version: ${before.payload} ${after.payload}`, shot, seen)
}

/** What a record itself says. What it shows of others (names, lists) changes with their versions. */
const ownFields = ({ body }: Seen) =>
  JSON.stringify(Object.entries(body as Json).filter(([, value]) => typeof value !== 'object'))

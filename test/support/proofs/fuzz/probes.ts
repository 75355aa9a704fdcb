import { v7 as uuidv7 } from 'uuid'
import { apiClientScopes, rolePermissions } from '../../../../src/modules/charts/access-policy.ts'
import type { Json } from '../../api-document.ts'
import { refusalOf } from '../../operations.ts'
import type { Ground } from '../../world/ground.ts'
import { documentsHeader } from '../../world/requests.ts'
import type { World } from '../../world.ts'
import type { Range } from './range.ts'
import { Fault, type Seen, type Shot } from './shot.ts'

/** A request that is wrong in who asks or in what goes with it. */
export interface Probe {
  shot: Shot
  statuses: readonly number[]
}

/** What has to be refused before the valid request has done anything. */
export function beforeSuccess(range: Range, world: World, base: Shot): Probe[] {
  return [
    ...withoutToken(base),
    ...withoutRight(world, base),
    ...asTheOther(range, world, base),
    ...withoutPrecondition(range, base),
    ...unknownIds(base),
  ]
}

const probe = (base: Shot, change: string, changed: Partial<Shot>, ...statuses: number[]): Probe => ({
  shot: { ...base, ...changed, change },
  statuses,
})

function withoutToken(base: Shot): Probe[] {
  if (!base.by) return []
  const { token } = base.by
  const forged = `${token.slice(0, -6)}${token.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`
  const [head, , tail] = token.split('.')
  const wrong = [
    null,
    'Bearer',
    'Bearer nonsense',
    `Basic ${token}`,
    `Bearer ${forged}`,
    `Bearer ${head}..${tail}`,
  ]
  return wrong.map((authorization, which) => probe(base, `token ${which}`, { authorization }, 401))
}

function withoutRight({ callers }: World, base: Shot): Probe[] {
  const { permission } = base.operation
  if (!base.by || permission === 'any') return []
  const granted: Record<keyof Ground['callers'], readonly string[]> = {
    owner: rolePermissions.owner,
    admin: rolePermissions.admin,
    clinician: rolePermissions.clinician,
    associate: rolePermissions.clinician,
    supervisor: rolePermissions.supervisor,
    outsider: rolePermissions.clinician,
    biller: rolePermissions.biller,
    integration: apiClientScopes,
    portal: ['portal:use'],
  }
  const refused = Object.entries(callers).filter(
    ([name]) => !granted[name as keyof typeof granted].includes(permission),
  )
  const [status] = refusalOf(base.operation)
  return refused.map(([name, by]) => probe(base, `as ${name}`, { by }, status))
}

/** The same as the same one of the other practice: there is no such thing. */
function asTheOther({ other }: Range, { callers }: World, base: Shot): Probe[] {
  if (!base.by || Object.keys(base.params).length === 0) return []
  const names = Object.keys(callers) as (keyof World['callers'])[]
  // Who was made for this request alone is a client at the portal, or may do what an owner may.
  const anybody = base.operation.permission === 'portal:use' ? 'portal' : 'owner'
  const by = other.callers[names.find(name => callers[name] === base.by) ?? anybody]
  return [probe(base, 'as the other practice', { by }, 404)]
}

function withoutPrecondition({ document }: Range, base: Shot): Probe[] {
  const { operation } = base
  const { 'if-match': _, ...others } = base.headers
  const described = (document.paths as Record<string, Record<string, Json>>)[operation.path]
  const codes = described?.[operation.method.toLowerCase()]?.['x-problem-codes'] as string[] | undefined
  return [
    ...(documentsHeader(operation, 'if-match')
      ? [probe(base, 'without If-Match', { headers: others }, 428)]
      : []),
    ...(codes?.includes('idempotency-key-required')
      ? [probe(base, 'without Idempotency-Key', { key: null }, 428)]
      : []),
  ]
}

function unknownIds(base: Shot): Probe[] {
  return Object.entries(base.params)
    .filter(([, value]) => value.length === 36)
    .map(([name]) => probe(base, `unknown ${name}`, { params: { ...base.params, [name]: uuidv7() } }, 404))
}

type Note = (work: () => Promise<unknown>) => Promise<void>

/** What has to hold once the valid request has succeeded. */
export async function afterSuccess(range: Range, done: Shot, seen: Seen, note: Note): Promise<void> {
  const { operation } = done
  if (seen.status === 201) await note(() => isReadable(range, done, seen))
  if (operation.method === 'GET') await note(() => isStillTheSame(range, done, seen))
  if (done.key) await note(() => isReplayed(range, done, seen))
  else if (documentsHeader(operation, 'if-match')) await note(() => isDoneOnce(range, done))
  // Where the path ends in an id something is gone; elsewhere a state is ended, which may be said twice.
  const isOne = operation.path.endsWith('}')
  if (operation.method === 'DELETE' && seen.status === 204 && isOne) await note(() => isGone(range, done))
}

/** What was made can be read where Location says, and is what was answered. */
async function isReadable(range: Range, done: Shot, seen: Seen): Promise<void> {
  // What its maker reads nowhere again, as a token, has no address: that it is documented so is checked of every answer.
  if (seen.headers.location === undefined) return
  const location = String(seen.headers.location)
  // The person who is to sign in first has nobody to read as yet.
  if (!done.by) return
  const get = operationAt(range, location)
  if (!get) throw new Fault(`Location ${location} is no address of the API`, done, seen)
  const shot: Shot = { ...get, by: done.by, body: undefined, headers: {}, change: 'its Location' }
  const read = await range.fire(shot)
  if (read.status !== 200) throw new Fault('what was made cannot be read', shot, read)
  // What has no address of its own is read with what it belongs to.
  if (!isVersioned(seen) || !isVersioned(read) || read.body.id !== seen.body.id) return
  const differing = Object.keys(seen.body).filter(
    name => name in read.body && !holds(read.body[name], seen.body[name]),
  )
  if (differing.length > 0)
    throw new Fault(`reads otherwise: ${differing.join(', ')}\n${seen.payload}`, shot, read)
}

const isVersioned = ({ body }: Seen) => typeof body?.version === 'number'

/** Whether it says all that was said before; it may say more. */
function holds(read: unknown, said: unknown): boolean {
  if (!isObject(read) || !isObject(said)) return JSON.stringify(read) === JSON.stringify(said)
  return Object.entries(said).every(([name, value]) => holds(read[name], value))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Address = Pick<Shot, 'operation' | 'params' | 'query'>

/** The operation that reads what stands at a Location. */
export const operationAt = (range: Range, location: string): Address | undefined =>
  operationsAt(range, location).find(({ operation }) => operation.method === 'GET')

/** What can be done at an address, with the address's parameters. */
function operationsAt({ operations }: Range, location: string): Address[] {
  const { pathname, searchParams } = new URL(location, 'http://service.test')
  const steps = pathname.split('/').map(decodeURIComponent)
  const query = Object.fromEntries(searchParams)
  return operations.flatMap(operation => {
    const names = operation.path.split('/')
    if (names.length !== steps.length) return []
    const params: Record<string, string> = {}
    const fits = names.every((step, index) => {
      const name = /^\{(\w+)\}$/.exec(step)?.[1]
      if (name) params[name] = steps[index] ?? ''
      return name !== undefined || step === steps[index]
    })
    return fits ? [{ operation, params, query }] : []
  })
}

/** Reading changes nothing; what did not change is not sent again. */
async function isStillTheSame(range: Range, done: Shot, seen: Seen): Promise<void> {
  const { etag } = seen.headers
  if (!etag) return
  const again = {
    ...done,
    headers: { ...done.headers, 'if-none-match': String(etag) },
    change: 'If-None-Match',
  }
  const unchanged = await range.fire(again)
  if (unchanged.status !== 304) throw new Fault('is sent again though nothing changed', again, unchanged)
  const other = { ...again, headers: { 'if-none-match': '"v999999"' } }
  const full = await range.fire(other)
  if (full.payload !== seen.payload) throw new Fault('reads otherwise the second time', other, full)
}

/** The same key: the same answer. The same key for something else: refused. */
async function isReplayed(range: Range, done: Shot, seen: Seen): Promise<void> {
  const again = { ...done, change: 'the same again' }
  const replay = await range.fire(again)
  if (endsTheSession(replay)) return
  if (replay.status !== seen.status || replay.payload !== seen.payload)
    throw new Fault(`is answered otherwise the second time: ${seen.payload}`, again, replay)
  if (replay.headers['idempotency-replayed'] !== 'true') throw new Fault('does not say so', again, replay)
  if (replay.headers.location !== seen.headers.location) throw new Fault('another Location', again, replay)
  const params = elsewhere(done.params)
  const body = { ...(done.body as Json | undefined) }
  const [field] = Object.keys(body)
  if (Object.keys(params).length === 0 && field === undefined) return
  const otherwise =
    Object.keys(params).length > 0 ? { params } : { headers: { ...done.headers, 'if-match': '"v77"' } }
  const changed = { ...done, ...otherwise, change: 'the same key for something else' }
  const reused = await range.fire(changed)
  if (reused.status !== 422 && Object.keys(params).length > 0)
    throw new Fault('the key is used twice', changed, reused)
}

/** Some steps end the session they were made with. */
const endsTheSession = ({ status }: Seen) => status === 401

async function isDoneOnce(range: Range, done: Shot): Promise<void> {
  const again = { ...done, change: 'the same version again' }
  const seen = await range.fire(again)
  if (seen.status < 400) throw new Fault('a version that has passed is changed', again, seen)
}

async function isGone(range: Range, done: Shot): Promise<void> {
  const again = { ...done, change: 'once more' }
  const seen = await range.fire(again)
  if (seen.status < 400) throw new Fault('is removed twice', again, seen)
}

/** Other addresses of the same shape: of ids other ones, of a name that is no id one that differs in its last character. */
function elsewhere(params: Shot['params']): Shot['params'] {
  const other = (value: string) =>
    value.length === 36 ? uuidv7() : `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, other(value)]))
}

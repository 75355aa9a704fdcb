import { randomUUID } from 'node:crypto'
import type { Json } from '../../api-document.ts'
import { type DocumentedOperation, operationsOf } from '../../operations.ts'
import type { Reply } from '../../practice.ts'
import { type Request, requestOf, send } from '../../world/requests.ts'
import type { World } from '../../world.ts'
import type { Markers } from './markers.ts'
import { isReading } from './reading.ts'
import { type TextPlace, textPlacesOf, withText } from './texts.ts'

/** What everybody who works in a practice may know, or nobody but the person. */
const notAboutClients = /^(public|any|practice:.*|staff:.*|api-clients:.*|keys:.*|audit:.*)$/

export const isAboutClients = ({ permission }: DocumentedOperation) => !notAboutClients.test(permission)

/** Places for text where a marker does not fit, each with the reason. */
export const withoutRoom: Readonly<Record<string, string>> = {
  'languages/[]': 'a language tag',
  'rows/[]/values/birth_date': 'a date',
  'rows/[]/values/sex_recorded_at_birth': 'one of four words',
  'rows/[]/values/languages': 'language tags',
  'rows/[]/values/state': 'a state',
  'rows/[]/values/postal_code': 'a ZIP code',
  'rows/[]/values/status': 'one of three words',
  'rows/[]/values/external_system': 'the name of a system',
}

const address = { line1: '1 Lane', line2: '2', city: 'Faketown', state: 'CA', postalCode: '90000' }
const client = {
  pronouns: 'they',
  gender: 'person',
  contactPoints: [
    { system: 'phone', value: '(555) 555-0123', kind: 'mobile', label: 'own' },
    { system: 'email', value: 'somebody@client.example', kind: 'home', label: 'own' },
  ],
  addresses: [{ kind: 'home', confidential: false, address }],
}

/** What the examples leave out and a person could write. */
const fuller: Readonly<Record<string, Json>> = {
  createClient: client,
  changeClient: { ...client, externalIds: { 'billing-system': 'C-1001' } },
  addRelatedPerson: { address },
  changeRelatedPerson: { address },
  stageClientImportRows: {
    rows: [
      {
        row: 2,
        values: {
          legal_given_name: 'Sasha',
          legal_family_name: 'Example',
          phone: '(555) 555-0123',
          email: 'somebody@client.example',
          address_line1: '1 Lane',
          city: 'Faketown',
          state: 'CA',
          postal_code: '90000',
          external_system: 'billing-system',
          external_id: 'C-1001',
        },
      },
    ],
  },
}

/** A request that was made with markers, and its answer. */
export interface Planted {
  request: Request
  /** To send it again. */
  key: string
  reply: Reply
}

/** The operations that write of clients, and have a place for text. */
export function plantableOf(world: World): DocumentedOperation[] {
  return operationsOf(world.test.app).filter(
    operation =>
      isAboutClients(operation) && !isReading(operation) && textPlacesOf(world.test, operation).length > 0,
  )
}

/** Places that have a pattern hold what it says and no marker. */
export const hasRoom = ({ schema, steps }: TextPlace) =>
  schema.pattern === undefined && !(steps.join('/') in withoutRoom)

/**
 * Writes a marker into every field for text of an operation.
 *
 * @param worlds whose it may be: the first in which the request succeeds
 * @throws Error when it succeeds in none
 */
export async function plant(
  operation: DocumentedOperation,
  worlds: readonly World[],
  markers: Markers,
): Promise<Planted> {
  const refusals: string[] = []
  for (const world of worlds) {
    const prepared = await requestOf(world, operation).catch((error: Error) => error)
    if (prepared instanceof Error) {
      refusals.push(prepared.message)
      continue
    }
    for (const asked of [towards(world, prepared), prepared]) {
      const planted = markers.all.length
      const request = { ...asked, body: markedBody(world, asked, markers) }
      const key = randomUUID()
      const reply = await send(world.test, {
        ...request,
        headers: { ...request.headers, 'idempotency-key': key },
      })
      if (reply.status < 300) return { request, key, reply }
      markers.takeBackFrom(planted)
      refusals.push(`${reply.status} ${JSON.stringify(reply.body)}`)
    }
  }
  throw new Error(`No marker could be planted by ${operation.id}: ${refusals.join('\n')}`)
}

/** About the world's own client, where a request made somebody anew. */
function towards({ ids }: World, request: Request): Request {
  const [name = '', ...others] = Object.keys(request.params)
  const body = request.body as Json
  const params =
    others.length === 0 && (name === 'clientId' || name === 'chartId') && ids[name]
      ? { [name]: ids[name] }
      : request.params
  return { ...request, params, body: body.clientId ? { ...body, clientId: ids.clientId } : body }
}

function markedBody({ test }: World, { operation, body }: Request, markers: Markers): unknown {
  let marked: unknown = { ...(body as Json), ...fuller[operation.id] }
  for (const place of textPlacesOf(test, operation).filter(hasRoom)) {
    const name = place.steps.join('/')
    marked = withText(marked, place.steps, before => markers.plant(operation.id, name, before))
  }
  return marked
}

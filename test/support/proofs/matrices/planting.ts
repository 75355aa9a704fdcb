import { randomUUID } from 'node:crypto'
import { sectionKeys } from '../../../../src/modules/assessments/psychosocial.rules.ts'
import type { Json } from '../../api-document.ts'
import { type DocumentedOperation, operationsOf } from '../../operations.ts'
import type { Reply } from '../../practice.ts'
import { partFormPreparations } from '../../world/courses.ts'
import { recordFormPreparations } from '../../world/recovery-records.ts'
import { type Request, requestOf, send } from '../../world/requests.ts'
import type { World } from '../../world.ts'
import type { Markers } from './markers.ts'
import { isReading } from './reading.ts'
import { type Form, formsOf, nameOfText, type TextPlace, textPlacesOf, withText } from './texts.ts'

/** What everybody who works in a practice may know, or nobody but the person. */
const notAboutClients = /^(public|any|practice:.*|staff:.*|library:.*|api-clients:.*|keys:.*|audit:.*)$/

/** Written by whoever books, and about colleagues: everybody who works in a practice knows when they are there. */
const aboutColleagues: ReadonlySet<string> = new Set(['addWorkingHours', 'addCalendarException'])

export const isAboutClients = ({ id, permission }: DocumentedOperation) =>
  !notAboutClients.test(permission) && !aboutColleagues.has(id)

/** Places for text where a marker does not fit, each with the reason. */
export const withoutRoom: Readonly<Record<string, string>> = {
  'overrides/[]/pointer': 'as a warning has it',
  'overrides/[]/code': 'as a warning has it',
  'overrides/[]/reason': 'goes with a warning, which no marker raises',
  'header/measures/[]/instrumentKey': 'the key of an instrument',
  'header/measures/[]/scale': 'the key of a scale',
  'parts/[]/content/targets/[]/bodyScan/residual': 'of a scan that was not clear',
  'languages/[]': 'a language tag',
  dualRoleReason: 'kept only where one clinician treats both partners of a couple',
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

const asker = { givenName: 'Casey', familyName: 'E', preferredName: 'C', pronouns: 'they', birthDate: null }
const [point] = client.contactPoints
const contact = { role: 'partner', givenName: 'Alex', familyName: 'E', points: [point] }

const header = {
  place: {
    kind: 'telehealth_home',
    checkIn: { address: '1 Lane', emergencyContact: 'A sister', confirmedPrivate: true },
  },
  interventions: ['A plan'],
  homeworkReview: [{ what: 'A walk', note: 'Once' }],
  homework: [{ what: 'A list' }],
}

/** What the examples leave out and a person could write. */
const fuller: Readonly<Record<string, Json>> = {
  createClient: client,
  changeClient: { ...client, externalIds: { 'billing-system': 'C-1001' } },
  receiveInquiry: { person: asker, contact },
  changeInquiry: { person: asker, contact },
  addRelatedPerson: { address },
  changeRelatedPerson: { address },
  startSessionNote: { header },
  saveSessionNote: { header },
  registerEmdrTarget: { emotions: ['shame'], feederMemories: ['A year'] },
  changeEmdrTarget: { emotions: ['shame'], feederMemories: ['A year'] },
  savePsychosocialSections: {
    sections: Object.fromEntries(sectionKeys.map(key => [key, { text: 'As told', sources: ['self'] }])),
  },
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

const formPreparations = { ...recordFormPreparations, ...partFormPreparations }

/** A request that was made with markers, and its answer. */
export interface Planted {
  request: Request
  /** To send it again. */
  key: string
  reply: Reply
}

/** The operations that write of clients, in every form that has a place for text. */
export function plantableOf({ test }: World): Form[] {
  return operationsOf(test.app)
    .filter(operation => isAboutClients(operation) && !isReading(operation))
    .flatMap(operation => formsOf(test, operation))
    .filter(form => textPlacesOf(test, form).length > 0)
}

/** Places that have a pattern hold what it says and no marker. */
export const hasRoom = ({ schema, steps }: TextPlace) =>
  schema.pattern === undefined && !(steps.join('/') in withoutRoom)

/**
 * Writes a marker into every field for text of an operation, in one of its forms.
 *
 * @param worlds whose it may be: the first in which the request succeeds
 * @throws Error when it succeeds in none
 */
export async function plant(form: Form, worlds: readonly World[], markers: Markers): Promise<Planted> {
  const refusals: string[] = []
  for (const world of worlds) {
    const preparation = formPreparations[`${form.id} ${form.bodyKind}`]
    const prepared = await requestOf(world, form, preparation).catch((error: Error) => error)
    if (prepared instanceof Error) {
      refusals.push(prepared.message)
      continue
    }
    for (const asked of [towards(world, prepared), prepared]) {
      const planted = markers.all.length
      const request = { ...asked, body: markedBody(world, form, asked.body, markers) }
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
  throw new Error(`No marker could be planted by ${form.id} ${form.bodyKind}: ${refusals.join('\n')}`)
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

function markedBody({ test }: World, form: Form, body: unknown, markers: Markers): unknown {
  let marked: unknown = { ...(body as Json), ...fuller[form.id] }
  for (const place of textPlacesOf(test, form).filter(hasRoom)) {
    const name = nameOfText(form, place)
    marked = withText(marked, place.steps, before => markers.plant(form.id, name, before))
  }
  return marked
}

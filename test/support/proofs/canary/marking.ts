import { isDeepStrictEqual } from 'node:util'
import type { DocumentedOperation } from '../../operations.ts'
import type { TestApp } from '../../test-app.ts'
import type { Request } from '../../world/requests.ts'
import { formsOf } from '../matrices/texts.ts'
import { fieldLetters, lettersOf, type Needle } from './forms.ts'
import { markerFor, nameOf, type Place, placesOf, valueAt, withParents, withValue } from './places.ts'

/** What a run plants, and which place each planted text came from. */
export interface Markers {
  needles: readonly Needle[]
  /** The letters every marker begins with. */
  core: string
  /** A marker of this place's own. */
  textFor(name: string): string
  /** The place of the three letters that follow a marker. */
  placeOf(letters: string): string | undefined
  phone: string
  birthDate: string
  postalCode: string
  ssn: string
  language: string
}

const digits = (seed: number, count: number) =>
  [...lettersOf(seed, count)].map(letter => (letter.charCodeAt(0) - 97) % 10).join('')

export function markersOf(seed: number): Markers {
  const core = `zq${lettersOf(seed, 6)}`
  const phone = `555${digits(seed + 1, 7)}`
  const birthDate = `190${digits(seed + 2, 1)}-0${1 + (seed % 9)}-1${digits(seed + 3, 1)}`
  const postalCode = `9${digits(seed + 4, 4)}-${digits(seed + 5, 4)}`
  const ssn = `5${digits(seed + 6, 2)}-4${digits(seed + 7, 1)}-6${digits(seed + 8, 3)}`
  const language = lettersOf(seed + 9, 8)
  const letters = new Map<string, string>()
  const names = new Map<string, string>()
  return {
    core,
    phone: `+1${phone}`,
    birthDate,
    postalCode,
    ssn,
    language: `en-x-${language}`,
    needles: [
      { name: 'marker', text: core, cased: true },
      { name: 'phone', text: phone, cased: false },
      { name: 'language', text: language, cased: true },
      { name: 'birth date', text: birthDate, cased: false },
      { name: 'postal code', text: postalCode, cased: false },
      { name: 'social security number', text: ssn, cased: false },
      { name: 'social security number without dashes', text: ssn.replaceAll('-', ''), cased: false },
    ],
    textFor(name) {
      const known = letters.get(name) ?? fieldLetters(letters.size)
      letters.set(name, known)
      names.set(known, name)
      return `${core}${known}`
    },
    placeOf: made => names.get(made),
  }
}

/** Places where another text is no valid one: it is sent in the broken requests only. */
const provesSomething: readonly (readonly [place: RegExp, why: string])[] = [
  [/ (.*\/)?(password|currentPassword|newPassword|totp|recoveryCode)$/, 'proves who somebody is'],
  [/ (token|refreshToken|setupToken)$/, 'is a secret that the service gave'],
  [/^createSession email$/, 'names an account that there is'],
  [/^createToken /, 'is a credential, or a word of the protocol'],
  [/^createApiClient publicKey\//, 'is a key, and excludes the secret of the example'],
  [
    /^(importProgramTemplate|addProgramTemplateVersion|rewriteProgramTemplateDraft) stages\//,
    'belongs to a stage model, which has no tasks',
  ],
  [/ (.*\/)?(instrumentKey|stageKey|templateKey|fromKey|toKey)$/, 'names something that there is'],
  [
    /^(importProgramTemplate|addProgramTemplateVersion|rewriteProgramTemplateDraft) (.*\/)?(key|\w+Keys?(\/0)?)$/,
    'is a key, by which others name a template or a part of it',
  ],
  [
    /^createAssessmentAlertRule (scale|item|atMost)$/,
    'names something that there is, or excludes what the example says',
  ],
  [/ (.*\/)?header\/diagnoses\/0\/code$/, 'names a code that is listed'],
  [
    /^(draftInstrument|changeInstrumentDraft) (definition\/scales\/0\/(rule|bands|cutoffs|changes)\/|(.*\/)?(key|item|items\/0|responses)$)/,
    'belongs to scales of one kind, or is a name by which other parts of the definition name one',
  ],
  [
    /^(startTreatmentPlan|saveTreatmentPlanDraft) objectives\/0\/measure\/(instrument|scale)/,
    'belongs to an instrument',
  ],
  [/ answers\/\*$/, 'is a number, by the definition of the instrument'],
  [/ objectives\/0\/taskKeys\/0$/, 'names a task of a journey'],
  [/^searchChartNotes cursor$/, 'is a cursor that the service made'],
  [/ overrides\/0\//, 'goes with a warning, which no marker raises'],
  [/^saveSessionNote parts\/\*$/, 'is a patch of a part, whose fields are those of its kind'],
  [/^searchClients (identifier|externalId)\//, 'is looked up by a request of its own'],
]

/** A request with a marker in every field that a person may write, as valid as it was. */
export interface Marked {
  request: Request
  /** Names of the places that hold a marker. */
  places: readonly string[]
}

export function markAll(app: TestApp['app'], markers: Markers, request: Request): Marked {
  const { operation } = request
  const marked: string[] = []
  let { body } = request
  for (const place of placesOf({ app }, shownForm(app, operation))) {
    const name = nameOf(operation, place)
    if (provesSomething.some(([pattern]) => pattern.test(name))) continue
    if (place.keyPattern) {
      body = markRecord(markers, body, place, name)
      marked.push(name)
      continue
    }
    const text = validMarker(markers, place, name)
    if (text === undefined || !operation.bodySchema) continue
    body = withValue(withParents(app, operation.bodySchema, body, place.steps), place.steps, text)
    marked.push(name)
  }
  return { request: { ...request, body }, places: marked }
}

/** Of several kinds of body, the one that the documentation shows. */
const shownForm = (app: TestApp['app'], operation: DocumentedOperation) =>
  formsOf({ app }, operation).find(({ bodyExample }) =>
    isDeepStrictEqual(bodyExample, operation.bodyExample),
  ) ??
  formsOf({ app }, operation).find(({ bodyKind }) => bodyKind === firstKindIn(operation.bodyExample)) ??
  operation

/** The kind of the first part of a body that has parts. */
function firstKindIn(body: unknown): unknown {
  const { parts, definition } = (body ?? {}) as { parts?: { kind?: unknown }[]; definition?: unknown }
  return Array.isArray(parts) ? parts[0]?.kind : definition && firstKindIn(definition)
}

/** Fields whose names the caller chooses: under the names of the example, or under a marker where any will do. */
function markRecord(markers: Markers, body: unknown, { steps }: Place, name: string): unknown {
  const parent = steps.slice(0, -1)
  const marker = markers.textFor(name)
  const names = parent.at(-1) === 'externalIds' ? [marker] : Object.keys(valueAt(body, parent) ?? {})
  return withValue(body, parent, Object.fromEntries(names.map(one => [one, marker])))
}

function validMarker(markers: Markers, place: Place, name: string): string | undefined {
  const last = place.steps.at(-1) ?? ''
  if (last === 'birthDate' || last === 'birth_date') return markers.birthDate
  if (last === 'postalCode' || last === 'postal_code') return markers.postalCode
  if (last === 'phone' || / (contactPoints|(contact|person)\/points)\/0\/value$/.test(name))
    return markers.phone
  if (name.endsWith(' languages/0')) return markers.language
  return markerFor(place, markers.textFor(name))
}

/** One request that is wrong at one place, with the marker there. */
export interface Broken {
  name: string
  request: Request
}

/** Every way to break a request at one of its places. */
export function brokenAt(markers: Markers, request: Request, place: Place): Broken[] {
  const name = nameOf(request.operation, place)
  const marker = markers.textFor(name)
  const steps = place.steps.at(-1) === '*' ? [...place.steps.slice(0, -1), marker] : place.steps
  const at = (how: string, value: unknown): Broken => ({
    name: `${name} ${how}`,
    request: { ...request, body: withValue(request.body, steps, value) },
  })
  const { type, maxLength } = place.schema
  if (type !== 'string') return [at('as text', marker), at('as list', [marker])]
  const most = Number(maxLength ?? 300)
  return [
    at('too long', marker.repeat(Math.ceil((most + 1) / marker.length))),
    at('as object', { [marker]: marker }),
    at('with a control character', `${marker}\u0000${marker}`),
    at('of another form', `${marker} \u0007<${marker}>`),
  ]
}

/** The same request, spoiled outside of its body: what is refused wherever it stands. */
export function spoiled(markers: Markers, request: Request): Broken[] {
  const { operation } = request
  const marker = markers.textFor(`${operation.id} outside`)
  const broken = (how: string, changes: Partial<Request>): Broken => ({
    name: `${operation.id} ${how}`,
    request: { ...request, ...changes },
  })
  const header = (name: string, value: string) => ({ headers: { ...request.headers, [name]: value } })
  const query = (name: string) => ({ query: { ...request.query, [name]: marker } })
  const { parameters, bodySchema, permission } = operation
  const named = (where: string) => parameters.filter(one => one.in === where).map(one => one.name)
  return [
    ...named('path').map(name => broken(`path ${name}`, { params: { ...request.params, [name]: marker } })),
    ...named('query').map(name => broken(`query ${name}`, query(name))),
    broken('unknown query', query(marker)),
    ...named('header').map(name => broken(name, header(name, `"${marker}" ${marker.repeat(10)}`))),
    ...(permission === 'public'
      ? []
      : [broken('token', header('authorization', `Bearer ${marker}.${marker}.x`))]),
    ...(bodySchema
      ? [
          broken('unknown field', { body: { ...(request.body as object), [marker]: { [marker]: marker } } }),
          broken('type of body', header('content-type', `text/${marker}`)),
        ]
      : []),
  ]
}

import t from 'tap'
import {
  componentsOf,
  documentOf,
  type Json,
  type RawOperation,
  rawOperationsOf,
} from '../support/api-document.ts'
import { createTestApp } from '../support/test-app.ts'

// What docs/api-design.md says of the whole contract.

interface Field {
  place: string
  name: string
  schema: Json
}

const dateWords =
  /(On|Date|Since|Until|From|To|Of|Before)$|^(on|date|since|until|from|to|before|after|due|today)$/
const instantWords = /(At|Since|Until|From|By)$|^(at|since|from|to)$/
const onlyLooks = /^(search|preview|fit)/

t.test('api design', async t => {
  const { app } = await createTestApp(t)
  const document = documentOf(app)
  const operations = rawOperationsOf(document)
  const fields = [...fieldsIn(componentsOf(document)), ...operations.flatMap(parametersOf)]

  t.test('a field says by its end whether it is a date or an instant', async t => {
    for (const { place, name, schema } of fields) {
      const formats = choicesOf(schema).map(({ format }) => format)
      if (formats.includes('date')) t.match(name, dateWords, place)
      if (formats.includes('date-time')) t.match(name, instantWords, place)
      if (name.endsWith('On')) t.ok(formats.includes('date'), `${place} is a date`)
      if (name.endsWith('At'))
        t.ok(formats.includes('date-time') || isWallTime(schema), `${place} is an instant or a time`)
    }
  })

  t.test('money is whole minor units: cents by their name, or an amount beside its currency', async t => {
    for (const { place, name, schema } of fields) {
      if (name.endsWith('Cents')) t.ok(choicesOf(schema).some(isWhole), `${place} is in whole cents`)
      const siblings = fields.filter(other => parentOf(other.place) === parentOf(place))
      if (name === 'currency')
        t.ok(
          siblings.some(sibling => /^amount$|Cents$/.test(sibling.name)),
          `${place} is that of an amount`,
        )
    }
  })

  t.test('what is done for somebody signed in can be repeated under a key', async t => {
    for (const one of operations.filter(({ method }) => method === 'post')) {
      const { operationId, 'x-permission': permission } = one.operation
      const takesKey = parametersOf(one).some(({ name }) => name === 'idempotency-key')
      t.equal(takesKey, permission !== 'public' && !onlyLooks.test(String(operationId)), String(operationId))
    }
  })

  t.test('all is JSON but PDFs, calendars and the form of OAuth', async t => {
    for (const { operation } of operations) {
      const { requestBody, responses, operationId } = operation
      const answers = Object.entries(responses as Json).filter(([status]) => status.startsWith('2'))
      for (const type of answers.flatMap(([, answer]) => typesOf(answer)))
        t.ok(
          ['application/json', 'application/pdf', 'text/calendar'].includes(type),
          `${operationId}: ${type}`,
        )
      for (const type of typesOf(requestBody))
        t.equal(type === 'application/json', operationId !== 'createToken', `${operationId}: ${type}`)
    }
  })
})

const parentOf = (place: string) => place.slice(0, place.lastIndexOf('/'))

const typesOf = (body: unknown) => Object.keys(((body as Json | undefined)?.content ?? {}) as Json)

const isWhole = ({ type }: Json) => type === 'integer'

const isWallTime = (schema: Json) => choicesOf(schema).some(({ pattern }) => /:\[0-5\]/.test(String(pattern)))

/** A schema, what it may be instead, and what it is a list of. */
const choicesOf = (schema: Json): Json[] => [
  schema,
  ...((schema.anyOf ?? []) as Json[]),
  ...(schema.items ? [schema.items as Json] : []),
]

const parametersOf = ({ operation }: RawOperation): Field[] =>
  ((operation.parameters ?? []) as { name: string; schema: Json }[]).map(({ name, schema }) => ({
    place: `${operation.operationId}/${name}`,
    name,
    schema,
  }))

/** Every field of every object below, by where it stands. */
function fieldsIn(root: unknown, place = ''): Field[] {
  if (root === null || typeof root !== 'object') return []
  const { properties, ...rest } = root as Json
  const own = Object.entries((properties ?? {}) as Record<string, Json>).flatMap(([name, schema]) => [
    { place: join(place, name), name, schema },
    ...fieldsIn(schema, join(place, name)),
  ])
  const deeper = Object.entries(rest)
    .filter(([key]) => key !== 'examples')
    .flatMap(([key, value]) => fieldsIn(value, join(place, key)))
  return [...own, ...deeper]
}

const join = (place: string, step: string) => (place === '' ? step : `${place}/${step}`)

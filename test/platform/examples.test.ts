import t from 'tap'
import { componentsOf, documentOf, explain, rawOperationsOf, schemaChecker } from '../support/api-document.ts'
import { operationsOf, type Parameter } from '../support/operations.ts'
import { type Cost, countingOn, isWithinAgreement, leastCost } from '../support/round-trips/index.ts'
import { createTestApp } from '../support/test-app.ts'
import { preparations } from '../support/world/preparations.ts'
import { requestOf, send } from '../support/world/requests.ts'
import { createWorld } from '../support/world.ts'

// What the documentation shows is sent, and does what the documentation says.

t.setTimeout(120_000)
t.test('examples', async t => {
  const test = await createTestApp(t)
  const world = await createWorld(test)
  const operations = operationsOf(test.app)
  const document = documentOf(test.app)
  const check = schemaChecker(document)
  const costs = new Map<string, Cost>()

  t.test('the request that every operation shows is answered with its documented success', async t => {
    const costOf = countingOn(test)
    for (const operation of operations) {
      const cost = await leastCost(operation.id, async () => {
        const request = await requestOf(world, operation)
        costOf()
        const { status, body } = await send(test, request)
        const taken = costOf()
        const documented = operation.statuses.find(one => one.startsWith('2'))
        t.equal(
          String(status),
          documented,
          `${operation.id} ${JSON.stringify(body?.errors ?? body?.detail ?? '')}`,
        )
        return taken
      })
      costs.set(operation.id, cost)
    }
    t.comment(`${operations.length} examples were executed`)
  })

  t.test('no operation takes more round trips or statements than was agreed', async t => {
    isWithinAgreement(t, costs)
  })

  t.test('nothing is prepared for an operation that is not there', async t => {
    const known = new Set(operations.map(({ id }) => id))
    t.same(
      Object.keys(preparations).filter(id => !known.has(id)),
      [],
    )
  })

  t.test('every example of a component fits it', async t => {
    for (const [name, schema] of Object.entries(componentsOf(document))) {
      const examples = (schema.examples ?? []) as unknown[]
      t.ok(examples.length > 0, `${name} has an example`)
      const fits = check('components', 'schemas', name)
      for (const example of examples) t.ok(fits(example), `${name}: ${explain(fits.errors)}`)
    }
  })

  t.test('every example of a parameter fits it', async t => {
    for (const { path, method, operation } of rawOperationsOf(document)) {
      for (const [index, { name, example }] of ((operation.parameters ?? []) as Parameter[]).entries()) {
        const fits = check('paths', path, method, 'parameters', index, 'schema')
        t.ok(fits(example), `${operation.operationId} ${name}: ${explain(fits.errors)}`)
      }
    }
  })
})

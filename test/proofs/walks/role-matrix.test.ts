import t from 'tap'
import { forEach } from '../../../src/lib/for-each.ts'
import {
  apiClientScopes,
  type Permission,
  permissions,
  rolePermissions,
  roles,
} from '../../../src/modules/charts/access-policy.ts'
import { createApiClientCaller } from '../../support/api-client.ts'
import { registerClient } from '../../support/clients.ts'
import {
  type DocumentedOperation,
  fillPath,
  operationsOf,
  refusalOf,
  willingHeaders,
} from '../../support/operations.ts'
import { portalCaller } from '../../support/portal.ts'
import { type Caller, createTestPractice } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import { createTestApp } from '../../support/test-app.ts'

// Role x operation, walked from the OpenAPI document: what is not granted in the access policy is refused.

/** Operations on one's own account may end the session they are called with, so each gets a fresh one. */
const ownAccount = new Set(['Signing in'])

async function ask(
  caller: Pick<Caller, 'get' | 'post' | 'put' | 'patch' | 'delete'>,
  operation: DocumentedOperation,
) {
  const url = fillPath(operation.path)
  const options = { headers: willingHeaders() }
  if (operation.method === 'GET') return caller.get(url, options)
  if (operation.method === 'DELETE') return caller.delete(url, options)
  const send = { POST: caller.post, PUT: caller.put, PATCH: caller.patch }[operation.method] ?? caller.post
  return send(url, operation.bodyExample, options)
}

t.test('role matrix', async t => {
  const here = proof('role-matrix')
  let asked = 0
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const operations = operationsOf(test.app).filter(operation => operation.permission !== 'public')
  t.ok(operations.length > 20, `${operations.length} operations`)

  t.test('nothing is hidden but psychotherapy notes', async t => {
    const hidden = operations.filter(one => refusalOf(one)[0] === 404).map(({ tag }) => tag)
    t.same([...new Set(hidden)], ['Psychotherapy notes'])
  })

  t.test('every permission an operation names is in the access policy', async t => {
    for (const { id, permission } of operations) {
      if (permission !== 'any') t.ok(permissions.includes(permission as Permission), `${id}: ${permission}`)
    }
  })

  for (const role of roles) {
    t.test(`${role}: refused what the policy does not grant, and nothing else`, async t => {
      const granted = new Set<string>(rolePermissions[role])
      const common = await practice.staff([role])
      await forEach(operations, async operation => {
        const caller = ownAccount.has(operation.tag) ? await practice.staff([role]) : common
        const { status, body } = await ask(caller, operation)
        asked += 1
        const expected = operation.permission === 'any' || granted.has(operation.permission)
        if (expected) t.not(body?.detail, notPermittedDetail, `${role} may ${operation.id}`)
        else t.same([status, body.code], refusalOf(operation), `${role} may not ${operation.id}`)
        t.ok(status < 500, `${operation.id} answers ${status}`)
      })
    })
  }

  t.test('an API client is refused what is not among its scopes', async t => {
    const none = await createApiClientCaller(test, practice, [])
    const all = await createApiClientCaller(test, practice, [...apiClientScopes])
    const scoped = operations.filter(({ permission }) => permission !== 'any')
    await forEach(scoped, async operation => {
      t.equal((await ask(none, operation)).status, refusalOf(operation)[0], `no scope, no ${operation.id}`)
      const { status, body } = await ask(all, operation)
      if (!apiClientScopes.includes(operation.permission as never)) {
        t.same([status, body.code], refusalOf(operation), `no API client may ${operation.id}`)
      }
    })
  })

  t.test('a client at the portal may use the portal, and not even what is for everybody else', async t => {
    const client = await registerClient(practice.owner)
    const portal = await portalCaller(practice, client.id)
    await forEach(operations, async operation => {
      const { status, body } = await ask(portal, operation)
      asked += 1
      if (operation.permission === 'portal:use') t.not(body?.detail, notPermittedDetail, operation.id)
      else t.same([status, body.code], refusalOf(operation), `no client may ${operation.id}`)
      t.ok(status < 500, `${operation.id} answers ${status}`)
    })
  })

  t.test('without a token, or with a broken one, everything is 401', async t => {
    for (const operation of operations) {
      for (const authorization of [undefined, 'Bearer nonsense']) {
        const reply = await test.app.inject({
          method: operation.method as 'GET',
          url: fillPath(operation.path),
          headers: { ...willingHeaders(), ...(authorization ? { authorization } : {}) },
        })
        t.equal(reply.statusCode, 401, operation.id)
      }
    }
  })

  t.test('counts', async () =>
    here.report({ operations: operations.length, roles: roles.length, 'role x operation': asked }),
  )
})

const notPermittedDetail = 'The signed-in role or API client scope does not include this operation.'

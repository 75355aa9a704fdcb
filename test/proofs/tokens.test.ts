import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { audience, portalAudience } from '../../src/modules/identity/access-tokens.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { registerClient } from '../support/clients.ts'
import {
  type DocumentedOperation,
  fillPath,
  notIds,
  operationsOf,
  willingHeaders,
} from '../support/operations.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import { createForge, forgeries, misuses } from '../support/proofs/identity/forgery.ts'
import { otherCredentials } from '../support/proofs/identity/other-credentials.ts'
import { createTestApp } from '../support/test-app.ts'
import { payloadOf } from '../support/world/requests.ts'

const here = proof('tokens')

t.test('tokens', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const owner = await practice.staff(['owner'], { mfa: true })
  const integration = await createApiClientCaller(test, practice, ['practice:read', 'clients:read'])
  const portal = await portalCaller(practice, (await registerClient(practice.owner)).id)
  const { key } = test.house.keyring.signingKey()
  const operations = operationsOf(test.app)
  const guarded = operations.filter(({ permission }) => permission !== 'public')
  const open = operations.filter(({ permission }) => permission === 'public')
  let requests = 0

  /** The answer without what differs with every request. */
  async function ask(operation: DocumentedOperation, token: string | undefined): Promise<string> {
    requests += 1
    const { method, bodyType, bodyExample } = operation
    const response = await test.app.inject({
      method: method as 'GET',
      url: addressOf(operation),
      headers: {
        ...willingHeaders(),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(bodyType ? { 'content-type': bodyType } : {}),
      },
      ...(bodyType ? { payload: payloadOf(bodyType, bodyExample) } : {}),
    })
    // So many in a row keep the process busy enough to turn requests away.
    if (response.statusCode !== 503) return comparable(response)
    await new Promise(done => setTimeout(done, 50))
    return ask(operation, token)
  }

  const withoutToken = new Map<DocumentedOperation, string>()
  async function refused(operation: DocumentedOperation, token: string): Promise<boolean> {
    const none = withoutToken.get(operation) ?? (await ask(operation, undefined))
    withoutToken.set(operation, none)
    return none.startsWith('[401') && (await ask(operation, token)) === none
  }

  const classes = ['getPractice', 'createLocation', 'getMe', 'changePassword', 'getPortalMe'].map(id => {
    const found = guarded.find(operation => operation.id === id)
    if (!found) throw new Error(`There is no ${id} any more: name another operation of its class`)
    return found
  })
  const [aRead] = classes as [DocumentedOperation]
  const readOf = (caller: Caller) => (caller === portal ? (classes.at(-1) ?? aRead) : aRead)

  let turn = 0

  /**
   * Every token at a read, a write and the account's own, and some operations with one of the tokens, in turn all;
   * in the long form every token at every operation. @returns where a token was not refused as none at all is
   */
  async function believed(tokens: Record<string, string>): Promise<string[]> {
    turn += 1
    const names = Object.keys(tokens)
    const every = names.flatMap(name =>
      (here.long ? guarded : classes).map(operation => [name, operation] as const),
    )
    const some = guarded
      .filter((_operation, index) => index % 4 === turn % 4)
      .map((operation, index) => [names[(index + here.seed) % names.length] ?? '', operation] as const)
    const found: string[] = []
    for (const [name, operation] of [...every, ...some])
      if (!(await refused(operation, tokens[name] ?? ''))) found.push(`${name} at ${operation.id}`)
    return found
  }

  t.test('the forge is right but for what it changes', async t => {
    for (const caller of [owner, integration, portal]) {
      const forge = createForge(caller.token, key)
      t.match(await ask(readOf(caller), forge({}, {})), /^\[200/)
      t.match(
        await ask(readOf(caller), forge({ jku: 'x', x5u: 'y' }, {})),
        /^\[200/,
        'they are not looked at',
      )
    }
  })

  for (const [who, caller] of Object.entries({
    'a person': owner,
    'an API client': integration,
    'a client': portal,
  })) {
    t.test(`no forged token of ${who} is believed anywhere`, async t => {
      t.same(await believed(forgeries(createForge(caller.token, key), key, practice.owner.token)), [])
    })
    t.test(`no signed token of ${who} is good elsewhere, at another time or for something else`, async t => {
      t.same(await believed(misuses(createForge(caller.token, key))), [])
    })
  }

  t.test('a person is no API client, a client neither, and nobody is another one', async t => {
    const person = createForge(owner.token, key)
    const client = createForge(integration.token, key)
    const ofPortal = createForge(portal.token, key)
    const toPortal = { kind: 'client', aud: portalAudience, cv: 1 }
    const stranger = await (await createTestPractice(test)).staff(['owner'])
    const { sid } = createForge(stranger.token, key).claims
    const mixed = {
      'another practice': person({}, { pid: createForge(stranger.token, key).claims.pid }),
      'older roles': person({}, { rv: 0 }),
      'no version of roles': person({}, { rv: undefined }),
      'the session of somebody else': person({}, { sid }),
      'a person as API client': person({}, { kind: 'api_client', scopes: ['practice:read'], cv: 1 }),
      'an API client as person': client({}, { kind: 'user', roles: ['owner'], rv: 1, sid, staff: sid }),
      'a person as client': person({}, toPortal),
      'an API client as client': client({}, { ...toPortal, sid: client.claims.sub }),
      "a person at the portal's audience": person({}, { aud: portalAudience }),
      'a person at both audiences': person({}, { aud: [audience, portalAudience] }),
      "a client at staff's audience": ofPortal({}, { aud: audience }),
      'a client as person': ofPortal(
        {},
        { kind: 'user', aud: audience, roles: ['owner'], rv: 1, staff: sid },
      ),
      'a client as API client': ofPortal(
        {},
        { kind: 'api_client', aud: audience, scopes: ['practice:read'] },
      ),
      'an older version of the client': client({}, { cv: 0 }),
      'another client': ofPortal({}, { sub: sid }),
      'an older front-end': ofPortal({}, { cv: 0 }),
      'no version of a front-end': ofPortal({}, { cv: undefined }),
    }
    t.same(await believed(mixed), [])
  })

  t.test('no other credential of ours is an access token', async t => {
    const credentials = await otherCredentials(test)
    t.same(await believed(credentials), [])
    t.ok(
      Object.values(credentials).every(value => value.length > 30),
      'each was really given out',
    )
  })

  t.test('to operations for everybody one wrong token is like another', async t => {
    const tokens = Object.entries(forgeries(createForge(owner.token, key), key, integration.token))
    for (const [index, operation] of open.entries()) {
      const [, token] = tokens[(index + here.seed) % tokens.length] ?? []
      t.equal(await ask(operation, token), await ask(operation, 'nonsense'), operation.id)
    }
  })

  t.test('other schemes and several headers are refused alike', async t => {
    const none = await ask(aRead, undefined)
    for (const authorization of odd(owner)) {
      const response = await test.app.inject({ url: '/v1/practice', headers: { authorization } })
      t.equal(comparable(response), none, authorization.slice(0, 20))
    }
  })

  t.test('the log tells of refusals, and nothing of the tokens', async t => {
    // What was turned away for want of time, and asked again, is no fault of a token's.
    const log = test.logLines.filter(line => !line.includes('service-busy')).join('')
    t.match(log, /authentication-required/)
    t.notMatch(log.replaceAll('"status":503', ''), /"status":5\d\d|request failed/)
    for (const { token } of [owner, integration, portal])
      for (const part of token.split('.')) t.notOk(log.includes(part.slice(0, 40)))
    t.notMatch(log, /attacker|etc\/passwd|union select|nonsense|eyJ/)
  })

  t.teardown(() => here.report({ requests, operations: guarded.length, 'for everybody': open.length }))
})

const fixedIds: Record<string, string> = new Proxy(notIds, {
  get: (others, name: string) => others[name] ?? '019c0000-0000-7000-8000-000000000001',
})

function addressOf({ path, parameters }: DocumentedOperation): string {
  const asked = parameters.filter(parameter => parameter.in === 'query' && parameter.required)
  const query = asked.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join('&')
  return fillPath(path, fixedIds) + (query ? `?${query}` : '')
}

const comparable = ({ statusCode, payload, headers }: LightMyRequestResponse) =>
  JSON.stringify([
    statusCode,
    payload.replace(/"requestId":"[^"]*"/, ''),
    headers['www-authenticate'] ?? null,
  ])

const odd = ({ token }: Caller) => [
  `Basic ${Buffer.from(`owner:${token}`).toString('base64')}`,
  token,
  `bearer${token}`,
  `Bearer`,
  `Bearer  `,
  `Bearer ${token}, Bearer ${token}`,
  `Bearer ${token} ${token}`,
  `Bearer "${token}"`,
  `DPoP ${token}`,
]

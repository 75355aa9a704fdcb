import type { AddressInfo } from 'node:net'
import t from 'tap'
import { documentOf, type Json } from '../../support/api-document.ts'
import { fillPath, operationsOf, refusalOf } from '../../support/operations.ts'
import { type Reply, toReply } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import { marker } from '../../support/proofs/fuzz/values.ts'
import { bombs, contentTypes } from '../../support/proofs/input/bombs.ts'
import { ambiguous, exchange } from '../../support/proofs/input/raw-http.ts'
import { attacks, isFreeText, markedTexts } from '../../support/proofs/input/values.ts'
import { brokenLogLines, createWatch } from '../../support/proofs/input/watch.ts'
import { createTestApp } from '../../support/test-app.ts'
import { asAdmin } from '../../support/test-server.ts'
import {
  placesOf,
  type Request,
  requestOf,
  send,
  withId,
  withoutOptional,
} from '../../support/world/requests.ts'
import { createWorld } from '../../support/world.ts'

const here = proof('input')
const json = { 'content-type': 'application/json' }
/** What is accepted changes a world and fills its calendar, and its tokens end: of free texts there are many for each operation. */
const operationsPerWorld = here.long ? 12 : 40
const [refused, survived] = [[400, 403, 404, 412, 415, 422], undefined] as const

t.test('input', async t => {
  const test = await createTestApp(t, { env: { TRUST_PROXY: '' } })
  let world = await createWorld(test)
  const renewWorld = async (turn: number) => {
    if (turn > 0 && turn % operationsPerWorld === 0) world = await createWorld(test)
  }
  const operations = operationsOf(test.app)
  /** Requests that reach the database have to be made first: a quarter of them in the short form. */
  const part = operations.filter((_operation, index) => here.long || (index + here.seed) % 4 === 0)
  const watch = createWatch()
  let places = 0

  const raw = (
    method: string,
    url: string,
    headers: Record<string, string> = {},
    payload?: string | Buffer,
  ) =>
    test.app
      .inject({
        method: method as 'POST',
        url,
        headers: { authorization: `Bearer ${world.callers.owner.token}`, ...headers },
        ...(payload === undefined ? {} : { payload }),
      })
      .then(toReply)
  /** In the short form one after the other in turn, another one with each seed. */
  const some = <T>(all: readonly T[], turn: number): readonly T[] =>
    here.long || all.length === 0 ? all : [all[(turn + here.seed) % all.length] as T]

  await t.test('every place of every operation, with values that some layer behind cannot hold', async t => {
    for (const [turn, operation] of part.entries()) {
      await renewWorld(turn)
      const request = await requestOf(world, operation)
      for (const attack of attacks)
        for (const place of placesOf(world, operation, attack.fits)) {
          places += 1
          const at = `${operation.id} ${place.in} ${place.steps.join('/')}`
          // What is left out has a default, which may be reckoned from this one.
          const around = place.in === 'path' ? [request] : [request, withoutOptional(world, request)]
          const attempt = async (value: unknown, statuses?: readonly number[]) => {
            for (const whole of around)
              await watch.send(
                `${at} ${JSON.stringify(value)}`,
                () => send(test, withId(whole, place, value)),
                statuses,
              )
          }
          // A form's fields that nobody reads may hold anything.
          const expected = operation.bodyType?.endsWith('form-urlencoded') ? survived : refused
          for (const value of some(attack.refused, places)) await attempt(value, expected)
          for (const value of some(attack.survived, places)) await attempt(value, survived)
        }
    }
    t.same(watch.faults.splice(0), [])
    t.ok(places > 2 * part.length, `${places} places`)
  })

  await t.test('every free text with what is odd but allowed', async t => {
    const before = watch.accepted
    for (const [turn, operation] of part.entries()) {
      await renewWorld(turn)
      if (operation.bodyType !== 'application/json') continue
      const free = placesOf(world, operation, isFreeText).filter(place => place.in === 'body')
      if (free.length === 0) continue
      for (const text of some(markedTexts, turn)) {
        const request = await requestOf(world, operation)
        const filled = free
          .filter(place => isThere(request, place.steps))
          .reduce((changed, place) => withId(changed, place, text), request)
        await watch.send(`${operation.id} ${JSON.stringify(text)}`, () => send(test, filled))
      }
    }
    t.same(watch.faults.splice(0), [])
    t.ok(watch.accepted - before >= here.amount(3, 200), `${watch.accepted - before} were accepted`)
  })

  await t.test('every parameter given twice, endless, or in bytes that are no text', async t => {
    for (const operation of operations) {
      const names = operation.parameters.filter(({ in: place }) => place === 'query')
      for (const { name, schema } of [...names, { name: 'unknown', schema: {} as Json }]) {
        const isList = schema.type === 'array' || JSON.stringify(schema).includes('"array"')
        const tricks = [
          `${name}=${marker}%00`,
          `${name}=%ff%fe`,
          `${name}=%ed%a0%80`,
          `${name}=%zz`,
          `${name}=${'a'.repeat(15_000)}`,
          `${name}[]=${marker}`,
          `${name}[__proto__]=${marker}`,
          `__proto__[${name}]=${marker}`,
          ...(isList ? [] : [`${name}=1&${name}=1`, `${name}=a&${name}=b`]),
        ]
        const url = fillPath(operation.path, world.ids)
        for (const query of some(tricks, (places += 1)))
          await watch.send(
            `${operation.id} ?${query.slice(0, 60)}`,
            () =>
              raw(
                operation.method,
                `${url}?${query}`,
                { ...json, 'if-match': '"v1"', 'idempotency-key': `k-${places}-${watch.sent}` },
                '{}',
              ),
            [400, 401, 403, 404, 415],
          )
      }
    }
    for (const url of [
      '/v1/clients/%00',
      '/v1/clients/%zz',
      '/v1/clients/%ed%a0%80',
      `/v1/clients/${'a'.repeat(5_000)}`,
      '/v1/%2e%2e/practice',
      '//v1/practice',
      '/v1/clients/..%2f..%2fpractice',
      '/v1/practice;a=b',
      '/V1/practice',
      '/v1/practice/',
    ])
      await watch.send(url.slice(0, 40), () => raw('GET', url), [400, 404, 414])
    t.same(watch.faults.splice(0), [])
  })

  await t.test('bodies that are dear to read, and types that fool a parser', async t => {
    const writing = operations.filter(({ bodyType }) => bodyType === 'application/json')
    const target = ['POST', '/v1/locations'] as const
    for (const [name, body] of Object.entries(bombs))
      await watch.send(name, () => raw(...target, json, body), [400, 413])
    for (const type of contentTypes)
      await watch.send(
        `type ${JSON.stringify(type)}`,
        () => raw(...target, { 'content-type': type }, '{"not":"known"}'),
        [400, 415],
      )
    await watch.send(
      'no type',
      () => raw(...target, {}, Buffer.from('{"name":"a","timeZone":"UTC"}')),
      [400, 415],
    )
    for (const type of [
      'application/json',
      'Application/JSON; charset=UTF-8',
      'application/json;charset=utf-8',
    ])
      await watch.send(
        `type ${type}`,
        () => raw(...target, { 'content-type': type }, `{"name":"Type ${type.length}","timeZone":"UTC"}`),
        [201],
      )
    const dear = Object.entries(bombs)
    for (const [turn, operation] of writing.entries()) {
      const { method, path, id } = operation
      const [denied] = refusalOf(operation)
      const url = fillPath(path, world.ids)
      const headers = (type: string) => ({
        'content-type': type,
        'if-match': '"v1"',
        'idempotency-key': `bomb-${turn}`,
      })
      for (const [name, body] of some(dear, turn))
        await watch.send(`${id} ${name}`, () => raw(method, url, headers('application/json'), body), [
          400,
          401,
          denied,
          413,
        ])
      for (const type of some(contentTypes, turn))
        await watch.send(`${id} ${type}`, () => raw(method, url, headers(type), `{"${marker}":1}`), [
          400,
          401,
          denied,
          415,
        ])
    }
    t.same(watch.faults.splice(0), [])
    t.comment(`one request took ${Math.round(watch.slowestMs)} ms of the event loop at most`)
  })

  await t.test('what no request may do is noticed', async t => {
    const own = createWatch(20)
    const answer = async (status: number, body: unknown): Promise<Reply> => ({
      status,
      body,
      etag: '',
      headers: {},
    })
    await own.send('an echo', () => answer(400, { detail: marker }))
    await own.send('much', () => answer(400, 'x'.repeat(10_000)))
    await own.send('untold', () => answer(400, { code: 'invalid-request', errors: [] }), [400])
    await own.send('taken', () => answer(201, {}), [400])
    await own.send('failed', () => answer(500, {}))
    await own.send('slow', () => {
      const before = process.threadCpuUsage().user
      while (process.threadCpuUsage().user < before + 30_000);
      return answer(200, {})
    })
    t.same(
      own.faults.map(fault => fault.split(':', 1)[0]),
      ['an echo', 'much', 'untold', 'taken', 'failed', 'slow'],
    )
  })

  await t.test('a method that an address does not have is 405, with those it has', async t => {
    const paths = documentOf(test.app).paths as Record<string, Json>
    const known = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
    for (const path of Object.keys(paths)) {
      const address = fillPath(path, world.ids)
      // A word such as `search` may stand where another path has an id: the router finds both.
      const has = known.filter(method =>
        Object.keys(paths).some(
          other => method.toLowerCase() in (paths[other] ?? {}) && matches(other, address),
        ),
      )
      const lacks = ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', ...known].filter(method => !has.includes(method))
      for (const method of some(lacks, (places += 1))) {
        const { status, headers } = await watch.send(`${method} ${path}`, () => raw(method, address))
        t.equal(status, 405, `${method} ${path}`)
        t.equal(headers.allow, has.join(', '), path)
      }
    }
    t.same(watch.faults.splice(0), [])
  })

  await t.test(
    'what two servers on the way may read differently is refused, and the connection ended',
    async t => {
      await test.app.listen({ host: '127.0.0.1', port: 0 })
      const { port } = test.app.server.address() as AddressInfo
      const clean = await exchange(
        port,
        'GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      )
      t.same(clean.statuses, [200, 200], 'two clean ones are answered, so a hidden one would be seen')
      for (const [name, bytes] of Object.entries(ambiguous)) {
        const { statuses, closed, text } = await exchange(port, Buffer.from(bytes, 'latin1'))
        t.ok(statuses.length === 1 && [400, 431].includes(statuses[0] ?? 0), `${name}: ${statuses.join()}`)
        t.ok(closed, `${name}: closed`)
        t.notMatch(text, /smuggled/)
        if (name !== 'no host') t.match(text, /application\/problem\+json/, name)
      }
      const chunked =
        'POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2;name=value\r\n{}\r\n0\r\n\r\n'
      t.same(
        (await exchange(port, chunked)).statuses,
        [400],
        'an extension is passed over, the body read as it is',
      )
      const twice =
        'POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}'
      t.ok([400, 415].includes((await exchange(port, twice)).statuses[0] ?? 0), 'two types')
      for (const host of ['evil.example', 'evil.example:99999', '[::1]', 'a b', `${marker}.example`]) {
        const { statuses, text } = await exchange(
          port,
          `GET /v1/me HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: ${marker}\r\nConnection: close\r\n\r\n`,
        )
        t.ok([400, 401].includes(statuses[0] ?? 0), host)
        t.notOk(text.includes('evil') || text.includes(marker), `${host} is not believed`)
      }
    },
  )

  await t.test('an address that is only claimed changes neither limit nor record', async t => {
    const strict = await createTestApp(t, {
      env: { RATE_LIMIT_PER_MINUTE: '4' },
      alone: 'a limit is that of one process',
    })
    const claims = (n: number) => ({
      'x-forwarded-for': `203.0.113.${n}`,
      'x-real-ip': `203.0.113.${n}`,
      forwarded: `for=203.0.113.${n}`,
      'cf-connecting-ip': `203.0.113.${n}`,
      'true-client-ip': `203.0.113.${n}`,
    })
    const statuses: number[] = []
    for (let n = 0; n < 8; n += 1) {
      const { statusCode } = await strict.app.inject({
        method: 'POST',
        url: '/v1/sessions',
        headers: { ...json, ...claims(n) },
        payload: JSON.stringify({ email: 'nobody@practice.example', password: 'wrong' }),
      })
      statuses.push(statusCode)
    }
    t.same(statuses, [401, 401, 401, 401, 429, 429, 429, 429])
    await raw('GET', '/v1/practice', claims(9))
    for (const adminUrl of [strict.adminUrl, test.adminUrl]) {
      const { rows } = await asAdmin(adminUrl, admin =>
        admin.query(
          `select distinct remote_address::text as address from cairn.authentication_log
           union select distinct remote_address::text from cairn.audit_log where remote_address is not null`,
        ),
      )
      t.ok(rows.length > 0)
      t.notMatch(JSON.stringify(rows), /203\.0\.113/)
    }
  })

  await t.test('all of it is in the log, each line one line, and nothing of what was sent', async t => {
    t.ok(test.logLines.length >= watch.sent, `${test.logLines.length} lines of ${watch.sent} requests`)
    t.same(brokenLogLines(test), [])
    t.notOk(test.logLines.some(line => line.includes(marker)))
    t.same(
      test.logLines.filter(line => line.includes('request failed')).map(line => line.slice(0, 300)),
      [],
    )
  })

  t.teardown(() =>
    here.report({
      requests: watch.sent,
      accepted: watch.accepted,
      places,
      bombs: Object.keys(bombs).length,
      'ambiguous messages': Object.keys(ambiguous).length,
      'longest ms of the event loop': Math.round(watch.slowestMs),
    }),
  )
})

const matches = (path: string, address: string) =>
  new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(address)

/** Whether the example gives this place, so that the rest of the request stays as it has to be. */
function isThere({ body }: Request, steps: readonly string[]): boolean {
  let value: unknown = body
  for (const step of steps) value = (value as Json | undefined)?.[step === '[]' ? '0' : step]
  return typeof value === 'string'
}

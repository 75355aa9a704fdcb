import type { FastifyInstance, InjectOptions } from 'fastify'
import { buildApp } from '../../../../src/app.ts'
import { type HouseParts, openHouse } from '../../../../src/open-house.ts'
import { checkedInject, type Inject } from '../../checked-inject.ts'
import { type RunningService, startService } from '../../service.ts'
import type { TestApp } from '../../test-app.ts'
import { testServer } from '../../test-server.ts'

/**
 * With `TEST_INSTANCES=2` every test's service is two, with caches and connections of their own, on one database:
 * requests go to one and the other in turn. @returns what ends the others
 */
export async function startBeside(app: FastifyInstance, parts: HouseParts): Promise<(() => Promise<void>)[]> {
  const count = Number(process.env.TEST_INSTANCES ?? 1)
  const others = await Promise.all(
    Array.from({ length: count - 1 }, async () => {
      const house = await openHouse(parts)
      const other = await buildApp(house)
      await other.ready()
      checkedInject(other)
      return { other, house }
    }),
  )
  inTurn(app, [app, ...others.map(({ other }) => other)].map(injectOf))
  return others.map(({ other, house }) => async () => {
    await other.close()
    await house.database.pool.end()
  })
}

const injectOf = (app: FastifyInstance): Inject => app.inject.bind(app) as Inject

const first = new WeakMap<object, Inject>()

function inTurn(app: object, injects: readonly Inject[]): void {
  if (injects.length < 2) return
  first.set(app, injects[0] as Inject)
  let turn = 0
  const inject: Inject = options => (injects[turn++ % injects.length] as Inject)(options)
  Object.assign(app, { inject })
}

/** From now on the test's own instance answers alone, whose connections a test can look at. */
export function answerAlone(app: object): void {
  const inject = first.get(app)
  if (inject) Object.assign(app, { inject })
}

export interface Processes {
  services: readonly RunningService[]
  /** The test's app, with processes instead of itself behind `inject`: each request goes to the next. */
  spread: TestApp
  stop(): Promise<void>
}

/** Two processes as an operator starts them, each with API and worker, on the test's database. */
export async function startTwoProcesses(test: TestApp): Promise<Processes> {
  const { keyringFile } = await testServer()
  const env = {
    DATABASE_APP_URL: test.appUrl,
    DATABASE_RELAY_URL: test.relayUrl,
    CAIRN_KEYRING_FILE: keyringFile,
    SETUP_TOKEN: test.setupToken,
    PUBLIC_URL: 'http://127.0.0.1:3000',
    RATE_LIMIT_PER_MINUTE: '1000000',
    DATABASE_NAMED_STATEMENTS: String(test.house.config.DATABASE_NAMED_STATEMENTS),
    DEV_INBOX: 'true',
    TRUST_PROXY: '127.0.0.1',
  }
  const services = await Promise.all([startService('.', env), startService('.', env)])
  const app: FastifyInstance = Object.create(test.app)
  inTurn(
    app,
    services.map(({ url }) => overHttp(url)),
  )
  return {
    services,
    spread: { ...test, app },
    stop: async () => {
      await Promise.all(services.map(service => service.stop()))
    },
  }
}

/** `inject` of a service elsewhere. */
const overHttp =
  (url: string): Inject =>
  async ({ method = 'GET', url: path, headers, payload, remoteAddress }: InjectOptions) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(headers as Record<string, string>),
        ...(remoteAddress ? { 'x-forwarded-for': remoteAddress } : {}),
      },
      ...(payload === undefined ? {} : { body: String(payload) }),
    })
    const text = await answer.text()
    const told = { statusCode: answer.status, headers: Object.fromEntries(answer.headers), payload: text }
    return Object.assign(Object.create(null), { ...told, body: text, json: () => JSON.parse(text) })
  }

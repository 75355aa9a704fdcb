import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type RouteOptions } from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { createOutage } from '../../src/lib/outage.ts'
import { passwordRoutes } from '../../src/modules/identity/password.routes.ts'
import { eventRoutes } from '../../src/modules/integrations/events.routes.ts'
import { practiceRoutes } from '../../src/modules/practice/practice.routes.ts'
import problemDetails from '../../src/plugins/problem-details.ts'

t.test('every operation has the time of a route, the feed also the time it may wait', async t => {
  for (const route of practiceRoutes) t.equal(route.handlerTimeout, limits.http.routeMs, route.url)
  for (const route of passwordRoutes({} as never))
    t.equal(route.handlerTimeout, limits.http.routeMs, route.url)
  const [feed] = eventRoutes({ behind: async () => {}, close: () => {} } as never)
  t.equal(feed?.handlerTimeout, limits.http.routeMs + limits.http.longPollSeconds * 1_000)
})

t.test('a route that takes longer is answered 503 with Retry-After', async t => {
  const app = fastify()
  t.teardown(() => app.close())
  const outage = createOutage(pino({ level: 'silent' }))
  await app.register(problemDetails, { publicUrl: 'http://127.0.0.1', outage })
  const slow: RouteOptions = {
    method: 'GET',
    url: '/slow',
    handlerTimeout: 50,
    handler: () => sleep(300, {}),
  }
  app.route(slow)
  const { statusCode, headers, body } = await app.inject('/slow')
  t.equal(statusCode, 503)
  t.equal(headers['retry-after'], '1')
  t.equal(JSON.parse(body).code, 'service-busy')
})

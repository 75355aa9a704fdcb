import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import board from './board/index.ts'
import docsPage from './docs-page/index.ts'
import type { House } from './lib/house.ts'
import { limits } from './lib/limits.ts'
import accessTokens from './modules/identity/access-tokens.ts'
import modules from './modules/index.ts'
import authentication from './plugins/authentication.ts'
import authorization from './plugins/authorization.ts'
import bodies from './plugins/bodies.ts'
import bootCheck from './plugins/boot-check.ts'
import { createClientErrorHandler } from './plugins/client-errors.ts'
import conditionalReads from './plugins/conditional-reads.ts'
import doors from './plugins/doors.ts'
import health from './plugins/health.ts'
import loadShedding from './plugins/load-shedding.ts'
import methodNotAllowed from './plugins/method-not-allowed.ts'
import observability from './plugins/observability.ts'
import openapi from './plugins/openapi.ts'
import problemDetails, { leadNowhere } from './plugins/problem-details.ts'
import rateLimit from './plugins/rate-limit.ts'
import securityHeaders from './plugins/security-headers.ts'
import serialization from './plugins/serialization.ts'
import tracing from './plugins/tracing.ts'
import validation from './plugins/validation.ts'

declare module 'fastify' {
  interface FastifyInstance {
    house: House
  }
}

/** How the outside reaches this service: issuer of tokens, base of problem types. */
export const publicUrlOf = ({ config }: House) =>
  (config.PUBLIC_URL || `http://${config.HOST}:${config.PORT}`).replace(/\/$/, '')

/** Builds the service. Server, tests and commands all call this, with the same options. */
export async function buildApp(house: House): Promise<FastifyInstance> {
  const { config } = house
  const publicUrl = publicUrlOf(house)
  const app: FastifyInstance = fastify({
    loggerInstance: house.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => uuidv7(),
    requestIdHeader: false,
    trustProxy: config.TRUST_PROXY ? config.TRUST_PROXY.split(',').map(address => address.trim()) : false,
    bodyLimit: limits.http.bodyBytes,
    requestTimeout: limits.http.requestTimeoutMs,
    connectionTimeout: limits.http.connectionTimeoutMs,
    keepAliveTimeout: limits.http.keepAliveTimeoutMs,
    routerOptions: { maxParamLength: limits.http.maxParamLength, caseSensitive: true },
    // Node takes the shorter of its two timeouts for the headers, so that only both together bound a whole request.
    http: {
      maxHeaderSize: limits.http.maxHeaderBytes,
      headersTimeout: limits.http.requestTimeoutMs,
      requestTimeout: limits.http.requestTimeoutMs,
      connectionsCheckingInterval: limits.http.connectionCheckMs,
    },
    clientErrorHandler: createClientErrorHandler({ publicUrl, log: house.log }),
    exposeHeadRoutes: false,
    frameworkErrors: (_error, { raw }, reply) => leadNowhere(app, raw, reply.raw),
    // What was accepted is answered, by whoever it was asked: connections end with their answer (plugins/health.ts).
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  app.decorate('house', house)
  await app.register(tracing)
  await app.register(problemDetails, { publicUrl, outage: house.outage })
  await app.register(observability)
  await app.register(securityHeaders)
  await app.register(loadShedding)
  await app.register(conditionalReads)
  await app.register(validation)
  await app.register(serialization)
  await app.register(bodies)
  await app.register(rateLimit)
  await app.register(bootCheck)
  await app.register(methodNotAllowed)
  await app.register(accessTokens, { keyring: house.keyring, issuer: publicUrl })
  await app.register(authentication)
  await app.register(authorization)
  await app.register(doors)
  await app.register(openapi, { publicUrl })
  await app.register(health)
  await app.register(modules)
  if (config.DOCS) await app.register(docsPage)
  if (config.BOARD) await app.register(board)
  return app
}

/** A worker serves no API; its operator still asks how it is. */
export async function buildProbes(house: House): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: house.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
  })
  app.decorate('house', house)
  await app.register(problemDetails, { publicUrl: publicUrlOf(house), outage: house.outage })
  await app.register(observability)
  await app.register(health)
  return app
}

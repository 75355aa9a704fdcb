import type { FastifyInstance, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'

/** Routes that are no operations of the API: assets and pages, health, metrics. Named one by one. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** Says why this route is outside the API contract. */
    outsideContract?: string
  }
}

type Documented = {
  examples?: unknown[]
  properties?: Record<string, Documented>
  additionalProperties?: unknown
  type?: string
  oneOf?: Documented[]
  content?: Record<string, { schema?: Documented }>
}

/**
 * Refuses to boot when a route lacks its permission, operationId, documentation, response schemas or
 * examples: what is not declared cannot be checked, tested or documented.
 */
export default fp(
  async (app: FastifyInstance) => {
    const routes: RouteOptions[] = []
    app.addHook('onRoute', route => {
      routes.push(route)
    })
    app.addHook('onReady', async () => {
      const seen = new Set<string>()
      const faults = routes
        .filter(route => !route.config?.outsideContract)
        .flatMap(route => faultsOf(route, seen))
      if (faults.length > 0) {
        throw new Error(
          `The service does not start. ${faults.join('\n')}\nSee CONTRIBUTING.md, "Add an endpoint".`,
        )
      }
    })
  },
  { name: 'boot-check' },
)

function faultsOf(route: RouteOptions, seen: Set<string>): string[] {
  return listFaults(route, seen).map(fault => `Route ${String(route.method)} ${route.url} ${fault}.`)
}

function listFaults(route: RouteOptions, seen: Set<string>): string[] {
  const faults: string[] = []
  const id = route.config?.operation?.operationId
  if (!id)
    return [
      'is not declared with operation() or publicOperation(), so it has no permission and no operationId',
    ]
  if (seen.has(id)) faults.push(`repeats the operationId ${id}`)
  seen.add(id)
  const schema = (route.schema ?? {}) as Record<string, unknown>
  if (!schema.summary || !schema.description) faults.push('lacks a summary or description')
  if (/:/.test(route.url) && !schema.params) faults.push('has path parameters without a schema')
  faults.push(
    ...parameterFaults('path', schema.params as Documented),
    ...parameterFaults('query', schema.querystring as Documented),
  )
  faults.push(
    ...bodyFaults(schema.body as Documented | undefined),
    ...responseFaults(schema.response as Record<string, Documented>),
  )
  return faults
}

function parameterFaults(place: string, schema: Documented | undefined): string[] {
  return Object.entries(schema?.properties ?? {})
    .filter(([, property]) => !property.examples?.length)
    .map(([name]) => `lacks an example of the ${place} parameter ${name}`)
}

function bodyFaults(body: Documented | undefined): string[] {
  if (!body) return []
  const faults: string[] = []
  if (!body.examples?.length) faults.push('lacks an example of its body')
  const objects = body.oneOf ?? [body]
  if (objects.some(({ type, additionalProperties }) => type === 'object' && additionalProperties !== false))
    faults.push('has a body that accepts unknown fields')
  return faults
}

function responseFaults(responses: Record<string, Documented> | undefined): string[] {
  const success = Object.entries(responses ?? {}).find(([status]) => status.startsWith('2'))
  if (!success) return ['lacks a schema of its success']
  const [status, response] = success
  const schema = response.content ? Object.values(response.content)[0]?.schema : undefined
  if (status !== '204' && !schema?.examples?.length) return ['lacks an example of its success']
  return []
}

import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { ProblemCode } from '../lib/problems.ts'
import { apiClientScopes } from '../modules/charts/access-policy.ts'
import { withAnswerHeaders } from './answer-headers.ts'
import { problemResponses } from './operations/route-schema.ts'
import { tags } from './operations/tags.ts'
import { withOptionalBodies } from './optional-bodies.ts'
import { withSharedRefusals } from './shared-refusals.ts'

type Json = Record<string, unknown>

const introduction = `Records of group practices that treat compulsive sexual behavior, trauma and co-occurring addictions: clients, couples, charts, appointments and session notes.

- **Sign in** at \`POST /v1/sessions\` (programs: \`POST /oauth/token\`) and send \`Authorization: Bearer …\`.
- **Change** what you have read: send its \`ETag\` as \`If-Match\`. 412 means that somebody was faster: read it again.
- **Repeat** a POST safely: a fresh UUID as \`Idempotency-Key\`, and the same one on each retry.
- **Page** through lists: give \`nextCursor\` as \`cursor\` until it is null.
- **Refusals** are [problem details](/docs/problems): branch on \`code\`, show \`detail\`, report \`requestId\`.
- **Hidden is missing**: what a caller may not see answers as if it did not exist.`

/** The OpenAPI 3.1 document, made from the routes. Named components stand in it once and are referred to. */
export default fp(
  async (app: FastifyInstance, { publicUrl }: { publicUrl: string }) => {
    const components = new Components()
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Cairn',
          version: '0.1.0',
          summary: 'Practice management for therapists, private by construction.',
          description: introduction,
          license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
        },
        servers: [{ url: '/', description: 'This server' }],
        tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
        components: {
          securitySchemes: {
            bearer: {
              type: 'http',
              scheme: 'bearer',
              bearerFormat: 'JWT',
              description: 'Access token of a person, from `POST /v1/sessions`.',
            },
            oauth: {
              type: 'oauth2',
              description: 'Access token of an API client.',
              flows: {
                clientCredentials: {
                  tokenUrl: `${publicUrl}/oauth/token`,
                  scopes: Object.fromEntries(apiClientScopes.map(scope => [scope, scope])),
                },
              },
            },
          },
        },
      },
      hideUntagged: true,
      transform: ({ schema, url }) => ({
        schema: refer(withProblems(schema as Json), components) as Json,
        url,
      }),
      transformObject: document => {
        const openapi = 'openapiObject' in document ? (document.openapiObject as Json) : {}
        const own = (openapi.components ?? {}) as Json
        const named = Object.fromEntries([...components.named].sort(([a], [b]) => (a < b ? -1 : 1)))
        const whole = withAnswerHeaders({ ...openapi, components: { ...own, schemas: named } })
        return withSharedRefusals(withOptionalBodies(whole)) as never
      },
    })
    if (app.house.config.DOCS) {
      // More than a megabyte for everybody who asks: written once, and shared by all who read it slowly.
      let text: Buffer | undefined
      app.get(
        '/openapi.json',
        { config: { outsideContract: 'describes the contract' } },
        async (_request, reply) => {
          text ??= Buffer.from(JSON.stringify(app.swagger()))
          return reply.type('application/json; charset=utf-8').send(text)
        },
      )
    }
  },
  { name: 'openapi' },
)

function withProblems(schema: Json = {}): Json {
  const codes = schema['x-problem-codes'] as ProblemCode[] | undefined
  return codes
    ? { ...schema, response: { ...problemResponses(codes), ...(schema.response as Json) } }
    : schema
}

/** The named schemas, and which objects they were made of: most stand in many routes and are walked once. */
class Components {
  readonly named = new Map<string, Json>()
  readonly made = new WeakSet<object>()
}

/** Replaces each named schema by a reference, and remembers it. */
function refer(value: unknown, components: Components): unknown {
  if (Array.isArray(value)) return value.map(entry => refer(entry, components))
  if (value === null || typeof value !== 'object') return value
  if (components.made.has(value)) return referenceTo(String((value as Json)['x-component']))
  const { 'x-component': name, ...schema } = value as Json
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, entry]) => [
      key,
      key === 'examples' ? entry : refer(entry, components),
    ]),
  )
  if ('discriminator' in inner) inner.discriminator = withMapping(schema)
  if (typeof name !== 'string') return inner
  components.named.set(name, inner)
  components.made.add(value)
  return referenceTo(name)
}

const referenceTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** OpenAPI wants to know which component each word stands for; the validator reads it from the components themselves. */
function withMapping({ discriminator, oneOf }: Json): Json {
  const { propertyName } = discriminator as { propertyName: string }
  const members = (oneOf ?? []) as (Json & { properties: Record<string, { const?: unknown }> })[]
  const mapping = members.map(({ 'x-component': name, properties }) => [
    String(properties[propertyName]?.const),
    `#/components/schemas/${String(name)}`,
  ])
  return { propertyName, mapping: Object.fromEntries(mapping) }
}

type Json = Record<string, unknown>

interface Operation {
  parameters?: { name: string }[]
  /** Said by the route for here, not for readers of the document. */
  'x-unaddressed'?: true
  responses: Record<string, Json>
}

const header = (description: string, example: string) => ({
  description,
  schema: { type: 'string' },
  example,
})

/** What answers say in their headers: components of the OpenAPI document. */
export const answerHeaders = {
  ETag: header('The version of the body, for `If-Match` and `If-None-Match`.', '"v1"'),
  'Content-Disposition': header(
    'That it is to be saved, and under which name.',
    'attachment; filename="document.pdf"',
  ),
  Location: header('The address of what was made.', '/v1/clients/019c0000-0000-7000-8000-000000000001'),
  'Idempotency-Replayed': header(
    '`true` when this is the answer of an earlier request with this key.',
    'true',
  ),
  'Retry-After': header('Seconds to wait before the request is repeated.', '1'),
}

const notModified = {
  description: 'It still has the version named in `If-None-Match`.',
  headers: refer('ETag'),
}

/** Adds to each documented answer the headers it comes with; they follow from the operation's own shape. */
export function withAnswerHeaders(document: Json): Json {
  const components = document.components as { schemas: Record<string, Json> }
  const paths = Object.entries(document.paths as Record<string, Record<string, Operation>>)
  const described = paths.map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [
        method,
        describe(method, operation, components.schemas),
      ]),
    ),
  ])
  return {
    ...document,
    paths: Object.fromEntries(described),
    components: { ...components, headers: answerHeaders },
  }
}

function describe(
  method: string,
  { 'x-unaddressed': unaddressed, ...operation }: Operation,
  schemas: Record<string, Json>,
): Operation {
  const keyed = operation.parameters?.some(({ name }) => name === 'idempotency-key') ?? false
  const responses = Object.fromEntries(
    Object.entries(operation.responses).map(([status, response]) => {
      const headers = headersOf(Number(status), {
        keyed,
        addressed: !unaddressed,
        versioned: isVersioned(response, schemas),
        file: isFile(response),
      })
      return [status, headers.length > 0 ? { ...response, headers: refer(...headers) } : response]
    }),
  )
  const { 200: answer } = operation.responses
  const conditional = method === 'get' && answer !== undefined && isVersioned(answer, schemas)
  return { ...operation, responses: { ...responses, ...(conditional ? { 304: notModified } : {}) } }
}

function headersOf(
  status: number,
  { keyed, addressed, versioned, file }: Record<'keyed' | 'addressed' | 'versioned' | 'file', boolean>,
): (keyof typeof answerHeaders)[] {
  if (status >= 300)
    return status === 429 || status === 503 || (status === 409 && keyed) ? ['Retry-After'] : []
  return [
    ...(status === 201 && addressed ? (['Location'] as const) : []),
    ...(versioned ? (['ETag'] as const) : []),
    ...(file ? (['Content-Disposition'] as const) : []),
    ...(keyed ? (['Idempotency-Replayed'] as const) : []),
  ]
}

/** A document that is not JSON comes with the version of what it shows. */
const isFile = ({ content }: Json) =>
  Object.keys((content ?? {}) as Json).some(type => !/^application\/(problem\+)?json$/.test(type))

function isVersioned(response: Json, schemas: Record<string, Json>): boolean {
  if (isFile(response)) return true
  const reference = (response.content as Record<string, { schema: Json }> | undefined)?.['application/json']
    ?.schema.$ref
  const schema = schemas[String(reference).split('/').at(-1) ?? '']
  return 'version' in ((schema?.properties ?? {}) as Json)
}

function refer(...names: (keyof typeof answerHeaders)[]): Json {
  return Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]))
}

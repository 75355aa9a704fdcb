type Json = Record<string, unknown>

interface Body {
  required?: boolean
  content?: Record<string, { schema: Json }>
}

/** A body that may be null may be left out: says so in the OpenAPI document, where every body is required otherwise. */
export function withOptionalBodies(document: Json): Json {
  const { schemas = {} } = (document.components ?? {}) as { schemas?: Record<string, Json> }
  for (const methods of Object.values(document.paths as Record<string, Record<string, unknown>>))
    for (const operation of Object.values(methods)) {
      const { requestBody } = operation as { requestBody?: Body }
      if (requestBody && mayBeNull(requestBody, schemas)) requestBody.required = false
    }
  return document
}

function mayBeNull({ content = {} }: Body, schemas: Record<string, Json>): boolean {
  return Object.values(content).some(({ schema }) => {
    const name = String(schema.$ref ?? '').replace('#/components/schemas/', '')
    const { anyOf } = schemas[name] ?? schema
    return Array.isArray(anyOf) && anyOf.some(member => (member as Json).type === 'null')
  })
}

type Json = Record<string, unknown>
type Operation = Json & { responses: Record<string, Json> }
type Paths = Record<string, Record<string, Operation>>

/**
 * Lets operations that refuse alike refer to one component, named after the codes it lists: said at each of them, their
 * refusals would be most of the document.
 */
export function withSharedRefusals(document: Json): Json {
  const shared = new Map<string, Json>()
  const paths = mapResponses(document.paths as Paths, response => {
    const name = nameOf(response)
    if (!name) return response
    shared.set(name, response)
    return { $ref: `#/components/responses/${name}` }
  })
  const responses = Object.fromEntries([...shared].sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...document, paths, components: { ...(document.components as Json), responses } }
}

/** The same document with each refusal where it is referred to, for those who look at one operation at a time. */
export function withRefusalsInPlace(document: Json): Json {
  const { responses = {} } = document.components as { responses?: Record<string, Json> }
  const paths = mapResponses(document.paths as Paths, response => {
    const name = typeof response.$ref === 'string' ? response.$ref.split('/').at(-1) : undefined
    return (name && responses[name]) || response
  })
  return { ...document, paths }
}

function mapResponses(paths: Paths, change: (response: Json) => Json): Paths {
  const each = <T, R>(record: Record<string, T>, map: (value: T) => R): Record<string, R> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
  return each(paths, methods =>
    each(methods, operation => ({ ...operation, responses: each(operation.responses, change) })),
  )
}

/** From the codes that a refusal's description lists: status, words and headers follow from them. */
const nameOf = ({ description }: Json) =>
  [...String(description).matchAll(/^`([a-z-]+)`: /gm)].map(([, code = '']) => pascal(code)).join('Or')

const pascal = (code: string) => code.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase())

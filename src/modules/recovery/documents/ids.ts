/** An id may be sent in either case; the database writes it in lower case. */
export const canonicalId = (id: string) => id.toLowerCase()

const holdsIds = /Ids?$/

/** The same content with every id as the database writes it. */
export function withCanonicalIds<C extends object>(content: C): C {
  const fields = Object.entries(content).map(([name, value]) => [
    name,
    holdsIds.test(name) ? canonical(value) : value,
  ])
  return Object.fromEntries(fields) as C
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  return typeof value === 'string' ? canonicalId(value) : value
}

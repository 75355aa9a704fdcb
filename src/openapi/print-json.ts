const columns = 110

/** JSON for people and for differences: what fits into a line stands in one. */
export function printJson(value: unknown, indent = ''): string {
  const line = JSON.stringify(value)
  if (typeof value !== 'object' || value === null || indent.length + line.length <= columns) return line
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const members = Array.isArray(value)
    ? value.map(member => printJson(member, inner))
    : Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${printJson(member, inner)}`)
  return `${open}\n${members.map(member => inner + member).join(',\n')}\n${indent}${close}`
}

import type { Range } from './range.ts'
import { Fault, inject, type Shot } from './shot.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const

/**
 * Every method that an address does not declare is refused, and says which ones there are.
 *
 * @returns how many were tried
 * @throws Fault
 */
export async function tryMethods({ test, operations, prepare }: Range): Promise<number> {
  let tried = 0
  for (const path of new Set(operations.map(operation => operation.path))) {
    const [operation] = operations.filter(one => one.path === path)
    if (!operation) continue
    const { shot } = await prepare(operation)
    // A fixed address may be one of another operation's too, whose last step is an id.
    const declared = [...new Set(operations.filter(one => takes(one.path, path)).map(one => one.method))]
    for (const method of methods.filter(one => !declared.includes(one))) {
      const wrong: Shot = { ...shot, method, change: `method ${method}` }
      const { statusCode: status, headers, payload } = await inject(test, wrong, '10.255.0.1')
      tried += 1
      const allowed = String(headers.allow).split(', ').sort().join()
      if (status !== 405 || allowed !== [...declared].sort().join())
        throw new Fault(`Allow is "${headers.allow}"`, wrong, { status, payload })
    }
  }
  return tried
}

const takes = (template: string, path: string) => {
  const steps = path.split('/')
  const own = template.split('/')
  return own.length === steps.length && own.every((step, at) => step.startsWith('{') || step === steps[at])
}

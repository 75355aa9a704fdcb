import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ValidateFunction } from 'ajv'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { limits } from '../../src/lib/limits.ts'
import { documentOf, type Json, schemaChecker } from './api-document.ts'

/** How often a request that was turned away is sent again. */
const patience = 5

/**
 * Every answer in every test is held against the OpenAPI document: an undocumented status, a field too many,
 * a wrong content type or a Location where nothing can be read fails the test that saw it.
 *
 * The service's event loop is that of its tests, which can keep it busy enough to make the service turn requests
 * away, rightly, before it looks at them: they are sent again, as clients do.
 *
 * @param documentFile the document where it was made already; made from the service itself when left out
 */
export function checkedInject(app: FastifyInstance, documentFile?: string): void {
  const check = documentFile ? checkerOf(documentFile) : createResponseChecker(() => documentOf(app))
  const inject = app.inject.bind(app) as Inject
  const checked: Inject = async options => {
    let response = await inject(options)
    for (let again = 0; response.statusCode === 503 && app.isUnderPressure() && again < patience; again++) {
      await sleep(limits.http.eventLoopSampleMs)
      response = await inject(options)
    }
    check(options, response)
    return response
  }
  Object.assign(app, { inject: checked })
}

/** Files that run in one process share what was compiled of the document. */
const checkers = new Map<string, ResponseChecker>()

function checkerOf(documentFile: string): ResponseChecker {
  const check =
    checkers.get(documentFile) ?? createResponseChecker(() => JSON.parse(readFileSync(documentFile, 'utf8')))
  checkers.set(documentFile, check)
  return check
}

export type Inject = (options: InjectOptions) => Promise<LightMyRequestResponse>

type ResponseChecker = (options: InjectOptions, response: LightMyRequestResponse) => void

function createResponseChecker(read: () => Json): ResponseChecker {
  let document: Json | undefined
  let compile: ReturnType<typeof schemaChecker> | undefined
  let find: ReturnType<typeof pathFinder> | undefined
  const compiled = new Map<string, ValidateFunction>()
  return (options, { statusCode: status, headers, payload }) => {
    document ??= read()
    compile ??= schemaChecker(document)
    const method = String(options.method ?? 'GET').toLowerCase()
    find ??= pathFinder(document)
    const found = find(String(options.url ?? options.path).split('?', 1)[0] ?? '', method)
    if (!found || status === 304) return
    const key = `${method} ${found.path} ${status}`
    const response = (found.operation.responses as Record<string, Json>)[status]
    if (!response) throw new Error(`${key} is not documented: ${payload}`)
    const { location } = headers
    const says = (response.headers as Json | undefined)?.Location !== undefined
    if (says !== (location !== undefined))
      throw new Error(`${key}: Location is ${location}, against what is documented`)
    if (says && !find(String(location).split('?', 1)[0] ?? '', 'get'))
      throw new Error(`${key}: nothing can be read at ${location}`)
    const content = response.content as Record<string, Json> | undefined
    if (!content) return
    const type = String(headers['content-type']).split(';', 1)[0] ?? ''
    if (!content[type]?.schema) throw new Error(`${key} answered with the undocumented type ${type}`)
    if (!type.endsWith('json')) {
      if (!payload) throw new Error(`${key} answered with an empty document`)
      return
    }
    const place = ['paths', found.path, method, 'responses', status, 'content', type, 'schema']
    const validate = compiled.get(key) ?? compile(...place)
    compiled.set(key, validate)
    if (!validate(JSON.parse(payload)))
      throw new Error(`${key} does not fit its documentation: ${JSON.stringify(validate.errors)}`)
  }
}

/** Finds the documented operation of an address; a fixed path wins over one with parameters. */
function pathFinder(document: Json) {
  const paths = Object.entries(document.paths as Record<string, Record<string, Json>>)
    .map(([path, methods]) => ({
      path,
      methods,
      shape: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    }))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)
  return (url: string, method: string): { path: string; operation: Json } | undefined => {
    const found = paths.find(({ methods, shape }) => methods[method] && shape.test(url))
    const operation = found?.methods[method]
    return found && operation && { path: found.path, operation }
  }
}

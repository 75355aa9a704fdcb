import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { problemsMarkdown } from '../../src/docs-page/problems-page.ts'
import { eventTypes } from '../../src/lib/event-types.ts'
import { catalog } from '../../src/lib/problems.ts'
import { permissions } from '../../src/modules/charts/access-policy.ts'
import {
  componentsOf,
  documentOf,
  type Json,
  type RawOperation,
  rawOperationsOf,
  servedDocumentOf,
} from '../support/api-document.ts'
import { resolveRef } from '../support/operations.ts'
import { createTestApp } from '../support/test-app.ts'

// What holds for the documentation as a whole, so that whoever reads one operation has read them all.

const problemType = 'application/problem+json'
const proseLength = 10
const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })]
/** A method and an address, up to its query; `…` stands for the beginning or the end of one. */
const mention = /\b((?:GET|POST|PUT|PATCH|DELETE) ['"]?(?:\/v1|\/oauth|…)\/[^\s`'"?)\\,;:|]+)/g

interface Content {
  schema: Json
}
interface Answer {
  description?: string
  content?: Record<string, Content>
}

const answersOf = ({ operation }: RawOperation) =>
  Object.entries(operation.responses as Record<string, Answer>)
const nameOf = ({ operation }: RawOperation) => String(operation.operationId)
const bodyOf = ({ operation }: RawOperation) =>
  Object.values((operation.requestBody as { content: Record<string, Content> } | undefined)?.content ?? {})[0]

t.test('documentation', async t => {
  const test = await createTestApp(t)
  const document = documentOf(test.app)
  const components = componentsOf(document)
  const operations = rawOperationsOf(document)
  const tags = (document.tags as { name: string }[]).map(({ name }) => name)

  t.test('every operation has a name of its own, a section, and says what it does', async t => {
    const ids = operations.map(nameOf)
    t.equal(new Set(ids).size, ids.length, 'operationIds are unique')
    for (const { operation } of operations) {
      const { operationId, summary, description, tags: own } = operation
      t.match(operationId, /^[a-z][A-Za-z]+$/)
      t.ok(String(summary ?? '').length >= proseLength / 2, `${operationId} has a summary`)
      t.ok(String(description ?? '').length >= proseLength, `${operationId} has a description`)
      t.ok(
        (own as string[]).length === 1 && tags.includes((own as string[])[0] ?? ''),
        `${operationId} has a tag`,
      )
      for (const { name, description } of (operation.parameters ?? []) as {
        name: string
        description?: string
      }[])
        t.ok(description, `${operationId} says what ${name} is`)
    }
  })

  t.test('every operation says who may call it', async t => {
    for (const one of operations) {
      const { security, 'x-permission': permission } = one.operation
      const schemes = (security as Json[] | undefined)?.flatMap(Object.keys)
      if (permission === 'public') t.same(schemes, [], `${nameOf(one)} is public`)
      else {
        t.ok(schemes?.includes('bearer'), `${nameOf(one)} is for people who are signed in`)
        t.ok(permission === 'any' || permissions.some(known => known === permission), nameOf(one))
      }
    }
  })

  t.test('every body and every success is a component with an example', async t => {
    for (const one of operations) {
      const successes = answersOf(one).filter(([status]) => status.startsWith('2'))
      t.equal(successes.length, 1, `${nameOf(one)} has one success`)
      const shown = [bodyOf(one), ...successes.flatMap(([, { content }]) => Object.values(content ?? {}))]
      for (const content of shown) {
        if (!content) continue
        t.type(content.schema.$ref, 'string', `${nameOf(one)} refers to a component`)
        const { examples, description } = resolveRef(document, content.schema)
        t.ok(Array.isArray(examples) && examples.length > 0, `${nameOf(one)} shows an example`)
        t.ok(description, `${nameOf(one)} says what it is`)
      }
    }
  })

  t.test('every refusal that can happen is documented', async t => {
    for (const one of operations) {
      const documented = answersOf(one).map(([status]) => status)
      t.same(
        expectedRefusals(one).filter(status => !documented.includes(status)),
        [],
        `${nameOf(one)} documents its refusals`,
      )
      for (const [status, { description }] of answersOf(one)) t.ok(description, `${nameOf(one)} ${status}`)
    }
  })

  t.test('refusals are problems, except where OAuth has its own', async t => {
    for (const one of operations) {
      for (const [status, { content = {} }] of answersOf(one)) {
        if (!/^[45]/.test(status)) continue
        const speaksOAuth = nameOf(one) === 'createToken' && ['400', '401'].includes(status)
        const types = Object.keys(content)
        t.same(types, [speaksOAuth ? 'application/json' : problemType], `${nameOf(one)} ${status}`)
        const schema = Object.values(content)[0]?.schema
        t.equal(schema?.$ref, `#/components/schemas/${speaksOAuth ? 'OAuthError' : 'Problem'}`)
      }
    }
  })

  t.test('refusals of one kind are told once, and referred to', async t => {
    const served = servedDocumentOf(test.app)
    const shared = (served.components as Json).responses as Record<string, Answer>
    for (const one of rawOperationsOf(served)) {
      for (const [status, answer] of answersOf(one)) {
        if (Number(status) < 400 || nameOf(one) === 'createToken') continue
        const name = String((answer as Json).$ref).replace('#/components/responses/', '')
        const codes = [...String(shared[name]?.description).matchAll(/^`([a-z-]+)`/gm)].map(
          ([, code]) => code,
        )
        const own = one.operation['x-problem-codes'] as string[]
        t.ok(
          codes.length > 0 && codes.every(code => own.includes(code ?? '')),
          `${nameOf(one)} ${status} refers to what it refuses`,
        )
      }
    }
  })

  t.test('answers document the headers they come with', async t => {
    const headersOf = (id: string, status: string) => {
      const one = operations.find(candidate => nameOf(candidate) === id)
      const answer = one && (one.operation.responses as Record<string, { headers?: Json }>)[status]
      return Object.keys(answer?.headers ?? {})
    }
    t.same(headersOf('bookAppointment', '201'), ['Location', 'ETag', 'Idempotency-Replayed'])
    t.same(headersOf('bookAppointment', '409'), ['Retry-After'])
    t.same(headersOf('getAppointment', '200'), ['ETag'])
    t.same(headersOf('getAppointment', '304'), ['ETag'])
    t.same(headersOf('listAppointments', '200'), [])
    t.same(headersOf('listAppointments', '503'), ['Retry-After'])
  })

  t.test('lists are pages, ids say so, and words are in snake_case', async t => {
    const text = JSON.stringify(components)
    t.same(text.match(/"(recorded|merged|undone|created|determined)By"/g), null)
    for (const [name, schema] of Object.entries(components)) {
      const properties = (schema as { properties?: Json }).properties ?? {}
      if ((properties.data as Json | undefined)?.type === 'array' && name !== 'ClientSearchResult')
        t.ok(properties.nextCursor, `${name} is a page`)
    }
    for (const [, words] of text.matchAll(/"enum":\[([^\]]*)\]/g))
      t.notMatch(words, /"[a-z][^":]*-[^":]*"/, 'enum words')
  })

  t.test('nothing is described twice', async t => {
    const inline = [...inlineObjects(components), ...inlineObjects(document.paths as Json)]
    for (const [name, schema] of Object.entries(components)) {
      const copies = inline.filter(({ schema: other }) => isDeepStrictEqual(other, schema))
      t.same(
        copies.map(({ place }) => place),
        [],
        `${name} is referred to everywhere`,
      )
    }
    const groups = new Map<string, string[]>()
    for (const { place, schema } of inline) {
      const text = JSON.stringify(schema)
      groups.set(text, [...(groups.get(text) ?? []), place])
    }
    for (const [text, places] of groups)
      t.equal(places.length, 1, `${places.join(', ')}: ${text.slice(0, 120)}`)
  })

  t.test('every component is used', async t => {
    const text = JSON.stringify(document)
    for (const name of Object.keys(components))
      t.ok(text.includes(`"#/components/schemas/${name}"`), `${name} is referred to`)
  })

  t.test('every problem has its section where its type leads', async t => {
    const page = (await test.app.inject({ url: '/docs/problems' })).payload
    const markdown = problemsMarkdown()
    for (const code of Object.keys(catalog)) {
      t.equal(page.split(`id="${code}"`).length, 2, `${code} has a section on the page`)
      t.match(markdown, new RegExp(`^## ${code}$`, 'm'))
    }
    const { type, code } = (await test.app.inject({ url: '/v1/nothing-here' })).json()
    const url = new URL(type)
    t.equal(url.pathname, '/docs/problems')
    t.equal(url.hash, `#${code}`)
  })

  t.test('every code that a refusal names is in the catalog, with that status', async t => {
    for (const one of operations) {
      for (const [status, { description, content = {} }] of answersOf(one)) {
        if (!(problemType in content)) continue
        const codes = [...String(description).matchAll(/^`([a-z-]+)`:/gm)].map(([, code]) => String(code))
        t.ok(codes.length > 0, `${nameOf(one)} ${status} names its codes`)
        for (const code of codes)
          t.equal(String(catalog[code as keyof typeof catalog]?.[0]), status, `${nameOf(one)} ${code}`)
      }
    }
  })

  t.test('every request that the documentation names is one of the API', async t => {
    const known = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    const texts = pages.map(file => [file, readFileSync(join(root, file), 'utf8')] as const)
    const named = [...texts, ['the OpenAPI document', JSON.stringify(document)] as const].flatMap(
      ([where, text]) => [...text.matchAll(mention)].map(([, request = '']) => ({ where, request })),
    )
    t.ok(named.length > 100)
    for (const { where, request } of named) {
      const shape = shapeOf(request)
      t.ok(
        known.some(one => shape.test(one)),
        `${where}: ${request}`,
      )
    }
  })

  t.test('the contract is spelled the American way', async t => {
    const british = /\b\w*(catalogue|behaviour|programme|licence|colour|centre)s?\b/gi
    t.same(`${JSON.stringify(document)}${problemsMarkdown()}`.match(british), null)
  })

  t.test('every event type is documented with the feed', async t => {
    const feed = operations.find(one => nameOf(one) === 'listEvents')
    const description = String(feed?.operation.description)
    for (const [type, permission] of Object.entries(eventTypes))
      t.ok(description.includes(`| \`${type}\` | \`${permission}\` |`), type)
  })
})

/** Requests of the API that are meant by one in a text, whatever it calls its parameters. */
function shapeOf(request: string): RegExp {
  const steps = request
    .replace(/['"]/, '')
    .replace(/\.+$/, '')
    .split('/')
    .map(step => (/^[{$]/.test(step) ? '[^/]+' : RegExp.escape(step).replace('…', '.+')))
  return new RegExp(`^${steps.join('/')}$`)
}

/** What follows from how an operation is built: what it takes, and who may call it. */
function expectedRefusals({ operation, path }: RawOperation): string[] {
  const headers = ((operation.parameters ?? []) as { in: string; name: string }[])
    .filter(parameter => parameter.in === 'header')
    .map(({ name }) => name)
  const permission = operation['x-permission']
  return [
    '400',
    '429',
    '500',
    '503',
    ...(permission === 'public' ? [] : ['401']),
    ...(permission === 'public' || permission === 'any'
      ? []
      : [String(permission).startsWith('psychotherapy') ? '404' : '403']),
    ...(path.includes('{') ? ['404'] : []),
    ...(operation.requestBody ? ['413', '415'] : []),
    ...(headers.includes('if-match') ? ['412', '428'] : []),
    ...(headers.includes('idempotency-key') ? ['409', '422'] : []),
  ]
}

/** Every object described in place, below the root of each entry. */
function inlineObjects(root: Json): { place: string; schema: Json }[] {
  const found: { place: string; schema: Json }[] = []
  const walk = (value: unknown, place: string, depth: number): void => {
    if (value === null || typeof value !== 'object') return
    const schema = value as Json
    if (depth > 1 && schema.type === 'object' && schema.properties) found.push({ place, schema })
    for (const [key, entry] of Object.entries(schema))
      if (key !== 'examples' && key !== 'example') walk(entry, `${place}/${key}`, depth + 1)
  }
  walk(root, '', 0)
  return found
}

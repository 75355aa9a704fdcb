import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { check } from 'recheck'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { createAjv } from '../../src/plugins/validation.ts'
import { documentOf, type Json } from '../support/api-document.ts'
import { proof } from '../support/proof.ts'
import { type Literal, literalsIn } from '../support/proofs/input/literals.ts'
import { createTestApp } from '../support/test-app.ts'

const here = proof('patterns')
const root = fileURLToPath(new URL('../..', import.meta.url))
const mostMs = 50
/** A pattern whose work grows with the square of a text is found at a sixteenth of the largest body too. */
const largest = here.amount(limits.http.bodyBytes / 16, limits.http.bodyBytes)

/** A pattern, and the longest text that may reach it. */
interface Pattern extends Literal {
  place: string
  reach: number
}

t.test('patterns', async t => {
  const test = await createTestApp(t)
  const document = documentOf(test.app)
  const sources = globSync('src/**/*.{ts,js}', { cwd: root })
  const patterns = unique([
    ...documentedIn(document, largest, 'openapi'),
    ...formatsIn(document),
    ...sources.flatMap(file => literalsOf(file)),
  ])
  let attacks = 0

  t.test('a pattern that explodes is found, and so is every literal of a script', async t => {
    const explodes = { source: '^(a+)+$', flags: '', place: 'a control', reach: 40 }
    t.ok(await faultOf(explodes))
    const script = `const a = 4 / 2 / 1, b = "/no/", c = \`/no/ \${x.replace(/in[/]side/g, '}')} /no/\`
      // /no/
      /* /no/ */ if (/[/]class\\//u.test(b)) return /last/`
    t.same(
      literalsIn(script).map(({ source, flags }) => `${source} ${flags}`),
      ['in[/]side g', '[/]class\\/ u', 'last '],
    )
  })

  t.test('no pattern can be made to take long', async t => {
    for (const pattern of patterns) {
      const fault = await faultOf(pattern)
      t.notOk(fault, `${pattern.place}: /${pattern.source}/${pattern.flags} ${fault ?? ''}`)
      attacks += attacksOn(pattern).length
    }
  })

  t.test('no pattern is put together while running, where nothing could read it', async t => {
    for (const file of sources) t.notOk(readFileSync(`${root}${file}`, 'utf8').includes('new RegExp('), file)
  })

  t.teardown(() => here.report({ patterns: patterns.length, attacks, 'source files': sources.length }))
})

/**
 * Why a pattern is not good: it explodes, or one of its attacks takes too long at the length that can reach it.
 * What a checker calls safe is timed all the same.
 */
async function faultOf(pattern: Pattern): Promise<string | undefined> {
  const found = await check(pattern.source, pattern.flags, { timeout: 10_000 })
  if (found.status === 'unknown') return `cannot be judged: ${found.error.kind}`
  if (found.status === 'vulnerable' && found.complexity.type === 'exponential') return 'explodes'
  const own = found.status === 'vulnerable' ? [found.attack.string] : []
  for (const attack of [...own, ...attacksOn(pattern)]) {
    const ms = fastest(pattern, attack.slice(0, pattern.reach))
    if (ms > mostMs) return `takes ${Math.round(ms)} ms for ${attack.slice(0, 20)}…`
  }
  return undefined
}

/** Long runs of what patterns repeat, with an end that makes them begin again. */
const attacksOn = ({ reach }: Literal & { reach: number }): string[] =>
  ['a', '0', ' ', '-', 'a.', 'a@', '0-', 'A1', '\\', '/', '&', '`', '\n'].map(
    part => `${part.repeat(Math.ceil(reach / part.length)).slice(0, reach - 1)}\u0001`,
  )

/** Of three, since something else may run meanwhile. */
function fastest({ source, flags }: Literal, text: string): number {
  const pattern = new RegExp(source, flags)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3 && least > mostMs; round += 1) {
    const start = performance.now()
    if (pattern.global) text.replace(pattern, '')
    else pattern.exec(text)
    least = Math.min(least, performance.now() - start)
  }
  return least
}

/** The validator reads patterns as Unicode. What has no length of its own is bounded by the body. */
function documentedIn(schema: unknown, reach: number, place: string): Pattern[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { pattern, maxLength } = schema as Json
  const own =
    typeof pattern === 'string'
      ? [{ source: pattern, flags: 'u', place, reach: Number(maxLength ?? reach) }]
      : []
  return [
    ...own,
    ...Object.entries(schema).flatMap(([name, part]) => documentedIn(part, reach, `${place}/${name}`)),
  ]
}

/** The formats that the API uses, where they are patterns and not functions. */
function formatsIn(document: Json): Pattern[] {
  const used = new Set(JSON.stringify(document).match(/(?<="format":")[a-z-]+/g))
  return Object.entries(createAjv().formats).flatMap(([name, format]) =>
    used.has(name) && format instanceof RegExp
      ? [{ source: format.source, flags: format.flags, place: `format ${name}`, reach: largest }]
      : [],
  )
}

function literalsOf(file: string): Pattern[] {
  const text = readFileSync(`${root}${file}`, 'utf8')
  const script = file.endsWith('.ts') ? stripTypeScriptTypes(text) : text
  return literalsIn(script).map(literal => ({ ...literal, place: file, reach: reachOf(file) }))
}

/** What our own files, settings and programs say is no more than a page; the rest may come from a body. */
const reachOf = (file: string) =>
  /^src\/(?:embedded|docs-page|openapi|demo|commands)\//.test(file) ? 4_096 : largest

function unique(patterns: readonly Pattern[]): Pattern[] {
  const kept = new Map<string, Pattern>()
  for (const pattern of patterns) {
    const key = `${pattern.flags}/${pattern.source}`
    const same = kept.get(key)
    if (!same || same.reach < pattern.reach) kept.set(key, pattern)
  }
  return [...kept.values()]
}

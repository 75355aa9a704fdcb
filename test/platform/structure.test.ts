import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { includedBy } from '../support/proofs/cluster/whole-suite.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))

/** A module may import those before it. Compliance and integrations read what all modules write. */
const order = [
  'identity',
  'practice',
  'charts',
  'clients',
  'inquiries',
  'couples',
  'scheduling',
  'alerts',
  'portal',
  'releases',
  'assessments',
  'recovery',
  'task-model',
  'treatment-plans',
  'session-notes',
  'psychotherapy-notes',
  'integrations',
  'compliance',
]

/** Leaf files that are part of the house, not of a module's inside. */
const shared = new Set(['modules/charts/access-policy.ts'])

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  return [...text.matchAll(/^(?:import|export)[^'"]*?from '(\.[^']+)'/gm)].map(match =>
    relative(src, join(src, dirname(file), match[1] ?? '')),
  )
}

const moduleOf = (file: string) => /^modules\/([^/]+)\//.exec(file)?.[1]

t.test('modules know each other only through their index, and only in one direction', async t => {
  for (const file of files) {
    const own = moduleOf(file)
    if (!own) continue
    for (const target of importsOf(file)) {
      const other = moduleOf(target)
      if (!other || other === own || shared.has(target)) continue
      t.equal(target, `modules/${other}/index.ts`, `${file} imports ${target}`)
      t.ok(order.indexOf(other) < order.indexOf(own), `${file} imports the earlier module ${other}`)
    }
  }
})

t.test('the pool is reached through inPractice, and the environment through config.ts', async t => {
  for (const file of files) {
    const text = readFileSync(join(src, file), 'utf8')
    if (moduleOf(file))
      t.notMatch(text, /database\.pool|new Pool\(|new Client\(/, `${file} leaves the pool alone`)
    if (file !== 'config.ts' && !file.startsWith('commands/'))
      t.notMatch(text, /process\.env\./, `${file} leaves the environment alone`)
  }
})

t.test('no SQL is built from text', async t => {
  for (const file of files) {
    const text = readFileSync(join(src, file), 'utf8')
    t.notMatch(text, /sql\.(raw|lit)\((?!')/, `${file} gives sql.raw and sql.lit constants only`)
  }
})

t.test(
  'the demo tells no date that time could overtake: all of it is relative to its first start',
  async t => {
    const root = join(src, '..')
    const told = globSync(['demo/*.json', 'src/demo/*.ts'], { cwd: root })
    t.ok(told.length > 10)
    for (const file of told)
      t.notMatch(readFileSync(join(root, file), 'utf8'), /\b(19|20)\d\d-\d\d-\d\d/, file)
  },
)

t.test('npm test runs every test file once: by itself, or with the others of its folder', async t => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const included = includedBy(readFileSync(join(root, '.taprc'), 'utf8'))
  const runs = included
    .flatMap(pattern => globSync(pattern, { cwd: root }))
    .flatMap(file => runBy(root, file))
  const all = globSync('test/*/**/*.test.ts', { cwd: root })
  t.same(runs.sort(), all.sort())
})

/** The files that one file runs: itself, or those of the folder that it names. */
function runBy(root: string, file: string): string[] {
  const folder = /runFolder\('([^']+)'\)/.exec(readFileSync(join(root, file), 'utf8'))?.[1]
  return folder ? globSync(`test/${folder}/**/*.test.ts`, { cwd: root }) : [file]
}

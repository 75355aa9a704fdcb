import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Figures, figuresFolder, sentenceOf } from '../support/proof.ts'
import { guarantees } from './guarantees.ts'
import { keepFigures } from './table.ts'

// The long forms: `npm run proofs` runs all of them, `npm run proofs -- fuzz canary` these. What they counted goes
// into docs/proofs.md.

const here = fileURLToPath(new URL('.', import.meta.url))
const asked = process.argv.slice(2)
const known = [...new Set(guarantees.map(({ suite }) => suite))]
const unknown = asked.filter(suite => !known.includes(suite))
if (unknown.length > 0) {
  process.stderr.write(`There is no proof called ${unknown.join(', ')}. There are: ${known.join(', ')}\n`)
  process.exit(1)
}

const failed: string[] = []
for (const suite of asked.length > 0 ? asked : known) {
  process.stderr.write(`\n# ${suite}\n`)
  rmSync(`${figuresFolder}${suite}.json`, { force: true })
  const [file = suite] = globSync(`${here}{.,walks}/${suite}.test.ts`)
  const started = performance.now()
  const { status } = spawnSync(process.execPath, [file], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PROOF: 'long', TAP_TIMEOUT: '3600' },
  })
  const figures = status === 0 ? figuresOf(suite) : undefined
  if (figures) keepFigures(suite, { ...figures, seconds: Math.round((performance.now() - started) / 1000) })
  else failed.push(suite)
}
if (failed.length > 0) {
  process.stderr.write(`\nFailed, or skipped before it could count: ${failed.join(', ')}\n`)
  process.exitCode = 1
} else process.stderr.write(`\nAll held. ${sentenceOf({ proofs: asked.length || known.length })}\n`)

function figuresOf(suite: string): Figures | undefined {
  try {
    return JSON.parse(readFileSync(`${figuresFolder}${suite}.json`, 'utf8'))
  } catch {
    return undefined
  }
}

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const readme = fileURLToPath(new URL('../../README.md', import.meta.url))

/** What the marked blocks print, one value a line, when the story goes as the README tells it. */
const expected = [
  'together',
  'resource-busy',
  'CA',
  'completed',
  '2',
  'signed',
  'active',
  '1',
  'client',
  'not-permitted',
  "[ 'hopelessness' ]",
  '2026-01-01',
  'not-permitted',
  'not-found',
  'not-found',
  'true',
  /^[0-9a-f]{64}$/,
  /^50 minutes face to face: 90834 /,
]

/** Why the story cannot be run here, for the test's `skip`. */
export function missingForReadme(): string | false {
  const found = spawnSync('bash', ['-c', 'command -v curl']).status === 0
  return found ? false : 'SKIPPED: bash or curl is not installed on this machine'
}

/** Runs the README's story blocks in bash against the service, changing only address and data folder. */
export async function runReadmeStory(t: Test, url: string, dataDir: string): Promise<void> {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```bash story\n([\s\S]*?)^```/gm)].map(
    match => match[1],
  )
  t.ok(blocks.length >= 5, `${blocks.length} blocks`)
  const script = blocks
    .join('\n')
    .replace('http://127.0.0.1:3000', url)
    .replaceAll('.cairn/demo.json', `${dataDir}/demo.json`)
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 })
  const lines = stdout.trim().split('\n')
  t.equal(lines.length, expected.length, stderr || stdout)
  for (const [index, line] of lines.entries()) t.match({ line }, { line: expected[index] })
}

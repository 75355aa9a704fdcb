import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// `npm run stories`: each story by itself, a line for each step. What failed is told in full by `npm test`.
const folder = fileURLToPath(new URL('.', import.meta.url))

for (const story of readdirSync(folder).filter(name => name.endsWith('.test.ts'))) {
  process.stderr.write(`${story.replace('.test.ts', '').replaceAll('-', ' ')}\n`)
  const env = { ...process.env, STORY_LINES: '1' }
  const { status } = spawnSync(process.execPath, [`${folder}${story}`], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) process.exitCode = 1
}

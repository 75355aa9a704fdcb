import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { problemsMarkdown } from '../docs-page/problems-page.ts'
import { describeApi } from '../openapi/describe-api.ts'
import { generateClient } from '../openapi/generate-client.ts'

// `npm run openapi` writes what is generated from the routes; with `--check` it fails where the files differ.
const document = await describeApi()
const generated = {
  'openapi/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'openapi/client/schema.ts': generateClient(document),
  'docs/problems.md': problemsMarkdown(),
}
const check = process.argv.includes('--check')
const stale: string[] = []
for (const [path, text] of Object.entries(generated)) {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  if (!check) await writeFile(file, text)
  else if ((await readFile(file, 'utf8').catch(() => '')) !== text) stale.push(path)
}
if (stale.length > 0) {
  process.stderr.write(`Out of date: ${stale.join(', ')}. Run \`npm run openapi\` and commit the result.\n`)
  process.exitCode = 1
}

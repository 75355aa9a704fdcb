import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { problemsMarkdown } from '../docs-page/problems-page.ts'
import { describeApi } from '../openapi/describe-api.ts'
import { generateClient } from '../openapi/generate-client.ts'
import { printJson } from '../openapi/print-json.ts'
import { withSettingsTable } from '../openapi/settings-table.ts'

// `npm run openapi` writes what is generated from the routes, problems and settings; `--check` fails where
// the committed files differ.
const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const textOf = (path: string) => readFile(fileOf(path), 'utf8').catch(() => '')

const document = await describeApi()
const generated = {
  'openapi/openapi.json': `${printJson(document)}\n`,
  'openapi/client/schema.ts': generateClient(document),
  'docs/problems.md': problemsMarkdown(),
  'README.md': withSettingsTable(await textOf('README.md')),
}
const check = process.argv.includes('--check')
const stale: string[] = []
for (const [path, text] of Object.entries(generated)) {
  if (!check) await writeFile(fileOf(path), text)
  else if ((await textOf(path)) !== text) stale.push(path)
}
if (stale.length > 0) {
  process.stderr.write(`Out of date: ${stale.join(', ')}. Run \`npm run openapi\` and commit the result.\n`)
  process.exitCode = 1
}

import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../embedded/server.ts'
import { describeSchema } from '../lib/database/describe-schema.ts'
import { migrate } from '../lib/database/migrate.ts'
import { createLocalKeyring } from '../lib/sealing/keyring.ts'

// Writes what is generated from the migrations: the row types and the reviewed picture of the schema. With
// --check it writes nothing and fails when the committed files differ.
const root = fileURLToPath(new URL('../../', import.meta.url))
const typesFile = join(root, 'src/lib/database/schema.ts')
const schemaFile = join(root, 'migrations/schema.sql')
const folder = await mkdtemp(join(tmpdir(), 'cairn-schema-'))
const server = await startEmbeddedPostgres({ dataDir: folder, durable: false })
const keyring = await createLocalKeyring(join(folder, 'keyring.json'))
try {
  await migrate(server.url, keyring.rolePasswordMaster)
  const generated = [
    [typesFile, await generateTypes(server.url)],
    [schemaFile, await describeSchema(server.url)],
  ] as const
  if (process.argv.includes('--check')) await check(generated)
  else for (const [file, text] of generated) await writeFile(file, text)
} finally {
  keyring.close()
  await server.stop()
  await removeEmbeddedPostgres(folder)
}

async function generateTypes(url: string): Promise<string> {
  const file = join(folder, 'schema.ts')
  const options = {
    dialect: 'postgres',
    url,
    'default-schema': 'cairn',
    'include-pattern': 'cairn.*',
    'date-parser': 'string',
    'type-mapping': JSON.stringify({ int8: 'number', date: 'string', inet: 'string' }),
    'out-file': file,
    'log-level': 'warn',
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  execFileSync(join(root, 'node_modules/.bin/kysely-codegen'), args, { stdio: 'inherit' })
  return readFile(file, 'utf8')
}

async function check(generated: readonly (readonly [file: string, text: string])[]): Promise<void> {
  for (const [file, text] of generated) {
    if ((await readFile(file, 'utf8')) === text) continue
    process.stderr.write(
      `${file} does not fit the migrations. Run \`npm run database-files\` and commit it.\n`,
    )
    process.exitCode = 1
  }
}

import { execFileSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeSchema } from '../lib/database/describe-schema.ts'
import { migrate } from '../lib/database/migrate.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../embedded/server.ts'
import { createLocalKeyring } from '../lib/sealing/keyring.ts'

// Writes what is generated from the migrations: the row types and the reviewed picture of the schema.
const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'cairn-schema-'))
const server = await startEmbeddedPostgres({ dataDir: folder, durable: false })
const keyring = await createLocalKeyring(join(folder, 'keyring.json'))
try {
  await migrate(server.url, keyring.rolePasswordMaster)
  execFileSync(
    join(root, 'node_modules/.bin/kysely-codegen'),
    [
      '--dialect',
      'postgres',
      '--url',
      server.url,
      '--default-schema',
      'cairn',
      '--include-pattern',
      'cairn.*',
      '--date-parser',
      'string',
      '--type-mapping',
      JSON.stringify({ int8: 'number', date: 'string', inet: 'string' }),
      '--out-file',
      join(root, 'src/lib/database/schema.ts'),
      '--log-level',
      'warn',
    ],
    { stdio: 'inherit' },
  )
  await writeFile(join(root, 'migrations/schema.sql'), await describeSchema(server.url))
} finally {
  keyring.close()
  await server.stop()
  await removeEmbeddedPostgres(folder)
}

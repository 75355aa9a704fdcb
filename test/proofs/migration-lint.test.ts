import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { migrationsFolder } from '../../src/lib/database/migrate.ts'
import { proof, skipped } from '../support/proof.ts'

const here = proof('migration-lint')
const program = fileURLToPath(new URL('../../node_modules/.bin/squawk', import.meta.url))
const configFile = join(migrationsFolder, 'squawk.toml')
const config = readFileSync(configFile, 'utf8')
const excluded = [...config.matchAll(/^ {2}"(.+)",$/gm)].map(([, rule]) => String(rule))

const folder = mkdtempSync(join(tmpdir(), 'cairn-lint-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

interface Finding {
  file: string
  line: number
  rule_name: string
}

const isOutside = (text: string) => /^-- Outside a transaction\b/m.test(text)

/** Only what deploying runs: Down parts drop what was made, and nobody runs them on data. */
function lint(texts: Record<string, string>, settings = config): Finding[] {
  const byKind = Map.groupBy(Object.entries(texts), ([, text]) => isOutside(text))
  return [...byKind].flatMap(([outside, files]) => {
    for (const [name, text] of files)
      writeFileSync(join(folder, name), text.split(/^-- Down Migration$/m)[0] ?? '')
    const settingsFile = join(folder, 'squawk.toml')
    writeFileSync(settingsFile, outside ? settings.replace('assume_in_transaction = true', '') : settings)
    const paths = files.map(([name]) => join(folder, name))
    const { stdout } = spawnSync(program, ['-c', settingsFile, '--reporter', 'json', ...paths], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    return JSON.parse(stdout)
  })
}

const tell = ({ file, line, rule_name }: Finding) => `${file.split('/').at(-1)}:${line + 1} ${rule_name}`

const there = spawnSync(program, ['--version']).status === 0
await t.test('squawk', { skip: !there && skipped('squawk has no program for this machine') }, async t => {
  const files = readdirSync(migrationsFolder).filter(name => /^\d{4}_.*\.sql$/.test(name))
  const texts = Object.fromEntries(
    files.map(name => [name, readFileSync(join(migrationsFolder, name), 'utf8')]),
  )

  t.strictSame(lint(texts).map(tell), [], 'finds nothing in the migrations')

  const everyRule = lint(texts, config.replace(/^excluded_rules = \[[^\]]*\]/m, ''))
  const unneeded = excluded.filter(rule => !everyRule.some(found => found.rule_name === rule))
  t.strictSame(unneeded, [], 'each rule that is excluded is one that something would break')

  const harmful: Record<string, string> = {
    'require-concurrent-index-creation': 'create index practices_name on cairn.practices (name);',
    'adding-not-nullable-field': 'alter table cairn.practices alter column phone set not null;',
    'constraint-missing-not-valid': `alter table cairn.practices add constraint named check (name <> '');`,
    'renaming-column': 'alter table cairn.practices rename column name to title;',
    'ban-drop-column': 'alter table cairn.practices drop column phone;',
    'ban-drop-table': 'drop table cairn.practices;',
    'changing-column-type': 'alter table cairn.practices alter column name type varchar(20);',
    'prefer-robust-stmts':
      '-- Outside a transaction\ncreate index concurrently practices_name on cairn.practices (name);',
  }
  const found = lint(
    Object.fromEntries(
      Object.entries(harmful).map(([rule, text]) => [`${rule}.sql`, `-- Up Migration\n${text}\n`]),
    ),
  )
  for (const rule of Object.keys(harmful))
    t.ok(
      found.some(({ file, rule_name }) => file.endsWith(`/${rule}.sql`) && rule_name === rule),
      `${rule} would be found`,
    )
  here.report({ migrations: files.length, 'rules excluded': excluded.length, findings: 0 })
})

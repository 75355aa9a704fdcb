import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importColumns } from '../../../../src/modules/clients/index.ts'
import { password } from '../../identity.ts'
import { makePerson } from '../../world/people.ts'
import type { Markers } from './marking.ts'
import type { Stage } from './stage.ts'
import { each } from './walk.ts'

const commands = fileURLToPath(new URL('../../../../src/commands/', import.meta.url))

/** What operators run, on files and a database full of markers. @param all instead of one import of a bad file */
export async function runCommands(
  stage: Stage,
  markers: Markers,
  { url, all }: { url: string; all: boolean },
): Promise<void> {
  const { email } = await makePerson(stage.test)
  const files = await writeImports(stage, markers)
  const env = { CAIRN_EMAIL: email, CAIRN_PASSWORD: password }
  const imports = Object.values(files).map(
    file => ['import.ts', 'clients', file, '--commit', '--url', url, '--email', email] as const,
  )
  const others = [
    ['migrate.ts'],
    ['keys.ts', 'status'],
    ['audit.ts', 'verify'],
    ['notes.ts', 'verify'],
    ['keys.ts', 'rotate', '--data'],
    ['keys.ts', 'rotate'],
  ] as const
  const wanted: (readonly string[])[] = all ? [...imports, ...others] : imports.slice(1, 2)
  await each(wanted, 2, async args =>
    stage.hear(args.slice(0, 2).join(' '), await run(args, { ...stage.commandEnv, ...env })),
  )
}

function run([file = '', ...args]: readonly string[], env: Record<string, string>): Promise<string> {
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [join(commands, file), ...args],
      { env: { PATH: process.env.PATH ?? '', ...env, LOG_LEVEL: 'trace' } },
      (_error, out, err) => resolve(`${out}${err}`),
    )
  })
}

async function writeImports({ folder }: Stage, markers: Markers): Promise<Record<string, string>> {
  const names = Object.keys(importColumns)
  const given = (change: Record<string, string> = {}) => {
    const values: Record<string, string> = {
      legal_given_name: markers.textFor('csv/legal_given_name'),
      legal_family_name: markers.textFor('csv/legal_family_name'),
      birth_date: markers.birthDate,
      phone: markers.phone,
      postal_code: markers.postalCode,
      ...change,
    }
    return names.map(name => values[name] ?? '').join(',')
  }
  const bad = Object.fromEntries(names.map(name => [name, `=${markers.textFor(`csv broken/${name}`)}`]))
  const files = {
    good: [names.join(','), given()],
    bad: [names.join(','), given(bad)],
    headless: [given()],
    broken: [names.join(','), `"${markers.textFor('csv broken/quote')}`],
  }
  for (const [name, lines] of Object.entries(files))
    await writeFile(join(folder, `${name}.csv`), lines.join('\n'))
  return Object.fromEntries(Object.keys(files).map(name => [name, join(folder, `${name}.csv`)]))
}

import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { CsvError, parse } from 'csv-parse/sync'
import { createCairnClient } from '../../openapi/client/index.ts'
import {
  decodeText,
  ImportRefused,
  type ImportResult,
  importClientFile,
  NotUnicode,
} from '../client-import/index.ts'
import { importColumns } from '../modules/clients/index.ts'

const columnLines = Object.entries(importColumns)
  .map(([name, meaning]) => `  ${name.padEnd(24)}${meaning}`)
  .join('\n')

const usage = `npm run import -- clients file.csv [--commit] [--url http://127.0.0.1:3000] [--email you@practice.example]

Looks at every row through the API and writes nothing. With --commit a file without a problem is taken in,
whole or not at all, up to 5,000 rows. Signs in with CAIRN_EMAIL and CAIRN_PASSWORD, or asks for them.

  --practice <id>   which practice, for people who work in several
  --totp <code>     the one-time code, where the practice asks for a second factor

The first line of the file names its columns, in any order (UTF-8, commas):

${columnLines}

A problem is told as row, column and code; docs/import.md explains the codes. Values are never printed.`

type Say = (line: string) => void
const print: Say = line => void process.stdout.write(`${line}\n`)

/** What was wrong before a row was sent; the message is for the person at the terminal. */
class CannotImport extends Error {
  override readonly name = 'CannotImport'
}

export interface SignInDetails {
  email: string
  password: string
  practiceId?: string
  totp?: string
}

/** @returns an access token. @throws CannotImport when the sign-in is not complete */
export async function signIn(url: string, details: SignInDetails): Promise<string> {
  const { data, response } = await createCairnClient({ baseUrl: url }).POST('/v1/sessions', { body: details })
  if (!data) throw new CannotImport(`Signing in was refused (${response.status}). Check e-mail and password.`)
  if (data.status === 'mfa_required') throw new CannotImport('A second factor is needed: give --totp.')
  if (data.status === 'practice_choice') {
    const choices = data.practices.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
    throw new CannotImport(`Say which practice with --practice:\n${choices}`)
  }
  return data.accessToken
}

/**
 * Sends a file and tells what became of it.
 *
 * @returns whether the file is without a problem
 * @throws CannotImport for a header that is not known, NotUnicode, CsvError, ImportRefused
 */
export async function importFile(
  options: { url: string; token: string; file: string; commit: boolean },
  say: Say,
): Promise<boolean> {
  await checkHeader(options.file)
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: ' {bar} {value}/{total} rows', clearOnComplete: true })
    : undefined
  bar?.start(0, 0)
  const onProgress = (done: number, total: number) => {
    bar?.setTotal(total)
    bar?.update(done)
  }
  try {
    const result = await importClientFile({ ...options, onProgress })
    bar?.stop()
    report(result, options.commit, say)
    return result.problems.length === 0
  } finally {
    bar?.stop()
  }
}

/** Columns are told by their number: a file without a header has a client's data in its first line. */
async function checkHeader(file: string): Promise<void> {
  const [header = []] = parse(decodeText(await readFile(file)), {
    skip_empty_lines: true,
    trim: true,
    to: 1,
  }) as string[][]
  const unknown = header.flatMap((name, index) => (name in importColumns ? [] : [index + 1]))
  if (unknown.length > 0) {
    throw new CannotImport(
      `The header has names that are not known, in column ${unknown.join(', ')}. See --help.`,
    )
  }
  if (new Set(header).size < header.length) throw new CannotImport('The header names a column twice.')
}

function report({ rows, problems, committed }: ImportResult, commit: boolean, say: Say): void {
  if (problems.length > 0) {
    say('row      column                  code')
    for (const { row, column, code } of problems) {
      say(`${String(row).padEnd(9)}${column.padEnd(24)}${code}`)
    }
    const bad = new Set(problems.map(problem => problem.row)).size
    say(`${bad} of ${rows} rows have problems. Nothing was imported.`)
  } else if (committed) {
    say(`${rows} clients were imported.`)
  } else if (!commit) {
    say(`${rows} rows are valid. Nothing was imported: add --commit to do so.`)
  }
}

async function ask(question: string, { hidden = false } = {}): Promise<string> {
  if (!process.stdin.isTTY) throw new CannotImport('Set CAIRN_EMAIL and CAIRN_PASSWORD: nobody can be asked.')
  process.stderr.write(question)
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr
  const prompt = createInterface({ input: process.stdin, output, terminal: true })
  try {
    return await prompt.question('')
  } finally {
    prompt.close()
    process.stderr.write('\n')
  }
}

async function run(argv: string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      commit: { type: 'boolean', default: false },
      url: { type: 'string', default: environment.CAIRN_URL ?? 'http://127.0.0.1:3000' },
      email: { type: 'string' },
      practice: { type: 'string' },
      totp: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const [what, file, ...rest] = positionals
  if (values.help || what !== 'clients' || !file || rest.length > 0) {
    print(usage)
    return values.help
  }
  const email = values.email ?? environment.CAIRN_EMAIL ?? (await ask('E-mail: '))
  const password = environment.CAIRN_PASSWORD ?? (await ask('Password: ', { hidden: true }))
  const token = await signIn(values.url, {
    email,
    password,
    ...(values.practice ? { practiceId: values.practice } : {}),
    ...(values.totp ? { totp: values.totp } : {}),
  })
  return importFile({ url: values.url, token, file, commit: values.commit }, print)
}

const ours = [CannotImport, ImportRefused, NotUnicode]

/** Only what is safe to show: messages of ours, codes of others. */
function sayWhy(error: unknown): string {
  if (error instanceof Error && ours.some(kind => error instanceof kind)) return error.message
  if (error instanceof CsvError)
    return `The file is no valid CSV (${error.code}, line ${String(error.lines)}).`
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code === 'ENOENT') return 'There is no such file.'
  if (error instanceof TypeError && error.message === 'fetch failed')
    return 'The service does not answer there.'
  return code?.startsWith('ERR_PARSE_ARGS') ? usage : `It did not work (${code ?? 'no reason known'}).`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = (await run(process.argv.slice(2), process.env)) ? 0 : 1
  } catch (error) {
    process.stderr.write(`${sayWhy(error)}\n`)
    process.exitCode = 1
  }
}

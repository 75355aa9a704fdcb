import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A pattern: only files that fit it, while looking for what one of them did. */
const { SUITE_FILES } = process.env
const here = fileURLToPath(new URL('../../../..', import.meta.url))

/** Proofs have servers of their own, whatever a run is told; the stories and the embedded server have too. */
const excluded = /^test\/(proofs|embedded)\//

export interface SuiteResult {
  files: number
  checks: number
  /** What each file that failed printed last. */
  failures: string[]
}

export interface SuiteOptions {
  /** Another checkout than this one. */
  root?: string
  /** Files that are left out. */
  without?: readonly string[]
}

/** Runs every test file as `npm test` does, on a server of this run's own, with these variables added. */
export async function wholeSuite(
  variables: Record<string, string>,
  { root = here, without = [] }: SuiteOptions = {},
): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-suite-'))
  const env = { ...process.env, PROOF: '', TEST_SERVER_STATE: join(folder, 'server.json'), ...variables }
  try {
    await expectSuccess(root, 'test/support/before.ts', env)
    return await runAll(
      root,
      filesOf(root).filter(file => !without.includes(file)),
      env,
    )
  } finally {
    await expectSuccess(root, 'test/support/after.ts', env)
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the checkout's own runner runs. */
const filesOf = (root: string) =>
  includedBy(readFileSync(join(root, '.taprc'), 'utf8'))
    .flatMap(pattern => globSync(pattern, { cwd: root }))
    .filter(file => !excluded.test(file))
    .filter(file => !SUITE_FILES || new RegExp(SUITE_FILES).test(file))
    .sort()

/** The patterns of a `.taprc`. */
export const includedBy = (taprc: string): string[] =>
  [...taprc.matchAll(/^ {2}- (test\/.+)$/gm)].map(([, pattern]) => pattern ?? '')

/** Two at a time, like the runner. */
async function runAll(root: string, files: string[], env: NodeJS.ProcessEnv): Promise<SuiteResult> {
  const result: SuiteResult = { files: files.length, checks: 0, failures: [] }
  const queue = files.values()
  const line = async () => {
    for (const file of queue) {
      const { status, output } = await run(root, file, env)
      result.checks += Number(/# \{ total: (\d+)/.exec(output)?.[1] ?? 0)
      if (status === 0) continue
      process.stderr.write(`# ${file} failed\n`)
      result.failures.push(`${file}\n${failedChecks(output)}`)
    }
  }
  await Promise.all([line(), line()])
  return result
}

const failedChecks = (output: string) => {
  const lines = output.split('\n')
  const at = lines.findIndex(text => /^\s*not ok/.test(text))
  return lines.slice(Math.max(0, at), at + 25).join('\n')
}

async function expectSuccess(root: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { status, output } = await run(root, file, env)
  if (status !== 0) throw new Error(`${file} failed: ${output}`)
}

function run(
  root: string,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { ...env, TAP_BAIL: '', TAP_DIAG: '', TAP_TIMEOUT: '900' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  return new Promise(resolve => child.once('close', status => resolve({ status, output })))
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { TestApp } from '../../test-app.ts'
import { testServer } from '../../test-server.ts'
import { compileCache } from './service.ts'

/** What a worker process is told. */
export interface WorkerOrders {
  appUrl: string
  relayUrl: string
  keyringFile: string
  journal: string
  /** How long each job takes. */
  jobMs: number
  /** The subject that kills whoever works on it. */
  poison?: string
  smtpUrl?: string
  /** A gateway of text messages, beside the mail server. */
  textUrl?: string
}

export interface Entry {
  pid: number
  what: 'began' | 'ended'
  subjectId: string
}

export interface Workers {
  start(
    orders?: Partial<Pick<WorkerOrders, 'jobMs' | 'poison' | 'smtpUrl' | 'textUrl'>>,
  ): Promise<ChildProcess>
  /** What all workers of this test wrote down, in order. */
  journal(): Entry[]
}

const program = fileURLToPath(new URL('worker-process.ts', import.meta.url))

/** Workers as processes of their own, on the database of a test; they end with it. */
export async function workersOn(t: Test, test: TestApp): Promise<Workers> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-journal-'))
  const journal = join(folder, 'journal')
  await writeFile(journal, '')
  const { keyringFile } = await testServer()
  const children = new Set<ChildProcess>()
  t.teardown(async () => {
    for (const child of children) await killed(child)
    await rm(folder, { recursive: true })
  })
  return {
    async start(orders = {}) {
      const { appUrl, relayUrl } = test
      const all: WorkerOrders = { appUrl, relayUrl, keyringFile, journal, jobMs: 20, ...orders }
      const child = fork(program, [JSON.stringify(all)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      })
      children.add(child)
      await Promise.race([
        once(child, 'message'),
        // A poisoned worker may be dead before anybody heard that it was ready.
        once(child, 'exit'),
      ])
      return child
    },
    journal: () =>
      readFileSync(journal, 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => {
          const [pid = '', what, subjectId = ''] = line.split(' ')
          return { pid: Number(pid), what: what as Entry['what'], subjectId }
        }),
  }
}

export const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

/** Ends it as `kill -9` does, wherever it is. */
export async function killed(child: ChildProcess): Promise<void> {
  if (isOver(child)) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/embedded/port.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Account {
  role: string
  email: string
  password: string
}

/** The service as a process of its own, started as `npm start` does. */
export interface RunningService {
  url: string
  demo: Account[]
  /** Everything it printed. */
  output(): string
  /** Asks it to end, as Ctrl-C does. @returns its exit code */
  stop(): Promise<number | null>
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>
  /** Its exit code, once it ended by whatever cause. */
  ended: Promise<number | null>
  process: ChildProcess
}

export interface ServiceOptions {
  /** A module that it loads before its own, and that it talks to this process through. */
  preload?: string
}

/** @throws with its output when it ends before it is ready */
export async function startService(
  dataDir: string,
  env: Record<string, string> = {},
  { preload }: ServiceOptions = {},
): Promise<RunningService> {
  const port = await freePort()
  const child = spawn(process.execPath, [...(preload ? ['--import', preload] : []), 'src/server.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      // What the run has compiled already: half of the time to start.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
      HOME: process.env.HOME ?? '',
      CAIRN_DATA_DIR: dataDir,
      PORT: String(port),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(preload ? ['ipc' as const] : [])],
  })
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', text => printed.push(text))
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const ready = await Promise.race([
    readyLine(child, printed),
    ended.then(code => Promise.reject(new Error(`It ended with ${code}: ${printed.join('')}`))),
  ])
  return {
    ...ready,
    process: child,
    output: () => printed.join(''),
    ended,
    stop: () => {
      child.kill('SIGINT')
      return ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function readyLine(child: ChildProcess, printed: string[]): Promise<{ url: string; demo: Account[] }> {
  return new Promise(resolve => {
    child.stdout?.on('data', () => {
      const line = printed
        .join('')
        .split('\n')
        .find(text => text.includes('"msg":"ready"'))
      if (line) resolve(JSON.parse(line))
    })
  })
}

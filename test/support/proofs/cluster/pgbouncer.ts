import { spawn, spawnSync } from 'node:child_process'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accountForNewCluster, childIdentity } from '../../../../src/embedded/account.ts'
import { freePort } from '../../../../src/embedded/port.ts'
import { until } from '../../until.ts'

/** A running PgBouncer; plain JSON, so that another process can end it. */
export interface Pooler {
  port: number
  pid: number
  folder: string
}

export interface PoolerOptions {
  /** The server that it stands in front of. */
  serverUrl: string
  /** Who may sign in, with their passwords. */
  users: Readonly<Record<string, string>>
  /** Connections to the server for each database and user. */
  poolSize: number
  /** When this process is gone the pooler ends too. */
  ownerPid: number
}

/** Starts PgBouncer in transaction mode. It goes on when this process ends, until its owner does. */
export async function startPooler(options: PoolerOptions): Promise<Pooler> {
  const port = await freePort()
  const account = await accountForNewCluster()
  const folder = await mkdtemp(join(tmpdir(), 'cairn-pooler-'))
  const config = join(folder, 'pgbouncer.ini')
  await writeFile(join(folder, 'users.txt'), userList(options.users), { mode: 0o600 })
  await writeFile(config, configuration(options, port, folder), { mode: 0o600 })
  if (account)
    for (const path of [folder, config, join(folder, 'users.txt')])
      await chown(path, account.uid, account.gid)
  const child = spawn('/bin/sh', ['-c', untilOwnerEnds, 'sh', config, String(options.ownerPid)], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    ...childIdentity(account),
  })
  child.unref()
  const pooler = { port, pid: child.pid ?? 0, folder }
  await untilListening(pooler)
  return pooler
}

export async function stopPooler({ pid, folder }: Pooler): Promise<void> {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It is gone already.
  }
  await rm(folder, { recursive: true, force: true })
}

/** The same login and database, by way of the pooler. */
export function through({ port }: Pooler, url: string): string {
  const changed = new URL(url)
  changed.hostname = '127.0.0.1'
  changed.port = String(port)
  return changed.href
}

/** Before 1.21 it hands out connections without knowing which statements were prepared on them. */
export function followsNamedStatements(): boolean {
  const printed = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8' }).stdout
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(printed) ?? []).map(Number)
  return major > 1 || minor >= 21
}

const untilOwnerEnds = `
  pgbouncer -q "$1" & pooler=$!
  trap 'kill -INT $pooler; exit' TERM
  while kill -0 $pooler 2>/dev/null && [ -d "/proc/$2" ]; do sleep 1 & wait $!; done
  kill -INT $pooler`

const userList = (users: PoolerOptions['users']) =>
  Object.entries(users)
    .map(([name, password]) => `"${name}" "${password}"\n`)
    .join('')

function configuration({ serverUrl, poolSize }: PoolerOptions, port: number, folder: string): string {
  const server = new URL(serverUrl)
  return `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 2000
server_idle_timeout = 5
server_login_retry = 1
`
}

const untilListening = ({ port, folder }: Pooler) =>
  until(`PgBouncer starts with ${folder}/pgbouncer.ini`, () => answers(port), { seconds: 5 })

const answers = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

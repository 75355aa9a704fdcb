import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { isThere } from '../../src/embedded/files.ts'
import { findEmbeddedPostgres, removeEmbeddedPostgres } from '../../src/embedded/server.ts'
import { startService } from '../support/service.ts'

// It installs the demo once and starts the service as a process several times, one after the other.
t.setTimeout(120_000)

async function dataDirFor(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-service-'))
  t.teardown(() => removeEmbeddedPostgres(folder))
  return folder
}

const inboxOf = async ({ url }: { url: string }) => (await fetch(`${url}/dev/inbox`)).status

t.test('the inbox of development is for this machine alone, or for who asks for it', async t => {
  const dataDir = await dataDirFor(t)
  let calls = 0
  const mailServer = createServer(socket => {
    calls++
    socket.destroy()
  })
  await once(mailServer.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => new Promise(done => mailServer.close(done)))
  const SMTP_URL = `smtp://127.0.0.1:${(mailServer.address() as AddressInfo).port}`

  const first = await startService(dataDir, { SMTP_URL })
  t.ok(first.demo.length > 5, 'the demo moves in')
  t.equal(calls, 0, 'and no mail server hears of its people')
  t.equal(await inboxOf(first), 404, 'where mail is sent')
  t.equal(await first.stop(), 0)

  for (const [what, env, status] of [
    ['unasked, on this machine', {}, 200],
    ['unasked, for other machines', { HOST: '0.0.0.0' }, 404],
    ['unasked, behind an address of the outside', { PUBLIC_URL: 'https://cairn.example' }, 404],
    ['refused', { DEV_INBOX: 'false' }, 404],
    ['asked for', { HOST: '0.0.0.0', DEV_INBOX: 'true' }, 200],
  ] as const) {
    const service = await startService(dataDir, env)
    t.equal(await inboxOf(service), status, what)
    t.equal(/\bInbox\b/.test(service.output()), status === 200, 'and told where there is one')
    t.equal(await service.stop(), 0)
  }
})

t.test('a process that only works, or only answers, comes up on an empty folder, without a demo', async t => {
  const dataDir = await dataDirFor(t)
  for (const PROCESS_ROLE of ['worker', 'api']) {
    const service = await startService(dataDir, { PROCESS_ROLE })
    t.notOk(service.demo)
    t.equal(await service.stop(), 0)
  }

  await t.test('a signal ends a backup and a restore with everything they started', async t => {
    // Beside the database: where its own account may enter.
    const [to, into] = [join(dataDir, 'backups'), join(dataDir, 'restored')]
    await mkdir(into)
    const backup = run('src/commands/backup.ts', ['--to', to], dataDir)
    while (!(await findEmbeddedPostgres(dataDir)) && backup.child.exitCode === null) await sleep(5)
    backup.child.kill('SIGTERM')
    t.equal(await backup.code, 143)
    t.equal(await findEmbeddedPostgres(dataDir), undefined)
    t.same(await locksIn(dataDir), [])

    t.equal(await run('src/commands/backup.ts', ['--to', to], dataDir).code, 0)
    const inside = ['--to', join(dataDir, 'postgres', 'backups', 'new')]
    t.equal(
      await run('src/commands/backup.ts', inside, dataDir).code,
      2,
      'none goes into the database itself',
    )
    for (const step of ['copying', 'replaying'] as const) {
      const restore = run(
        'src/commands/restore.ts',
        ['--from', to, '--to', 'latest', '--into', into],
        dataDir,
      )
      while (!(await isAt(step, into)) && restore.child.exitCode === null) await sleep(5)
      restore.child.kill('SIGINT')
      t.equal(await restore.code, 130, step)
      t.same(await readdir(into), [], 'the folder is as it was')
    }
  })
})

const isAt = async (step: 'copying' | 'replaying', into: string) => {
  const draft = (await readdir(into)).find(name => name.startsWith('postgres.restoring-'))
  return draft !== undefined && (step === 'copying' || (await isThere(join(into, draft, 'postmaster.pid'))))
}

const locksIn = async (folder: string) =>
  (await readdir(folder)).filter(name => name.startsWith('cairn.lock'))

function run(command: string, args: string[], dataDir: string) {
  const child = spawn(process.execPath, [command, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CAIRN_DATA_DIR: dataDir, PORT: '0' },
    stdio: 'ignore',
  })
  return { child, code: once(child, 'exit').then(([code]: (number | null)[]) => code) }
}

t.test('a signal while it starts leaves no server and no lock behind', async t => {
  const dataDir = await dataDirFor(t)
  for (const moment of ['the cluster is made', 'the server is up'] as const) {
    const { child, code } = run('src/server.ts', [], dataDir)
    const reached = async () =>
      moment === 'the cluster is made'
        ? isThere(join(dataDir, 'postgres'))
        : (await findEmbeddedPostgres(dataDir)) !== undefined
    while (!(await reached()) && child.exitCode === null) await sleep(10)
    t.equal(child.exitCode, null, `it runs while ${moment}`)
    child.kill('SIGTERM')
    t.equal(await code, 0, moment)
    t.equal(await findEmbeddedPostgres(dataDir), undefined, 'no server is left')
    t.same(
      (await readdir(dataDir)).filter(name => name.startsWith('cairn.lock')),
      [],
      'no lock is left',
    )
  }
})

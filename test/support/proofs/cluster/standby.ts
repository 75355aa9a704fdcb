import { execFile } from 'node:child_process'
import { chmod, chown, copyFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { asAdmin } from '../../test-server.ts'
import { until } from '../../until.ts'
import { type DurableServer, startDurableServer } from '../faults/durable-server.ts'

const execute = promisify(execFile)
const standbyName = 'standby'

/**
 * A streaming standby of this server. From then on the server acknowledges no commit that the standby does not
 * have: `synchronous_standby_names`, which stays with the server when it is started again.
 */
export async function startSynchronousStandby(t: Test, primary: DurableServer): Promise<DurableServer> {
  const standby = await startDurableServer(t, {
    settings: { primary_conninfo: connectionTo(primary), hot_standby: 'on' },
    prepare: dataDir => copyServer(primary, dataDir),
  })
  await asAdmin(primary.adminUrl, async admin => {
    await admin.query(`alter system set synchronous_standby_names = '${standbyName}'`)
    await admin.query('select pg_reload_conf()')
  })
  await untilSynchronous(primary)
  return standby
}

/** Makes it a primary, on the next timeline. */
export async function promote(standby: DurableServer): Promise<void> {
  await asAdmin(standby.adminUrl, async admin => {
    const { rows } = await admin.query<{ promoted: boolean }>('select pg_promote(true, 30) as promoted')
    if (!rows[0]?.promoted) throw new Error('The standby was not promoted')
  })
}

/** @throws when no standby has caught up within ten seconds */
export const untilSynchronous = (primary: DurableServer) =>
  until(
    'a standby has caught up',
    async () => {
      const attached = await asAdmin(primary.adminUrl, admin =>
        admin.query(`select from pg_stat_replication where state = 'streaming' and sync_state = 'sync'`),
      )
      return attached.rowCount === 1
    },
    { seconds: 10 },
  )

function connectionTo({ adminUrl }: DurableServer): string {
  const { hostname, port, username, password } = new URL(adminUrl)
  return `host=${hostname} port=${port} user=${username} password=${password} application_name=${standbyName}`
}

/** What pg_basebackup does, which the embedded PostgreSQL does not have: a copy between start and end of a backup. */
async function copyServer(primary: DurableServer, dataDir: string): Promise<void> {
  const cluster = path.join(dataDir, 'postgres')
  const label = await asAdmin(primary.adminUrl, async admin => {
    await admin.query(`select pg_backup_start('standby', true)`)
    await execute('cp', ['-a', primary.cluster, cluster])
    const { rows } = await admin.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    return rows[0]?.labelfile ?? ''
  })
  const { uid, gid } = await stat(primary.cluster)
  await rm(path.join(cluster, 'postmaster.pid'))
  for (const [file, text] of [
    ['backup_label', label],
    ['standby.signal', ''],
  ] as const) {
    await writeFile(path.join(cluster, file), text, { mode: 0o600 })
    await chown(path.join(cluster, file), uid, gid)
  }
  await copyFile(path.join(primary.dataDir, 'postgres.password'), path.join(dataDir, 'postgres.password'))
  // As root, the server's own account has to get through to it.
  const folder = await stat(primary.dataDir)
  await chown(dataDir, folder.uid, folder.gid)
  await chmod(dataDir, folder.mode & 0o777)
}

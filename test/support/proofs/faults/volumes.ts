import { spawnSync } from 'node:child_process'
import { chmod, chown, cp, mkdtemp, open, rm, stat, symlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import type { DurableServer } from './durable-server.ts'

/** A small file system of its own. */
export interface Volume {
  folder: string
  /** Leaves not a byte. */
  fill(): Promise<void>
  free(): Promise<void>
}

/** @returns undefined where this account may not mount */
export async function mountVolume(t: Test, megabytes: number): Promise<Volume | undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-volume-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const options = `size=${megabytes}m,mode=0755`
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'cairn-proof', folder])
  if (status !== 0) return undefined
  await chmod(folder, 0o755)
  // Lazily: whoever still holds a file in it must not keep it.
  t.teardown(() => void spawnSync('umount', ['--lazy', folder]))
  const ballast = path.join(folder, 'ballast')
  return { folder, fill: () => writeUntilFull(ballast), free: () => rm(ballast, { force: true }) }
}

async function writeUntilFull(file: string): Promise<void> {
  const handle = await open(file, 'a')
  try {
    for (const bytes of [1_048_576, 4_096]) {
      const block = Buffer.alloc(bytes, 1)
      for (let written = bytes; written === bytes; )
        written = await handle.write(block).then(
          ({ bytesWritten }) => bytesWritten,
          () => 0,
        )
    }
  } finally {
    await handle.close()
  }
}

/** Puts the write-ahead log on another volume, as operators do. The server is stopped for it. */
export async function moveWal(server: DurableServer, volume: string): Promise<void> {
  await server.stop('fast')
  const [from, to] = [path.join(server.cluster, 'pg_wal'), path.join(volume, 'pg_wal')]
  const { uid, gid } = await stat(from)
  await cp(from, to, { recursive: true })
  await rm(from, { recursive: true })
  spawnSync('chown', ['-R', `${uid}:${gid}`, to])
  await chmod(to, 0o700)
  await chown(to, uid, gid)
  await symlink(to, from)
  await server.start()
}

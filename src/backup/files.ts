import { createHash } from 'node:crypto'
import { open, readdir } from 'node:fs/promises'
import path from 'node:path'

export interface CopiedFile {
  bytes: number
  /** Hexadecimal. */
  sha256: string
}

const chunkBytes = 1024 * 1024
/** Enough to keep a disk busy while it syncs. */
const atOnce = 8

/** Copies a file and has it on the disk when it returns. @returns what was read, and so what was written */
export async function copyDurably(source: string, target: string): Promise<CopiedFile> {
  const from = await open(source, 'r')
  try {
    const to = await open(target, 'wx', 0o600)
    try {
      const hash = createHash('sha256')
      // Most files are small, and a buffer for each is what a copy costs most.
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, (await from.stat()).size || 1))
      let bytes = 0
      for (;;) {
        const { bytesRead } = await from.read(buffer, 0, buffer.length, null)
        if (bytesRead === 0) break
        const chunk = buffer.subarray(0, bytesRead)
        hash.update(chunk)
        await to.writeFile(chunk)
        bytes += bytesRead
      }
      await to.sync()
      return { bytes, sha256: hash.digest('hex') }
    } finally {
      await to.close()
    }
  } finally {
    await from.close()
  }
}

export interface Tree {
  /** Relative paths, parents first. */
  folders: string[]
  files: string[]
}

/** What is in a folder, without what `skip` says no to (a folder's content goes with it). */
export async function listTree(root: string, skip: (relative: string) => boolean): Promise<Tree> {
  const tree: Tree = { folders: [], files: [] }
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (skip(relative)) continue
      if (!entry.isDirectory()) tree.files.push(relative)
      else {
        tree.folders.push(relative)
        waiting.push(relative)
      }
    }
  }
  return tree
}

/** Does the work for each, some at once. Stops at the first failure. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  let failed = false
  const worker = async () => {
    for (const item of queue) {
      if (failed) return
      await work(item).catch(error => {
        failed = true
        throw error
      })
    }
  }
  const results = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

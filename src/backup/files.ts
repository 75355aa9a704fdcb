import { createHash } from 'node:crypto'
import { open, readdir } from 'node:fs/promises'
import path from 'node:path'

export interface CopiedFile {
  bytes: number
  /** Hexadecimal. */
  sha256: string
}

const chunkBytes = 1024 * 1024

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

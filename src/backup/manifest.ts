import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { isThere } from '../embedded/files.ts'
import { writeDurably } from '../lib/durable-files.ts'
import { BackupError } from './errors.ts'

const Manifest = Type.Object({
  format: Type.Literal('cairn-backup-1'),
  /** By the database's clock. A time before `finishedAt` cannot be restored from this backup. */
  startedAt: Type.String(),
  finishedAt: Type.String(),
  postgres: Type.String({ description: 'Major version' }),
  systemIdentifier: Type.String(),
  timeline: Type.Integer(),
  segmentBytes: Type.Integer(),
  firstSegment: Type.String({ pattern: '^[0-9A-F]{24}$' }),
  lastSegment: Type.String({ pattern: '^[0-9A-F]{24}$' }),
  /** Which keyring opens it; null when the database was never started with one. */
  keyring: Type.Union([Type.Null(), Type.Object({ fingerprint: Type.String(), kekVersion: Type.Integer() })]),
  folders: Type.Array(Type.String()),
  files: Type.Record(Type.String(), Type.Object({ bytes: Type.Integer(), sha256: Type.String() })),
})

/** What a base backup holds and what is needed to use it. Written last: a backup without it is unfinished. */
export type Manifest = Static<typeof Manifest>

const fileIn = (folder: string) => path.join(folder, 'manifest.json')
const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/** Two lines: the manifest, and the hash of that line. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = JSON.stringify(manifest)
  await writeDurably(fileIn(folder), `${text}\n${digest(text)}\n`)
}

export const isFinished = (folder: string) => isThere(fileIn(folder))

/** @throws BackupError when it was changed or cut */
export async function readManifest(folder: string): Promise<Manifest> {
  const [text = '', hash] = (await readFile(fileIn(folder), 'utf8')).split('\n')
  const manifest: unknown = digest(text) === hash ? JSON.parse(text) : undefined
  if (Value.Check(Manifest, manifest)) return manifest
  throw new BackupError(
    `The backup ${folder} is damaged: its manifest is not as it was written. Use another.`,
  )
}

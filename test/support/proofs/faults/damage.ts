import { open } from 'node:fs/promises'
import path from 'node:path'
import { asAdmin } from '../../test-server.ts'
import type { DurableServer } from './durable-server.ts'

const pageBytes = 8_192

/** Where the first page of a table lies. Everything must have been written out before it is damaged. */
export async function fileOf(server: DurableServer, adminUrl: string, table: string): Promise<string> {
  return asAdmin(adminUrl, async admin => {
    await admin.query('checkpoint')
    const { rows } = await admin.query<{ file: string }>('select pg_relation_filepath($1) as file', [table])
    return path.join(server.cluster, rows[0]?.file ?? '')
  })
}

/** Inverts some bytes at the end of the first page, where rows are. @returns what mends it again */
export async function flipBytes(file: string): Promise<() => Promise<void>> {
  const invert = async () => {
    const handle = await open(file, 'r+')
    try {
      const bytes = Buffer.alloc(16)
      const position = pageBytes - 64
      await handle.read(bytes, 0, bytes.length, position)
      await handle.write(
        bytes.map(byte => byte ^ 0xff),
        0,
        bytes.length,
        position,
      )
    } finally {
      await handle.close()
    }
  }
  await invert()
  return invert
}

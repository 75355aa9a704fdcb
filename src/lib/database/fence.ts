import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type pg from 'pg'

/** A server that must not be worked on: it follows another one, or another one has taken its place. */
export class WrongServer extends Error {
  override readonly name = 'WrongServer'
  readonly code: 'STANDBY' | 'OLD_PRIMARY'

  constructor(code: 'STANDBY' | 'OLD_PRIMARY') {
    super(code === 'STANDBY' ? 'This server is a standby' : 'Another server has taken the place of this one')
    this.code = code
  }
}

/** A server as its write-ahead log knows it: each promotion and each restore begins the next timeline. */
export interface Place {
  /** Identifies the history that servers share which were copied from one another. */
  system: string
  timeline: number
}

/** Keeps a process from a primary that was replaced: nothing done there would be kept. See decision 8. */
export interface Fence {
  /**
   * Looks at the server behind a connection. One round trip.
   * @throws WrongServer
   */
  admit(connection: pg.ClientBase | pg.Pool): Promise<Place>
  /** Tells of each newer timeline: connections to an older one of the same system lead to the wrong server. */
  onNewer(listener: (place: Place) => void): void
}

export interface FenceOptions {
  /** Where the newest timeline is remembered, for other processes and for the next start; only in memory without. */
  file?: string | undefined
  onProblem?: (error: unknown) => void
}

const question = `select pg_is_in_recovery() as standby, (select system_identifier::text from pg_control_system()) as system,
  case when pg_is_in_recovery() then '' else left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end as timeline`

/** A process has one. */
export function createFence({ file, onProblem = () => {} }: FenceOptions = {}): Fence {
  const newest = new Map<string, number>()
  const listeners: ((place: Place) => void)[] = []

  function learn(place: Place): void {
    newest.set(place.system, place.timeline)
    for (const listener of listeners) listener(place)
  }

  /** What other processes have met. Read for each new connection, of which there are few. */
  function readUp(path: string): void {
    const known = readPlace(path)
    if (known && known.timeline > (newest.get(known.system) ?? 0)) learn(known)
  }

  return {
    async admit(connection) {
      const { rows } = await connection.query<{ standby: boolean; system: string; timeline: string }>(
        question,
      )
      const { standby = true, system = '', timeline = '' } = rows[0] ?? {}
      if (standby) throw new WrongServer('STANDBY')
      const place = { system, timeline: Number.parseInt(timeline, 16) }
      try {
        if (file) readUp(file)
        if (place.timeline > (newest.get(system) ?? 0)) {
          learn(place)
          if (file) writePlace(file, place)
        }
      } catch (error) {
        // Without the file a process still remembers what it has met itself.
        onProblem(error)
      }
      if (place.timeline < (newest.get(system) ?? 0)) throw new WrongServer('OLD_PRIMARY')
      return place
    },
    onNewer: listener => void listeners.push(listener),
  }
}

function readPlace(file: string): Place | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Whoever reads meanwhile finds it whole. Two that write at once have met the same promotion. */
function writePlace(file: string, place: Place): void {
  const draft = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(draft, `${JSON.stringify(place)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}

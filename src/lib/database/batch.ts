import pg from 'pg'

declare module 'pg' {
  // What pg's own queries work with, which its types leave out. Its version is pinned; every proof goes through here.
  interface Connection {
    readonly parsedStatements: Readonly<Record<string, string>>
    readonly submittedNamedStatements: Record<string, string>
  }
}

type Value = string | Buffer | null

/** A parameter as it travels. @throws for one that cannot, before anything was sent */
export const traveling = (value: unknown): Value => prepareValue(value)

/** pg's own, which its types leave out. */
const { prepareValue }: { prepareValue(value: unknown): Value } = Reflect.get(pg, 'utils')

/** What a statement came to. */
export interface Answer {
  command: string
  /** null where the command has none, like COMMIT. */
  rowCount: number | null
  rows: Record<string, unknown>[]
}

/** A statement that somebody waits for. */
export interface Asked {
  text: string
  /** As `traveling` made them. */
  values: Value[]
  /** Under which it is prepared; empty where it is parsed anew each time. */
  name: string
  /** Its answer is sent as soon as it is there, and the connection counts as lost when that takes longer. */
  patienceMs?: number | undefined
  done(answer: Answer): void
  failed(error: Error): void
}

/** How rows of a statement are read. */
type Columns = readonly { name: string; parse: (text: string) => unknown }[]

/** By the name of a prepared statement, whose columns never change: PostgreSQL would refuse to run it. */
const knownColumns = new WeakMap<pg.ClientBase, Map<string, Columns>>()

/**
 * Several statements that are sent at once and answered at once. pg would end each by itself: the server then answers each
 * with a packet of its own, and wakes us as often. What rows look like is asked once for each prepared statement.
 *
 * Those behind one that failed are not run: they fail as they would in a transaction that is aborted.
 */
export class Batch extends pg.Query {
  /** Settles when all are answered or one failed; never rejects. */
  readonly settled: Promise<void>
  readonly asked: readonly Asked[]
  /** Of the statement that is being answered; pg remembers by it what was parsed. */
  declare name: string
  declare text: string
  declare callback: (error?: Error) => void
  readonly #client: pg.ClientBase
  readonly #columns: Map<string, Columns>
  #at = 0
  #rows: Answer['rows'] = []
  #current: Columns | undefined
  #unreadable: Error | undefined
  #patience: NodeJS.Timeout | undefined

  constructor(client: pg.ClientBase, asked: readonly Asked[]) {
    super('')
    const { promise, resolve } = Promise.withResolvers<void>()
    this.settled = promise
    this.callback = () => resolve()
    this.asked = asked
    this.#client = client
    this.#columns = knownColumns.get(client) ?? new Map()
    knownColumns.set(client, this.#columns)
    this.#expectNext()
  }

  override submit = (connection: pg.Connection): void => {
    // One packet: pg would write each message by itself, and each write wakes the server.
    connection.stream.cork()
    for (const one of this.asked) this.#send(connection, one)
    connection.sync()
    connection.stream.uncork()
    const patienceMs = this.asked.find(one => one.patienceMs !== undefined)?.patienceMs
    if (patienceMs === undefined) return
    this.#patience = setTimeout(() => {
      this.handleError(new Error('Query read timeout'), connection)
      connection.stream.destroy()
    }, patienceMs)
  }

  #send(connection: pg.Connection, { name, text, values, patienceMs }: Asked): void {
    const { parsedStatements: parsed, submittedNamedStatements: submitted } = connection
    if (name === '' || (parsed[name] === undefined && submitted[name] === undefined)) {
      connection.parse({ name, text, types: [] }, true)
      if (name !== '') submitted[name] = text
    }
    connection.bind({ statement: name, values }, true)
    if (!this.#columns.has(name)) connection.describe({ type: 'P' }, true)
    connection.execute({}, true)
    if (patienceMs !== undefined) connection.flush()
  }

  #expectNext(): void {
    const { name = '', text = '' } = this.asked[this.#at] ?? {}
    this.name = name
    this.text = text
    this.#rows = []
    this.#unreadable = undefined
    this.#current = this.#columns.get(name)
  }

  handleRowDescription({ fields }: { fields: readonly pg.FieldDef[] }): void {
    this.#current = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#client.getTypeParser(dataTypeID, 'text'),
    }))
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    try {
      this.#rows.push(rowOf(this.#current ?? [], fields))
    } catch (cause) {
      // Thrown from here it would end the process.
      this.#unreadable ??= cause instanceof Error ? cause : new Error('A row cannot be read')
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const asked = this.asked[this.#at]
    if (asked?.patienceMs !== undefined) clearTimeout(this.#patience)
    if (this.#unreadable) {
      this.#columns.delete(this.name)
      asked?.failed(this.#unreadable)
    } else {
      // First, because whoever waits may ask the same again at once.
      if (this.name !== '') this.#columns.set(this.name, this.#current ?? [])
      asked?.done({ ...tagOf(text), rows: this.#rows })
    }
    this.#at += 1
    this.#expectNext()
  }

  handleReadyForQuery(): void {
    this.callback()
  }

  /** Of the server, or because the connection was lost or too slow. */
  handleError(error: Error, connection: pg.Connection): void {
    clearTimeout(this.#patience)
    const [failed, ...behind] = this.asked.slice(this.#at)
    this.#at = this.asked.length
    failed?.failed(error)
    for (const one of behind) {
      one.failed(error instanceof pg.DatabaseError ? skipped(error) : error)
      // It was sent, but the server did not look at it.
      delete connection.submittedNamedStatements[one.name]
    }
    this.callback(error)
  }
}

/** @throws Error where the columns are not those that were described: a pooler gave us another server's statement */
function rowOf(columns: Columns, fields: readonly (string | null)[]): Answer['rows'][number] {
  if (fields.length !== columns.length) throw new Error('A statement has other columns than it had')
  const row: Answer['rows'][number] = {}
  columns.forEach(({ name, parse }, place) => {
    const text = fields[place] ?? null
    row[name] = text === null ? null : parse(text)
  })
  return row
}

/** Of "INSERT 0 1" the command and the last number. */
function tagOf(tag: string): Pick<Answer, 'command' | 'rowCount'> {
  const [command = '', ...numbers] = tag.split(' ')
  const count = Number(numbers.at(-1))
  return { command, rowCount: numbers.length > 0 && Number.isInteger(count) ? count : null }
}

/** What the server says to statements of a transaction that failed. */
function skipped(cause: pg.DatabaseError): pg.DatabaseError {
  const error = new pg.DatabaseError('An earlier statement of this transaction failed', 0, 'error')
  return Object.assign(error, { code: '25P02', severity: cause.severity })
}

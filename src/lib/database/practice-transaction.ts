import {
  type Compilable,
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Driver,
  DummyDriver,
  Kysely,
  type LimitNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  ValueNode,
} from 'kysely'
import type { AuditDetails } from '../audit-details.ts'
import type { CursorKey, Cursors } from '../pages.ts'
import type { Scope } from '../scope.ts'
import type { SealPurpose } from '../sealing/practice-key-store.ts'
import type { PlaceInPractice, PracticeSealer, Sealer } from '../sealing/practice-keys.ts'
import { practiceKeyStore } from './practice-key-store.ts'
import type { DB } from './schema.ts'

/** A query as it is built, or one whose text is ready. */
export type Queued = Compilable | CompiledQuery

const compiled = (query: Queued) => ('sql' in query ? query : query.compile())

/** How a compiled query reaches the connection this transaction holds. */
export type Execute = (query: CompiledQuery) => Promise<QueryResult<unknown>>

const adapter = new PostgresAdapter()
/** Writes limits into the text: of one it cannot see PostgreSQL thinks that a tenth of the table is wanted. */
class Compiler extends PostgresQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    const value = ValueNode.is(limit) ? limit.value : undefined
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new TypeError('A limit is a number')
    this.append(`limit ${value}`)
  }
}
const compiler = new Compiler()
const driver: Driver = new DummyDriver()
const dialect = {
  createAdapter: () => adapter,
  createDriver: () => driver,
  createIntrospector: (db: Kysely<never>) => new PostgresIntrospector(db),
  createQueryCompiler: () => compiler,
}

function connectionOver(execute: Execute): DatabaseConnection {
  return {
    executeQuery: query => execute(query) as Promise<QueryResult<never>>,
    // A pipelined connection cannot hold a portal open between round trips.
    streamQuery() {
      throw new Error('Streaming is not supported inside a practice transaction')
    },
  }
}

/**
 * Kysely's own provider of one connection lets each query wait for the answer to the one before. The connection
 * is a pipeline: what is sent together (`Promise.all`) shares a round trip.
 */
const sharing = (connection: DatabaseConnection): ConnectionProvider => ({
  provideConnection: consumer => consumer(connection),
})

/** What Kysely is made of, over a connection that somebody else holds. */
export const kyselyOver = (execute: Execute) => ({
  config: { dialect },
  dialect,
  driver,
  executor: new DefaultQueryExecutor(compiler, adapter, sharing(connectionOver(execute))),
})

/** A door a request went through, remembered so that an idempotent replay can pass it again. */
export interface PassedDoor {
  door: string
  id: string
  need: string
}

/** What a transaction can do besides queries. */
export interface TransactionTools {
  sealer: Sealer
  cursors: Cursors
}

/**
 * A transaction of one practice, with its tenant context set. Only `inPractice` makes one; everything
 * that reads or writes tenant data asks for it, so code that forgot the door does not compile.
 */
export class PracticeTransaction extends Kysely<DB> {
  readonly scope: Scope
  readonly #later: CompiledQuery[] = []
  readonly #records: CompiledQuery[] = []
  readonly #audit: AuditDetails = { clientIds: [], chartIds: [], fields: [] }
  readonly #doors: PassedDoor[] = []
  readonly #headers: Record<string, string> = {}
  readonly #tools: TransactionTools
  readonly #sealers = new Map<SealPurpose, Promise<PracticeSealer>>()

  constructor(scope: Scope, tools: TransactionTools, execute: Execute) {
    super(kyselyOver(execute))
    this.scope = scope
    this.#tools = tools
  }

  get practiceId(): string {
    return this.scope.practiceId
  }

  /**
   * Queues a write whose result nobody waits for. It leaves in the same packet as COMMIT, so it costs
   * no round trip; its failure fails the transaction.
   */
  later(query: Queued): void {
    this.#later.push(compiled(query))
  }

  get queued(): readonly CompiledQuery[] {
    return this.#later
  }

  /**
   * Queues a write of what this transaction leaves behind about itself: audit, events, outbox, stored answer. They
   * leave as one statement, so none may depend on another, nor may two touch one row.
   */
  record(query: Queued): void {
    this.#records.push(compiled(query))
  }

  get recorded(): readonly CompiledQuery[] {
    return this.#records
  }

  /** Adds to the one audit row this request writes. Ids and field names only, never values. */
  audit(details: Partial<AuditDetails>): void {
    const { clientIds = [], chartIds = [], fields = [], ...rest } = details
    Object.assign(this.#audit, rest)
    this.#audit.clientIds.push(...clientIds)
    this.#audit.chartIds.push(...chartIds)
    this.#audit.fields.push(...fields)
  }

  get auditDetails(): AuditDetails {
    return this.#audit
  }

  passDoor(door: PassedDoor): void {
    this.#doors.push(door)
  }

  get doors(): readonly PassedDoor[] {
    return this.#doors
  }

  /** Adds a header to the answer, whichever operation gives it. */
  answerHeader(name: string, value: string): void {
    this.#headers[name] = value
  }

  get answerHeaders(): Readonly<Record<string, string>> {
    return this.#headers
  }

  /** The practice's keys of a purpose, to seal and open within this transaction; asked for once. */
  sealer(purpose: SealPurpose = 'data'): Promise<PracticeSealer> {
    const known = this.#sealers.get(purpose)
    if (known) return known
    const sealer = this.#tools.sealer.forPractice(this.practiceId, practiceKeyStore(this), purpose)
    this.#sealers.set(purpose, sealer)
    return sealer
  }

  /** Seals one text for its place. */
  async seal(place: PlaceInPractice, text: string | Uint8Array): Promise<Buffer> {
    return (await this.sealer()).seal(place, text)
  }

  /** @throws SealBroken, KeyDestroyed */
  async open(place: PlaceInPractice, sealed: Uint8Array): Promise<Buffer> {
    return (await this.sealer()).open(place, sealed)
  }

  /** The cursor of the page after the row with this sort key, bound to this caller, operation and filter. */
  cursorAfter(filter: unknown, key: CursorKey): string {
    return this.#tools.cursors.encode(this.scope, filter, key)
  }

  /** @throws Problem `invalid-cursor` */
  cursorKey(filter: unknown, cursor: string | undefined): CursorKey | undefined {
    return this.#tools.cursors.decode(this.scope, filter, cursor)
  }
}

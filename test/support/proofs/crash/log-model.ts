import fc from 'fast-check'

/** One line of a client's log of commands, as it may be sent: twice, late, or before what it builds on. */
export type Command =
  | { kind: 'create'; key: number; name: number }
  | { kind: 'change'; target: number; version: number; name: number }

/** Logs with repetitions in any order. Two different bodies under one key are among them. */
export const logs = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('create' as const),
      key: fc.integer({ min: 0, max: 3 }),
      name: fc.integer({ min: 0, max: 1 }),
    }),
    fc.record({
      kind: fc.constant('change' as const),
      target: fc.integer({ min: 0, max: 3 }),
      version: fc.integer({ min: 1, max: 3 }),
      name: fc.integer({ min: 0, max: 5 }),
    }),
  ),
  { minLength: 1, maxLength: 14 },
)

interface Made {
  name: number
  version: number
  /** The name it was made with. */
  first: number
}

/** What a server that does each command once would answer, and hold in the end. */
export class LogModel {
  readonly made = new Map<number, Made>()

  /** @returns the status, and whether it is a replay */
  take(command: Command): { status: number; replayed: boolean } {
    if (command.kind === 'create') {
      const { key, name } = command
      const made = this.made.get(key)
      if (made) return { status: made.first === name ? 201 : 422, replayed: made.first === name }
      this.made.set(key, { name, version: 1, first: name })
      return { status: 201, replayed: false }
    }
    const made = this.made.get(command.target)
    if (!made) return { status: 404, replayed: false }
    if (made.version !== command.version) return { status: 412, replayed: false }
    Object.assign(made, { name: command.name, version: made.version + 1 })
    return { status: 200, replayed: false }
  }
}

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { PassDoorAgain } from './operations/idempotency.ts'

declare module 'fastify' {
  interface FastifyInstance {
    passDoorAgain: PassDoorAgain
    /** A module that owns a door (charts, clients) says how a replay passes it again. */
    registerDoor(door: string, pass: (...args: Parameters<PassDoorAgain>) => Promise<unknown>): void
  }
}

/** The doors that requests pass to reach a record, by name, so that an idempotent replay passes them again. */
export default fp(
  async (app: FastifyInstance) => {
    const doors = new Map<string, (...args: Parameters<PassDoorAgain>) => Promise<unknown>>()
    app.decorate('registerDoor', (door, pass) => {
      doors.set(door, pass)
    })
    app.decorate('passDoorAgain', async (trx, passed) => {
      const pass = doors.get(passed.door)
      if (!pass) throw new Error(`No module registered the door "${passed.door}"`)
      await pass(trx, passed)
    })
  },
  { name: 'doors' },
)

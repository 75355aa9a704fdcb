import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { queues, timetable } from '../jobs/queues.ts'

export const jobSchema = 'pgboss'

/**
 * Installs or upgrades pg-boss's own schema and our queues, on the owner's connection: the relay role
 * that runs jobs has no DDL. Queue options live here so that every process agrees on them.
 */
export async function migrateJobs(owner: pg.ClientBase): Promise<void> {
  const boss = new PgBoss({
    schema: jobSchema,
    db: { executeSql: (text, values) => owner.query(text, values) },
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  const timed = Object.entries(timetable).map(([name, { options }]) => [name, options] as const)
  for (const [name, options] of [...Object.entries(queues), ...timed]) {
    const { policy, ...changeable } = { policy: undefined, ...options }
    if (await boss.getQueue(name)) await boss.updateQueue(name, changeable)
    else await boss.createQueue(name, policy ? { ...changeable, policy } : changeable)
  }
  await boss.stop({ graceful: false })
  await owner.query(`
    grant usage on schema ${jobSchema} to cairn_relay;
    grant select, insert, update, delete on all tables in schema ${jobSchema} to cairn_relay;
    grant usage on all sequences in schema ${jobSchema} to cairn_relay;
    grant execute on all functions in schema ${jobSchema} to cairn_relay`)
}

import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { queues } from '../jobs/queues.ts'

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
  for (const [name, options] of Object.entries(queues)) {
    if (await boss.getQueue(name)) await boss.updateQueue(name, options)
    else await boss.createQueue(name, options)
  }
  await boss.stop({ graceful: false })
  await owner.query(`
    grant usage on schema ${jobSchema} to cairn_relay;
    grant select, insert, update, delete on all tables in schema ${jobSchema} to cairn_relay;
    grant usage on all sequences in schema ${jobSchema} to cairn_relay;
    grant execute on all functions in schema ${jobSchema} to cairn_relay`)
}

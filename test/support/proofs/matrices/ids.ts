import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'

/** Tables of what everybody who works in a practice may know; and ids that are in no answer about a client. */
const notAboutClients: Readonly<Record<string, string>> = {
  staff_members: 'colleagues know each other',
  staff_supervisions: 'and who supervises whom',
  staff_credentials: 'what colleagues are trained in',
  staff_licenses: 'and licensed for',
  locations: 'where the practice is',
  rooms: 'its rooms',
  services: 'what it offers',
  working_hours: 'when colleagues work',
  calendar_exceptions: 'when they are away, and when the practice is closed',
  intensive_templates: 'what days of an intensive look like',
  cancellation_policies: 'what a late cancellation costs',
  cycle_phase_sets: 'which phases of the cycle it begins with',
  program_templates: 'and which programs it works with',
  journey_migration_batches: 'which of their versions all journeys left together',
  note_templates: 'and what its notes are begun with',
  instruments: 'and which instruments it made',
  instrument_texts: 'with which wording',
  assessment_alert_rules: 'and at which scores somebody is told',
  api_clients: 'what it is connected to',
  sessions: 'only their own',
  invitations: 'only staff',
}

/** The ids of everything about clients in a practice, seen from behind the fence. */
export function idsAboutClients(test: TestApp, practiceId: string): Promise<Set<string>> {
  return asAdmin(test.adminUrl, async admin => {
    const tables = await admin.query<{ name: string; table: string }>(
      `select c.oid::regclass::text as name, c.relname as table from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype
       where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and c.relrowsecurity order by 1`,
    )
    const unknown = Object.keys(notAboutClients).filter(
      name => !tables.rows.some(({ table }) => table === name),
    )
    if (unknown.length > 0)
      throw new Error(`There is no table ${unknown.join(', ')}: take it out of the list`)
    const ids = new Set<string>()
    for (const { name } of tables.rows.filter(({ table }) => !(table in notAboutClients))) {
      const { rows } = await admin.query<{ id: string }>(`select id from ${name} where practice_id = $1`, [
        practiceId,
      ])
      for (const { id } of rows) ids.add(id)
    }
    return ids
  })
}

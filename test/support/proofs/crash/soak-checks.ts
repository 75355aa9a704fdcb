import type pg from 'pg'
import type { Ledger } from './soak-clients.ts'

/** What is wrong with the data after the soak, in words. An empty list is what is hoped for. */
export async function faultsAfter(
  admin: pg.Client,
  practiceId: string,
  { ledger, events, eventTypes }: { ledger: Ledger; events: string[]; eventTypes: readonly string[] },
): Promise<string[]> {
  const rows = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await admin.query<Row>(sql, [practiceId, ...values])).rows
  const faults: string[] = []
  const check = (what: string, found: unknown, expected: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(expected))
      faults.push(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`)
  }
  const sorted = (ids: readonly string[]) => ids.toSorted()

  const clients = await rows<{ id: string; version: number; name: string | null }>(
    `select id, version, preferred_name as name from cairn.clients where practice_id = $1 and legal_given_name like 'Soak%' order by id`,
  )
  check(
    'clients',
    clients,
    ledger.clients.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  )

  const appointments = await rows<{ id: string }>(
    'select id from cairn.appointments where practice_id = $1 order by id',
  )
  check(
    'appointments',
    appointments.map(row => row.id),
    sorted(ledger.appointments),
  )
  const overlaps = await rows(
    `select a.id from cairn.appointments a join cairn.appointments b on b.practice_id = a.practice_id
       and b.clinician_id = a.clinician_id and b.id > a.id and b.starts_at < a.ends_at and b.ends_at > a.starts_at
     where a.practice_id = $1`,
  )
  check('overlapping appointments', overlaps, [])

  const notes = await rows<{ id: string; version: number; signed: boolean }>(
    `select n.id, n.version, n.status = 'signed' and exists (select from cairn.session_note_signatures s
       where s.practice_id = n.practice_id and s.note_id = n.id) as signed
     from cairn.session_notes n where n.practice_id = $1 order by n.id`,
  )
  check(
    'notes',
    notes,
    ledger.notes.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  )

  const invited = await rows<{ email: string }>(
    `select email from cairn.staff_members where practice_id = $1 and email like 'soak-%' order by email`,
  )
  check('invited', sorted(invited.map(row => row.email)), sorted(ledger.invited))

  const [numbers] = await rows<{ total: number; last: number; waiting: number }>(
    `select (select count(*)::int from cairn.events where practice_id = $1) as total,
       (select coalesce(max(position), 0)::int from cairn.event_positions where practice_id = $1) as last,
       (select count(*)::int from cairn.event_backlog where practice_id = $1) as waiting`,
  )
  check('events, positions and backlog', [numbers?.last, numbers?.waiting], [numbers?.total, 0])
  const told = await rows<{ id: string }>(
    `select e.id from cairn.event_positions p join cairn.events e on e.practice_id = p.practice_id and e.id = p.event_id
     where p.practice_id = $1 and e.type = any($2) order by p.position`,
    [eventTypes],
  )
  check(
    'the feed as it was followed',
    events,
    told.map(row => row.id),
  )
  const [made] = await rows<{ count: number }>(
    `select count(*)::int as count from cairn.events e join cairn.clients c on c.practice_id = e.practice_id
       and c.id = e.resource_id where e.practice_id = $1 and e.type = 'client.created' and c.legal_given_name like 'Soak%'`,
  )
  check('events of made clients', made?.count, ledger.clients.length)

  const undone = await rows(
    'select id from cairn.outbox where practice_id = $1 and done_at is null and run_after <= now()',
  )
  check('later work that is not done', undone, [])
  return faults
}

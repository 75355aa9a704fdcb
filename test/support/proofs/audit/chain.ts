import type pg from 'pg'
import { type ChainHead, sealAudit } from '../../../../src/lib/audit-chain.ts'
import { inPractice } from '../../../../src/lib/database/in-practice.ts'
import { systemScope } from '../../../../src/lib/scope.ts'
import { createTestPractice } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'

/** A practice with a sealed log that lies in several partitions. */
export interface LongChain {
  practiceId: string
  /** Ids of the rows by their sequence, from 1 on. */
  ids: readonly (string | undefined)[]
  length: number
  /** The heads after each turn of the sealer, as an anchor file keeps them. */
  anchors: ChainHead[]
}

/** What an administrator writes by hand. */
export const insertRow = `insert into cairn.audit_log (practice_id, occurred_at, actor_kind, actor_id, session_id,
    request_id, operation, decision, outcome, purpose, resource_type, resource_id, chart_id, client_ids, fields,
    emergency_access_id, remote_address)
  values ($1, $2, 'user', uuidv7(), uuidv7(), 'made', 'readClient', 'granted', 'x', 'treatment', 'client', uuidv7(),
    uuidv7(), array[uuidv7(), uuidv7()], array['a', 'b'], uuidv7(), '192.0.2.7') returning id`

/** Makes a chain of so many rows over three months, sealed in several turns, with the rows' columns all filled. */
export async function makeChain(test: TestApp, length: number): Promise<LongChain> {
  const { id: practiceId } = await createTestPractice(test)
  const anchors: ChainHead[] = []
  const turns = 4
  for (let turn = 0; turn < turns; turn++) {
    await asAdmin(test.adminUrl, async admin => {
      for (let n = turn; n < length; n += turns) {
        const place = (turn * length) / turns + Math.floor(n / turns)
        await admin.query(insertRow, [practiceId, new Date(Date.now() + (1 + (place / length) * 75) * 864e5)])
      }
    })
    const sealed = await sealOf(test, practiceId)
    if (sealed) anchors.push(sealed)
  }
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query<{ audit_id: string }>(
      'select audit_id from cairn.audit_seals where practice_id = $1 order by sequence',
      [practiceId],
    ),
  )
  return { practiceId, ids: [undefined, ...rows.map(row => row.audit_id)], length: rows.length, anchors }
}

/** One turn of the sealer. @returns the new head */
export const sealOf = async (test: TestApp, practiceId: string): Promise<ChainHead | undefined> =>
  (
    await inPractice(test.house.database, systemScope(practiceId, 'seal-audit'), trx =>
      sealAudit(trx, test.house.keyring.auditKey),
    )
  )?.head

/** Does the work as an administrator and takes it back, so that a chain can be tampered with again and again. */
export function takenBack<T>(test: TestApp, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  return asAdmin(test.adminUrl, async admin => {
    await admin.query('begin')
    const result = await work(admin)
    await admin.query('rollback')
    return result
  })
}

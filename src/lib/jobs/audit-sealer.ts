import type pg from 'pg'
import { appendAnchors } from '../audit-anchors.ts'
import { type ChainHead, sealAudit } from '../audit-chain.ts'
import { inPractice } from '../database/in-practice.ts'
import type { House } from '../house.ts'
import { limits } from '../limits.ts'
import { constraintOf } from '../postgres-errors.ts'
import { systemScope } from '../scope.ts'
import { practicesOf } from './housekeeping.ts'

export interface AuditSealer {
  /** Seals what waits. @returns whether more may be waiting */
  seal(): Promise<boolean>
  /** Writes the heads sealed since to the anchor file, if there is one. */
  anchor(): Promise<void>
}

const everyMs = 3_600_000

/**
 * Seals the audit log of every practice. A turn looks at the rows of the last minutes only; the first turn,
 * and one every hour, visits every practice, for what was left when no worker ran.
 */
export function createAuditSealer(house: House, relay: pg.Pool): AuditSealer {
  const heads = new Map<string, ChainHead>()
  let unfinished: string[] = []
  let visitAllAt = 0

  async function waiting(): Promise<string[]> {
    const now = Date.now()
    if (now < visitAllAt) return [...new Set([...unfinished, ...(await recentlyActive(relay))])]
    const all = await practicesOf(relay)
    visitAllAt = now + everyMs
    return all
  }

  async function sealPractice(practiceId: string): Promise<boolean> {
    try {
      const sealed = await inPractice(house.database, systemScope(practiceId, 'seal-audit'), trx =>
        sealAudit(trx, house.keyring.auditKey),
      )
      if (sealed) heads.set(practiceId, sealed.head)
      return sealed?.more ?? false
    } catch (error) {
      // Another sealer was first: that decides it.
      if (constraintOf(error) === 'audit_seals_pkey') return false
      house.outage.failed(error, 'the audit log of a practice was not sealed', { practiceId })
      return false
    }
  }

  return {
    async seal() {
      const visited = await waiting()
      unfinished = []
      for (const practiceId of visited) if (await sealPractice(practiceId)) unfinished.push(practiceId)
      return unfinished.length > 0
    },

    async anchor() {
      const path = house.config.AUDIT_ANCHOR_FILE
      const taken = [...heads.values()]
      heads.clear()
      if (!path) return
      try {
        await appendAnchors(path, taken, house.clock.now())
      } catch (error) {
        for (const head of taken) if (!heads.has(head.practiceId)) heads.set(head.practiceId, head)
        throw error
      }
    },
  }
}

async function recentlyActive(relay: pg.Pool): Promise<string[]> {
  const { rows } = await relay.query<{ practice_id: string }>(
    `select distinct a.practice_id from audit_log a
     where a.occurred_at > now() - make_interval(secs => $1) and not exists
       (select from audit_seals s where s.practice_id = a.practice_id and s.audit_id = a.id)`,
    [2 * limits.audit.lateSeconds],
  )
  return rows.map(row => row.practice_id)
}

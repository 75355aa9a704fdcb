import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { invalidField } from '../../lib/problems.ts'
import { partIfEnough, partsIfEnough } from '../../lib/small-counts.ts'
import type { FunnelQuery, InquiryFunnel } from './funnel.schemas.ts'

interface FunnelRow {
  month: string
  source: InquiryFunnel['rows'][number]['source']
  received: number
  contacted: number
  screened: number
  accepted: number
  referred_out: number
  declined: number
  closed: number
  open: number
  hours: number | null
}

/** @throws Problem `invalid-request` for months in the wrong order, or too many */
export async function getFunnel(trx: PracticeTransaction, { from, to }: FunnelQuery): Promise<InquiryFunnel> {
  trx.audit({ resourceType: 'inquiry' })
  const months = monthsBetween(from, to)
  if (months < 0) throw invalidField('/to', 'order', 'Must not be before `from`.')
  if (months > 24) throw invalidField('/to', 'too-many', 'At most two years after `from`.')
  const rows = await countsOf(trx, { from, to })
  return {
    smallestCount: limits.smallestCount,
    rows: rows.map(row => ({
      month: row.month,
      source: row.source,
      received: row.received,
      contacted: partIfEnough(row.contacted, row.received),
      screened: partIfEnough(row.screened, row.received),
      ...partsIfEnough({
        accepted: row.accepted,
        referredOut: row.referred_out,
        declined: row.declined,
        closed: row.closed,
        open: row.open,
      }),
      medianHoursToContact: row.contacted < limits.smallestCount ? null : row.hours,
    })),
  }
}

function monthsBetween(from: string, to: string): number {
  const index = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5))
  return index(to) - index(from)
}

/** Months are those of the practice's zone. Groups that are too small never leave the database. */
async function countsOf(
  trx: PracticeTransaction,
  { from, to }: { from: string; to: string },
): Promise<FunnelRow[]> {
  const { rows } = await sql<FunnelRow>`
    select to_char(i.received_at at time zone p.time_zone, 'YYYY-MM') as month, i.source,
      count(*)::int as received,
      count(i.contacted_at)::int as contacted,
      count(i.screened_at)::int as screened,
      count(*) filter (where i.status = 'accepted')::int as accepted,
      count(*) filter (where i.status = 'referred_out')::int as referred_out,
      count(*) filter (where i.status = 'declined')::int as declined,
      count(*) filter (where i.status = 'closed')::int as closed,
      count(*) filter (where i.ended_at is null)::int as open,
      round((percentile_cont(0.5) within group
        (order by extract(epoch from i.contacted_at - i.received_at) / 3600))::numeric, 1)::float8 as hours
    from inquiries i
    join practices p on p.practice_id = i.practice_id
    where i.practice_id = ${trx.practiceId}
      and i.received_at >= (${`${from}-01`}::date::timestamp at time zone p.time_zone)
      and i.received_at < ((${`${to}-01`}::date + interval '1 month') at time zone p.time_zone)
    group by 1, 2
    having count(*) >= ${limits.smallestCount}::int
    order by 1, 2`.execute(trx)
  return rows
}

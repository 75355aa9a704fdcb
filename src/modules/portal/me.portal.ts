import { type Static, Type } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import { component, Id, Instant, Nullable, strictObject, TimeZone } from '../../lib/schemas.ts'
import { ok, operation } from '../../plugins/operations/index.ts'
import { openOwnChart } from '../charts/index.ts'

const PortalMe = component(
  'PortalMe',
  strictObject(
    {
      clientId: Id('The client.'),
      greetingName: Type.String({ description: 'What the client likes to be called.' }),
      representativeId: Nullable(Id('Who uses this token in the name of the client; null for the client.')),
      practice: strictObject({
        name: Type.String(),
        timeZone: TimeZone("The practice's zone."),
        phone: Nullable(Type.String()),
      }),
      expiresAt: Instant('Until when this token holds.'),
    },
    {
      description: 'Who is here, and where.',
      examples: [
        {
          clientId: '019c0000-0000-7000-8000-0000000000c1',
          greetingName: 'Casey',
          representativeId: null,
          practice: {
            name: 'Quiet Harbor Counseling (fictional)',
            timeZone: 'America/Los_Angeles',
            phone: '+15555550100',
          },
          expiresAt: '2026-11-23T16:10:00.000Z',
        },
      ],
    },
  ),
)

export const portalMeRoute = operation({
  method: 'GET',
  path: '/v1/portal/me',
  operationId: 'getPortalMe',
  tag: 'Portal',
  summary: 'Read who is signed in at the portal',
  description: 'The name to greet by, the practice, and how long the token holds.',
  permission: 'portal:use',
  success: { status: 200, schema: PortalMe, description: 'Who is here.' },
  problems: ['not-found'],
  handler: async trx => ok(await readMe(trx)),
})

/** @throws Problem `not-found` when the client's own chart is not open */
async function readMe(trx: PracticeTransaction): Promise<Static<typeof PortalMe>> {
  const { actor } = trx.scope
  trx.audit({ resourceType: 'client', resourceId: actor.id })
  // Sent in this order, in one round trip.
  const [, row] = await Promise.all([openOwnChart(trx), findMe(trx)])
  if (!row) throw notFound()
  return {
    clientId: actor.id,
    greetingName: row.preferred_name ?? row.legal_given_name,
    representativeId: actor.representativeId,
    practice: { name: row.name, timeZone: row.time_zone, phone: row.phone },
    expiresAt: row.expires_at.toISOString(),
  }
}

function findMe(trx: PracticeTransaction) {
  const { actor, sessionId } = trx.scope
  return trx
    .selectFrom('clients as k')
    .innerJoin('practices as p', 'p.practice_id', 'k.practice_id')
    .innerJoin('portal_sessions as s', join =>
      join.onRef('s.practice_id', '=', 'k.practice_id').onRef('s.client_id', '=', 'k.id'),
    )
    .select(['k.preferred_name', 'k.legal_given_name', 'p.name', 'p.time_zone', 'p.phone', 's.expires_at'])
    .where('k.practice_id', '=', trx.practiceId)
    .where('k.id', '=', actor.id)
    .where('s.id', '=', sessionId)
    .executeTakeFirst()
}

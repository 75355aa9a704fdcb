import { Temporal } from 'temporal-polyfill'
import { answered, type DemoApi, once, onceIfStill } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'

type DemoCouple = DemoData['couples'][number]

/** A couple with its policy signed by both and, in the clinician's hands, its agreement accepted by both. */
export async function loadCouple(
  { client }: DemoApi,
  {
    couple,
    partnerIds,
    clinician,
    timeZone,
  }: {
    couple: DemoCouple
    partnerIds: readonly [string, string]
    clinician: DemoApi & { staffId: string }
    timeZone: string
  },
): Promise<string> {
  const today = Temporal.Now.plainDateISO(timeZone)
  const [clientId, partnerClientId] = partnerIds
  const made = await answered(
    client.POST('/v1/couples', {
      params: once(),
      body: {
        clientId,
        partnerClientId,
        primaryClinicianId: clinician.staffId,
        statusEffectiveOn: today.subtract({ months: 3 }).toString(),
      },
    }),
  )
  if (couple.policy) await signPolicy(client, made.id, couple.policy, partnerIds)
  if (couple.agreement) await agree(clinician.client, made.id, couple.agreement, partnerIds, today.toString())
  if (couple.status === 'separated') {
    const now = await answered(
      client.GET('/v1/couples/{coupleId}', { params: { path: { coupleId: made.id } } }),
    )
    const body = {
      status: 'separated' as const,
      effectiveOn: today.subtract({ days: 20 }).toString(),
      reason: 'Told by both (fictional)',
    }
    await answered(
      client.POST('/v1/couples/{coupleId}/status-changes', {
        params: { path: { coupleId: made.id }, ...onceIfStill(now) },
        body,
      }),
    )
  }
  return made.id
}

async function signPolicy(
  client: DemoApi['client'],
  coupleId: string,
  body: NonNullable<DemoCouple['policy']>,
  partnerIds: readonly string[],
) {
  const draft = await answered(
    client.POST('/v1/couples/{coupleId}/policies', { params: { path: { coupleId }, ...once() }, body }),
  )
  const path = { coupleId, policyId: draft.id }
  let policy = await answered(
    client.POST('/v1/couples/{coupleId}/policies/{policyId}/offer', {
      params: { path, ...onceIfStill(draft) },
    }),
  )
  for (const clientId of partnerIds) {
    const signature = {
      clientId,
      method: 'wet_ink' as const,
      signedAt: new Date().toISOString(),
      contentHash: policy.contentHash ?? '',
    }
    policy = await answered(
      client.POST('/v1/couples/{coupleId}/policies/{policyId}/signatures', {
        params: { path, ...onceIfStill(policy) },
        body: signature,
      }),
    )
  }
}

async function agree(
  client: DemoApi['client'],
  coupleId: string,
  body: NonNullable<DemoCouple['agreement']>,
  partnerIds: readonly string[],
  acceptedOn: string,
) {
  let agreement = await answered(
    client.POST('/v1/couples/{coupleId}/agreements', { params: { path: { coupleId }, ...once() }, body }),
  )
  const path = { coupleId, agreementId: agreement.id }
  for (const clientId of partnerIds) {
    agreement = await answered(
      client.POST('/v1/couples/{coupleId}/agreements/{agreementId}/acceptances', {
        params: { path, ...onceIfStill(agreement) },
        body: { clientId, acceptedOn },
      }),
    )
  }
}

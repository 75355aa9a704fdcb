import type { PracticeChange } from '../../openapi/client/index.ts'
import { answered, ifStill, once } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import { idOf, type LoadedCare } from './load-care.ts'
import { type LoadedPractice, person } from './load-practice.ts'

const offerHours = 72

/** Who waits, for an hour or for a seat. What is freed after this is offered to them. */
export async function loadWaitlist(
  practice: LoadedPractice,
  care: LoadedCare,
  { data, groupId }: { data: DemoData; groupId: string },
): Promise<void> {
  const { client } = person(practice, 'fred')
  await changePolicies(practice, { waitlistOffers: 'in_turn', waitlistOfferMinutes: offerHours * 60 })
  for (const { client: name, service, group, clinicians, ...wishes } of data.waitlist) {
    const body = {
      ...wishes,
      clientId: idOf(care, name),
      ...(service ? { serviceId: practice.serviceIds[service] ?? '' } : {}),
      ...(group ? { groupId } : {}),
      ...(clinicians ? { clinicianIds: clinicians.map(key => person(practice, key).staffId) } : {}),
    }
    await answered(client.POST('/v1/waitlist-entries', { params: once(), body }))
  }
}

/** Clients are told of what changes from now on, not of all that the demo has booked. */
export const loadClientMessages = (practice: LoadedPractice, { clientMessages }: DemoData) =>
  changePolicies(practice, { clientMessages })

async function changePolicies(
  practice: LoadedPractice,
  policies: PracticeChange['policies'] & object,
): Promise<void> {
  const { client } = person(practice, 'olive')
  const now = await answered(client.GET('/v1/practice'))
  await answered(client.PATCH('/v1/practice', { params: ifStill(now), body: { policies } }))
}

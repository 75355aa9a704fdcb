import { answered, once } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import { idOf, type LoadedCare } from './load-care.ts'
import { type LoadedPractice, person } from './load-practice.ts'

/** When clinicians work, and the day on which the practice is closed. */
export async function loadHours(practice: LoadedPractice, { hours, holiday }: DemoData): Promise<void> {
  const { client } = person(practice, 'fred')
  const { locationId, days } = practice
  for (const { clinician, hours: week, ...most } of hours) {
    const body = {
      ...most,
      effectiveFrom: days.ago(120),
      hours: week.map(({ office, ...hour }) => ({ ...hour, locationId: office ? locationId : null })),
    }
    const path = { staffId: person(practice, clinician).staffId }
    await answered(
      client.POST('/v1/staff-members/{staffId}/working-hours', { params: { path, ...once() }, body }),
    )
  }
  const { name, week, weekday } = holiday
  const body = {
    name,
    startsAt: `${days.on({ week, weekday })}T00:00`,
    endsAt: `${days.on({ week, weekday: weekday + 1 })}T00:00`,
  }
  await answered(client.POST('/v1/holidays', { params: once(), body }))
}

/** Somebody is away for some days, on which much was booked before. */
export async function loadLeave(practice: LoadedPractice, { leave }: DemoData): Promise<void> {
  const { week, fromWeekday, untilWeekday, clinician } = leave
  const body = {
    kind: 'time_off' as const,
    staffId: person(practice, clinician).staffId,
    startsAt: `${practice.days.on({ week, weekday: fromWeekday })}T00:00`,
    endsAt: `${practice.days.on({ week, weekday: untilWeekday + 1 })}T00:00`,
  }
  await answered(person(practice, 'fred').client.POST('/v1/calendar-exceptions', { params: once(), body }))
}

/** What a missed hour costs, and who signed it on paper. */
export async function loadCancellationPolicy(
  practice: LoadedPractice,
  care: LoadedCare,
  data: DemoData,
): Promise<void> {
  const { signedBy, ...terms } = data.cancellationPolicy
  const { days } = practice
  const body = { ...terms, effectiveOn: days.ago(90) }
  const owner = person(practice, 'olive').client
  const policy = await answered(owner.POST('/v1/cancellation-policies', { params: once(), body }))
  for (const name of signedBy) {
    await answered(
      person(practice, 'fred').client.POST('/v1/clients/{clientId}/cancellation-policy-signatures', {
        params: { path: { clientId: idOf(care, name) }, ...once() },
        body: { cancellationPolicyId: policy.id, method: 'paper', signedOn: days.ago(80) },
      }),
    )
  }
}

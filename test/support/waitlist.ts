import { workOnOpening } from '../../src/modules/scheduling/index.ts'
import { createGroupPractice, post } from './groups.ts'
import type { Caller, TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'

/** A practice whose clinicians work around the clock, and ways to wait in it and to be offered something. */
export async function createWaitingPractice(test: TestApp, practice: TestPractice) {
  const ground = await createGroupPractice(test, practice)
  const { desk, leader, colleague, run } = ground
  const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({
    weekday,
    startsAt: '00:00',
    endsAt: '24:00',
    locationId: ground.locationId,
    telehealth: true,
  }))
  for (const { staffId } of [leader, colleague])
    await practice.owner.post(`/v1/staff-members/${staffId}/working-hours`, {
      effectiveFrom: '2026-01-01',
      hours,
    })
  return {
    ...ground,
    wait: async (clientId: string, more: Record<string, unknown> = {}) => {
      const entry = { clientId, serviceId: ground.services.individual, priority: 'routine', ...more }
      return (await post(desk, '/v1/waitlist-entries', entry)).body
    },
    /** Does the later work that waits. */
    work: async () => {
      const rows = await run(
        "update outbox set done_at = now() where practice_id = $1 and kind = 'waitlist-opening' and done_at is null and run_after <= now() returning subject_id",
        [practice.id],
      )
      for (const row of rows) await workOnOpening(test.house, practice.id, String(row.subject_id))
    },
    offersTo: async (entryId: string, by: Caller = desk) =>
      (await by.get(`/v1/waitlist-offers?waitlistEntryId=${entryId}`)).body.data,
  }
}

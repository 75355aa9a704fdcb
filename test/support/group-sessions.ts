import { randomUUID } from 'node:crypto'
import { layClient } from './clients-raw.ts'
import { type Caller, createTestPractice, type Reply } from './practice.ts'
import { office, sessionEnding } from './session-notes.ts'
import type { TestApp } from './test-app.ts'

/** A group of three with two facilitators. The second reaches the first two members only, the first all but the third. */
export async function createGroupGround(test: TestApp) {
  const practice = await createTestPractice(test)
  const facilitator = await practice.staff(['clinician'])
  const other = await practice.staff(['clinician'])
  const outsider = await practice.staff(['clinician'])
  const ana = await layClient(test, practice, 'Anaïs', [
    [facilitator, 'primary'],
    [other, 'covering'],
  ])
  const boris = await layClient(test, practice, 'Boris', [
    [facilitator, 'primary'],
    [other, 'covering'],
  ])
  const cleo = await layClient(test, practice, 'Cleo', [[outsider, 'primary']])
  const { body: chart } = await practice.owner.post('/v1/charts', {
    kind: 'group',
    name: 'Tuesday Group (fictional)',
    primaryClinicianId: facilitator.staffId,
  })
  await practice.owner.post(`/v1/charts/${chart.id}/care-team`, {
    staffId: other.staffId,
    role: 'co_therapist',
  })
  const memberIds: string[] = []
  for (const { clientId } of [ana, boris, cleo]) {
    const { body } = await practice.owner.post(`/v1/charts/${chart.id}/members`, { clientId })
    memberIds.push(body.id)
  }
  const [anaId = '', borisId = '', cleoId = ''] = memberIds
  return {
    practice,
    facilitator,
    other,
    outsider,
    ana: { ...ana, memberId: anaId },
    boris: { ...boris, memberId: borisId },
    cleo: { ...cleo, memberId: cleoId },
    groupChartId: String(chart.id),
  }
}

export const record = {
  theme: 'Urges in the evening (fictional)',
  interventions: ['Check-in round', 'Urge surfing together'],
  dynamics: 'Quiet at first, more open later.',
}

/** What a member's note needs to be signed. */
export const memberNote = {
  header: { risk: { status: 'denied' }, place: office },
  content: {
    participation: 3,
    presentation: 'Calm (fictional).',
    response: 'Named two early signs.',
    plan: 'Bring the list.',
  },
}

/** Documents a session an hour ago. */
export const startGroupSession = (
  by: Caller,
  groupChartId: string,
  more: Record<string, unknown>,
  key: string = randomUUID(),
): Promise<Reply> =>
  by.post(`/v1/charts/${groupChartId}/group-sessions`, { ...sessionEnding(1), record, ...more }, { key })

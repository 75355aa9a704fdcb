import { randomUUID } from 'node:crypto'
import t from 'tap'
import { asOwner } from '../support/clients-raw.ts'
import { createTestApp } from '../support/test-app.ts'
import { createGround, make, read } from '../support/world/ground.ts'

// Words that are nowhere else, given wherever a person or a text can be given.
const canary = /zq\w+|123-?45-?6789|5555550199/i

const records = [
  'audit_log',
  'events',
  'event_backlog',
  'outbox',
  'mails',
  'idempotency_keys',
  'authentication_log',
]
const sealed = [
  'client_identifiers',
  'session_notes',
  'session_note_drafts',
  'session_note_contents',
  'emergency_accesses',
  'appointments',
  'appointment_changes',
]

t.test('no name and no value of a client is in what is recorded of a day', async t => {
  const test = await createTestApp(t)
  const ground = await createGround(test)
  const { owner, clinician, outsider, integration } = ground.callers
  const client = await make(owner, '/v1/clients', {
    legalGivenName: 'Zqgiven',
    legalFamilyName: 'Zqfamily',
    pronouns: 'zqpronoun',
    contactPoints: [
      { system: 'phone', value: '+15555550199', kind: 'mobile' },
      { system: 'email', value: 'zqmail@family.example', kind: 'home' },
    ],
    externalIds: { ehr: 'zqexternal' },
    primaryClinicianId: clinician.staffId,
  })
  const chartId = (await read(owner, `/v1/charts?clientId=${client.id}`)).data[0].id
  const url = `/v1/clients/${client.id}`
  await make(owner, `${url}/identifiers`, { kind: 'ssn', value: '123-45-6789' })
  await make(owner, `${url}/related-people`, { givenName: 'Zqrelated', relationship: 'parent' })
  const sections = { data: 'zqdata', assessment: 'zqassessment', plan: 'zqplan' }
  const attendance = [{ clientId: client.id, presence: 'present' }]
  const header = { attendance, risk: { status: 'denied' }, place: { kind: 'office' } }
  const times = { startedAt: '2026-01-02T18:00:00.000Z', endedAt: '2026-01-02T18:50:00.000Z' }
  const started = { template: 'dap', ...times, header, sections }
  await make(clinician, `/v1/charts/${chartId}/session-notes`, started)
  const note = await make(clinician, `/v1/charts/${chartId}/session-notes`, started)
  await make(clinician, `/v1/session-notes/${note.id}/signature`, undefined, { ifMatch: note.version })
  await make(outsider, `/v1/charts/${chartId}/emergency-access`, {
    reasonCode: 'danger_to_self',
    narrative: 'zqnarrative zqnarrative zqnarrative',
    durationMinutes: 30,
  })
  const booking = await make(owner, '/v1/appointments', {
    clientId: client.id,
    serviceId: ground.serviceIds.individual,
    clinicianId: clinician.staffId,
    mode: 'telehealth',
    startsAt: new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 864e5).toISOString(),
  })
  const cancellation = { reasonCode: 'illness', by: 'client', note: 'zqnote' }
  await make(owner, `/v1/appointments/${booking.id}/cancellation`, cancellation, { ifMatch: 1 })

  // Refusals are recorded as well.
  await owner.post('/v1/clients/search', { text: 'Zqgiven', phone: '+15555550199' })
  await owner.post('/v1/clients', { legalGivenName: 'Zqgiven', zqfield: 'zqvalue' }, { key: randomUUID() })
  await owner.post('/v1/clients', {
    legalGivenName: 'Zqa',
    legalFamilyName: 'Zqb',
    externalIds: { ehr: 'zqexternal' },
  })
  await owner.get('/v1/clients?zqquery=zqvalue')
  await integration.get(`${url}/zqpath`)
  await integration.patch(url, { pronouns: 'zqother' }, { ifMatch: 9 })

  for (const table of [...records, ...sealed]) {
    const rows = await asOwner(test, `select to_jsonb(r)::text as text from ${table} r`)
    if (!['outbox', 'authentication_log'].includes(table)) t.ok(rows.length > 0, `${table} has rows`)
    t.notMatch(rows.map(row => row.text).join('\n'), canary, table)
  }
  t.ok(test.logLines.length > 0)
  t.notMatch(test.logLines.join('\n'), canary, 'the log')
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { registerClient } from '../support/clients.ts'
import { couplePeople, link } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('what one role may do and another may see do not add up to more than either', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const people = couplePeople(test, practice)
  const both = await practice.staff(['biller', 'clinician'])
  const lead = await practice.staff(['clinician'])
  const own = await people.client('Own', [both])
  const a = await people.client('Ada', [lead])
  const b = await people.client('Bea', [lead])
  const { body: couple } = await link(owner, a.id, b.id, { primaryClinicianId: lead.staffId })
  const relatedId = await people.relatedPerson(a.id, 'Rory')
  await owner.post(
    '/v1/couples',
    { clientId: a.id, partnerRelatedPersonId: relatedId },
    { key: randomUUID() },
  )

  t.test(
    'a biller who also treats sees every name, and opens the charts of the own care teams only',
    async t => {
      t.equal((await both.get('/v1/clients')).body.data.length, 3)
      t.same(
        (await both.get('/v1/charts')).body.data.map((chart: { id: string }) => chart.id),
        [own.chartId],
      )
      for (const path of ['', '/members', '/care-team', '/timeline']) {
        t.equal((await both.get(`/v1/charts/${couple.chartId}${path}`)).status, 404)
        t.equal((await both.get(`/v1/charts/${own.chartId}${path}`)).status, 200)
      }
      t.same((await both.get('/v1/couples')).body.data, [], 'nor couples that wait for a partner')
      const group = await both.post('/v1/charts', { kind: 'group', name: 'Evening group (fictional)' })
      const join = (clientId: string) => both.post(`/v1/charts/${group.body.id}/members`, { clientId })
      t.equal((await join(a.id)).body.code, 'unknown-reference')
      t.equal((await join(own.id)).status, 201)
    },
  )

  t.test('whom a couple’s appointment is for is told to who sees the couple', async t => {
    const bookable = await createBookablePractice(test, practice)
    const booking = {
      coupleId: couple.id,
      serviceId: bookable.services.couple,
      clinicianId: lead.staffId,
      mode: 'telehealth',
      startsAt: at(3, 17),
    }
    const { body: booked } = await owner.post('/v1/appointments', booking, { key: randomUUID() })
    const seen = await both.get(`/v1/appointments/${booked.id}`)
    t.equal(seen.status, 200)
    t.notMatch(JSON.stringify(seen.body), /Ada|Bea/)
    t.match(JSON.stringify((await lead.get(`/v1/appointments/${booked.id}`)).body), /Ada.*Bea/)
  })

  t.test('billing staff see the identifiers that claims are made with, and no others', async t => {
    const url = `/v1/clients/${a.id}/identifiers`
    const ssn = await owner.post(url, { kind: 'ssn', value: '123-45-6789' })
    const member = await owner.post(url, { kind: 'insurance_member_id', value: 'FICT-0042' })
    t.same([ssn.status, member.status], [201, 201])
    for (const biller of [await practice.staff(['biller']), both]) {
      const listed = (await biller.get(url)).body.data
      t.same(
        listed.map((one: { id: string }) => one.id),
        [member.body.id],
      )
      t.equal((await biller.get(`${url}/${ssn.body.id}`)).status, 404)
      t.equal((await biller.get(`${url}/${member.body.id}`)).body.value, 'FICT-0042')
      const search = async (kind: string, value: string) =>
        (await biller.post('/v1/clients/search', { identifier: { kind, value } })).body.data.length
      t.equal(await search('ssn', '123456789'), 0)
      t.equal(await search('insurance_member_id', 'FICT0042'), 1)
    }
    const treated = `/v1/clients/${own.id}/identifiers`
    const { body: third } = await owner.post(treated, { kind: 'ssn', value: '123-45-6780' })
    t.equal((await both.get(`${treated}/${third.id}`)).body.value, null, 'as a clinician, not whole')
  })

  t.test('an integration that only registers clients is not told of others', async t => {
    const details = { legalGivenName: 'Wren', legalFamilyName: 'Example', birthDate: '1990-01-02' }
    await registerClient(owner, details)
    const register = async (scopes: Parameters<typeof createApiClientCaller>[2]) => {
      const caller = await createApiClientCaller(test, practice, scopes)
      const { status, body } = await caller.post('/v1/clients?warnOfDuplicates=true', details)
      return [status, body.possibleDuplicates?.length]
    }
    t.same(await register(['clients:write']), [201, undefined])
    t.same(await register(['clients:write', 'clients:read']), [201, 2])
  })
})

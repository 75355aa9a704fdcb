import t from 'tap'
import { registerClient } from '../support/clients.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const find = async (caller: Caller, search: object): Promise<string[]> => {
  const { status, body } = await caller.post('/v1/clients/search', search)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.data.map((found: { client: { legalGivenName: string } }) => found.client.legalGivenName)
}

t.test('search and duplicates', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const phone = { system: 'phone', value: '+15555550123', kind: 'mobile' }
  const email = { system: 'email', value: 'Maria@Mail.example', kind: 'home' }
  const people = [
    {
      legalGivenName: 'Maria',
      legalFamilyName: 'Fernandez',
      birthDate: '1990-02-03',
      contactPoints: [phone, email],
    },
    { legalGivenName: 'Marian', legalFamilyName: "O'Brien", externalIds: { 'old-system': 'A-7' } },
    { legalGivenName: 'José', legalFamilyName: 'Núñez-Fernandez', preferredName: 'Pepe' },
    { legalGivenName: 'Li', legalFamilyName: 'Wu', birthDate: '1990-02-03' },
    { legalGivenName: 'Bartholomew', legalFamilyName: 'Featherstone' },
  ]
  for (const person of people) await registerClient(owner, person)
  const stranger = (await createTestPractice(test)).owner
  await registerClient(stranger, { legalGivenName: 'Maria', legalFamilyName: 'Fernandez' })

  t.test('names are found whole, by their beginning, without accents, and best first', async t => {
    t.same(await find(owner, { text: 'maria' }), ['Maria', 'Marian'])
    t.same(await find(owner, { text: 'fern' }), ['Maria', 'José'])
    t.same(await find(owner, { text: 'jose nunez' }), ['José'])
    t.same(await find(owner, { text: 'obrien' }), ['Marian'])
    t.same(await find(owner, { text: 'PEPE' }), ['José'])
    t.same(await find(owner, { text: 'l w' }), ['Li'])
    t.same(await find(owner, { text: 'maria wu' }), [], 'every word must fit')
    const { body } = await owner.post('/v1/clients/search', { text: 'maria fernandez' })
    t.match(body, { data: [{ score: 1, client: { legalFamilyName: 'Fernandez' } }], more: false })
  })

  t.test('one typing error is forgiven, whatever its kind; two in a long name', async t => {
    for (const text of ['Fernadnez', 'Fernandes', 'Fernandz', 'Fernanddez', 'Gernandez']) {
      t.same(await find(owner, { text: `maria ${text}` }), ['Maria'], text)
    }
    for (const text of ['Maira', 'Mariz', 'Mria Fernandez'])
      t.match(await find(owner, { text }), ['Maria'], text)
    t.same(await find(owner, { text: 'Bartolomew Fetherston' }), ['Bartholomew'])
    t.same(await find(owner, { text: 'Barthlmew' }), ['Bartholomew'])
    t.same(await find(owner, { text: 'Fernando Xyzzyplugh' }), [])
    t.same(await find(owner, { text: 'Wx' }), [], 'short words are not guessed')
  })

  t.test('birth date, phone, e-mail and external id select exactly, alone or with a name', async t => {
    t.same(await find(owner, { birthDate: '1990-02-03' }), ['Maria', 'Li'])
    t.same(await find(owner, { birthDate: '1990-02-03', text: 'w' }), ['Li'])
    t.same(await find(owner, { phone: '(555) 555-0123' }), ['Maria'])
    t.same(await find(owner, { email: 'MARIA@mail.example' }), ['Maria'])
    t.same(await find(owner, { externalId: { system: 'old-system', value: 'A-7' } }), ['Marian'])
    t.same(await find(owner, { externalId: { system: 'old-system', value: 'A-8' } }), [])
  })

  t.test('nothing asked, or nothing that can be, is refused', async t => {
    for (const search of [{}, { limit: 5 }, { text: '--' }, { phone: '1' }, { email: 'x' }, { limit: 51 }]) {
      t.equal((await owner.post('/v1/clients/search', search)).status, 400, JSON.stringify(search))
    }
  })

  t.test('a limit says that there is more', async t => {
    const { body } = await owner.post('/v1/clients/search', { text: 'fern', limit: 1 })
    t.equal(body.data.length, 1)
    t.equal(body.more, true)
  })

  t.test('only visible clients are found: own care teams, own practice', async t => {
    const clinician = await practice.staff(['clinician'])
    await registerClient(clinician, { legalGivenName: 'Marietta', birthDate: '1990-02-03' })
    t.same(await find(clinician, { text: 'mari' }), ['Marietta'])
    t.same(await find(clinician, { birthDate: '1990-02-03' }), ['Marietta'])
    t.same(await find(clinician, { phone: '+15555550123' }), [])
    t.same(await find(stranger, { text: 'Marian' }), ['Maria'], 'a typing error away, in its own practice')
  })

  t.test('billing staff find by name, and learn no contact data by asking for it', async t => {
    const biller = await practice.staff(['biller'])
    const { body } = await biller.post('/v1/clients/search', { text: 'maria fernandez' })
    t.equal(body.data.length, 1)
    t.notOk('status' in body.data[0].client)
    t.same(await find(biller, { phone: '+15555550123' }), [])
    t.same(await find(biller, { email: 'maria@mail.example' }), [])
  })

  t.test('a changed name is found by the new one only', async t => {
    const { owner } = await createTestPractice(test)
    const { id } = await registerClient(owner, { legalGivenName: 'Before', preferredName: 'Nick' })
    await owner.patch(`/v1/clients/${id}`, { legalGivenName: 'After', preferredName: null }, { ifMatch: 1 })
    t.same(await find(owner, { text: 'before' }), [])
    t.same(await find(owner, { text: 'nick' }), [])
    t.same(await find(owner, { text: 'after example' }), ['After'])
  })

  t.test('who may be the same person is told with reasons and a score', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const contactPoints = [phone, email]
    const first = await registerClient(owner, { birthDate: '1988-04-12', contactPoints })
    const made = await owner.post('/v1/clients?warnOfDuplicates=true', {
      legalGivenName: 'Jordan',
      legalFamilyName: 'Exampel',
      birthDate: '1988-04-12',
      contactPoints,
    })
    t.equal(made.status, 201, 'a warning never blocks')
    t.equal(made.body.possibleDuplicates.length, 1)
    t.match(made.body.possibleDuplicates[0], {
      client: { id: first.id },
      score: 100,
      reasons: ['same_birth_date_and_similar_name', 'same_email', 'same_phone'],
    })
    await registerClient(owner, {
      legalGivenName: 'Somebody',
      legalFamilyName: 'Else',
      birthDate: '1988-04-12',
    })
    const list = await owner.get(`/v1/clients/${first.id}/duplicates`)
    t.same(
      list.body.data.map((entry: { client: { id: string } }) => entry.client.id),
      [made.body.id],
      'the same birth date alone is no reason',
    )
    const identifier = { kind: 'medicaid', value: 'M-0000-77' }
    const twin = await registerClient(owner, { legalGivenName: 'Wholly', legalFamilyName: 'Different' })
    for (const id of [first.id, twin.id]) await owner.post(`/v1/clients/${id}/identifiers`, identifier)
    const again = (await owner.get(`/v1/clients/${twin.id}/duplicates`)).body.data
    t.match(again, [{ client: { id: first.id }, score: 60, reasons: ['same_identifier'] }])
    const clinician = await practice.staff(['clinician'])
    const own = await registerClient(clinician, { birthDate: '1988-04-12', contactPoints })
    t.same((await clinician.get(`/v1/clients/${own.id}/duplicates`)).body.data, [], 'only visible ones')
    t.equal((await clinician.get(`/v1/clients/${first.id}/duplicates`)).status, 404)
  })
})

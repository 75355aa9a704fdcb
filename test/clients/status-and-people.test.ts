import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { type ContactPurpose, mayContact } from '../../src/modules/clients/index.ts'
import { registerClient } from '../support/clients.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

/** The birthday of somebody who turns this age today, give or take days. */
function bornYearsAgo(years: number, days = 0): string {
  const date = new Date(Date.now() - days * 86_400_000)
  date.setUTCFullYear(date.getUTCFullYear() - years)
  return date.toISOString().slice(0, 10)
}

t.test('status, related people, minors and safe contact', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice

  const step = async (id: string, to: string, reason: string, more: object = {}) => {
    const { etag } = await owner.get(`/v1/clients/${id}`)
    return owner.post(`/v1/clients/${id}/status-changes`, { to, reason, ...more }, { ifMatch: etag })
  }

  t.test('discharge and re-admission are steps with reasons, kept as history', async t => {
    const { id } = await registerClient(owner)
    t.equal((await step(id, 'active', 'care_started')).status, 200)
    t.equal((await step(id, 'discharged', 'treatment_completed', { effectiveOn: '2026-01-05' })).status, 200)
    t.equal((await step(id, 'active', 'returned')).body.code, 'invalid-state', 'only by re-admission')
    const back = await step(id, 'active', 'readmission')
    t.equal(back.body.status, 'active')
    t.equal(back.etag, '"v4"')
    const history = (await owner.get(`/v1/clients/${id}/status-changes`)).body.data
    t.same(
      history.map((change: Record<string, string>) => [change.from, change.to, change.reason]),
      [
        [null, 'inquiry', 'first_contact'],
        ['inquiry', 'active', 'care_started'],
        ['active', 'discharged', 'treatment_completed'],
        ['discharged', 'active', 'readmission'],
      ],
    )
    t.equal(history[2].effectiveOn, '2026-01-05')
  })

  t.test('steps that cannot be are refused: from, to, reason, day, version', async t => {
    const { id } = await registerClient(owner)
    t.equal((await step(id, 'discharged', 'treatment_completed')).body.code, 'invalid-state')
    t.equal((await step(id, 'active', 'death_reported')).body.code, 'invalid-state')
    t.equal((await step(id, 'merged', 'administrative')).status, 400)
    t.equal((await step(id, 'active', 'care_started', { effectiveOn: '2999-01-01' })).status, 400)
    const change = { to: 'active', reason: 'care_started' }
    const url = `/v1/clients/${id}/status-changes`
    t.equal((await owner.post(url, change, { ifMatch: 7 })).body.code, 'stale-version')
    t.equal((await owner.post(url, change)).body.code, 'precondition-required')
    const replies = await Promise.all([1, 2, 3].map(() => owner.post(url, change, { ifMatch: 1 })))
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412])
  })

  t.test('death is final, except when it was recorded in error', async t => {
    const { id } = await registerClient(owner, { status: 'active' })
    t.equal((await step(id, 'deceased', 'death_reported')).status, 200)
    t.equal((await step(id, 'active', 'readmission')).body.code, 'invalid-state')
    t.equal((await step(id, 'deceased', 'recorded_in_error')).body.code, 'invalid-state')
    t.equal((await step(id, 'active', 'recorded_in_error')).body.status, 'active')
  })

  t.test('related people are recorded with what each may know: nothing by default', async t => {
    const { id } = await registerClient(owner)
    const url = `/v1/clients/${id}/related-people`
    const made = await owner.post(url, { givenName: 'Robin', relationship: 'parent', phone: '555-555-0188' })
    t.equal(made.status, 201)
    t.match(made.body, { mayKnow: [], roles: [], phone: '+15555550188', familyName: null })
    const address = `${url}/${made.body.id}`
    t.equal((await owner.patch(address, { mayKnow: ['billing'] }, { ifMatch: 5 })).body.code, 'stale-version')
    const changed = await owner.patch(address, { mayKnow: ['billing'], status: 'ended' }, { ifMatch: 1 })
    t.match(changed.body, { mayKnow: ['billing'], status: 'ended', version: 2 })
    t.same((await owner.get(address)).body, changed.body)
    t.equal((await owner.get(url)).body.data.length, 1)
    t.equal((await owner.post(url, { givenName: 'R', relationship: 'parent', phone: '1' })).status, 400)
    const stranger = (await createTestPractice(test)).owner
    t.equal((await stranger.get(address)).status, 404)
    t.equal((await stranger.post(url, { givenName: 'R', relationship: 'parent' })).status, 404)
  })

  t.test('that a related person became a client shows only to who may see that client', async t => {
    const clinician = await practice.staff(['clinician'])
    const { id } = await registerClient(clinician)
    const partner = await registerClient(owner)
    const url = `/v1/clients/${id}/related-people`
    const { body } = await owner.post(url, { givenName: 'Sam', relationship: 'partner' })
    const address = `${url}/${body.id}`
    const blind = await clinician.patch(address, { becameClientId: partner.id }, { ifMatch: 1 })
    t.equal(blind.body.code, 'unknown-reference')
    t.equal(
      (await owner.patch(address, { becameClientId: id }, { ifMatch: 1 })).body.code,
      'unknown-reference',
    )
    const linked = await owner.patch(address, { becameClientId: partner.id }, { ifMatch: 1 })
    t.equal(linked.body.becameClientId, partner.id)
    t.equal((await clinician.get(address)).body.becameClientId, null)
  })

  t.test('a California minor consents alone from 12, with maturity and parents on record', async t => {
    const clinician = await practice.staff(['clinician'])
    const consent = {
      basis: 'minor_self',
      maturity: { determinedById: clinician.staffId, determinedOn: '2026-01-05' },
      parentInvolvement: { decision: 'not_appropriate', attempts: [], reason: 'safety' },
    }
    const record = async (birthDate: string | null, body: object) => {
      const { id } = await registerClient(owner, { birthDate })
      return owner.post(`/v1/clients/${id}/minor-consents`, body)
    }
    const twelve = bornYearsAgo(12, 2)
    const good = await record(twelve, consent)
    t.equal(good.status, 201)
    t.match(good.body.ruleSource, /6924/)
    t.equal(good.body.jurisdiction, 'US-CA')
    const refused: [string, string | null, object][] = [
      ['eleven', bornYearsAgo(11, 2), consent],
      ['twelve tomorrow', bornYearsAgo(12, -2), consent],
      ['of age', bornYearsAgo(18, 2), consent],
      ['no birth date', null, consent],
      ['no maturity', twelve, { ...consent, maturity: null }],
      ['parents unmentioned', twelve, { basis: 'minor_self', maturity: consent.maturity }],
      [
        'no reason',
        twelve,
        { ...consent, parentInvolvement: { ...consent.parentInvolvement, reason: null } },
      ],
      [
        'involved without an attempt',
        twelve,
        { ...consent, parentInvolvement: { decision: 'involved', attempts: [], reason: null } },
      ],
      ['a state without a rule', twelve, { ...consent, jurisdiction: 'US-NV' }],
      ['a parent unnamed', twelve, { basis: 'parent' }],
    ]
    for (const [name, birthDate, body] of refused) {
      const reply = await record(birthDate, body)
      t.equal(reply.status, 422, name)
      t.equal(reply.body.code, 'minor-consent-not-valid', name)
    }
    t.equal((await record(twelve, { ...consent, decidedOn: '2999-01-01' })).status, 400)
    const byDesk = { ...consent, maturity: { ...consent.maturity, determinedById: owner.staffId } }
    t.equal((await record(twelve, byDesk)).body.code, 'unknown-reference')
  })

  t.test('a parent who consents is one of the related people', async t => {
    const { id } = await registerClient(owner, { birthDate: bornYearsAgo(9) })
    const people = `/v1/clients/${id}/related-people`
    const parent = await owner.post(people, { givenName: 'Robin', relationship: 'parent' })
    const friend = await owner.post(people, { givenName: 'Sky', relationship: 'friend' })
    const url = `/v1/clients/${id}/minor-consents`
    const by = (person: string) => owner.post(url, { basis: 'parent', consentingPersonId: person })
    t.equal((await by(friend.body.id)).body.code, 'unknown-reference')
    t.equal((await by(parent.body.id)).status, 201)
    t.equal((await owner.post(url, { basis: 'court' })).status, 201)
    t.same(
      (await owner.get(url)).body.data.map((consent: { basis: string }) => consent.basis),
      ['court', 'parent'],
    )
    const elsewhere = (await registerClient(owner, { birthDate: bornYearsAgo(9) })).id
    const borrowed = { basis: 'parent', consentingPersonId: parent.body.id }
    t.equal(
      (await owner.post(`/v1/clients/${elsewhere}/minor-consents`, borrowed)).body.code,
      'unknown-reference',
    )
  })

  t.test('danger silently stops what is linked to another person, and only that', async t => {
    const ask = (id: string, purpose: ContactPurpose) =>
      inPractice(test.house.database, systemScope(practice.id, 'test'), trx => mayContact(trx, id, purpose))
    const contactPoints = [
      { system: 'phone', value: '+15555550120', kind: 'home' },
      { system: 'phone', value: '+15555550121', kind: 'mobile', primary: true },
      { system: 'phone', value: '+15555550122', kind: 'work', usable: false },
      { system: 'email', value: 'jo@mail.example', kind: 'home' },
    ]
    const safeContact = {
      channels: ['text'],
      hours: null,
      neutralText: true,
      voicemailAllowed: false,
      danger: true,
    }
    const { id } = await registerClient(owner, { contactPoints, safeContact, status: 'active' })
    t.match(await ask(id, 'own-care'), {
      allowed: true,
      phones: ['+15555550121', '+15555550120'],
      emails: [],
      neutralText: true,
    })
    t.same(await ask(id, 'joint-care'), { allowed: false })
    t.same(await ask(id, 'related-person'), { allowed: false })
    const calm = await registerClient(owner, { contactPoints, status: 'active' })
    t.match(await ask(calm.id, 'joint-care'), { allowed: true, emails: ['jo@mail.example'] })
    await step(calm.id, 'deceased', 'death_reported')
    t.same(await ask(calm.id, 'own-care'), { allowed: false })
  })
})

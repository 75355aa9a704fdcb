import { randomUUID } from 'node:crypto'
import t from 'tap'
import { tellOfWithdrawal } from '../../src/modules/recovery/index.ts'
import { asOwner, layClient } from '../support/clients-raw.ts'
import { link } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

const terms = {
  scope: 'all_sexual',
  partnerSex: 'not_allowed',
  plannedDays: 60,
  proposedOn: day(-20),
  purpose: 'hidden-purpose',
}
const asked = { partnerRole: 'spouse', words: 'Sixty days, so that I can heal.', clientAgreedOn: day(-10) }

t.test('consent of a partner to a contract', async t => {
  const test = await createTestApp(t)

  const contractOf = async (ground: RecoveryGround) => {
    const contract = await ground.made('abstinence-contracts', terms)
    const url = `${ground.url}/abstinence-contracts/${contract.id}/partner-consents`
    const ask = (body: object = asked, by = ground.clinician) => by.post(url, body, { key: randomUUID() })
    const step = (consent: { id: string; version: number }, name: string, effectiveOn = day(-5)) =>
      ground.clinician.post(
        `${url}/${consent.id}/steps`,
        { step: name, effectiveOn },
        { ifMatch: consent.version },
      )
    return { contract, url, ask, step }
  }
  /** A couple of the ground's client and a partner with a clinician of their own; the ground's clinician treats both. */
  const coupleOf = async (ground: RecoveryGround) => {
    const { practice, clinician } = ground
    const other = await practice.staff(['clinician'])
    const partner = await layClient(test, practice, 'Sky', [[other, 'primary']])
    const { status, body } = await link(practice.owner, ground.clientId, partner.clientId, {
      primaryClinicianId: clinician.staffId,
      statusEffectiveOn: '2020-01-01',
    })
    t.equal(status, 201, 'linked')
    const portal = await portalCaller(practice, partner.clientId)
    return { coupleId: String(body.id), partner, other, portal }
  }
  const alertsOf = async (ground: RecoveryGround) =>
    (await ground.clinician.get(`/v1/alerts?chartId=${ground.chartId}`)).body.data
  const answer = (by: Caller, consent: { id: string; version: number }, word: string) =>
    by.post(
      `/v1/portal/partner-consents/${consent.id}/answers`,
      { answer: word },
      { ifMatch: consent.version },
    )

  t.test(
    'a partner who is no client: staff record what they said, with its day, and every step stays',
    async t => {
      const ground = await createRecoveryGround(test)
      const { contract, url, ask, step } = await contractOf(ground)
      const { status, body } = await ask()
      t.equal(status, 201)
      t.match(body, { status: 'asked', statusOn: day(-10), version: 1, words: asked.words })
      t.equal((await ask()).body.code, 'already-exists')
      t.equal((await step(body, 'withdrawn')).body.code, 'invalid-state')
      t.equal((await step(body, 'given', day(1))).body.code, 'invalid-request')
      t.equal((await step(body, 'given', day(-11))).body.code, 'invalid-request', 'before it was asked')
      const replies = await Promise.all([step(body, 'given'), step(body, 'given')])
      t.same(replies.map(one => one.status).sort(), [200, 412], 'of two at once one counts')
      const withdrawn = await step({ ...body, version: 2 }, 'withdrawn', day(-1))
      t.match(
        withdrawn.body.steps.map((one: { step: string; effectiveOn: string }) => [one.step, one.effectiveOn]),
        [
          ['asked', day(-10)],
          ['given', day(-5)],
          ['withdrawn', day(-1)],
        ],
      )
      t.same((await ground.clinician.get(url)).body.consents, [withdrawn.body])
      t.match((await ground.read(`abstinence-contracts/${contract.id}`)).partnerConsents, [
        { partnerConsentId: body.id, status: 'withdrawn', statusOn: day(-1) },
      ])
      t.equal((await step(withdrawn.body, 'retracted', day())).status, 200)
      t.same((await ground.read(`abstinence-contracts/${contract.id}`)).partnerConsents, [])
      t.equal((await ask()).status, 201, 'and may be asked anew')
    },
  )

  t.test(
    'a partner who is a client answers and withdraws at the portal, and learns the words alone',
    async t => {
      const ground = await createRecoveryGround(test)
      const { contract, url, ask, step } = await contractOf(ground)
      const { coupleId, portal } = await coupleOf(ground)
      const { body: consent } = await ask({ ...asked, coupleId })
      const seen = await portal.get('/v1/portal/partner-consents')
      t.same(seen.body.consents, [
        { id: consent.id, words: asked.words, status: 'asked', statusOn: day(-10), answers: [], version: 1 },
      ])
      const given = await answer(portal, consent, 'given')
      t.match(given.body, { status: 'given', statusOn: day(), answers: [{ step: 'given' }] })
      t.equal((await answer(portal, consent, 'withdrawn')).status, 412)
      // How the contract goes on is nothing that the partner can tell from what they may answer.
      const steps = `${ground.url}/abstinence-contracts/${contract.id}/steps`
      const over = { step: 'ended_early', effectiveOn: day() }
      t.equal((await ground.clinician.post(steps, over, { ifMatch: 1, key: randomUUID() })).status, 200)
      const withdrawn = await answer(portal, given.body, 'withdrawn')
      t.match(withdrawn.body, { status: 'withdrawn', version: 3 })
      t.notMatch(
        JSON.stringify([seen.body, given.body, withdrawn.body]),
        new RegExp([ground.chartId, ground.clientId, contract.id, 'hidden', 'all_sexual'].join('|')),
      )
      t.match((await ground.clinician.get(`${url}/${consent.id}`)).body.steps, [
        { enteredBy: 'staff' },
        { enteredBy: 'partner', recordedById: null },
        { enteredBy: 'partner', recordedById: null },
      ])
      t.equal(
        (await ask({ ...asked, partnerRole: 'other' })).body.code,
        'invalid-state',
        'the contract is over',
      )

      t.same(await alertsOf(ground), [])
      for (const _ of ['once', 'again']) await tellOfWithdrawal(test.house, ground.practice.id, consent.id)
      t.match(await alertsOf(ground), [
        {
          rule: 'partner_consent_withdrawn',
          ownerId: ground.clinician.staffId,
          evidence: { contractId: contract.id, partnerConsentId: consent.id },
        },
      ])
      t.equal((await alertsOf(ground)).length, 1)
      t.equal((await answer(portal, withdrawn.body, 'given')).status, 200)
      t.match(await alertsOf(ground), [{ status: 'resolved', outcome: 'no_longer_applies' }])
      t.equal((await step({ ...consent, version: 4 }, 'withdrawn', day())).status, 200, 'or said it to staff')
      const queued = await asOwner(
        test,
        "select count(*)::int as n from outbox where practice_id = $1 and kind = 'partner-consent-withdrawal'",
        [ground.practice.id],
      )
      t.same(queued, [{ n: 2 }])
      t.equal((await step({ ...consent, version: 5 }, 'retracted', day())).status, 200)
      t.same((await portal.get('/v1/portal/partner-consents')).body.consents, [])
      t.equal((await answer(portal, { ...consent, version: 6 }, 'given')).status, 404)
    },
  )

  t.test('the client sees how it stands, and nobody sees whether the partner is a client', async t => {
    const ground = await createRecoveryGround(test)
    const { contract, ask } = await contractOf(ground)
    const { coupleId, partner, other } = await coupleOf(ground)
    const { body: consent } = await ask({ ...asked, coupleId })
    t.notMatch(JSON.stringify(consent), new RegExp(`${coupleId}|${partner.clientId}|${partner.chartId}`))
    const steps = `${ground.url}/abstinence-contracts/${contract.id}/steps`
    const agreed = { step: 'agreed', effectiveOn: day(-9) }
    t.equal((await ground.clinician.post(steps, agreed, { ifMatch: 1, key: randomUUID() })).status, 200)
    const own = await portalCaller(ground.practice, ground.clientId)
    t.match((await own.get('/v1/portal/recovery')).body.contracts, [
      { partnerConsents: [{ partnerRole: 'spouse', status: 'asked' }] },
    ])
    t.same((await own.get('/v1/portal/partner-consents')).body.consents, [], 'it is not theirs to answer')
    t.equal((await answer(own, consent, 'given')).status, 404)
    const url = `${ground.url}/abstinence-contracts/${contract.id}/partner-consents`
    t.equal((await other.get(url)).status, 404, "the partner's clinician does not see the contract")
    t.equal((await other.get(`${url}/${consent.id}`)).status, 404)
    t.equal((await ground.supervisor.get(url)).status, 200)
    t.equal((await ask(asked, ground.supervisor)).status, 403, 'a supervisor only reads')
    t.equal((await ground.practice.owner.get(url)).status, 403)
  })

  t.test('who is asked has to be the partner, of a couple that the caller sees', async t => {
    const ground = await createRecoveryGround(test)
    const { ask } = await contractOf(ground)
    const elsewhere = await createRecoveryGround(test)
    const theirs = await coupleOf(elsewhere)
    t.equal((await ask({ ...asked, coupleId: theirs.coupleId })).status, 404, 'of another practice')
    t.equal((await ask({ ...asked, coupleId: randomUUID() })).status, 404)
    const [one, two] = [
      await layClient(test, ground.practice, 'One', [[ground.clinician, 'primary']]),
      await layClient(test, ground.practice, 'Two', [[ground.clinician, 'primary']]),
    ]
    const more = { primaryClinicianId: ground.clinician.staffId, statusEffectiveOn: '2020-01-01' }
    const strangers = (await link(ground.practice.owner, one.clientId, two.clientId, more)).body
    t.equal((await ask({ ...asked, coupleId: strangers.id })).body.code, 'unknown-reference')
    const colleague = await ground.practice.staff(['clinician'])
    const own = await coupleOf(ground)
    await asOwner(
      test,
      'update care_team_members set staff_id = $3 where practice_id = $1 and chart_id = (select chart_id from couples where practice_id = $1 and id = $2)',
      [ground.practice.id, own.coupleId, colleague.staffId],
    )
    t.equal((await ask({ ...asked, coupleId: own.coupleId })).status, 404, 'not theirs to see')
    t.equal((await ask({ ...asked, clientAgreedOn: day(1) })).body.errors[0].pointer, '/clientAgreedOn')
    t.equal((await ask({ ...asked, words: '' })).status, 400)
  })

  t.test('who acts on behalf of a client has no part in it', async t => {
    const ground = await createRecoveryGround(test)
    const { ask } = await contractOf(ground)
    const { coupleId, partner } = await coupleOf(ground)
    const { body: consent } = await ask({ ...asked, coupleId })
    const practice = await createTestPractice(test)
    t.equal((await practice.owner.get(`/v1/portal/partner-consents/${consent.id}`)).status, 403)
    const [row] = await asOwner(
      test,
      `insert into related_people (practice_id, id, client_id, given_name, relationship, roles)
       values ($1, uuidv7(), $2, 'Robin', 'parent', '{guardian}') returning id`,
      [ground.practice.id, partner.clientId],
    )
    const guardian = await portalCaller(ground.practice, partner.clientId, String(row?.id))
    const reply = await guardian.get('/v1/portal/partner-consents')
    t.ok(reply.status !== 200 || reply.body.consents.length === 0)
    t.not((await answer(guardian, consent, 'given')).status, 200)
  })
})

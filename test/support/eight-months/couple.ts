import type { Test } from 'tap'
import { answered, type Cast, day, make, type Person, read, record, repeated, scoreOf, step } from './cast.ts'

export interface Couple {
  jonah: Person
  mira: Person
  /** Their joint chart. */
  joint: Pick<Person, 'url'>
}

/** A joint chart opens beside two private ones. */
export async function linkThem(cast: Cast, jonah: Person, mira: Person): Promise<Couple> {
  const couple = await make(cast.frontDesk, '/v1/couples', {
    clientId: jonah.id,
    partnerClientId: mira.id,
    primaryClinicianId: cast.coupleTherapist.staffId,
    statusEffectiveOn: day(0),
  })
  return { jonah, mira, joint: { url: `/v1/charts/${couple.chartId}` } }
}

/** Mira has a therapist of her own, and what is said there stays there. */
export async function tellMirasOwnWay(t: Test, cast: Cast, { jonah, mira, joint }: Couple): Promise<void> {
  const { clinician, partnerTherapist, coupleTherapist } = cast
  const care = await record(coupleTherapist, joint, 'partner_care', { occurredOn: day(30), content: {} })
  const own = await step(coupleTherapist, joint, care, { status: 'own_therapist', effectiveOn: day(45) })
  t.equal(own.status, 'own_therapist')

  const secret = await record(partnerTherapist, mira, 'discovery_event', {
    occurredOn: day(6),
    content: { how: 'found_out', staggeredCount: 2, note: 'Told in her session (fictional).' },
  })
  const outsiders = [
    [clinician, mira],
    [coupleTherapist, mira],
    [coupleTherapist, jonah],
    [partnerTherapist, jonah],
  ] as const
  for (const [by, { url }] of outsiders)
    for (const what of [
      'recovery-records',
      'recovery-insights',
      'assessment-assignments',
      'treatment-plans',
      'journeys',
    ])
      t.equal((await by.get(`${url}/${what}`)).status, 404, `${what} of the other chart`)
  t.notMatch(
    JSON.stringify(await read(coupleTherapist, `${joint.url}/recovery-records`)),
    new RegExp(secret.id),
  )
  const portals = [await jonah.portal(), await mira.portal()]
  for (const portal of portals) {
    t.notMatch(
      JSON.stringify(await read(portal, '/v1/portal/recovery-records')),
      /discovery/,
      'nothing that was not released',
    )
    t.equal((await portal.get(`${joint.url}/recovery-records`)).status, 403, 'nor the chart they share')
  }
}

/** Scores of both stand side by side once both agreed, and no sooner. */
export async function tellTheirScores(t: Test, cast: Cast, { jonah, mira, joint }: Couple): Promise<void> {
  const by = cast.coupleTherapist
  // Sixteen items: 16x3, and 16x2 with two more points.
  const his = await answered({ by, about: jonah }, joint, 'csi-16', repeated(3, 16))
  const hers = await answered({ by, about: mira }, joint, 'csi-16', [...repeated(2, 14), 3, 3])
  t.same([scoreOf(his, 'total').value, scoreOf(hers, 'total').value], [48, 34])

  const agree = (person: Person) =>
    make(by, `${joint.url}/score-sharing-consents`, {
      clientId: person.id,
      instrumentKey: 'csi-16',
      method: 'in_person',
      givenOn: day(100),
    })
  const paired = () => by.get(`${joint.url}/paired-scores?instrument=csi-16`)
  await agree(jonah)
  t.ok((await paired()).status >= 400, 'one of them has not agreed')
  await agree(mira)
  const { partners } = (await paired()).body.scales[0]
  const values = Object.fromEntries(
    partners.map((one: { clientId: string; points: { value: number }[] }) => [
      one.clientId,
      one.points.at(-1)?.value,
    ]),
  )
  t.same(values, { [jonah.id]: 48, [mira.id]: 34 })
}

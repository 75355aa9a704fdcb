import type { Test } from 'tap'
import { at, type Cast, make, must, type Person, read } from './cast.ts'

/** Jonah calls for himself. What he calls it is his, and only who will see him reads it. */
export async function tellJonahsInquiry(t: Test, cast: Cast): Promise<Person> {
  const { frontDesk, clinician, supervisor, partnerTherapist } = cast
  const words = {
    selfDescription: 'It has got out of hand at night (fictional).',
    concern: 'Whether this is the right place (fictional).',
  }
  const received = await make(frontDesk, '/v1/inquiries', {
    source: 'podcast',
    askedFor: ['individual'],
    assignedToId: clinician.staffId,
    person: {
      givenName: 'Jonah',
      familyName: 'Storyline',
      preferredName: null,
      pronouns: null,
      birthDate: '1986-03-14',
    },
    contact: {
      role: 'self',
      givenName: null,
      familyName: null,
      points: [{ system: 'phone', value: '(555) 555-0123', kind: 'mobile', primary: true }],
    },
    words,
    receivedAt: at(0, '19:20'),
  })
  t.match(received, { status: 'received', contact: { role: 'self' }, receivedAt: at(0, '19:20') })
  t.notMatch(JSON.stringify(received), /out of hand/, 'the front desk wrote it down and reads it no more')
  const url = `/v1/inquiries/${received.id}`
  for (const by of [clinician, supervisor]) t.same((await read(by, url)).words, words)
  t.equal((await partnerTherapist.get(url)).status, 404)
  await make(clinician, `${url}/steps`, { status: 'contacted' }, received.version)
  const screened = await make(clinician, `${url}/steps`, { status: 'screened' }, received.version + 1)
  const accepted = await make(clinician, `${url}/acceptance`, {}, screened.version)
  const { status, clientId } = accepted
  t.equal(status, 'accepted')
  const client = must(await frontDesk.get(`/v1/clients/${clientId}`))
  t.match(client, { status: 'inquiry', legalGivenName: 'Jonah', contactPoints: [{ value: '+15555550123' }] })
  t.notMatch(JSON.stringify(client), /addict|out of hand/i, 'nobody is called anything')
  return cast.arrives(clientId, client.version)
}

/** What is known of his life, once for all sides of it and once for one: signed, and for the care team alone. */
export async function tellJonahsLife(t: Test, cast: Cast, jonah: Person): Promise<void> {
  const { clinician, supervisor } = cast
  const url = `${jonah.url}/psychosocial-assessments`
  const told = (text: string) => ({ text: `${text} (fictional).`, sources: ['self'] })
  const sections = {
    presenting_problem: told('In his words: it has got out of hand at night'),
    problem_history: told('Since the first laptop of his own'),
    family_of_origin: told('Two moves, one quiet house'),
    supports: told('Mira, and a friend from school'),
    strengths: told('Calls before it is too late'),
    formulation: told('Loneliness at night, and a way out of it that costs more each year'),
  }
  const written = async (kind: string, some: object) => {
    const begun = await make(clinician, url, { kind })
    const saved = must(
      await clinician.patch(`${url}/${begun.id}/sections`, { sections: some }, { ifMatch: begun.version }),
    )
    return make(clinician, `${url}/${begun.id}/signature`, undefined, saved.version)
  }
  const intake = await written('intake', sections)
  // 6 of 21 sections are 28.57 percent, rounded down; begun and signed on one day.
  t.match(intake, { kind: 'intake', status: 'signed', completeness: 28, daysToSign: 0 })
  t.equal(intake.signature.signerId, clinician.staffId)
  const { presenting_problem, formulation } = sections
  const psychosexual = await written('psychosexual', {
    presenting_problem,
    sexual_and_relationship_history: told('Told at his own pace'),
    formulation,
  })
  // 3 of 21.
  t.match(psychosexual, { kind: 'psychosexual', status: 'signed', completeness: 14 })
  t.match((await read(clinician, url)).data, [{ id: psychosexual.id }, { id: intake.id }])
  t.equal((await supervisor.get(url)).status, 404, 'a supervisor learns of none')
}

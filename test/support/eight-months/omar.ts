import type { Test } from 'tap'
import { type Cast, day, insights, make, type Person, record, step } from './cast.ts'

/** Omar went it alone, and finds people. */
export async function tellOmar(t: Test, { clinician, caller }: Cast): Promise<Person> {
  const omar = await caller('Omar', clinician)
  const before = await insights(clinician, omar)
  t.match(before.connection, { distinctPeople: 0, contacts: 0, meetings: 0, daysSinceContact: null })

  const person = async (name: string, role: string) => {
    const content = { name, role, knows: 2, reachable: true, crisisOk: false }
    const proposed = await record(clinician, omar, 'support_person', {
      occurredOn: day(30),
      released: true,
      content,
    })
    return step(clinician, omar, proposed, { status: 'agreed', effectiveOn: day(35) })
  }
  const [friend, brother] = [
    await person('Alex (fictional)', 'friend'),
    await person('Sami (fictional)', 'family'),
  ]
  const fellowship = await record(clinician, omar, 'fellowship_participation', {
    occurredOn: day(40),
    released: true,
    content: { fellowship: 'saa', audience: 'recovering', meetingsPerWeek: 2 },
  })
  await step(clinician, omar, fellowship, { status: 'attending', effectiveOn: day(47) })
  const sponsor = await record(clinician, omar, 'sponsor', {
    occurredOn: day(100),
    released: true,
    content: { firstName: 'Lou', fellowship: 'saa', contactsPerWeek: 2 },
  })

  const portal = await omar.portal()
  const send = (kind: string, on: number, content: object, relatedRecordId?: string) =>
    make(portal, '/v1/portal/recovery-records', {
      kind,
      occurredOn: day(on),
      content,
      ...(relatedRecordId ? { relatedRecordId } : {}),
    })
  const call = (on: number, vulnerability: number, whom: { id: string }) =>
    send('contact_log', on, { means: 'call', vulnerability }, whom.id)
  await call(230, 8, friend)
  await call(234, 7, friend)
  await call(236, 3, friend)
  await call(237, 6, brother)
  await call(238, 5, sponsor)
  // Seven days are 234 to 240, twenty-eight 213 to 240, ninety 151 to 240.
  for (const on of [140, 151, 180, 212, 213, 220, 227, 234, 239])
    await send('meeting_log', on, { fellowship: 'saa', format: 'in_person' }, fellowship.id)

  const { connection, meetings } = await insights(clinician, omar)
  t.match(
    connection,
    {
      // Alex, Sami and Lou.
      distinctPeople: 3,
      contacts: 4,
      // 7, 6 and 5.
      vulnerableContacts: 3,
      meetings: 2,
      lastContactOn: day(239),
      daysSinceContact: 1,
    },
    'the last seven days',
  )
  t.match(
    meetings,
    // 213, 220, 227, 234 and 239 in four weeks; 151 to 239 in ninety days.
    {
      perWeek: 1.25,
      goalPerWeek: 2,
      inNinetyDays: 8,
      daysWithMeetingInNinety: 8,
      daysSinceSponsorContact: 2,
    },
    'community found',
  )
  return omar
}

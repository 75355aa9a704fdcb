import type { Mail } from '../lib/mail.ts'
import { answered, once } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import type { Demo } from './demo-state.ts'
import { loadAppointments } from './load-appointments.ts'
import { loadCare } from './load-care.ts'
import { loadGroup } from './load-group.ts'
import { loadIntensives } from './load-intensives.ts'
import { type LoadedPractice, loadPractice, person } from './load-practice.ts'
import { loadPrograms } from './load-programs.ts'
import { loadRecovery } from './load-recovery.ts'
import { loadSeries } from './load-series.ts'
import { loadCancellationPolicy, loadHours, loadLeave } from './load-supply.ts'
import { loadClientMessages, loadWaitlist } from './load-waitlist.ts'

/**
 * Installs the demo practice through the API, as the people of it would: nothing is laid past it.
 *
 * @param url where the service listens
 * @param inbox the mail it sends meanwhile
 * @param setupToken allows making a practice
 * @returns what the API told only once: credentials of its clients, and the address of a calendar
 */
export async function loadDemo({
  url,
  inbox,
  setupToken,
  data,
  progress,
}: {
  url: string
  inbox: readonly Mail[]
  setupToken: string
  data: DemoData
  progress: (line: string) => void
}): Promise<Omit<Demo, 'state'>> {
  progress(`Installing the demo practice "${data.practice.name}" (a few seconds, once) …`)
  const practice = await loadPractice({ url, inbox, setupToken, data })
  await loadHours(practice, data)
  progress(
    `  staff, rooms and services are in; ${Object.keys(data.clients.primaryClinicians).length} clients, couples and a group next`,
  )
  const care = await loadCare(practice, data)
  await loadCancellationPolicy(practice, care, data)
  const groupId = await loadGroup(practice, care, data)
  await loadWaitlist(practice, care, { data, groupId })
  progress(`  ${data.appointments.length} appointments with their notes, series and intensives next`)
  await loadAppointments(practice, care, data)
  await loadSeries(practice, care, data)
  await loadLeave(practice, data)
  await loadIntensives(practice, care, data)
  progress(`  task programs, recovery work, assessments and plans next`)
  await loadRecovery(practice, care, data)
  await loadClientMessages(practice, data)
  return { ...(await loadPrograms(practice, data)), calendarFeed: await loadFeed(practice) }
}

async function loadFeed(practice: LoadedPractice): Promise<string> {
  const { client, staffId } = person(practice, 'dana')
  const { path } = await answered(client.POST('/v1/calendar-feeds', { params: once(), body: { staffId } }))
  return path
}

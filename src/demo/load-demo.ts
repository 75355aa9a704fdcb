import type { DemoData, DemoProgram } from './demo-data.ts'
import type { Credentials } from './demo-state.ts'
import { loadAppointments } from './load-appointments.ts'
import { loadCare } from './load-care.ts'
import { loadPractice } from './load-practice.ts'
import { loadPrograms } from './load-programs.ts'
import { loadRecovery } from './load-recovery.ts'

/**
 * Installs the demo practice through the API, as the people of it would: nothing is laid past it.
 *
 * @param url where the service listens
 * @param setupToken allows making a practice
 * @returns the credentials of the demo's API clients
 */
export async function loadDemo({
  url,
  setupToken,
  data,
  progress,
}: {
  url: string
  setupToken: string
  data: DemoData
  progress: (line: string) => void
}): Promise<Record<DemoProgram, Credentials>> {
  progress(`Installing the demo practice "${data.practice.name}" (a few seconds, once) …`)
  const practice = await loadPractice({ url, setupToken, data })
  progress(
    `  staff, rooms and services are in; ${Object.keys(data.clients.primaryClinicians).length} clients, couples and a group next`,
  )
  const care = await loadCare(practice, data)
  progress(`  ${data.appointments.length} appointments and their notes next`)
  await loadAppointments(practice, care, data)
  await loadRecovery(practice, care, data)
  return loadPrograms(practice, data)
}

import type { Test } from 'tap'
import { enroll, openedJourney, shipped, signedOff } from '../task-model.ts'
import { type Cast, day, make, must, type Person, read } from './cast.ts'

const firstSeven = [
  'denial',
  'understand_illness',
  'surrender',
  'damage_control',
  'sobriety',
  'physical_integrity',
  'support_culture',
]

/** Tasks one to seven, and two of them again when something new comes to light. */
export async function tellJonahsTasks(
  t: Test,
  { clinician, supervisor }: Cast,
  jonah: Person,
): Promise<void> {
  const program = {
    programTemplateId: shipped.thirtyTasks,
    templateNumber: 1,
    startedOn: day(15),
    releasedToClient: true,
  }
  const { id } = must(await enroll(clinician, jonah.chartId, program))
  const journey = openedJourney(clinician, jonah.chartId, id)
  for (const task of firstSeven) must(await signedOff(journey, task))

  const done = await journey.read()
  // 7 of 30; 225 days since day 15, of which the last 180 are looked at: 7 in 5.91 months.
  t.match(done.progress, { applicable: 30, done: 7, inWork: 0, percent: 23 })
  t.match(done.velocity, { last30Days: 7, last90Days: 7, perMonth: 1.2 })
  t.match(done.sections[0], { key: 'early', applicable: 7, done: 7, percent: 100 })

  for (const task of ['denial', 'sobriety'])
    must(
      await journey.step(task, 'reopening', { reason: 'new_addiction', note: 'Games came up (fictional).' }),
    )
  must(await journey.step('multiple_addictions', 'status-changes', { to: 'in_progress' }))
  must(await journey.step('children', 'status-changes', { to: 'not_applicable', note: 'They have none.' }))

  const now = await journey.read()
  // 5 of 29 that apply; two reopened and one begun.
  t.match(now.progress, { applicable: 29, done: 5, inWork: 3, percent: 17 })
  t.match(now.velocity, { last30Days: 5, perMonth: 0.8 })
  t.match(await journey.task('denial'), { status: 'in_progress', reopenCount: 1 })
  t.match(now.sections[0], { applicable: 7, done: 5, inWork: 2, percent: 71 })

  const portal = await jonah.portal()
  const own = (await read(portal, '/v1/portal/journeys')).data
  t.equal(own.length, 1, 'he sees where he stands')
  const caseload = (await read(supervisor, '/v1/journeys')).data
  t.ok(
    caseload.some((one: { journeyId: string }) => one.journeyId === id),
    'and so does the supervisor',
  )
}

/** Stages overlap, and days beside a typical range judge nobody. */
export async function tellJonahsStages(t: Test, { clinician }: Cast, jonah: Person): Promise<void> {
  const stages = { programTemplateId: shipped.recoveryStages, templateNumber: 1, startedOn: day(0) }
  const { id } = must(await enroll(clinician, jonah.chartId, stages))
  const url = `${jonah.url}/journeys/${id}`
  const enter = (stageKey: string, on: number) =>
    make(clinician, `${url}/stages`, { stageKey, enteredOn: day(on) })
  const crisis = await enter('crisis', 0)
  await enter('shock', 40)
  await make(clinician, `${url}/stages/${crisis.id}/departure`, { leftOn: day(100) }, crisis.version)
  await enter('grief', 60)
  const { stages: told } = await read(clinician, url)
  t.match(told, [
    // Day 0 to 100, typically at most 91.
    { key: 'crisis', elapsedDays: 100, typical: { position: 'after_typical' } },
    // Day 40 to 240, typically 183 to 244.
    { key: 'shock', elapsedDays: 200, typical: { position: 'within_typical' } },
    // Day 60 to 240, typically 152 to 213.
    { key: 'grief', elapsedDays: 180, typical: { position: 'within_typical' } },
  ])
}

import type { Intensive, IntensiveTemplate, NewIntensiveStatus } from '../../openapi/client/index.ts'
import { answered, type DemoApi, ifStill, once, onceIfStill } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import type { DemoIntensive } from './demo-schedule.ts'
import { type LoadedCare, unitOf } from './load-care.ts'
import { type LoadedPractice, person } from './load-practice.ts'

/** Intensives, each brought as far as the demo tells, by the clinician who leads it. */
export async function loadIntensives(
  practice: LoadedPractice,
  care: LoadedCare,
  { intensives }: DemoData,
): Promise<void> {
  const { client } = person(practice, 'fred')
  const templates = await answered(client.GET('/v1/intensive-templates'))
  for (const told of intensives) {
    const template = templates.data.find(({ name }) => name === told.template)
    if (!template) throw new Error(`The demo found no template ${told.template}`)
    await loadIntensive(practice, told, await open(practice, care, told), template)
  }
}

async function open(practice: LoadedPractice, care: LoadedCare, told: DemoIntensive): Promise<Intensive> {
  const { client, staffId } = person(practice, told.clinicians[0] ?? '')
  const { priceCents, depositCents } = told
  const body = {
    ...unitOf(care, told),
    serviceId: practice.serviceIds['Intensive block'] ?? '',
    leadStaffId: staffId,
    locationId: practice.locationId,
    priceCents,
    depositCents,
    refunds: [
      { daysBefore: 30, percent: 100 },
      { daysBefore: 14, percent: 50 },
    ],
  }
  return answered(client.POST('/v1/intensives', { params: once(), body }))
}

async function loadIntensive(
  practice: LoadedPractice,
  told: DemoIntensive,
  opened: Intensive,
  template: IntensiveTemplate,
): Promise<void> {
  const lead = person(practice, told.clinicians[0] ?? '')
  const { days } = practice
  const firstOn = days.today.until(days.on(told)).days
  const steps = stepsOf(lead, opened)
  for (const gate of ['stability', 'medical', 'risk', 'contract'] as const) await steps.meet(gate)
  await steps.meet('estimate')
  for (const to of ['screened', 'contracted'] as const) await steps.become({ to })
  // Due two weeks before it begins, and paid three days before that, or yesterday.
  const dueIn = firstOn - 14
  await steps.become({ to: 'deposit_due', dueOn: days.ago(-dueIn) })
  await steps.plan(blocksOf(practice, told, template))
  if (told.until === 'deposit_due') return
  await steps.receive(told.depositCents, days.ago(Math.max(1, 3 - dueIn)))
  // Booking is the front desk's: it takes the time of two clinicians.
  await steps.book(person(practice, 'fred'))
  if (told.until === 'scheduled') return
  await steps.become({ to: 'in_progress' })
  await steps.deliver()
  await steps.become({ to: 'completed' })
  await steps.become({ to: 'aftercare' })
  for (const task of told.aftercare) await planTask(lead, opened.id, days.on(task), task)
}

/** What is done to one intensive, which is changed by the version that was answered last. */
function stepsOf({ client }: DemoApi, opened: Intensive) {
  let now = opened
  const path = { intensiveId: opened.id }
  const params = () => ({ path, ...onceIfStill(now) })
  const take = async (call: Parameters<typeof answered<Intensive>>[0]) => {
    now = await answered(call)
  }
  return {
    async meet(gate: Intensive['gates'][number]['gate']) {
      for (const line of now.gates.filter(one => one.gate === gate && one.status === 'open')) {
        const participant = line.participant ? { participant: line.participant } : {}
        await take(
          client.POST('/v1/intensives/{intensiveId}/gate-marks', {
            params: params(),
            body: { gate, ...participant, status: 'met' },
          }),
        )
      }
    },
    become: (body: NewIntensiveStatus) =>
      take(client.POST('/v1/intensives/{intensiveId}/status-changes', { params: params(), body })),
    plan: (blocks: ReturnType<typeof blocksOf>) =>
      take(
        client.PUT('/v1/intensives/{intensiveId}/plan', {
          params: { path, ...ifStill(now) },
          body: { blocks },
        }),
      ),
    receive: (amountCents: number, onDate: string) =>
      take(
        client.POST('/v1/intensives/{intensiveId}/money-steps', {
          params: params(),
          body: { kind: 'deposit_received', amountCents, onDate },
        }),
      ),
    async book(desk: DemoApi) {
      await answered(desk.client.POST('/v1/intensives/{intensiveId}/booking', { params: params(), body: {} }))
      now = await answered(client.GET('/v1/intensives/{intensiveId}', { params: { path } }))
    },
    deliver: () =>
      take(
        client.POST('/v1/intensives/{intensiveId}/deliveries', {
          params: params(),
          body: {
            blocks: now.blocks.map(({ id, durationMinutes }) => ({
              blockId: id,
              deliveredMinutes: durationMinutes,
            })),
          },
        }),
      ),
  }
}

/** The blocks of a template from the first day on, each in the room of its first clinician. */
function blocksOf(
  { days, roomIds, people }: LoadedPractice,
  told: DemoIntensive,
  { blocks }: IntensiveTemplate,
) {
  return blocks.map(({ day, startsAt, kind, participants, clinicians, durationMinutes, needsRoom }) => {
    const room = roomIds[told.rooms[(clinicians[0] ?? 1) - 1] ?? '']
    return {
      kind,
      participants,
      durationMinutes,
      clinicianIds: clinicians.flatMap(number => people[told.clinicians[number - 1] ?? '']?.staffId ?? []),
      ...(needsRoom && room ? { roomId: room } : {}),
      startsAt: days.at({ week: told.week, weekday: told.weekday + day - 1, time: startsAt }),
    }
  })
}

async function planTask(
  { client }: DemoApi,
  intensiveId: string,
  dueOn: string,
  { kind, done }: DemoIntensive['aftercare'][number],
) {
  const path = { intensiveId }
  const task = await answered(
    client.POST('/v1/intensives/{intensiveId}/aftercare-tasks', {
      params: { path, ...once() },
      body: { kind, participant: 'a', dueOn, note: 'Ask how the evenings go (fictional).' },
    }),
  )
  if (!done) return
  await answered(
    client.PATCH('/v1/intensives/{intensiveId}/aftercare-tasks/{aftercareTaskId}', {
      params: { path: { ...path, aftercareTaskId: task.id }, ...ifStill(task) },
      body: { status: 'done' },
    }),
  )
}

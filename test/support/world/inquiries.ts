import { newInquiry } from '../inquiries.ts'
import type { World } from '../world.ts'
import { makeClient, makeCouple } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Prepared } from './requests.ts'

/** Makers of inquiries and dual roles. Each makes something fresh, through the API. */

type State = 'received' | 'screened'

export async function makeInquiry({ callers: { admin, clinician } }: Ground, state: State = 'received') {
  const body = newInquiry({ assignedToId: clinician.staffId, region: 'US-CA' })
  const { id } = await make(admin, '/v1/inquiries', body)
  const step = (status: string, ifMatch: number) =>
    make(admin, `/v1/inquiries/${id}/steps`, { status }, { ifMatch })
  if (state === 'received') return { inquiryId: String(id), version: 1 }
  await step('contacted', 1)
  await step('screened', 2)
  return { inquiryId: String(id), version: 3 }
}

/** A clinician in the charts of both partners, with a reason. Only the partners' own charts are looked at. */
async function makeDualRole(ground: Ground) {
  const { owner, outsider } = ground.callers
  const couple = await makeCouple(ground)
  for (const clientId of couple.clientIds) {
    const [chart] = (await read(owner, `/v1/charts?clientId=${clientId}&kind=individual`)).data
    const member = { staffId: outsider.staffId, role: 'co_therapist' }
    const dualRoleReason = 'Nobody else is near (fictional).'
    await make(owner, `/v1/charts/${chart.id}/care-team`, { ...member, dualRoleReason })
  }
  const { data } = await read(owner, '/v1/dual-roles')
  const found = data.find((one: { coupleChartId: string }) => one.coupleChartId === couple.chartId)
  return { dualRoleId: String(found.id), version: Number(found.version) }
}

export async function inquiryIds(ground: Ground) {
  const { inquiryId } = await makeInquiry(ground)
  await makeInquiry(ground)
  const { dualRoleId } = await makeDualRole(ground)
  return { inquiryId, dualRoleId, assignedToId: ground.callers.clinician.staffId }
}

const fresh =
  (state: State) =>
  async (world: World): Promise<Prepared> => {
    const { inquiryId, version } = await makeInquiry(world, state)
    return { params: { inquiryId }, version }
  }

export const inquiryPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  listInquiries: () => ({ query: { status: undefined, urgent: undefined, assignedToId: undefined } }),
  receiveInquiry: ({ callers: { clinician } }) => ({ body: { assignedToId: clinician.staffId } }),
  changeInquiry: fresh('received'),
  stepInquiry: fresh('received'),
  acceptInquiry: fresh('screened'),
  listDualRoles: () => ({ query: { status: undefined } }),
  justifyDualRole: async world => {
    const { dualRoleId, version } = await makeDualRole(world)
    return { params: { dualRoleId }, version }
  },
  getMandatedReportDeadlines: async world => {
    const { chartId } = await makeClient(world)
    const { clinician } = world.callers
    const content = {
      type: 'child_abuse',
      jurisdiction: 'US-CA',
      basis: 'Fictional.',
      decision: 'report',
      knownAt: '2026-11-20T18:00:00.000Z',
      clientInformed: false,
    }
    const url = `/v1/charts/${chartId}/recovery-records`
    const { id } = await make(clinician, url, { kind: 'mandated_report', content })
    return { by: clinician, params: { chartId, recordId: String(id) } }
  },
}

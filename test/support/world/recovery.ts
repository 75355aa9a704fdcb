import { portalCaller } from '../portal.ts'
import type { World } from '../world.ts'
import { makeClient, makeCouple } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Prepared, Request } from './requests.ts'

/** Makers of recovery work. Each makes something fresh, through the API. */

type Body = Record<string, unknown>

const write = ({ callers: { clinician } }: Ground, chartId: string, path: string, body: Body) =>
  make(clinician, `/v1/charts/${chartId}/${path}`, body)

export const makeAddiction = async (ground: Ground, chartId: string) =>
  String((await write(ground, chartId, 'addictions', { type: 'internet', soberSince: '2025-11-01' })).id)

/** The day of everything that the world tells of. */
const lived = '2026-01-05'

async function makeInteraction(ground: Ground, chartId: string) {
  const [fromAddictionId, toAddictionId] = [
    await makeAddiction(ground, chartId),
    await makeAddiction(ground, chartId),
  ]
  const between = { fromAddictionId, toAddictionId, mode: 'replacement', direction: 'one_way' }
  const made = await write(ground, chartId, 'addiction-interactions', between)
  return { fromAddictionId, toAddictionId, interactionId: String(made.id) }
}

const makeBehavior = async (ground: Ground, chartId: string) => {
  const body = { code: 'affair', legalRisk: 'none', consentConcern: false }
  return String((await write(ground, chartId, 'behaviors', body)).id)
}

export const makeLapse = async (ground: Ground, chartId: string, addictionId: string) => {
  const told = { addictionId, occurredOn: lived, severity: 'lapse', antecedents: ['lonely'] }
  return String((await write(ground, chartId, 'lapses', told)).id)
}

const makeUrge = async (ground: Ground, chartId: string) => {
  const body = { occurredAt: '2026-01-05T20:00:00Z', stage: 'cue', urgeBefore: 5, outcome: 'passed' }
  return String((await write(ground, chartId, 'urges', body)).id)
}

/** A day of its own each time, because a day has one check-in. */
const freeDay = ({ number }: Ground) =>
  new Date(Date.UTC(2010, 0, 1) + number() * 86_400_000).toISOString().slice(0, 10)

const makeTrigger = async (ground: Ground, chartId: string) =>
  String((await write(ground, chartId, 'triggers', { kind: 'emotional', label: 'Loneliness' })).id)

const makeSkill = async (ground: Ground, chartId: string) => {
  const skill = { name: 'Call a friend', family: 'social', level: 'learned' }
  return String((await write(ground, chartId, 'coping-skills', skill)).id)
}

export const makeCyclePhase = async (ground: Ground, chartId: string) =>
  String((await write(ground, chartId, 'cycle-phases', { label: 'The long evening', position: 1 })).id)

const makeCheckIn = async (ground: Ground, chartId: string) => {
  const body = { kind: 'daily', coversOn: freeDay(ground), mood: 5 }
  return String((await write(ground, chartId, 'check-ins', body)).id)
}

const makeContract = async (ground: Ground, chartId: string, addictionId: string | null) => {
  const terms = {
    scope: 'self',
    addictionId,
    partnerSex: 'allowed',
    plannedDays: 30,
    proposedOn: '2026-01-02',
  }
  return String((await write(ground, chartId, 'abstinence-contracts', terms)).id)
}

const asked = {
  partnerRole: 'spouse',
  words: 'Thirty days, together (fictional).',
  clientAgreedOn: '2026-01-02',
}

async function makeConsent({ callers: { clinician } }: Ground, contract: Contract, coupleId?: string) {
  const url = `/v1/charts/${contract.chartId}/abstinence-contracts/${contract.contractId}/partner-consents`
  const body = coupleId ? { ...asked, coupleId } : asked
  return { ...contract, partnerConsentId: String((await make(clinician, url, body)).id) }
}

interface Contract {
  chartId: string
  contractId: string
}

async function freshContract(ground: Ground, clientId?: string): Promise<Contract> {
  const chartId = clientId
    ? String((await read(ground.callers.owner, `/v1/charts?clientId=${clientId}&kind=individual`)).data[0].id)
    : (await makeClient(ground)).chartId
  return { chartId, contractId: await makeContract(ground, chartId, null) }
}

/** Something that a client is asked at the portal as the partner of somebody else. */
async function makeAsked(ground: Ground): Promise<Prepared> {
  const { clientIds, id: coupleId } = await makeCouple(ground)
  const contract = await freshContract(ground, clientIds[0])
  const { partnerConsentId } = await makeConsent(ground, contract, coupleId)
  return { by: await portalCaller(ground.practice, clientIds[1]), params: { partnerConsentId } }
}

const writePhaseSet = ({ callers: { owner } }: Ground, label: string) =>
  make(owner, '/v1/cycle-phase-sets', { phases: [{ label, position: 1 }] })

/** Recovery work of the world's chart. Its contract runs, at version 3. */
export async function recoveryIds(
  ground: Ground,
  { chartId, leavingClientIds }: Readonly<Record<'chartId' | 'leavingClientIds', string>>,
) {
  const { clinician } = ground.callers
  const interaction = await makeInteraction(ground, chartId)
  const addictionId = interaction.fromAddictionId
  const contractId = await makeContract(ground, chartId, addictionId)
  const steps = `/v1/charts/${chartId}/abstinence-contracts/${contractId}/steps`
  await make(clinician, steps, { step: 'agreed', effectiveOn: '2026-01-02' }, { ifMatch: 1 })
  await make(clinician, steps, { step: 'started', effectiveOn: '2026-01-02' }, { ifMatch: 2 })
  const { partnerConsentId } = await makeConsent(ground, { chartId, contractId })
  await writePhaseSet(ground, 'Preoccupation (fictional)')
  const started = `/v1/charts/${(await makeClient(ground)).chartId}/cycle-phase-starts`
  await make(clinician, started)
  const inCouple = await freshContract(ground, leavingClientIds)
  const definition = await write(ground, chartId, 'sobriety-definitions', {
    addictionId,
    afterNumber: 0,
    effectiveFrom: '2025-11-01',
    items: [{ text: 'Alone online at night (fictional)', circle: 'inner' }],
  })
  const itemId = String(definition.items[0].itemId)
  await write(ground, chartId, 'sobriety-definitions', {
    addictionId,
    afterNumber: 1,
    effectiveFrom: '2025-12-01',
    items: [{ itemId, circle: 'inner' }],
  })
  const copingSkillId = await makeSkill(ground, chartId)
  const cyclePhaseId = await makeCyclePhase(ground, chartId)
  return {
    recoveryChartId: chartId,
    addictionId,
    ...interaction,
    behaviorId: await makeBehavior(ground, chartId),
    contractId,
    partnerConsentId,
    coupleMemberChartId: inCouple.chartId,
    coupleMemberContractId: inCouple.contractId,
    itemId,
    itemIds: itemId,
    copingSkillId,
    copingSkillIds: copingSkillId,
    cyclePhaseId,
    phaseId: cyclePhaseId,
    nextPhaseId: cyclePhaseId,
    triggerId: await makeTrigger(ground, chartId),
    urgeId: await makeUrge(ground, chartId),
    lapseId: await makeLapse(ground, chartId, addictionId),
    checkInId: await makeCheckIn(ground, chartId),
  }
}

/** Where recovery work was made, whichever chart a walk has put in the place of the world's. */
const chartOf = (world: World) => String(world.ids.recoveryChartId)

/** Something fresh in the world's chart, by the name of its parameter. */
const fresh =
  (
    param: string,
    maker: (ground: Ground, chartId: string, addictionId: string) => Promise<string>,
    body?: Body,
  ) =>
  async (world: World): Promise<Prepared> => ({
    params: {
      chartId: chartOf(world),
      [param]: await maker(world, chartOf(world), String(world.ids.addictionId)),
    },
    ...(body ? { body } : {}),
  })

/** An addiction of the portal's client. */
async function portalAddiction(world: World) {
  const { owner, portal } = world.callers
  const { data } = await read(owner, `/v1/charts?clientId=${portal.actorId}&kind=individual`)
  return makeAddiction(world, String(data[0].id))
}

const aboutAddiction = (addictionId: string) => ({
  addictionId,
  urge: 4,
  innerCircle: false,
  middleCircle: null,
  outerCircle: null,
})

async function ownCheckIn(world: World) {
  const body = { kind: 'daily', coversOn: freeDay(world), mood: 5 }
  return String((await make(world.callers.portal, '/v1/portal/check-ins', body)).id)
}

/** Lists of what the world has one of: another one, so that there is a second page. */
async function reviewedAddiction(world: World): Promise<Prepared> {
  const addictionId = await makeAddiction(world, chartOf(world))
  const answers = [{ criterion: 'tolerance', present: 'yes' }]
  for (const ratedBy of ['self', 'clinician'])
    await write(world, chartOf(world), `addictions/${addictionId}/criteria-reviews`, {
      framework: 'interview_four',
      ratedBy,
      answers,
    })
  return { params: { chartId: chartOf(world), addictionId } }
}

const oneMore =
  (path: string, body: Body) =>
  async (world: World): Promise<Prepared> => {
    await write(world, chartOf(world), path, body)
    return { params: { chartId: chartOf(world) } }
  }

export const recoveryPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> =
  {
    listCriteriaReviews: reviewedAddiction,
    listTriggers: oneMore('triggers', { kind: 'somatic', label: 'A tight chest' }),
    listCopingSkills: oneMore('coping-skills', { name: 'A walk', family: 'physical', level: 'learned' }),
    listCyclePhases: oneMore('cycle-phases', { label: 'On the road', position: 2 }),
    listOwnCheckIns: async world => {
      for (const _ of ['one', 'another']) await ownCheckIn(world)
      return { query: { from: undefined, to: undefined } }
    },
    changeAddiction: fresh('addictionId', makeAddiction),
    changeAddictionInteraction: fresh('interactionId', async (ground, chartId) => {
      return (await makeInteraction(ground, chartId)).interactionId
    }),
    changeBehavior: fresh('behaviorId', makeBehavior),
    defineSobriety: async world => ({
      params: { chartId: chartOf(world) },
      body: { addictionId: await makeAddiction(world, chartOf(world)) },
    }),
    recordAbstinenceContractStep: fresh('contractId', makeContract),
    askForPartnerConsent: async world => ({ params: { ...(await freshContract(world)) } }),
    recordPartnerConsentStep: async world => ({
      params: await makeConsent(world, await freshContract(world)),
      body: { effectiveOn: '2026-01-03' },
    }),
    getAskedPartnerConsent: makeAsked,
    answerPartnerConsent: makeAsked,
    listCyclePhaseSets: async world => {
      await writePhaseSet(world, 'Despair (fictional)')
      return {}
    },
    startCyclePhases: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
    setChartPhilosophy: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
    changeTrigger: fresh('triggerId', makeTrigger),
    changeCopingSkill: fresh('copingSkillId', makeSkill),
    changeCyclePhase: fresh('cyclePhaseId', makeCyclePhase),
    changeLapse: fresh('lapseId', makeLapse),
    withdrawUrge: fresh('urgeId', makeUrge),
    changeLapseStatus: fresh('lapseId', makeLapse),
    submitCheckIn: world => ({ body: { coversOn: freeDay(world) } }),
    correctCheckIn: fresh('checkInId', makeCheckIn),
    sendOwnCheckIn: async world => ({
      body: { coversOn: freeDay(world), addictions: [aboutAddiction(await portalAddiction(world))] },
    }),
    correctOwnCheckIn: async world => ({
      params: { checkInId: await ownCheckIn(world) },
      body: { addictions: [aboutAddiction(await portalAddiction(world))] },
    }),
    sendOwnLapse: async world => ({ body: { addictionId: await portalAddiction(world) } }),
  }

/** By operation and place: what else has to change for an id to be valid at that place. */
export const recoveryVariants = {
  'askForPartnerConsent body coupleId': (request: Request, { ids }: World): Request => ({
    ...request,
    params: { chartId: String(ids.coupleMemberChartId), contractId: String(ids.coupleMemberContractId) },
    body: { ...asked, coupleId: ids.coupleId },
  }),
  'defineSobriety body items/[]/itemId': (request: Request, { ids }: World): Request => ({
    ...request,
    body: { addictionId: ids.addictionId, afterNumber: 2, items: [{ itemId: ids.itemId, circle: 'inner' }] },
  }),
  'recordAbstinenceContractStep body lapseId': (request: Request, { ids }: World): Request => ({
    ...request,
    params: { ...request.params, contractId: String(ids.contractId) },
    headers: { ...request.headers, 'if-match': '"v3"' },
    body: { step: 'broken', effectiveOn: lived, lapseId: ids.lapseId },
  }),
}

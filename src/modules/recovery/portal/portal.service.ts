import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Page } from '../../../lib/pages.ts'
import { crisisSupport } from '../../assessments/index.ts'
import { openOwnChart } from '../../charts/index.ts'
import { ownContracts } from '../abstinence/abstinence.service.ts'
import { addictionKind } from '../addictions/addictions.service.ts'
import type {
  CheckIn,
  CheckInCorrection,
  CheckInQuery,
  NewCheckIn,
  SentCheckIn,
} from '../check-ins/check-ins.schemas.ts'
import { addCheckIn, checkInsOf, replaceCheckIn, withSupport } from '../check-ins/check-ins.service.ts'
import { cyclePhaseKind } from '../cycle/cycle-phases.service.ts'
import { allDocuments } from '../documents/documents.ts'
import { figuresOf } from '../figures/figures.service.ts'
import type { ToldLapse } from '../lapses/lapses.schemas.ts'
import { addLapse } from '../lapses/lapses.service.ts'
import { definitionsOf } from '../sobriety/sobriety.service.ts'
import type { NewCopingSkill } from '../triggers/coping-skills.schemas.ts'
import { addSkillTo, copingSkillKind } from '../triggers/coping-skills.service.ts'
import type { NewTrigger } from '../triggers/triggers.schemas.ts'
import { addTriggerTo, triggerKind } from '../triggers/triggers.service.ts'
import type { NewUrge } from '../urges/urges.schemas.ts'
import { addUrge } from '../urges/urges.service.ts'
import type { LapseReceipt, OwnRecovery, Receipt } from './portal.schemas.ts'

/**
 * What a client sees of their own recovery work: what check-ins ask about, and what they agreed to. A constant number of
 * statements.
 *
 * @throws Problem `not-found`
 */
export async function getOwnRecovery(trx: PracticeTransaction): Promise<OwnRecovery> {
  const chart = await openOwnChart(trx)
  trx.audit({ resourceType: 'recovery-figures' })
  const [figures, addictions, definitions, contracts, triggers, skills, phases] = await Promise.all([
    figuresOf(trx, chart),
    allDocuments(trx, chart, addictionKind),
    definitionsOf(trx, chart, {}),
    ownContracts(trx, chart),
    allDocuments(trx, chart, triggerKind),
    allDocuments(trx, chart, copingSkillKind),
    allDocuments(trx, chart, cyclePhaseKind),
  ])
  const { today, timeZone, philosophy, words } = figures
  return {
    today,
    timeZone,
    philosophy,
    words,
    addictions: addictions
      .filter(({ content }) => content.inCheckIns)
      .map(({ id, content }) => {
        const definition = definitions.find(one => one.inForce && one.addictionId === id)
        const own = figures.addictions.find(({ addictionId }) => addictionId === id)
        return {
          addictionId: id,
          type: content.type,
          ownWord: content.ownWord,
          streak: own?.streak ?? null,
          eventsPerFourWeeks: {
            last28Days: own?.innerLast28Days ?? 0,
            previous28Days: own?.innerPrevious28Days ?? 0,
          },
          definition: definition
            ? {
                effectiveFrom: definition.effectiveFrom,
                items: definition.items.map(({ itemId, circle, text }) => ({ itemId, circle, text })),
              }
            : null,
        }
      }),
    contracts,
    triggers: triggers.filter(isActive).map(({ id, content }) => ({ triggerId: id, label: content.label })),
    copingSkills: skills
      .filter(isActive)
      .map(({ id, content }) => ({ copingSkillId: id, name: content.name })),
    cyclePhases: phases
      .filter(isActive)
      .toSorted((a, b) => a.content.position - b.content.position)
      .map(({ id, content }) => ({ cyclePhaseId: id, label: content.label })),
  }
}

const isActive = ({ status }: { status: string }) => status === 'active'

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnCheckIns(trx: PracticeTransaction, query: CheckInQuery): Promise<Page<CheckIn>> {
  return checkInsOf(trx, await openOwnChart(trx), query)
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `already-exists` */
export async function sendCheckIn(trx: PracticeTransaction, input: NewCheckIn): Promise<SentCheckIn> {
  return withSupport(trx, await addCheckIn(trx, await openOwnChart(trx), input))
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` */
export async function correctOwnCheckIn(
  trx: PracticeTransaction,
  id: string,
  answers: CheckInCorrection,
): Promise<SentCheckIn> {
  return withSupport(trx, await replaceCheckIn(trx, await openOwnChart(trx), id, answers))
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference` */
export async function sendUrge(trx: PracticeTransaction, input: NewUrge): Promise<Receipt> {
  const { id, createdAt } = await addUrge(trx, await openOwnChart(trx), input)
  return { id, createdAt }
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference` */
export async function sendLapse(trx: PracticeTransaction, input: ToldLapse): Promise<LapseReceipt> {
  const { id, createdAt, content } = await addLapse(trx, await openOwnChart(trx), input)
  return { id, createdAt, crisis: content.safetyConcern ? await crisisSupport(trx) : null }
}

/** @throws Problem `not-found` */
export async function sendCopingSkill(trx: PracticeTransaction, input: NewCopingSkill): Promise<Receipt> {
  const { id, createdAt } = await addSkillTo(trx, await openOwnChart(trx), input)
  return { id, createdAt }
}

/** @throws Problem `not-found`, `unknown-reference` */
export async function sendTrigger(trx: PracticeTransaction, input: NewTrigger): Promise<Receipt> {
  const { id, createdAt } = await addTriggerTo(trx, await openOwnChart(trx), input)
  return { id, createdAt }
}

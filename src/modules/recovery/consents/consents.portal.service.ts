import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { notFound } from '../../../lib/problems.ts'
import { atVersion } from '../../../lib/versions.ts'
import { openOwnChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { sealedConsent } from '../sealed-places.ts'
import {
  type ConsentRow,
  type ConsentStepRow,
  consentsAskedOf,
  findAskedOf,
  stepsOf,
} from './consents.repository.ts'
import { type Answer, answers } from './consents.rules.ts'
import type { AskedConsent, AskedConsents } from './consents.schemas.ts'
import { takeStep } from './taking.ts'

/** What this client is asked as a partner. Who acts on behalf of them sees nothing of it. @throws Problem `not-found` */
export async function listAskedConsents(trx: PracticeTransaction): Promise<AskedConsents> {
  trx.audit({ resourceType: 'partner-consent' })
  await openOwnChart(trx)
  const { id, representativeId } = trx.scope.actor
  return { consents: representativeId ? [] : await showAll(trx, await consentsAskedOf(trx, id)) }
}

/** @throws Problem `not-found`, also for who acts on behalf of a client */
export async function getAskedConsent(trx: PracticeTransaction, consentId: string): Promise<AskedConsent> {
  trx.audit({ resourceType: 'partner-consent', resourceId: consentId })
  await openOwnChart(trx)
  return showOne(trx, await findOwn(trx, consentId))
}

/**
 * The partner's own answer. It is decided by the consent alone: how the contract stands is not looked at, so nothing of it
 * can be told by a refusal.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function answerConsent(
  trx: PracticeTransaction,
  consentId: string,
  version: number,
  answer: Answer,
): Promise<AskedConsent> {
  trx.audit({ resourceType: 'partner-consent', resourceId: consentId, fields: ['status'] })
  const chart = await openOwnChart(trx)
  const [found, today] = await Promise.all([findOwn(trx, consentId), clientToday(trx, chart)])
  const row = atVersion(found, version)
  return showOne(trx, await takeStep(trx, row, { step: answer, effectiveOn: today, recordedBy: null }))
}

async function findOwn(trx: PracticeTransaction, consentId: string): Promise<ConsentRow> {
  const { id, representativeId } = trx.scope.actor
  const row = await findAskedOf(trx, id, consentId)
  if (!row || representativeId) throw notFound()
  return row
}

async function showOne(trx: PracticeTransaction, row: ConsentRow): Promise<AskedConsent> {
  const [shown] = await showAll(trx, [row])
  if (!shown) throw new Error('One consent is shown as one')
  return shown
}

async function showAll(trx: PracticeTransaction, rows: readonly ConsentRow[]): Promise<AskedConsent[]> {
  const [steps, sealer] = await Promise.all([
    stepsOf(
      trx,
      rows.map(({ id }) => id),
    ),
    trx.sealer(),
  ])
  return Promise.all(
    rows.map(async row => ({
      id: row.id,
      words: await sealer.openText(sealedConsent(row.id), row.words_sealed),
      status: row.status as AskedConsent['status'],
      statusOn: row.status_on,
      answers: steps.filter(step => step.consent_id === row.id).flatMap(toAnswer),
      version: row.version,
    })),
  )
}

function toAnswer({ step, effective_on: effectiveOn }: ConsentStepRow): AskedConsent['answers'] {
  const answer = answers.find(known => known === step)
  return answer ? [{ step: answer, effectiveOn }] : []
}

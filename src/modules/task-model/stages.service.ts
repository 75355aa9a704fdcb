import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { invalidField, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { clientClock } from '../clients/index.ts'
import { insertStep, sealStep } from './history.repository.ts'
import { Contents, toStage } from './journey.view.ts'
import { holdActiveJourney, type JourneyPlace } from './journey-door.ts'
import { type JourneyKey, type OpenJourney, touch } from './journeys.repository.ts'
import { checkNotFuture } from './journeys.service.ts'
import { places } from './sealed-places.ts'
import * as repository from './stages.repository.ts'
import type { JourneyStage, NewStage } from './stages.schemas.ts'
import { findContentsOf } from './templates.repository.ts'

export interface StagePlace extends JourneyPlace {
  stageId: string
}

/**
 * Says that a stage began; others may last beside it.
 *
 * @throws Problem `not-found`, `already-exists` while it lasts, `invalid-state`, `unknown-reference`, `invalid-request`
 */
export async function enterStage(
  trx: PracticeTransaction,
  place: JourneyPlace,
  { stageKey, enteredOn, note }: NewStage,
): Promise<JourneyStage> {
  const [journey, parts] = await holdActiveJourney(trx, place, key => ask(trx, key))
  const id = uuidv7()
  trx.audit({ resourceType: 'journey-stage', resourceId: id, fields: ['stageKey', 'enteredOn', 'note'] })
  const { content } = parts.contents.of(journey.row)
  if (!content.stages.some(({ key }) => key === stageKey))
    throw unknownReference('/stageKey', 'The template has no stage with this key.')
  checkNotFuture('/enteredOn', enteredOn, parts.clock.today)
  const note_sealed = note ? await trx.seal(places.stageNote(id), note) : null
  const insert = () =>
    repository.insertStage(trx, journey, {
      id,
      stage_key: stageKey,
      entered_on: enteredOn,
      note_sealed,
      recorded_by: recorder(trx),
    })
  return toStage(trx, await record(trx, journey, 'entered', id, insert), journey, parts)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request` */
export async function leaveStage(
  trx: PracticeTransaction,
  place: StagePlace,
  version: number,
  leftOn: string,
): Promise<JourneyStage> {
  const [journey, [found, parts]] = await holdActiveJourney(trx, place, key =>
    Promise.all([repository.findStage(trx, key, place.stageId), ask(trx, key)]),
  )
  const stage = atThisVersion(trx, place, found, version)
  if (stage.left_on !== null) throw new Problem('invalid-state', { detail: 'This stage has ended.' })
  checkNotFuture('/leftOn', leftOn, parts.clock.today)
  if (leftOn < stage.entered_on)
    throw invalidField('/leftOn', 'order', 'Must not be before the day it began.')
  const leave = () => repository.updateStage(trx, stage, { left_on: leftOn })
  return toStage(trx, await record(trx, journey, 'left', stage.id, leave), journey, parts)
}

/** Takes back what was recorded in error. It stays in the history. @throws Problem `not-found`, `stale-version` */
export async function withdrawStage(
  trx: PracticeTransaction,
  place: StagePlace,
  version: number,
): Promise<void> {
  const [journey, found] = await holdActiveJourney(trx, place, key =>
    repository.findStage(trx, key, place.stageId),
  )
  const stage = atThisVersion(trx, place, found, version)
  await record(trx, journey, 'withdrawn', stage.id, () => repository.updateStage(trx, stage, 'withdrawn'))
}

function atThisVersion(
  trx: PracticeTransaction,
  { stageId }: StagePlace,
  found: repository.StageRow | undefined,
  version: number,
): repository.StageRow {
  trx.audit({ resourceType: 'journey-stage', resourceId: stageId, fields: ['status'] })
  return atVersion(found, version)
}

/** What a stage is shown with, in one round trip. */
async function ask(trx: PracticeTransaction, journey: JourneyKey) {
  const [contents, clock] = await Promise.all([findContentsOf(trx, journey), clientClock(trx, journey.chart)])
  return { contents: new Contents(contents), clock }
}

/** Writes a stage and its step. @returns the stage as it is then */
async function record(
  trx: PracticeTransaction,
  journey: OpenJourney,
  what: 'entered' | 'left' | 'withdrawn',
  stageId: string,
  write: () => Promise<repository.StageRow>,
): Promise<repository.StageRow> {
  const step = await sealStep(trx, journey.row.id, { kind: what, stageId })
  const [stage] = await Promise.all([write(), insertStep(trx, step)])
  touch(trx, journey)
  const { version: resourceVersion } = stage
  emit(trx, {
    type: `journey-stage.${what}`,
    resourceId: stageId,
    resourceVersion,
    chartId: journey.chart.id,
  })
  return stage
}

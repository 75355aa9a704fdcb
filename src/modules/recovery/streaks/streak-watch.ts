import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emitAll } from '../../../lib/events.ts'
import { dayAfter } from '../days.rules.ts'
import { addictionFigures } from '../figures/figures.rules.ts'
import { wordsOf } from '../words.ts'
import * as repository from './streak-watch.repository.ts'

/** A milestone that lies longer back when it is found is no news: what is entered late is not celebrated late. */
const newsDays = 7

/**
 * Tells of the milestones of streaks, in the client's days: each chart is looked at once a day, many of them in one round
 * and the rest in the next. What was told of the same days is never told again; the database decides.
 */
export async function watchStreaks(trx: PracticeTransaction): Promise<void> {
  const addictions = await repository.addictionsDue(trx)
  if (addictions.length === 0) return
  const told = await repository.insertMilestones(trx, addictions.flatMap(milestonesOf))
  emitAll(
    trx,
    told.map(({ addictionId, chartId }) => ({
      type: 'addiction.milestone-reached',
      resourceId: addictionId,
      chartId,
    })),
  )
  await repository.markLookedAt(trx, addictions)
}

/**
 * The milestones of the present streak that were reached within the last days. None under a philosophy that does not put
 * days in a row first: there they would say that only such days count.
 */
export function milestonesOf(addiction: repository.WatchedAddiction): repository.ReachedMilestone[] {
  const { addictionId, chartId, today, soberSince, philosophy, lapses, touched } = addiction
  if (wordsOf[philosophy ?? 'integrated'].headline !== 'streak') return []
  const definitions = addiction.definitions.map(({ items, ...definition }) => ({
    ...definition,
    circleOf: new Map(items.map(({ itemId, circle }) => [itemId, circle])),
  }))
  const checked = touched.map(checkIn => ({ ...checkIn, inner: true, middle: null, outer: null }))
  const { streak } = addictionFigures({ soberSince, definitions, lapses, checked }, today)
  if (!streak) return []
  return streak.milestones
    .filter(({ on, reached }) => reached && on > dayAfter(today, -newsDays))
    .map(({ unit, count, on }) => ({
      addictionId,
      chartId,
      unit,
      count,
      startsOn: streak.sobrietyDate,
      reachedOn: on,
    }))
}

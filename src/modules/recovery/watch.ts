import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { listOldReviews } from './abstinence/old-reviews.ts'
import { watchEngagement } from './engagement/engagement.watch.ts'
import { watchDeadlines } from './mandated-reports/deadline-watch.ts'
import { watchRecords } from './records/watch.ts'
import { watchStreaks } from './streaks/streak-watch.ts'
import { watchDates } from './watched-dates.ts'

/** What time alone brings about in recovery work. It may be done again at any time without harm. */
export async function watchRecovery(trx: PracticeTransaction): Promise<void> {
  await watchRecords(trx)
  await listOldReviews(trx)
  await watchDates(trx)
  await watchDeadlines(trx)
  await watchStreaks(trx)
  await watchEngagement(trx)
}

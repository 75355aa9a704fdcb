import { thresholds } from '../thresholds.ts'

/** What was told of one addiction within three weeks. */
export interface RecentUse {
  addictionId: string
  /** Mean urge of the last seven days. */
  urgeThisWeek: number | null
  /** Mean urge of the two weeks before. */
  urgeBefore: number | null
  /** Days of the quiet time with an act of the inner circle or an urge above 2. */
  loudDays: number
  /** Days of the quiet time of which a daily check-in answered something about it, or a lapse told. */
  toldDays: number
}

export interface Substitution {
  silentId: string
  risingId: string
  /** By how many points, with two decimals. */
  rise: number
}

/** Half the days must have been told of: silence is not the same as nobody asking. */
const toldShare = 0.5

/** Pairs of which one fell silent while the other rises. */
export function findSubstitutions(uses: readonly RecentUse[]): Substitution[] {
  const { substitution_quiet: quiet, substitution_rise: least } = thresholds
  const silent = uses.filter(
    ({ loudDays, toldDays }) => loudDays === 0 && toldDays >= quiet.value * toldShare,
  )
  const rising = uses.flatMap(({ addictionId, urgeThisWeek, urgeBefore }) => {
    if (urgeThisWeek === null || urgeBefore === null) return []
    const rise = Math.round((urgeThisWeek - urgeBefore) * 100) / 100
    return rise >= least.value ? [{ addictionId, rise }] : []
  })
  return silent.flatMap(quietOne =>
    rising
      .filter(({ addictionId }) => addictionId !== quietOne.addictionId)
      .map(({ addictionId, rise }) => ({ silentId: quietOne.addictionId, risingId: addictionId, rise })),
  )
}

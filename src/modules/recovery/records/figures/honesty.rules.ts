import { dayAfter } from '../../days.rules.ts'
import { lifeDomains } from '../kinds/shared.ts'
import { type FigureRow, mean, ofKind, present, rounded } from './rows.ts'

/** The latest rating of each area of life, and what was told in the last four weeks. */
export function integrationOf(rows: readonly FigureRow[], today: string) {
  const ratings = ofKind(rows, 'integration_rating')
  const told = ofKind(rows, 'honesty_check_in').filter(({ occurredOn }) => occurredOn >= dayAfter(today, -27))
  const howMany = (word: string) => told.filter(({ keys: [, how] }) => how === word).length
  return {
    radar: lifeDomains.flatMap((domain, place) => {
      const latest = ratings.findLast(({ measures }) => present(measures[place]))
      return latest ? [{ domain, rating: latest.measures[place] ?? 0, on: latest.occurredOn }] : []
    }),
    honesty: { told: howMany('told'), partly: howMany('partly'), notYet: howMany('not_yet') },
  }
}

/** Fewer peers than this could be told apart: then what they said is left out. A setting of good practice. */
export const fewestPeers = 3

/** How the client, peers and the clinician rated the last ninety days, and how far they are apart. */
export function ratingsOf(rows: readonly FigureRow[], today: string) {
  const recent = ofKind(rows, 'rating').filter(({ occurredOn }) => occurredOn >= dayAfter(today, -89))
  const byDimension = Map.groupBy(recent, ({ keys: [, dimension] }) => dimension ?? '')
  return [...byDimension].map(([dimension, some]) => {
    const by = (rater: string) =>
      some.filter(({ keys: [who] }) => who === rater).map(({ measures: [score] }) => score ?? 0)
    const peers = by('peer')
    const [self, clinician] = [mean(by('self')), mean(by('clinician'))]
    const peer = peers.length >= fewestPeers ? mean(peers) : null
    return {
      dimension,
      self,
      peer,
      clinician,
      selfMinusPeer: gap(self, peer),
      selfMinusClinician: gap(self, clinician),
    }
  })
}

const gap = (one: number | null, other: number | null) =>
  one === null || other === null ? null : rounded(one - other)

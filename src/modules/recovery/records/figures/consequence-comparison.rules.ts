import { consequenceDomains } from '../kinds/consequence.ts'

/** What became of a consequence, version by version. */
export interface ConsequenceStep {
  status: string
  effectiveOn: string
  /** As it was written in this version; null where the step left the content alone. */
  content: { domain: string; severity: number } | null
}

export interface ConsequenceHistory {
  /** The day it happened first. */
  occurredOn: string
  /** In their order, the version in which it was written first. */
  steps: readonly ConsequenceStep[]
}

/** How things stood on a day. */
export interface Standing {
  active: number
  beingRepaired: number
  resolved: number
  /** Of those that are not resolved: how many there are of each severity, from 0 to 4. */
  bySeverity: number[]
  /** Of those that are not resolved: the severities together. */
  burden: number
}

/** One consequence on a day; undefined before it happened. */
export function consequenceOn({ occurredOn, steps }: ConsequenceHistory, day: string) {
  if (occurredOn > day) return undefined
  const until = steps.filter(({ effectiveOn }) => effectiveOn <= day)
  const [first] = steps
  // What was written first holds from the day it happened, whenever it was written.
  const status = until.at(-1)?.status ?? first?.status
  const content = until.findLast(step => step.content)?.content ?? first?.content
  return status && content ? { status, ...content } : undefined
}

/** How consequences stood on two days, by domain of life: domains that have one on either day, in their usual order. */
export function compareConsequences(
  histories: readonly ConsequenceHistory[],
  { before, after }: { before: string; after: string },
) {
  const onDay = (day: string) => histories.flatMap(history => consequenceOn(history, day) ?? [])
  const [earlier, later] = [onDay(before), onDay(after)]
  const compared = (isMeant: (domain: string) => boolean) => {
    const was = standingOf(earlier.filter(({ domain }) => isMeant(domain)))
    const is = standingOf(later.filter(({ domain }) => isMeant(domain)))
    return { before: was, after: is, burdenChange: is.burden - was.burden }
  }
  const domains = consequenceDomains
    .filter(domain => [...earlier, ...later].some(one => one.domain === domain))
    .map(domain => ({ domain, ...compared(one => one === domain) }))
  return { domains, together: compared(() => true) }
}

function standingOf(some: readonly { status: string; severity: number }[]): Standing {
  const open = some.filter(({ status }) => status !== 'resolved')
  const count = (word: string) => some.filter(({ status }) => status === word).length
  return {
    active: count('active'),
    beingRepaired: count('being_repaired'),
    resolved: count('resolved'),
    bySeverity: [0, 1, 2, 3, 4].map(level => open.filter(({ severity }) => severity === level).length),
    burden: open.reduce((sum, { severity }) => sum + severity, 0),
  }
}

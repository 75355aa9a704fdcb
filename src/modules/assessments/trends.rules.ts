import type { InstrumentScale } from './definitions.schemas.ts'

/** How a score moved from one to another, by the confirmed thresholds of the scale. */
export type Movement = 'better' | 'worse' | 'below_threshold'

type Thresholds = Pick<InstrumentScale, 'higherIs' | 'changes'>

/** The confirmed threshold of a kind; of several the one that asks for more. */
export function confirmedChange({ changes = [] }: Thresholds, kind: 'reliable' | 'clinical') {
  return changes
    .filter(change => change.kind === kind && change.confidence === 'confirmed')
    .sort((a, b) => b.points - a.points)[0]
}

/**
 * Whether a score moved by at least the confirmed threshold. Null where there is none, where a score is missing, and
 * where neither direction is the better one.
 */
export function movement(
  scale: Thresholds,
  kind: 'reliable' | 'clinical',
  from: number | null,
  to: number | null,
): Movement | null {
  const threshold = confirmedChange(scale, kind)
  if (!threshold || from === null || to === null || scale.higherIs === 'neither') return null
  if (Math.abs(to - from) < threshold.points) return 'below_threshold'
  return to > from === (scale.higherIs === 'better') ? 'better' : 'worse'
}

import { Temporal } from 'temporal-polyfill'
import type { FieldError } from '../../../lib/problems.ts'
import type { NotePart } from '../parts/parts.schemas.ts'
import { criteria } from './criteria.ts'
import { did, emdrParts, worksIn } from './emdr-parts.ts'

/** What the chart knows that a note with EMDR has to fit. */
export interface EmdrGround {
  /** The last day of a completed dissociation screen. */
  screenedOn: string | null
  /** A containment plan is in force and a coping skill in use. */
  stabilized: boolean
  /** Targets that were begun and are not through. */
  open: readonly { id: string; lastSessionOn: string | null }[]
}

/**
 * What the chart warns of in a note with EMDR: the ground under processing, and what was left at the last session.
 *
 * @returns pointers into the note
 */
export function warningsFromChart(
  parts: readonly NotePart[],
  sessionDate: string,
  ground: EmdrGround,
): FieldError[] {
  const own = emdrParts(parts)
  const [first] = own
  if (!first) return []
  return [
    ...warningsOfGround(own, sessionDate, ground),
    ...warningsOfRecheck(own, first.id, sessionDate, ground),
  ]
}

function warningsOfGround(
  parts: ReturnType<typeof emdrParts>,
  sessionDate: string,
  { screenedOn, stabilized }: EmdrGround,
): FieldError[] {
  const processing = parts.find(part => worksIn([part]).some(work => did(work, 'desensitization')))
  if (!processing) return []
  const steadied = stabilized || parts.some(({ content }) => (content.resources ?? []).length > 0)
  const at = `/parts/${processing.id}/content`
  return [
    ...(isRecent(screenedOn, sessionDate)
      ? []
      : [
          {
            pointer: `${at}/targets`,
            code: 'no_recent_dissociation_screen',
            detail: `Processing follows a screen for dissociation (DES-II) within ${criteria.screenAge.value} days.`,
          },
        ]),
    ...(steadied
      ? []
      : [
          {
            pointer: `${at}/resources`,
            code: 'no_stabilization',
            detail:
              'Processing follows stabilization: a resource at hand, or a containment plan and a coping skill.',
          },
        ]),
  ]
}

function isRecent(screenedOn: string | null, sessionDate: string): boolean {
  if (screenedOn === null || screenedOn > sessionDate) return false
  const oldest = Temporal.PlainDate.from(sessionDate).subtract({ days: criteria.screenAge.value })
  return screenedOn >= oldest.toString()
}

/** What an earlier day left is looked at again before anything else, in whichever part of the note. */
function warningsOfRecheck(
  parts: ReturnType<typeof emdrParts>,
  firstPartId: string,
  sessionDate: string,
  { open }: EmdrGround,
): FieldError[] {
  const works = worksIn(parts)
  const due = open.filter(({ lastSessionOn }) => lastSessionOn === null || lastSessionOn < sessionDate)
  const unchecked = due.filter(
    ({ id }) => !works.some(work => work.targetId === id && did(work, 'reevaluation')),
  )
  const warning = (pointer: string, detail: string) => ({ pointer, code: 'target_not_rechecked', detail })
  const worked = unchecked.flatMap(({ id }) => works.find(({ targetId }) => targetId === id) ?? [])
  return [
    ...(worked.length < unchecked.length
      ? [
          warning(
            `/parts/${firstPartId}/content/targets`,
            'A target that an earlier session left was not re-evaluated in this one.',
          ),
        ]
      : []),
    ...worked.map(({ pointer }) =>
      warning(`${pointer}/phases`, 'An earlier session worked on this target: it is re-evaluated first.'),
    ),
  ]
}

import type { EmdrContent } from '../parts/emdr.ts'
import type { NotePart } from '../parts/parts.schemas.ts'
import type { Phase, TargetWork } from './targets.rules.ts'

/** The work on one target, and where it stands in the note. */
export interface WorkInNote {
  targetId: string
  partId: string
  /** JSON pointer into the note. */
  pointer: string
  work: TargetWork
  /** It goes on in another part of the same day. */
  goesOn: boolean
}

interface EmdrPart {
  id: string
  content: EmdrContent
}

export const emdrParts = (parts: readonly NotePart[]): EmdrPart[] =>
  parts
    .filter(({ kind }) => kind === 'emdr')
    .map(({ id, content }) => ({ id, content: content as EmdrContent }))

/** All the work on targets that a note names, in its order. */
export const worksIn = (parts: readonly EmdrPart[]): WorkInNote[] =>
  parts.flatMap(({ id, content }) =>
    (content.targets ?? []).flatMap(({ targetId, ...work }, index) =>
      targetId === undefined
        ? []
        : [
            {
              targetId,
              partId: id,
              pointer: `/parts/${id}/content/targets/${index}`,
              work,
              goesOn: content.closure?.status === 'goes_on',
            },
          ],
    ),
  )

export const did = ({ work }: WorkInNote, phase: Phase) => work.phases?.includes(phase) ?? false

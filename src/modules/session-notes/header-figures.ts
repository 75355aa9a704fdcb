import type { NoteHeader } from './header.schemas.ts'
import { figure, mean } from './parts/fields.ts'
import type { PartFigure } from './parts/part.ts'

/** Stands for the header where figures name the kind of part they are of. */
export const headerKind = 'header'

const percents = { done: 100, partly: 50, not_done: 0 } as const

/**
 * Numbers of a header that trends are made of. `homework_completion` is the mean over the homework that was asked about,
 * in percent; done in part counts as half.
 */
export const headerFigures = ({ homeworkReview = [] }: NoteHeader): PartFigure[] =>
  figure(
    'homework_completion',
    mean(homeworkReview.flatMap(({ result }) => (result === undefined ? [] : percents[result]))),
  )

import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  OneOf,
  PageQuery,
  strictObject,
} from '../../lib/schemas.ts'
import { recipientKinds } from '../releases/index.ts'
import { letterParts } from './letters.rules.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { StageSpan } from './stages.schemas.ts'

const Count = (description: string) => Type.Integer({ minimum: 0, description })

const Allowed = Type.Array(OneOf(letterParts), {
  minItems: 1,
  maxItems: letterParts.length,
  uniqueItems: true,
  description:
    'What it tells: attendance, how many tasks, which tasks, or stages, as far as every release allows it. Nothing else is in the letter.',
})

export const LetterFacts = component(
  'ProgressLetterFacts',
  strictObject(
    {
      attendance: Type.Optional(
        strictObject({
          attended: Count('Sessions that took place.'),
          missed: Count('Sessions missed without notice.'),
          canceled: Count('Canceled sessions.'),
        }),
      ),
      counts: Type.Optional(
        strictObject({
          applicable: Count('Tasks that apply.'),
          done: Count('Signed off or maintained.'),
          inWork: Count('Started and not done.'),
        }),
      ),
      tasks: Type.Optional(
        Type.Array(
          strictObject({
            label: Type.String(),
            state: OneOf(['done', 'in_work', 'open', 'resting'] as const),
          }),
        ),
      ),
      stages: Type.Optional(Type.Array(StageSpan)),
    },
    {
      description: 'What a letter tells; what the release does not allow is left out.',
      examples: [{ attendance: { attended: 9, missed: 1, canceled: 0 } }],
    },
  ),
)

const head = {
  id: Id('The letter.', ids.letter),
  journeyId: Id('The journey.', ids.journey),
  recipientKind: OneOf(recipientKinds),
  allowed: Allowed,
  writtenById: Id('The member of staff who wrote it.', ids.staff),
  writtenAt: Instant('When it was written.', when),
}

const headExample = {
  id: ids.letter,
  journeyId: ids.journey,
  recipientKind: 'court' as const,
  allowed: ['attendance' as const],
  writtenById: ids.staff,
  writtenAt: when,
}

export const ProgressLetterSummary = component(
  'ProgressLetterSummary',
  strictObject(head, { description: 'That a letter was written.', examples: [headExample] }),
)

export const ProgressLetter = component(
  'ProgressLetter',
  strictObject(
    {
      ...head,
      recipientName: Type.String(),
      from: CalendarDate('The first day it tells of.', '2026-11-02'),
      to: CalendarDate('The last day it tells of.', '2026-11-30'),
      facts: LetterFacts,
      text: Type.String({ description: 'The same in words, as it was written.' }),
    },
    {
      description: 'A letter as it was written. It is never changed.',
      examples: [
        {
          ...headExample,
          recipientName: 'Faketown Superior Court (fictional)',
          from: '2026-11-02',
          to: '2026-11-30',
          facts: { attendance: { attended: 9, missed: 1, canceled: 0 } },
          text: 'Sessions attended: 9. (fictional)',
        },
      ],
    },
  ),
)

export const NewProgressLetter = component(
  'NewProgressLetter',
  strictObject(
    {
      releaseIds: Type.Array(Id('A release of this chart.', ids.release), {
        maxItems: 10,
        uniqueItems: true,
        description:
          'The releases of information it rests on, which say to whom it is written: one, and of a couple’s chart one of everybody who ever was in it. Without any it is written to the client themself.',
      }),
      allowed: Allowed,
      from: Type.Optional(
        CalendarDate('The first day it tells of; the first of the journey when left out.', '2026-11-02'),
      ),
      to: Type.Optional(CalendarDate('The last day it tells of; today when left out.', '2026-11-30')),
    },
    {
      description: 'On which releases a letter is written, and what it tells.',
      examples: [{ releaseIds: [ids.release], allowed: ['attendance'] }],
    },
  ),
)

export const LetterParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  journeyId: Id('The journey.', ids.journey),
  letterId: Id('The letter.', ids.letter),
})
export const LetterQuery = strictObject(PageQuery)
export const LetterPage = listOf('ProgressLetterPage', ProgressLetterSummary)

export type LetterFacts = Static<typeof LetterFacts>
export type ProgressLetter = Static<typeof ProgressLetter>
export type ProgressLetterSummary = Static<typeof ProgressLetterSummary>
export type NewProgressLetter = Static<typeof NewProgressLetter>
export type LetterQuery = Static<typeof LetterQuery>

import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Instant, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { exampleIds, exampleInstant } from '../documents/documents.schemas.ts'
import { Words } from '../words.schemas.ts'
import { philosophies, wordsOf } from '../words.ts'

export const agreeing = ['client', 'clinician', 'both'] as const

const entryExample = {
  philosophy: 'harm_reduction' as const,
  agreedBy: 'both' as const,
  startsOn: '2026-01-05',
  recordedById: exampleIds.staff,
  createdAt: exampleInstant,
}

const fields = {
  philosophy: OneOf(philosophies),
  agreedBy: OneOf(agreeing, { description: 'Who chose it.' }),
}

export const PhilosophyEntry = component(
  'ChartPhilosophyEntry',
  strictObject(
    {
      ...fields,
      startsOn: CalendarDate('From this day on.', entryExample.startsOn),
      recordedById: Id('Who recorded it.', exampleIds.staff),
      createdAt: Instant('When it was recorded.', exampleInstant),
    },
    { description: 'A philosophy that was chosen.', examples: [entryExample] },
  ),
)

export const ChartPhilosophy = component(
  'ChartPhilosophy',
  strictObject(
    {
      philosophy: Nullable(OneOf(philosophies, { description: 'Today; null when none was chosen.' })),
      words: Words,
      history: Type.Array(PhilosophyEntry, { description: 'Newest first.' }),
    },
    {
      description: 'The philosophy of treatment that the words, figures and reports of a chart follow.',
      examples: [{ philosophy: 'harm_reduction', words: wordsOf.harm_reduction, history: [entryExample] }],
    },
  ),
)
export type ChartPhilosophy = Static<typeof ChartPhilosophy>

export const NewPhilosophy = component(
  'NewChartPhilosophy',
  strictObject(
    {
      ...fields,
      startsOn: Type.Optional(
        CalendarDate(
          'Not in the future, nor before the choice that came last; today when left out.',
          '2026-01-05',
        ),
      ),
    },
    {
      description: 'A philosophy to follow from a day on.',
      examples: [{ philosophy: 'harm_reduction', agreedBy: 'both', startsOn: '2026-01-05' }],
    },
  ),
)
export type NewPhilosophy = Static<typeof NewPhilosophy>
export type PhilosophyEntry = Static<typeof PhilosophyEntry>

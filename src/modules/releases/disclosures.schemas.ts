import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  strictObject,
} from '../../lib/schemas.ts'
import { releaseCategories } from './releases.rules.ts'
import { RecipientKind } from './releases.schemas.ts'

const ids = {
  disclosure: '019c0000-0000-7000-8000-0000000007d2',
  release: '019c0000-0000-7000-8000-0000000007d1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  client: '019c0000-0000-7000-8000-0000000000a1',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  letter: '019c0000-0000-7000-8000-0000000000b6',
}

export const Disclosure = component(
  'Disclosure',
  strictObject(
    {
      id: Id('The disclosure.', ids.disclosure),
      chartId: Id('The chart it is from.', ids.chart),
      clientId: Id('The member of the chart it is about: one entry for each.', ids.client),
      releaseId: Nullable(Id('The release it rests on; null for what the client was given.', ids.release)),
      recipientKind: RecipientKind,
      recipient: Nullable(Type.String({ description: 'Who was told; null for the client.' })),
      purpose: Nullable(Type.String({ description: 'What for, as the release has it.' })),
      categories: Type.Array(OneOf(releaseCategories), { description: 'What was told.' }),
      kind: OneOf(['progress_letter', 'legal_report'] as const, { description: 'In what.' }),
      recordId: Id('The letter or the report.', ids.letter),
      accountable: Type.Boolean({
        description:
          'Whether an accounting that the client asks for lists it: with a release, only of part 2 records (42 CFR 2.25; 45 CFR 164.528(a)(1) leaves out what a client authorized or was given).',
      }),
      disclosedOn: CalendarDate('The day, where the practice is.', '2026-11-24'),
      disclosedById: Id('The member of staff.', ids.staff),
      recordedAt: Instant('When it was recorded.', '2026-11-24T17:00:00.000Z'),
    },
    {
      description: 'That something of a chart was given to somebody.',
      examples: [
        {
          id: ids.disclosure,
          chartId: ids.chart,
          clientId: ids.client,
          releaseId: ids.release,
          recipientKind: 'court',
          recipient: 'Faketown Superior Court (fictional)',
          purpose: 'A report that the court asked for (fictional).',
          categories: ['attendance'],
          kind: 'progress_letter',
          recordId: ids.letter,
          accountable: false,
          disclosedOn: '2026-11-24',
          disclosedById: ids.staff,
          recordedAt: '2026-11-24T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const DisclosurePage = listOf('DisclosurePage', Disclosure)

export type Disclosure = Static<typeof Disclosure>

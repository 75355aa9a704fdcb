import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { recipientKinds, releaseCategories, releaseStatuses } from './releases.rules.ts'

const ids = {
  release: '019c0000-0000-7000-8000-0000000007d1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  client: '019c0000-0000-7000-8000-0000000000a1',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  representative: '019c0000-0000-7000-8000-0000000000f1',
}

export const RecipientKind = OneOf(recipientKinds, {
  description: '`client`: in a couple’s chart, what one or both of them are given themselves.',
})

export const Categories = Type.Array(OneOf(releaseCategories), {
  minItems: 1,
  maxItems: releaseCategories.length,
  uniqueItems: true,
  description:
    'What may be told, and nothing else: `attendance`, `counts` of tasks, which `tasks`, `stages`; `compliance`, `progress` and `evaluation` are kinds of reports of a legal matter. Never psychotherapy notes.',
})

const fields = {
  clientId: Id('The member of the chart who permits it.', ids.client),
  recipientKind: RecipientKind,
  recipient: Text(200, { description: 'Who may be told, as it was signed.' }),
  purpose: Text(500, { description: 'What it is for.' }),
  categories: Categories,
  part2: Type.Boolean({
    description:
      'Whether the records are those of a part 2 program (42 CFR part 2): then what is given out says that they must not be told further.',
  }),
  signedOn: CalendarDate('When it was signed.', '2026-01-20'),
  fromOn: CalendarDate('The first day on which it holds, in the practice’s zone.', '2026-01-20'),
  untilOn: CalendarDate('The last day on which it holds.', '2099-12-31'),
}
const representativeId = Id(
  'The related person who signed in the client’s name, where the client cannot.',
  ids.representative,
)

const example = {
  clientId: ids.client,
  recipientKind: 'court' as const,
  recipient: 'Faketown Superior Court (fictional)',
  purpose: 'A report that the court asked for (fictional).',
  categories: ['attendance' as const, 'counts' as const],
  part2: false,
  signedOn: '2026-01-20',
  fromOn: '2026-01-20',
  untilOn: '2099-12-31',
}

export const Release = component(
  'ReleaseOfInformation',
  strictObject(
    {
      id: Id('The release.', ids.release),
      chartId: Id('The chart it is about.', ids.chart),
      ...fields,
      representativeId: Nullable(representativeId),
      status: OneOf(releaseStatuses, { description: 'Today, in the practice’s zone.' }),
      recordedById: Id('The member of staff who recorded it.', ids.staff),
      revokedAt: Nullable(Instant('When it was revoked.', '2026-11-24T17:00:00.000Z')),
      revokedById: Nullable(Id('The member of staff who recorded that.', ids.staff)),
      version: Version,
      createdAt: Instant('When it was recorded.', '2026-11-20T18:40:00.000Z'),
    },
    {
      description:
        'What a client signed: that one recipient may be told certain things of this chart, until a day. Of a couple’s chart nothing is told before everybody who ever was in it has signed.',
      examples: [
        {
          id: ids.release,
          chartId: ids.chart,
          ...example,
          representativeId: null,
          status: 'in_force',
          recordedById: ids.staff,
          revokedAt: null,
          revokedById: null,
          version: 1,
          createdAt: '2026-11-20T18:40:00.000Z',
        },
      ],
    },
  ),
)

export const NewRelease = component(
  'NewReleaseOfInformation',
  strictObject(
    {
      ...fields,
      fromOn: Type.Optional(
        CalendarDate('The first day on which it holds; that of the signature when left out.', '2026-01-20'),
      ),
      representativeId: Type.Optional(representativeId),
    },
    { description: 'What a client signed.', examples: [example] },
  ),
)

export const ChartOfReleases = strictObject({ chartId: Id('The chart.', ids.chart) })
export const ReleaseParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  releaseId: Id('The release.', ids.release),
})
export const PageOnly = strictObject(PageQuery)
export const ReleasePage = listOf('ReleaseOfInformationPage', Release)

export type Release = Static<typeof Release>
export type NewRelease = Static<typeof NewRelease>
export type PageOnly = Static<typeof PageOnly>

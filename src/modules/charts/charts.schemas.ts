import { type Static, Type } from 'typebox'
import {
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
import { dataClasses } from './access-policy.ts'

export const chartKinds = ['individual', 'couple', 'group'] as const
export const chartStatuses = ['open', 'closed'] as const

const chartExample = '019c0000-0000-7000-8000-0000000000c1'
const clientExample = '019c0000-0000-7000-8000-0000000000e1'

const member = {
  id: Id('This membership.', '019c0000-0000-7000-8000-0000000000f1'),
  clientId: Id('The client.', clientExample),
  displayName: Text(320, { description: 'What the person is called. Contact data is never shown here.' }),
  joinedAt: Instant('When they joined.', '2026-11-02T17:00:00.000Z'),
}
const memberExample = {
  id: '019c0000-0000-7000-8000-0000000000f1',
  clientId: clientExample,
  displayName: 'Avery Example',
  joinedAt: '2026-11-02T17:00:00.000Z',
}

const PresentMember = component(
  'PresentChartMember',
  strictObject(member, { description: 'A client in the chart now.', examples: [memberExample] }),
)

export const Chart = component(
  'Chart',
  strictObject(
    {
      id: Id('The chart.', chartExample),
      kind: OneOf(chartKinds),
      name: Nullable(Text(120, { description: 'Groups have one.' })),
      status: OneOf(chartStatuses, { description: 'A closed chart is read only.' }),
      members: Type.Array(PresentMember, { description: 'Present members.' }),
      openedAt: Instant('When it was opened.'),
      closedAt: Nullable(Instant('When it was closed.')),
      version: Version,
    },
    {
      description:
        'A unit of care: one client, a couple or a group. Clinical data belongs to a chart, never to a person.',
      examples: [
        {
          id: chartExample,
          kind: 'individual',
          name: null,
          status: 'open',
          members: [memberExample],
          openedAt: '2026-11-02T17:00:00.000Z',
          closedAt: null,
          version: 1,
        },
      ],
    },
  ),
)

const TeamEntry = component(
  'ChartCareTeamEntry',
  strictObject(
    {
      staffId: Id('The clinician.', '019c0000-0000-7000-8000-0000000000b1'),
      displayName: Text(200),
      role: Type.String({ maxLength: 20 }),
    },
    {
      description: 'Somebody on the care team today.',
      examples: [
        { staffId: '019c0000-0000-7000-8000-0000000000b1', displayName: 'Dana Example', role: 'primary' },
      ],
    },
  ),
)

export const ChartDetail = component(
  'ChartDetail',
  strictObject(
    {
      ...Chart.properties,
      careTeam: Type.Array(TeamEntry, { description: 'The care team of today.' }),
      classes: Type.Array(OneOf(dataClasses), {
        description: 'Which classes of data this caller may read in this chart now.',
      }),
    },
    {
      description: 'A chart with its care team, and what of it the caller may read.',
      examples: [
        {
          id: chartExample,
          kind: 'individual',
          name: null,
          status: 'open',
          members: [memberExample],
          openedAt: '2026-11-02T17:00:00.000Z',
          closedAt: null,
          version: 1,
          careTeam: [
            { staffId: '019c0000-0000-7000-8000-0000000000b1', displayName: 'Dana Example', role: 'primary' },
          ],
          classes: ['administrative', 'clinical'],
        },
      ],
    },
  ),
)

export const NewGroupChart = component(
  'NewGroupChart',
  strictObject(
    {
      kind: OneOf(['group'], {
        description: 'Individual charts open with their client, joint charts with their couple.',
      }),
      name: Text(120),
      primaryClinicianId: Type.Optional(
        Id(
          'Who leads it, from today on. A clinician who opens a group leads it and can name nobody else.',
          '019c0000-0000-7000-8000-0000000000b1',
        ),
      ),
    },
    {
      description: 'A group to open.',
      examples: [{ kind: 'group', name: 'Tuesday Skills Group (fictional)' }],
    },
  ),
)

export const ChartMember = component(
  'ChartMember',
  strictObject(
    { ...member, leftAt: Nullable(Instant('When they left.')) },
    {
      description: 'A client in a chart, over time.',
      examples: [{ ...memberExample, leftAt: null }],
    },
  ),
)

export const NewChartMember = component(
  'NewChartMember',
  strictObject(
    { clientId: Id('A client whom the caller may see.', clientExample) },
    { description: 'A client who joins a group.', examples: [{ clientId: clientExample }] },
  ),
)

export const ChartParams = strictObject({ chartId: Id('The chart.', chartExample) })
export const ChartMemberParams = strictObject({
  ...ChartParams.properties,
  memberId: Id('The membership.', memberExample.id),
})
export const ChartQuery = strictObject({
  ...PageQuery,
  kind: Type.Optional(OneOf(chartKinds, { description: 'Only these.', examples: ['individual'] })),
  status: Type.Optional(OneOf(chartStatuses, { description: 'Only these.', examples: ['open'] })),
  clientId: Type.Optional(Id('Only charts in which this client is present.', clientExample)),
  staffId: Type.Optional(
    Id(
      'Only charts with this person on the care team today: a caseload.',
      '019c0000-0000-7000-8000-0000000000b1',
    ),
  ),
})
export const ChartPage = listOf('ChartPage', Chart)
export const ChartMemberQuery = strictObject({ ...PageQuery })
export const ChartMemberPage = listOf('ChartMemberPage', ChartMember)

export type Chart = Static<typeof Chart>
export type ChartDetail = Static<typeof ChartDetail>
export type NewGroupChart = Static<typeof NewGroupChart>
export type ChartMember = Static<typeof ChartMember>
export type ChartQuery = Static<typeof ChartQuery>
export type ChartMemberQuery = Static<typeof ChartMemberQuery>

import { type Static, Type } from 'typebox'
import { limits } from '../../lib/limits.ts'
import { component, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'
import { sources } from './inquiries.rules.ts'

const month = (description: string) =>
  Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$', description, examples: ['2026-11'] })

export const FunnelQuery = strictObject({
  from: month('The first month, where the practice is.'),
  to: month('The last month; at most two years after the first.'),
})

const count = (description: string) =>
  Nullable(Type.Integer({ description: `${description} Null where a count would be too small to tell.` }))

export const InquiryFunnel = component(
  'InquiryFunnel',
  strictObject(
    {
      smallestCount: Type.Integer({ description: 'No count below this is told.' }),
      rows: Type.Array(
        strictObject({
          month: month('Of the first contact.'),
          source: OneOf(sources),
          received: Type.Integer({ description: 'How many got in touch.' }),
          contacted: count('How many were ever answered.'),
          screened: count('How many were ever screened.'),
          accepted: count('How many became clients.'),
          referredOut: count('How many were referred out.'),
          declined: count('How many were declined.'),
          closed: count('How many came to an end otherwise.'),
          open: count('How many are under way.'),
          medianHoursToContact: Nullable(
            Type.Number({
              description: 'From first contact to the first answer; null where too few were answered.',
            }),
          ),
        }),
        { description: 'By month and source; those with too few are left out.' },
      ),
    },
    {
      description: 'Inquiries by source and month, without names.',
      examples: [
        {
          smallestCount: limits.smallestCount,
          rows: [
            {
              month: '2026-11',
              source: 'podcast',
              received: 24,
              contacted: 24,
              screened: 15,
              accepted: 9,
              referredOut: null,
              declined: null,
              closed: 8,
              open: null,
              medianHoursToContact: 5.5,
            },
          ],
        },
      ],
    },
  ),
)

export type FunnelQuery = Static<typeof FunnelQuery>
export type InquiryFunnel = Static<typeof InquiryFunnel>

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
} from '../../lib/schemas.ts'
import { exampleClientId } from './clients.schemas.ts'
import { exampleRelatedPersonId } from './related-people.schemas.ts'

const exampleStaffId = '019c0000-0000-7000-8000-0000000000b1'

const Jurisdiction = Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$', description: 'ISO 3166-2.' })

const exampleMaturity = { determinedById: exampleStaffId, determinedOn: '2026-11-02' }
const exampleInvolvement = { decision: 'not_appropriate', attempts: [], reason: 'safety' }

const MaturityDetermination = component(
  'MaturityDetermination',
  strictObject(
    {
      determinedById: Id('The clinician who found it.', exampleStaffId),
      determinedOn: CalendarDate('When.', '2026-11-02'),
    },
    {
      description: 'That the minor is mature enough to take part intelligently.',
      examples: [exampleMaturity],
    },
  ),
)

const ParentInvolvement = component(
  'ParentInvolvement',
  strictObject(
    {
      decision: OneOf(['involved', 'not_appropriate'] as const),
      attempts: Type.Array(
        strictObject({
          on: CalendarDate('When contact was tried.', '2026-11-02'),
          outcome: OneOf(['reached', 'not_reached', 'declined'] as const),
        }),
        { maxItems: 20 },
      ),
      reason: Nullable(
        OneOf(['safety', 'minor_objects_and_clinician_agrees', 'parent_unavailable', 'other'] as const, {
          description: 'Why not; decided after consulting the minor.',
        }),
      ),
    },
    {
      description: 'Whether and when contact with a parent was tried, or why not.',
      examples: [exampleInvolvement],
    },
  ),
)

const fields = {
  basis: OneOf(['parent', 'minor_self', 'court', 'emancipated'] as const),
  jurisdiction: Jurisdiction,
  decidedOn: CalendarDate('From which day it holds.', '2026-11-02'),
  consentingPersonId: Nullable(
    Id('The related person who consents; asked for with `parent`.', exampleRelatedPersonId),
  ),
  maturity: Nullable(MaturityDetermination),
  parentInvolvement: Nullable(ParentInvolvement),
}

const example = {
  basis: 'minor_self',
  jurisdiction: 'US-CA',
  decidedOn: '2026-11-02',
  consentingPersonId: null,
  maturity: exampleMaturity,
  parentInvolvement: exampleInvolvement,
}

export const MinorConsent = component(
  'MinorConsent',
  strictObject(
    {
      id: Id('The consent.', '019c0000-0000-7000-8000-0000000000e5'),
      clientId: Id('The minor.', exampleClientId),
      ...fields,
      ruleSource: Type.String({ description: 'The law it was checked against.' }),
      recordedById: Nullable(Id('The staff member who recorded it; null for an API client.')),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'On what basis a minor is in care. The newest holds; earlier ones stay on record.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000e5',
          clientId: exampleClientId,
          ...example,
          ruleSource: 'California Family Code § 6924 and Health and Safety Code § 124260',
          recordedById: '019c0000-0000-7000-8000-0000000000a9',
          createdAt: '2026-11-02T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewMinorConsent = component(
  'NewMinorConsent',
  strictObject(
    {
      basis: fields.basis,
      jurisdiction: Type.Optional(
        Type.String({ ...Jurisdiction, description: "ISO 3166-2; the practice's own when left out." }),
      ),
      decidedOn: Type.Optional(CalendarDate('Not in the future; today when left out.', '2026-11-02')),
      consentingPersonId: Type.Optional(fields.consentingPersonId),
      maturity: Type.Optional(fields.maturity),
      parentInvolvement: Type.Optional(fields.parentInvolvement),
    },
    {
      description: 'A basis to record, checked against the rule of the jurisdiction.',
      examples: [example],
    },
  ),
)

export const MinorConsentQuery = strictObject({ ...PageQuery })
export const MinorConsentPage = listOf('MinorConsentPage', MinorConsent)

export type MinorConsent = Static<typeof MinorConsent>
export type NewMinorConsent = Static<typeof NewMinorConsent>
export type MinorConsentQuery = Static<typeof MinorConsentQuery>

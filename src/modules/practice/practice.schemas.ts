import { type Static, Type } from 'typebox'
import { limits } from '../../lib/limits.ts'
import {
  component,
  Id,
  Instant,
  Name,
  Nullable,
  OneOf,
  strictObject,
  Text,
  TimeZone,
  Version,
} from '../../lib/schemas.ts'
import { ClockTime } from './weekly-hours.ts'

const CosignRequiredOf = component(
  'CosignPolicy',
  strictObject(
    {
      licenseTypes: Type.Array(Type.String({ pattern: '^[A-Z][A-Z0-9-]{0,19}$' }), {
        maxItems: 20,
        uniqueItems: true,
        description: 'Of whoever holds such a license, for instance as an associate: `AMFT`, `ACSW`, `APCC`.',
      }),
      candidatesFor: Type.Array(Type.String({ pattern: '^[A-Z][A-Z0-9-]{0,19}$' }), {
        maxItems: 20,
        uniqueItems: true,
        description: 'Of candidates for these certifications: `CSAT`, for instance.',
      }),
      unlicensed: Type.Boolean({
        description: 'Of whoever holds no license today, such as a technician.',
      }),
    },
    {
      description:
        'Whose signatures need a supervisor’s, besides those of staff with `cosignRequired` of their own.',
      examples: [{ licenseTypes: ['AMFT', 'ACSW'], candidatesFor: ['CSAT'], unlicensed: true }],
    },
  ),
)

const ClientMessagePolicy = component(
  'ClientMessagePolicy',
  strictObject(
    {
      reminderMinutes: Type.Array(Type.Integer({ minimum: 15, maximum: 10_080 }), {
        maxItems: 4,
        uniqueItems: true,
        description: 'How long before a time its clients are reminded; an empty list reminds nobody.',
      }),
      changes: Type.Boolean({ description: 'Whether clients are told what is booked, moved and canceled.' }),
      channels: Type.Array(OneOf(['text', 'email'] as const), {
        minItems: 1,
        maxItems: 2,
        uniqueItems: true,
        description: 'The first of these by which a client may be reached is taken, and only that one.',
      }),
      quietFrom: ClockTime('When messages cease for the night, by the clock of the client.', '21:00'),
      quietUntil: ClockTime('When they begin again; the same as `quietFrom` has no quiet hours.', '08:00'),
    },
    {
      description:
        'What clients are told of their times, by their safe-contact settings and in neutral words.',
      examples: [
        {
          reminderMinutes: [1_440, 120],
          changes: true,
          channels: ['text', 'email'],
          quietFrom: '21:00',
          quietUntil: '08:00',
        },
      ],
    },
  ),
)
export type ClientMessagePolicy = Static<typeof ClientMessagePolicy>

export const Policies = component(
  'PracticePolicies',
  strictObject(
    {
      mfaRequired: Type.Boolean({ description: 'Every member of staff needs a second factor to sign in.' }),
      lateEntryAfterHours: Type.Integer({
        minimum: 1,
        maximum: 720,
        description: 'A note signed later than this after its session is marked as a late entry.',
      }),
      cosignWithinHours: Type.Integer({
        minimum: 1,
        maximum: 720,
        description: 'How soon a supervisor is expected to co-sign.',
      }),
      cosignRequiredOf: CosignRequiredOf,
      lockNotesAfterHours: Nullable(
        Type.Integer({
          minimum: 1,
          maximum: 8_760,
          description:
            'A signed note is locked when nothing happened to it for so long; null leaves it to people.',
        }),
      ),
      riskResponseMinutes: Type.Integer({
        minimum: 1,
        maximum: 10_080,
        description: 'How soon somebody is expected to look at an answer or a score that asks for it.',
      }),
      planReviewDays: Type.Integer({
        minimum: 1,
        maximum: 730,
        description: 'How long after its last review a treatment plan is to be reviewed again.',
      }),
      inquiryRetentionDays: Type.Integer({
        minimum: 1,
        maximum: 3_650,
        description:
          'How long after an inquiry ended without becoming a client it still says who it was and what they said.',
      }),
      noteReleaseAfterHours: Nullable(
        Type.Integer({
          minimum: 0,
          maximum: 720,
          description:
            'How long after its signature the client may read a note at the portal, unless something keeps it back; null when each is released by hand.',
        }),
      ),
      clientMessages: Nullable(ClientMessagePolicy),
      partnersApartInGroups: Type.Boolean({
        description:
          'Partners of a couple take no seats in one group, unless a separation rule says otherwise.',
      }),
      partnersApartMinutes: Type.Integer({
        minimum: 0,
        maximum: 240,
        description:
          'Partners neither come nor go at one location within so many minutes of each other, but together; 0 when it does not matter.',
      }),
      waitlistOffers: OneOf(['in_turn', 'first_come', 'by_hand'] as const, {
        description:
          'To whom a time or a seat that becomes free is offered: to one after the other, to several at once, or to nobody by itself.',
      }),
      waitlistOfferMinutes: Type.Integer({
        minimum: 5,
        maximum: 10_080,
        description: 'How long an offer to somebody on the waitlist stands.',
      }),
    },
    {
      description: 'Rules the practice sets for itself.',
      examples: [
        {
          mfaRequired: false,
          lateEntryAfterHours: 48,
          cosignWithinHours: 168,
          cosignRequiredOf: { licenseTypes: ['AMFT', 'ACSW'], candidatesFor: ['CSAT'], unlicensed: true },
          lockNotesAfterHours: 168,
          riskResponseMinutes: 60,
          planReviewDays: 90,
          inquiryRetentionDays: 180,
          noteReleaseAfterHours: 48,
          clientMessages: {
            reminderMinutes: [1_440, 120],
            changes: true,
            channels: ['text', 'email'],
            quietFrom: '21:00',
            quietUntil: '08:00',
          },
          partnersApartInGroups: true,
          partnersApartMinutes: 15,
          waitlistOffers: 'in_turn',
          waitlistOfferMinutes: 240,
        },
      ],
    },
  ),
)

export const defaultPolicies: Static<typeof Policies> = {
  mfaRequired: false,
  lateEntryAfterHours: 48,
  cosignWithinHours: 168,
  cosignRequiredOf: { licenseTypes: [], candidatesFor: [], unlicensed: false },
  lockNotesAfterHours: limits.lockNotesAfterHours,
  riskResponseMinutes: limits.assessments.riskResponseMinutes,
  planReviewDays: limits.planReviewDays,
  inquiryRetentionDays: limits.inquiries.retentionDays,
  noteReleaseAfterHours: limits.noteReleaseHours,
  // Nobody is written to before the practice says so.
  clientMessages: null,
  partnersApartInGroups: true,
  partnersApartMinutes: 0,
  waitlistOffers: 'in_turn',
  waitlistOfferMinutes: limits.scheduling.waitlist.offerMinutes,
}

const fields = {
  name: Name(160),
  timeZone: TimeZone('The zone in which the practice counts its days.'),
  jurisdiction: Type.String({
    pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$',
    description: 'ISO 3166-2: whose law applies by default.',
    examples: ['US-CA'],
  }),
  phone: Nullable(Text(40)),
  email: Nullable(Type.String({ format: 'email', maxLength: 254 })),
  npi: Nullable(
    Type.String({
      pattern: '^[0-9]{10}$',
      description: "The organization's National Provider Identifier, with its check digit.",
    }),
  ),
}

export const Practice = component(
  'Practice',
  strictObject(
    {
      id: Id('The practice.'),
      ...fields,
      policies: Policies,
      status: OneOf(['active', 'closed'] as const),
      version: Version,
      createdAt: Instant('When it was created.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'The practice: a tenant of its own.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-000000000001',
          name: 'Quiet Harbor Counseling (fictional)',
          timeZone: 'America/Los_Angeles',
          jurisdiction: 'US-CA',
          phone: '+15555550100',
          email: 'office@quiet-harbor.example',
          npi: '1234567893',
          policies: defaultPolicies,
          status: 'active',
          version: 1,
          createdAt: '2026-11-01T17:00:00.000Z',
          updatedAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const PracticeChange = component(
  'PracticeChange',
  Type.Partial(
    strictObject({ ...fields, policies: Type.Partial(Policies, { additionalProperties: false }) }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The fields to change; what is left out stays.',
      examples: [{ phone: '+15555550101', policies: { lateEntryAfterHours: 24 } }],
    },
  ),
)

export const NewPractice = component(
  'NewPractice',
  strictObject(
    {
      name: fields.name,
      timeZone: fields.timeZone,
      jurisdiction: fields.jurisdiction,
      owner: strictObject({
        email: Type.String({ format: 'email', maxLength: 254 }),
        password: Type.String({
          minLength: 15,
          maxLength: 128,
          description: '15 to 128 characters, not a common one.',
        }),
        givenName: Name(80),
        familyName: Name(80),
      }),
    },
    {
      description: 'A practice to create, with the person who owns it.',
      examples: [
        {
          name: 'Quiet Harbor Counseling (fictional)',
          timeZone: 'America/Los_Angeles',
          jurisdiction: 'US-CA',
          owner: {
            email: 'owner@quiet-harbor.example',
            password: 'correct horse battery',
            givenName: 'Olive',
            familyName: 'Example',
          },
        },
      ],
    },
  ),
)

export type Practice = Static<typeof Practice>
export type PracticeChange = Static<typeof PracticeChange>
export type NewPractice = Static<typeof NewPractice>
export type Policies = Static<typeof Policies>

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
import { policyKinds, policyStatuses, signingMethods, withdrawalMethods } from './policies.rules.ts'

const coupleId = '019c0000-0000-7000-8000-0000000000d1'
const policyId = '019c0000-0000-7000-8000-0000000000d5'
const clientId = '019c0000-0000-7000-8000-0000000000c1'
const hash = '3f6b2c0d9a4e5f718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9'

const kind = OneOf(policyKinds, {
  description:
    '`no_secrets`: what one partner says alone may be used in joint work. `limited_secrets`: only within the limits the text sets.',
})
const text = Text(20_000, { description: 'The whole text that the partners sign.' })
const contentHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of this text of this policy, in hexadecimal: what is signed is what was shown.',
  examples: [hash],
})

const PartnerState = component(
  'CouplePolicyPartner',
  strictObject(
    {
      clientId: Nullable(
        Id("The partner; shown only to clinicians on the couple's own care team.", clientId),
      ),
      state: OneOf(['not_signed', 'signed', 'withdrawn'] as const),
      method: Nullable(OneOf([...signingMethods, ...withdrawalMethods.slice(0, 2)] as const)),
      actedAt: Nullable(Instant('When the partner signed or withdrew.')),
    },
    {
      description: 'Where one partner stands with a policy.',
      examples: [{ clientId: null, state: 'signed', method: 'wet_ink', actedAt: '2026-11-20T18:00:00.000Z' }],
    },
  ),
)

const policyExample = {
  id: policyId,
  coupleId,
  number: 1,
  kind: 'no_secrets' as const,
  text: 'We keep no secrets from each other in this work (fictional text).',
  contentHash: hash,
  status: 'offered' as const,
  signedCount: 1,
  requiredCount: 2,
  partners: [
    { clientId: null, state: 'not_signed' as const, method: null, actedAt: null },
    {
      clientId: null,
      state: 'signed' as const,
      method: 'wet_ink' as const,
      actedAt: '2026-11-20T18:00:00.000Z',
    },
  ],
  offeredAt: '2026-11-20T17:00:00.000Z',
  inForceAt: null,
  endedAt: null,
  version: 3,
  createdAt: '2026-11-20T16:00:00.000Z',
  updatedAt: '2026-11-20T18:00:00.000Z',
}

export const CouplePolicy = component(
  'CouplePolicy',
  strictObject(
    {
      id: Id('The policy.', policyId),
      coupleId: Id('The couple.', coupleId),
      number: Type.Integer({ minimum: 1, description: 'Counts the policies of this couple.' }),
      kind,
      text,
      contentHash,
      status: OneOf(policyStatuses, {
        description:
          'In force when every partner has signed; suspended when one took the signature back; superseded by the next that came in force.',
      }),
      signedCount: Type.Integer({ minimum: 0, maximum: 2, description: 'How many have signed.' }),
      requiredCount: Type.Integer({ minimum: 2, maximum: 2, description: 'How many must.' }),
      partners: Type.Array(PartnerState, { description: 'One entry per partner, in no telling order.' }),
      offeredAt: Nullable(Instant('When it was offered.')),
      inForceAt: Nullable(Instant('When it first came in force.')),
      endedAt: Nullable(Instant('When it was superseded or canceled.')),
      version: Version,
      createdAt: Instant('When it was drafted.'),
      updatedAt: Instant('When it last changed.'),
    },
    { description: "A couple's confidentiality policy.", examples: [policyExample] },
  ),
)

export const NewCouplePolicy = component(
  'NewCouplePolicy',
  strictObject(
    { kind, text },
    {
      description: 'A policy to draft.',
      examples: [{ kind: policyExample.kind, text: policyExample.text }],
    },
  ),
)

export const CouplePolicyChange = component(
  'CouplePolicyChange',
  Type.Partial(strictObject({ kind, text }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'What to change of a draft.',
    examples: [{ text: 'We keep no secrets from each other in this work (second fictional text).' }],
  }),
)

export const CouplePolicySignature = component(
  'CouplePolicySignature',
  strictObject(
    {
      clientId: Id('The partner who signed.', clientId),
      method: OneOf(signingMethods, { description: 'How they signed.' }),
      signedAt: Instant('When they signed; not in the future.', '2026-11-20T18:00:00.000Z'),
      contentHash,
    },
    {
      description: "A partner's own signature, attested by the staff member who records it.",
      examples: [{ clientId, method: 'wet_ink', signedAt: '2026-11-20T18:00:00.000Z', contentHash: hash }],
    },
  ),
)

export const CouplePolicyWithdrawal = component(
  'CouplePolicyWithdrawal',
  strictObject(
    {
      clientId: Id('The partner who withdraws.', clientId),
      method: OneOf(withdrawalMethods, { description: 'How they told.' }),
      withdrawnAt: Instant('When they withdrew; not in the future.', '2026-11-21T18:00:00.000Z'),
    },
    {
      description: 'A partner takes their signature back.',
      examples: [{ clientId, method: 'in_writing', withdrawnAt: '2026-11-21T18:00:00.000Z' }],
    },
  ),
)

export const CoupleOfPolicies = strictObject({ coupleId: Id('The couple.', coupleId) })
export const CouplePolicyParams = strictObject({
  coupleId: Id('The couple.', coupleId),
  policyId: Id('The policy.', policyId),
})
export const CouplePolicyQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(policyStatuses, { description: 'Only these.', examples: ['in_force'] })),
})
export const CouplePolicyPage = listOf('CouplePolicyPage', CouplePolicy)

export type CouplePolicy = Static<typeof CouplePolicy>
export type PartnerState = Static<typeof PartnerState>
export type NewCouplePolicy = Static<typeof NewCouplePolicy>
export type CouplePolicyChange = Static<typeof CouplePolicyChange>
export type CouplePolicySignature = Static<typeof CouplePolicySignature>
export type CouplePolicyWithdrawal = Static<typeof CouplePolicyWithdrawal>
export type CouplePolicyQuery = Static<typeof CouplePolicyQuery>

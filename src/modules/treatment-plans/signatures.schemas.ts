import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'
import { exampleHash, exampleIds as ids, when } from './schema-examples.ts'
import { signatureRoles } from './signatures.rules.ts'

export const contentHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description:
    'SHA-256 of the revision’s content as canonical JSON (RFC 8785), in hexadecimal: what is signed is what was shown.',
  examples: [exampleHash],
})

export const Signature = component(
  'TreatmentPlanSignature',
  strictObject(
    {
      role: OneOf(signatureRoles),
      clientId: Nullable(Id('The client who signed.', ids.client)),
      representativeId: Nullable(
        Id('The related person who signed in the client’s name.', ids.relatedPerson),
      ),
      staffId: Nullable(Id('The member of staff who signed.', ids.staff)),
      credentials: Nullable(
        Type.String({ description: 'The credentials of a member of staff at that time.' }),
      ),
      method: OneOf(['wet_ink', 'electronic', 'portal'] as const),
      attestedById: Nullable(Id('The member of staff who saw the client sign.', ids.staff)),
      signedAt: Instant('When it was signed.'),
      recordedAt: Instant('When we learned of it.'),
      contentHash,
      intact: Type.Boolean({
        description: 'Signature and content are as they were. False: altered behind the service’s back.',
      }),
    },
    {
      description: 'One signature on one revision.',
      examples: [
        {
          role: 'client',
          clientId: ids.client,
          representativeId: null,
          staffId: null,
          credentials: null,
          method: 'wet_ink',
          attestedById: ids.staff,
          signedAt: when,
          recordedAt: when,
          contentHash: exampleHash,
          intact: true,
        },
      ],
    },
  ),
)

export const MissingSignature = component(
  'MissingPlanSignature',
  strictObject(
    {
      role: OneOf(signatureRoles),
      clientId: Nullable(
        Id('Whose; null for staff, and where one of several records of the client will do.', ids.client),
      ),
    },
    { description: 'A signature that is still missing.', examples: [{ role: 'clinician', clientId: null }] },
  ),
)

export const ClientSignature = component(
  'ClientPlanSignature',
  strictObject(
    {
      clientId: Id('The client, or in a couple’s plan the partner, who signed for themselves.', ids.client),
      representativeId: Type.Optional(
        Nullable(
          Id(
            'A related person of the client who signed in their name, such as a guardian.',
            ids.relatedPerson,
          ),
        ),
      ),
      method: OneOf(['wet_ink', 'electronic'] as const),
      signedAt: Instant('When they signed; not in the future.', '2026-01-02T18:00:00.000Z'),
      contentHash,
    },
    {
      description: 'A client’s own signature, attested by the member of staff who records it.',
      examples: [
        {
          clientId: ids.client,
          method: 'wet_ink',
          signedAt: '2026-01-02T18:00:00.000Z',
          contentHash: exampleHash,
        },
      ],
    },
  ),
)

export type PlanSignature = Static<typeof Signature>
export type ClientSignature = Static<typeof ClientSignature>

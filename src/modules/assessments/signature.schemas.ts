import { Type } from 'typebox'
import { component, Id, Instant, strictObject } from '../../lib/schemas.ts'

export const exampleHash = '3b7c0d0e5f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4'

const signerId = '019c0000-0000-7000-8000-0000000000f1'

export const ContentSignature = component(
  'ContentSignature',
  strictObject(
    {
      signerId: Id('The clinician who signed.', signerId),
      signedAt: Instant('When.'),
      contentHash: Type.String({ description: 'SHA-256 of what was signed.', examples: [exampleHash] }),
    },
    {
      description: 'Who vouches for what was written, word for word.',
      examples: [{ signerId, signedAt: '2026-11-27T18:00:00.000Z', contentHash: exampleHash }],
    },
  ),
)

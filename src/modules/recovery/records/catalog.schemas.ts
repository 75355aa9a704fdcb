import { Type } from 'typebox'
import { component, OneOf, strictObject } from '../../../lib/schemas.ts'

const exampleKind = {
  kind: 'sponsor',
  title: 'Sponsor',
  description: 'A sponsor, by first name or initial only.',
  dataClass: 'clinical',
  chartKinds: ['individual'],
  log: false,
  subject: 'none',
  relatedKinds: [],
  portal: 'read',
  initialStatus: 'active',
  statuses: [{ status: 'active', next: ['ended', 'withdrawn'], clientNext: [], reasonKeys: [] }],
}

const RecordKindView = component(
  'RecoveryRecordKind',
  strictObject(
    {
      kind: Type.String({ description: 'The word of `kind`.', examples: ['block'] }),
      title: Type.String(),
      description: Type.String(),
      dataClass: OneOf(['clinical', 'restricted'] as const, {
        description: 'A record of a clinical kind may be restricted; one of a restricted kind always is.',
      }),
      chartKinds: Type.Array(OneOf(['individual', 'couple'] as const)),
      log: Type.Boolean({ description: 'Entries are corrected by another one, never revised.' }),
      subject: OneOf(['none', 'optional', 'required'] as const, {
        description: 'Whether it is about an addiction or a behavior.',
      }),
      relatedKinds: Type.Array(Type.String(), { description: 'What it may belong to.' }),
      portal: OneOf(['none', 'read', 'write'] as const, { description: 'What a client may do with it.' }),
      initialStatus: Type.String(),
      statuses: Type.Array(
        strictObject({
          status: Type.String(),
          next: Type.Array(Type.String(), { description: 'What may follow.' }),
          clientNext: Type.Array(Type.String(), {
            description: 'What of it a client may enter at the portal.',
          }),
          reasonKeys: Type.Array(Type.String(), { description: 'One of these says why it was entered.' }),
        }),
      ),
    },
    {
      description: 'A kind of record, with its states.',
      examples: [exampleKind],
    },
  ),
)

export const RecordKindList = component(
  'RecoveryRecordKindList',
  strictObject(
    { kinds: Type.Array(RecordKindView) },
    {
      description: 'All kinds of records.',
      examples: [{ kinds: [exampleKind] }],
    },
  ),
)

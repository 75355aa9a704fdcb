import { type Static, Type } from 'typebox'
import { component, Id, Instant, listOf, Nullable, OneOf, strictObject, Version } from '../../lib/schemas.ts'
import { exampleClientId } from './clients.schemas.ts'

const exampleMergeId = '019c0000-0000-7000-8000-0000000000e9'
const exampleMergedId = '019c0000-0000-7000-8000-0000000000c2'

const Reason = OneOf(['registered_twice', 'imported_twice', 'other'] as const)

export const ClientMerge = component(
  'ClientMerge',
  strictObject(
    {
      id: Id('The merge.', exampleMergeId),
      survivorId: Id('The record that goes on.', exampleClientId),
      mergedId: Id('The record that was merged into it.', exampleMergedId),
      reason: Reason,
      survivorVersion: Type.Integer({
        description: 'The version of the survivor when it may still be undone.',
      }),
      mergedVersion: Type.Integer({ description: 'The same of the merged record.' }),
      mergedById: Id('The staff member who did it.'),
      undoneAt: Nullable(Instant('When it was undone.')),
      undoneById: Nullable(Id('The staff member who undid it.')),
      version: Version,
      createdAt: Instant('When it was done.'),
    },
    {
      description: 'Two records that were found to be one person.',
      examples: [
        {
          id: exampleMergeId,
          survivorId: exampleClientId,
          mergedId: exampleMergedId,
          reason: 'registered_twice',
          survivorVersion: 4,
          mergedVersion: 2,
          mergedById: '019c0000-0000-7000-8000-0000000000a9',
          undoneAt: null,
          undoneById: null,
          version: 1,
          createdAt: '2026-11-02T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewClientMerge = component(
  'NewClientMerge',
  strictObject(
    {
      mergedClientId: Id('The record to merge into the one in the path.', exampleMergedId),
      reason: Reason,
      survivorVersion: Type.Integer({ minimum: 1, description: 'The version you read of the survivor.' }),
      mergedVersion: Type.Integer({ minimum: 1, description: 'The version you read of the other.' }),
    },
    {
      description: 'What to merge. Both versions stand here because If-Match can only hold one.',
      examples: [
        { mergedClientId: exampleMergedId, reason: 'registered_twice', survivorVersion: 3, mergedVersion: 1 },
      ],
    },
  ),
)

export const ClientMergePage = listOf('ClientMergePage', ClientMerge)

export const MergeParams = strictObject({ mergeId: Id('The merge.', exampleMergeId) })

export type ClientMerge = Static<typeof ClientMerge>
export type NewClientMerge = Static<typeof NewClientMerge>

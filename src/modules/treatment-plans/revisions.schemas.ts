import { type Static, Type } from 'typebox'
import { component, Id, Instant, listOf, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'
import { contentExample, PlanContent } from './content.schemas.ts'
import { sections } from './differences.rules.ts'
import { exampleHash, exampleIds as ids, when } from './schema-examples.ts'
import { contentHash, MissingSignature, Signature } from './signatures.schemas.ts'

export const revision = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, description, examples: [1] })

export const philosophy = Nullable(
  Type.String({
    description:
      'How the chart looks at recovery: abstinence, harm reduction or both. Null where nothing was agreed.',
  }),
)

export const PlanRevision = component(
  'TreatmentPlanRevision',
  strictObject(
    {
      planId: Id('The plan.', ids.plan),
      revision: revision('Its number.'),
      content: PlanContent,
      contentHash,
      philosophy,
      offeredById: Id('Who offered it for signature.', ids.staff),
      offeredAt: Instant('When it was offered.'),
      signatures: Type.Array(Signature),
      missingSignatures: Type.Array(MissingSignature, {
        description: 'What it waits for; empty for revisions that are not offered now.',
      }),
    },
    {
      description: 'What was offered for signature, exactly as it was offered.',
      examples: [
        {
          planId: ids.plan,
          revision: 1,
          content: contentExample,
          contentHash: exampleHash,
          philosophy: 'integrated',
          offeredById: ids.staff,
          offeredAt: when,
          signatures: [],
          missingSignatures: [{ role: 'clinician', clientId: null }],
        },
      ],
    },
  ),
)

const RevisionSummary = component(
  'TreatmentPlanRevisionSummary',
  strictObject(
    {
      revision: revision('Its number.'),
      contentHash,
      offeredById: Id('Who offered it for signature.', ids.staff),
      offeredAt: Instant('When it was offered.'),
      signatures: Type.Array(Signature),
    },
    {
      description: 'A revision without its text.',
      examples: [
        { revision: 1, contentHash: exampleHash, offeredById: ids.staff, offeredAt: when, signatures: [] },
      ],
    },
  ),
)

const Difference = component(
  'TreatmentPlanDifference',
  strictObject(
    {
      section: OneOf(sections),
      key: Nullable(Type.String({ description: 'What is different; null for the plan as a whole.' })),
      change: OneOf(['added', 'removed', 'changed'] as const),
      fields: Type.Array(
        strictObject({
          field: Type.String(),
          before: Nullable(Type.String()),
          after: Nullable(Type.String()),
        }),
        { description: 'Text as it is; numbers, lists and objects as JSON.' },
      ),
    },
    {
      description: 'One thing that is different.',
      examples: [
        {
          section: 'objectives',
          key: 'o1',
          change: 'changed',
          fields: [{ field: 'target', before: '5', after: '6' }],
        },
      ],
    },
  ),
)

export const PlanDifferences = component(
  'TreatmentPlanDifferences',
  strictObject(
    {
      from: Type.Integer(),
      to: Nullable(Type.Integer({ description: 'Null: the draft.' })),
      differences: Type.Array(Difference),
    },
    {
      description: 'What is different between two revisions, element by element.',
      examples: [
        {
          from: 1,
          to: 2,
          differences: [
            {
              section: 'objectives',
              key: 'o1',
              change: 'changed',
              fields: [{ field: 'target', before: '5', after: '6' }],
            },
          ],
        },
      ],
    },
  ),
)

export const RevisionPage = listOf('TreatmentPlanRevisionPage', RevisionSummary)

export type PlanRevision = Static<typeof PlanRevision>
export type RevisionSummary = Static<typeof RevisionSummary>
export type PlanDifferences = Static<typeof PlanDifferences>

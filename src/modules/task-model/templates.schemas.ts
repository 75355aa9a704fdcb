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
import { exampleProgram } from './shipped/example-program.ts'
import { audiences, confidences, evidenceTypes, templateKinds, versionStatuses } from './templates.rules.ts'

export const templateExampleId = '019c0000-0000-7000-8000-0000000000e1'
const exampleDocument = { ...exampleProgram, key: 'our-own-steps', title: 'Our own steps (fictional)' }

/** Of a task, section, performable or stage. Numbers differ between editions; keys stay. */
export const Key = (description: string, example: string) =>
  Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$', description, examples: [example] })

const TemplateKey = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,59}$',
  description: 'Unique in the practice; stays the same over all versions.',
  examples: ['our-own-steps'],
})

const Confidence = OneOf(confidences, {
  description: 'Seen in a published source, general professional knowledge, or conflicting.',
})

const Section = strictObject({
  key: Key('Unique within the document.', 'early'),
  label: Text(200),
})

const Performable = strictObject({
  key: Key('Unique within its task.', 'problem_list'),
  label: Text(200),
  evidenceType: OneOf(evidenceTypes, { description: 'What shows that it was done.' }),
  required: Type.Boolean({ description: 'Is to be accepted before the task is signed off.' }),
  restricted: Type.Boolean({ description: 'What is written of it is shown to the care team only.' }),
})

const Task = strictObject({
  key: Key('Unique within the document; the same in every edition.', 'damage_control'),
  number: Nullable(Type.Integer({ minimum: 0, maximum: 1_000, description: 'As this edition counts it.' })),
  label: Text(200),
  sectionKey: Key('One of the sections.', 'early'),
  prerequisiteKeys: Type.Array(Key('Another task.', 'denial'), {
    maxItems: 50,
    uniqueItems: true,
    description: 'What is better done before. A hint: nothing is refused because of it.',
  }),
  lifeCompetency: Nullable(Text(500, { description: 'What somebody can do who has done this.' })),
  performables: Type.Array(Performable, { maxItems: 40 }),
})

const TypicalBand = strictObject(
  {
    fromDays: Type.Integer({ minimum: 0, maximum: 20_000 }),
    toDays: Nullable(Type.Integer({ minimum: 0, maximum: 20_000, description: 'Null when it is open.' })),
    measuredFrom: OneOf(['stage_entry', 'journey_start'] as const, {
      description: 'Whether the days are spent in the stage, or have passed since the journey began.',
    }),
    source: Text(500),
    confidence: Confidence,
  },
  { description: 'How long it commonly takes, as somebody published it. It is nobody’s duty.' },
)

const Stage = strictObject({
  key: Key('Unique within the document.', 'repair'),
  label: Text(200),
  description: Nullable(Text(1_000)),
  typical: Nullable(TypicalBand),
})

/** A whole template: what is exported is what can be imported. */
export const ProgramDocument = component(
  'ProgramTemplateDocument',
  strictObject(
    {
      format: Type.Literal(1, { description: 'The shape of this document.' }),
      key: TemplateKey,
      title: Text(200),
      kind: OneOf(templateKinds, { description: 'A program has sections and tasks, a model stages.' }),
      audience: OneOf(audiences, {
        description: 'For whom it is written: a client, a partner of one, a couple together, or anybody.',
      }),
      source: Nullable(Text(1_000, { description: 'Where it comes from.' })),
      licenseNote: Nullable(Text(2_000, { description: 'By what right the practice uses the wording.' })),
      orderConfidence: Nullable(Confidence),
      sections: Type.Array(Section, { maxItems: 40 }),
      tasks: Type.Array(Task, { maxItems: 200, description: 'In their usual order.' }),
      stages: Type.Array(Stage, { maxItems: 40, description: 'In their usual order.' }),
    },
    { description: 'A task program or a stage model, as one document.', examples: [exampleDocument] },
  ),
)

const VersionHead = {
  number: Type.Integer({ minimum: 1, description: 'Counts the versions of the template.' }),
  status: OneOf(versionStatuses, { description: 'A published version is never changed.' }),
  publishedAt: Nullable(Instant('When it was published.')),
  retiredAt: Nullable(Instant('When it was retired; who is in it stays in it.')),
}

const exampleHead = {
  number: 1,
  status: 'published' as const,
  publishedAt: '2026-11-02T17:00:00.000Z',
  retiredAt: null,
}

export const ProgramTemplate = component(
  'ProgramTemplate',
  strictObject(
    {
      id: Id('The template.', templateExampleId),
      key: TemplateKey,
      title: Type.String({ description: 'Of its newest version.' }),
      kind: OneOf(templateKinds),
      audience: OneOf(audiences),
      shipped: Type.Boolean({
        description: 'Comes with the service and is read only: copy it to change it.',
      }),
      versions: Type.Array(strictObject(VersionHead), { description: 'The newest first.' }),
    },
    {
      description: 'A template and its versions.',
      examples: [
        {
          id: templateExampleId,
          key: exampleDocument.key,
          title: exampleDocument.title,
          kind: exampleDocument.kind,
          audience: exampleDocument.audience,
          shipped: false,
          versions: [exampleHead],
        },
      ],
    },
  ),
)

export const ProgramTemplateVersion = component(
  'ProgramTemplateVersion',
  strictObject(
    {
      templateId: Id('The template.', templateExampleId),
      shipped: Type.Boolean({ description: 'Comes with the service and is read only.' }),
      ...VersionHead,
      document: ProgramDocument,
      version: Version,
    },
    {
      description: 'One version of a template with its whole content.',
      examples: [
        {
          templateId: templateExampleId,
          shipped: false,
          ...exampleHead,
          document: exampleDocument,
          version: 2,
        },
      ],
    },
  ),
)

export const TemplateParams = strictObject({ programTemplateId: Id('The template.', templateExampleId) })
export const TemplateVersionParams = strictObject({
  programTemplateId: Id('The template.', templateExampleId),
  templateNumber: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    description: 'The number of the version.',
    examples: [1],
  }),
})
export const TemplateQuery = strictObject({
  ...PageQuery,
  kind: Type.Optional(OneOf(templateKinds, { description: 'Only these.', examples: ['task_program'] })),
})
export const TemplatePage = listOf('ProgramTemplatePage', ProgramTemplate)

export type ProgramDocument = Static<typeof ProgramDocument>
export type ProgramTemplate = Static<typeof ProgramTemplate>
export type ProgramTemplateVersion = Static<typeof ProgramTemplateVersion>
export type TemplateQuery = Static<typeof TemplateQuery>

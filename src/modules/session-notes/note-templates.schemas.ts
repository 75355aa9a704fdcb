import { type Static, Type } from 'typebox'
import { component, Id, listOf, OneOf, strictObject, Text } from '../../lib/schemas.ts'
import { currentTemplate } from './note-templates.ts'
import { partKindWords, TemplatePart } from './parts/parts.schemas.ts'

export const templateId = '019c0000-0000-7000-8000-0000000000e9'

const TemplateSection = component(
  'NoteTemplateSection',
  strictObject(
    {
      key: Type.String({
        pattern: '^[a-z][A-Za-z]{0,39}$',
        description: 'The name of this section in `sections` of a note.',
      }),
      label: Text(80),
      help: Type.String({ maxLength: 500 }),
      required: Type.Boolean({ description: 'Needs text before the note can be signed.' }),
      carries: Type.Optional(
        Type.Boolean({
          description:
            'With `carryForward` a note begins with what the author’s last one says under it; marked in `carried`.',
        }),
      ),
      text: Type.Optional(
        Type.String({ maxLength: 20_000, description: 'What a note begins with; marked in `carried`.' }),
      ),
    },
    {
      description: 'One heading of a note.',
      examples: [currentTemplate('dap').sections[0]],
    },
  ),
)

const examplePart = { kind: 'cbt', content: { agenda: [{ item: 'Homework', minutes: 10 }] } }

const definition = {
  name: Text(120),
  sections: Type.Array(TemplateSection, { maxItems: 20 }),
  parts: Type.Array(TemplatePart, { maxItems: 10, description: 'Parts that a note begins with.' }),
}

const exampleDefinition = {
  name: 'Weekly CBT (fictional)',
  sections: [
    { key: 'plan', label: 'Plan', help: 'What follows.', required: true, text: 'Next week, same time.' },
  ],
  parts: [examplePart],
}

const { partKinds: _none, ...exampleOfHouse } = currentTemplate('dap')

export const NoteTemplate = component(
  'NoteTemplate',
  strictObject(
    {
      key: Type.String({ description: 'Give it as `template` when a note is started.' }),
      version: Type.Integer({ minimum: 1, description: 'A note keeps the version it was written under.' }),
      current: Type.Boolean({ description: 'New notes are written under this version.' }),
      scope: OneOf(['house', 'practice', 'personal'] as const, {
        description:
          '`house`: comes with the service. `practice`: for everybody here. `personal`: the caller’s own, which nobody else sees.',
      }),
      retired: Type.Boolean({ description: 'No note can be started with it.' }),
      ...definition,
    },
    {
      description: 'What a progress note is begun with: headings, texts and parts.',
      examples: [{ ...exampleOfHouse, current: true, scope: 'house' as const, retired: false, parts: [] }],
    },
  ),
)

export const NoteTemplatePage = listOf('NoteTemplatePage', NoteTemplate)

export const NewTemplate = component(
  'NewNoteTemplate',
  strictObject(definition, { description: 'A template to publish.', examples: [exampleDefinition] }),
)

export const TemplateChange = component(
  'NoteTemplateChange',
  Type.Partial(
    strictObject({
      definition: NewTemplate,
      retired: Type.Boolean({ description: 'True takes it out of use, false back into it.' }),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The next version of a template as a whole, or whether it is in use.',
      examples: [{ definition: exampleDefinition }],
    },
  ),
)

export const TemplateParams = strictObject({ noteTemplateId: Id('The template.', templateId) })

const exampleKind = {
  kind: 'cbt',
  version: 1,
  title: 'Cognitive behavioral work',
  about: 'Mood check, agenda, homework, thought records and techniques of one session.',
  source: 'Session structure as commonly taught.',
  charts: ['individual' as const, 'couple' as const],
}

export const PartKindEntry = component(
  'NotePartKind',
  strictObject(
    {
      kind: OneOf(partKindWords),
      version: Type.Integer({ minimum: 1 }),
      title: Type.String(),
      about: Type.String(),
      source: Type.String({ description: 'Where structure and scales come from.' }),
      charts: Type.Array(OneOf(['individual', 'couple', 'group'] as const), {
        description: 'Charts whose notes may have such a part.',
      }),
    },
    { description: 'A kind of structured work that a note may hold.', examples: [exampleKind] },
  ),
)

export const PartKindPage = listOf('NotePartKindPage', PartKindEntry)

const exampleSnippets = [{ key: 'winddown', text: 'Went through the wind-down routine. (Fictional.)' }]

const snippets = Type.Array(
  component(
    'NoteSnippet',
    strictObject(
      {
        key: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'What is typed for it.' }),
        text: Text(4_000),
      },
      { description: 'A text that somebody uses again and again.', examples: exampleSnippets },
    ),
  ),
  { maxItems: 200, description: 'In the order given; keys are unique.' },
)

export const Snippets = component(
  'NoteSnippets',
  strictObject(
    { snippets, version: Type.Integer({ minimum: 1, description: 'Grows with every change.' }) },
    {
      description: 'Texts that somebody uses again and again; nobody else sees them.',
      examples: [{ snippets: exampleSnippets, version: 2 }],
    },
  ),
)

export const NewSnippets = component(
  'NewNoteSnippets',
  strictObject(
    { snippets },
    { description: 'All of one’s snippets.', examples: [{ snippets: exampleSnippets }] },
  ),
)

export type NoteTemplate = Static<typeof NoteTemplate>
export type NewTemplate = Static<typeof NewTemplate>
export type TemplateChange = Static<typeof TemplateChange>
export type Snippets = Static<typeof Snippets>

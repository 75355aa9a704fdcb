import { Type } from 'typebox'
import { component, listOf, OneOf, strictObject } from '../../lib/schemas.ts'
import { currentTemplate, templateKeys } from './note-templates.ts'

const TemplateSection = component(
  'NoteTemplateSection',
  strictObject(
    {
      key: Type.String({ description: 'The name of this section in `sections` of a note.' }),
      label: Type.String(),
      help: Type.String(),
      required: Type.Boolean({ description: 'Needs text before the note can be signed.' }),
    },
    {
      description: 'One heading of a note.',
      examples: [currentTemplate('dap').sections[0]],
    },
  ),
)

export const NoteTemplate = component(
  'NoteTemplate',
  strictObject(
    {
      key: OneOf(templateKeys, { description: 'Give it as `template` when a note is started.' }),
      version: Type.Integer({ minimum: 1, description: 'A note keeps the version it was written under.' }),
      current: Type.Boolean({ description: 'New notes are written under this version.' }),
      name: Type.String(),
      sections: Type.Array(TemplateSection),
    },
    {
      description: 'The headings of a progress note.',
      examples: [{ ...currentTemplate('dap'), current: true }],
    },
  ),
)

export const NoteTemplatePage = listOf('NoteTemplatePage', NoteTemplate)

import { ok, operation } from '../../plugins/operations/index.ts'
import { NoteTemplatePage } from './note-templates.schemas.ts'
import { currentTemplate, noteTemplates } from './note-templates.ts'

const templates = noteTemplates.map(template => ({
  ...template,
  sections: [...template.sections],
  current: template === currentTemplate(template.key),
}))

export const noteTemplateRoutes = [
  operation({
    tag: 'Session notes',
    method: 'GET',
    path: '/v1/note-templates',
    operationId: 'listNoteTemplates',
    summary: 'List note templates',
    description:
      'The section templates of progress notes, every version of them: an old note is read under the version it was written under.',
    permission: 'notes:read',
    success: { status: 200, schema: NoteTemplatePage, description: 'All templates, on one page.' },
    handler: async trx => {
      trx.audit({ resourceType: 'note-template' })
      return ok({ data: templates, nextCursor: null })
    },
  }),
]

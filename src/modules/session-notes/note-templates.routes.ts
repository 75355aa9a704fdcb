import { created, ok, operation } from '../../plugins/operations/index.ts'
import { getSnippets, saveSnippets } from './note-snippets.ts'
import * as schemas from './note-templates.schemas.ts'
import { currentTemplate, noteTemplates } from './note-templates.ts'
import { changeTemplate, createTemplate, listTemplates } from './own-templates.ts'
import { partKinds } from './parts/index.ts'

const common = { tag: 'Session notes' } as const
/** Where all templates are read: those of the service, of the practice, and one's own. */
const list = '/v1/note-templates'

const house: schemas.NoteTemplate[] = noteTemplates.map(({ partKinds: kinds, ...template }) => ({
  ...template,
  sections: [...template.sections],
  parts: kinds.map(kind => ({ kind, content: {} })),
  current: template === currentTemplate(template.key),
  scope: 'house',
  retired: false,
}))

const kinds = partKinds.map(({ kind, version, title, about, source, charts }) => ({
  kind,
  version,
  title,
  about,
  source,
  charts: [...charts],
}))

const readingRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: list,
    operationId: 'listNoteTemplates',
    summary: 'List note templates',
    description:
      'What progress notes are begun with: the service’s own templates in every version, and those of the practice and of the caller as they are now. A note carries the headings it was begun with.',
    permission: 'library:read',
    success: { status: 200, schema: schemas.NoteTemplatePage, description: 'All templates, on one page.' },
    handler: async trx => {
      trx.audit({ resourceType: 'note-template' })
      return ok({ data: [...house, ...(await listTemplates(trx))], nextCursor: null })
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/note-part-kinds',
    operationId: 'listNotePartKinds',
    summary: 'List the kinds of structured work',
    description:
      'Kinds of parts that a note may hold, in every version, the newest of each kind first. The schema of each content is part of this document.',
    permission: 'library:read',
    success: { status: 200, schema: schemas.PartKindPage, description: 'All kinds, on one page.' },
    handler: async trx => {
      trx.audit({ resourceType: 'note-template' })
      return ok({ data: kinds, nextCursor: null })
    },
  }),
]

const practiceRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: list,
    operationId: 'createNoteTemplate',
    summary: 'Publish a template of the practice',
    description: 'Publishes a template that everybody who writes notes here may use.',
    permission: 'library:write',
    body: schemas.NewTemplate,
    success: { status: 201, schema: schemas.NoteTemplate, description: 'The template.' },
    problems: ['invalid-state'],
    handler: async (trx, { body }) => created(list, await createTemplate(trx, 'practice', body)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/note-templates/{noteTemplateId}',
    operationId: 'changeNoteTemplate',
    summary: 'Change a template of the practice',
    description:
      'Publishes the next version, or takes the template out of use or back into it. What was published never changes: a note goes on as it was begun.',
    permission: 'library:write',
    ifMatch: true,
    params: schemas.TemplateParams,
    body: schemas.TemplateChange,
    success: { status: 200, schema: schemas.NoteTemplate, description: 'The template as it is now.' },
    handler: async (trx, { params, body, version }) =>
      ok(await changeTemplate(trx, 'practice', params.noteTemplateId, version, body)),
  }),
]

const ownRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/me/note-templates',
    operationId: 'createOwnNoteTemplate',
    summary: 'Publish a template for oneself',
    description: 'Publishes a template that only the caller sees and uses.',
    permission: 'notes:write',
    body: schemas.NewTemplate,
    success: { status: 201, schema: schemas.NoteTemplate, description: 'The template.' },
    problems: ['invalid-state'],
    handler: async (trx, { body }) => created(list, await createTemplate(trx, 'personal', body)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/me/note-templates/{noteTemplateId}',
    operationId: 'changeOwnNoteTemplate',
    summary: 'Change a template of one’s own',
    description: 'As for a template of the practice. That of somebody else is not found.',
    permission: 'notes:write',
    ifMatch: true,
    params: schemas.TemplateParams,
    body: schemas.TemplateChange,
    success: { status: 200, schema: schemas.NoteTemplate, description: 'The template as it is now.' },
    handler: async (trx, { params, body, version }) =>
      ok(await changeTemplate(trx, 'personal', params.noteTemplateId, version, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/me/note-snippets',
    operationId: 'getNoteSnippets',
    summary: 'Read one’s snippets',
    description:
      'Short texts that the caller uses again and again. Whoever saved none has none, in version 1.',
    permission: 'notes:write',
    success: { status: 200, schema: schemas.Snippets, description: 'All of them.' },
    handler: async trx => ok(await getSnippets(trx)),
  }),
  operation({
    ...common,
    method: 'PUT',
    path: '/v1/me/note-snippets',
    operationId: 'saveNoteSnippets',
    summary: 'Save one’s snippets',
    description: 'Takes the place of all that were there.',
    permission: 'notes:write',
    ifMatch: true,
    body: schemas.NewSnippets,
    success: { status: 200, schema: schemas.Snippets, description: 'All of them.' },
    handler: async (trx, { body, version }) => ok(await saveSnippets(trx, version, body.snippets)),
  }),
]

export const noteTemplateRoutes = [...readingRoutes, ...practiceRoutes, ...ownRoutes]

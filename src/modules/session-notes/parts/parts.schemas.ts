import { type TObject, type TSchema, Type } from 'typebox'
import { component, Id, OneOf, strictObject } from '../../../lib/schemas.ts'
import { partKinds } from './index.ts'
import { openReferences, sharedIn } from './open-references.ts'
import type { PartKind } from './part.ts'

/** A part of a note, as it is kept and shown. */
export interface NotePart {
  id: string
  kind: string
  version: number
  content: Record<string, unknown>
}

export const uuidPattern = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
export const partId = '019c0000-0000-7000-8000-0000000000a7'

const nameOf = ({ kind, version }: PartKind) => {
  const pascal = kind.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  return `${pascal}${version === 1 ? '' : version}`
}

export const contentSchemas: ReadonlyMap<PartKind, TObject> = new Map(
  partKinds.map(part => [
    part,
    component(
      `${nameOf(part)}Content`,
      Object.assign(part.content, { description: part.about, examples: [part.example] }),
    ),
  ]),
)

const contentOf = (part: PartKind): TSchema => contentSchemas.get(part) ?? part.content

const shown = partKinds.map(part =>
  component(
    `${nameOf(part)}Part`,
    strictObject(
      {
        id: Id('The part; it keeps its id in every save and revision.', partId),
        kind: Type.Literal(part.kind),
        version: Type.Literal(part.version, { description: 'The structure it was written under.' }),
        content: contentOf(part),
      },
      {
        description: `${part.title}: ${part.about}`,
        examples: [{ id: partId, kind: part.kind, version: part.version, content: part.example }],
      },
    ),
  ),
)

/** New parts are written under the current version of their kind. */
const current = partKinds.filter((part, at) => partKinds.findIndex(({ kind }) => kind === part.kind) === at)

const written = current.map(part =>
  component(
    `New${nameOf(part)}Part`,
    strictObject(
      {
        id: Type.String({
          pattern: `^${uuidPattern}$`,
          description: 'A fresh UUID that the caller made for it.',
        }),
        kind: Type.Literal(part.kind),
        content: contentOf(part),
      },
      {
        description: `${part.title}: ${part.about}`,
        examples: [{ id: partId, kind: part.kind, content: part.example }],
      },
    ),
  ),
)

const byKind = <T>(members: readonly TSchema[], options: Record<string, unknown>) =>
  Type.Unsafe<T>({ type: 'object', discriminator: { propertyName: 'kind' }, oneOf: members, ...options })

const [first] = partKinds
if (!first) throw new Error('There are no kinds of parts')

const exampleContent = { id: partId, kind: first.kind, content: first.example as Record<string, unknown> }

export const examplePart: NotePart = { ...exampleContent, version: first.version }

/** Told apart by kind alone, as long as each kind has one version. */
export const Part = component(
  'NotePart',
  Type.Unsafe<NotePart>({
    oneOf: shown,
    description: 'A piece of structured work, under the structure of its kind and version.',
    examples: [examplePart],
  }),
)

export const NewPart = component(
  'NewNotePart',
  byKind<Omit<NotePart, 'version'>>(written, {
    description: 'A piece of structured work, under the current structure of its kind.',
    examples: [exampleContent],
  }),
)

export const partKindWords = [...new Set(partKinds.map(({ kind }) => kind))]

/** What changed in a part. What the patch makes of the content is checked, not the patch. */
export const PartChange = component(
  'NotePartChange',
  strictObject(
    {
      kind: OneOf(partKindWords, { description: 'Of a part that is there: the kind it has.' }),
      content: Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        maxProperties: 100,
        description:
          'A JSON merge patch (RFC 7396) to the content: null empties a field, an array replaces an array, and what is left out stays.',
        examples: [{ summary: 'The thought was tested and lost weight. (Fictional.)' }],
      }),
    },
    {
      description: 'What changed in one part of a note, or a part to add.',
      examples: [{ kind: 'cbt', content: { summary: 'The thought was tested. (Fictional.)' } }],
    },
  ),
)

/** A template is for many charts: what a part names of one (a target, a protocol, a partner) is open in it. */
const inTemplates = current.map(part => {
  const { schema, example } = openReferences(contentOf(part), part.example)
  for (const { name, schema: shared, example: shown } of sharedIn(
    contentOf(part),
    schema,
    part.example,
    `${nameOf(part)}Part`,
  ))
    if (schema !== contentOf(part) && !('x-component' in shared))
      component(name, Object.assign(shared, { examples: [shown] }))
  const content =
    schema === contentOf(part)
      ? schema
      : component(`${nameOf(part)}TemplateContent`, Object.assign(schema, { examples: [example] }))
  return component(
    `${nameOf(part)}TemplatePart`,
    strictObject(
      { kind: Type.Literal(part.kind), content },
      {
        description: `${part.title}: ${part.about}`,
        examples: [{ kind: part.kind, content: example }],
      },
    ),
  )
})

/** A part as a template has it: it gets an id when a note is begun. */
export const TemplatePart = component(
  'NoteTemplatePart',
  byKind<{ kind: string; content: Record<string, unknown> }>(inTemplates, {
    description:
      'A part that a note begins with: its content, as far as it is the same each time. What a part names of a chart is left open, and asked for by the draft.',
    examples: [{ kind: 'cbt', content: { agenda: [{ item: 'Homework', minutes: 10 }] } }],
  }),
)

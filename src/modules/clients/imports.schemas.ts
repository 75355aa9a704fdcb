import { type Static, Type } from 'typebox'
import { component, Id, Instant, OneOf, strictObject, Version } from '../../lib/schemas.ts'
import { type ImportColumn, importColumns } from './imports.rules.ts'

const exampleImportId = '019c0000-0000-7000-8000-0000000000ee'
export const mostRowsAtOnce = 1_000
/** What one transaction of six seconds takes in with room to spare. */
export const mostRows = 5_000

const columnNames = Object.keys(importColumns) as ImportColumn[]

export const ClientImport = component(
  'ClientImport',
  strictObject(
    {
      id: Id('The import.', exampleImportId),
      dryRun: Type.Boolean({ description: 'Only to see the problems: it cannot be committed.' }),
      status: OneOf(['staged', 'committed', 'discarded'] as const),
      rowCount: Type.Integer({ description: 'Valid rows that wait here, or that became clients.' }),
      problemCount: Type.Integer({
        description: 'Rows that were not valid. Not zero: it cannot be committed.',
      }),
      version: Version,
      createdAt: Instant('When it was begun.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A file of clients on its way in.',
      examples: [
        {
          id: exampleImportId,
          dryRun: false,
          status: 'staged',
          rowCount: 2,
          problemCount: 0,
          version: 2,
          createdAt: '2026-11-02T17:00:00.000Z',
          updatedAt: '2026-11-02T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewClientImport = component(
  'NewClientImport',
  strictObject(
    { dryRun: Type.Optional(Type.Boolean({ description: 'Default true.' })) },
    { description: 'An import to begin.', examples: [{ dryRun: false }] },
  ),
)

export const ImportRows = component(
  'ImportRows',
  strictObject(
    {
      rows: Type.Array(
        strictObject({
          row: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Its number in your file.' }),
          values: Type.Unsafe<Partial<Record<ImportColumn, string>>>({
            type: 'object',
            additionalProperties: false,
            properties: Object.fromEntries(
              columnNames.map(name => [name, { type: 'string', maxLength: 1_000 }]),
            ),
            description: 'The cells by column, as text. The columns are those of `docs/import.md`.',
          }),
        }),
        { minItems: 1, maxItems: mostRowsAtOnce },
      ),
    },
    {
      description: 'Rows of the file.',
      examples: [
        {
          rows: [
            {
              row: 2,
              values: {
                legal_given_name: 'Jordan',
                legal_family_name: 'Example',
                birth_date: '1988-04-12',
                phone: '(555) 555-0123',
              },
            },
          ],
        },
      ],
    },
  ),
)

export const ImportReport = component(
  'ImportReport',
  strictObject(
    {
      accepted: Type.Integer({ description: 'Rows that are valid and wait for the commit.' }),
      problems: Type.Array(
        strictObject({
          row: Type.Integer(),
          column: OneOf(columnNames),
          code: Type.String({
            description: 'What is wrong, as listed in `docs/import.md`. Never the value.',
          }),
        }),
      ),
    },
    {
      description: 'What became of the rows that were sent.',
      examples: [{ accepted: 0, problems: [{ row: 2, column: 'birth_date', code: 'in-the-future' }] }],
    },
  ),
)

export const ImportCommit = component(
  'ImportCommit',
  strictObject(
    {
      rowCount: Type.Integer({
        minimum: 1,
        maximum: mostRows,
        description: 'How many rows the file has: a chunk that never arrived is noticed.',
      }),
    },
    { description: 'Confirms the whole file.', examples: [{ rowCount: 2 }] },
  ),
)

export const ImportParams = strictObject({ importId: Id('The import.', exampleImportId) })

export type ClientImport = Static<typeof ClientImport>
export type ImportRows = Static<typeof ImportRows>
export type ImportReport = Static<typeof ImportReport>

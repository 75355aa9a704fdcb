import type { InstrumentText } from './instruments.schemas.ts'
import type { TextRow } from './texts.repository.ts'

export const toText = (row: TextRow): InstrumentText => ({
  id: row.id,
  language: row.language,
  items: row.texts.items,
  options: row.texts.options,
  right: { basis: row.right_basis as InstrumentText['right']['basis'], statement: row.right_statement },
  importedById: row.imported_by,
  importedAt: row.imported_at.toISOString(),
})

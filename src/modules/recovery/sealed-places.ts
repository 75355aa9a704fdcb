/** Where the sealed texts of recovery work stand. A text sealed for one place cannot be opened from another. */

export const sealedRevision = (documentId: string, version: number) => ({
  table: 'recovery_document_revisions',
  column: 'content_sealed',
  rowId: documentId,
  rowVersion: version,
})

const fixed = (table: string, column: string) => (rowId: string) => ({ table, column, rowId, rowVersion: 1 })

export const sealedConsent = fixed('abstinence_consents', 'words_sealed')
export const sealedCriteria = fixed('criteria_reviews', 'content_sealed')
export const sealedDefinitionNote = fixed('sobriety_definitions', 'note_sealed')
export const sealedItem = fixed('sobriety_items', 'text_sealed')
export const sealedUrgeNote = fixed('urges', 'note_sealed')
export const sealedCheckInNote = fixed('check_ins', 'note_sealed')

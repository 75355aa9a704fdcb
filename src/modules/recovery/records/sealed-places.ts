/** Where the sealed words of records stand. A text sealed for one place cannot be opened from another. */

export const sealedContent = (recordId: string, version: number) => ({
  table: 'recovery_record_revisions',
  column: 'content_sealed',
  rowId: recordId,
  rowVersion: version,
})

export const sealedWords = (recordId: string, version: number) => ({
  table: 'recovery_record_revisions',
  column: 'words_sealed',
  rowId: recordId,
  rowVersion: version,
})

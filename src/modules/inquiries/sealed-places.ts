/** Where the sealed texts of inquiries stand. A text sealed for one place cannot be opened from another. */

export const sealedPerson = (inquiryId: string) => ({
  table: 'inquiries',
  column: 'person_sealed',
  rowId: inquiryId,
  rowVersion: 1,
})

export const sealedWords = (inquiryId: string) => ({
  table: 'inquiries',
  column: 'words_sealed',
  rowId: inquiryId,
  rowVersion: 1,
})

export const sealedNote = (stepId: string) => ({
  table: 'inquiry_steps',
  column: 'note_sealed',
  rowId: stepId,
  rowVersion: 1,
})

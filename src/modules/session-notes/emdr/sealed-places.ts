/** Where the sealed words of targets stand. A text sealed for one place cannot be opened from another. */

const place = (column: string) => (targetId: string, version: number) => ({
  table: 'emdr_target_history',
  column,
  rowId: targetId,
  rowVersion: version,
})

export const sealedWords = place('content_sealed')
export const sealedReason = place('reason_sealed')

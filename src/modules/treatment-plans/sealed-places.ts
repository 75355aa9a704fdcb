/** Where the sealed texts of plans stand. A text sealed for one place cannot be opened from another. */

const place = (table: string, column: string, rowId: string, rowVersion: number) => ({
  table,
  column,
  rowId,
  rowVersion,
})

export const sealedDraft = (planId: string, version: number) =>
  place('treatment_plan_drafts', 'document_sealed', planId, version)

export const sealedRevision = (planId: string, revision: number) =>
  place('treatment_plan_revisions', 'document_sealed', planId, revision)

export const sealedReason = (changeId: string) =>
  place('treatment_plan_changes', 'reason_sealed', changeId, 1)

export const sealedSummary = (reviewId: string) =>
  place('treatment_plan_reviews', 'summary_sealed', reviewId, 1)

export const sealedNote = (progressId: string) =>
  place('treatment_plan_progress', 'note_sealed', progressId, 1)

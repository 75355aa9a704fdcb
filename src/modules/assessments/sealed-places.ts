/** Where what people answered and wrote stands. A text sealed for one place cannot be opened from another. */

const place =
  (table: string, column: string) =>
  (rowId: string, rowVersion = 1) => ({
    table,
    column,
    rowId,
    rowVersion,
  })

export const sealedDraft = place('assessment_drafts', 'answers_sealed')
export const sealedAnswers = place('assessments', 'answers_sealed')
export const sealedComment = place('assessment_changes', 'comment_sealed')
export const sealedRisk = place('risk_assessment_revisions', 'content_sealed')
export const sealedRiskReason = place('risk_assessment_changes', 'reason_sealed')
export const sealedPlan = place('safety_plan_revisions', 'content_sealed')
export const sealedPsychosocialDraft = place('psychosocial_drafts', 'content_sealed')
export const sealedPsychosocial = place('psychosocial_contents', 'content_sealed')
export const sealedAddendum = place('psychosocial_addenda', 'content_sealed')

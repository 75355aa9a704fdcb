/** Where the sealed texts of couples stand. A text sealed for one place cannot be opened from another. */

export const sealedReason = (rowId: string) => ({
  table: 'couple_status_changes',
  column: 'reason_sealed',
  rowId,
  rowVersion: 1,
})

export const sealedPolicyText = (policyId: string, revision: number) => ({
  table: 'couple_policy_texts',
  column: 'text_sealed',
  rowId: policyId,
  rowVersion: revision,
})

export const sealedAgreement = (rowId: string) => ({
  table: 'couple_agreements',
  column: 'content_sealed',
  rowId,
  rowVersion: 1,
})

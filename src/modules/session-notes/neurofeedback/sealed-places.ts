/** Where sealed texts of neurofeedback stand. A text sealed for one place cannot be opened from another. */

export const sealedBaseline = (baselineId: string) => ({
  table: 'neurofeedback_baselines',
  column: 'content_sealed',
  rowId: baselineId,
  rowVersion: 1,
})

export const sealedProtocol = (
  column: 'content_sealed' | 'reason_sealed',
  protocolId: string,
  version: number,
) => ({ table: 'neurofeedback_protocol_changes', column, rowId: protocolId, rowVersion: version })

/** What one request touched: ids and field names, never values. */
export interface AuditDetails {
  resourceType?: string
  resourceId?: string
  chartId?: string
  /** People whose records were shown or changed. */
  clientIds: string[]
  /** Names of changed fields. */
  fields: string[]
  emergencyAccessId?: string
}

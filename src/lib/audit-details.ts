/** What one request touched: ids and field names, never values. */
export interface AuditDetails {
  resourceType?: string
  resourceId?: string
  chartId?: string
  /** People whose records were shown or changed. */
  clientIds: string[]
  /** Charts that a list was about: the row names the clients in them, which costs the list nothing to find. */
  chartIds: string[]
  /** Names of changed fields. */
  fields: string[]
  emergencyAccessId?: string
}

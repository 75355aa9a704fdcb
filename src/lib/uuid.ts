/** What the database takes for a UUID, of any version and in either case. Never `urn:uuid:`, nor braces. */
export const uuidShape = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

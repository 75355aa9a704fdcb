export const signatureRoles = ['client', 'clinician', 'supervisor'] as const
export type SignatureRole = (typeof signatureRoles)[number]

/** A signature that a revision still needs. */
export interface MissingSignature {
  role: SignatureRole
  /** Whose; null where one of several will do, and for staff. */
  clientId: string | null
}

/** What decides whose signatures a revision needs. */
export interface Signing {
  kind: 'individual' | 'couple'
  /** Present members of the chart. */
  clientIds: readonly string[]
  /** Whether the clinician (who signed, or else whose plan it is) works under co-signature. */
  cosignRequired: boolean
}

/**
 * The signatures that are still missing. A couple's plan binds only when each partner has signed for themselves. The
 * chart of one client has two members after two records of theirs were joined: either is the client.
 */
export function missingSignatures(
  { kind, clientIds, cosignRequired }: Signing,
  given: readonly { role: string; clientId: string | null }[],
): MissingSignature[] {
  const clients = new Set(
    given.flatMap(({ role, clientId }) => (role === 'client' && clientId ? [clientId] : [])),
  )
  const has = (role: string) => given.some(signature => signature.role === role)
  const missing: MissingSignature[] = []
  if (kind === 'couple') {
    for (const clientId of clientIds) if (!clients.has(clientId)) missing.push({ role: 'client', clientId })
    // One of them has left: the other alone does not bind both.
    if (clients.size + missing.length < 2) missing.push({ role: 'client', clientId: null })
  } else if (clients.size === 0) {
    missing.push({ role: 'client', clientId: clientIds.length === 1 ? (clientIds[0] ?? null) : null })
  }
  if (!has('clinician')) missing.push({ role: 'clinician', clientId: null })
  if (cosignRequired && !has('supervisor')) missing.push({ role: 'supervisor', clientId: null })
  return missing
}

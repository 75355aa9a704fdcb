/**
 * The one spelling by which addresses are compared and stored for look-up. Strictly the local part is
 * case-sensitive (RFC 5321 2.4); in practice nobody runs two mailboxes that differ only there.
 */
export const normalizeEmail = (email: string) => email.trim().normalize('NFKC').toLowerCase()

import { createSecretKey } from 'node:crypto'
import { deriveKey, encodeFields } from './aes-gcm.ts'
import type { KeyringData } from './keyring-file.ts'

/**
 * Names a keyring without telling anything of its keys. It hangs on the one key that is never rotated, so every
 * later copy of a keyring has it too.
 *
 * @returns 16 hexadecimal digits
 */
export function fingerprintOf({ auditKey }: Pick<KeyringData, 'auditKey'>): string {
  const key = createSecretKey(Buffer.from(auditKey, 'base64url'))
  return deriveKey(key, encodeFields('cairn keyring fingerprint 1')).export().toString('hex').slice(0, 16)
}

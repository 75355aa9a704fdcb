import type { oauthErrors } from './oauth.schemas.ts'

export type OAuthErrorCode = (typeof oauthErrors)[number]

/** A refusal in the words of RFC 6749 §5.2. The description never holds a value of the request. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly status: 400 | 401

  constructor(code: OAuthErrorCode, description: string) {
    super(description)
    this.name = 'OAuthError'
    this.code = code
    this.status = code === 'invalid_client' ? 401 : 400
  }
}

/** One answer for every way in which a client is not believed. */
export const invalidClient = () =>
  new OAuthError('invalid_client', 'Unknown, expired or revoked, or a wrong credential.')

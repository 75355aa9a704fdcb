/**
 * The catalog of everything that can go wrong, in the order of its status. `code` is stable: clients
 * branch on it. `docs/problems.md` is generated from here (`npm run openapi`), and the `type` of every
 * problem resolves to its section there. No text here ever contains a value from a request.
 */
export const catalog = {
  'malformed-request': [
    400,
    'The request is not well-formed',
    'Check the JSON syntax, nesting depth, duplicate keys and encoding of the body.',
  ],
  'invalid-request': [
    400,
    'The request does not fit its schema',
    'Each entry of `errors` says where (a JSON pointer) and what is expected there.',
  ],
  'invalid-cursor': [
    400,
    'The cursor does not belong to this list',
    'Start again without a cursor. Cursors are bound to the practice, the caller and the filter.',
  ],
  'token-not-valid': [
    400,
    'The code is not valid',
    'It was used or replaced, has expired, or was never given. Ask for a new one.',
  ],
  'authentication-required': [
    401,
    'Authentication is required',
    'Send `Authorization: Bearer <access token>`. If the token expired or the session ended, refresh it or sign in again.',
  ],
  'sign-in-failed': [
    401,
    'The sign-in details are not right',
    'Check e-mail, password and one-time code. The answer is the same for unknown accounts.',
  ],
  'not-permitted': [
    403,
    'This is not permitted',
    'The signed-in role or API client scope does not include this operation.',
  ],
  'step-up-required': [
    403,
    'A recent second factor is required',
    'Confirm a one-time code at `POST /v1/me/step-up`, then repeat the request with the access token of that answer. Without an authenticator app, enroll one at `POST /v1/me/totp` first.',
  ],
  'mfa-setup-required': [
    403,
    'This practice requires a second factor',
    'Enroll one at `POST /v1/totp-enrollments` with the `setupToken` of this answer, then sign in again.',
  ],
  'not-found': [
    404,
    'Not found',
    'It does not exist, or it may not be seen by this caller: both look the same.',
  ],
  'method-not-allowed': [405, 'This method is not allowed here', 'See the `Allow` header.'],
  'request-timeout': [
    408,
    'The request took too long to arrive',
    'Send headers and body without pauses, on a new connection.',
  ],
  conflict: [409, 'The request conflicts with the current state', 'Read the resource again and decide anew.'],
  'already-exists': [409, 'It already exists', 'A unique value is already used in this practice.'],
  'resource-busy': [
    409,
    'Somebody or something it needs is taken at this time',
    '`resource` says what: `clinician`, `room` or `client`, with `appointmentId` where an appointment is there; `unspecified` where the caller may not see it. Choose another time, clinician or room.',
  ],
  'gates-open': [
    409,
    'Gates of the intensive are open that are due at this step',
    'Settle them, or pass them on purpose with `despiteOpenGates` and a reason: an override is recorded for each.',
  ],
  'check-in-required': [
    409,
    'The telehealth session lacks a check-in that fits',
    'Check each client in who is there, in private and where telehealth is appropriate, or give an `override` with a reason.',
  ],
  'idempotency-key-in-use': [
    409,
    'A request with this Idempotency-Key is still running',
    'Repeat it with the same key after the `Retry-After` seconds.',
  ],
  'stale-version': [
    412,
    'The resource has changed since it was read',
    'Read it again and repeat the change with the new ETag in `If-Match`.',
  ],
  'body-too-large': [413, 'The body is too large', 'Send less at once.'],
  'unsupported-media-type': [
    415,
    'The content type is not supported',
    'Send `Content-Type: application/json`. Only `POST /oauth/token` takes `application/x-www-form-urlencoded` instead.',
  ],
  'idempotency-key-reused': [
    422,
    'This Idempotency-Key was used for another request',
    'Use a new key for a new request.',
  ],
  'unknown-reference': [
    422,
    'Something the request refers to does not exist here',
    'Check the ids in the body: each must belong to this practice and be visible to the caller.',
  ],
  'authorization-combined': [
    422,
    'This authorization must stand alone',
    'Psychotherapy notes and SUD counseling notes are each released by an authorization that names nothing else.',
  ],
  'not-released': [
    409,
    'No release of information allows this',
    'Each entry of `errors` says which release it is and what it lacks: the day, the scope, the recipient, or a signature.',
  ],
  'minor-consent-not-valid': [
    422,
    'The law of this jurisdiction does not know this consent',
    'The detail says what the rule asks for: age, a maturity determination, a record of parent involvement.',
  ],
  'license-not-valid-for-location': [
    422,
    'The clinician is not licensed where a client is',
    'Record the license, or give an `override` with a reason such as a temporary-practice rule.',
  ],
  'invalid-state': [
    409,
    'This step is not possible in the current state',
    'Read the resource; its `status` says what may follow.',
  ],
  'precondition-required': [
    428,
    'If-Match is required',
    'Send the ETag of the version you read in `If-Match`.',
  ],
  'idempotency-key-required': [
    428,
    'Idempotency-Key is required',
    'Send a fresh UUID in `Idempotency-Key`; repeat it when you retry.',
  ],
  'too-many-requests': [429, 'Too many requests', 'Wait for the `Retry-After` seconds.'],
  'request-headers-too-large': [431, 'The headers are too large', 'Send fewer or shorter headers.'],
  'internal-error': [500, 'Something went wrong on our side', 'Nothing was written. Report the `requestId`.'],
  'service-busy': [
    503,
    'The service is busy',
    'Repeat the request after the `Retry-After` seconds, with the same Idempotency-Key.',
  ],
} as const satisfies Record<string, readonly [status: number, title: string, advice: string]>

export type ProblemCode = keyof typeof catalog

/** The members that every problem body has. */
export function problemBody(publicUrl: string, code: ProblemCode, requestId: string) {
  const [status, title, detail] = catalog[code]
  return { type: `${publicUrl}/docs/problems#${code}`, title, status, code, detail, requestId }
}

/** One thing wrong with a request: where, a stable code, and what is expected. Never the value. */
export interface FieldError {
  pointer: string
  code: string
  detail: string
}

/** More members of a problem body: a value, or a list of flat objects. */
export type ProblemExtra = Record<
  string,
  string | number | boolean | readonly Readonly<Record<string, string>>[]
>

export interface ProblemOptions {
  /** Public, in our own words; never a value from the request or the database. */
  detail?: string
  errors?: FieldError[]
  /** Seconds for `Retry-After`. */
  retryAfter?: number
  /** More members of the problem body, documented with the operation. */
  extra?: ProblemExtra
  headers?: Record<string, string>
  /** For the log's error code only; never sent. */
  cause?: unknown
}

/** Thrown anywhere to refuse a request; one handler renders it. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly options: ProblemOptions

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.status = catalog[code][0]
    this.options = options
  }
}

/** The one answer for hidden and missing: byte for byte the same. */
export const notFound = () => new Problem('not-found')

/** A problem with one field of the body. */
export const invalidField = (pointer: string, code: string, detail: string) =>
  new Problem('invalid-request', { errors: [{ pointer, code, detail }] })

/** An id in the body that is not here, or that this caller may not use: both look the same. */
export const unknownReference = (pointer: string, detail = 'There is none with this id that you may use.') =>
  new Problem('unknown-reference', { errors: [{ pointer, code: 'unknown', detail }] })

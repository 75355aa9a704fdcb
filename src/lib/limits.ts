/**
 * Every limit and timeout of the service, in one place; `test/platform/limits.test.ts` asserts that
 * the database really has them. The budget narrows inwards: route > transaction > statement > lock.
 */
export const limits = {
  http: {
    requestTimeoutMs: 15_000,
    routeMs: 8_000,
    connectionTimeoutMs: 30_000,
    keepAliveTimeoutMs: 72_000,
    maxHeaderBytes: 16_384,
    bodyBytes: 1_048_576,
    jsonDepth: 32,
    maxParamLength: 200,
    longPollSeconds: 20,
  },
  /** Set on the runtime roles, so they hold behind a pooler too. */
  database: {
    transactionMs: 6_000,
    statementMs: 5_000,
    lockMs: 2_000,
    idleInTransactionMs: 5_000,
  },
  pool: {
    size: 10,
    acquireMs: 1_000,
    queryMs: 7_000,
    maxLifetimeSeconds: 1_800,
    idleMs: 30_000,
  },
  retry: { attempts: 3, baseDelayMs: 20 },
  page: { default: 50, max: 200 },
  tokens: {
    accessSeconds: 600,
    refreshIdleDays: 14,
    refreshAbsoluteDays: 60,
    invitationDays: 7,
    passwordResetMinutes: 60,
    mfaPendingSeconds: 300,
    stepUpMinutes: 10,
    clockToleranceSeconds: 60,
  },
  /** Requests a minute, per actor (or address where nobody is signed in). */
  rate: { perMinute: 1_200, signInPerMinute: 60 },
  signIn: { failuresPerAccount: 10, failuresPerAddress: 50, windowMinutes: 15 },
  idempotencyHours: 48,
  emergencyAccessMinutes: 60,
  shutdown: { graceMs: 10_000, drainMs: 500 },
  relay: { intervalMs: 200, batch: 500 },
  /** Signing keys are published this long before they sign: no verifier may cache the JWKS for longer. */
  sealing: {
    dataKeyCacheMs: 300_000,
    cachedPractices: 1_000,
    keyringPollMs: 2_000,
    signingKeyLeadMs: 300_000,
  },
  /** One hash takes 19 MiB and some 40 ms of a core; whoever finds the queue full is asked to retry. */
  passwordHashing: { concurrent: 2, queued: 64 },
} as const

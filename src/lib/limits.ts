/**
 * Every limit and timeout of the service, in one place; `test/platform/limits.test.ts` asserts that
 * the database really has them. The budget narrows inwards: route > transaction > statement > lock.
 */
export const limits = {
  http: {
    requestTimeoutMs: 15_000,
    routeMs: 8_000,
    connectionTimeoutMs: 30_000,
    /** How often connections are looked through for requests that are too slow. */
    connectionCheckMs: 2_000,
    keepAliveTimeoutMs: 72_000,
    maxHeaderBytes: 16_384,
    bodyBytes: 1_048_576,
    jsonDepth: 32,
    maxParamLength: 200,
    longPollSeconds: 20,
    /** A database that takes longer to answer a probe is not ready. */
    readinessMs: 2_000,
    /** Mean delay over a second, above which the process sheds load. */
    eventLoopDelayMs: 1_000,
    eventLoopSampleMs: 1_000,
    eventLoopWarmUpMs: 2_000,
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
    /** How long a connection may take to answer what needs no lock, before it counts as lost. */
    enterMs: 2_500,
    queryMs: 7_000,
    maxLifetimeSeconds: 1_800,
    idleMs: 30_000,
  },
  retry: { attempts: 3, baseDelayMs: 20 },
  /**
   * While a migration waits for a lock, requests for that table wait behind it: shorter than `database.lockMs`,
   * with pauses in which they pass.
   */
  migration: { lockMs: 400, pauseMs: 1_000, giveUpMs: 600_000 },
  page: { default: 50, max: 200 },
  tokens: {
    accessSeconds: 600,
    /** The longest a client's portal token lives. */
    portalMinutes: 15,
    refreshIdleDays: 14,
    refreshAbsoluteDays: 60,
    invitationDays: 7,
    passwordResetMinutes: 60,
    refreshGraceSeconds: 10,
    mfaSetupMinutes: 15,
    assertionSeconds: 300,
    stepUpMinutes: 10,
    clockToleranceSeconds: 60,
    /** Verified access tokens a process remembers, per signing key: one is about 1 KB. */
    verifiedInMemory: 2_000,
  },
  /** Requests a minute, per actor (or address where nobody is signed in). A client has a share of it. */
  rate: { perMinute: 1_200, portalShare: 0.1 },
  /**
   * Failures within the window. An address counts as known to an account for so many days after a sign-in.
   * A reset is answered after a fixed time and a random one, whoever it is for: when a timer ends tells, by a fraction
   * of a millisecond, when the work before it did.
   */
  signIn: { failuresPerAccount: 10, failuresPerAddress: 50, windowMinutes: 15, knownAddressDays: 90 },
  passwordReset: { perAccount: 3, answerMs: 250, jitterMs: 20 },
  idempotencyHours: 48,
  /**
   * A treatment plan is reviewed so often unless the practice says otherwise. Payers commonly ask for 90 days or six
   * months (general knowledge): the shorter.
   */
  planReviewDays: 90,
  inquiries: {
    /** How long an inquiry that ended still names somebody, unless the practice says otherwise. */
    retentionDays: 180,
    /** Most that one round anonymizes in a practice: a transaction is short. */
    perRound: 200,
  },
  /** Fewer people than this are not counted in a report: a small number tells of each. */
  smallestCount: 5,
  /** A client may read a signed note after so long unless the practice says otherwise: time to look for a reason not to. */
  noteReleaseHours: 48,
  /** A note is kept from its client for so long at most; after that it takes another determination. */
  noteHoldDays: 90,
  emergencyAccessMinutes: 60,
  /**
   * A signed note is locked when nothing happened to it for so long, unless the practice says otherwise: a week, from no
   * published source. Billing takes locked notes only.
   */
  lockNotesAfterHours: 168,
  /** An emergency access that nobody reviewed for this long is overdue. */
  emergencyReviewHours: 72,
  scheduling: {
    /** The longest notice a clinician may ask for: thirty days. */
    noticeMinutes: 43_200,
    /** Dates one search looks at, weeks one question asks about, and most slots of one answer. */
    searchDays: 62,
    searchWeeks: 53,
    slots: 200,
    /** Six weeks, as a month is shown; clinicians, and rooms, of one calendar; most that it shows. */
    calendarDays: 42,
    calendarColumns: 50,
    calendarEntries: 5_000,
    /** The longest range of a report: a year. */
    reportDays: 366,
    /** Clinicians one search may name, and most that it looks at where it names none. */
    searchClinicians: 100,
    /** Clinicians who give one session together. */
    together: 4,
    /** Blocks of one intensive: ten days of ten. Of its aftercare and money no more is shown at once. */
    intensiveBlocks: 100,
    intensiveTasks: 50,
    intensiveMoney: 100,
    /** Dates on which an itinerary may begin, for one question. */
    fittingDays: 31,
    holdMinutes: { default: 10, max: 60 },
    /** Holds that one actor may have at a time: a front desk keeps a few, not a calendar. */
    holdsPerActor: 20,
    series: {
      /** How far ahead dates are booked: a year, and a fortnight so that the job looks at a series twice a month. */
      aheadDays: 366,
      marginDays: 14,
      /** Most dates of a series within that time: one on each day. */
      dates: 380,
      pauses: 100,
      /** Series that one round of the job goes on with, and appointments that it moves, in a practice. */
      perRound: 200,
      movesPerRound: 1_000,
      /** Slots offered for each appointment that time off or a holiday hits, and how far from it in days. */
      offers: 3,
      offerDays: 14,
    },
    groups: { seats: 60, topics: 60 },
    waitlist: {
      /** How long an offer stands unless the practice says otherwise. */
      offerMinutes: 240,
      /** Of a series that is canceled the hours of so many days are offered. */
      openingDays: 28,
      /** How many are offered one opening at once where the first to accept gets it. */
      atOnce: 5,
      /** How many of those who wait are looked at for one opening. */
      candidates: 50,
    },
  },
  clientMessages: {
    /** A change is told of when it stood for so long: front desks correct themselves. */
    settleMinutes: 2,
    /** Changes that one round looks at in a practice; the next one goes on. */
    changesPerRound: 500,
    /** How often a message is offered to a server that does not take it now. */
    attempts: 6,
  },
  calendarFeeds: {
    /** Addresses of one person at a time: a phone, a computer, and some to spare. */
    perPerson: 5,
    /** What a feed shows. */
    pastDays: 30,
    aheadDays: 400,
    /** How often programs are asked to look, in seconds. */
    refreshSeconds: 900,
  },
  assessments: {
    /** How soon somebody is expected to look at a worrying answer, unless the practice says otherwise. */
    riskResponseMinutes: 60,
    itemsPerInstrument: 200,
    scalesPerInstrument: 60,
    /** Most points of one series of scores. */
    trendPoints: 500,
    /** How far ahead an assignment may be due or end. */
    yearsAhead: 10,
  },
  noteTrends: {
    /** The longest range: ten years. */
    rangeDays: 3_660,
    /** The longest range of diary cards. */
    diaryDays: 400,
    /** Most notes, and most numbers of them, in one answer. */
    notes: 200,
    figures: 10_000,
  },
  /** Changes of one record by one session within this time are one sitting: one audit row. */
  sittingMinutes: 15,
  /** Requests that were accepted are answered within `requestsMs`, or cut off. */
  shutdown: { graceMs: 10_000, drainMs: 500, requestsMs: 6_000 },
  /** The log repeats an outage this often; it is over when nothing failed for `quietMs` and the database answers. */
  outage: { sayAgainMs: 10_000, quietMs: 1_000 },
  relay: { intervalMs: 200, batch: 500, connections: 4 },
  jobs: { pollSeconds: 0.5, atOnce: 5, stopMs: 5_000, superviseSeconds: 10 },
  /**
   * A row of the audit log is sealed when it stands at most `lateSeconds` before the newest sealed one. No
   * transaction lasts that long, so whatever appears further back was put there afterwards.
   */
  audit: { sealIntervalMs: 2_000, sealBatch: 500, lateSeconds: 60, anchorIntervalMs: 60_000, scan: 20_000 },
  feed: { pollMs: 250, scan: 2_000, mostWaiting: 1_000 },
  /** Journeys that one run of a batch migrates before it lets other work pass. */
  journeyBatchRun: 500,
  recovery: {
    /** The longest range of a figure: fifteen years. */
    rangeDays: 5_500,
    /** The longest range of a trend by single days. */
    trendDays: 400,
    /** A contract may be agreed to start, and a definition to hold, so far ahead. */
    aheadDays: 90,
    /** Days without a contact or meeting after which a chart is brought up: good practice, from no published source. */
    isolationDays: 7,
    /** A deadline of a mandated report is brought up so long before: time to write it, from no published source. */
    reportLeadHours: 12,
  },
  retentionDays: {
    outbox: 30,
    sessions: 30,
    mails: 30,
    userTokens: 1,
    slotHolds: 1,
    signInAttempts: 1,
    signInAddresses: 180,
  },
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

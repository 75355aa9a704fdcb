/**
 * Operations without an Idempotency-Key where each request is an effect of its own, and why a second one after
 * a lost answer does no harm.
 */
export const repeatable: Readonly<Record<string, string>> = {
  createSession: 'signs in once more: the session whose answer was lost expires unused',
  requestPasswordReset: 'sends another code, a few within an hour at most; each of them is good',
  createPractice:
    'the operator makes a second, empty practice: setup has no practice yet that could keep a key',
}

/** Tables whose rows cannot be counted against another run, and why. */
export const uncounted: Readonly<Record<string, string>> = {
  client_search_terms: 'their number depends on the name of the client',
  sign_in_attempts: 'an attempt counts until it has succeeded, so one that was cut short does',
}

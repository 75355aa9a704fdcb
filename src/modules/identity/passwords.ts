import {
  createPasswordHasher,
  HashingBusy,
  type PasswordProblem,
  passwordLength,
  passwordProblems,
} from '../../lib/passwords.ts'
import { Problem } from '../../lib/problems.ts'

/** One per process: its gate keeps a storm of sign-ins from taking all memory. */
const hasher = createPasswordHasher()

/** @throws Problem `service-busy` */
export const hashPassword = (password: string) => unlessBusy(hasher.hashPassword(password))

/**
 * Compares a password; without a hash (no such account) it takes as long and is never right.
 *
 * @throws Problem `service-busy`
 */
export const verifyPassword = (hash: string | null | undefined, password: string) =>
  unlessBusy(hash ? hasher.verifyPassword(hash, password) : hasher.dummyVerify(password))

async function unlessBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw cause instanceof HashingBusy ? new Problem('service-busy', { retryAfter: 2, cause }) : cause
  }
}

const reasons: Readonly<Record<PasswordProblem, string>> = {
  'password-too-short': `Use at least ${passwordLength.min} characters.`,
  'password-too-long': `Use at most ${passwordLength.max} characters.`,
  'password-too-common': 'This is one of the passwords that are guessed first.',
  'password-too-repetitive': 'Use less repetition.',
  'password-contains-email': 'Leave the e-mail address out.',
  'password-contains-name': 'Leave the name out.',
}

/** @throws Problem `invalid-request` that says what is wrong with a new password */
export function requireGoodPassword(
  password: string,
  person: { email: string; names: readonly string[] },
  pointer = '/password',
): void {
  const errors = passwordProblems(password, person).map(code => ({ pointer, code, detail: reasons[code] }))
  if (errors.length > 0) throw new Problem('invalid-request', { errors })
}

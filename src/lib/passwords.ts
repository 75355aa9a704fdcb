import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { commonPasswords } from './common-passwords.ts'
import { limits } from './limits.ts'

export type PasswordCost = {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
export const passwordCost: PasswordCost = { memoryKib: 19_456, passes: 2, parallelism: 1 }

export type PasswordHasher = {
  /** @returns a PHC string. @throws HashingBusy */
  hashPassword(password: string): Promise<string>
  /**
   * Takes as long for a wrong password as for the right one.
   *
   * @returns `needsRehash` when the password is right and its hash was made at another cost
   * @throws HashingBusy
   */
  verifyPassword(hash: string, password: string): Promise<{ ok: boolean; needsRehash: boolean }>
  /** The cost of `verifyPassword`, for accounts that do not exist: time must not tell them apart. */
  dummyVerify(password: string): Promise<{ ok: false; needsRehash: false }>
}

/** More sign-ins at once than the hashing queue holds. Answer 503 with Retry-After. */
export class HashingBusy extends Error {
  override name = 'HashingBusy'
}

/**
 * argon2id of Node's own crypto, on its thread pool. One per process: the gate in it keeps a storm of
 * sign-ins from taking all memory and both cores.
 */
export function createPasswordHasher({
  cost = passwordCost,
  concurrent = limits.passwordHashing.concurrent,
  queued = limits.passwordHashing.queued,
}: {
  cost?: PasswordCost
  concurrent?: number
  queued?: number
} = {}): PasswordHasher {
  const throughGate = createGate(concurrent, queued)
  const nobody: ParsedHash = { cost, salt: randomBytes(saltBytes), digest: randomBytes(digestBytes) }

  async function matches(password: string, expected: ParsedHash): Promise<boolean> {
    const digest = await throughGate(() => derive(password, expected.salt, expected.cost))
    return timingSafeEqual(digest, expected.digest)
  }

  return {
    async hashPassword(password) {
      const salt = randomBytes(saltBytes)
      return format({ cost, salt, digest: await throughGate(() => derive(password, salt, cost)) })
    },

    async verifyPassword(hash, password) {
      const expected = parse(hash)
      const ok = await matches(password, expected)
      return { ok, needsRehash: ok && !sameCost(expected.cost, cost) }
    },

    async dummyVerify(password) {
      await matches(password, nobody)
      return { ok: false, needsRehash: false }
    },
  }
}

const saltBytes = 16
const digestBytes = 32

type ParsedHash = { readonly cost: PasswordCost; readonly salt: Buffer; readonly digest: Buffer }

const argon2id = promisify((parameters: Argon2Parameters, done: (error: Error | null, key: Buffer) => void) =>
  argon2('argon2id', parameters, done),
)

const derive = (password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> =>
  argon2id({
    message: normalized(password),
    nonce: salt,
    parallelism: cost.parallelism,
    memory: cost.memoryKib,
    passes: cost.passes,
    tagLength: digestBytes,
  })

/** Keyboards spell one character in several ways (NIST SP 800-63B §3.1.1.2). */
const normalized = (password: string) => password.normalize('NFKC')

function format({ cost, salt, digest }: ParsedHash): string {
  const parameters = `m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism}`
  return `$argon2id$v=19$${parameters}$${unpadded(salt)}$${unpadded(digest)}`
}

const phc =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

function parse(hash: string): ParsedHash {
  const [, memory, passes, parallelism, salt, digest] = phc.exec(hash) ?? []
  if (salt === undefined || digest === undefined) throw new TypeError('Not a password hash of ours')
  return {
    cost: { memoryKib: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    digest: Buffer.from(digest, 'base64'),
  }
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

const sameCost = (a: PasswordCost, b: PasswordCost) =>
  a.memoryKib === b.memoryKib && a.passes === b.passes && a.parallelism === b.parallelism

/** Runs at most `concurrent` at once and lets at most `queued` wait, first come first served. */
function createGate(concurrent: number, queued: number) {
  const waiting: (() => void)[] = []
  let running = 0

  async function enter(): Promise<void> {
    if (running < concurrent) {
      running += 1
      return
    }
    if (waiting.length >= queued) throw new HashingBusy('Too many sign-ins at once')
    await new Promise<void>(resolve => waiting.push(resolve))
  }

  /** The place goes straight to the next in line, so that no newcomer slips in between. */
  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}

export type PasswordProblem =
  | 'password-too-short'
  | 'password-too-long'
  | 'password-too-common'
  | 'password-too-repetitive'
  | 'password-contains-email'
  | 'password-contains-name'

export const passwordLength = { min: 15, max: 128 } as const

/** Shorter words are in too many good pass phrases by chance. */
const shortestOwnWord = 4
const fewestDifferentCharacters = 6

/**
 * Why a password may not be chosen. Length, and nothing that is guessed first: no rules on kinds of
 * characters (NIST SP 800-63B §3.1.1.2; OWASP ASVS 5.0, 6.2).
 *
 * @param person whose password it is to be: e-mail address, and given, family and preferred names
 */
export function passwordProblems(
  password: string,
  person: { email: string; names: readonly string[] },
): PasswordProblem[] {
  const length = [...normalized(password)].length
  const plain = squeezed(password)
  const contains = (word: string) => [...word].length >= shortestOwnWord && plain.includes(word)

  const found: [PasswordProblem, boolean][] = [
    ['password-too-short', length < passwordLength.min],
    ['password-too-long', length > passwordLength.max],
    ['password-too-common', commonPasswords.has(plain)],
    ['password-too-repetitive', isRepetitive(password)],
    ['password-contains-email', contains(squeezed(mailboxOf(person.email)))],
    ['password-contains-name', person.names.map(squeezed).some(contains)],
  ]
  return found.filter(([, applies]) => applies).map(([problem]) => problem)
}

/** Letters and digits in lower case: "Pass-Word 1" is no other guess than "password1". */
const squeezed = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The part before the @, without a "+tag". */
const mailboxOf = (email: string) => email.split(/[+@]/, 1)[0] ?? ''

/** "aaaaaaaaaaaaaaaa", "sunshinesunshine", "123456789012345", but no pass phrase. */
function isRepetitive(password: string): boolean {
  const text = password.toLowerCase()
  const characters = [...text]
  // A text made of equal parts is found again inside its own double.
  if (`${text}${text}`.indexOf(text, 1) < text.length) return true
  const steps = characters.slice(1).filter((character, index) => follows(characters[index], character))
  return new Set(characters).size < fewestDifferentCharacters || steps.length > characters.length / 2
}

/** Whether a character is the one before it, its neighbor in the alphabet, or 0 after 9. */
function follows(before: string | undefined, after: string): boolean {
  if (before === undefined) return false
  const distance = (after.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0)
  return Math.abs(distance) <= 1 || (before === '9' && after === '0') || (before === '0' && after === '9')
}

import fc from 'fast-check'
import t, { type Test } from 'tap'
import { proof } from '../../support/proof.ts'
import { answerChecks } from '../../support/proofs/fuzz/checks.ts'
import { isList, walkList } from '../../support/proofs/fuzz/lists.ts'
import { tryMethods } from '../../support/proofs/fuzz/methods.ts'
import { openObjectsOf } from '../../support/proofs/fuzz/mutants.ts'
import { createRange, seedFor } from '../../support/proofs/fuzz/range.ts'
import { trySequences } from '../../support/proofs/fuzz/sequences.ts'
import { Fault, type Seen } from '../../support/proofs/fuzz/shot.ts'
import { marker } from '../../support/proofs/fuzz/values.ts'
import { tryVariants } from '../../support/proofs/fuzz/variants.ts'
import { volley } from '../../support/proofs/fuzz/volley.ts'
import { createTestApp } from '../../support/test-app.ts'

// Requests made from the OpenAPI document, wrong ones and right ones, alone and in sequences. In its long form every
// operation has to succeed at least once: a fuzzer that never gets in proves nothing.

const here = proof('fuzz')
const requests = here.amount(300, 20_000, 'FUZZ_REQUESTS')

t.test('fuzz', async t => {
  const test = await createTestApp(t)
  const range = await createRange(test, here.seed)
  const ids = range.operations.map(({ id }) => id)
  const [shuffled = []] = fc.sample(
    fc.shuffledSubarray(range.operations, { minLength: range.operations.length }),
    { numRuns: 1, seed: here.seed },
  )
  // The short form asks some of them, other ones each time.
  const chosen = here.long ? range.operations : shuffled.slice(0, Math.max(1, Math.round(requests / 40)))
  const each = requests / chosen.length
  const report = (t: Test, faults: readonly Error[], what: string) => {
    if (faults.length === 0) t.pass(what)
    for (const { message } of faults) t.fail(message)
  }

  t.test('the checks see what they are there for', async t => {
    const operation = range.operations.find(({ id }) => id === 'getPractice')
    if (!operation) throw new Error('There is no operation to control the checks with')
    const { shot } = await range.prepare(operation)
    const seen = await range.fire(shot)
    const check = answerChecks(test)
    const headers = (changed: Seen['headers']) => ({ headers: { ...seen.headers, ...changed } })
    const problem = { ...headers({ 'content-type': 'application/problem+json; charset=utf-8' }), status: 404 }
    const body = { status: 404, code: 'not-found' }
    const wrong: Record<string, Partial<Seen>> = {
      'a server error': { status: 500 },
      'an answer that may be kept': headers({ 'cache-control': 'max-age=60' }),
      'an answer that may be sniffed': headers({ 'x-content-type-options': undefined }),
      'no ETag': headers({ etag: undefined }),
      "another version's ETag": headers({ etag: '"v999"' }),
      'another type': headers({ 'content-type': 'text/html' }),
      'a cookie': headers({ 'set-cookie': 'a=b' }),
      'a forgotten rate limit': headers({ 'ratelimit-remaining': undefined }),
      'a refusal that repeats what was sent': { ...problem, body, payload: `"${marker}"` },
      'a refusal that tells of insides': { ...problem, body, payload: 'relation "clients" does not exist' },
      'a code that is not documented': { ...problem, body: { ...body, code: 'stale-version' } },
      'a refusal of something unsaid': {
        ...problem,
        status: 400,
        body: { status: 400, code: 'invalid-request' },
      },
    }
    check(shot, seen)
    for (const [name, change] of Object.entries(wrong))
      t.throws(() => check(shot, { ...seen, ...change }), Fault, name)
  })

  t.test('no body takes fields that nobody described', async t => {
    for (const operation of range.operations)
      t.same(openObjectsOf(operation, range.schemas), [], operation.id)
  })

  t.test(
    'what is wrong in one place is refused and changes nothing; then the right one succeeds',
    async t => {
      for (const operation of chosen)
        report(t, await volley(range, operation, Math.ceil(each * 0.5)), operation.id)
    },
  )

  t.test('what fits the schema is done, or refused for a documented reason', async t => {
    for (const operation of chosen)
      report(
        t,
        await tryVariants(range, operation, Math.ceil(each * (here.long ? 0.12 : 0.05))),
        operation.id,
      )
  })

  t.test('lists are walked whole and in order while they grow', async t => {
    for (const operation of chosen.filter(isList))
      report(t, await faultsOf(walkList(range, operation)), operation.id)
  })

  t.test(
    'a method that an address does not have is refused',
    { skip: !here.long && 'long form' },
    async t => {
      report(t, await faultsOf(tryMethods(range)), 'all of them')
    },
  )

  await t.test('in any order, nothing is lost and nothing changes that was refused', async t => {
    for (let round = 0; round === 0 || range.tally.requests < requests; round++)
      report(
        t,
        await trySequences(range, here.long ? 12 : 2, seedFor(range, 'sequence', round)),
        `round ${round}`,
      )
  })

  await t.test('every operation was got into', { skip: !here.long && 'long form' }, async t => {
    t.same(range.tally.neverSucceeded(ids), [])
    for (const line of range.tally.table(ids).split('\n')) t.comment(line)
  })

  here.report({ requests: range.tally.requests, operations: chosen.length, ...range.tally.sums() })
})

/** What it threw, if that is something the service should not have answered. */
async function faultsOf(work: Promise<unknown>): Promise<Fault[]> {
  try {
    await work
    return []
  } catch (error) {
    if (error instanceof Fault) return [error]
    throw error
  }
}

import t from 'tap'
import { createTestApp } from '../support/test-app.ts'
import {
  tellTheAmendment,
  tellTheBilling,
  tellTheHashes,
  tellTheLock,
  tellTheThread,
} from '../support/three-days/afterwards.ts'
import { createCast } from '../support/three-days/cast.ts'
import { tellTheCouple } from '../support/three-days/couple.ts'
import { tellTheMemory, type Worked } from '../support/three-days/emdr.ts'
import { tellTheEvening } from '../support/three-days/group.ts'
import { tellThePrivateNote } from '../support/three-days/private.ts'
import { type Settled, tellTheBody } from '../support/three-days/somatic.ts'

// Three days of a fictional couple: joint days in their chart, a memory in his, body work in hers, a group in the
// evening, and what followed the signatures. Every figure is held against a number worked out by hand where it stands.

t.setTimeout(120_000)

t.test('three days', async t => {
  const test = await createTestApp(t)
  const cast = await createCast(test)
  let worked: Worked | undefined
  let settled: Settled | undefined

  await t.test('a memory is put away for the night, and worked through the next day', async t => {
    worked = await tellTheMemory(t, cast)
  })
  const his = present(worked)
  await t.test('a body settles; an associate’s note comes back and is co-signed', async t => {
    settled = await tellTheBody(t, cast)
  })
  const hers = present(settled)
  await t.test('the days of the couple, in numbers', async t => void (await tellTheCouple(t, cast)))
  await t.test('a group evening in one request', async t => void (await tellTheEvening(t, cast, his.planId)))
  await t.test('minutes and codes', async t => tellTheBilling(t, cast, his, hers))
  await t.test('a locked note takes addenda alone', async t => tellTheLock(t, cast, his))
  await t.test('a request to amend is refused, disputed and answered', async t =>
    tellTheAmendment(t, cast, hers),
  )
  await t.test('plan and notes side by side', async t => tellTheThread(t, cast, his))
  await t.test('what was signed is what stands there', async t => tellTheHashes(t, cast))
  await t.test('a note that nobody else can find', async t => tellThePrivateNote(t, cast, his.notes.first))
})

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The chapter before did not get that far')
  return value
}

import t from 'tap'
import { createCast, type Person } from '../support/eight-months/cast.ts'
import { linkThem, tellMirasOwnWay, tellTheirScores } from '../support/eight-months/couple.ts'
import { tellJonahsInquiry, tellJonahsLife } from '../support/eight-months/jonah-asks.ts'
import { tellJonahsAssessment, tellJonahsContainment } from '../support/eight-months/jonah-begins.ts'
import { tellJonahsPlan } from '../support/eight-months/jonah-plans.ts'
import {
  type Counted,
  tellHisContract,
  tellHisDefinition,
  tellHisEvenings,
  tellHisStreaks,
  tellHisUrges,
} from '../support/eight-months/jonah-recovers.ts'
import { tellJonahsStages, tellJonahsTasks } from '../support/eight-months/jonah-works.ts'
import { tellLena } from '../support/eight-months/lena.ts'
import { tellOmar } from '../support/eight-months/omar.ts'
import { tellTheo } from '../support/eight-months/theo.ts'
import { createTestApp } from '../support/test-app.ts'

// Eight months of a fictional practice: a couple and three more people, each on a way of their own. Every figure is
// held against a number worked out by hand, in the line where it stands.

t.setTimeout(170_000)

t.test('eight months', async t => {
  const test = await createTestApp(t)
  const cast = await createCast(test)
  let arrived: Person | undefined
  await t.test('Jonah calls for himself', async t => {
    arrived = await tellJonahsInquiry(t, cast)
  })
  const jonah = present(arrived)
  const mira = await cast.caller('Mira', cast.partnerTherapist)

  await t.test('Jonah asks whether this is him', async t => tellJonahsAssessment(t, cast, jonah))
  await t.test('what is known of his life', async t => tellJonahsLife(t, cast, jonah))
  await t.test('first, what keeps him safe', async t => tellJonahsContainment(t, cast, jonah))
  let counted: Counted | undefined
  await t.test('three circles, in his own words', async t => {
    counted = await tellHisDefinition(t, cast, jonah)
  })
  const his = present(counted)
  await t.test('sixty days, broken and gone on with', async t => tellHisContract(t, cast, jonah, his))
  await t.test('each day by the definition of that day', async t => tellHisStreaks(t, cast, jonah, his))
  await t.test('something else comes up', async t => tellHisEvenings(t, cast, jonah, his))
  await t.test('urges are noticed earlier', async t => tellHisUrges(t, cast, jonah))
  await t.test('tasks one to seven, and some of them again', async t => tellJonahsTasks(t, cast, jonah))
  await t.test('stages overlap', async t => tellJonahsStages(t, cast, jonah))
  await t.test('a plan that both sign, and that changes', async t => tellJonahsPlan(t, cast, jonah))

  const couple = await linkThem(cast, jonah, mira)
  await t.test('Mira has a therapist of her own', async t => tellMirasOwnWay(t, cast, couple))
  await t.test('scores side by side, once both agreed', async t => tellTheirScores(t, cast, couple))

  await t.test('Theo wants less, not nothing', async t => void (await tellTheo(t, cast)))
  await t.test('Lena waits until she stands firm', async t => void (await tellLena(t, cast)))
  await t.test('Omar finds people', async t => void (await tellOmar(t, cast)))
})

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The chapter before did not get that far')
  return value
}

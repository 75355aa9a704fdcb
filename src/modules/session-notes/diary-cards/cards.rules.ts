import { referenceValues } from '../parts/reference-values.ts'
import type { DiaryCard } from './cards.schemas.ts'
import type { SkillKey, UrgeTarget } from './skills.ts'

/** What a card says. */
export type Answers = Pick<
  DiaryCard,
  'emotions' | 'urges' | 'medicationAsPrescribed' | 'sleepMinutes' | 'skills' | 'skillUse' | 'note'
>

/** The urge to suicide that somebody has to know of now; undefined where there is none. */
export function worryingUrge({ urges }: Pick<Answers, 'urges'>): Answers['urges'][number] | undefined {
  const { value } = referenceValues.suicide_urge
  return urges.find(({ target, urge, acted }) => target === 'suicide' && (urge >= value || acted === true))
}

const dayMs = 86_400_000
const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / dayMs
const dayOf = (number: number) => new Date(number * dayMs).toISOString().slice(0, 10)

/** The Monday of a day's week. 1 January 1970 was a Thursday. */
export const mondayOf = (day: string): string => dayOf(Math.floor((dayNumber(day) + 3) / 7) * 7 - 3)

/** A day with its card. */
export interface CardDay {
  coversOn: string
  answers: Answers
}

export interface WeekOfCards {
  /** Its Monday. */
  weekOf: string
  cards: number
  blankDays: number
  urges: {
    target: UrgeTarget
    max: number
    mean: number
    urgeDays: number
    actedDays: number
    notActedShare: number | null
  }[]
  emotions: { emotion: Answers['emotions'][number]['emotion']; mean: number }[]
  skillsPerDay: number | null
  skillUseMean: number | null
  skills: { skill: SkillKey; days: number }[]
  sleepMinutesMean: number | null
}

/**
 * The weeks of a range, each from Monday to Sunday as far as the range goes.
 *
 * @param firstOn the day of the first card of all: before it, and after `today`, no day is blank
 */
export function weeksOf(
  cards: readonly CardDay[],
  { from, to }: { from: string; to: string },
  { firstOn, today }: { firstOn: string | null; today: string },
): WeekOfCards[] {
  const lived = Math.min(dayNumber(to), dayNumber(today))
  const weeks: WeekOfCards[] = []
  for (let monday = dayNumber(mondayOf(from)); monday <= dayNumber(to); monday += 7) {
    const first = Math.max(monday, dayNumber(from), firstOn === null ? Infinity : dayNumber(firstOn))
    const days = Math.max(0, Math.min(monday + 6, lived) - first + 1)
    const [weekOf, next] = [dayOf(monday), dayOf(monday + 7)]
    const own = cards.filter(({ coversOn }) => coversOn >= weekOf && coversOn < next)
    weeks.push({ weekOf, cards: own.length, blankDays: days - own.length, ...weekFigures(own) })
  }
  return weeks
}

function weekFigures(cards: readonly CardDay[]): Omit<WeekOfCards, 'weekOf' | 'cards' | 'blankDays'> {
  const said = cards.map(({ answers }) => answers)
  const urges = Map.groupBy(
    said.flatMap(one => one.urges),
    ({ target }) => target,
  )
  const emotions = Map.groupBy(
    said.flatMap(one => one.emotions),
    ({ emotion }) => emotion,
  )
  const skills = Map.groupBy(
    said.flatMap(one => one.skills),
    skill => skill,
  )
  return {
    urges: [...urges].map(([target, of]) => ({ target, ...urgeFigures(of) })),
    emotions: [...emotions].map(([emotion, of]) => ({
      emotion,
      mean: meanOf(of.map(({ strength }) => strength)) ?? 0,
    })),
    skillsPerDay: meanOf(said.map(one => one.skills.length)),
    skillUseMean: meanOf(said.flatMap(one => one.skillUse ?? [])),
    skills: [...skills]
      .map(([skill, of]) => ({ skill, days: of.length }))
      .toSorted((a, b) => b.days - a.days || a.skill.localeCompare(b.skill)),
    sleepMinutesMean: meanOf(said.flatMap(one => one.sleepMinutes ?? [])),
  }
}

/** Between urge and act: of the days with an urge of which both is known, the share on which it was not acted on. */
function urgeFigures(urges: Answers['urges']) {
  const felt = urges.filter(({ urge }) => urge > 0)
  const known = felt.filter(({ acted }) => acted !== null)
  const actedOn = known.filter(({ acted }) => acted === true)
  return {
    max: Math.max(...urges.map(({ urge }) => urge)),
    mean: meanOf(urges.map(({ urge }) => urge)) ?? 0,
    urgeDays: felt.length,
    actedDays: urges.filter(({ acted }) => acted === true).length,
    notActedShare: known.length === 0 ? null : rounded(1 - actedOn.length / known.length),
  }
}

const rounded = (value: number) => Math.round(value * 100) / 100

/** With two decimals; null of nothing. */
const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : rounded(values.reduce((sum, value) => sum + value, 0) / values.length)

import { daysBetween } from './days.ts'
import type { ProgramDocument } from './templates.schemas.ts'

export type Band = NonNullable<ProgramDocument['stages'][number]['typical']>

/** Where some days stand beside what was published as typical. It says nothing about anybody. */
export const bandPositions = ['before_typical', 'within_typical', 'after_typical'] as const
export type BandPosition = (typeof bandPositions)[number]

export interface StageSpan {
  enteredOn: string
  /** The day it was left, or today while it lasts. */
  until: string
  journeyStartedOn: string
}

/** The days in a stage; the day it was entered is day 0. */
export const elapsedDays = ({ enteredOn, until }: StageSpan) => Math.max(0, daysBetween(enteredOn, until))

/** Both ends of the band belong to it. */
export function positionIn(band: Band, span: StageSpan): BandPosition {
  const days =
    band.measuredFrom === 'stage_entry' ? elapsedDays(span) : daysBetween(span.journeyStartedOn, span.until)
  if (days < band.fromDays) return 'before_typical'
  return band.toDays !== null && days > band.toDays ? 'after_typical' : 'within_typical'
}

import { type TProperties, type TSchema, Type } from 'typebox'
import { strictObject } from '../../../lib/schemas.ts'

// Building blocks of a part's content. Whatever is in a draft may still be on its way, so every field is optional.

/** An object whose fields are filled in as somebody writes. @param example of one that is shown by itself */
export const growing = <P extends TProperties>(properties: P, description: string, example?: object) =>
  Type.Partial(strictObject(properties), {
    additionalProperties: false,
    description,
    ...(example ? { examples: [example] } : {}),
  })

/** The same, for the whole content of a part: what it is says its kind. */
export const content = <P extends TProperties>(properties: P) =>
  Type.Partial(strictObject(properties), { additionalProperties: false })

/** What somebody writes; at most so many characters. */
export const words = (description: string, maxLength = 4_000) => Type.String({ maxLength, description })

/** A whole number on a scale. */
export const rating = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description: `${description}, ${minimum} to ${maximum}.` })

export const minutes = (description: string, maximum = 1_440) =>
  Type.Integer({ minimum: 0, maximum, description: `${description}, in minutes.` })

export const several = <T extends TSchema>(item: T, description: string, maxItems = 40) =>
  Type.Array(item, { maxItems, description })

/** The mean of what was given; undefined of nothing. */
export const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length

/** A figure where there is a number for it, none where there is not. */
export const figure = (measure: string, value: number | undefined) =>
  value === undefined ? [] : [{ measure, value }]

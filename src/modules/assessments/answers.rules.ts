import { invalidField } from '../../lib/problems.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'
import type { Answers } from './scoring.rules.ts'

/** Answers as somebody sends them: null takes one back. */
export type AnswerChange = Readonly<Record<string, number | null>>

/** The answers after a change; what is left out stays. */
export function mergeAnswers(before: Answers, change: AnswerChange): Answers {
  const kept = Object.entries({ ...before, ...change }).filter(entry => entry[1] !== null)
  return Object.fromEntries(kept) as Answers
}

/** @throws Problem `invalid-request` for an item or an answer that the instrument does not have */
export function checkAnswers(definition: InstrumentDefinition, change: AnswerChange): void {
  const sets = new Map(
    definition.responseSets.map(set => [set.key, new Set(set.options.map(({ value }) => value))]),
  )
  const items = new Map(definition.items.map(item => [item.key, sets.get(item.responses)]))
  for (const [key, answer] of Object.entries(change)) {
    const values = items.get(key)
    if (!values) throw invalidField('/answers', 'unknown-item', 'Its keys must be items of this instrument.')
    if (answer !== null && !values.has(answer))
      throw invalidField(
        `/answers/${key}`,
        'unknown-answer',
        'Must be one of the values of this item, or null.',
      )
  }
}

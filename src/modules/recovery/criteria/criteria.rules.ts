import { invalidField } from '../../../lib/problems.ts'
import { type FrameworkKey, frameworkOf } from './frameworks.ts'

interface Answer {
  criterion: string
  present: 'yes' | 'no' | 'unclear'
}

/**
 * How many criteria are met and how many unclear.
 *
 * @throws Problem `invalid-request` for a criterion that the framework does not have, or that is answered twice
 */
export function countMet(framework: FrameworkKey, answers: readonly Answer[]) {
  const { criteria } = frameworkOf(framework)
  const seen = new Set<string>()
  for (const [index, { criterion }] of answers.entries()) {
    const pointer = `/answers/${index}/criterion`
    if (!criteria.includes(criterion))
      throw invalidField(pointer, 'unknown', 'The framework has no such criterion.')
    if (seen.has(criterion)) throw invalidField(pointer, 'repeated', 'Answer each criterion once.')
    seen.add(criterion)
  }
  const count = (present: Answer['present']) => answers.filter(answer => answer.present === present).length
  return { met: count('yes'), unclear: count('unclear'), rated: answers.length }
}

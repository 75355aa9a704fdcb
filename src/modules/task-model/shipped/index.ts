import type { ProgramDocument } from '../templates.schemas.ts'
import { exampleProgram } from './example-program.ts'
import { partnerPhases, partnerStages, recoveryPhases, recoveryStages } from './stage-models.ts'
import { thirtyTasks } from './thirty-tasks.ts'

/**
 * A template that comes with the service. Its id is the same in every practice, and its versions never change: better
 * wording is one more version.
 */
export interface ShippedTemplate {
  id: string
  versions: readonly { number: number; publishedAt: string; document: ProgramDocument }[]
}

const publishedAt = '2026-11-01T00:00:00.000Z'

const firstOf = (end: string, document: ProgramDocument): ShippedTemplate => ({
  id: `01900000-0000-7000-8000-0000000000${end}`,
  versions: [{ number: 1, publishedAt, document }],
})

/** In the order of their ids. */
export const shippedTemplates: readonly ShippedTemplate[] = [
  firstOf('01', thirtyTasks),
  firstOf('02', recoveryStages),
  firstOf('03', recoveryPhases),
  firstOf('04', partnerStages),
  firstOf('05', partnerPhases),
  firstOf('06', exampleProgram),
]

const keys = new Set(shippedTemplates.flatMap(({ versions }) => versions.map(({ document }) => document.key)))

/** A key that a practice cannot give to a template of its own. */
export const isShippedKey = (key: string) => keys.has(key)

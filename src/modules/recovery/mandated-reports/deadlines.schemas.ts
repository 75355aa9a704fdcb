import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { confidences, reportSteps, units } from './deadlines.rules.ts'

const recordId = '019c0000-0000-7000-8000-0000000000f1'

export const MandatedReportDeadlines = component(
  'MandatedReportDeadlines',
  strictObject(
    {
      recordId: Id('The record.', recordId),
      jurisdiction: Type.String({ description: 'ISO 3166-2: whose law was asked.', examples: ['US-CA'] }),
      knownAt: Nullable(Instant('When the clinician came to know; without it there is no `dueAt`.')),
      steps: Type.Array(
        strictObject({
          step: OneOf(reportSteps),
          unit: OneOf(units, {
            description:
              '`unknown`: no rule is on record for this duty, place and time. Ask counsel; it does not mean that nothing is due. Working days are Monday to Friday; holidays count as such, so that nothing is told too late.',
          }),
          amount: Nullable(Type.Integer({ description: 'How many hours or working days.' })),
          dueAt: Nullable(Instant('Until when.')),
          doneAt: Nullable(Instant('When the record says it was done.')),
          overdue: Type.Boolean({ description: 'It has to be reported, was not, and the time has passed.' }),
          source: Nullable(Type.String({ description: 'The law it comes from.' })),
          confidence: Nullable(OneOf(confidences, { description: 'How sure the rule is.' })),
        }),
      ),
    },
    {
      description:
        'Until when the steps of a mandated report are due. The duty is the clinician’s own; this is a reminder and no advice.',
      examples: [
        {
          recordId,
          jurisdiction: 'US-CA',
          knownAt: '2026-11-20T18:00:00.000Z',
          steps: [
            {
              step: 'oral',
              unit: 'at_once',
              amount: 0,
              dueAt: '2026-11-20T18:00:00.000Z',
              doneAt: '2026-11-20T18:30:00.000Z',
              overdue: false,
              source: 'A law (fictional)',
              confidence: 'published',
            },
          ],
        },
      ],
    },
  ),
)

export type MandatedReportDeadlines = Static<typeof MandatedReportDeadlines>

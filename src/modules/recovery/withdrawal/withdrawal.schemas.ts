import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, strictObject } from '../../../lib/schemas.ts'
import { exampleIds, Rating } from '../documents/documents.schemas.ts'
import { thresholds } from '../thresholds.ts'

const day = Type.Integer({ minimum: 1, description: 'Which day of the contract it was.' })
const on = CalendarDate('The client’s day.', '2026-01-08')
const burden = Type.Number({
  minimum: 0,
  maximum: 10,
  description: 'The mean of the symptoms that were told that day; two decimals.',
})
const felt = (name: string) => Nullable(Rating(`${name}; null where it was not told.`))

const pointExample = {
  day: 3,
  on: '2026-01-08',
  burden: 4.5,
  anxiety: 6,
  irritability: 5,
  depression: 3,
  dysphoria: null,
  shame: 4,
  hopelessness: null,
  urge: 6,
  sleepMinutes: 300,
}

const WithdrawalPoint = component(
  'WithdrawalPoint',
  strictObject(
    {
      day,
      on,
      burden,
      anxiety: felt('Anxiety'),
      irritability: felt('Irritability'),
      depression: felt('Depression'),
      dysphoria: felt('Dysphoria'),
      shame: felt('Shame'),
      hopelessness: felt('Hopelessness'),
      urge: felt('The strongest urge, of the contract’s addiction where it is about one'),
      sleepMinutes: Nullable(Type.Integer({ minimum: 0 })),
    },
    { description: 'A day of a contract, as a daily check-in tells of it.', examples: [pointExample] },
  ),
)

const runExample = {
  startsOn: '2026-01-06',
  points: [pointExample],
  first: { day: 3, on: '2026-01-08' },
  peak: { day: 3, on: '2026-01-08', burden: 4.5 },
  settled: null,
}

const WithdrawalRun = component(
  'WithdrawalRun',
  strictObject(
    {
      startsOn: CalendarDate('Day 1.', runExample.startsOn),
      points: Type.Array(WithdrawalPoint, {
        description:
          'By their days; days of which no symptom was told, and those between a break and a choice, are left out.',
      }),
      first: Nullable(
        strictObject({ day, on }, { description: 'The first day with a burden of at least `noticedFrom`.' }),
      ),
      peak: Nullable(
        strictObject(
          { day, on, burden },
          { description: 'The day with the greatest burden, the first of several.' },
        ),
      ),
      settled: Nullable(
        strictObject(
          { day, on },
          {
            description:
              'The first day told after the last one as strong as `noticedFrom`, once `settledAfterDays` days are calm.',
          },
        ),
      ),
    },
    { description: 'One beginning of a contract. A restart is another one.', examples: [runExample] },
  ),
)

export const WithdrawalCurve = component(
  'WithdrawalCurve',
  strictObject(
    {
      contractId: Id('The contract.', exampleIds.contract),
      noticedFrom: Type.Number({ description: 'See `GET /v1/recovery-reference` for its source.' }),
      settledAfterDays: Type.Integer({ minimum: 1, description: 'The same.' }),
      runs: Type.Array(WithdrawalRun, { description: 'Oldest first.' }),
    },
    {
      description: 'How withdrawal was felt over the days of an abstinence contract.',
      examples: [
        {
          contractId: exampleIds.contract,
          noticedFrom: thresholds.withdrawal_noticed.value,
          settledAfterDays: thresholds.withdrawal_quiet.value,
          runs: [runExample],
        },
      ],
    },
  ),
)

export type WithdrawalCurve = Static<typeof WithdrawalCurve>

import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Instant, OneOf, strictObject } from '../../../lib/schemas.ts'
import { example } from './examples.ts'

export const cents = (description: string, sample: number) =>
  Type.Integer({ minimum: 0, maximum: 100_000_000, description, examples: [sample] })

export const moneyKinds = [
  'deposit_due',
  'deposit_received',
  'refund_due',
  'refund_paid',
  'forfeited',
  'earned',
  'unearned',
] as const

export const MoneyStep = component(
  'IntensiveMoneyStep',
  strictObject(
    {
      id: Id('This step.', example.money),
      kind: OneOf(moneyKinds, {
        description:
          '`earned` is what of the price was given, `unearned` what was not; `forfeited` is what a client lost by canceling.',
      }),
      amountCents: cents('In US cents.', 200_000),
      currency: Type.Literal('USD'),
      onDate: CalendarDate('The day it is due, or happened.', '2026-11-20'),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'Data for billing. Nothing is charged or paid by it.',
      examples: [
        {
          id: example.money,
          kind: 'deposit_due',
          amountCents: 200_000,
          currency: 'USD',
          onDate: '2026-11-20',
          createdAt: '2026-11-12T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewMoneyStep = component(
  'NewIntensiveMoneyStep',
  strictObject(
    {
      kind: OneOf(['deposit_received', 'refund_paid'] as const, { examples: ['deposit_received'] }),
      amountCents: Type.Integer({ minimum: 1, maximum: 100_000_000, examples: [200_000] }),
      onDate: CalendarDate('When; not in the future.', '2026-01-05'),
    },
    {
      description: 'A payment that came in, or went back, elsewhere.',
      examples: [{ kind: 'deposit_received', amountCents: 200_000, onDate: '2026-01-05' }],
    },
  ),
)

export type NewMoneyStep = Static<typeof NewMoneyStep>
export type MoneyStep = Static<typeof MoneyStep>

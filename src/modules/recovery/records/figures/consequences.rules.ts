import { type FigureRow, ofKind, present } from './rows.ts'

/** What was lost, by domain of life, and what it cost together. */
export function consequencesOf(rows: readonly FigureRow[]) {
  const all = ofKind(rows, 'consequence')
  const byDomain = Map.groupBy(all, ({ keys: [domain] }) => domain ?? '')
  const withCost = all.flatMap(({ keys: [, currency], measures: [, amount] }) =>
    present(currency) && present(amount) ? [{ currency, amount }] : [],
  )
  return {
    domains: [...byDomain].map(([domain, some]) => ({
      domain,
      active: some.filter(({ status }) => status === 'active').length,
      beingRepaired: some.filter(({ status }) => status === 'being_repaired').length,
      resolved: some.filter(({ status }) => status === 'resolved').length,
      greatestSeverity: Math.max(...some.map(({ measures: [severity] }) => severity ?? 0)),
    })),
    costs: [...Map.groupBy(withCost, ({ currency }) => currency)].map(([currency, some]) => ({
      currency,
      amount: some.reduce((sum, { amount }) => sum + amount, 0),
    })),
  }
}

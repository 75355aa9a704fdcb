import { Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import { type DataClass, dataClasses } from './access-policy.ts'
import type { OpenChart } from './door.ts'
import { waysInto } from './ways.rules.ts'

/** The classes an actor who already has this chart open may read in it. */
export function readableClasses(actor: Scope['actor'], chart: OpenChart): DataClass[] {
  return dataClasses.filter(dataClass => {
    const ways = waysInto(actor, { dataClass })
    return (
      ways.everywhere !== null ||
      (ways.careTeam && chart.careTeamRole !== null) ||
      (ways.supervision && chart.supervised) ||
      (ways.emergency && chart.underEmergency)
    )
  })
}

/**
 * Care team and status of a chart are changed by the front desk and by the chart's primary clinician,
 * not by everybody who treats in it.
 *
 * @throws Problem `not-permitted`
 */
export function requireLead(actor: Scope['actor'], chart: OpenChart): void {
  const sees = waysInto(actor, { dataClass: 'administrative', write: true, permission: 'care-team:write' })
  if (sees.everywhere === 'all' || chart.careTeamRole === 'primary') return
  throw new Problem('not-permitted', {
    detail: 'Only the primary clinician of this chart and the front desk may do this.',
  })
}

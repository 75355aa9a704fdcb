import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientClock } from '../../clients/index.ts'
import { onDay, type StepRow, stepsOfChart } from '../abstinence/abstinence.repository.ts'
import { type ContractStatus, recordedSteps, statusAfter } from '../abstinence/abstinence.rules.ts'
import { type AddictionRow, addictionsOf } from '../addictions/addictions.repository.ts'
import { type CheckedDay, checkedDays } from '../check-ins/check-ins.repository.ts'
import { contractDays, coveredDays, type DefinitionDays, daysThrough } from '../days.rules.ts'
import { type LapseRow, lapsesOf } from '../lapses/lapses.repository.ts'
import { philosophiesOf } from '../philosophy/philosophy.service.ts'
import { openRecovery } from '../recovery-door.ts'
import { definitionDays } from '../sobriety/definition-days.ts'
import { wordsOf } from '../words.ts'
import { addictionFigures, median, rate, repeated } from './figures.rules.ts'
import type { RecoveryFigures } from './figures.schemas.ts'

/** @throws Problem `not-found` */
export async function getFigures(trx: PracticeTransaction, chartId: string): Promise<RecoveryFigures> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'recovery-figures' })
  return figuresOf(trx, chart)
}

/** Every figure of an open chart. Seven statements that leave together, whatever the chart holds. */
export async function figuresOf(trx: PracticeTransaction, chart: OpenChart): Promise<RecoveryFigures> {
  const [clock, philosophyOn, addictions, definitions, lapses, checked, steps] = await Promise.all([
    clientClock(trx, chart),
    philosophiesOf(trx, chart),
    addictionsOf(trx, chart),
    definitionDays(trx, chart),
    lapsesOf(trx, chart),
    checkedDays(trx, chart),
    stepsOfChart(trx, chart),
  ])
  const philosophy = philosophyOn(clock.today) ?? null
  return {
    ...clock,
    philosophy,
    words: wordsOf[philosophy ?? 'integrated'],
    addictions: addictions.map(row => figuresOfAddiction(row, definitions, lapses, checked, clock.today)),
    contracts: contractFigures(steps, checked, clock.today),
    lapses: lapseFigures(lapses),
  }
}

function figuresOfAddiction(
  row: AddictionRow,
  definitions: ReadonlyMap<string, DefinitionDays[]>,
  lapses: readonly LapseRow[],
  checked: readonly CheckedDay[],
  today: string,
): RecoveryFigures['addictions'][number] {
  const own = lapses.filter(lapse => lapse.addiction_id === row.id)
  const facts = {
    soberSince: row.sober_since,
    definitions: definitions.get(row.id) ?? [],
    lapses: own.map(lapse => ({
      on: lapse.occurred_on,
      itemIds: lapse.item_ids,
      circle: lapse.circle as 'inner' | 'middle' | 'outer' | null,
    })),
    checked: checked.flatMap(({ kind, covers_on, addictions }) =>
      addictions
        .filter(({ addictionId }) => addictionId === row.id)
        .map(about => ({
          kind,
          coversOn: covers_on,
          inner: about.innerCircle,
          middle: about.middleCircle,
          outer: about.outerCircle,
        })),
    ),
  }
  return {
    addictionId: row.id,
    status: row.status as RecoveryFigures['addictions'][number]['status'],
    isPrimary: row.is_primary,
    ...addictionFigures(facts, today),
  }
}

/** Of contracts that were at least agreed: a mere proposal has no figures. */
function contractFigures(
  rows: readonly StepRow[],
  checked: readonly CheckedDay[],
  today: string,
): RecoveryFigures['contracts'] {
  const covered = checked.map(({ kind, covers_on }) => ({ kind, coversOn: covers_on }))
  return [...Map.groupBy(rows, row => row.contract_id)].flatMap(([contractId, steps]) => {
    const status = statusOf(steps)
    if (!steps.some(({ step }) => step === 'agreed')) return []
    const days = contractDays(steps.map(onDay), today)
    const last = lastDay(steps, status, today)
    return [
      {
        contractId,
        status,
        ...days,
        checkedDays: days.startsOn ? coveredDays(covered, days.startsOn, last) : 0,
        elapsedDays: days.startsOn ? daysThrough(days.startsOn, last) : 0,
      },
    ]
  })
}

const statusOf = (steps: readonly StepRow[]) =>
  steps.reduce<ContractStatus>((status, { step }) => {
    const recorded = recordedSteps.find(known => known === step)
    return recorded ? statusAfter(status, recorded) : status
  }, 'proposed')

/** Up to when days of a contract are looked at: today, or the day it ended. */
function lastDay(steps: readonly StepRow[], status: ContractStatus, today: string): string {
  const end = status === 'completed' || status === 'ended_early' ? steps.at(-1)?.effective_on : undefined
  return end !== undefined && end < today ? end : today
}

function lapseFigures(rows: readonly LapseRow[]): RecoveryFigures['lapses'] {
  const changed = rows.filter(row => row.plan_changes > 0)
  const antecedents = rows.flatMap(row => row.antecedents as Antecedent[])
  return {
    count: rows.length,
    relapses: rows.filter(({ severity }) => severity === 'relapse').length,
    medianDaysUntilReported: median(
      rows.map(row => Math.max(0, daysThrough(row.occurred_on, row.reported_on) - 1)),
    ),
    planChangeRate: rate(changed.length, rows.length),
    repeatedAntecedents: repeated(antecedents).map(({ word, count }) => ({ antecedent: word, count })),
  }
}

type Antecedent = RecoveryFigures['lapses']['repeatedAntecedents'][number]['antecedent']

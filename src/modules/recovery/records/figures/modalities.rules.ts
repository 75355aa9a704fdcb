import { type FigureRow, mean, ofKind, present } from './rows.ts'

/** What the sessions of each modality did, by the record of its fit. */
export function modalitiesOf(rows: readonly FigureRow[]) {
  const responses = Map.groupBy(ofKind(rows, 'modality_response'), ({ relatedId }) => relatedId)
  return ofKind(rows, 'modality_fit').map(({ id, status, keys: [modality, direction, ...against] }) => {
    const series = (responses.get(id) ?? []).map(({ occurredOn, measures: [response] }) => ({
      on: occurredOn,
      response: response ?? 0,
    }))
    const values = series.map(({ response }) => response)
    const times = (wanted: number) => values.filter(value => value === wanted).length
    return {
      recordId: id,
      modality: modality ?? '',
      direction: direction ?? '',
      status,
      contraindications: against.filter(present),
      sessions: values.length,
      responses: {
        muchWorse: times(-2),
        worse: times(-1),
        same: times(0),
        better: times(1),
        muchBetter: times(2),
      },
      mean: mean(values),
      lastThree: values.length < 3 ? null : mean(values.slice(-3)),
      series,
    }
  })
}

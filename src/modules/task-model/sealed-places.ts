/** Where the sealed texts of templates and journeys stand. What is sealed for one row does not open in another. */
export const places = {
  content: (templateId: string, number: number, revision: number) => ({
    table: 'program_template_contents',
    column: 'content_sealed',
    rowId: `${templateId}|${number}`,
    rowVersion: revision,
  }),
  words: (eventId: string) => place('journey_events', 'words_sealed', eventId),
  evidence: (evidenceId: string) => place('journey_evidence', 'content_sealed', evidenceId),
  stageNote: (stageId: string) => place('journey_stages', 'note_sealed', stageId),
  letter: (letterId: string) => place('journey_letters', 'content_sealed', letterId),
}

const place = (table: string, column: string, rowId: string) => ({ table, column, rowId, rowVersion: 1 })

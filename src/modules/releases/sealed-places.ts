/** Where the words of releases stand. What is sealed for one does not open in another. */
export const sealedTerms = (releaseId: string) => ({
  table: 'releases',
  column: 'terms_sealed',
  rowId: releaseId,
  rowVersion: 1,
})

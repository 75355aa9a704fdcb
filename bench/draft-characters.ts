/** What a clinician has written after half an hour; written by the service and by its baseline. */
export const draftCharacters = 4_000

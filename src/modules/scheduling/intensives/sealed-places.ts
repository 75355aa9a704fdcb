/** Where the sealed notes of intensives stand. A text sealed for one place cannot be opened from another. */
const note = (table: string, rowId: string) => ({ table, column: 'note_sealed', rowId, rowVersion: 1 })

export const sealedChange = (id: string) => note('intensive_changes', id)
export const sealedMark = (id: string) => note('intensive_gate_marks', id)
export const sealedTask = (id: string) => note('intensive_aftercare_tasks', id)

import type { Database } from './in-practice.ts'

/** Whether this installation serves nobody yet. */
export async function hasNoPractice({ pool }: Database): Promise<boolean> {
  const { rowCount } = await pool.query('select from practice_directory limit 1')
  return rowCount === 0
}

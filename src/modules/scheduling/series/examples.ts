import { exampleIds } from '../session-fields.schemas.ts'

export const example = {
  ...exampleIds,
  pause: '019c0000-0000-7000-8000-0000000000fa',
  change: '019c0000-0000-7000-8000-0000000000fb',
}

export { created, done, file, ok, operation, unaddressed } from './operation.ts'
export { Pause } from './pause.ts'
export { publicOperation } from './public-operation.ts'
export type { Answer } from './types.ts'

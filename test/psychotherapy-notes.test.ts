import { runFolder } from './support/run-folder.ts'

await runFolder('psychotherapy-notes')

import { runFolder } from './support/run-folder.ts'

await runFolder('task-model')

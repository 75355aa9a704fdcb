import { endTestServer } from './test-server.ts'

await endTestServer()

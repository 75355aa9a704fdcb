import { prepareTestServer } from './test-server.ts'

// Once per run: a server, and a template database that every test file clones.
await prepareTestServer({ ownerPid: process.ppid })

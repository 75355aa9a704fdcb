import { type CrashPoint, interceptCalls } from './call-crash.ts'

// Loaded into the service before its own first module (`node --import`): it dies by its own hand at the database
// call that its parent names, as by `kill -9`. Nothing in the service knows of it.

const crash = interceptCalls(() => {
  process.kill(process.pid, 'SIGKILL')
  return new Promise<never>(() => {})
})

process.on('message', (point: CrashPoint) => {
  crash.arm(point)
  process.send?.('armed')
})
// Without its parent nobody would end it.
process.once('disconnect', () => process.exit(1))
process.channel?.unref()

import type { Test } from 'tap'
import { startSmtpServer } from '../../smtp-server.ts'

/** A mail server that takes no message, and says why with the address it was given, as many do. */
export async function echoingMailServer(t: Test): Promise<{ url: string; told(): string }> {
  const told: string[] = []
  const { url, close } = await startSmtpServer({
    answerTo: command => {
      told.push(command)
      return /^RCPT/i.test(command) ? `550 ${command.slice(8)} is nobody here` : undefined
    },
  })
  t.teardown(close)
  return { url, told: () => told.join('\n') }
}

import { existsSync, readFileSync } from 'node:fs'

// Loaded into the service before it starts: ends it by an error that nobody handles, once its file is there.
const { CRASH_FILE } = process.env
if (CRASH_FILE) {
  const watch = setInterval(() => {
    if (!existsSync(CRASH_FILE)) return
    clearInterval(watch)
    const { how, message } = JSON.parse(readFileSync(CRASH_FILE, 'utf8')) as { how: string; message: string }
    const error = new Error(message, { cause: new SyntaxError(message) })
    if (how === 'unhandled') void Promise.reject(error)
    else throw error
  }, 50)
  watch.unref()
}

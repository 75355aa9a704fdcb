import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

const outsideContract = 'a front-end over the contract'
const folder = new URL('./assets/', import.meta.url)

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
}

/** Everything from here, nothing inline, and no text that becomes markup. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** `/board`: the reference front-end. It is served as it stands in `assets`, and uses the public API only. */
export default async function board(app: FastifyInstance) {
  app.addHook('onRoute', route => {
    route.config = { ...route.config, outsideContract }
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', contentPolicy)
  })
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const type = types[name.split('.').at(-1) ?? ''] ?? 'text/plain'
    app.get(name === 'page.html' ? '/board' : `/board/${name}`, async (_request, reply) =>
      reply.type(`${type}; charset=utf-8`).send(text),
    )
  }
}

import type { FastifyInstance } from 'fastify'

/** The mail that was not sent, in development: newest last. */
export async function devInbox(app: FastifyInstance) {
  const { inbox } = app.house.mailer
  if (!app.house.config.DEV_INBOX || !inbox) return
  app.get('/dev/inbox', { config: { outsideContract: 'mail of a development server' } }, async () => ({
    data: inbox,
  }))
}

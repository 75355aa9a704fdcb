/** A message to a member of staff. Clients are never written to by this: their mail follows safe contact. */
export interface Mail {
  to: string
  subject: string
  text: string
}

export interface Mailer {
  /** @throws when the message was not accepted; the job retries. */
  send(mail: Mail): Promise<void>
}

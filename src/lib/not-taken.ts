/**
 * A message was certainly not taken over: the other side said so, or was never reached. Any other error of a sender
 * leaves open whether the message is on its way.
 */
export class NotTaken extends Error {
  /** Whether it may be taken another time; false where the address or the message itself was refused. */
  readonly again: boolean
  /** Of the other side's answer, or of the connection; never its words. */
  readonly code: string

  constructor(code: string, again: boolean, message = 'The message was not taken') {
    super(message)
    this.name = 'NotTaken'
    this.code = code
    this.again = again
  }
}

import { limits } from '../../lib/limits.ts'

/** What members of staff are written. Plain text, no links to follow: the front-end asks for the code. */

export interface MailText {
  subject: string
  text: string
}

export const invitationMail = (practice: string, code: string): MailText => ({
  subject: `You are invited to ${practice}`,
  text: [
    `${practice} has added you to its staff.`,
    'To accept, enter this code and choose a password. If you already sign in with this address elsewhere, enter the password you have.',
    `Code: ${code}`,
    `It works once, within ${limits.tokens.invitationDays} days.`,
  ].join('\n\n'),
})

export const passwordResetMail = (code: string): MailText => ({
  subject: 'Reset your password',
  text: [
    'Somebody, probably you, asked to reset the password of this address.',
    `Code: ${code}`,
    `It works once, within ${limits.tokens.passwordResetMinutes} minutes. If you did not ask, do nothing: your password stays.`,
  ].join('\n\n'),
})

export const passwordChangedMail = (): MailText => ({
  subject: 'Your password was changed',
  text: 'Your password was changed, and every other session has ended. If it was not you, reset your password and tell your practice.',
})

export const secondFactorChangedMail = (): MailText => ({
  subject: 'Your second factor was changed',
  text: 'The second factor of your sign-in was changed or removed, and every other session has ended. If it was not you, reset your password and tell your practice.',
})

export const tokenReusedMail = (): MailText => ({
  subject: 'A session of yours was ended',
  text: 'A sign-in that had already been renewed was used again, as happens when it was copied. We ended that session. Sign in again; if you did not expect this, change your password.',
})

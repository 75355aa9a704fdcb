/** Notes whose figures count: signed, with no co-signature missing, and not entered in error. */
export const countedStatuses: readonly string[] = ['signed', 'cosigned', 'locked']

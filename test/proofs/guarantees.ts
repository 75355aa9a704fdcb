/** What is guaranteed and how it is shown: the rows of docs/proofs.md, in its order. */
export interface Guarantee {
  /** The suite's name: `npm run proofs -- <suite>`; its file is `test/proofs/<suite>.test.ts`. */
  suite: string
  guarantee: string
  how: string
  /** Needs the whole machine for itself, or more than a few seconds: not part of `npm test`. */
  longOnly?: true
}

export const guarantees: readonly Guarantee[] = []

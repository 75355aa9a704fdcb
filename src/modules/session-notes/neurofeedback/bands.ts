import usual from './usual-bands.json' with { type: 'json' }

/** Frequency bands of the EEG, by the words that protocols and sessions use for them. */
export const bandKeys = ['delta', 'theta', 'alpha', 'smr', 'beta', 'high_beta'] as const
export type BandKey = (typeof bandKeys)[number]

export interface BandRange {
  lowHz: number
  highHz: number
}

/** The ranges of a practice that set none of its own. */
export const usualBands: Readonly<Record<BandKey, BandRange>> = usual.bands
export const usualSource = usual.source
export const usualConfidence = usual.confidence as 'verified' | 'general_knowledge'

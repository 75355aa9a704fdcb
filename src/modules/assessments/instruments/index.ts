import { ace } from './ace.ts'
import { audit } from './audit.ts'
import { bps } from './bps.ts'
import type { ShippedInstrument } from './building.ts'
import { cssrsScreener } from './c-ssrs-screener.ts'
import { csbd19 } from './csbd-19.ts'
import { csi16 } from './csi-16.ts'
import { dast10 } from './dast-10.ts'
import { desIi } from './des-ii.ts'
import { ecrR } from './ecr-r.ts'
import { ecrRs } from './ecr-rs.ts'
import { gad7 } from './gad-7.ts'
import { hbi19 } from './hbi-19.ts'
import { pathos } from './pathos.ts'
import { pcl5 } from './pcl-5.ts'
import { phq9 } from './phq-9.ts'
import { ppcs6, ppcs18 } from './ppcs.ts'
import { ras } from './ras.ts'
import { readinessRulers } from './readiness-rulers.ts'
import { sastRCore } from './sast-r-core.ts'
import { scs } from './scs.ts'
import { urica } from './urica.ts'

export type { ShippedInstrument } from './building.ts'

/**
 * Every instrument the service brings, every edition of it, oldest first. Item numbers and short labels of our own:
 * the wording belongs to its holders. Cut-offs that nobody confirmed are listed and not used.
 */
export const shippedInstruments: readonly ShippedInstrument[] = [
  phq9,
  gad7,
  pcl5,
  audit,
  dast10,
  ace,
  desIi,
  csbd19,
  hbi19,
  scs,
  ppcs18,
  ppcs6,
  bps,
  pathos,
  sastRCore,
  ecrR,
  ecrRs,
  ras,
  csi16,
  urica,
  readinessRulers,
  cssrsScreener,
]

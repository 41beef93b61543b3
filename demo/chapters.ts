import type { Chapter } from './demo-request.ts'
import { FOR_COUNSEL } from './for-counsel.ts'
import { ON_PAPER } from './on-paper.ts'
import { AT_THE_GATE } from './requests.ts'

/** The demo in the order it is played: what a request is given, later ones may use. */
export const CHAPTERS: readonly Chapter[] = [
  ...AT_THE_GATE,
  { title: 'On paper', requests: ON_PAPER },
  { title: 'What waits for counsel', requests: FOR_COUNSEL },
]

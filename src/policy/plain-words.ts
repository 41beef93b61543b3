import type { Category, FlagName } from '../terms/agency.ts'
import type { DataClass, UseKind } from '../terms/data-class.ts'
import type { ProcessKind, ProcessState } from '../terms/legal-process.ts'

/** The ids of the closed lists whose hyphens do not read as English, in the words counsel would use. */
export const PROCESS_WORDS: Readonly<Record<ProcessKind, string>> = {
  'judicial-warrant': 'a judicial warrant',
  'court-order': 'a court order',
  'judicial-subpoena': 'a judicial subpoena',
  'grand-jury-subpoena': 'a grand jury subpoena',
  'court-enforcement-order': 'a court order enforcing a subpoena',
  'civil-inspection-warrant': 'a civil inspection warrant',
  'foreign-subpoena': 'a subpoena of another state',
  'admin-subpoena': 'an administrative subpoena',
  'immigration-court-subpoena': 'an immigration court subpoena',
  'i-200': 'a Form I-200',
  'i-203': 'a Form I-203',
  'i-205': 'a Form I-205',
  'i-247': 'a Form I-247',
  'i-286': 'a Form I-286',
  'ncic-immigration-violator': 'an NCIC immigration violator hit',
  nsl: 'a national security letter',
  'agency-demand': "an agency's demand",
  '1373-letter': 'a letter under 8 U.S.C. 1373',
  'records-request': 'a public records request',
  'subject-consent': "the person's consent",
  'parental-consent': "a parent's consent",
  'exigent-claim': 'a claim of exigency',
}

export const STATE_WORDS: Readonly<Record<ProcessState, string>> = {
  none: 'absent',
  entered: 'entered',
  verified: 'verified',
  active: 'active',
  expired: 'expired',
  exhausted: 'used up',
  revoked: 'revoked',
  quashed: 'quashed',
}

export const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  city: 'a city body',
  county: 'a county body',
  state: 'a state body',
  'fire-ems': 'a fire or ambulance service',
  'local-police': 'local police',
  school: 'a school body',
  health: 'a health care provider',
  utility: 'a utility',
  court: 'a court',
  'legal-aid': 'a legal aid body',
  research: 'a research body',
  federal: 'a federal body',
  'immigration-authority': 'an immigration authority',
  'fusion-centre': 'a fusion centre',
  'data-broker': 'a data broker',
  vendor: 'a vendor',
  person: 'a private person',
  unknown: 'a body nobody could place',
}

export const FLAG_WORDS: Readonly<Record<FlagName, string>> = {
  '287g': 'has a 287(g) agreement',
  'task-force': 'works in a joint task force',
  certified: 'is certified',
}

export const CLASS_WORDS: Readonly<Record<DataClass, string>> = {
  status: 'immigration status',
  'status-identifier': 'numbers that identify status',
  'status-proxy': 'data that hints at status',
  locating: 'data that locates a person',
  custody: 'custody and release data',
  health: 'health data',
  personal: 'other personal data',
  open: 'open data',
}

export const USE_WORDS: Readonly<Record<UseKind, string>> = {
  select: 'selected by name',
  implied: 'returned by default',
  identify: 'used to name the person',
  filter: 'filtered by',
  sort: 'sorted by',
  group: 'grouped by',
  aggregate: 'aggregated',
  count: 'counted',
  search: 'searched',
  expand: 'expanded',
  cursor: 'paged by',
  computed: 'computed with',
  write: 'written',
}

/** Ids whose words are plain once the hyphens are gone: purposes, keepers, record classes. */
export const plainId = (id: string): string => id.replaceAll('-', ' ')

/** `a`, `a or b`, `a, b or c`. */
export function listWords(words: readonly string[], last: 'or' | 'and'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

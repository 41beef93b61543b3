import type { Agency } from '../terms/agency.ts'
import { Purpose, type StatedPurpose } from '../terms/purpose.ts'
import type { CompiledLexicon } from './compile-lexicon.ts'
import type { Declarations } from './read-declarations.ts'
import { type ReasonReading, readReason } from './read-reason.ts'

const PEOPLE_MAY_STATE: readonly Purpose[] = ['subject-access', 'public-records']
const CONCLUDED: readonly string[] = ['suspected', 'vague', 'unstated']
/** These ask for a reason: officers search on somebody else's request under `inv` and `case` (cases 112 and 113). */
const NEEDS_REASON: readonly Purpose[] = ['criminal-investigation', 'public-safety']
const POLICING: readonly Agency['category'][] = ['local-police', 'federal', 'state', 'county', 'fusion-centre', 'immigration-authority']

const SUSPECTED = 'The reason points at immigration enforcement; say in the reason what it is for, or ask counsel.'
const CODES = Purpose.options.filter(code => !CONCLUDED.includes(code) && code !== 'immigration-enforcement').join(', ')

/** A purpose with what the free text said. */
export interface ConcludedPurpose {
  readonly purpose: StatedPurpose
  readonly reading: ReasonReading | null
}

/**
 * The purpose of one call, from what was declared and what the free text gives away. The most protective wins:
 * immigration-enforcement, suspected, vague, the declared code. Free text alone never grants. `agency` is null for people.
 */
export function concludePurpose(declarations: Declarations, agency: Agency | null, lexicon: CompiledLexicon): ConcludedPurpose {
  const stated = judgeDeclared(declarations.purpose, agency)
  const clear = stated.missing === null ? stated.code : null
  const reading = declarations.reason === null ? null : readReason(declarations.reason, lexicon, clear)
  const conclude = (purpose: StatedPurpose) => ({ purpose, reading })
  if (stated.code === 'immigration-enforcement') return conclude(stated)
  const declared = clear ?? stated.declared
  // An ambulance that writes of an immigration raid still gets its address; one that asks for ICE does not.
  const urgent = clear === 'emergency' && reading?.recipients.length === 0
  if (reading?.suspected && !urgent) return conclude({ code: 'suspected', from: 'reason', declared, missing: SUSPECTED })
  if (clear !== null && reading?.vague && needsCase(clear, agency, declarations.case))
    return conclude({
      code: 'vague',
      from: 'reason',
      declared,
      missing: `The reason does not say what the ${clear} is about; name the incident or offence, or add the case number (claim case or header Haven-Case).`,
    })
  return conclude(stated)
}

function judgeDeclared(written: Declarations['purpose'], agency: Agency | null): StatedPurpose {
  if (written === null) {
    const missing =
      'State a purpose of use: the claim purpose, or the header Haven-Purpose where the directory lets your agency declare it.'
    return { code: 'unstated', from: 'none', declared: null, missing }
  }
  const code = Purpose.safeParse(written.code)
  // Declaring enforcement only takes away, so anybody may.
  if (code.data === 'immigration-enforcement') return { code: code.data, from: written.from, declared: null, missing: null }
  if (written.from === 'header' && agency !== null && !agency.declares) {
    const missing = "Your agency's purpose must be in its token (claim purpose); its Haven-Purpose header does not count."
    return { code: 'unstated', from: 'none', declared: code.data ?? null, missing }
  }
  if (code.data === undefined || CONCLUDED.includes(code.data))
    return { code: 'vague', from: written.from, declared: null, missing: `The purpose is none that can be stated; write one of: ${CODES}.` }
  const allowed = agency?.purposes ?? PEOPLE_MAY_STATE
  if (allowed.includes(code.data)) return { code: code.data, from: written.from, declared: null, missing: null }
  const missing = `The directory does not list ${code.data} for ${agency === null ? 'people' : 'your agency'}; it may state: ${allowed.join(', ')}.`
  return { code: 'vague', from: written.from, declared: code.data, missing }
}

function needsCase(code: Purpose, agency: Agency | null, caseNumber: string | null): boolean {
  return agency !== null && POLICING.includes(agency.category) && NEEDS_REASON.includes(code) && !isCaseNumber(caseNumber)
}

const isCaseNumber = (written: string | null): boolean =>
  written !== null && /\d/.test(written) && written.replace(/[^\p{L}\p{N}]/gu, '').length >= 3

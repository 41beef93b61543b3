import type { Agency } from '../terms/agency.ts'
import { Purpose, type StatedPurpose } from '../terms/purpose.ts'
import type { RecordClass } from '../terms/source.ts'
import type { CompiledLexicon } from './compile-lexicon.ts'
import type { Declarations } from './read-declarations.ts'
import { type ReasonReading, readReason } from './read-reason.ts'

const PEOPLE_MAY_STATE: readonly Purpose[] = ['subject-access', 'public-records']
const CONCLUDED: readonly string[] = ['suspected', 'vague', 'unstated']
/** These ask for a reason: officers search on somebody else's request under `inv` and `case` (cases 112 and 113). */
const NEEDS_REASON: readonly Purpose[] = ['criminal-investigation', 'public-safety']
const POLICING: readonly Agency['category'][] = ['local-police', 'federal', 'state', 'county', 'fusion-centre', 'immigration-authority']

/** An ambulance writes down who called it. Nobody who gives care waits for what a text says of others. */
const CARE_GIVERS: readonly Agency['category'][] = ['fire-ems', 'health']
const CARE: readonly Purpose[] = ['emergency', 'treatment']
/** Bodies with badges: what is an everyday word at a school or a benefits office is none in their reasons. */
const BADGES: readonly Agency['category'][] = [
  'local-police',
  'federal',
  'fusion-centre',
  'immigration-authority',
  'data-broker',
  'vendor',
  'unknown',
  'state',
]
/** On benefits records a state body is a benefits office. */
const BENEFITS: readonly Purpose[] = ['eligibility', 'payment', 'child-protection']

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
 * In care (fire and health: emergency, treatment) the text is read for the journal's hits, and adds only a body to which it hands the
 * records in so many words; in what people ask of their own file it adds nobody. `records`: what the call asks for, null where not known.
 */
export function concludePurpose(
  declarations: Declarations,
  agency: Agency | null,
  lexicon: CompiledLexicon,
  records: RecordClass | null = null,
): ConcludedPurpose {
  const stated = judgeDeclared(declarations.purpose, agency)
  const clear = stated.missing === null ? stated.code : null
  const reading = tempered(readTexts(declarations, lexicon, everydayOf(clear, agency, records)), clear, agency)
  if (stated.code === 'immigration-enforcement') return { purpose: stated, reading }
  if (reading?.suspected) {
    const declared = clear ?? stated.declared
    return { purpose: { code: 'suspected', from: 'reason', declared, missing: SUSPECTED }, reading }
  }
  if (clear === null) return { purpose: stated, reading }
  const contradiction = lexicon.findContradiction(clear, { records, caseNumber: declarations.case })
  if (contradiction !== null) {
    return { purpose: { code: 'vague', from: stated.from, declared: clear, missing: contradiction }, reading }
  }
  if (reading?.vague && needsReason(clear, agency) && (reading.unreadable || !isCaseNumber(declarations.case))) {
    const missing = reading.unreadable
      ? `The reason cannot be read; say in Latin letters what the ${clear} is about.`
      : `The reason does not say what the ${clear} is about; name the incident or offence, or add the case number (claim case or header Haven-Case).`
    return { purpose: { code: 'vague', from: 'reason', declared: clear, missing }, reading }
  }
  return { purpose: stated, reading }
}

// Legal aid defends against it in every court; a person is an office of their own.
function everydayOf(clear: Purpose | null, agency: Agency | null, records: RecordClass | null): Purpose | null {
  if (agency === null || clear === null) return clear
  if (agency.category === 'legal-aid') return 'immigration-assistance'
  if (agency.category === 'state' && records === 'benefits' && BENEFITS.includes(clear)) return clear
  return BADGES.includes(agency.category) ? null : clear
}

// An ambulance goes where agents stand, and says so; one that writes "copy to ICE" says where the record goes.
function tempered(reading: ReasonReading | null, clear: Purpose | null, agency: Agency | null): ReasonReading | null {
  if (reading === null || clear === null) return reading
  // A person who writes why they need their own file ("for my ICE check-in") asks for nobody else.
  if (agency === null) return clear === 'subject-access' ? { ...reading, recipients: [], suspected: false } : reading
  if (CARE_GIVERS.includes(agency.category) && CARE.includes(clear)) {
    const served = clear === 'treatment' && reading.bare && reading.recipients.length > 0
    const handed = reading.handedTo?.recipients ?? []
    return served ? { ...reading, suspected: true } : { ...reading, recipients: handed, suspected: reading.handedTo !== null }
  }
  if (clear !== 'emergency') return reading
  // What happened is why the call is made; a body that is served, or nothing but its name, is not.
  return { ...reading, suspected: reading.suspected && (reading.handedTo !== null || reading.bare || reading.serves) }
}

// The case number is a second free text ("ICE ERO 1234"); only a reason can be vague.
function readTexts(declarations: Declarations, lexicon: CompiledLexicon, everyday: Purpose | null): ReasonReading | null {
  const read = (text: string | null) => (text === null ? [] : [readReason(text, lexicon, everyday)])
  const reasons = read(declarations.reason)
  const all = [...reasons, ...read(declarations.case)]
  if (all.length === 0) return null
  const handed = all.flatMap(reading => reading.handedTo ?? [])
  return {
    hits: [...new Set(all.flatMap(reading => reading.hits))],
    recipients: [...new Set(all.flatMap(reading => reading.recipients))],
    suspected: all.some(reading => reading.suspected),
    vague: reasons.some(reading => reading.vague),
    unreadable: reasons.some(reading => reading.unreadable),
    bare: all.some(reading => reading.bare),
    serves: all.some(reading => reading.serves),
    handedTo: handed.length === 0 ? null : { recipients: [...new Set(handed.flatMap(one => one.recipients))] },
  }
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

const needsReason = (code: Purpose, agency: Agency | null): boolean =>
  agency !== null && POLICING.includes(agency.category) && NEEDS_REASON.includes(code)

// Anybody has a `111` at hand: four digits, or two with a letter (`DR-77`).
function isCaseNumber(written: string | null): boolean {
  const digits = written?.match(/\d/g)?.length ?? 0
  return digits >= 4 || (digits >= 2 && /\p{L}/u.test(written ?? ''))
}

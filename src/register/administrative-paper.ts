import type { Instrument } from '../terms/instrument.ts'
import { CAN_BE_ACTIVE, COURT_PROCESS } from '../terms/legal-process.ts'
import { bare, foldWords, isForeign } from './fold-words.ts'

const asWords = (list: readonly string[]): readonly string[] => list.map(foldWords)
const asStems = (list: readonly string[]): readonly string[] => asWords(list).map(squeezed)
const squeezed = (folded: string): string => folded.replaceAll(' ', '')

/** Anywhere in a text, blanks or none: no court has them in its name or its titles (8 U.S.C. § 1101(b)(4), 8 C.F.R. §§ 287.4, 1003.0-1003.10). */
const STEMS = asStems([
  ...['migration', 'deportation', 'homeland security', 'customs enforcement', 'customs and border', 'border patrol', 'border protection'],
  ...['administrative law', 'administrative judge'],
])
/** As words alone: other words hold them. */
const WORDS = asWords([
  ...['DHS', 'ICE', 'CBP', 'INS', 'USCIS', 'HSI', 'ERO', 'EOIR', 'BIA', 'OPLA', 'IJ', 'ALJ', 'ACIJ', 'USBP'],
  ...['warrant of removal', 'removal judge', 'removal operations', 'asylum', 'customs', 'detainer', 'hearing officer'],
])
/** Who signs court process. A list of who does not would never end. */
const SIGNERS = asWords([
  ...['judge', 'justice', 'magistrate', 'judicial officer', 'commissioner', 'referee', 'surrogate', 'chancellor', 'USMJ', 'USDJ'],
  ...['clerk', 'prothonotary', 'register', 'registrar', 'foreperson', 'foreman'],
])
/** They may sign a subpoena for the court (Fed. R. Civ. P. 45(a)(3), Cal. Code Civ. Proc. § 1985(c)), and no warrant. */
const SUBPOENA_SIGNERS = asWords(['attorney', 'attorneys', 'solicitor'])
/** Titles of those whose signature makes no court process: RCW 43.17.420(1), CGS § 54-192h(a), 8 C.F.R. § 287.4(a)(2). */
const NO_SIGNERS = asWords(['agent', 'agents', 'officer', 'officers', 'director', 'supervisor', 'inspector', 'examiner'])
const SUBPOENAS: readonly string[] = ['judicial-subpoena', 'grand-jury-subpoena']

/** Why an instrument can never become active, or null: a form of the agency that asks is a form, whatever it is called. */
export function isForm({ kind, form, issuer }: Instrument): string | null {
  if (!CAN_BE_ACTIVE.includes(kind)) return `${kind}: no court process; it stays entered and opens nothing`
  if (form !== undefined && (isForeign(form) || isAgency(form) || isImmigrationForm(form)))
    return `'${form}' is a form of an agency: it stays entered and opens nothing`
  if (!COURT_PROCESS.includes(kind)) return null
  if (!maySign(issuer.title, kind))
    return `'${issuer.title}' signs no court process: it stays entered and opens nothing (write the title in full: Magistrate Judge, Clerk of the Court)`
  const office = [issuer.court, issuer.body].find(name => name !== undefined && (isForeign(name) || isAgency(name)))
  return office === undefined ? null : `'${office}' is no court: it stays entered and opens nothing`
}

function maySign(title: string, kind: string): boolean {
  if (isForeign(title) || isAgency(title)) return false
  const folded = foldWords(title)
  const isOneOf = (words: readonly string[]) => words.some(word => folded.includes(word))
  const judicial = folded.includes(foldWords('judicial officer'))
  if (!judicial && isOneOf(NO_SIGNERS)) return false
  return isOneOf(SIGNERS) || (SUBPOENAS.includes(kind) && isOneOf(SUBPOENA_SIGNERS))
}

function isAgency(text: string): boolean {
  const folded = foldWords(text)
  const together = squeezed(folded)
  return WORDS.some(word => folded.includes(word)) || STEMS.some(stem => together.includes(stem))
}

/** Every form of the immigration agencies is an I and a number; no court numbers its forms so. */
function isImmigrationForm(form: string): boolean {
  const words = bare(form)
    .replace(/(?<=\d)o+|o+(?=\d)/g, zeros => '0'.repeat(zeros.length))
    .replace(/[^a-z0-9|!]+/g, ' ')
    .trim()
  // A 1 stands for the I only where something follows it: 1040 is a number, 1-205 is a disguise.
  return /(^| )([il|!] ?|1 )\d{3}(?!\d)/.test(words) || /^(form|dhs|warrant)?[il|!]\d{3}(?!\d)/.test(squeezed(words))
}

import type { Instrument } from '../terms/instrument.ts'
import { CAN_BE_ACTIVE, COURT_PROCESS, type ProcessState } from '../terms/legal-process.ts'
import type { Process } from './processes.ts'

const DAY_MS = 86_400_000
/** Titles of those whose signature makes no court process: RCW 43.17.420(1), CGS § 54-192h(a), 8 C.F.R. § 287.4(a)(2). */
const NO_JUDGE =
  /\b(immigration (judge|officer|official|agent)|deportation officer|detention officer|special agent|field office director)\b/i

/** Days are whole and UTC, both ends included. `now`: milliseconds since 1970. */
export function stateAt(process: Process, now: number): ProcessState {
  const { instrument, verified, ended, used } = process
  if (ended) return ended.step
  if (!instrument || isForm(instrument)) return 'entered'
  if (instrument.until !== undefined && now >= Date.parse(instrument.until) + DAY_MS) return 'expired'
  if (instrument.uses !== undefined && used >= instrument.uses) return 'exhausted'
  if (new Set(verified.map(({ by }) => by)).size < 2) return 'entered'
  return now >= Date.parse(instrument.from ?? instrument.signed) ? 'active' : 'verified'
}

/** Why an instrument can never become active, or null: a form of the agency that asks is a form, whatever it is called. */
export function isForm({ kind, issuer }: Instrument): string | null {
  if (!CAN_BE_ACTIVE.includes(kind)) return `${kind}: no court process; it stays entered and opens nothing`
  if (COURT_PROCESS.includes(kind) && NO_JUDGE.test(issuer.title))
    return `'${issuer.title}' signs no court process: it stays entered and opens nothing`
  return null
}

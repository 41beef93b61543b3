import { type Entry, memberObject, parseEntry } from './parse-entry.ts'

/** Checks what entries say of each other, in the order of the journal. */
export interface StructureCheck {
  /** What is wrong with the entry, as the rest of a sentence that begins with its index; `null` when nothing is. */
  check(index: number, text: string): string | null
  readonly checked: () => number
  readonly withoutOutcome: () => number
}

type Fate = 'permit' | 'refusal' | 'outcome'

interface State {
  readonly decisions: Map<string, Fate>
  readonly boots: Set<string>
  boot: string | null
  seq: number
  checked: number
}

export function createStructureCheck(): StructureCheck {
  const state: State = { decisions: new Map(), boots: new Set(), boot: null, seq: -1, checked: 0 }
  return {
    check: (_, text) => {
      const entry = parseEntry(text)
      if (entry === null) return 'is not an entry in canonical form'
      const problem = checkSequence(state, entry) ?? checkPair(state, entry)
      if (problem === null) state.checked += 1
      return problem
    },
    checked: () => state.checked,
    withoutOutcome: () => [...state.decisions.values()].filter(fate => fate === 'permit').length,
  }
}

// One writer at a time owns a journal, so its runs follow each other and each counts its entries from 0.
function checkSequence(state: State, entry: Entry): string | null {
  if (entry.boot !== state.boot) {
    if (state.boots.has(entry.boot)) return `goes back to the run ${entry.boot} that had ended`
    state.boots.add(entry.boot)
    state.boot = entry.boot
    state.seq = -1
  }
  state.seq += 1
  return entry.seq === state.seq ? null : `has seq ${entry.seq} where ${state.seq} was due`
}

function checkPair(state: State, entry: Entry): string | null {
  if (entry.kind === 'decision') {
    if (state.decisions.has(entry.id)) return `decides ${entry.id} a second time`
    state.decisions.set(entry.id, memberObject(entry, 'decision')?.kind === 'permit' ? 'permit' : 'refusal')
  } else if (entry.kind === 'outcome') {
    const decision = String(entry.decision_id)
    const fate = state.decisions.get(decision)
    if (fate === undefined) return `is the outcome of ${decision}, which no earlier entry decides`
    if (fate === 'outcome') return `is a second outcome of ${decision}`
    state.decisions.set(decision, 'outcome')
  }
  return null
}

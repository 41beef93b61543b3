import type { Comparison } from './compare.ts'

/** Who may change the rulebook no longer, and who may from now on. Only the first signers of all are no weakening. */
export function compareSigners(before: readonly string[], after: readonly string[]): Comparison {
  const gone = before.filter(vkey => !after.includes(vkey))
  const come = after.filter(vkey => !before.includes(vkey))
  return {
    weaker: before.length > 0 && gone.length + come.length > 0,
    summary: [
      ...gone.map(vkey => `signers: ${nameOf(vkey)} was removed`),
      ...come.map(vkey => `signers: ${nameOf(vkey)} was added`),
      ...(before.length > 0 && after.length === 0 ? ['signers: nobody is left, and every change takes force unsigned'] : []),
    ],
  }
}

// With the hash: a key put in the place of another keeps its name.
const nameOf = (vkey: string): string => vkey.split('+', 2).join('+')

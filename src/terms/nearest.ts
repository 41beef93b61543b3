/** The known word that somebody probably meant: at most two letters away; null where none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const near = known.filter(name => Math.abs(name.length - word.length) <= 2)
  const [first] = near.map(name => ({ name, distance: editDistance(word, name) })).toSorted((a, b) => a.distance - b.distance)
  return first && first.distance <= 2 ? first.name : null
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitute, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

import { type Item, recordText } from './leaf.ts'
import { parseEntry, rulebookOf } from './parse-entry.ts'
import { TILE_WIDTH } from './tree.ts'
import { readItems } from './tree-files.ts'
import type { WalEntry } from './wal-scan.ts'

/** What the end of the journal says about time and rulebook. */
export interface Newest {
  readonly time: number
  readonly rulebook: string | null
}

/** Reads back from the end until an entry names a rulebook. `time` is the newest among the entries passed, 0 in an empty journal. */
export async function newestOf(dir: string, size: number, pending: readonly WalEntry[]): Promise<Newest> {
  let newest = fold(
    { time: 0, rulebook: null },
    pending.map(entry => entry.item),
  )
  for (let n = Math.ceil(size / TILE_WIDTH) - 1; n >= 0 && newest.rulebook === null; n--) {
    const { parts } = await readItems(dir, n, Math.min(TILE_WIDTH, size - n * TILE_WIDTH))
    newest = fold(newest, parts ?? [])
  }
  return newest
}

function fold(from: Newest, items: readonly Item[]): Newest {
  let { time, rulebook } = from
  for (const item of items.toReversed()) {
    const entry = parseEntry(recordText(item))
    if (entry === null) continue // damage is the verifier's to name; the right edge has been checked already
    time = Math.max(time, entry.t_wall)
    rulebook ??= rulebookOf(entry)
  }
  return { time, rulebook }
}

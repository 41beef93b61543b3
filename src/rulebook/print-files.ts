import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A hundred times the laws of a large city. */
export const PLACES_MAX = 20_000

/** What files and folders look like at a moment, without their content. */
export interface Print {
  /** Names, sizes, times and inodes of everything below, in order. */
  readonly print: string
  /** The folders to watch. */
  readonly folders: ReadonlySet<string>
  /** The latest change of any of it, milliseconds since 1970. */
  readonly newest: number
  /** There was more than `PLACES_MAX`: what came after is not in the print. */
  readonly isCut: boolean
}

/** Looks at files and at everything in folders. Names that begin with a dot are nobody's law. @throws where a folder cannot be read */
export async function takePrint(paths: readonly string[]): Promise<Print> {
  let newest = 0
  let places = 0
  const folders = new Set<string>()
  const entered = new Set<string>()
  const lines: string[] = []
  const visit = async (path: string, isTop: boolean): Promise<void> => {
    places += 1
    if (places > PLACES_MAX) return
    const found = await stat(path).catch(() => null)
    newest = Math.max(newest, found?.ctimeMs ?? 0)
    if (!found) {
      lines.push(`${path} absent`)
    } else if (found.isDirectory()) {
      folders.add(path)
      // A link to a folder above would be walked for ever, and two of them in twice as many places at each step.
      const folder = `${found.dev} ${found.ino}`
      lines.push(`${path} folder ${folder}`)
      if (entered.has(folder)) return
      entered.add(folder)
      for (const name of (await readdir(path)).toSorted()) if (!name.startsWith('.')) await visit(join(path, name), false)
    } else {
      // Editors replace a file by renaming another over it: only its folder sees that.
      if (isTop) folders.add(dirname(path))
      lines.push(`${path} ${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}`)
    }
  }
  for (const path of paths) await visit(path, true)
  return { print: lines.join('\n'), folders, newest, isCut: places > PLACES_MAX }
}

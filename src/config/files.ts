import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where policy files come from: a folder on disk, or one bundle that is never unpacked. Names of a folder are sorted, and none begins with a dot. */
export interface Files {
  /** @throws an error with code ENOENT where there is no such file */
  readonly bytes: (path: string) => Uint8Array
  readonly has: (path: string) => boolean
  readonly names: (folder: string) => readonly string[]
  /** Names of the folders in a folder. */
  readonly folders: (folder: string) => readonly string[]
}

// By code unit: the order of laws is part of the rulebook's name, and a locale is not the same everywhere.
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

// Version control, editors and locks keep theirs beside the laws, often as links to nothing.
const isOurs = (name: string): boolean => !name.startsWith('.')

export const disk: Files = {
  bytes: path => readFileSync(path),
  has: path => existsSync(path),
  names: folder => readdirSync(folder).filter(isOurs).toSorted(byName),
  folders: folder =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter(name => isOurs(name) && statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory())
          .toSorted(byName)
      : [],
}

/** Files held in memory, by path below `root`. A path is looked up as it is written: `..` leads nowhere. */
export function inMemory(root: string, texts: ReadonlyMap<string, string>): Files {
  const paths = [...texts.keys()].map(path => join(root, path))
  const byPath = new Map([...texts].map(([path, text]) => [join(root, path), text]))
  const below = (folder: string) => paths.filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1))
  const heads = (rests: readonly string[]) => [...new Set(rests.map(rest => rest.split('/', 1)[0] ?? ''))].filter(isOurs).toSorted(byName)
  return {
    bytes: path => {
      const text = byPath.get(path)
      if (text === undefined) throw Object.assign(new Error(`${path} is not in the bundle`), { code: 'ENOENT' })
      return Buffer.from(text)
    },
    has: path => byPath.has(path) || below(path).length > 0,
    names: folder => heads(below(folder)),
    folders: folder => heads(below(folder).filter(rest => rest.includes('/'))),
  }
}

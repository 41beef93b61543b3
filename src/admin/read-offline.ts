import type { Books } from './desk.ts'
import { openShelves, SHELVES, type ShelfName } from './shelves.ts'

/** The register as somebody without a token sees it: lists, and what the lists show. Takes no step and needs no role. */
export function readOffline(books: Books): {
  readonly list: (shelf: string) => readonly object[]
  /** Null: there is none of this id. */
  readonly show: (shelf: string, id: string) => Promise<object | null>
} {
  const shelves = openShelves(books)
  const named = (name: string) => {
    if (!isShelf(name)) throw new Error(`the register has no ${name}`)
    return shelves[name]
  }
  return {
    list: name =>
      named(name)
        .list()
        .map(({ view }) => view),
    async show(name, id) {
      const found = await named(name).show(id, null)
      return found.ok ? found.value : null
    },
  }
}

const isShelf = (name: string): name is ShelfName => Object.hasOwn(SHELVES, name)

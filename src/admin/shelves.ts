import type { Actor, Done } from '../register/book.ts'
import { refuse } from '../register/book.ts'
import { viewCertificate } from './certificate-view.ts'
import type { Books } from './desk.ts'
import { viewHold } from './hold-view.ts'
import { viewProcess } from './process-view.ts'
import { viewTask } from './task-view.ts'

/** What can be listed and shown: the first word of its address, and the member that lists it. */
export const SHELVES = {
  process: 'processes',
  holds: 'holds',
  notices: 'notices',
  reviews: 'reviews',
  certificates: 'certificates',
} as const
export type ShelfName = keyof typeof SHELVES

/** One kind of thing of the register, for reading. */
export interface Shelf {
  /** In the order in which they came, without what only some see. */
  readonly list: () => readonly { readonly id: string; readonly view: object }[]
  /** `actor` null: somebody without a token, at the files of a gate that does not run. */
  readonly show: (id: string, actor: Actor | null) => Promise<Done<object>>
}

/** The register's things as JSON. Whom an instrument names, and what is sealed, is for counsel; what was asked also for auditors. */
export function openShelves({ processes, holds, tasks, certificates }: Books): Readonly<Record<ShelfName, Shelf>> {
  const taskShelf = (kind: 'notice' | 'review') =>
    shelf(
      () => tasks.list(kind),
      viewTask,
      async (id, actor) => viewed(await tasks.show(id, actor), viewTask),
    )
  return {
    process: shelf(
      processes.list,
      process => viewProcess(process, false),
      async (id, { roles }) => {
        const found = processes.find(id)
        return found ? { ok: true, value: viewProcess(found, roles.has('counsel')) } : missing(id)
      },
    ),
    holds: shelf(holds.list, viewHold, async (id, actor) => viewed(await holds.show(id, actor), viewHold)),
    notices: taskShelf('notice'),
    reviews: taskShelf('review'),
    certificates: shelf(certificates.list, viewCertificate, null),
  }
}

function shelf<Listed extends { readonly id: string }>(
  list: () => readonly Listed[],
  view: (one: Listed) => object,
  detail: ((id: string, actor: Actor) => Promise<Done<object>>) | null,
): Shelf {
  return {
    list: () => list().map(one => ({ id: one.id, view: view(one) })),
    async show(id, actor) {
      // Looked up here first: the id of a review is nothing at the notices, though one book keeps both.
      const found = list().find(one => one.id === id)
      if (!found) return missing(id)
      const detailed = actor && detail && (await detail(id, actor))
      // Whoever may not see the details sees what the list shows.
      return !detailed || (!detailed.ok && detailed.code === 'forbidden') ? { ok: true, value: view(found) } : detailed
    },
  }
}

const viewed = <Value>(done: Done<Value>, view: (value: Value) => object): Done<object> =>
  done.ok ? { ok: true, value: view(done.value) } : done

const missing = (id: string): Done<never> => refuse('not-found', `there is no ${id} here`)

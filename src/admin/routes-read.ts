import { z } from 'zod'
import { type Desk, listed } from './desk.ts'
import { refuse } from './problem.ts'
import { openShelves, SHELVES, type ShelfName } from './shelves.ts'

const PAGE = 100

const Page = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]\d{0,2}|1000)$/, 'write a number from 1 to 1000')
    .transform(Number)
    .default(PAGE),
  /** The `next` of the page before. */
  after: z.string().min(1).max(100).optional(),
})

const names = Object.keys(SHELVES) as ShelfName[]

/** `GET /<shelf>?limit&after` and `GET /<shelf>/<id>`, for anybody with a role. */
export function addReading({ pages, books, actorOf }: Desk): void {
  const shelves = openShelves(books)
  for (const name of names) {
    pages.get(`/${name}`, async (request, reply) => {
      const page = Page.safeParse(request.query)
      if (!page.success) return refuse(reply, 'invalid', 'Write ?limit=NUMBER&after=ID.', { problems: listed(page.error) })
      const { limit, after } = page.data
      const all = shelves[name].list()
      const before = after === undefined ? -1 : all.findIndex(({ id }) => id === after)
      if (after !== undefined && before < 0) return refuse(reply, 'invalid', 'There is nothing of this id to go on from; begin anew.')
      const items = all.slice(before + 1, before + 1 + limit)
      const isMore = before + 1 + limit < all.length
      return { [SHELVES[name]]: items.map(({ view }) => view), next: isMore ? (items.at(-1)?.id ?? null) : null }
    })
    pages.get<{ Params: { id: string } }>(`/${name}/:id`, async (request, reply) => {
      const found = await shelves[name].show(request.params.id, actorOf(request))
      return found.ok ? found.value : refuse(reply, found.code, found.message)
    })
  }
}

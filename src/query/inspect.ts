import type { Call } from '../terms/call.ts'
import type { Opaque, QueryFacts } from '../terms/query-facts.ts'
import { inspectPostgrest } from './dialects/postgrest/inspect-postgrest.ts'
import { inspectRest } from './dialects/rest/inspect-rest.ts'
import type { InspectableSource } from './inspectable-source.ts'
import { Unreadable, unknownSource } from './unreadable.ts'

export type { InspectableSource }

/** Reads one call in one dialect, or throws `Unreadable`. */
type Dialect = (source: InspectableSource, call: Call) => QueryFacts

const DIALECTS: Readonly<Record<InspectableSource['dialect'], Dialect>> = {
  postgrest: inspectPostgrest,
  rest: inspectRest,
}

/**
 * What a call would touch and the request that asks exactly that, or why Haven does not understand it. Pure; never throws
 * for anything a caller can send. The upstream request is written from the parsed form, so the caller's text never travels.
 */
export function makeInspect(sources: readonly InspectableSource[]): (call: Call) => QueryFacts | Opaque {
  const byName = new Map(sources.map(source => [source.name, source]))
  return call => {
    try {
      const source = byName.get(call.source)
      if (source === undefined) throw unknownSource(call.source)
      return DIALECTS[source.dialect](source, call)
    } catch (error) {
      if (error instanceof Unreadable) return error.opaque
      throw error
    }
  }
}

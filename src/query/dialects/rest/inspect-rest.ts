import type { Call } from '../../../terms/call.ts'
import type { Collection } from '../../../terms/catalogue.ts'
import type { QueryFacts } from '../../../terms/query-facts.ts'
import { distinctAddresses } from '../../addresses/read-addresses.ts'
import { chooseMediaType } from '../../call/choose-media-type.ts'
import { isRead, readMethod } from '../../call/read-method.ts'
import { readPath } from '../../call/read-path.ts'
import { readQueryString } from '../../call/read-query-string.ts'
import { distinctUses } from '../../fields/use-field.ts'
import type { InspectableSource } from '../../inspectable-source.ts'
import { ambiguous } from '../../unreadable.ts'
import { isWhole } from './is-whole.ts'
import { matchPath } from './match-path.ts'
import { readBody } from './read-body.ts'
import { type ReadParameter, readParameters } from './read-parameters.ts'
import { readValue } from './read-value.ts'
import { showAnswer } from './show-answer.ts'

const MEDIA_TYPES = ['application/json', 'application/x-ndjson']

/**
 * Reads a call against what the catalogue declares: its paths, and its parameters by exact name. Anything else is refused, because a
 * record API ignores what it does not know, or knows what the catalogue does not.
 */
export function inspectRest(source: InspectableSource, call: Call): QueryFacts {
  const method = readMethod(call, source.writes)
  const segments = readPath(call.path)
  const { collection, bound } = matchPath(source.catalogue, segments, call.path)
  const accept = chooseMediaType(call.headers.get('accept'), MEDIA_TYPES)
  const parameters = readParameters(collection, readQueryString(call.query, deliveryNames(collection)))
  const inPath = bound.map(({ name, parameter, value }) => ({ name, value, parameter, ...readValue(collection, parameter, value, 'path') }))
  const given = [...inPath, ...parameters]
  refuseTwoKeys(given)

  const hasKey = inPath.some(({ parameter }) => parameter.use === 'identify')
  const written = isRead(method) ? null : readBody(collection, { call, method, hasKey })
  const selected = parameters.flatMap(parameter => (parameter.selected === null ? [] : [parameter]))[0] ?? null
  const answer = showAnswer(source.catalogue, collection, { selected, isOne: hasKey })
  const uses = [...(written?.uses ?? []), ...given.flatMap(parameter => parameter.uses), ...answer.uses]
  const query = parameters.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
  const body = written?.body ?? null
  return {
    kind: 'facts',
    source: source.name,
    collection: collection.name,
    uses: distinctUses(uses),
    dataSubjects: [...new Set(given.flatMap(parameter => parameter.dataSubjects))],
    mentions: parameters.flatMap(mentioned),
    writes: written !== null,
    whole: written === null && isWhole(given),
    paged: { rows: given.some(({ parameter }) => parameter.use === 'page'), related: false },
    addresses: distinctAddresses([...given.flatMap(parameter => parameter.addresses), ...(written?.addresses ?? [])], 'call'),
    // One key at most could be asked for here, and process may name more.
    confine: null,
    shape: answer.shape,
    upstream: {
      method,
      target: `/${segments.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`,
      headers: new Map([['accept', accept], ...(body === null ? [] : [['content-type', 'application/json'] as const])]),
      body,
    },
  }
}

/** Parameters that are declared as addresses, whatever they are called. */
function deliveryNames({ parameters }: Collection): ReadonlySet<string> {
  return new Set([...parameters].flatMap(([name, { use }]) => (use === 'deliver' ? [name] : [])))
}

/** Two identifiers in one call: one would be authorised, the other used (BIT-elasticsearch-2026-103009). */
function refuseTwoKeys(read: readonly Pick<ReadParameter, 'parameter'>[]): void {
  if (read.filter(({ parameter }) => parameter.use === 'identify').length > 1) {
    throw ambiguous('query', 'the call names the record more than once; name it in the path or in the query')
  }
  if (read.filter(({ parameter }) => parameter.use === 'select').length > 1) {
    throw ambiguous('query', 'the call chooses fields more than once')
  }
}

/** What a filter or a search says: for recognising a refused question in other words, and for nothing else. */
const mentioned = ({ parameter, value }: ReadParameter): readonly string[] =>
  (parameter.use === 'filter' || parameter.use === 'search') && value.trim() !== '' ? [`${parameter.field ?? 'text'}=${value}`] : []

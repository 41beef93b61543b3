import { type Entry, memberObject } from '../audit/parse-entry.ts'
import { DataClass, UseKind } from '../terms/data-class.ts'
import type { FieldUse, QueryFacts } from '../terms/query-facts.ts'

/**
 * What a decision entry says of its query, enough to fold a decision field by field (`foldFields`). Of the answer's shape nothing is
 * journalled but this: where the key was asked for and not there, the call was refused for it. Elsewhere the key counts as there.
 */
export function journalledFacts(entry: Entry): QueryFacts {
  const all = Array.isArray(entry.uses) ? entry.uses : []
  return {
    kind: 'facts',
    source: String(entry.source),
    collection: String(entry.collection),
    uses: all.flatMap(use => readUse(use) ?? []),
    dataSubjects: [],
    writes: false,
    whole: false,
    addresses: [],
    confine: null,
    shape: { node: 'record', collection: String(entry.collection), key: isWithoutKey(entry) ? null : 'key', members: new Map() },
    upstream: { method: 'GET', target: '/', headers: new Map(), body: null },
  }
}

function readUse(value: unknown): FieldUse | null {
  if (typeof value !== 'object' || value === null) return null
  const { collection, field, classes, kind, where }: Partial<Record<string, unknown>> = { ...value }
  const [readClasses, readKind] = [DataClass.array().safeParse(classes), UseKind.safeParse(kind)]
  if (!readClasses.success || !readKind.success) return null
  return {
    ...{ collection: String(collection), field: String(field), spelling: String(field), where: String(where) },
    ...{ classes: readClasses.data, kind: readKind.data },
  }
}

const isWithoutKey = (entry: Entry): boolean => {
  const reasons = memberObject(entry, 'decision')?.reasons
  return Array.isArray(reasons) && reasons.some(({ code }) => code === 'query.key-needed')
}

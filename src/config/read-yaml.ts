import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import type { FileProblem } from '../terms/faults.ts'
import type { FromFile } from '../terms/file.ts'
import { describeIssues } from './describe-issues.ts'

const FILE_BYTES_MAX = 4 * 1024 * 1024
/** Aliases of aliases grow without bound (the "billion laughs"). */
const ALIASES_MAX = 100

export type Reading<T> = { readonly read: FromFile<T> } | { readonly problems: readonly FileProblem[] }

/**
 * Reads one YAML 1.2 file against a schema. Duplicate keys, unknown tags, anchors used as bombs and unknown keys are problems, and all
 * problems are reported at once with their line and column.
 */
export function readYaml<S extends z.ZodType>(
  file: string,
  schema: S,
  bytesOf: (file: string) => Uint8Array = readFileSync,
): Reading<z.output<S>> {
  const text = readText(file, bytesOf)
  if ('message' in text) return { problems: [text] }
  const lines = new LineCounter()
  const document = parseDocument(text.content, { lineCounter: lines, strict: true, uniqueKeys: true })
  const at = (offset: number): Pick<FileProblem, 'file' | 'line' | 'column'> => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  // An unknown tag is only a warning to the parser, and would silently change what a law says.
  const syntax = [...document.errors, ...document.warnings].map(error => ({ ...at(error.pos[0]), message: firstLine(error.message) }))
  if (syntax.length > 0) return { problems: syntax }
  const odd = oddKeys(document).map(offset => ({
    ...at(offset),
    message: 'a key must be one plain word; this one is a list, a mapping or empty',
  }))
  if (odd.length > 0) return { problems: odd }
  const torn = tornText(document).map(offset => ({ ...at(offset), message: 'half a character (a lone surrogate); write the whole one' }))
  if (torn.length > 0) return { problems: torn }
  const value = toValue(document)
  if ('message' in value) return { problems: [{ file, line: 1, column: 1, message: value.message }] }
  const problem = (path: readonly PropertyKey[], message: string): FileProblem => ({ ...at(offsetOf(document, path)), message })
  const parsed = schema.safeParse(value.value)
  if (!parsed.success)
    return { problems: describeIssues(parsed.error.issues, schema, value.value).map(({ path, message }) => problem(path, message)) }
  return { read: { file, value: parsed.data, problem } }
}

function readText(file: string, bytesOf: (file: string) => Uint8Array): { content: string } | FileProblem {
  const refuse = (message: string): FileProblem => ({ file, line: 1, column: 1, message })
  try {
    const bytes = bytesOf(file)
    if (bytes.length > FILE_BYTES_MAX) return refuse(`the file is larger than ${FILE_BYTES_MAX} bytes`)
    return { content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof TypeError) return refuse('the file is not UTF-8; save it as UTF-8')
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return refuse(code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`)
  }
}

/** Keys that are no words: written as JavaScript they would be something else than what stands in the file. */
function oddKeys(document: Document): readonly number[] {
  const found: number[] = []
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value === null) found.push(isNode(key) ? (key.range?.[0] ?? 0) : 0)
    },
  })
  return found
}

/** Text with half a character: it has no UTF-8, so what is hashed, signed and archived would not be what was read. */
function tornText(document: Document): readonly number[] {
  const found: number[] = []
  visit(document, {
    Scalar: (_, { value, range }) => {
      if (typeof value === 'string' && !value.isWellFormed()) found.push(range?.[0] ?? 0)
    },
  })
  return found
}

function toValue(document: Document): { value: unknown } | { message: string } {
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_MAX }) }
  } catch {
    return { message: `more than ${ALIASES_MAX} uses of aliases (*name); write the values out` }
  }
}

/** Offset of the deepest node on the path that exists; for an unknown key, of the key itself. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let offset = document.contents?.range?.[0] ?? 0
  let node: unknown = document.contents
  for (const [i, key] of path.entries()) {
    const pair = isMap(node) ? node.items.find(item => String((item.key as { value?: unknown } | null)?.value) === String(key)) : undefined
    const next = pair ? pair.value : (document.getIn(path.slice(0, i + 1), true) as unknown)
    const range = (pair?.key as Node | undefined)?.range ?? (next as Node | undefined)?.range
    if (!range) break
    offset = range[0]
    node = next
  }
  return offset
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message

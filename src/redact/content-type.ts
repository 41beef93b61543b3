/** A media type as far as the redactor trusts it: rebuilt from what was understood, never the header as it came. */
export interface ContentType {
  readonly format: 'json' | 'ndjson'
  readonly released: string
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t \\x21-\\x7e])*"'
const PARAMETER = `[ \\t]*;[ \\t]*(?:${TOKEN}=(?:${TOKEN}|${QUOTED}))?`
const MEDIA_TYPE = new RegExp(`^(${TOKEN}/${TOKEN})((?:${PARAMETER})*)[ \\t]*$`)
const CHARSET = new RegExp(`;[ \\t]*charset=(${TOKEN}|${QUOTED})`, 'gi')
const LINES: ReadonlySet<string> = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl'])

/**
 * Reads a Content-Type (RFC 9110 section 8.3). Null for everything that is not JSON, `+json` or NDJSON in UTF-8, or not written as the
 * RFC says: proxies that guess at a malformed type inspect one format while the client reads another.
 */
export function readContentType(header: string): ContentType | null {
  const parts = MEDIA_TYPE.exec(header)
  if (parts === null) return null
  const essence = parts[1]!.toLowerCase()
  const charsets = [...withoutOtherQuotes(parts[2]!).matchAll(CHARSET)].map(match => match[1]!.replaceAll('"', '').toLowerCase())
  if (charsets.length > 1 || (charsets[0] !== undefined && charsets[0] !== 'utf-8')) return null
  const released = charsets.length === 1 ? `${essence}; charset=utf-8` : essence
  if (LINES.has(essence)) return { format: 'ndjson', released }
  return essence === 'application/json' || /^application\/[^/]+\+json$/.test(essence) ? { format: 'json', released } : null
}

/** A quoted parameter of another name may contain `;charset=...`, which is not a charset. */
function withoutOtherQuotes(parameters: string): string {
  return parameters.replace(new RegExp(`=${QUOTED}`, 'g'), (quoted, at: number) =>
    /charset$/i.test(parameters.slice(0, at)) ? quoted : '=',
  )
}

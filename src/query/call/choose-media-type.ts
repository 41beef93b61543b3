import { wrongMediaType } from '../unreadable.ts'

/**
 * The media type to ask the record API for: the first of `offered` that the Accept header admits (RFC 9110 section 12.5.1).
 * Formats outside `offered` are refused, because the redactor could not read them.
 */
export function chooseMediaType(accept: readonly string[] | undefined, offered: readonly string[]): string {
  if (accept === undefined || accept.every(value => value.trim() === '')) return offered[0]!
  const admitted = accept.flatMap(value => value.split(',')).flatMap(readRange)
  const chosen = offered.find(type => admitted.some(range => range === '*/*' || range === 'application/*' || range === type))
  if (chosen === undefined) throw wrongMediaType('accept', `this source answers ${offered.join(' or ')}`)
  return chosen
}

function readRange(text: string): string[] {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  for (const parameter of parameters) {
    const quality = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(parameter)
    if (quality?.[1] !== undefined && Number(quality[1]) > 0) continue
    if (parameter === 'charset=utf-8') continue
    // Any other parameter asks for a variant the redactor does not know, such as `nulls=stripped`.
    return []
  }
  return [type]
}

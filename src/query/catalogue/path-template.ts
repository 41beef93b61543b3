const PLACEHOLDER = /^\{([A-Za-z_][A-Za-z0-9_]*)\}$/

/** The segments of a template: `/residents/{id}` is `residents` and the placeholder `id`. */
export type TemplateSegment = { readonly literal: string } | { readonly placeholder: string }

/** A template as segments, or null where it is not whole literal segments and whole placeholders. */
export function readTemplate(template: string): readonly TemplateSegment[] | null {
  const segments: TemplateSegment[] = []
  for (const text of template.slice(1).split('/')) {
    const placeholder = PLACEHOLDER.exec(text)?.[1]
    if (placeholder !== undefined) segments.push({ placeholder })
    // The same characters that `readPath` refuses could never match.
    else if (text === '' || text === '.' || text === '..' || /[{}%\\;?#\p{Cc}]/u.test(text)) return null
    else segments.push({ literal: text })
  }
  return segments
}

/** The placeholders of a template in order, or null where the template is not one or names one twice. */
export function placeholdersOf(template: string): readonly string[] | null {
  const names = readTemplate(template)?.flatMap(segment => ('placeholder' in segment ? [segment.placeholder] : []))
  return names === undefined || new Set(names).size !== names.length ? null : names
}

/** What two templates share when they match the same paths. */
export function pathShape(template: string): string {
  return template.replace(/\{[^/]*\}/g, '{}')
}

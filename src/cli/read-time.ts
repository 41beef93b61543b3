/** Milliseconds since 1970 of a time that means the same everywhere; null for any other, such as `12/01/2026` or a time without a zone. */
export function readTime(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}

import { isJsonList, isJsonObject, type Json } from './read-json.ts'

/** JSON text of exactly what was read: members in order, numbers with the digits they were written with. */
export function writeJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (isJsonList(value)) return `[${value.map(writeJson).join(',')}]`
  if (!isJsonObject(value)) return value.number
  return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(',')}}`
}

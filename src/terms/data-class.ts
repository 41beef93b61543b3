import { z } from 'zod'

/** What a field reveals (docs/glossary.md). 8 U.S.C. 1373 speaks of status alone, so identifiers and proxies are apart. */
export const DataClass = z.enum(['status', 'status-identifier', 'status-proxy', 'locating', 'custody', 'health', 'personal', 'open'])
export type DataClass = z.infer<typeof DataClass>

/** What the query does with a field. `implied` came in by `*` or by the record API's own default. */
export const UseKind = z.enum([
  'select',
  'implied',
  'identify',
  'filter',
  'sort',
  'group',
  'aggregate',
  'count',
  'search',
  'expand',
  'cursor',
  'computed',
  'write',
])
export type UseKind = z.infer<typeof UseKind>

/** How a class is treated in the answer; the order of protection is suppress > null > tokenize > generalize > mask. */
export const Treatment = z.enum(['suppress', 'null', 'tokenize', 'generalize', 'mask'])
export type Treatment = z.infer<typeof Treatment>

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Category } from '../../src/terms/agency.ts'
import { DataClass, UseKind } from '../../src/terms/data-class.ts'
import { ProcessKind } from '../../src/terms/legal-process.ts'
import { Purpose } from '../../src/terms/purpose.ts'
import { REASONS } from '../../src/terms/reason.ts'
import { Keeper, RecordClass } from '../../src/terms/source.ts'
import { ROOT } from './source.ts'

const read = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8')

t.test('docs/reasons.md lists every reason with its sentence, and no other', async t => {
  const rows = [...read('reasons.md').matchAll(/^\| `([a-z]+\.[a-z-]+)` \| ([^|]+) \|/gm)].map(([, code, text]) => [code, text?.trim()])
  t.same(Object.fromEntries(rows), REASONS)
})

t.test('docs/glossary.md names every word of the closed lists', async t => {
  const glossary = read('glossary.md')
  const lists = [Purpose, Category, DataClass, UseKind, ProcessKind, Keeper, RecordClass]
  for (const word of lists.flatMap(list => [...list.options])) t.ok(glossary.includes(`\`${word}\``), word)
})

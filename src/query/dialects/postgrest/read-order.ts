import type { OrderTerm } from './question.ts'
import { readColumn, takeName } from './read-name.ts'
import { attempt, expectEnd, expectWord, type Scan, sees, skipBlanks, startScan, takeWord } from './scan.ts'

/** The terms of `order=`: `column.desc.nullslast`, `relation(column).asc`. */
export function readOrder(text: string): readonly OrderTerm[] {
  const scan = startScan(text, 'order')
  const terms: OrderTerm[] = []
  do {
    skipBlanks(scan)
    terms.push(readTerm(scan))
    skipBlanks(scan)
  } while (takeWord(scan, ','))
  expectEnd(scan)
  return terms
}

function readTerm(scan: Scan): OrderTerm {
  const relation = attempt(scan, () => {
    const name = takeName(scan)
    return name !== null && sees(scan, '(') ? name : null
  })
  if (relation !== null) expectWord(scan, '(')
  const column = readColumn(scan)
  if (relation !== null) expectWord(scan, ')')
  const direction = takeWord(scan, '.asc') ? 'asc' : takeWord(scan, '.desc') ? 'desc' : null
  const nulls = takeWord(scan, '.nullsfirst') ? 'nullsfirst' : takeWord(scan, '.nullslast') ? 'nullslast' : null
  return { relation, column, direction, nulls }
}

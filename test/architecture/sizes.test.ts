import t from 'tap'
import { functionsOf, readSource } from './source.ts'

const FILE_LINES_MAX = 250
const FUNCTION_LINES_MAX = 50
const MEDIAN_LINES_MAX = 90
const files = readSource()

t.test('no source file is longer than one can hold in mind', async t => {
  const long = files.filter(file => file.lines > FILE_LINES_MAX).map(file => `${file.path}: ${file.lines}`)
  t.same(long, [], `split files over ${FILE_LINES_MAX} lines by concept`)
  const sizes = files.map(file => file.lines).toSorted((a, b) => a - b)
  t.ok((sizes[Math.floor(sizes.length / 2)] ?? 0) <= MEDIAN_LINES_MAX, 'the median file stays small')
})

t.test('no function is longer than a screen', async t => {
  const long = files.flatMap(file =>
    functionsOf(file)
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(({ name, lines }) => `${file.path}: ${name}: ${lines}`),
  )
  t.same(long, [], `split functions over ${FUNCTION_LINES_MAX} lines`)
})

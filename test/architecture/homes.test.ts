import t from 'tap'
import { codeOf, readSource } from './source.ts'

const files = readSource()

/** One home for each dangerous thing: what it looks like in code, and where alone it may stand. */
const HOMES: readonly { thing: string; pattern: RegExp; homes: readonly string[] }[] = [
  { thing: 'the environment', pattern: /process\.env|\benv\b.*node:process/, homes: ['config/load.ts'] },
  { thing: 'the clock', pattern: /Date\.now|new Date\(\)|performance\.now|hrtime/, homes: ['assembly.ts'] },
  { thing: 'randomness', pattern: /Math\.random|randomUUID|\brandomBytes\(|getRandomValues/, homes: ['assembly.ts'] },
  { thing: 'a permit', pattern: /\bas Permit\b/, homes: ['policy/combine.ts'] },
  { thing: 'a receipt', pattern: /\bas Receipt\b/, homes: ['audit/record.ts'] },
  { thing: 'a double cast', pattern: /as unknown as/, homes: [] },
  { thing: 'any', pattern: /\bas any\b|: any\b|<any>/, homes: [] },
  { thing: 'code from text', pattern: /\beval\(|new Function\(/, homes: [] },
  { thing: 'an outgoing call', pattern: /\bfetch\(|\bPool\(|\bconnect\(/, homes: ['outbound.ts'] },
]

/** Calls that look the same and are not: an injected `randomBytes` is a parameter. */
const injected = (path: string, line: string): boolean =>
  /options\.|parts\.|\{ .*randomBytes.* \}|, randomBytes/.test(line) || path.startsWith('audit/')

t.test('dangerous things stand in their one home', async t => {
  for (const { thing, pattern, homes } of HOMES) {
    const strays = files
      .filter(file => !homes.includes(file.path))
      .flatMap(file =>
        codeOf(file.text)
          .split('\n')
          .map((line, i) => ({ line, at: `${file.path}:${i + 1}` }))
          .filter(({ line }) => pattern.test(line) && !(thing === 'randomness' && injected(file.path, line)))
          .map(({ at }) => at),
      )
    t.same(strays, [], `${thing} belongs in ${homes.join(', ') || 'no file'}`)
  }
})

t.test('status codes of the gate are chosen in proxy/reply alone', async t => {
  const strays = files
    .filter(file => file.path.startsWith('proxy/') && file.path !== 'proxy/reply.ts')
    .filter(file => /\b(40\d|41\d|43\d|451|50\d)\b/.test(codeOf(file.text)))
    .map(file => file.path)
  t.same(strays, [])
})

t.test('the pattern bites: a stray in the text is found', async t => {
  const [clock] = HOMES.filter(({ thing }) => thing === 'the clock')
  t.ok(clock?.pattern.test(codeOf('const at = Date.now()')))
  t.notOk(clock?.pattern.test(codeOf("// Date.now() is elsewhere\nconst at = 'Date.now()'")))
})

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { z } from 'zod'
import type { CompiledLexicon } from '../../src/requester/compile-lexicon.ts'
import { compileLexicon } from '../../src/requester/compile-lexicon.ts'
import { compileDirectory, type Directory } from '../../src/requester/directory.ts'
import { AgencyDirectory } from '../../src/terms/agency.ts'
import type { FromFile } from '../../src/terms/file.ts'
import { Lexicon } from '../../src/terms/lexicon.ts'

/** A value as if it came from a file; problems carry the path in the message, and no real place. */
export const fromFile = <T>(value: T, file = 'test.yaml'): FromFile<T> => ({
  file,
  value,
  problem: (path, message) => ({ file, line: 1, column: 1, message: `${path.join('.')}: ${message}` }),
})

function load<T extends z.ZodType>(schema: T, name: string): FromFile<z.infer<T>> {
  const text = readFileSync(new URL(`../../policies/${name}`, import.meta.url), 'utf8')
  return fromFile(schema.parse(parse(text)), name)
}

/** The directory that ships, or one made of these agencies. */
export function directoryOf(agencies?: z.input<typeof AgencyDirectory>['agencies']): Directory {
  const compiled = compileDirectory(
    agencies === undefined ? load(AgencyDirectory, 'agencies.yaml') : fromFile(AgencyDirectory.parse({ agencies })),
  )
  if ('problems' in compiled) throw new Error(compiled.problems.map(problem => problem.message).join('\n'))
  return compiled.directory
}

/** The lexicon that ships, compiled against a directory. */
export function lexiconOf(directory: Directory): CompiledLexicon {
  const compiled = compileLexicon(load(Lexicon, 'purposes.yaml'), directory)
  if ('problems' in compiled) throw new Error(compiled.problems.map(problem => problem.message).join('\n'))
  return compiled.lexicon
}

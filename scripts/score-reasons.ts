import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type CompiledLexicon, compileLexicon } from '../src/requester/compile-lexicon.ts'
import { concludePurpose } from '../src/requester/conclude-purpose.ts'
import { compileDirectory, type Directory } from '../src/requester/directory.ts'
import { Agency, AgencyDirectory, Category } from '../src/terms/agency.ts'
import { FilesRefused } from '../src/terms/faults.ts'
import type { FromFile } from '../src/terms/file.ts'
import { Lexicon } from '../src/terms/lexicon.ts'
import { Purpose } from '../src/terms/purpose.ts'

/** One line of a corpus of stated reasons. */
export const CorpusLine = z.strictObject({
  id: z.string().regex(/^[a-z]\d+$/),
  label: z.enum(['immigration', 'innocent']),
  language: z.enum(['en', 'es', 'mixed']),
  agency: Category,
  purpose: Purpose.exclude(['immigration-enforcement', 'suspected', 'vague', 'unstated']),
  text: z.string().min(1),
})
export type CorpusLine = z.infer<typeof CorpusLine>

const COLUMNS = CorpusLine.keyof().options

/** Parses a corpus: tab separated, one header line, no quoting. @throws Error that names the line and what is wrong with it. */
export function parseCorpus(text: string): readonly CorpusLine[] {
  const [header, ...rows] = text.replace(/\n$/, '').split('\n')
  if (header !== COLUMNS.join('\t')) throw new Error(`the header line must be: ${COLUMNS.join(' ')}`)
  return rows.map((row, i) => {
    const cells = row.split('\t')
    if (cells.length !== COLUMNS.length) throw new Error(`line ${i + 2} has ${cells.length} columns, not ${COLUMNS.length}`)
    const line = CorpusLine.safeParse(Object.fromEntries(COLUMNS.map((column, at) => [column, cells[at]])))
    if (!line.success) throw new Error(`line ${i + 2}: ${z.prettifyError(line.error)}`)
    return line.data
  })
}

/** The directory and the lexicon that a reason is read with. */
export interface Reader {
  readonly directory: Directory
  readonly lexicon: CompiledLexicon
}

/** Compiles the directory and the lexicon of a policies folder. @throws FilesRefused */
export function loadReader(dir: string): Reader {
  const read = <T extends z.ZodType>(schema: T, name: string): FromFile<z.infer<T>> => {
    const file = join(dir, name)
    const problem = (path: readonly PropertyKey[], message: string) => ({
      file,
      line: 1,
      column: 1,
      message: `${path.join('.')}: ${message}`,
    })
    return { file, value: schema.parse(parse(readFileSync(file, 'utf8'))), problem }
  }
  const directory = compileDirectory(read(AgencyDirectory, 'agencies.yaml'))
  if ('problems' in directory) throw new FilesRefused(directory.problems)
  const lexicon = compileLexicon(read(Lexicon, 'purposes.yaml'), directory.directory)
  if ('problems' in lexicon) throw new FilesRefused(lexicon.problems)
  return { ...directory, ...lexicon }
}

/** What Haven makes of one line. */
export interface Scored {
  readonly line: CorpusLine
  /** The purpose became suspected or immigration-enforcement, or an immigration authority was named as the one served. */
  readonly flagged: boolean
  /** The caller is asked to say more. */
  readonly vague: boolean
  /** Ids of the lexicon entries that were hit. */
  readonly hits: readonly string[]
}

/** Reads one line as the gate would, stated by a body of the line's category that may state the line's purpose. */
export function scoreLine(line: CorpusLine, { directory, lexicon }: Reader): Scored {
  const declarations = {
    purpose: { code: line.purpose, from: 'claim' as const },
    reason: line.text,
    case: null,
    recipients: [],
    process: null,
    presented: { process: null, hold: null },
  }
  const { purpose, reading } = concludePurpose(declarations, askerOf(line), lexicon)
  const serves = (reading?.recipients ?? []).some(id => {
    const body = directory.byId(id)
    return body?.category === 'immigration-authority' || body?.flags['287g'] !== undefined
  })
  const flagged = purpose.code === 'suspected' || purpose.code === 'immigration-enforcement' || serves
  return { line, flagged, vague: purpose.code === 'vague', hits: reading?.hits ?? [] }
}

function askerOf({ agency: category, purpose }: CorpusLine): Agency | null {
  if (category === 'person') return null
  return Agency.parse({ id: 'written', name: category, category, jurisdiction: 'us-ca', purposes: [purpose], declares: true })
}

/** Counts of one part of a corpus. Shares are null where there is nothing to divide by. */
export interface Score {
  readonly immigration: { readonly lines: number; readonly flagged: number; readonly recall: number | null; readonly askedAgain: number }
  readonly innocent: { readonly lines: number; readonly flagged: number; readonly falseAlarms: number | null }
}

/** How many of these lines were flagged, and how many of the missed ones are at least asked again. */
export function score(lines: readonly Scored[]): Score {
  const [immigration, innocent] = (['immigration', 'innocent'] as const).map(label => lines.filter(({ line }) => line.label === label))
  const flagged = (some: readonly Scored[] = []) => some.filter(one => one.flagged).length
  const share = (some: readonly Scored[] = []) => (some.length === 0 ? null : flagged(some) / some.length)
  return {
    immigration: {
      lines: immigration?.length ?? 0,
      flagged: flagged(immigration),
      recall: share(immigration),
      askedAgain: immigration?.filter(one => !one.flagged && one.vague).length ?? 0,
    },
    innocent: { lines: innocent?.length ?? 0, flagged: flagged(innocent), falseAlarms: share(innocent) },
  }
}

import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { importAgencies } from '../config/import-agencies.ts'
import { readYaml } from '../config/read-yaml.ts'
import { compileDirectory } from '../requester/directory.ts'
import { AgencyDirectory } from '../terms/agency.ts'
import { FilesRefused } from '../terms/faults.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'

interface ImportOptions {
  readonly into: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** `haven agencies import FILE --into DIRECTORY`: takes the operator's own table of ORIs, domains and networks into the directory. */
export function addAgenciesImport(agencies: Command, io: CliIo): void {
  agencies
    .command('import <file>')
    .description(
      'take a table (CSV) of agencies, ORIs, domains and networks into the directory; reports every line that was refused and why',
    )
    .requiredOption('--into <file>', 'the directory, such as policies/agencies.yaml')
    .option('--dry-run', 'report, and write nothing')
    .option('--json', 'print the report as JSON')
    .action((file: string, options: ImportOptions) => run(file, options, io))
}

async function run(file: string, { into, dryRun, json }: ImportOptions, io: CliIo): Promise<void> {
  try {
    const before = await readFile(into, 'utf8')
    const { text, added, extended, refused } = importAgencies(before, await readFile(file, 'utf8'))
    checkDirectory(into, text)
    const changed = text !== before && (added.length > 0 || extended.length > 0)
    if (changed && !dryRun) await writeFile(into, text)
    if (json) io.print(JSON.stringify({ added, extended, refused, written: changed && !dryRun }))
    else {
      for (const { line, column, message } of refused) io.print(`${file}:${line}: ${column}: ${message}`)
      io.print(`${added.length} added, ${extended.length} extended, ${refused.length} refused${dryRun ? ' (nothing was written)' : ''}`)
      if (changed && !dryRun) io.print('a running gate takes the new directory as a change of the rulebook; with signers, sign it')
    }
    io.exit(refused.length > 0 ? 1 : 0)
  } catch (error) {
    fail(io, error instanceof Error ? error : new Error('the table cannot be read'), json, { written: false })
  }
}

/** A line can be right by itself and wrong in this directory. What the gate would not load must not be written. */
function checkDirectory(into: string, text: string): void {
  const reading = readYaml(`${into} (with the table in it)`, AgencyDirectory, () => Buffer.from(text))
  const compiled = 'problems' in reading ? reading : compileDirectory(reading.read)
  if ('problems' in compiled) throw new FilesRefused(compiled.problems)
}

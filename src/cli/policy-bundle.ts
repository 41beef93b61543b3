import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { replaceFile } from '../audit/durable-file.ts'
import { BUNDLE_BYTES_MAX, Bundle } from '../config/bundle.ts'
import type { Loaded } from '../config/load.ts'
import { SIGNATURES } from '../config/origin.ts'
import { readNotes } from '../rulebook/statement.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { checkNotes } from './read-signatures.ts'
import { usageError } from './usage.ts'

export interface BundleParts {
  /** Loads and compiles: the folder, or in its place the text of a bundle. @throws FilesRefused */
  readonly load: (config: string, bundle: 'ignored' | { readonly text: string }) => Loaded
}

/** `haven policy bundle`: the rulebook of a folder and its signatures in one file that a gate can load. */
export function addPolicyBundle(policy: Command, io: CliIo, { load }: BundleParts): void {
  policy
    .command('bundle')
    .description('write the policies folder, its catalogues and their signatures into one file that a gate loads instead')
    .requiredOption('--config <file>', 'the configuration')
    .requiredOption('--serial <n>', 'higher than that of every bundle before it')
    .requiredOption('--out <file>', 'where to write it')
    .option('--json', 'print the result as JSON')
    .action(async ({ config, serial, out, json }: { config: string; serial: string; out: string; json?: boolean }) => {
      if (!/^[1-9]\d{0,14}$/.test(serial)) {
        fail(io, usageError(`--serial ${serial}: write a whole number from 1 on`), json)
        return
      }
      try {
        const bundle = await makeBundle(load(config, 'ignored'), Number(serial))
        const text = `${JSON.stringify(bundle, null, 1)}\n`
        if (Buffer.byteLength(text) > BUNDLE_BYTES_MAX)
          throw new Error(`the bundle is larger than ${BUNDLE_BYTES_MAX} bytes; no gate takes it`)
        // Read back as a gate will: a file that changed meanwhile shows as another digest.
        load(config, { text })
        await replaceFile(resolve(out), Buffer.from(text), 0o644)
        const signers = signersOf(bundle.signatures)
        const made = { digest: bundle.digest, previous: bundle.previous, serial: bundle.serial, signers, out }
        if (json) io.print(JSON.stringify(made))
        else io.print(`${out}: rulebook ${made.digest}, serial ${made.serial}, signed by ${signers.join(', ') || 'nobody'}`)
        io.exit(0)
      } catch (error) {
        fail(io, error, json)
      }
    })
}

async function makeBundle(loaded: Loaded, serial: number): Promise<Bundle> {
  const { haven, laws, grants, agencies, vocabulary, lexicon, invariants, catalogues, canonical } = loaded
  const { dir } = haven.value.policies
  // Left out in silence, a bundle without signatures would be refused by every gate, and nobody would know why.
  checkNotes(join(dir, SIGNATURES), loaded.signatures)
  const named: [string, string][] = [
    ...[...laws, grants].map(({ file }): [string, string] => [`policies/${relative(dir, file)}`, file]),
    ['policies/agencies.yaml', agencies.file],
    ['policies/vocabulary.yaml', vocabulary.file],
    ['policies/purposes.yaml', lexicon.file],
    ...(invariants ? [['policies/invariants.yaml', invariants.file] satisfies [string, string]] : []),
    ...catalogues.map(({ value, file }): [string, string] => [`catalogues/${value.source}.yaml`, file]),
  ]
  const files = await Promise.all(named.map(async ([name, file]) => [name, await readFile(file, 'utf8')] as const))
  const notes = (readNotes(loaded.signatures) ?? []).filter(({ text }) => text.endsWith(`\n${canonical.digest}\n`))
  const lastPrevious = notes.at(-1)?.text.split('\n')[1]
  return Bundle.parse({
    format: 'haven-rulebook-bundle/1',
    serial,
    previous: lastPrevious === undefined || lastPrevious === 'none' ? null : lastPrevious,
    digest: canonical.digest,
    files: Object.fromEntries(files),
    signatures: notes.map(written).join(''),
  })
}

const written = ({ text, signatures }: NonNullable<ReturnType<typeof readNotes>>[number]): string =>
  `${text}\n${signatures.map(({ name, id, signature }) => `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`).join('')}\n`

const signersOf = (signatures: string): readonly string[] => [
  ...new Set((readNotes(signatures) ?? []).flatMap(note => note.signatures.map(({ name }) => name))),
]

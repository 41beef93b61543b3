import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { replaceFile } from '../audit/durable-file.ts'
import { lastRulebookOf } from '../audit/last-rulebook.ts'
import { isOrigin } from '../audit/vkey.ts'
import { SIGNATURES } from '../config/origin.ts'
import { readArchived } from '../rulebook/archive.ts'
import type { Comparison } from '../rulebook/compare.ts'
import { findSigner, makeSignerKey, readSignerKey } from '../rulebook/signer-key.ts'
import { signStatement, statementOf } from '../rulebook/statement.ts'
import type { CanonicalRulebook } from '../terms/rulebook-content.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { checkNotes, readSignatures } from './read-signatures.ts'
import { usageError } from './usage.ts'

/** A rulebook that may be signed, and where the signature goes. */
export interface Signable {
  readonly canonical: CanonicalRulebook
  readonly policiesDir: string
  readonly journalDir: string
}

export interface SignParts {
  /** Loads and compiles the folder of a configuration, whether or not a bundle stands in its place. @throws FilesRefused */
  readonly load: (config: string) => Signable
  readonly compare: (before: CanonicalRulebook, after: CanonicalRulebook) => Promise<Comparison>
}

interface SignOptions {
  readonly config?: string
  readonly key?: string
  readonly previous?: string
  readonly newKey?: string
  readonly name?: string
  readonly dryRun?: boolean
  readonly weaker?: boolean
  readonly json?: boolean
}

/** `haven policy sign`: a signature over one change of the rulebook; or, with `--new-key`, a key to sign with. */
export function addPolicySign(policy: Command, io: CliIo, parts: SignParts): void {
  policy
    .command('sign')
    .description('sign the change from the rulebook in force to the one of the policies folder; or make a key to sign with')
    .option('--config <file>', 'the configuration')
    .option('--key <file>', "the signer's key file")
    .option('--previous <digest>', "the rulebook it follows, or none; the journal's newest if left out")
    .option('--new-key <file>', 'make a key file instead, and print the verifier key for policies.signers')
    .option('--name <name>', "with --new-key: the signer's name, one word")
    .option('--dry-run', 'show what changes, and sign nothing; no key is needed')
    .option('--weaker', 'sign although something becomes weaker, or cannot be compared')
    .option('--json', 'print the result as JSON')
    .action(async (options: SignOptions) => {
      const wrong = misused(options)
      if (wrong !== null) {
        fail(io, usageError(wrong), options.json)
        return
      }
      try {
        const { config = '', newKey, name = '' } = options
        if (newKey === undefined) await sign(options, config, io, parts)
        else {
          const vkey = await makeSignerKey(newKey, name)
          io.print(options.json ? JSON.stringify({ vkey: vkey.text }) : vkey.text)
          io.exit(0)
        }
      } catch (error) {
        fail(io, error, options.json)
      }
    })
}

function misused({ config, key, newKey, name, previous, dryRun }: SignOptions): string | null {
  if (newKey !== undefined) {
    if (name === undefined || config !== undefined || key !== undefined) return 'write --new-key FILE --name NAME'
    return isOrigin(name) ? null : `--name ${name}: write one word without blanks or +, such as ana.city.example`
  }
  if (config === undefined || (key === undefined && !dryRun) || name !== undefined)
    return 'write --config FILE --key KEYFILE, --config FILE --dry-run, or --new-key FILE --name NAME'
  return previous === undefined || /^(none|[0-9a-f]{64})$/.test(previous) ? null : '--previous: write the digest of a rulebook, or none'
}

async function sign(options: SignOptions, config: string, io: CliIo, parts: SignParts): Promise<void> {
  const { key: keyFile, json, dryRun } = options
  const signable = parts.load(config)
  const change = await changeOf(signable, options.previous, parts)
  const signer = keyFile === undefined ? null : await signerFor(keyFile, change)
  const { previous, digest, comparison } = change
  const known = { previous, digest, weaker: comparison?.weaker ?? null, summary: comparison?.summary ?? [] }
  // Whoever signs must have seen what: a signature is given once and stands for ever.
  if (!json) for (const line of describe(change)) io.print(line)
  if (dryRun) {
    if (json) io.print(JSON.stringify({ ...known, signed: false }))
    else io.print('nothing was signed')
    io.exit(0)
    return
  }
  if (isWeakening(change) && !options.weaker) {
    const why = comparison ? 'the change makes something weaker' : 'the change cannot be compared, so it counts as weaker'
    fail(io, new Error(`${why}; nothing was signed; if that is meant, add --weaker`), json, known)
    return
  }
  if (signer === null) throw new Error('there is no key to sign with')
  const file = join(signable.policiesDir, SIGNATURES)
  await append(file, `${signStatement(statementOf(previous, digest), signer.key, signer.vkey)}\n`)
  if (json) io.print(JSON.stringify({ ...known, signer: signer.vkey.name, file }))
  else for (const line of [`${signer.vkey.name} signed the change`, `the signature was added to ${file}`]) io.print(line)
  io.exit(0)
}

interface SignableChange {
  readonly previous: string | null
  readonly digest: string
  /** Null where there is nothing before it, or it is not in the archive. */
  readonly comparison: Comparison | null
  readonly signers: readonly string[]
}

async function changeOf({ canonical, journalDir }: Signable, given: string | undefined, parts: SignParts): Promise<SignableChange> {
  const previous = given === undefined ? await newestIn(journalDir) : given === 'none' ? null : given
  if (previous === canonical.digest) throw new Error(`the rulebook ${canonical.digest} is in force already; there is no change to sign`)
  const before = previous === null ? null : await readArchived(journalDir, previous)
  const comparison = before && (await parts.compare(before, canonical))
  // Those in force may sign, and those of the folder: who brings the first signers is one of them.
  const signers = [...(before?.content.signers ?? []), ...canonical.content.signers]
  return { previous, digest: canonical.digest, comparison, signers }
}

const isWeakening = ({ previous, comparison }: SignableChange): boolean => previous !== null && (comparison?.weaker ?? true)

async function signerFor(keyFile: string, { signers }: SignableChange) {
  const key = await readSignerKey(keyFile)
  const vkey = findSigner(key, signers)
  if (vkey === null) throw new Error(`the key in ${keyFile} is none of policies.signers, so its signature would count for nothing`)
  return { key, vkey }
}

/** A gate that cannot read the file takes no change at all, so nothing is added to such a file, nor made into one. */
async function append(file: string, note: string): Promise<void> {
  const before = await readSignatures(file)
  const between = before === '' || before.endsWith('\n') ? '' : '\n'
  const after = `${before}${between}${note}`
  checkNotes(file, after)
  await replaceFile(file, Buffer.from(after), 0o644)
}

async function newestIn(journalDir: string): Promise<string | null> {
  // No journal yet: the rulebook will be its first.
  const isThere = await stat(join(journalDir, 'public')).catch(() => null)
  return isThere ? lastRulebookOf(journalDir) : null
}

function describe({ previous, digest, comparison }: SignableChange): readonly string[] {
  const verdict =
    comparison === null ? 'it could not be compared with the one before' : comparison.weaker ? 'it is WEAKER' : 'it only strengthens'
  return [
    'the change',
    `  from ${previous ?? 'none'}`,
    `  to   ${digest}`,
    ...(previous === null ? [] : [`${verdict}${comparison && comparison.summary.length > 0 ? ':' : ''}`]),
    ...(comparison?.summary ?? []).map(sentence => `  ${sentence}`),
  ]
}

import { appendFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { lastRulebookOf } from '../audit/last-rulebook.ts'
import { SIGNATURES } from '../config/origin.ts'
import { readArchived } from '../rulebook/archive.ts'
import type { Comparison } from '../rulebook/compare.ts'
import { findSigner, makeSignerKey, readSignerKey } from '../rulebook/signer-key.ts'
import { signStatement, statementOf } from '../rulebook/statement.ts'
import type { CanonicalRulebook } from '../terms/rulebook-content.ts'
import { describeFailure } from './describe-failure.ts'
import type { CliIo } from './io.ts'

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
    .option('--json', 'print the result as JSON')
    .action(async (options: SignOptions) => {
      const wrong = misused(options)
      if (wrong !== null) {
        io.warn(wrong)
        io.exit(2)
        return
      }
      try {
        const { config = '', key = '', newKey, name = '' } = options
        if (newKey === undefined) await sign(options, config, key, io, parts)
        else {
          const vkey = await makeSignerKey(newKey, name)
          io.print(options.json ? JSON.stringify({ vkey: vkey.text }) : vkey.text)
        }
        io.exit(0)
      } catch (error) {
        for (const line of describeFailure(error)) io.warn(line)
        io.exit(1)
      }
    })
}

function misused({ config, key, newKey, name, previous }: SignOptions): string | null {
  if (newKey !== undefined)
    return name !== undefined && config === undefined && key === undefined ? null : 'write --new-key FILE --name NAME'
  if (config === undefined || key === undefined || name !== undefined)
    return 'write --config FILE --key KEYFILE, or --new-key FILE --name NAME'
  return previous === undefined || /^(none|[0-9a-f]{64})$/.test(previous) ? null : '--previous: write the digest of a rulebook, or none'
}

async function sign({ previous: given, json }: SignOptions, config: string, keyFile: string, io: CliIo, parts: SignParts): Promise<void> {
  const { canonical, policiesDir, journalDir } = parts.load(config)
  const previous = given === undefined ? await newestIn(journalDir) : given === 'none' ? null : given
  if (previous === canonical.digest) throw new Error(`the rulebook ${canonical.digest} is in force already; there is no change to sign`)
  const before = previous === null ? null : await readArchived(journalDir, previous)
  const key = await readSignerKey(keyFile)
  // Those in force may sign, and those of the folder: who brings the first signers is one of them.
  const vkey = findSigner(key, [...(before?.content.signers ?? []), ...canonical.content.signers])
  if (vkey === null) throw new Error(`the key in ${keyFile} is none of policies.signers, so its signature would count for nothing`)
  const comparison = before && (await parts.compare(before, canonical))
  const file = join(policiesDir, SIGNATURES)
  await appendFile(file, `${signStatement(statementOf(previous, canonical.digest), key, vkey)}\n`)
  const signed = { previous, digest: canonical.digest, signer: vkey.name, file }
  if (json) io.print(JSON.stringify({ ...signed, weaker: comparison?.weaker ?? null, summary: comparison?.summary ?? [] }))
  else for (const line of describe(signed, comparison)) io.print(line)
}

async function newestIn(journalDir: string): Promise<string | null> {
  // No journal yet: the rulebook will be its first.
  const isThere = await stat(join(journalDir, 'public')).catch(() => null)
  return isThere ? lastRulebookOf(journalDir) : null
}

interface Signed {
  readonly previous: string | null
  readonly digest: string
  readonly signer: string
  readonly file: string
}

function describe({ previous, digest, signer, file }: Signed, comparison: Comparison | null): readonly string[] {
  const verdict =
    comparison === null ? 'it could not be compared with the one before' : comparison.weaker ? 'it is WEAKER' : 'it only strengthens'
  return [
    `${signer} signed the change`,
    `  from ${previous ?? 'none'}`,
    `  to   ${digest}`,
    ...(previous === null ? [] : [`${verdict}${comparison && comparison.summary.length > 0 ? ':' : ''}`]),
    ...(comparison?.summary ?? []).map(sentence => `  ${sentence}`),
    `the signature was added to ${file}`,
  ]
}

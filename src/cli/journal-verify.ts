import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type VerifyReport, verifyJournal } from '../audit/verify.ts'
import { parseVkey } from '../audit/vkey.ts'
import { describeFailure } from './describe-failure.ts'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { isJournalDirectory } from './journal-directory.ts'
import { usageError } from './usage.ts'

/** `haven journal verify DIR --key VKEY`: exit 1 on the first lie, naming it. */
export function addJournalVerify(journal: Command, io: CliIo): void {
  journal
    .command('verify <dir>')
    .description('re-read every entry, rebuild the tree, check the checkpoint; read-only, also beside a running gate')
    .requiredOption('--key <vkey>', 'the verifier key, or a file that holds it; take it from elsewhere than the journal itself')
    .option('--json', 'print the report as JSON')
    .action((dir: string, options: { key: string; json?: boolean }) => verify(dir, options, io))
}

async function verify(dir: string, options: { key: string; json?: boolean }, io: CliIo): Promise<void> {
  const vkey = await readKey(options.key)
  if (vkey === null) {
    fail(io, usageError(`--key ${options.key}: neither a verifier key (name+id+key) nor a file that holds one`), options.json)
    return
  }
  if (!(await isJournalDirectory(dir, io, options.json))) return
  const report = await check(dir, vkey, io, options.json)
  if (report === null) return
  if (options.json === true) io.print(JSON.stringify(report))
  else for (const line of describe(report)) io.print(line)
  io.exit(report.ok ? 0 : 1)
}

async function check(dir: string, vkey: string, io: CliIo, json: boolean | undefined): Promise<VerifyReport | null> {
  try {
    return await verifyJournal(dir, vkey, (done, total) => io.progress?.(`${done} of ${total} entries`))
  } catch (error) {
    fail(io, new Error(`the journal cannot be read: ${describeFailure(error).join('; ')}`), json)
    return null
  }
}

async function readKey(given: string): Promise<string | null> {
  if (parseVkey(given) !== null) return given
  const text = await readFile(given, 'utf8').catch(() => null)
  return text !== null && parseVkey(text.trim()) !== null ? text.trim() : null
}

function describe(report: VerifyReport): string[] {
  if (!report.ok) return [`FALSE: ${report.problem}`]
  const lines = [`ok: ${report.entries} entries, ${report.size} of them in the checkpoint, ${report.pending} durable and not in it yet`]
  if (report.checkpoint !== null) lines.push(`checkpoint: ${report.checkpoint.origin} ${report.checkpoint.size} ${report.checkpoint.root}`)
  if (report.withoutOutcome > 0) lines.push(`permits without an outcome, which count as released: ${report.withoutOutcome}`)
  if (report.tornBytes > 0) lines.push(`bytes at the end that are no whole entry (a write under way, or a crash): ${report.tornBytes}`)
  return lines
}
